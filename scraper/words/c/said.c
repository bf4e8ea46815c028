/* What a text says without how it is set, for its fingerprint, in one pass over its characters. What each of them leaves is asked for once,
   256 of them at a time, and kept; a text with one that depends on its neighbours is left to whoever asks (`scraper.fingerprints`). */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "words.h"

/* An entry of the table: the bytes of UTF-8 that a character leaves, at most seven; then how many, and two flags. */
enum { SIZE = 7, DEPENDS = 8, DIGIT = 16, LAST = 7, ENTRY = 8, BLOCK = 256, BLOCKS = 0x1100 };

static const unsigned char *known[BLOCKS];

/* Ask what the characters of a block leave; NULL with an exception set where no answer comes. */
static const unsigned char *learn(Py_UCS4 block, PyObject *ask) {
    PyObject *answer = PyObject_CallFunction(ask, "I", (unsigned int)block);
    unsigned char *kept = NULL;
    if (answer == NULL) return NULL;
    if (!PyBytes_Check(answer) || PyBytes_GET_SIZE(answer) != BLOCK * ENTRY) PyErr_SetString(PyExc_ValueError, "256 entries are wanted");
    else if ((kept = PyMem_Malloc(BLOCK * ENTRY)) == NULL) PyErr_NoMemory();
    else known[block] = memcpy(kept, PyBytes_AS_STRING(answer), BLOCK * ENTRY);
    Py_DECREF(answer);
    return kept;
}

/* Write what a text says and give its end; NULL where it is for others to say, or with an exception set. `kind` is known when this is compiled. */
INLINED unsigned char *write_said(const int kind, const void *data, Py_ssize_t length, int alike, PyObject *ask, unsigned char *end) {
    int after_digit = 0;
    for (Py_ssize_t at = 0; at < length; at++) {
        const Py_UCS4 sign = PyUnicode_READ(kind, data, at);
        const unsigned char *block = known[sign / BLOCK];
        if (block == NULL && (block = learn(sign / BLOCK, ask)) == NULL) return NULL;
        const unsigned char *entry = block + sign % BLOCK * ENTRY;
        const int flags = entry[LAST];
        if (flags & (DEPENDS | alike)) { /* `alike` is DIGIT or nothing */
            if (flags & DEPENDS) return NULL;
            if (!after_digit) *end++ = '0';
            after_digit = 1;
            continue;
        }
        memcpy(end, entry, ENTRY); /* one word; the next character overwrites what is too much */
        end += flags & SIZE;
        after_digit &= !(flags & SIZE);
    }
    return end;
}

PyObject *said(PyObject *self, PyObject *const *given, Py_ssize_t count) {
    (void)self;
    if (count != 3 || !PyUnicode_Check(given[0])) return PyErr_Format(PyExc_TypeError, "a text, whether digits are alike, and whom to ask");
    const int alike = PyObject_IsTrue(given[1]) ? DIGIT : 0;
    const void *data = PyUnicode_DATA(given[0]);
    const Py_ssize_t length = PyUnicode_GET_LENGTH(given[0]);
    unsigned char *buffer = PyMem_Malloc((size_t)length * LAST + ENTRY), *end;
    PyObject *found = NULL;
    if (buffer == NULL) return PyErr_NoMemory();
    switch (PyUnicode_KIND(given[0])) {
        case PyUnicode_1BYTE_KIND: end = write_said(PyUnicode_1BYTE_KIND, data, length, alike, given[2], buffer); break;
        case PyUnicode_2BYTE_KIND: end = write_said(PyUnicode_2BYTE_KIND, data, length, alike, given[2], buffer); break;
        default: end = write_said(PyUnicode_4BYTE_KIND, data, length, alike, given[2], buffer);
    }
    if (end != NULL) found = PyBytes_FromStringAndSize((const char *)buffer, end - buffer);
    else if (!PyErr_Occurred()) found = Py_NewRef(Py_None);
    PyMem_Free(buffer);
    return found;
}
