/* The weights of the words that a page's texts begin with. `plain_words.py` is the same in Python; tests/test_story_words.py holds both to one
 * answer. */
#include "page.h"

enum { WORD_PLACES = 16384, WEIGHT_BITS = 0xffff, NO_WEIGHT = 0x8000 };
static const double HALF_SUM = 400, MEAN_RANGE = 50, MOST = 150; /* hundredths; as in plain_words.py */

/* The first bits of words' hashes: most words are not in the table, and are told by this without a look at it. */
static uint64_t sieve[WORD_PLACES * 4 / 64];
/* A word's hash but for its last bits, which are its weight; 0 stands for an empty place. Of the dictionary below, which is kept. */
static uint64_t words[WORD_PLACES];
static PyObject *known_words;

static inline size_t place_of(uint64_t hash) { return (hash ^ hash >> 32) % WORD_PLACES; }
static inline uint32_t sieved(uint64_t hash) { return (uint32_t)((hash ^ hash >> 32) % (WORD_PLACES * 4)); }

bool keep_words(PyObject *weights)
{
    if (weights == known_words)
        return true;
    Py_CLEAR(known_words);
    memset(words, 0, sizeof words);
    memset(sieve, 0, sizeof sieve);
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
        while (words[at])
            at = (at + 1) % WORD_PLACES;
        words[at] = (hash & ~(uint64_t)WEIGHT_BITS) | (uint64_t)(value + NO_WEIGHT);
        sieve[sieved(hash) / 64] |= (uint64_t)1 << sieved(hash) % 64;
    }
    known_words = Py_NewRef(weights);
    return true;
}

static inline int32_t weight_of(uint64_t hash)
{
    if (!(sieve[sieved(hash) / 64] >> sieved(hash) % 64 & 1))
        return 0;
    for (size_t at = place_of(hash); words[at]; at = (at + 1) % WORD_PLACES)
        if (!((words[at] ^ hash) & ~(uint64_t)WEIGHT_BITS))
            return (int32_t)(words[at] & WEIGHT_BITS) - NO_WEIGHT;
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

/* Words are runs of letters that have a case. */
void count_words(const Start *start, float *row)
{
    Weighed found = {0, 0, 0, 0};
    uint64_t hash = EMPTY_HASH;
    for (Py_ssize_t at = 0; at < start->size; at++) {
        if (start->sorts[at] & (LOWER | UPPER)) {
            hash = mix(hash, start->codes[at]);
        } else if (hash != EMPTY_HASH) {
            count_word(hash, &found);
            hash = EMPTY_HASH;
        }
    }
    if (hash != EMPTY_HASH)
        count_word(hash, &found);
    memset(row, 0, WORD_COLUMNS * sizeof *row);
    if (!found.known)
        return;
    row[0] = within(found.sum / (HALF_SUM + abs(found.sum)));
    row[1] = within((double)found.sum / found.known / MEAN_RANGE);
    row[2] = within(found.least / MOST);
    row[3] = within(found.most / MOST);
}

const char weigh_words_doc[] =
    "weigh_words(texts, weights, sorts, lowered)\n--\n\n"
    "Give the sum, the mean, the least and the greatest weight of each text's first words as rows of 32-bit floats. See `plain_words.py`.";

PyObject *weigh_words(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *texts, *weights, *sorts, *lowered;
    if (!PyArg_ParseTuple(args, "O!O!SS", &PyList_Type, &texts, &PyDict_Type, &weights, &sorts, &lowered))
        return NULL;
    if (!keep_characters(sorts, lowered) || !keep_words(weights))
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(texts);
    PyObject *result = PyBytes_FromStringAndSize(NULL, count * WORD_COLUMNS * (Py_ssize_t)sizeof(float));
    if (!result)
        return NULL;
    float *row = (float *)PyBytes_AS_STRING(result);
    for (Py_ssize_t at = 0; at < count; at++, row += WORD_COLUMNS) {
        Start start;
        PyObject *text = PyList_GET_ITEM(texts, at);
        if (!PyUnicode_Check(text)) {
            Py_DECREF(result);
            PyErr_SetString(PyExc_TypeError, "a text is a str");
            return NULL;
        }
        read_start(text, &start);
        count_words(&start, row);
    }
    return result;
}
