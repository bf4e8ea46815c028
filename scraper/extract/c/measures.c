/* From character to character of a page's texts. `plain_measures.py` is the same in Python; tests/test_speedups.py holds both to one answer. */
#include "page.h"

enum { MAX_LINE_WORDS = SHORT + 1 };
/* Characters are counted by class: all characters of one class are of the same sorts. What is counted of each is added up four counts to a
 * number, since MAX_MEASURED fits into COUNT_BITS. */
enum { MAX_CLASSES = 64, PARTS = 3, COUNT_BITS = 16, COUNT_MASK = (1 << COUNT_BITS) - 1 };
enum { FINAL_SIGMA = 0x3a3, DOTTED_I = 0x130 };

static struct {
    const uint16_t *sorts, *lowered;
    uint8_t classes[CODES];
    uint16_t class_sorts[MAX_CLASSES];
    uint64_t counted[MAX_CLASSES][PARTS];
    uint8_t pairs[MAX_CLASSES][MAX_CLASSES]; /* what a character of one class means right after one of another: a place in PAIRED */
    int class_count;
    uint8_t space;
} tables; /* of the bytes below, which are kept */
static PyObject *known_sorts, *known_lowered;

static inline uint32_t sort_of(Py_UCS4 code) { return tables.sorts[code < CODES ? code : CODES - 1]; }

/* What is counted of single characters, in the order of their numbers; what is no sort is 0 here. */
static const struct { uint16_t sort, column; } COUNTED[] = {
    {SPACE, M_SPACES}, {WIDE, M_WIDE}, {LOWER, M_LOWER}, {UPPER, M_UPPER}, {DIGIT, M_DIGITS}, {COMMA, M_COMMAS}, {QUOTE, M_QUOTES}, {SIGN, M_SIGNS},
    {RULE, M_RULES}, {0, M_WIDE_STOPS}, {0, M_BREAKS},
};
enum { SINGLES = sizeof COUNTED / sizeof COUNTED[0] };

/* What is counted of pairs. Every other character at most ends one, so that the counts fit into PAIR_BITS; but slashes may follow each other,
 * and stand in the bits that are left. */
enum { P_NONE, P_SENTENCE, P_LOWER_WORD, P_UPPER_WORD, P_TIME, P_SLASH, PAIRS, PAIR_BITS = 12, PAIR_MASK = (1 << PAIR_BITS) - 1 };
static const uint64_t PAIRED[PAIRS] = {0, 1, 1ull << PAIR_BITS, 1ull << 2 * PAIR_BITS, 1ull << 3 * PAIR_BITS, 1ull << 4 * PAIR_BITS};

static void count_class(uint16_t sort, bool breaks, uint64_t *counted)
{
    memset(counted, 0, PARTS * sizeof *counted);
    for (int number = 0; number < SINGLES; number++) {
        bool counts = COUNTED[number].column == M_WIDE_STOPS ? (sort & (STOP | WIDE)) == (STOP | WIDE)
            : COUNTED[number].column == M_BREAKS ? breaks : (sort & COUNTED[number].sort) != 0;
        counted[number / 4] |= (uint64_t)counts << number % 4 * COUNT_BITS;
    }
}

static bool find_classes(void)
{
    static const char ALONE[] = ":/\n"; /* these are classes of their own */
    bool single[MAX_CLASSES] = {false};
    tables.class_count = 0;
    for (int code = 0; code < CODES; code++) {
        int number = 0;
        bool alone = code && code < 128 && strchr(ALONE, code);
        while (number < tables.class_count && (alone || single[number] || tables.class_sorts[number] != tables.sorts[code]))
            number++;
        if (number == tables.class_count) {
            if (number == MAX_CLASSES) {
                PyErr_SetString(PyExc_ValueError, "more sorts of characters than are counted");
                return false;
            }
            single[number] = alone;
            tables.class_sorts[tables.class_count++] = tables.sorts[code];
        }
        tables.classes[code] = (uint8_t)number;
    }
    uint8_t colon = tables.classes[':'], slash = tables.classes['/'];
    tables.space = tables.classes[' '];
    for (int one = 0; one < tables.class_count; one++) {
        count_class(tables.class_sorts[one], one == tables.classes['\n'], tables.counted[one]);
        for (int next = 0; next < tables.class_count; next++) {
            uint16_t before = tables.class_sorts[one], sort = tables.class_sorts[next];
            tables.pairs[one][next] = (before & STOP) && (sort & SPACE) ? P_SENTENCE
                : (before & SPACE) && (sort & LOWER) ? P_LOWER_WORD
                : (before & SPACE) && (sort & UPPER) ? P_UPPER_WORD
                : one == colon && (sort & DIGIT) ? P_TIME
                : one == slash && next == slash ? P_SLASH : P_NONE;
        }
    }
    return true;
}

bool keep_characters(PyObject *sorts, PyObject *lowered)
{
    if (sorts == known_sorts && lowered == known_lowered)
        return true;
    if (!PyBytes_Check(sorts) || !PyBytes_Check(lowered) || PyBytes_GET_SIZE(sorts) != 2 * CODES || PyBytes_GET_SIZE(lowered) != 2 * CODES) {
        PyErr_SetString(PyExc_ValueError, "a table has one 16-bit number for each character of the basic plane");
        return false;
    }
    tables.sorts = (const uint16_t *)PyBytes_AS_STRING(sorts);
    tables.lowered = (const uint16_t *)PyBytes_AS_STRING(lowered);
    bool found = find_classes();
    Py_XSETREF(known_sorts, found ? Py_NewRef(sorts) : NULL);
    Py_XSETREF(known_lowered, found ? Py_NewRef(lowered) : NULL);
    return found;
}

/* ---- counts ---- */

#define COUNT_CLASSES(type)                                                       \
    for (const type *at = data, *end = at + size; at < end; at++) {               \
        uint8_t number = tables.classes[(uint32_t)*at < CODES ? *at : CODES - 1]; \
        const uint64_t *counted = tables.counted[number];                         \
        one += counted[0];                                                        \
        two += counted[1];                                                        \
        three += counted[2];                                                      \
        pairs += PAIRED[tables.pairs[before][number]];                            \
        before = number;                                                          \
    }

/* Years begin with 19 or 20. */
#define COUNT_YEARS(type)                                                                                            \
    for (const type *at = data, *end = at + size - 3; at < end; at++)                                                \
        if ((*at == '1' || *at == '2') && at[1] == (*at == '1' ? '9' : '0') && (sort_of(at[2]) & DIGIT) && (sort_of(at[3]) & DIGIT)) \
            row[M_YEARS]++;

static void measure_text(PyObject *text, int32_t *row)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text) < MAX_MEASURED ? PyUnicode_GET_LENGTH(text) : MAX_MEASURED;
    uint64_t one = 0, two = 0, three = 0, pairs = 0;
    memset(row, 0, M_COUNT * sizeof *row);
    row[M_CHARS] = (int32_t)size;
    if (!size)
        return;
    uint8_t before = tables.space; /* a text begins with a word */
    switch (kind) {
    case PyUnicode_1BYTE_KIND:
        COUNT_CLASSES(Py_UCS1)
        break;
    case PyUnicode_2BYTE_KIND:
        COUNT_CLASSES(Py_UCS2)
        break;
    default:
        COUNT_CLASSES(Py_UCS4)
    }
    const uint64_t counts[] = {one, two, three};
    for (int number = 0; number < SINGLES; number++)
        row[COUNTED[number].column] = (int32_t)(counts[number / 4] >> number % 4 * COUNT_BITS & COUNT_MASK);
    row[M_SENTENCES] = (int32_t)(pairs & PAIR_MASK);
    row[M_LOWER_WORDS] = (int32_t)(pairs >> PAIR_BITS & PAIR_MASK);
    row[M_UPPER_WORDS] = (int32_t)(pairs >> 2 * PAIR_BITS & PAIR_MASK);
    row[M_TIMES] = (int32_t)(pairs >> 3 * PAIR_BITS & PAIR_MASK);
    row[M_SLASHES] = (int32_t)(pairs >> 4 * PAIR_BITS);
    if (row[M_DIGITS] > 1 && size > 3) {
        switch (kind) {
        case PyUnicode_1BYTE_KIND:
            COUNT_YEARS(Py_UCS1)
            break;
        case PyUnicode_2BYTE_KIND:
            COUNT_YEARS(Py_UCS2)
            break;
        default:
            COUNT_YEARS(Py_UCS4)
        }
    }
    row[M_FIRST] = (int32_t)sort_of(PyUnicode_READ(kind, data, 0));
    row[M_LAST] = tables.class_sorts[before];
    row[M_LAST_CODE] = (int32_t)PyUnicode_READ(kind, data, size - 1);
}

/* ---- the words of lines ---- */

#define READ_START(type)                                                     \
    for (Py_ssize_t at = 0; at < size; at++) {                               \
        uint32_t code = ((const type *)data)[at], place = code < CODES ? code : CODES - 1; \
        any |= code;                                                         \
        odd |= (code == FINAL_SIGMA) | (code == DOTTED_I);                   \
        start->sorts[at] = tables.sorts[place];                              \
        start->codes[at] = code < CODES ? tables.lowered[place] : code;      \
    }

void read_start(PyObject *text, Start *start)
{
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text) < SHORT ? PyUnicode_GET_LENGTH(text) : SHORT;
    uint32_t any = 0, odd = 0;
    switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        READ_START(Py_UCS1)
        break;
    case PyUnicode_2BYTE_KIND:
        READ_START(Py_UCS2)
        break;
    default:
        READ_START(Py_UCS4)
    }
    start->size = size;
    start->ascii = any < 128;
    start->odd = odd;
}

typedef struct {
    uint64_t items[2 * MAX_LINE_WORDS];
    uint64_t sieve; /* a bit for the first six of each word: most words of other sets are told by it */
    int count;
} WordSet;

static void empty(WordSet *set)
{
    set->sieve = 0;
    set->count = 0;
}

static bool holds(const WordSet *set, uint64_t word)
{
    for (int at = set->sieve >> (word >> 58) & 1 ? 0 : set->count; at < set->count; at++)
        if (set->items[at] == word)
            return true;
    return false;
}

static void add_word(WordSet *set, uint64_t word)
{
    if (set->count == 2 * MAX_LINE_WORDS || holds(set, word))
        return;
    set->items[set->count++] = word;
    set->sieve |= (uint64_t)1 << (word >> 58);
}

/* The words of a line, and its characters too where its script does not part words; see plain_measures.py. */
static void line_words(const Start *start, WordSet *set)
{
    empty(set);
    for (Py_ssize_t at = 0; at < start->size;) {
        while (at < start->size && start->sorts[at] & (SPACE | TRIMMED))
            at++;
        uint64_t hash = EMPTY_HASH, whole = hash; /* `whole` is without what is trimmed at the word's end */
        for (; at < start->size && !(start->sorts[at] & SPACE); at++) {
            hash = mix(hash, start->codes[at]);
            whole = start->sorts[at] & TRIMMED ? whole : hash;
        }
        if (whole != EMPTY_HASH)
            add_word(set, whole);
    }
    if (set->count > 2 || start->ascii)
        return;
    for (Py_ssize_t at = 0; at < start->size; at++)
        add_word(set, mix(EMPTY_HASH, start->codes[at]));
}

static WordSet known_credit; /* the words of the tuple that is kept */
static PyObject *known_credits;

bool keep_credits(PyObject *credits)
{
    if (credits == known_credits)
        return true;
    Py_CLEAR(known_credits);
    empty(&known_credit);
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(credits); at++) {
        Start start;
        WordSet words;
        if (!PyUnicode_Check(PyTuple_GET_ITEM(credits, at))) {
            PyErr_SetString(PyExc_TypeError, "a credit is a str");
            return false;
        }
        read_start(PyTuple_GET_ITEM(credits, at), &start);
        line_words(&start, &words);
        if (words.count)
            add_word(&known_credit, words.items[0]);
    }
    known_credits = Py_NewRef(credits);
    return true;
}

bool measure_texts(Page *page, PyObject *headline, float *words)
{
    Start start;
    WordSet title, line;
    read_start(headline, &start);
    line_words(&start, &title);
    page->title_words = title.count;
    int32_t *row = page->measures;
    for (Py_ssize_t at = 0; at < page->blocks; at++, row += M_COUNT) {
        PyObject *text = page->texts[at];
        measure_text(text, row);
        page->kinds[at] = 0;
        read_start(text, &start);
        if (words)
            count_words(&start, words + at * page->width);
        if (PyUnicode_GET_LENGTH(text) > SHORT)
            continue;
        int kind = kind_of_line(&start, text);
        if (kind < 0)
            return false;
        page->kinds[at] = (uint8_t)kind;
        line_words(&start, &line);
        row[M_LINE_WORDS] = line.count;
        for (int word = 0; word < line.count; word++) {
            row[M_SHARED] += holds(&title, line.items[word]);
            row[M_CREDIT] |= holds(&known_credit, line.items[word]);
        }
    }
    return true;
}
