/* Where on a page its elements stand, as short hashes. `paths.py` says what a path is and writes it in Python; tests/test_speedups.py holds both
 * to one answer. */
#include "speedups.h"

enum { MAX_HINT_CHARS = 400, MAX_WORDS = 6, MAX_NUMBERS = 2, SIGNATURE = MAX_HINT_CHARS + MAX_WORDS + 1 };
enum { SHARED = 512, KNOWN = 64, TAG = 0, PARENT = 1, HINT = 3, HASH_CHARS = 5, MIXED_CHARS = 8, DIGITS = 8 };

typedef struct {
    const char *text;
    Py_ssize_t size;
} Word;

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
static bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }

typedef struct {
    const char *text;
    size_t size;
} Head;

#define HEAD(text) {text, sizeof text - 1}
static inline bool begins(Word word, Head with)
{
    return word.size >= (Py_ssize_t)with.size && *word.text == *with.text && !memcmp(word.text, with.text, with.size);
}

static bool begins_with_any(Word word, const Head *heads)
{
    while (heads->size && !begins(word, *heads))
        heads++;
    return heads->size > 0;
}

/* How many letters stand at a word's head, consonants only or any. */
static Py_ssize_t letters(Word word, bool consonants)
{
    Py_ssize_t at = 0;
    while (at < word.size && is_letter(word.text[at]) && !(consonants && is_vowel(word.text[at])))
        at++;
    return at;
}

static bool is_generated(Word word)
{
    static const Head HEADS[] = {HEAD("sc-"), HEAD("css-"), HEAD("jsx-"), HEAD("svelte-"), HEAD("emotion-"),
                                 HEAD("astro-"), HEAD("_ngcontent-"), HEAD("data-v-"), HEAD(":r"), {NULL, 0}};
    return begins_with_any(word, HEADS) || (word.size >= 5 && letters(word, true) == word.size);
}

/* Does a library of styles, or a story's number, stand in a hint? Then more of its words are generated. */
typedef struct {
    bool styled, numbered;
} Made;

static Made made_by(Word hint)
{
    static const Head NUMBERED[] = {HEAD("post-"), HEAD("postid-"), HEAD("page-id-"), HEAD("node-"), HEAD("entry-"), {NULL, 0}};
    static const Head STYLED = HEAD("sc-");
    Made made = {false, false};
    for (const char *at = hint.text; at; at = memchr(at, ' ', (size_t)(hint.text + hint.size - at))) {
        at += *at == ' ';
        Word rest = {at, hint.text + hint.size - at};
        if (rest.size <= 0)
            break;
        made.styled |= begins(rest, STYLED);
        for (const Head *head = NUMBERED; head->size; head++)
            made.numbered |= rest.size > (Py_ssize_t)head->size && begins(rest, *head) && is_digit(rest.text[head->size]);
    }
    return made;
}

/* The size of a word without the hash that a build tool put at its end. */
static Py_ssize_t without_hash(Word word)
{
    const char *text = word.text;
    Py_ssize_t size = word.size, cut = size, begin = size, digits = 0;
    while (begin > 0 && (is_letter(text[begin - 1]) || is_digit(text[begin - 1])) && size - begin <= MIXED_CHARS)
        digits += is_digit(text[--begin]);
    if (size - begin >= HASH_CHARS && size - begin <= MIXED_CHARS && digits && begin >= 2 && text[begin - 1] == '_' && text[begin - 2] == '_')
        cut = begin - 1;
    Py_ssize_t hash = size - HASH_CHARS - 1, part = hash - 1; /* name_part__hash */
    bool hashed = part >= 3 && text[hash] == '_' && text[part] == '_' && text[part - 1] != '_';
    for (Py_ssize_t at = hash + 1; hashed && at < size; at++)
        hashed = is_letter(text[at]) || is_digit(text[at]) || text[at] == '_' || text[at] == '+' || text[at] == '-';
    while (hashed && part > 0 && text[part - 1] != '_')
        part--;
    if (hashed && part >= 2 && (is_letter(text[part - 2]) || is_digit(text[part - 2])))
        cut = hash;
    if (cut == size)
        return size;
    while (cut > 0 && text[cut - 1] == '_')
        cut--;
    return cut;
}

/* Write a word, every number in it as 0; its size, or -1 where it has too many numbers. */
static Py_ssize_t mask(Word word, char *out)
{
    Py_ssize_t size = 0;
    int numbers = 0;
    for (Py_ssize_t at = 0; at < word.size; at++) {
        bool digit = is_digit(word.text[at]);
        if (digit && at && is_digit(word.text[at - 1]))
            continue;
        numbers += digit;
        out[size++] = digit ? '0' : word.text[at];
    }
    return numbers <= MAX_NUMBERS ? size : -1;
}

/* Write those words of a hint that will stand on the next page too, each behind a point and once; the size of them all. */
static Py_ssize_t write_lasting(Word hint, char *out)
{
    static const Head FILED[] = {HEAD("category-"), HEAD("tag-"), HEAD("author-"), HEAD("term-"), {NULL, 0}};
    Made made = made_by(hint);
    Word kept[MAX_WORDS];
    int count = 0;
    Py_ssize_t written = 0;
    for (Py_ssize_t at = 0; at < hint.size && count < MAX_WORDS;) {
        Word word = {hint.text + at, 0};
        while (at + word.size < hint.size && !is_space(word.text[word.size]))
            word.size++;
        at += word.size + 1;
        if (!word.size || is_generated(word) || (made.numbered && begins_with_any(word, FILED))
            || (made.styled && word.size >= 5 && word.size <= 7 && letters(word, false) == word.size))
            continue;
        word.size = without_hash(word);
        Word masked = {out + written + 1, mask(word, out + written + 1)};
        bool known = masked.size < 0;
        for (int number = 0; number < count && !known; number++)
            known = kept[number].size == masked.size && !memcmp(kept[number].text, masked.text, (size_t)masked.size);
        if (known)
            continue;
        out[written] = '.';
        written += masked.size + 1;
        kept[count++] = masked;
    }
    return written;
}

static uint32_t crc_table[256];

static uint32_t crc32(uint32_t crc, const char *data, Py_ssize_t size)
{
    if (!crc_table[1]) {
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint32_t value = byte;
            for (int bit = 0; bit < 8; bit++)
                value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
            crc_table[byte] = value;
        }
    }
    crc = ~crc;
    for (Py_ssize_t at = 0; at < size; at++)
        crc = crc >> 8 ^ crc_table[(crc ^ (unsigned char)data[at]) & 0xff];
    return ~crc;
}

/* What a page's elements are called, since most of them are called alike: the words of a hint that last. */
typedef struct {
    PyObject *hint; /* borrowed */
    Py_ssize_t size;
    char text[SIGNATURE];
} Lasting;

static const Lasting *lasting_of(PyObject *hint, Lasting *known)
{
    Lasting *place = &known[(size_t)PyObject_Hash(hint) % KNOWN];
    if (!place->hint || PyUnicode_Compare(place->hint, hint)) {
        Py_ssize_t size = PyUnicode_GET_LENGTH(hint);
        place->hint = hint;
        place->size = write_lasting((Word){(const char *)PyUnicode_1BYTE_DATA(hint), size < MAX_HINT_CHARS ? size : MAX_HINT_CHARS}, place->text);
    }
    return place;
}

/* Give the path of an element inside one of another path; `signature` is asked where its names are not ASCII. */
static bool step(uint32_t above, PyObject *tag, PyObject *hint, PyObject *signature, Lasting *known, uint32_t *path)
{
    if (PyUnicode_IS_ASCII(tag) && PyUnicode_IS_ASCII(hint)) {
        const char *name = (const char *)PyUnicode_1BYTE_DATA(tag);
        Py_ssize_t size = PyUnicode_GET_LENGTH(tag);
        *path = crc32(above, name, size);
        if (size == 4 && (!memcmp(name, "html", 4) || !memcmp(name, "body", 4))) /* their classes speak of the page, not of a place on it */
            return true;
        const Lasting *lasting = lasting_of(hint, known);
        *path = crc32(*path, lasting->text, lasting->size);
        return true;
    }
    PyObject *text = PyObject_CallFunctionObjArgs(signature, tag, hint, NULL);
    PyObject *bytes = text && PyUnicode_Check(text) ? PyUnicode_AsEncodedString(text, "utf-8", "replace") : NULL;
    if (bytes)
        *path = crc32(above, PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes));
    else if (!PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "a signature is a str");
    Py_XDECREF(text);
    Py_XDECREF(bytes);
    return bytes != NULL;
}

static bool is_element(PyObject *row)
{
    if (PyTuple_Check(row) && PyTuple_GET_SIZE(row) > HINT && PyUnicode_Check(PyTuple_GET_ITEM(row, TAG))
        && PyLong_Check(PyTuple_GET_ITEM(row, PARENT)) && PyUnicode_Check(PyTuple_GET_ITEM(row, HINT)))
        return true;
    PyErr_SetString(PyExc_TypeError, "an element has a tag, a parent and a hint");
    return false;
}

/* Write down a path; those that are equal are mostly one object. */
static PyObject *written(uint32_t path, PyObject **shared)
{
    PyObject **known = &shared[path % SHARED];
    char text[DIGITS];
    for (int digit = 0; digit < DIGITS; digit++)
        text[digit] = "0123456789abcdef"[path >> 4 * (DIGITS - 1 - digit) & 15];
    if (*known && !memcmp(PyUnicode_1BYTE_DATA(*known), text, DIGITS))
        return Py_NewRef(*known);
    *known = PyUnicode_FromStringAndSize(text, DIGITS); /* the page's tuple holds it as long as it is looked at here */
    return *known;
}

const char paths_doc[] = "paths(elements, signature)\n--\n\n"
                         "Give the path of each element, eight hex digits, as a tuple. See `plain_paths.py`.";

PyObject *paths(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *elements, *signature, *shared[SHARED] = {NULL};
    Lasting lasting[KNOWN];
    if (!PyArg_ParseTuple(args, "O!O", &PyTuple_Type, &elements, &signature))
        return NULL;
    for (int place = 0; place < KNOWN; place++)
        lasting[place].hint = NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(elements);
    uint32_t *known = PyMem_New(uint32_t, (size_t)count + 1);
    PyObject *found = known ? PyTuple_New(count) : PyErr_NoMemory();
    for (Py_ssize_t at = 0; found && at < count; at++) {
        PyObject *row = PyTuple_GET_ITEM(elements, at), *path = NULL;
        Py_ssize_t parent = is_element(row) ? PyLong_AsSsize_t(PyTuple_GET_ITEM(row, PARENT)) : -1;
        if (!PyErr_Occurred() && (parent < -1 || parent >= at))
            PyErr_SetString(PyExc_ValueError, "an element comes after its parent");
        if (!PyErr_Occurred()
            && step(parent < 0 ? 0 : known[parent], PyTuple_GET_ITEM(row, TAG), PyTuple_GET_ITEM(row, HINT), signature, lasting, &known[at]))
            path = written(known[at], shared);
        if (path)
            PyTuple_SET_ITEM(found, at, path);
        else
            Py_CLEAR(found);
    }
    PyMem_Free(known);
    return found;
}
