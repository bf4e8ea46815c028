/* From character to character of a page's texts, and from word to word of its hints. `plain_measures.py` is the same in Python;
 * tests/test_speedups.py holds both to one answer. */
#include "page.h"

enum { MAX_MEASURED = 5000, SHORT = 240, MAX_LINE_WORDS = SHORT + 1, CODES = 0x10000, MAX_PHRASE = 160, SHORT_KEY = 2, LONG_KEY = 4 };
/* Characters are counted by class: all characters of one class are of the same sorts. */
enum { MAX_CLASSES = 64, P_NONE = 0, P_SENTENCE, P_LOWER_WORD, P_UPPER_WORD, P_TIME, P_SLASH, P_COUNT };

typedef struct {
    const uint16_t *sorts, *lowered;
    uint8_t classes[CODES];
    uint16_t class_sorts[MAX_CLASSES];
    uint8_t pairs[MAX_CLASSES][MAX_CLASSES]; /* what a character of one class means right after one of another */
    int class_count;
    uint8_t colon, slash, line_break;
} Tables;

static inline uint32_t sort_of(const Tables *tables, Py_UCS4 code) { return tables->sorts[code < CODES ? code : CODES - 1]; }
static inline Py_UCS4 lower_of(const Tables *tables, Py_UCS4 code) { return code < CODES ? tables->lowered[code] : code; }
static inline uint64_t mix(uint64_t hash, Py_UCS4 code) { return (hash ^ code) * 1099511628211u; }
static const uint64_t EMPTY_HASH = 14695981039346656037u;

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

/* The words of a line, and its characters too where its script does not part words; see measures.py. */
static void line_words(const Tables *tables, int kind, const void *data, Py_ssize_t size, WordSet *set)
{
    empty(set);
    for (Py_ssize_t at = 0; at < size;) {
        while (at < size && sort_of(tables, PyUnicode_READ(kind, data, at)) & SPACE)
            at++;
        Py_ssize_t begin = at;
        while (at < size && !(sort_of(tables, PyUnicode_READ(kind, data, at)) & SPACE))
            at++;
        Py_ssize_t end = at;
        while (begin < end && sort_of(tables, PyUnicode_READ(kind, data, begin)) & TRIMMED)
            begin++;
        while (end > begin && sort_of(tables, PyUnicode_READ(kind, data, end - 1)) & TRIMMED)
            end--;
        if (begin == end)
            continue;
        uint64_t hash = EMPTY_HASH;
        for (; begin < end; begin++)
            hash = mix(hash, lower_of(tables, PyUnicode_READ(kind, data, begin)));
        add_word(set, hash);
    }
    if (set->count > 2)
        return;
    bool ascii = true;
    for (Py_ssize_t at = 0; at < size; at++)
        ascii = ascii && PyUnicode_READ(kind, data, at) < 128;
    for (Py_ssize_t at = 0; at < size && !ascii; at++)
        add_word(set, mix(EMPTY_HASH, lower_of(tables, PyUnicode_READ(kind, data, at))));
}

static bool find_classes(Tables *tables)
{
    static const char ALONE[] = ":/\n"; /* these are classes of their own */
    bool single[MAX_CLASSES] = {false};
    tables->class_count = 0;
    for (int code = 0; code < CODES; code++) {
        int number = 0;
        bool alone = code && code < 128 && strchr(ALONE, code);
        while (number < tables->class_count && (alone || single[number] || tables->class_sorts[number] != tables->sorts[code]))
            number++;
        if (number == tables->class_count) {
            if (number == MAX_CLASSES) {
                PyErr_SetString(PyExc_ValueError, "more sorts of characters than are counted");
                return false;
            }
            single[number] = alone;
            tables->class_sorts[tables->class_count++] = tables->sorts[code];
        }
        tables->classes[code] = (uint8_t)number;
    }
    tables->colon = tables->classes[':'];
    tables->slash = tables->classes['/'];
    tables->line_break = tables->classes['\n'];
    for (int one = 0; one < tables->class_count; one++) {
        for (int next = 0; next < tables->class_count; next++) {
            uint16_t before = tables->class_sorts[one], sort = tables->class_sorts[next];
            tables->pairs[one][next] = (before & STOP) && (sort & SPACE) ? P_SENTENCE
                : (before & SPACE) && (sort & LOWER) ? P_LOWER_WORD
                : (before & SPACE) && (sort & UPPER) ? P_UPPER_WORD
                : one == tables->colon && (sort & DIGIT) ? P_TIME
                : one == tables->slash && next == tables->slash ? P_SLASH : P_NONE;
        }
    }
    return true;
}

#define COUNT_CLASSES(type)                                                          \
    for (const type *at = data, *end = at + size; at < end; at++) {                  \
        uint8_t number = tables->classes[(uint32_t)*at < CODES ? *at : CODES - 1];   \
        counts[number]++;                                                            \
        pairs[tables->pairs[before][number]]++;                                      \
        before = number;                                                             \
    }

static void measure_text(const Tables *tables, int kind, const void *data, Py_ssize_t size, int32_t *row)
{
    int32_t counts[MAX_CLASSES] = {0}, pairs[P_COUNT] = {0};
    memset(row, 0, M_COUNT * sizeof *row);
    if (size > MAX_MEASURED)
        size = MAX_MEASURED;
    row[M_CHARS] = (int32_t)size;
    if (!size)
        return;
    uint8_t before = tables->classes[' ']; /* a text begins with a word */
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
    for (int number = 0; number < tables->class_count; number++) {
        uint16_t sort = tables->class_sorts[number];
        int32_t count = counts[number];
        if (!count)
            continue;
        static const struct { uint16_t sort, column; } COUNTED[] = {
            {SPACE, M_SPACES}, {WIDE, M_WIDE}, {LOWER, M_LOWER}, {UPPER, M_UPPER}, {DIGIT, M_DIGITS}, {COMMA, M_COMMAS}, {QUOTE, M_QUOTES},
            {SIGN, M_SIGNS}, {RULE, M_RULES},
        };
        for (size_t entry = 0; entry < sizeof COUNTED / sizeof COUNTED[0]; entry++)
            if (sort & COUNTED[entry].sort)
                row[COUNTED[entry].column] += count;
        if ((sort & (STOP | WIDE)) == (STOP | WIDE))
            row[M_WIDE_STOPS] += count;
    }
    row[M_BREAKS] = counts[tables->line_break];
    row[M_SENTENCES] = pairs[P_SENTENCE];
    row[M_LOWER_WORDS] = pairs[P_LOWER_WORD];
    row[M_UPPER_WORDS] = pairs[P_UPPER_WORD];
    row[M_TIMES] = pairs[P_TIME];
    row[M_SLASHES] = pairs[P_SLASH];
    for (Py_ssize_t at = 0; row[M_DIGITS] > 1 && at + 4 <= size; at++) {
        Py_UCS4 code = PyUnicode_READ(kind, data, at);
        if (code != '1' && code != '2')
            continue;
        if (PyUnicode_READ(kind, data, at + 1) == (code == '1' ? '9' : '0') && (sort_of(tables, PyUnicode_READ(kind, data, at + 2)) & DIGIT)
            && (sort_of(tables, PyUnicode_READ(kind, data, at + 3)) & DIGIT))
            row[M_YEARS]++;
    }
    row[M_FIRST] = (int32_t)sort_of(tables, PyUnicode_READ(kind, data, 0));
    row[M_LAST] = tables->class_sorts[before];
    row[M_LAST_CODE] = (int32_t)PyUnicode_READ(kind, data, size - 1);
}

const char measure_doc[] =
             "measure(texts, headline, credits, phrases, sorts, lowered)\n--\n\n"
             "Give the measures of each text, as rows of 32-bit integers; the last row is the headline's. See `measures.py`.";

static bool is_text(PyObject *object)
{
    if (PyUnicode_Check(object))
        return true;
    PyErr_SetString(PyExc_TypeError, "a text is a str");
    return false;
}

/* The phrase table's keys as hashes: whole phrases, and the first letters of those that may go on. */
typedef struct {
    const uint64_t *items;
    Py_ssize_t count;
} Hashes;

static bool is_among(const Hashes *hashes, uint64_t hash)
{
    Py_ssize_t low = 0, high = hashes->count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (hashes->items[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < hashes->count && hashes->items[low] == hash;
}

/* May this line be one of the phrase table? Where lower case depends on what stands around a letter, yes. */
static bool may_be_phrase(const Tables *tables, PyObject *text, const Hashes *phrases)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t begin = 0, end = PyUnicode_GET_LENGTH(text);
    if (end > MAX_PHRASE)
        return false;
    while (begin < end && sort_of(tables, PyUnicode_READ(kind, data, begin)) & FRAMING)
        begin++;
    while (end > begin && sort_of(tables, PyUnicode_READ(kind, data, end - 1)) & FRAMING)
        end--;
    if (begin == end)
        return false;
    uint64_t hash = EMPTY_HASH;
    for (Py_ssize_t at = begin; at < end; at++) {
        Py_UCS4 code = PyUnicode_READ(kind, data, at);
        if (code == 0x130 || code == 0x3a3)
            return true;
        hash = mix(hash, lower_of(tables, code));
        if ((at - begin == SHORT_KEY - 1 || at - begin == LONG_KEY - 1) && is_among(phrases, ~hash))
            return true;
    }
    return is_among(phrases, hash);
}

const char hash_words_doc[] =
             "hash_words(phrases, keys, lowered)\n--\n\n"
             "Give the hashes of whole phrases and of the keys of others, sorted, as `measure` takes them.";

static int compare_hashes(const void *one, const void *other)
{
    uint64_t first = *(const uint64_t *)one, second = *(const uint64_t *)other;
    return first < second ? -1 : first > second;
}

PyObject *hash_words(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *lists[2], *lowered;
    if (!PyArg_ParseTuple(args, "O!O!S", &PyList_Type, &lists[0], &PyList_Type, &lists[1], &lowered))
        return NULL;
    if (PyBytes_GET_SIZE(lowered) != 2 * CODES) {
        PyErr_SetString(PyExc_ValueError, "a table has one 16-bit number for each character of the basic plane");
        return NULL;
    }
    Tables *tables = PyMem_Calloc(1, sizeof *tables);
    Py_ssize_t count = PyList_GET_SIZE(lists[0]) + PyList_GET_SIZE(lists[1]);
    PyObject *result = tables ? PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(uint64_t)) : PyErr_NoMemory();
    if (result) {
        uint64_t *hashes = (uint64_t *)PyBytes_AS_STRING(result);
        tables->lowered = (const uint16_t *)PyBytes_AS_STRING(lowered);
        for (int list = 0; result && list < 2; list++) {
            for (Py_ssize_t at = 0; result && at < PyList_GET_SIZE(lists[list]); at++) {
                PyObject *word = PyList_GET_ITEM(lists[list], at);
                if (!is_text(word)) {
                    Py_CLEAR(result);
                    break;
                }
                uint64_t hash = EMPTY_HASH;
                for (Py_ssize_t letter = 0; letter < PyUnicode_GET_LENGTH(word); letter++)
                    hash = mix(hash, lower_of(tables, PyUnicode_READ_CHAR(word, letter)));
                *hashes++ = list ? ~hash : hash;
            }
        }
        if (result)
            qsort(PyBytes_AS_STRING(result), (size_t)count, sizeof(uint64_t), compare_hashes);
    }
    PyMem_Free(tables);
    return result;
}

static Tables *known_tables; /* of the sorts in the bytes object below, which is kept */
static PyObject *known_sorts, *known_lowered;

static const Tables *tables_of(PyObject *sorts, PyObject *lowered)
{
    if (known_tables && sorts == known_sorts && lowered == known_lowered)
        return known_tables;
    if (PyBytes_GET_SIZE(sorts) != 2 * CODES || PyBytes_GET_SIZE(lowered) != 2 * CODES) {
        PyErr_SetString(PyExc_ValueError, "a table has one 16-bit number for each character of the basic plane");
        return NULL;
    }
    if (!known_tables && !(known_tables = PyMem_Calloc(1, sizeof *known_tables))) {
        PyErr_NoMemory();
        return NULL;
    }
    known_tables->sorts = (const uint16_t *)PyBytes_AS_STRING(sorts);
    known_tables->lowered = (const uint16_t *)PyBytes_AS_STRING(lowered);
    bool found = find_classes(known_tables);
    Py_XSETREF(known_sorts, found ? Py_NewRef(sorts) : NULL);
    Py_XSETREF(known_lowered, found ? Py_NewRef(lowered) : NULL);
    return found ? known_tables : NULL;
}

static void words_of(const Tables *tables, PyObject *text, WordSet *words)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    line_words(tables, PyUnicode_KIND(text), PyUnicode_DATA(text), size < SHORT ? size : SHORT, words);
}

PyObject *measure(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *texts, *headline, *credits, *phrases, *sorts, *lowered;
    if (!PyArg_ParseTuple(args, "O!UO!SSS", &PyList_Type, &texts, &headline, &PyTuple_Type, &credits, &phrases, &sorts, &lowered))
        return NULL;
    const Hashes known = {(const uint64_t *)PyBytes_AS_STRING(phrases), PyBytes_GET_SIZE(phrases) / (Py_ssize_t)sizeof(uint64_t)};
    const Tables *tables = tables_of(sorts, lowered);
    if (!tables)
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(texts);
    WordSet credit, title, words;
    empty(&credit);
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(credits); at++) {
        if (!is_text(PyTuple_GET_ITEM(credits, at)))
            return NULL;
        words_of(tables, PyTuple_GET_ITEM(credits, at), &words);
        if (words.count)
            add_word(&credit, words.items[0]);
    }
    words_of(tables, headline, &title);
    PyObject *result = PyBytes_FromStringAndSize(NULL, (count + 1) * M_COUNT * (Py_ssize_t)sizeof(int32_t));
    if (!result)
        return NULL;
    int32_t *row = (int32_t *)PyBytes_AS_STRING(result);
    for (Py_ssize_t at = 0; at < count; at++, row += M_COUNT) {
        PyObject *text = PyList_GET_ITEM(texts, at);
        if (!is_text(text)) {
            Py_DECREF(result);
            return NULL;
        }
        measure_text(tables, PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text), row);
        if (PyUnicode_GET_LENGTH(text) > SHORT)
            continue;
        row[M_PHRASE] = may_be_phrase(tables, text, &known);
        words_of(tables, text, &words);
        row[M_LINE_WORDS] = words.count;
        for (int word = 0; word < words.count; word++) {
            row[M_SHARED] += holds(&title, words.items[word]);
            row[M_CREDIT] |= holds(&credit, words.items[word]);
        }
    }
    measure_text(tables, PyUnicode_KIND(headline), PyUnicode_DATA(headline), PyUnicode_GET_LENGTH(headline), row);
    row[M_LINE_WORDS] = title.count;
    return result;
}

enum { MIN_CLASS_WORD = 3, MAX_CLASS_WORDS = 20, WEIGHT_PLACES = 4096 };

static struct {
    uint64_t hash;
    double weight;
} known_weights[WEIGHT_PLACES]; /* of the words in the dictionary below, which is kept; a weight of 0 stands for an empty place */
static PyObject *weighed;

static uint64_t class_word_hash(const char *word, Py_ssize_t size)
{
    uint64_t hash = EMPTY_HASH;
    for (Py_ssize_t at = 0; at < size; at++)
        hash = mix(hash, (unsigned char)word[at]);
    return hash;
}

bool keep_weights(PyObject *weights)
{
    if (weights == weighed)
        return true;
    Py_ssize_t place = 0;
    PyObject *word, *weight;
    Py_CLEAR(weighed);
    memset(known_weights, 0, sizeof known_weights);
    if (PyDict_GET_SIZE(weights) > WEIGHT_PLACES / 2) {
        PyErr_SetString(PyExc_ValueError, "more class words than there is room for");
        return false;
    }
    while (PyDict_Next(weights, &place, &word, &weight)) {
        Py_ssize_t size;
        const char *text = PyUnicode_AsUTF8AndSize(word, &size);
        double value = PyFloat_AsDouble(weight);
        if (!text || PyErr_Occurred())
            return false;
        uint64_t hash = class_word_hash(text, size);
        size_t at = hash % WEIGHT_PLACES;
        while (known_weights[at].weight != 0)
            at = (at + 1) % WEIGHT_PLACES;
        known_weights[at].hash = hash;
        known_weights[at].weight = value;
    }
    weighed = Py_NewRef(weights);
    return true;
}

static double weight_of(const char *word, Py_ssize_t size)
{
    uint64_t hash = class_word_hash(word, size);
    for (size_t at = hash % WEIGHT_PLACES; known_weights[at].weight != 0; at = (at + 1) % WEIGHT_PLACES)
        if (known_weights[at].hash == hash)
            return known_weights[at].weight;
    return 0;
}

/* Give the least, the greatest and the mean weight of the class words in a hint. */
void weigh_hint(const char *hint, Py_ssize_t size, double *row)
{
    double low = 0, high = 0, sum = 0;
    int known = 0, words = 0;
    for (Py_ssize_t end = 0; end < size && words < MAX_CLASS_WORDS;) {
        while (end < size && !(hint[end] >= 'a' && hint[end] <= 'z'))
            end++;
        Py_ssize_t begin = end;
        while (end < size && hint[end] >= 'a' && hint[end] <= 'z')
            end++;
        if (end - begin < MIN_CLASS_WORD)
            continue;
        words++;
        double weight = weight_of(hint + begin, end - begin);
        if (weight != 0) {
            low = least(low, weight);
            high = most(high, weight);
            sum += weight;
            known++;
        }
    }
    row[0] = low;
    row[1] = high;
    row[2] = known ? sum / known : 0;
}
