/* What class words weigh. `plain_markup.py` is the same in Python; tests/test_speedups.py holds both to one answer. */
#include "page.h"

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
    forget_hints();
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
