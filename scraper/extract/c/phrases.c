/* Which lines are of the phrase table? `phrases.py` is the same in Python, and is asked where lower case depends on what stands around. */
#include "page.h"

enum { MAX_PHRASE = 160, SHORT_KEY = 2, LONG_KEY = 4, PLACES = 4096, MOST_PHRASES = PLACES / 2 };

/* A whole phrase, or the beginning of one that goes on, which may have parts that stand anywhere behind it. */
typedef struct Phrase {
    uint64_t hash; /* of the whole, or of the first letters that such phrases are looked up by */
    PyObject *text, *rest;
    const struct Phrase *next; /* the next one of the same hash, in the table's order */
    int kind;
} Phrase;

static Phrase phrases[MOST_PHRASES];
/* Looked up by hash, of the tuple that is kept; a bit in `sieve` for each hash that is there: most are not, and are told by it. */
typedef struct {
    uint64_t sieve[4 * PLACES / 64];
    const Phrase *places[PLACES];
} Index;
static Index whole, begun;
static PyObject *known_phrases, *ask;

static inline size_t place_of(uint64_t hash) { return (hash ^ hash >> 29) % PLACES; }
static inline size_t sieved(uint64_t hash) { return (hash ^ hash >> 29) % (4 * PLACES); }

/* Add a phrase behind those of its hash. */
static void add_phrase(Index *index, Phrase *phrase)
{
    size_t at = place_of(phrase->hash);
    while (index->places[at] && index->places[at]->hash != phrase->hash)
        at = (at + 1) % PLACES;
    const Phrase **last = &index->places[at];
    while (*last)
        last = &((Phrase *)*last)->next;
    *last = phrase;
    index->sieve[sieved(phrase->hash) / 64] |= (uint64_t)1 << sieved(phrase->hash) % 64;
}

static const Phrase *find_phrases(const Index *index, uint64_t hash)
{
    if (!(index->sieve[sieved(hash) / 64] >> sieved(hash) % 64 & 1))
        return NULL;
    size_t at = place_of(hash);
    while (index->places[at] && index->places[at]->hash != hash)
        at = (at + 1) % PLACES;
    return index->places[at];
}

static bool are_texts(PyObject *tuple)
{
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(tuple); at++)
        if (!PyUnicode_Check(PyTuple_GET_ITEM(tuple, at)))
            return false;
    return true;
}

/* Take a phrase: its text, the parts that stand behind it (None where it is a whole line), its kind. */
static bool take_phrase(PyObject *row, Phrase *phrase)
{
    *phrase = (Phrase){EMPTY_HASH, NULL, NULL, NULL, 0};
    if (!PyArg_ParseTuple(row, "UOi", &phrase->text, &phrase->rest, &phrase->kind))
        return false;
    Py_ssize_t size = PyUnicode_GET_LENGTH(phrase->text), key = size;
    if (phrase->rest != Py_None)
        key = size < LONG_KEY ? SHORT_KEY : LONG_KEY;
    if (size < SHORT_KEY || phrase->kind < 1 || phrase->kind > 3
        || (phrase->rest != Py_None && !(PyTuple_Check(phrase->rest) && are_texts(phrase->rest)))) {
        PyErr_SetString(PyExc_ValueError, "a phrase has two letters or more, parts behind it or None, and a kind");
        return false;
    }
    for (Py_ssize_t at = 0; at < key; at++)
        phrase->hash = mix(phrase->hash, PyUnicode_READ_CHAR(phrase->text, at));
    return true;
}

bool keep_phrases(PyObject *given)
{
    PyObject *rows, *asked;
    if (given == known_phrases)
        return true;
    if (!PyArg_ParseTuple(given, "O!O", &PyTuple_Type, &rows, &asked))
        return false;
    Py_CLEAR(known_phrases);
    memset(&whole, 0, sizeof whole);
    memset(&begun, 0, sizeof begun);
    if (PyTuple_GET_SIZE(rows) > MOST_PHRASES) {
        PyErr_SetString(PyExc_ValueError, "more phrases than there is room for");
        return false;
    }
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(rows); at++) {
        PyObject *row = PyTuple_GET_ITEM(rows, at);
        if (!PyTuple_Check(row)) {
            PyErr_SetString(PyExc_TypeError, "a phrase is a tuple");
            return false;
        }
        if (!take_phrase(row, &phrases[at]))
            return false;
        add_phrase(phrases[at].rest == Py_None ? &whole : &begun, &phrases[at]);
    }
    known_phrases = Py_NewRef(given);
    ask = asked;
    return true;
}

static bool stands_at(PyObject *text, const uint32_t *codes, Py_ssize_t size)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    for (Py_ssize_t at = 0; at < length; at++)
        if (at >= size || PyUnicode_READ_CHAR(text, at) != codes[at])
            return false;
    return true;
}

static bool stands_in(PyObject *text, const uint32_t *codes, Py_ssize_t size)
{
    Py_ssize_t at = 0;
    while (at <= size && !stands_at(text, codes + at, size - at))
        at++;
    return at <= size;
}

static bool goes_on(const Phrase *phrase, const uint32_t *codes, Py_ssize_t size)
{
    if (!stands_at(phrase->text, codes, size))
        return false;
    Py_ssize_t length = PyUnicode_GET_LENGTH(phrase->text);
    for (Py_ssize_t part = 0; part < PyTuple_GET_SIZE(phrase->rest); part++)
        if (!stands_in(PyTuple_GET_ITEM(phrase->rest, part), codes + length, size - length))
            return false;
    return true;
}

/* Ask the table in Python. */
static int asked_kind(PyObject *text)
{
    PyObject *found = PyObject_CallOneArg(ask, text);
    long kind = found ? PyLong_AsLong(found) : -1;
    Py_XDECREF(found);
    if (!PyErr_Occurred() && (kind < 0 || kind > 3))
        PyErr_SetString(PyExc_ValueError, "no kind of phrase");
    return PyErr_Occurred() ? -1 : (int)kind;
}

int kind_of_line(const Start *start, PyObject *text)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), begin = 0;
    if (size > MAX_PHRASE)
        return 0;
    if (start->odd)
        return asked_kind(text);
    while (begin < size && start->sorts[begin] & FRAMING)
        begin++;
    while (size > begin && start->sorts[size - 1] & FRAMING)
        size--;
    const uint32_t *codes = start->codes + begin;
    uint64_t hash = EMPTY_HASH, keys[2] = {0, 0}; /* of the longer first letters, and of the shorter ones */
    size -= begin;
    if (size < SHORT_KEY)
        return 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        hash = mix(hash, codes[at]);
        keys[1] = at == SHORT_KEY - 1 ? hash : keys[1];
        keys[0] = at == LONG_KEY - 1 ? hash : keys[0];
    }
    for (const Phrase *phrase = find_phrases(&whole, hash); phrase; phrase = phrase->next)
        if (PyUnicode_GET_LENGTH(phrase->text) == size && stands_at(phrase->text, codes, size))
            return phrase->kind;
    for (int key = 0; key < 2; key++)
        for (const Phrase *phrase = keys[key] ? find_phrases(&begun, keys[key]) : NULL; phrase; phrase = phrase->next)
            if (goes_on(phrase, codes, size))
                return phrase->kind;
    return 0;
}
