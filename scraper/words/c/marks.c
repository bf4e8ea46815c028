/* The module `_marks`: the words of a story, for the index of copies and to be counted, in one pass over its characters.
   `scraper.words.plain` says the same in Python, and tests/test_words.py holds the two to one answer. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "words.h"

#define FEWEST_BYTES 4 /* a shorter word is mostly grammar, unless it is a number or begins with a character of three bytes */
#define SPARE 16

static uint32_t table[4][256];      /* of CRC-32, as zlib has it, for four bytes at a time */
static unsigned char is_letter[128]; /* or digit, or underscore */

static void prepare_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xEDB88320u ^ (rest >> 1) : rest >> 1;
        table[0][byte] = rest;
    }
    for (int further = 1; further < 4; further++)
        for (uint32_t byte = 0; byte < 256; byte++)
            table[further][byte] = table[0][table[further - 1][byte] & 0xFF] ^ (table[further - 1][byte] >> 8);
    for (int sign = 0; sign < 128; sign++) is_letter[sign] = Py_ISALNUM(sign) || sign == '_';
}

static uint32_t checksum(const unsigned char *at, const unsigned char *end) {
    uint32_t sum = 0xFFFFFFFFu;
    for (; end - at >= 4; at += 4)
        sum = table[3][(sum ^ at[0]) & 0xFF] ^ table[2][(sum >> 8 ^ at[1]) & 0xFF] ^ table[1][(sum >> 16 ^ at[2]) & 0xFF] ^
              table[0][sum >> 24 ^ at[3]];
    while (at < end) sum = table[0][(sum ^ *at++) & 0xFF] ^ (sum >> 8);
    return ~sum;
}

/* Scripts that write no spaces: kana, Chinese, Thai and Lao, Khmer, Burmese. */
static int is_unspaced(Py_UCS4 sign) {
    if (sign < 0x0E00) return 0;
    return sign <= 0x0EFF || (sign >= 0x1000 && sign <= 0x109F) || (sign >= 0x1780 && sign <= 0x17FF) ||
           (sign >= 0x3040 && sign <= 0x30FF) || (sign >= 0x3400 && sign <= 0x9FFF) || (sign >= 0xF900 && sign <= 0xFAFF);
}

static int is_ideograph(Py_UCS4 sign) { return sign >= 0x3040 && is_unspaced(sign); }

static int is_of_word(Py_UCS4 sign) { return sign < 0x80 ? is_letter[sign] : Py_UNICODE_ISALNUM(sign); }

static int is_digit(Py_UCS4 sign) { return sign < 0x80 ? sign >= '0' && sign <= '9' : Py_UNICODE_ISDECIMAL(sign); }

/* Scripts without spaces for search, which the plane of rare ideographs belongs to. */
static int is_searched_alone(Py_UCS4 sign) { return sign >= 0x0E00 && (is_unspaced(sign) || (sign >= 0x20000 && sign <= 0x323AF)); }

static unsigned char *put(unsigned char *to, Py_UCS4 sign) {
    if (sign < 0x80) {
        *to++ = (unsigned char)sign;
    } else if (sign < 0x800) {
        *to++ = (unsigned char)(0xC0 | sign >> 6);
        *to++ = (unsigned char)(0x80 | (sign & 0x3F));
    } else if (sign < 0x10000) {
        *to++ = (unsigned char)(0xE0 | sign >> 12);
        *to++ = (unsigned char)(0x80 | (sign >> 6 & 0x3F));
        *to++ = (unsigned char)(0x80 | (sign & 0x3F));
    } else {
        *to++ = (unsigned char)(0xF0 | sign >> 18);
        *to++ = (unsigned char)(0x80 | (sign >> 12 & 0x3F));
        *to++ = (unsigned char)(0x80 | (sign >> 6 & 0x3F));
        *to++ = (unsigned char)(0x80 | (sign & 0x3F));
    }
    return to;
}

/* Take up a number that begins here, with the points and colons inside of it, and give where it ends. */
static const Py_UCS4 *put_number(const Py_UCS4 *at, const Py_UCS4 *end, unsigned char **to) {
    for (;;) {
        while (at < end && is_digit(*at)) *to = put(*to, *at++);
        if (end - at < 2 || !is_digit(at[1]) || (*at != '.' && *at != ',' && *at != ':')) return at;
        *(*to)++ = (unsigned char)*at++;
    }
}

/* Take up the word that begins here and give where it ends: here, if none does. */
static const Py_UCS4 *put_word(const Py_UCS4 *at, const Py_UCS4 *end, unsigned char **to) {
    unsigned char *here = *to;
    if (is_unspaced(*at)) {
        *to = put(here, *at);
        return at + 1;
    }
    if (is_digit(*at)) return put_number(at, end, to);
    for (; at < end; at++) {
        if (*at < 0x80) {
            if (!is_letter[*at]) break;
            *here++ = (unsigned char)*at;
        } else if (Py_UNICODE_ISALNUM(*at) && !is_unspaced(*at)) {
            here = put(here, *at);
        } else {
            break;
        }
    }
    *to = here;
    return at;
}

static int by_value(const void *one, const void *other) {
    uint32_t first = *(const uint32_t *)one, second = *(const uint32_t *)other;
    return first < second ? -1 : first > second;
}

/* All that is written down of a text while its words are read. The buffers are as long as they can come to be, and SPARE. */
typedef struct {
    unsigned char *said, *said_end, *meant, *meant_end;
    uint32_t *shingles;
    Py_ssize_t words, sampled;
    PyObject *numbers;
} Reading;

/* Take up a word whose letters have just been put at the end of what is said. */
static int take(Reading *read, const unsigned char *starts[3], uint32_t one_in) {
    const unsigned char *start = starts[2];
    const Py_ssize_t size = read->said_end - start;
    read->words++;
    if (read->words >= 3) {
        uint32_t sum = checksum(starts[0], read->said_end);
        if (one_in & (one_in - 1) ? sum % one_in == 0 : !(sum & (one_in - 1))) read->shingles[read->sampled++] = sum;
    }
    int is_number = *start >= '0' && *start <= '9';
    if (size < FEWEST_BYTES && !is_number && *start < 0xE0) return 1;
    if (read->meant_end > read->meant) *read->meant_end++ = ' ';
    memcpy(read->meant_end, start, SPARE); /* which is all of nearly every word */
    if (size > SPARE) memcpy(read->meant_end, start, (size_t)size);
    read->meant_end += size;
    if (!is_number) return 1;
    PyObject *number = PyBytes_FromStringAndSize((const char *)start, size);
    if (number == NULL) return 0;
    int added = PySet_Add(read->numbers, number);
    Py_DECREF(number);
    return added == 0;
}

static int read_words(const Py_UCS4 *at, const Py_UCS4 *end, Reading *read, Py_ssize_t most, uint32_t one_in) {
    const unsigned char *starts[3] = {NULL, NULL, NULL};
    while (at < end && read->words < most) {
        unsigned char *start = read->said_end + (read->words > 0), *to = start;
        const Py_UCS4 *after = put_word(at, end, &to);
        if (after == at) {
            at++;
            continue;
        }
        at = after;
        if (read->words) *read->said_end = ' ';
        read->said_end = to;
        starts[0] = starts[1], starts[1] = starts[2], starts[2] = start;
        if (!take(read, starts, one_in)) return 0;
    }
    return 1;
}

static PyObject *shingles_of(Reading *read, Py_ssize_t least) {
    Py_ssize_t kept = 0;
    if (read->words < least) return PyTuple_New(0);
    qsort(read->shingles, (size_t)read->sampled, sizeof(uint32_t), by_value);
    for (Py_ssize_t at = 0; at < read->sampled; at++)
        if (!at || read->shingles[at] != read->shingles[at - 1]) read->shingles[kept++] = read->shingles[at];
    PyObject *found = PyTuple_New(kept);
    for (Py_ssize_t at = 0; found && at < kept; at++) {
        PyObject *shingle = PyLong_FromUnsignedLong(read->shingles[at]);
        if (shingle == NULL) Py_CLEAR(found);
        else PyTuple_SET_ITEM(found, at, shingle);
    }
    return found;
}

static PyObject *marks(PyObject *self, PyObject *arguments) {
    PyObject *text, *ask, *found = NULL, *shingles = NULL;
    Py_ssize_t most, least;
    unsigned int one_in;
    (void)self;
    if (!PyArg_ParseTuple(arguments, "UnnIO", &text, &most, &least, &one_in, &ask)) return NULL;
    if (one_in == 0) return PyErr_Format(PyExc_ValueError, "one in how many is wanted");
    Py_ssize_t length;
    Py_UCS4 *folded = folded_of(text, ask, &length);
    if (folded == NULL) return NULL;
    size_t room = (size_t)length * 5 + 1 + SPARE; /* a character's bytes, and a space after each */
    Reading read = {malloc(room), NULL, malloc(room), NULL, malloc(sizeof(uint32_t) * (size_t)(length + 1)), 0, 0, PyFrozenSet_New(NULL)};
    if (!read.said || !read.meant || !read.shingles) PyErr_NoMemory();
    read.said_end = read.said, read.meant_end = read.meant;
    if (!PyErr_Occurred() && read.numbers && read_words(folded, folded + length, &read, most, one_in) && (shingles = shingles_of(&read, least)))
        found = Py_BuildValue("(Ny#O)", shingles, read.meant, (Py_ssize_t)(read.meant_end - read.meant), read.numbers);
    free(read.said), free(read.meant), free(read.shingles), PyMem_Free(folded);
    Py_XDECREF(read.numbers);
    return found;
}

typedef struct {
    int kind;
    const void *data;
    Py_ssize_t length;
} Text;

INLINED Py_UCS4 sign_at(const Text *text, Py_ssize_t at) { return PyUnicode_READ(text->kind, text->data, at); }

INLINED Py_ssize_t words_in(const Text *text) {
    Py_ssize_t words = 0;
    for (Py_ssize_t at = 0; at < text->length;) {
        Py_UCS4 sign = sign_at(text, at++);
        if (is_ideograph(sign)) {
            words++;
        } else if (is_of_word(sign)) {
            words++;
            for (int joined = 0; at < text->length; at++) {
                sign = sign_at(text, at);
                if (is_of_word(sign)) {
                    if (is_ideograph(sign) && !joined) break;
                    continue;
                }
                if (sign != '\'' && sign != '-' && sign != 0x2019) break;
                if (at + 1 >= text->length || !is_of_word(sign_at(text, at + 1))) break;
                joined = 1;
            }
        }
    }
    return words;
}

static PyObject *count(PyObject *self, PyObject *given) {
    (void)self;
    if (!PyUnicode_Check(given)) return PyErr_Format(PyExc_TypeError, "a text is wanted");
    const void *data = PyUnicode_DATA(given);
    const Py_ssize_t length = PyUnicode_GET_LENGTH(given);
    switch (PyUnicode_KIND(given)) {
        case PyUnicode_1BYTE_KIND: return PyLong_FromSsize_t(words_in(&(Text){PyUnicode_1BYTE_KIND, data, length}));
        case PyUnicode_2BYTE_KIND: return PyLong_FromSsize_t(words_in(&(Text){PyUnicode_2BYTE_KIND, data, length}));
        default: return PyLong_FromSsize_t(words_in(&(Text){PyUnicode_4BYTE_KIND, data, length}));
    }
}

static PyObject *has_unspaced(PyObject *self, PyObject *given) {
    (void)self;
    if (!PyUnicode_Check(given)) return PyErr_Format(PyExc_TypeError, "a text is wanted");
    const int kind = PyUnicode_KIND(given);
    const void *data = PyUnicode_DATA(given);
    for (Py_ssize_t at = kind == PyUnicode_1BYTE_KIND ? PyUnicode_GET_LENGTH(given) : 0; at < PyUnicode_GET_LENGTH(given); at++)
        if (is_searched_alone(PyUnicode_READ(kind, data, at))) Py_RETURN_TRUE;
    Py_RETURN_FALSE;
}

static PyMethodDef methods[] = {
    {"marks", marks, METH_VARARGS, "marks(text, most, least, one_in, ask): shingles, words of meaning, numbers; see plain.py."},
    {"count", count, METH_O, "count(text): how many words; see plain.py."},
    {"has_unspaced", has_unspaced, METH_O, "has_unspaced(text): whether it holds scripts without spaces; see plain.py."},
    {"said", (PyCFunction)(void (*)(void))said, METH_FASTCALL, "said(text, digits_alike, ask): what a text says, in UTF-8; see fingerprints.py."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_marks", "The words of a story, compiled.", -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__marks(void) {
    prepare_tables();
    return PyModule_Create(&definition);
}
