/* A text with its case folded, in characters of one width. What each character becomes is asked for once, 256 of them at a time, and kept. */
#include "words.h"

enum { BLOCK = 256, BLOCKS = 0x1100, MOST = 3, BITS = 21 }; /* Unicode folds a character into three at most */

static uint64_t *known[BLOCKS];

/* Ask what the characters of a block become: up to three, the first in the lowest bits; NULL with an exception set where no answer comes. */
static const uint64_t *learn(Py_UCS4 block, PyObject *ask) {
    PyObject *answer = PyObject_CallFunction(ask, "I", (unsigned int)block);
    uint64_t *kept = NULL;
    if (answer == NULL) return NULL;
    if (!PyBytes_Check(answer) || PyBytes_GET_SIZE(answer) != BLOCK * (Py_ssize_t)sizeof(uint64_t))
        PyErr_SetString(PyExc_ValueError, "256 entries are wanted");
    else if ((kept = PyMem_Malloc(BLOCK * sizeof(uint64_t))) == NULL)
        PyErr_NoMemory();
    else
        known[block] = memcpy(kept, PyBytes_AS_STRING(answer), BLOCK * sizeof(uint64_t));
    Py_DECREF(answer);
    return kept;
}

INLINED Py_UCS4 *fold(const int kind, const void *data, Py_ssize_t length, PyObject *ask, Py_UCS4 *to) {
    for (Py_ssize_t at = 0; at < length; at++) {
        const Py_UCS4 sign = PyUnicode_READ(kind, data, at);
        const uint64_t *block = known[sign / BLOCK];
        if (block == NULL && (block = learn(sign / BLOCK, ask)) == NULL) return NULL;
        uint64_t becomes = block[sign % BLOCK];
        *to++ = becomes & ((1u << BITS) - 1);
        while (becomes >>= BITS) *to++ = becomes & ((1u << BITS) - 1);
    }
    return to;
}

/* Give the text and its length, to be freed by PyMem_Free; NULL with an exception set. */
Py_UCS4 *folded_of(PyObject *text, PyObject *ask, Py_ssize_t *length) {
    const void *data = PyUnicode_DATA(text);
    const Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    Py_UCS4 *folded = PyMem_New(Py_UCS4, (size_t)size * MOST + 1), *end;
    if (folded == NULL) return (Py_UCS4 *)PyErr_NoMemory();
    switch (PyUnicode_KIND(text)) {
        case PyUnicode_1BYTE_KIND: end = fold(PyUnicode_1BYTE_KIND, data, size, ask, folded); break;
        case PyUnicode_2BYTE_KIND: end = fold(PyUnicode_2BYTE_KIND, data, size, ask, folded); break;
        default: end = fold(PyUnicode_4BYTE_KIND, data, size, ask, folded);
    }
    if (end == NULL) {
        PyMem_Free(folded);
        return NULL;
    }
    *length = end - folded;
    return folded;
}
