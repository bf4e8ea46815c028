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

PyObject *said(PyObject *self, PyObject *const *given, Py_ssize_t count);

#endif
