/* What class names say that an element is. `plain_kinds.py` is the same in Python; tests/test_speedups.py holds both to one answer. */
#include "page.h"

enum { MAX_NAME_CHARS = 60, MAX_NAMES = 20, MAX_STEMS = 2000, LETTERS = 128 };

/* The table, parted by first letters, each letter's in the order in which they are tried. It is made from a tuple that is kept. */
static struct Stem {
    const char *text;
    Py_ssize_t size;
    int64_t mask;
} stems[MAX_STEMS], whole_words[MAX_STEMS];
static int first_stem[LETTERS + 1], first_whole[LETTERS + 1];
static bool begins[LETTERS][256]; /* whether a stem begins with these two bytes: most places of a name are passed by at that */
static PyObject *known_table;

static bool take_stems(PyObject *pairs, struct Stem *to, int *count)
{
    *count = 0;
    if (!PyTuple_Check(pairs) || PyTuple_GET_SIZE(pairs) > MAX_STEMS) {
        PyErr_SetString(PyExc_ValueError, "a table of stems is a tuple of pairs, not too many");
        return false;
    }
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(pairs); at++) {
        PyObject *text, *mask;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(pairs, at), "UO", &text, &mask))
            return false;
        struct Stem *stem = &to[at];
        stem->text = PyUnicode_AsUTF8AndSize(text, &stem->size);
        stem->mask = stem->text ? PyLong_AsLongLong(mask) : -1;
        if (PyErr_Occurred())
            return false;
        if (!stem->size || (unsigned char)stem->text[0] >= LETTERS) {
            PyErr_SetString(PyExc_ValueError, "a stem begins with a plain letter");
            return false;
        }
        ++*count;
    }
    return true;
}

/* Find where each letter's begin; false where they do not stand in the order of their letters. */
static bool index_letters(const struct Stem *from, int count, int *first)
{
    int at = 0;
    for (int letter = 0; letter < LETTERS; letter++) {
        first[letter] = at;
        while (at < count && from[at].text[0] == letter)
            at++;
    }
    first[LETTERS] = at;
    if (at < count)
        PyErr_SetString(PyExc_ValueError, "stems stand in the order of their first letters");
    return at == count;
}

bool keep_kinds(PyObject *table)
{
    if (table == known_table)
        return true;
    PyObject *parts, *whole;
    int count, whole_count;
    Py_CLEAR(known_table);
    if (!PyArg_ParseTuple(table, "OO", &parts, &whole) || !take_stems(parts, stems, &count) || !index_letters(stems, count, first_stem)
        || !take_stems(whole, whole_words, &whole_count) || !index_letters(whole_words, whole_count, first_whole))
        return false;
    memset(begins, 0, sizeof begins);
    for (int at = 0; at < count; at++) {
        bool *next = begins[(unsigned char)stems[at].text[0]];
        if (stems[at].size > 1)
            next[(unsigned char)stems[at].text[1]] = true;
        else
            memset(next, 1, sizeof begins[0]);
    }
    known_table = Py_NewRef(table);
    return true;
}

static int64_t whole_mask(const char *part, Py_ssize_t size)
{
    unsigned char letter = size ? (unsigned char)*part : LETTERS;
    if (letter >= LETTERS)
        return 0;
    for (int at = first_whole[letter]; at < first_whole[letter + 1]; at++)
        if (whole_words[at].size == size && !memcmp(whole_words[at].text, part, (size_t)size))
            return whole_words[at].mask;
    return 0;
}

static int64_t mask_of_name(const char *name, Py_ssize_t size)
{
    char joined[4 * MAX_NAME_CHARS];
    Py_ssize_t length = 0, part = 0;
    int64_t mask = 0;
    for (Py_ssize_t at = 0; at <= size; at++) {
        if (at == size || name[at] == '-' || name[at] == '_') {
            mask |= whole_mask(joined + part, length - part);
            part = length;
        } else {
            joined[length++] = name[at];
        }
    }
    for (Py_ssize_t at = 0; at < length;) {
        unsigned char letter = (unsigned char)joined[at];
        Py_ssize_t step = 1;
        unsigned char next = at + 1 < length ? (unsigned char)joined[at + 1] : 0;
        if (letter >= LETTERS || !begins[letter][next]) {
            at++;
            continue;
        }
        for (int number = first_stem[letter]; number < first_stem[letter + 1]; number++) {
            const struct Stem *stem = &stems[number];
            if ((stem->size == 1 || (unsigned char)stem->text[1] == next) && stem->size <= length - at && !memcmp(stem->text, joined + at, (size_t)stem->size)) {
                mask |= stem->mask;
                step = stem->size;
                break;
            }
        }
        at += step;
    }
    return mask;
}

/* The bytes of the first characters, as many as a name is read for. */
static Py_ssize_t head_size(const char *name, Py_ssize_t size)
{
    int chars = 0;
    Py_ssize_t at = 0;
    while (at < size && (((unsigned char)name[at] & 0xc0) == 0x80 || chars < MAX_NAME_CHARS)) {
        chars += ((unsigned char)name[at] & 0xc0) != 0x80;
        at++;
    }
    return at;
}

int64_t mask_of_hint(const char *hint, Py_ssize_t size)
{
    int64_t mask = 0;
    int names = 0;
    for (Py_ssize_t at = 0; at < size && names < MAX_NAMES;) {
        while (at < size && ((unsigned char)hint[at] <= ' '))
            at++;
        Py_ssize_t begin = at;
        while (at < size && (unsigned char)hint[at] > ' ')
            at++;
        if (at > begin) {
            mask |= mask_of_name(hint + begin, head_size(hint + begin, at - begin));
            names++;
        }
    }
    return mask;
}

/* Write what each block's element and the one above are called, and then what anything around it is called. */
void write_kinds(const Page *page, float *out, int64_t *around)
{
    for (Py_ssize_t at = 0; at < page->elements; at++)
        around[at] = page->masks[at] | (page->parent[at] < 0 ? 0 : around[page->parent[at]]);
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += page->width) {
        int32_t element = page->element[at];
        int32_t above = element < 0 ? -1 : page->parent[element];
        int64_t near = element < 0 ? 0 : page->masks[element] | (above < 0 ? 0 : page->masks[above]);
        int64_t found = element < 0 ? 0 : near | around[element] << page->kind_count;
        for (int bit = 0; bit < 2 * page->kind_count; bit++)
            out[bit] = (float)(found >> bit & 1);
    }
}
