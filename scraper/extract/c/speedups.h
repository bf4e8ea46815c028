/* The inner loops of extraction at the speed of C; `inner_loops.py` says what they are, and the Python modules named there say the same where
 * there is no compiler. Every function here is a method of the module `_speedups`, and is described by its docstring. */
#ifndef SPEEDUPS_H
#define SPEEDUPS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Sorts of characters and the measures of a text; sorts.py has the same. */
enum {
    SPACE = 1, LOWER = 2, UPPER = 4, DIGIT = 8, QUOTE = 16, COMMA = 32, STOP = 64, CLOSER = 128, WIDE = 256, RULE = 512, DASH = 1024,
    SIGN = 2048, TRIMMED = 4096, FRAMING = 8192,
};
enum {
    M_CHARS, M_SPACES, M_WIDE, M_LOWER, M_UPPER, M_DIGITS, M_COMMAS, M_SENTENCES, M_WIDE_STOPS, M_LOWER_WORDS, M_UPPER_WORDS, M_QUOTES, M_YEARS,
    M_TIMES, M_SIGNS, M_SLASHES, M_RULES, M_BREAKS, M_FIRST, M_LAST, M_LAST_CODE, M_LINE_WORDS, M_SHARED, M_CREDIT, M_COUNT,
};

static inline char lower(char c) { return (c >= 'A' && c <= 'Z') ? (char)(c + 32) : c; }

bool prepare_names(void); /* once, when the module is imported; false with an exception set */

PyObject *scan_page(PyObject *module, PyObject *args);
PyObject *rows(PyObject *module, PyObject *args);
PyObject *tally(PyObject *module, PyObject *args);
PyObject *witness(PyObject *module, PyObject *args);
PyObject *forward(PyObject *module, PyObject *args);
PyObject *explain(PyObject *module, PyObject *args);
PyObject *weigh_words(PyObject *module, PyObject *args);
PyObject *paths(PyObject *module, PyObject *args);
PyObject *shares(PyObject *module, PyObject *args);
PyObject *common_form(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *list_words(PyObject *module, PyObject *text);
PyObject *join_words(PyObject *module, PyObject *text);
PyObject *utf8(PyObject *module, PyObject *text);
PyObject *is_sound_utf8(PyObject *module, PyObject *content);
PyObject *figures(PyObject *module, PyObject *text);
PyObject *leading_word(PyObject *module, PyObject *text);

extern const char scan_doc[], rows_doc[], tally_doc[], forward_doc[], witness_doc[], explain_doc[], weigh_words_doc[], paths_doc[];
extern const char common_form_doc[], words_doc[], letters_doc[], utf8_doc[], is_sound_utf8_doc[];
extern const char figures_doc[], leading_word_doc[], shares_doc[];

#endif
