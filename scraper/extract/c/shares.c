/* How much story and how much other text stands inside the elements of each path, and which element holds the story. `plain_shares.py` says the
 * same in Python; tests/test_speedups.py holds both to one answer. */
#include "speedups.h"

enum { MOST_CHARS = 500, LEAST_CHARS = 20, PATH_CHARS = 8 };

/* The sums of one path. `path` is borrowed from the page's tuple. */
typedef struct {
    uint64_t key;
    PyObject *path;
    int64_t story, other;
} Sum;

typedef struct {
    Py_ssize_t size, count; /* the size is a power of two, and more than twice the count */
    Sum *sums;
    int32_t *places; /* of the sums by their keys, -1 where there is none */
} Sums;

static Sum *sum_of(Sums *sums, PyObject *path)
{
    uint64_t key;
    if (!PyUnicode_Check(path) || !PyUnicode_IS_ASCII(path) || PyUnicode_GET_LENGTH(path) != PATH_CHARS) {
        PyErr_SetString(PyExc_ValueError, "a path is eight hex digits");
        return NULL;
    }
    memcpy(&key, PyUnicode_1BYTE_DATA(path), PATH_CHARS);
    Py_ssize_t place = (Py_ssize_t)(key * 0x9E3779B97F4A7C15u >> 32) & (sums->size - 1);
    while (sums->places[place] >= 0 && sums->sums[sums->places[place]].key != key)
        place = (place + 1) & (sums->size - 1);
    if (sums->places[place] < 0) {
        sums->places[place] = (int32_t)sums->count;
        sums->sums[sums->count++] = (Sum){key, path, 0, 0};
    }
    return &sums->sums[sums->places[place]];
}

/* Add up what stands before each block: story at 2 * n, other text behind it. */
static bool add_up(PyObject *blocks, PyObject *kept, int64_t *before)
{
    Py_ssize_t count = PyTuple_GET_SIZE(blocks);
    memset(before, 0, sizeof(int64_t) * 2 * (size_t)(count + 1));
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(kept); at++) {
        Py_ssize_t block = PyLong_AsSsize_t(PyTuple_GET_ITEM(kept, at));
        if (block < 0 || block >= count) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_IndexError, "there is no such block");
            return false;
        }
        before[2 * block + 2] = 1; /* a mark, until the sum stands there */
    }
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *block = PyTuple_GET_ITEM(blocks, at);
        PyObject *text = PyTuple_Check(block) && PyTuple_GET_SIZE(block) ? PyTuple_GET_ITEM(block, 0) : NULL;
        if (!text || !PyUnicode_Check(text)) {
            PyErr_SetString(PyExc_TypeError, "a block has a text");
            return false;
        }
        Py_ssize_t chars = PyUnicode_GET_LENGTH(text);
        int64_t size = (chars < MOST_CHARS ? chars : MOST_CHARS) + LEAST_CHARS;
        bool told = before[2 * at + 2];
        before[2 * at + 2] = before[2 * at] + (told ? size : 0);
        before[2 * at + 3] = before[2 * at + 1] + (told ? 0 : size);
    }
    return true;
}

static PyObject *by_path(const Sums *sums)
{
    PyObject *found = PyDict_New();
    for (Py_ssize_t at = 0; found && at < sums->count; at++) {
        PyObject *shares = Py_BuildValue("(LL)", (long long)sums->sums[at].story, (long long)sums->sums[at].other);
        if (!shares || PyDict_SetItem(found, sums->sums[at].path, shares))
            Py_CLEAR(found);
        Py_XDECREF(shares);
    }
    return found;
}

/* Measure every element; the last one that holds so much of the story stands in `holder` afterwards, or -1. */
static bool measure(PyObject *paths, const int32_t *first, const int32_t *end, Py_ssize_t blocks, const int64_t *before, double held, Sums *sums,
                    Py_ssize_t *holder)
{
    int64_t most = 0;
    Py_ssize_t count = PyTuple_GET_SIZE(paths);
    for (Py_ssize_t at = 0; at < count; at++) {
        if (first[at] < 0 || end[at] < first[at] || end[at] > blocks) {
            PyErr_SetString(PyExc_IndexError, "an element holds blocks of the page");
            return false;
        }
        int64_t story = before[2 * end[at]] - before[2 * first[at]], other = before[2 * end[at] + 1] - before[2 * first[at] + 1];
        most = story > most ? story : most;
        if (!story && !other)
            continue;
        Sum *sum = sum_of(sums, PyTuple_GET_ITEM(paths, at));
        if (!sum)
            return false;
        sum->story += story;
        sum->other += other;
    }
    for (Py_ssize_t at = count - 1; at >= 0 && *holder < 0; at--) {
        int64_t story = before[2 * end[at]] - before[2 * first[at]];
        if ((double)story >= held * (double)most && end[at] > first[at])
            *holder = at;
    }
    return true;
}

const char shares_doc[] = "shares(blocks, kept, first, end, paths, held)\n--\n\n"
                          "Give story and other text inside the elements of each path, and the element that holds the story. See `plain_shares.py`.";

PyObject *shares(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *blocks, *kept, *paths, *found = NULL, *holds = NULL;
    Py_buffer first, end;
    double held;
    Py_ssize_t holder = -1;
    if (!PyArg_ParseTuple(args, "O!O!y*y*O!d", &PyTuple_Type, &blocks, &PyTuple_Type, &kept, &first, &end, &PyTuple_Type, &paths, &held))
        return NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(paths);
    Sums sums = {8, 0, NULL, NULL};
    while (sums.size < 3 * count)
        sums.size *= 2;
    sums.sums = PyMem_New(Sum, (size_t)count + 1);
    sums.places = PyMem_New(int32_t, (size_t)sums.size);
    int64_t *before = PyMem_New(int64_t, 2 * (size_t)(PyTuple_GET_SIZE(blocks) + 1));
    if (!sums.sums || !sums.places || !before)
        PyErr_NoMemory();
    else if (first.len != count * (Py_ssize_t)sizeof(int32_t) || end.len != first.len)
        PyErr_SetString(PyExc_ValueError, "a path, a beginning and an end for each element");
    else {
        memset(sums.places, 0xff, sizeof(int32_t) * (size_t)sums.size);
        if (add_up(blocks, kept, before) && measure(paths, first.buf, end.buf, PyTuple_GET_SIZE(blocks), before, held, &sums, &holder)
            && (holds = holder < 0 ? Py_NewRef(Py_None) : PyLong_FromSsize_t(holder)))
            found = by_path(&sums);
    }
    PyMem_Free(before);
    PyMem_Free(sums.places);
    PyMem_Free(sums.sums);
    PyBuffer_Release(&first);
    PyBuffer_Release(&end);
    PyObject *both = found && holds ? PyTuple_Pack(2, found, holds) : NULL;
    Py_XDECREF(found);
    Py_XDECREF(holds);
    return both;
}
