/* The common form of a text, and its words. `plain_forms.py` says the same in Python, and `plain.py` what it is for. */
#include "speedups.h"

enum { ON_STACK = 600, WIDEST = 3 }; /* characters of a short text; of the form of one character */

static inline bool is_among(Py_UCS4 c, Py_UCS4 first, Py_UCS4 last) { return c >= first && c <= last; }

/* Give a letter in the case that forms have: of Latin beyond Latin-1, of Greek and Cyrillic, or of a script without case. 0 for all others, and
 * for those that Unicode's tables make another of. What is combined with a letter is such another, so that no letter of these meets it. */
static Py_UCS2 letter_of(Py_UCS4 c)
{
    if (is_among(c, 0x430, 0x45f) || is_among(c, 0x4e00, 0x9fef) || is_among(c, 0xac00, 0xd7a3) || is_among(c, 0x3041, 0x3096)
        || is_among(c, 0x30a1, 0x30fa) || c == 0x3001 || c == 0x3002 || c == 0x300c || c == 0x300d)
        return (Py_UCS2)c;
    if (is_among(c, 0x410, 0x42f))
        return (Py_UCS2)(c + 0x20);
    if (is_among(c, 0x400, 0x40f))
        return (Py_UCS2)(c + 0x50);
    if (is_among(c, 0x3ac, 0x3ce) && c != 0x3b0)
        return (Py_UCS2)(c == 0x3c2 ? 0x3c3 : c); /* the sigma at a word's end */
    if (is_among(c, 0x391, 0x3a9) && c != 0x3a2)
        return (Py_UCS2)(c + 0x20);
    if (is_among(c, 0x100, 0x12f) || is_among(c, 0x134, 0x137) || is_among(c, 0x14a, 0x177))
        return (Py_UCS2)(c | 1);
    if (is_among(c, 0x139, 0x13e) || is_among(c, 0x141, 0x148) || is_among(c, 0x179, 0x17e))
        return (Py_UCS2)(c + (c & 1));
    return 0;
}

/* Write the form of one character that is not ASCII; -1 for those whose form takes Unicode's tables. */
static int form_of(Py_UCS4 c, Py_UCS2 *out)
{
    if (c >= 0xc0 && c <= 0xff) {
        out[0] = (Py_UCS2)(c < 0xdf && c != 0xd7 ? c + 32 : c);
        if (c == 0xdf)
            out[0] = out[1] = 's';
        return c == 0xdf ? 2 : 1;
    }
    switch (c) {
    case 0x2018: case 0x2019: case 0x201a: case 0x201b: case 0x2032:
        out[0] = '\'';
        return 1;
    case 0x201c: case 0x201d: case 0x201e: case 0x201f: case 0xab: case 0xbb:
        out[0] = '"';
        return 1;
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212:
        out[0] = '-';
        return 1;
    case 0x2026:
        out[0] = out[1] = out[2] = '.';
        return 3;
    case 0xa1: case 0xa3: case 0xa7: case 0xa9: case 0xae: case 0xb0: case 0xb7: case 0xbf: case 0x2022: case 0x20ac:
        out[0] = (Py_UCS2)c;
        return 1;
    case 0xad: case 0x200b: case 0x200c: case 0x200d: case 0xfeff:
        return 0;
    default:
        out[0] = letter_of(c);
        return out[0] ? 1 : -1;
    }
}

static inline bool is_space(Py_UCS4 c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f) || c == 0xa0; }

/* Write the common form of a text; -1 where that takes Unicode's tables. */
static Py_ssize_t write_form(PyObject *text, Py_UCS2 *out)
{
    const void *data = PyUnicode_DATA(text);
    const int kind = (int)PyUnicode_KIND(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), count = 0;
    bool gap = false, ascii = PyUnicode_IS_ASCII(text); /* the signs of a text that is all ASCII stay as they are */
    for (Py_ssize_t at = 0; at < size; at++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, at);
        if (is_space(c)) {
            gap = count > 0;
            continue;
        }
        Py_UCS2 form[WIDEST];
        int width = 1;
        if (c < 0x80)
            form[0] = (Py_UCS2)(c >= 'A' && c <= 'Z' ? c + 32 : c == '`' && !ascii ? '\'' : c);
        else if ((width = form_of(c, form)) < 0)
            return -1;
        if (gap && width)
            out[count++] = ' ';
        gap = gap && !width;
        for (int place = 0; place < width; place++)
            out[count++] = form[place];
    }
    return count;
}

const char common_form_doc[] = "common_form(text, slow)\n--\n\n"
                               "Give the form that two spellings of one text share: see `plain.py`. `slow` is asked where it takes Unicode's tables.";

PyObject *common_form(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 2 || !PyUnicode_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "common_form(text, slow)");
        return NULL;
    }
    Py_UCS2 here[ON_STACK * WIDEST], *out = here;
    Py_ssize_t size = PyUnicode_GET_LENGTH(args[0]);
    if (PyUnicode_KIND(args[0]) == PyUnicode_4BYTE_KIND)
        return PyObject_CallOneArg(args[1], args[0]);
    if (size > ON_STACK && !(out = PyMem_New(Py_UCS2, (size_t)size * WIDEST)))
        return PyErr_NoMemory();
    Py_ssize_t length = write_form(args[0], out);
    PyObject *form = length < 0 ? PyObject_CallOneArg(args[1], args[0]) : PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, out, length);
    if (out != here)
        PyMem_Free(out);
    return form;
}

static PyObject *folded(PyObject *text)
{
    return PyUnicode_CheckExact(text) && PyUnicode_IS_ASCII(text) ? Py_NewRef(text) : PyObject_CallMethod(text, "casefold", NULL);
}

static inline bool is_word(Py_UCS4 c) { return c == '_' || Py_UNICODE_ISALNUM(c); }

/* Give a part of a text in lower case, where the text is ASCII; another is so already. */
static PyObject *word_of(PyObject *text, Py_ssize_t start, Py_ssize_t stop)
{
    if (!PyUnicode_IS_ASCII(text))
        return PyUnicode_Substring(text, start, stop);
    PyObject *word = PyUnicode_New(stop - start, 127);
    if (word) {
        const char *from = (const char *)PyUnicode_1BYTE_DATA(text) + start;
        char *to = (char *)PyUnicode_1BYTE_DATA(word);
        for (Py_ssize_t at = 0; at < stop - start; at++)
            to[at] = lower(from[at]);
    }
    return word;
}

const char words_doc[] = "words(text)\n--\n\nGive the words of a text in lower case.";

PyObject *list_words(PyObject *Py_UNUSED(module), PyObject *given)
{
    if (!PyUnicode_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "words(text)");
        return NULL;
    }
    PyObject *text = folded(given), *found = text ? PyList_New(0) : NULL;
    const void *data = found ? PyUnicode_DATA(text) : NULL;
    const int kind = found ? (int)PyUnicode_KIND(text) : 0;
    Py_ssize_t size = found ? PyUnicode_GET_LENGTH(text) : 0;
    for (Py_ssize_t at = 0; found && at < size;) {
        Py_ssize_t start = at;
        while (at < size && is_word(PyUnicode_READ(kind, data, at)))
            at++;
        if (at > start) {
            PyObject *word = word_of(text, start, at);
            if (!word || PyList_Append(found, word))
                Py_CLEAR(found);
            Py_XDECREF(word);
        } else {
            at++;
        }
    }
    Py_XDECREF(text);
    return found;
}

const char letters_doc[] = "letters(text)\n--\n\nGive the words of a text in lower case, as one word.";

PyObject *join_words(PyObject *Py_UNUSED(module), PyObject *given)
{
    if (!PyUnicode_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "letters(text)");
        return NULL;
    }
    PyObject *text = folded(given);
    if (!text)
        return NULL;
    const void *data = PyUnicode_DATA(text);
    const int kind = (int)PyUnicode_KIND(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), count = 0;
    Py_UCS4 here[ON_STACK], *out = size > ON_STACK ? PyMem_New(Py_UCS4, (size_t)size) : here;
    for (Py_ssize_t at = 0; out && at < size; at++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, at);
        if (is_word(c))
            out[count++] = c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    PyObject *found = out ? PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, out, count) : PyErr_NoMemory();
    if (out != here)
        PyMem_Free(out);
    Py_DECREF(text);
    return found;
}
