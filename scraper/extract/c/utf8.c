/* From characters to bytes and back: a page's text in UTF-8, and whether bytes are one. `plain_utf8.py` says the same in Python. */
#include "speedups.h"

enum { STEP = 32, TWO = 0x80, THREE = 0x800, FOUR = 0x10000 };

static inline bool is_surrogate(Py_UCS4 c) { return c >= 0xd800 && c <= 0xdfff; }

/* Write one character that is not ASCII; half of a pair of surrogates is none, and becomes a question mark. */
static inline char *write_character(Py_UCS4 c, char *to)
{
    if (is_surrogate(c)) {
        *to++ = '?';
        return to;
    }
    if (c < THREE) {
        *to++ = (char)(0xc0 | c >> 6);
    } else {
        if (c < FOUR) {
            *to++ = (char)(0xe0 | c >> 12);
        } else {
            *to++ = (char)(0xf0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (c & 0x3f));
    return to;
}

/* Write a text of one width of characters, and give where its bytes end. Most of a page is ASCII: it is looked at in steps. */
#define FOR_WIDTH(name, unit)                                                                                                                        \
    static inline bool is_ascii_##name(const unit *at)                                                                                               \
    {                                                                                                                                                \
        uint64_t words[STEP * sizeof(unit) / sizeof(uint64_t)], any = 0, high = 0;                                                                   \
        memcpy(words, at, sizeof words);                                                                                                             \
        for (size_t place = 0; place < sizeof words / sizeof words[0]; place++)                                                                      \
            any |= words[place];                                                                                                                     \
        for (size_t place = 0; place < sizeof(uint64_t) / sizeof(unit); place++)                                                                     \
            high |= (uint64_t)(unit)~(unit)(TWO - 1) << 8 * sizeof(unit) * place;                                                                    \
        return !(any & high);                                                                                                                        \
    }                                                                                                                                                \
    static char *write_##name(const unit *at, Py_ssize_t count, char *to)                                                                             \
    {                                                                                                                                                \
        for (const unit *const end = at + count; at < end;) {                                                                                        \
            const Py_ssize_t step = end - at < STEP ? end - at : STEP;                                                                               \
            if (step == STEP && is_ascii_##name(at)) {                                                                                               \
                for (int place = 0; place < STEP; place++)                                                                                           \
                    to[place] = (char)at[place];                                                                                                     \
                to += STEP;                                                                                                                          \
            } else {                                                                                                                                 \
                for (int place = 0; place < step; place++)                                                                                           \
                    if (at[place] < TWO)                                                                                                             \
                        *to++ = (char)at[place];                                                                                                     \
                    else                                                                                                                             \
                        to = write_character(at[place], to);                                                                                         \
            }                                                                                                                                        \
            at += step;                                                                                                                              \
        }                                                                                                                                            \
        return to;                                                                                                                                   \
    }

FOR_WIDTH(narrow, Py_UCS1)
FOR_WIDTH(wide, Py_UCS2)
FOR_WIDTH(widest, Py_UCS4)

const char utf8_doc[] = "utf8(text)\n--\n\nGive a text in UTF-8; what is no character becomes a question mark.";

PyObject *utf8(PyObject *Py_UNUSED(module), PyObject *text)
{
    if (!PyUnicode_Check(text)) {
        PyErr_SetString(PyExc_TypeError, "utf8(text)");
        return NULL;
    }
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t count = PyUnicode_GET_LENGTH(text);
    if (PyUnicode_IS_ASCII(text))
        return PyBytes_FromStringAndSize(data, count);
    const int kind = (int)PyUnicode_KIND(text);
    const Py_ssize_t most = kind == PyUnicode_1BYTE_KIND ? 2 : kind == PyUnicode_2BYTE_KIND ? 3 : 4;
    PyObject *bytes = count <= PY_SSIZE_T_MAX / 8 ? PyBytes_FromStringAndSize(NULL, count * most) : PyErr_NoMemory();
    if (!bytes)
        return NULL;
    char *const room = PyBytes_AS_STRING(bytes), *end;
    if (kind == PyUnicode_1BYTE_KIND)
        end = write_narrow(data, count, room);
    else
        end = kind == PyUnicode_2BYTE_KIND ? write_wide(data, count, room) : write_widest(data, count, room);
    _PyBytes_Resize(&bytes, end - room);
    return bytes;
}

/* Give how many bytes the character takes that begins here and is not ASCII (Unicode, table 3-7); 0 where none does. */
static inline int character_size(const unsigned char *at, Py_ssize_t room)
{
    unsigned char first = at[0];
    int size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (!size || room < size)
        return 0;
    unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80, high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < low || at[1] > high)
        return 0;
    for (int place = 2; place < size; place++)
        if ((at[place] & 0xc0) != 0x80)
            return 0;
    return size;
}

/* Does a character begin here that was encoded as UTF-8 twice, as `doubled.py` looks for them? The bytes are UTF-8. */
static inline bool is_doubled(const unsigned char *at, Py_ssize_t room)
{
    if (at[0] != 0xc3 || room < 4 || at[1] < 0x82 || at[1] > 0xb4)
        return false;
    switch (at[2]) {
    case 0xe2:
        return at[3] == 0x80 || at[3] == 0x82 || at[3] == 0x84;
    case 0xc2: case 0xc5: case 0xc6: case 0xcb:
        return true;
    default:
        return false;
    }
}

const char is_sound_utf8_doc[] = "is_sound_utf8(content)\n--\n\n"
                                 "Say whether bytes are a text in UTF-8, and nothing in it looks as if it had been encoded twice.";

PyObject *is_sound_utf8(PyObject *Py_UNUSED(module), PyObject *content)
{
    if (!PyBytes_Check(content)) {
        PyErr_SetString(PyExc_TypeError, "is_sound_utf8(content)");
        return NULL;
    }
    const unsigned char *at = (const unsigned char *)PyBytes_AS_STRING(content), *const end = at + PyBytes_GET_SIZE(content);
    while (at < end) {
        while (end - at >= 4 * STEP) {
            unsigned char any = 0;
            for (int place = 0; place < 4 * STEP; place++)
                any |= at[place];
            if (any >= TWO)
                break;
            at += 4 * STEP;
        }
        for (const unsigned char *stop = end - at > 4 * STEP ? at + 4 * STEP : end; at < stop;) {
            int size = *at < TWO ? 1 : character_size(at, end - at);
            if (!size || is_doubled(at, end - at))
                Py_RETURN_FALSE;
            at += size;
        }
    }
    Py_RETURN_TRUE;
}
