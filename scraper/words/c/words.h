/* What the parts of the module `_marks` share. */
#ifndef WORDS_H
#define WORDS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* A loop over characters is compiled once for each of their three widths, where it is told the width as a constant. */
#if defined(__GNUC__)
#define INLINED static inline __attribute__((always_inline))
#else
#define INLINED static inline
#endif

Py_UCS4 *folded_of(PyObject *text, PyObject *ask, Py_ssize_t *length);
PyObject *said(PyObject *self, PyObject *const *given, Py_ssize_t count);

#endif
