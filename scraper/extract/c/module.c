/* The module `_speedups`. */
#include "speedups.h"

static PyMethodDef methods[] = {
    {"scan", scan_page, METH_VARARGS, scan_doc},
    {"rows", rows, METH_VARARGS, rows_doc},
    {"tally", tally, METH_VARARGS, tally_doc},
    {"witness", witness, METH_VARARGS, witness_doc},
    {"forward", forward, METH_VARARGS, forward_doc},
    {"explain", explain, METH_VARARGS, explain_doc},
    {"paths", paths, METH_VARARGS, paths_doc},
    {"shares", shares, METH_VARARGS, shares_doc},
    {"weigh_words", weigh_words, METH_VARARGS, weigh_words_doc},
    {"common_form", (PyCFunction)(void (*)(void))common_form, METH_FASTCALL, common_form_doc},
    {"words", list_words, METH_O, words_doc},
    {"letters", join_words, METH_O, letters_doc},
    {"utf8", utf8, METH_O, utf8_doc},
    {"is_sound_utf8", is_sound_utf8, METH_O, is_sound_utf8_doc},
    {"figures", figures, METH_O, figures_doc},
    {"leading_word", leading_word, METH_O, leading_word_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_speedups", "The inner loops of extraction, compiled; see inner_loops.py.", -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__speedups(void) { return prepare_names() ? PyModule_Create(&definition) : NULL; }
