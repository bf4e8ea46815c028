/* What a line shows at a glance. `plain_glance.py` is the same in Python; tests/test_glance.py holds both to one answer. */
#include "speedups.h"

/* As in glance.py. */
enum { FIGURE = 1, FIGURES = 2, YEAR = 4, LONG_FIGURE = 8, DATEISH = 16, YEAR_DIGITS = 4, LONG_DIGITS = 8 };

static inline bool is_digit(Py_UCS4 c) { return c < 128 ? c >= '0' && c <= '9' : Py_UNICODE_ISDECIMAL(c); }
static inline bool is_white(Py_UCS4 c) { return c < 128 ? (c >= 9 && c <= 13) || (c >= 28 && c <= 32) : Py_UNICODE_ISSPACE(c); }
static inline bool is_calendar_sign(Py_UCS4 c) { return c == 0x5e74 || c == 0x6708 || c == 0xb144 || c == 0xc6d4; }

typedef struct {
    int kind;
    const void *data;
    Py_ssize_t size;
} Line;

static inline Py_UCS4 sign(const Line *line, Py_ssize_t at) { return at < line->size ? PyUnicode_READ(line->kind, line->data, at) : 0; }
static inline Py_ssize_t past_white(const Line *line, Py_ssize_t at) { return at + is_white(sign(line, at)); }

/* Does what stands behind a digit make it part of a date: ". 5", "/05", "年"? One space may stand before a sign and one behind it. */
static bool goes_on(const Line *line, Py_ssize_t at)
{
    at = past_white(line, at);
    Py_UCS4 next = sign(line, at);
    return is_calendar_sign(next) || ((next == '.' || next == '/' || next == '-') && is_digit(sign(line, past_white(line, at + 1))));
}

const char figures_doc[] = "figures(text)\n--\n\nSay with bits what the numbers of a line are like. See `glance.py`.";

PyObject *figures(PyObject *Py_UNUSED(module), PyObject *text)
{
    if (!PyUnicode_Check(text)) {
        PyErr_SetString(PyExc_TypeError, "figures(text)");
        return NULL;
    }
    const Line line = {(int)PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)};
    int found = 0;
    for (Py_ssize_t at = 0; at < line.size; at++) {
        if (!is_digit(sign(&line, at)))
            continue;
        Py_ssize_t begun = at;
        while (is_digit(sign(&line, at + 1)))
            at++;
        Py_ssize_t digits = at + 1 - begun;
        found |= found ? FIGURES : FIGURE;
        found |= digits >= LONG_DIGITS ? FIGURES | LONG_FIGURE : 0;
        found |= digits >= YEAR_DIGITS ? YEAR | DATEISH : 0;
        if (!(found & DATEISH) && goes_on(&line, at + 1))
            found |= DATEISH;
    }
    return PyLong_FromLong(found);
}

static inline bool ends_word(Py_UCS4 c) { return c == ':' || c == '|' || c == '/' || c == 0xff1a || c == 0xff0f || c == 0xfe55 || is_white(c); }
static inline bool opens(Py_UCS4 c) { return c == '(' || c == '[' || c == '-' || c == 0x2013 || c == 0x2014; }

const char leading_word_doc[] = "leading_word(text)\n--\n\nGive the word that a line begins with, behind a bracket or dash. See `glance.py`.";

PyObject *leading_word(PyObject *Py_UNUSED(module), PyObject *text)
{
    if (!PyUnicode_Check(text)) {
        PyErr_SetString(PyExc_TypeError, "leading_word(text)");
        return NULL;
    }
    const Line line = {(int)PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)};
    Py_ssize_t at = 0;
    while (at < line.size && is_white(sign(&line, at)))
        at++;
    if (opens(sign(&line, at))) {
        Py_ssize_t inside = at + 1;
        while (inside < line.size && is_white(sign(&line, inside)))
            inside++;
        at = inside < line.size && !ends_word(sign(&line, inside)) ? inside : at; /* else the sign itself is all there is */
    }
    Py_ssize_t end = at;
    while (end < line.size && !ends_word(sign(&line, end)))
        end++;
    if (end == at)
        Py_RETURN_NONE;
    return PyUnicode_Substring(text, at, end);
}
