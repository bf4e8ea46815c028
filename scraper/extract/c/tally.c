/* What is counted on a whole page. `plain_tally.py` is the same in Python; tests/test_tally.py holds both to one answer. */
#include "page.h"

enum { LINK_FIELD = 3, PLACES = 2048, LONGEST = 64, LINE_CHARS = 24, TEASER = 30, MAX_HINTS = 300, MAX_CLASS_CHARS = 3000 };
enum { FINAL_SIGMA = 0x3a3, DOTTED_I = 0x130, SIEVED = 64 };
static const double LINKED = 0.8;

/* Words by hash, those of the dictionary that is kept; `found` is the last search that found one. */
typedef struct {
    struct Known {
        uint64_t hash, found;
        PyObject *word;
    } places[PLACES];
    uint64_t begun[SIEVED]; /* of each first letter, a bit for each length: most words are told by it */
    PyObject *table;
} Words;

static Words line_words, class_words;
static uint64_t search;

static inline uint64_t length_bit(Py_ssize_t size) { return (uint64_t)1 << size % SIEVED; }
static inline bool may_hold(const Words *words, Py_UCS4 first, Py_ssize_t size) { return words->begun[first % SIEVED] & length_bit(size); }

static bool keep_table(Words *words, PyObject *table)
{
    if (table == words->table)
        return true;
    Py_CLEAR(words->table);
    memset(words->places, 0, sizeof words->places);
    memset(words->begun, 0, sizeof words->begun);
    Py_ssize_t next = 0;
    PyObject *word, *value;
    while (PyDict_Next(table, &next, &word, &value)) {
        if (!PyUnicode_Check(word) || PyUnicode_GET_LENGTH(word) > LONGEST || PyDict_GET_SIZE(table) > PLACES / 2) {
            PyErr_SetString(PyExc_ValueError, "words are short texts, and not too many");
            return false;
        }
        uint64_t hash = EMPTY_HASH;
        for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(word); at++)
            hash = mix(hash, PyUnicode_READ_CHAR(word, at));
        size_t place = (hash ^ hash >> 29) % PLACES;
        while (words->places[place].word)
            place = (place + 1) % PLACES;
        words->places[place] = (struct Known){hash, 0, word};
        if (PyUnicode_GET_LENGTH(word))
            words->begun[PyUnicode_READ_CHAR(word, 0) % SIEVED] |= length_bit(PyUnicode_GET_LENGTH(word));
    }
    words->table = Py_NewRef(table);
    return true;
}

/* Add a word to a list, if the table has it and it was not added before. */
static bool add_known(Words *words, const Py_UCS4 *codes, Py_ssize_t size, PyObject *list)
{
    uint64_t hash = EMPTY_HASH;
    for (Py_ssize_t at = 0; at < size; at++)
        hash = mix(hash, codes[at]);
    for (size_t place = (hash ^ hash >> 29) % PLACES; words->places[place].word; place = (place + 1) % PLACES) {
        struct Known *known = &words->places[place];
        if (known->hash != hash || PyUnicode_GET_LENGTH(known->word) != size)
            continue;
        Py_ssize_t same = 0;
        while (same < size && PyUnicode_READ_CHAR(known->word, same) == codes[same])
            same++;
        if (same < size)
            continue;
        if (known->found == search)
            return true;
        known->found = search;
        return PyList_Append(list, known->word) == 0;
    }
    return true;
}

/* Look a line up whose lower case depends on what stands around a letter, or is longer than it. */
static bool add_odd_line(PyObject *text, PyObject *list)
{
    Py_UCS4 codes[LONGEST];
    PyObject *small = PyObject_CallMethod(text, "lower", NULL);
    bool done = small != NULL;
    if (done && PyUnicode_GET_LENGTH(small) <= LONGEST)
        done = PyUnicode_AsUCS4(small, codes, LONGEST, 0) && add_known(&line_words, codes, PyUnicode_GET_LENGTH(small), list);
    Py_XDECREF(small);
    return done;
}

static bool add_line(PyObject *text, PyObject *list)
{
    Py_UCS4 codes[LINE_CHARS];
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    if (size && PyUnicode_KIND(text) == PyUnicode_1BYTE_KIND && !may_hold(&line_words, Py_UNICODE_TOLOWER(PyUnicode_READ_CHAR(text, 0)), size))
        return true;
    for (Py_ssize_t at = 0; at < size; at++) {
        Py_UCS4 code = PyUnicode_READ_CHAR(text, at);
        if (code == FINAL_SIGMA || code == DOTTED_I)
            return add_odd_line(text, list);
        codes[at] = code < 128 ? (Py_UCS4)lower((char)code) : Py_UNICODE_TOLOWER(code);
    }
    return add_known(&line_words, codes, size, list);
}

/* The words of the class names, the first characters of them all; a word ends where a name does, and where a part of one does. */
typedef struct {
    Py_UCS4 codes[LONGEST];
    Py_ssize_t size, chars; /* of the word, and of all names */
} Reader;

static bool end_word(Reader *reader, PyObject *list)
{
    Py_ssize_t size = reader->size;
    reader->size = 0;
    return !size || size > LONGEST || !may_hold(&class_words, reader->codes[0], size) || add_known(&class_words, reader->codes, size, list);
}

static bool read_hint(Reader *reader, PyObject *hint, PyObject *list)
{
    int kind = PyUnicode_KIND(hint);
    const void *data = PyUnicode_DATA(hint);
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(hint) && reader->chars < MAX_CLASS_CHARS; at++, reader->chars++) {
        Py_UCS4 code = PyUnicode_READ(kind, data, at);
        if (code == '-' || code == '_' || Py_UNICODE_ISSPACE(code)) {
            if (!end_word(reader, list))
                return false;
        } else {
            if (reader->size < LONGEST)
                reader->codes[reader->size] = code;
            reader->size++;
        }
    }
    reader->chars++; /* the space between two names */
    return end_word(reader, list);
}

static bool find_names(PyObject *elements, PyObject *list)
{
    enum { NAMED = 1024 }; /* more than twice MAX_HINTS */
    PyObject *named[NAMED] = {NULL};
    Reader reader = {.size = 0};
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(elements) && at < MAX_HINTS && reader.chars < MAX_CLASS_CHARS; at++) {
        PyObject *hint = PyTuple_GET_ITEM(PyTuple_GET_ITEM(elements, at), HINT_FIELD);
        size_t place = (size_t)PyObject_Hash(hint) % NAMED;
        while (named[place] && named[place] != hint && PyUnicode_Compare(named[place], hint))
            place = (place + 1) % NAMED;
        if (named[place])
            continue;
        named[place] = hint;
        if (!read_hint(&reader, hint, list))
            return false;
    }
    return true;
}

/* Count the signs of money in a text, of so many characters at a time that a compiler counts many at once. */
#define COUNT_PRICES(type, is_price)                                                                            \
    for (const type *at = data, *const end = at + size; at < end;) {                                            \
        const type *const stop = end - at < STEP ? end : at + STEP;                                             \
        type found = 0;                                                                                         \
        for (; at < stop; at++)                                                                                 \
            found = (type)(found + (is_price));                                                                 \
        count += found;                                                                                         \
    }

static Py_ssize_t count_prices(PyObject *text)
{
    enum { STEP = 128 };
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), count = 0;
    switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        COUNT_PRICES(Py_UCS1, (*at == '$') | (*at == 0xa3) | (*at == 0xa5))
        break;
    case PyUnicode_2BYTE_KIND:
        COUNT_PRICES(Py_UCS2, (*at == '$') | (*at == 0xa3) | (*at == 0xa5) | (*at == 0x20ac) | (*at == 0x20b9))
        break;
    default:
        COUNT_PRICES(Py_UCS4, (*at == '$') | (*at == 0xa3) | (*at == 0xa5) | (*at == 0x20ac) | (*at == 0x20b9))
    }
    return count;
}

typedef struct {
    Py_ssize_t chars, linked, story, story_links, teasers, shorts, prices;
} Tally;

static bool count_blocks(PyObject *blocks, PyObject *kept, Tally *tally, PyObject *lines)
{
    Py_ssize_t place = 0, count = PyTuple_GET_SIZE(kept), next = count ? PyLong_AsSsize_t(PyTuple_GET_ITEM(kept, 0)) : -1;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(blocks); at++) {
        PyObject *block = PyTuple_GET_ITEM(blocks, at), *text = PyTuple_GET_ITEM(block, TEXT_FIELD);
        Py_ssize_t size = PyUnicode_GET_LENGTH(text), links = PyLong_AsSsize_t(PyTuple_GET_ITEM(block, LINK_FIELD));
        if (PyErr_Occurred())
            return false;
        links = links < size ? links : size;
        tally->chars += size;
        tally->linked += links;
        tally->prices += count_prices(text);
        tally->teasers += size >= TEASER && (double)links >= LINKED * (double)size;
        if (size <= LINE_CHARS) {
            tally->shorts++;
            if (!add_line(text, lines))
                return false;
        }
        if (at == next) {
            tally->story += size;
            tally->story_links += links;
            next = ++place < count ? PyLong_AsSsize_t(PyTuple_GET_ITEM(kept, place)) : -1;
        }
    }
    if (place < count && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "the blocks that are kept are no blocks of this page, or not in its order");
    return !PyErr_Occurred();
}

static bool are_rows(PyObject *rows, Py_ssize_t column, Py_ssize_t fewest)
{
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(rows); at++) {
        PyObject *row = PyTuple_GET_ITEM(rows, at);
        if (!PyTuple_Check(row) || PyTuple_GET_SIZE(row) < fewest || !PyUnicode_Check(PyTuple_GET_ITEM(row, column))) {
            PyErr_SetString(PyExc_TypeError, "a block and an element are tuples with a text in them");
            return false;
        }
    }
    return true;
}

const char tally_doc[] = "tally(blocks, elements, kept, lines, names)\n--\n\n"
                         "Count characters, linked ones, both of the story, teasers, short lines and prices, and find the words of two tables:\n"
                         "among the short lines, and in the class names. See `plain_tally.py`.";

PyObject *tally(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *blocks, *elements, *kept, *line_table, *class_table;
    if (!PyArg_ParseTuple(args, "O!O!O!O!O!", &PyTuple_Type, &blocks, &PyTuple_Type, &elements, &PyTuple_Type, &kept, &PyDict_Type, &line_table,
                          &PyDict_Type, &class_table))
        return NULL;
    if (!are_rows(blocks, TEXT_FIELD, LINK_FIELD + 1) || !are_rows(elements, HINT_FIELD, HINT_FIELD + 1) || !keep_table(&line_words, line_table)
        || !keep_table(&class_words, class_table))
        return NULL;
    Tally found = {0, 0, 0, 0, 0, 0, 0};
    PyObject *lines = PyList_New(0), *names = PyList_New(0);
    search++;
    if (lines && names && count_blocks(blocks, kept, &found, lines) && find_names(elements, names))
        return Py_BuildValue("(nnnnnnnNN)", found.chars, found.linked, found.story, found.story_links, found.teasers, found.shorts, found.prices, lines,
                             names);
    Py_XDECREF(lines);
    Py_XDECREF(names);
    return NULL;
}
