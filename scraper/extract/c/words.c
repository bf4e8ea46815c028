/* The weights of the words that a page's texts begin with. `plain_words.py` is the same in Python; tests/test_speedups.py holds both to one
 * answer. */
#include "speedups.h"

#include <stdlib.h>

enum { CODES = 0x10000, BEGINNING = 240, WORD_PLACES = 16384, WORD_COLUMNS = 4 };
static const double HALF_SUM = 400, MEAN_RANGE = 50, MOST = 150; /* hundredths; as in plain_words.py */

static struct Word {
    uint64_t hash;
    int32_t weight;
} words[WORD_PLACES]; /* of the dictionary below, which is kept; a weight of 0 stands for an empty place */
static uint16_t letters[CODES]; /* a cased letter in lower case, 0 for what parts words; of the sorts below, which are kept */
static PyObject *known_words, *known_sorts;

static inline uint64_t mix(uint64_t hash, Py_UCS4 code) { return (hash ^ code) * 1099511628211u; }
static const uint64_t EMPTY_HASH = 14695981039346656037u;

static inline size_t place_of(uint64_t hash) { return (hash ^ hash >> 32) % WORD_PLACES; }

static bool keep_letters(PyObject *sorts, PyObject *lowered)
{
    if (sorts == known_sorts)
        return true;
    if (PyBytes_GET_SIZE(sorts) != 2 * CODES || PyBytes_GET_SIZE(lowered) != 2 * CODES) {
        PyErr_SetString(PyExc_ValueError, "a table has one 16-bit number for each character of the basic plane");
        return false;
    }
    const uint16_t *sort = (const uint16_t *)PyBytes_AS_STRING(sorts), *lower_case = (const uint16_t *)PyBytes_AS_STRING(lowered);
    for (int code = 0; code < CODES; code++)
        letters[code] = sort[code] & (LOWER | UPPER) ? lower_case[code] : 0;
    Py_XSETREF(known_sorts, Py_NewRef(sorts));
    return true;
}

static bool keep_words(PyObject *weights)
{
    if (weights == known_words)
        return true;
    Py_CLEAR(known_words);
    memset(words, 0, sizeof words);
    if (PyDict_GET_SIZE(weights) > WORD_PLACES / 2) {
        PyErr_SetString(PyExc_ValueError, "more words than there is room for");
        return false;
    }
    Py_ssize_t next = 0;
    PyObject *word, *weight;
    while (PyDict_Next(weights, &next, &word, &weight)) {
        long value = PyLong_AsLong(weight);
        if (PyErr_Occurred())
            return false;
        if (!PyUnicode_Check(word) || value < -1000 || value > 1000) {
            PyErr_SetString(PyExc_ValueError, "a word is a str, and its weight lies between -1000 and 1000");
            return false;
        }
        uint64_t hash = EMPTY_HASH;
        for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(word); at++)
            hash = mix(hash, PyUnicode_READ_CHAR(word, at));
        size_t at = place_of(hash);
        while (words[at].weight)
            at = (at + 1) % WORD_PLACES;
        words[at].hash = hash;
        words[at].weight = (int32_t)value;
    }
    known_words = Py_NewRef(weights);
    return true;
}

static inline int32_t weight_of(uint64_t hash)
{
    for (size_t at = place_of(hash); words[at].weight; at = (at + 1) % WORD_PLACES)
        if (words[at].hash == hash)
            return words[at].weight;
    return 0;
}

typedef struct {
    int32_t sum, known, least, most;
} Weighed;

static inline void count_word(uint64_t hash, Weighed *found)
{
    int32_t weight = weight_of(hash);
    if (!weight)
        return;
    found->least = !found->known || weight < found->least ? weight : found->least;
    found->most = !found->known || weight > found->most ? weight : found->most;
    found->sum += weight;
    found->known++;
}

static inline float within(double value) { return (float)(value > 1 ? 1 : value < -1 ? -1 : value); }

#define WEIGH(type)                                                           \
    for (const type *at = data, *end = at + size; at < end; at++) {           \
        uint16_t letter = (uint32_t)*at < CODES ? letters[*at] : 0;           \
        if (letter)                                                           \
            hash = mix(hash, letter);                                         \
        else if (hash != EMPTY_HASH) {                                        \
            count_word(hash, &found);                                            \
            hash = EMPTY_HASH;                                                \
        }                                                                     \
    }

static void weigh_text(PyObject *text, float *row)
{
    Weighed found = {0, 0, 0, 0};
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text) < BEGINNING ? PyUnicode_GET_LENGTH(text) : BEGINNING;
    uint64_t hash = EMPTY_HASH;
    switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        WEIGH(Py_UCS1)
        break;
    case PyUnicode_2BYTE_KIND:
        WEIGH(Py_UCS2)
        break;
    default:
        WEIGH(Py_UCS4)
    }
    if (hash != EMPTY_HASH)
        count_word(hash, &found);
    row[0] = (float)(found.sum / (HALF_SUM + abs(found.sum)));
    row[1] = found.known ? within((double)found.sum / found.known / MEAN_RANGE) : 0;
    row[2] = within(found.least / MOST);
    row[3] = within(found.most / MOST);
}

const char weigh_words_doc[] =
             "weigh_words(texts, weights, sorts, lowered)\n--\n\n"
             "Give the sum, the mean, the least and the greatest weight of the words that each text begins with, each between -1 and 1, as\n"
             "rows of 32-bit floats.";

PyObject *weigh_words(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *texts, *weights, *sorts, *lowered;
    if (!PyArg_ParseTuple(args, "O!O!SS", &PyList_Type, &texts, &PyDict_Type, &weights, &sorts, &lowered) || !keep_letters(sorts, lowered)
        || !keep_words(weights))
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(texts);
    PyObject *result = PyBytes_FromStringAndSize(NULL, count * WORD_COLUMNS * (Py_ssize_t)sizeof(float));
    if (!result)
        return NULL;
    float *row = (float *)PyBytes_AS_STRING(result);
    for (Py_ssize_t at = 0; at < count; at++, row += WORD_COLUMNS) {
        PyObject *text = PyList_GET_ITEM(texts, at);
        if (!PyUnicode_Check(text)) {
            Py_DECREF(result);
            PyErr_SetString(PyExc_TypeError, "a text is a str");
            return NULL;
        }
        weigh_text(text, row);
    }
    return result;
}
