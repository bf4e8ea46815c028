/* What class names say that an element is. `plain_kinds.py` is the same in Python; tests/test_speedups.py holds both to one answer. */
#include "page.h"

enum { MAX_NAME_CHARS = 60, MAX_NAMES = 20, MAX_STEMS = 2000, LETTERS = 128 };

/* The stems in the order of the table that is kept, and which of them begin with two letters: `first` of these, and from there the next. */
static struct Stem {
    const char *text;
    Py_ssize_t size;
    int64_t mask;
    int next; /* + 1 */
} stems[MAX_STEMS], whole_words[MAX_STEMS];
static uint16_t first_stem[LETTERS][LETTERS]; /* + 1 */
static int first_whole[LETTERS];              /* + 1 */
static PyObject *known_table;

/* What names mean, by their hash: sites that know nothing of each other call things alike, and a page the same on element after element. */
enum { KEPT = 2048 };
static struct {
    uint64_t key; /* 0 for none */
    int64_t mask;
} kept[KEPT];

static bool take_stem(PyObject *pair, struct Stem *stem, Py_ssize_t shortest)
{
    PyObject *text, *mask;
    if (!PyTuple_Check(pair) || !PyArg_ParseTuple(pair, "UO", &text, &mask)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "a stem is a pair");
        return false;
    }
    stem->text = PyUnicode_AsUTF8AndSize(text, &stem->size);
    stem->mask = stem->text ? PyLong_AsLongLong(mask) : -1;
    stem->next = 0;
    if (PyErr_Occurred())
        return false;
    for (Py_ssize_t at = 0; at < shortest; at++) {
        if (at >= stem->size || (unsigned char)stem->text[at] >= LETTERS) {
            PyErr_SetString(PyExc_ValueError, "a word begins with a plain letter, a stem with two");
            return false;
        }
    }
    return true;
}

/* Take such stems, each behind those that begin alike. */
static bool take_stems(PyObject *pairs, struct Stem *to, bool parts)
{
    if (!PyTuple_Check(pairs) || PyTuple_GET_SIZE(pairs) > MAX_STEMS) {
        PyErr_SetString(PyExc_ValueError, "a table of stems is a tuple of pairs, not too many");
        return false;
    }
    for (Py_ssize_t at = PyTuple_GET_SIZE(pairs) - 1; at >= 0; at--) {
        struct Stem *stem = &to[at];
        if (!take_stem(PyTuple_GET_ITEM(pairs, at), stem, parts ? 2 : 1))
            return false;
        unsigned char letter = (unsigned char)stem->text[0];
        if (parts) {
            uint16_t *first = &first_stem[letter][(unsigned char)stem->text[1]];
            stem->next = *first;
            *first = (uint16_t)(at + 1);
        } else {
            stem->next = first_whole[letter];
            first_whole[letter] = (int)at + 1;
        }
    }
    return true;
}

bool keep_kinds(PyObject *table)
{
    if (table == known_table)
        return true;
    PyObject *parts, *whole;
    Py_CLEAR(known_table);
    memset(first_stem, 0, sizeof first_stem);
    memset(first_whole, 0, sizeof first_whole);
    memset(kept, 0, sizeof kept);
    if (!PyArg_ParseTuple(table, "OO", &parts, &whole) || !take_stems(parts, stems, true) || !take_stems(whole, whole_words, false))
        return false;
    forget_hints();
    known_table = Py_NewRef(table);
    return true;
}

static int64_t whole_mask(const char *part, Py_ssize_t size)
{
    unsigned char letter = size ? (unsigned char)*part : LETTERS;
    if (letter >= LETTERS)
        return 0;
    for (int at = first_whole[letter]; at; at = whole_words[at - 1].next)
        if (whole_words[at - 1].size == size && !memcmp(whole_words[at - 1].text, part, (size_t)size))
            return whole_words[at - 1].mask;
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
    for (Py_ssize_t at = 0, step; at + 1 < length; at += step) {
        unsigned char letter = (unsigned char)joined[at], next = (unsigned char)joined[at + 1];
        step = 1;
        for (int number = letter < LETTERS && next < LETTERS ? first_stem[letter][next] : 0; number; number = stems[number - 1].next) {
            const struct Stem *stem = &stems[number - 1];
            Py_ssize_t same = 2;
            while (same < stem->size && at + same < length && stem->text[same] == joined[at + same])
                same++;
            if (same == stem->size) {
                mask |= stem->mask;
                step = stem->size;
                break;
            }
        }
    }
    return mask;
}

static int64_t known_mask(const char *name, Py_ssize_t size)
{
    uint64_t key = EMPTY_HASH ^ (uint64_t)size, word;
    Py_ssize_t at = 0;
    for (; at + (Py_ssize_t)sizeof word <= size; at += sizeof word) {
        memcpy(&word, name + at, sizeof word);
        key = (key ^ word) * 0x9e3779b97f4a7c15u;
        key ^= key >> 32;
    }
    word = 0;
    memcpy(&word, name + at, (size_t)(size - at));
    key = (key ^ word) * 0x9e3779b97f4a7c15u;
    key = (key ^ key >> 32) | 1;
    size_t place = (key >> 1) % KEPT;
    if (kept[place].key != key) {
        kept[place].key = key;
        kept[place].mask = mask_of_name(name, size);
    }
    return kept[place].mask;
}

/* The bytes of the first characters, as many as a name is read for. */
static Py_ssize_t head_size(const char *name, Py_ssize_t size)
{
    int chars = 0;
    Py_ssize_t at = 0;
    if (size <= MAX_NAME_CHARS)
        return size;
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
            mask |= known_mask(hint + begin, head_size(hint + begin, at - begin));
            names++;
        }
    }
    return mask;
}

/* Write what each block's element and the one above are called, and then what anything around it is called. */
void write_kinds(const Page *page, float *out)
{
    for (Py_ssize_t at = 0; at < page->elements; at++)
        page->around[at] = page->masks[at] | (page->parent[at] < 0 ? 0 : page->around[page->parent[at]]);
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += page->width) {
        int32_t element = page->element[at];
        int32_t above = element < 0 ? -1 : page->parent[element];
        int64_t near = element < 0 ? 0 : page->masks[element] | (above < 0 ? 0 : page->masks[above]);
        int64_t found = element < 0 ? 0 : near | page->around[element] << page->kind_count;
        for (int bit = 0; bit < 2 * page->kind_count; bit++)
            out[bit] = (float)(int32_t)(found >> bit & 1);
    }
}
