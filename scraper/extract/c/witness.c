/* Which blocks the page's own markup quotes. `plain_witness.py` is the same in Python and says what each column is; tests/test_speedups.py
 * holds both to one answer. Texts are compared as 32-bit characters. */
#include "page.h"

enum { HEAD = 30, MIN_SHOWN = 25, MAX_SHOWN = 400, PROBE = 24, MOST_QUOTED = 2000, SHORT_RUN = 3, MOST_STEPS = 64, AT_ONCE = 16 };
enum { SIEVE_BITS = 1 << 16, FINAL_SIGMA = 0x3a3, DOTTED_I = 0x130 };
static const double LONGER = 1.15;

typedef struct {
    Py_UCS4 *chars;
    Py_ssize_t size, room;
} Text32;

static bool add_chars(Text32 *text, PyObject *from, Py_ssize_t most_chars)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(from);
    size = size < most_chars ? size : most_chars;
    if (text->size + size + 1 > text->room) {
        Py_ssize_t room = 2 * (text->size + size + 1) + 1024;
        Py_UCS4 *moved = PyMem_Realloc(text->chars, (size_t)room * sizeof *moved);
        if (!moved) {
            PyErr_NoMemory();
            return false;
        }
        text->chars = moved;
        text->room = room;
    }
    Py_UCS4 *out = text->chars + text->size;
    const void *data = PyUnicode_DATA(from);
    switch (PyUnicode_KIND(from)) {
    case PyUnicode_1BYTE_KIND:
        for (Py_ssize_t at = 0; at < size; at++)
            out[at] = ((const Py_UCS1 *)data)[at];
        break;
    case PyUnicode_2BYTE_KIND:
        for (Py_ssize_t at = 0; at < size; at++)
            out[at] = ((const Py_UCS2 *)data)[at];
        break;
    default:
        memcpy(out, data, (size_t)size * sizeof *out);
    }
    text->size += size;
    return true;
}

static inline Py_UCS4 lower_char(Py_UCS4 code) { return code < 128 ? code + (code - 'A' < 26u ? 32 : 0) : Py_UNICODE_TOLOWER(code); }

/* Add the beginning of a text in lower case. */
static bool add_start(Text32 *page, PyObject *text)
{
    Py_ssize_t begin = page->size;
    if (!add_chars(page, text, MAX_SHOWN))
        return false;
    Py_UCS4 *chars = page->chars + begin;
    Py_ssize_t size = page->size - begin;
    bool odd = false;
    if (PyUnicode_IS_ASCII(text)) {
        for (Py_ssize_t at = 0; at < size; at++)
            chars[at] += chars[at] - 'A' < 26u ? 32 : 0;
        return true;
    }
    for (Py_ssize_t at = 0; at < size && PyUnicode_KIND(text) != PyUnicode_1BYTE_KIND; at++)
        odd |= (chars[at] == FINAL_SIGMA) | (chars[at] == DOTTED_I);
    for (Py_ssize_t at = 0; at < size; at++)
        chars[at] = lower_char(chars[at]);
    if (!odd)
        return true;
    page->size = begin; /* what these become depends on what stands around them, or is two characters */
    PyObject *start = PyUnicode_Substring(text, 0, MAX_SHOWN), *small = start ? PyObject_CallMethod(start, "lower", NULL) : NULL;
    bool added = small && add_chars(page, small, 3 * MAX_SHOWN);
    Py_XDECREF(start);
    Py_XDECREF(small);
    return added;
}

/* Which runs of three characters stand in a text? A sieve: what is not in it does not stand there. */
typedef struct {
    uint64_t bits[SIEVE_BITS / 64];
} Sieve;

static inline uint32_t run_of(const Py_UCS4 *at) { return ((at[0] * 0x9e3779b1u ^ at[1]) * 0x85ebca6bu ^ at[2]) * 0xc2b2ae35u >> 16; }

static void sift(Sieve *sieve, const Py_UCS4 *chars, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at + SHORT_RUN <= size; at++)
        sieve->bits[run_of(chars + at) / 64] |= (uint64_t)1 << run_of(chars + at) % 64;
}

static bool may_hold(const Sieve *sieve, const Py_UCS4 *chars, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at + SHORT_RUN <= size; at++)
        if (!(sieve->bits[run_of(chars + at) / 64] >> run_of(chars + at) % 64 & 1))
            return false;
    return true;
}

/* Find one text in another, from a place on; -1 where it does not stand there. Where its end does not fit, go on to where it could (Horspool's
 * way, by the lowest byte of a character). */
static Py_ssize_t find_chars(const Py_UCS4 *chars, Py_ssize_t size, Py_ssize_t from, const Py_UCS4 *sought, Py_ssize_t length)
{
    uint8_t steps[256];
    if (!length)
        return from <= size ? from : -1;
    Py_UCS4 last = sought[length - 1];
    memset(steps, length < UINT8_MAX ? (int)length : UINT8_MAX, sizeof steps);
    for (Py_ssize_t at = length - 1 < UINT8_MAX ? 0 : length - 1 - UINT8_MAX; at < length - 1; at++)
        steps[(uint8_t)sought[at]] = (uint8_t)(length - 1 - at);
    for (Py_ssize_t end = from + length - 1; end < size; end += steps[(uint8_t)chars[end]])
        if (chars[end] == last && !memcmp(chars + end - length + 1, sought, (size_t)length * sizeof *chars))
            return end - length + 1;
    return -1;
}

typedef uint8_t Bytes __attribute__((vector_size(AT_ONCE), aligned(1), may_alias));

/* Say whether a text could begin at one of so many places: whether it has its first character there, and its last where it ends. */
static inline bool may_begin(const uint8_t *begins, const uint8_t *ends, uint8_t first, uint8_t last)
{
    Bytes found = (Bytes)((*(const Bytes *)begins == first) & (*(const Bytes *)ends == last));
    uint64_t halves[2];
    memcpy(halves, &found, sizeof halves);
    return halves[0] | halves[1];
}

/* Find a text, however short, in one whose characters' lowest bytes are written out: in these it is looked for. */
static bool holds_short(const Py_UCS4 *chars, const uint8_t *low, Py_ssize_t size, const Py_UCS4 *sought, Py_ssize_t length)
{
    if (!length)
        return true;
    uint8_t first = (uint8_t)sought[0], last = (uint8_t)sought[length - 1];
    Py_ssize_t at = 0, behind = size - length + 1; /* the places where it could begin */
    while (at < behind) {
        while (at + AT_ONCE <= behind && !may_begin(low + at, low + at + length - 1, first, last))
            at += AT_ONCE;
        for (Py_ssize_t end = at + AT_ONCE < behind ? at + AT_ONCE : behind; at < end; at++)
            if (low[at] == first && low[at + length - 1] == last && !memcmp(chars + at, sought, (size_t)length * sizeof *chars))
                return true;
    }
    return false;
}

/* ---- descriptions ---- */

typedef struct {
    PyObject *const *texts;
    Py_ssize_t count, width;
    float *rows; /* TOLD_COLUMNS a text, `width` from one to the next */
    Text32 page; /* the texts' beginnings in lower case, each with a line break behind it */
    Py_ssize_t *ends;
} Told;

/* Mark the texts that hold the beginning of a description. */
static void mark_holders(Told *told, const Py_UCS4 *head, Py_ssize_t length)
{
    Py_ssize_t index = 0;
    for (Py_ssize_t at = find_chars(told->page.chars, told->page.size, 0, head, length); at >= 0;) {
        while (index + 1 < told->count && told->ends[index] <= at)
            index++;
        told->rows[index * told->width + 1] = 0.5f;
        told->rows[index * told->width + 2] = PyUnicode_GET_LENGTH(told->texts[index]) < MAX_SHOWN ? 1 : 0.3f;
        at = find_chars(told->page.chars, told->page.size, at + HEAD, head, length);
    }
}

static bool add_texts(Told *told)
{
    for (Py_ssize_t at = 0; at < told->count; at++) {
        if (!add_start(&told->page, told->texts[at]))
            return false;
        told->page.chars[told->page.size++] = '\n'; /* there is room for it */
        told->ends[at] = told->page.size;
    }
    told->page.size--; /* the last has none */
    return true;
}

static bool describe(Told *told, PyObject *descriptions, Sieve *sieve)
{
    Text32 given = {NULL, 0, 0};
    Py_ssize_t longest = 0;
    told->ends = PyMem_Malloc((size_t)(told->count + 1) * sizeof *told->ends);
    bool good = told->ends || PyErr_NoMemory();
    good = good && add_texts(told);
    memset(sieve, 0, sizeof *sieve);
    for (Py_ssize_t at = 0; good && at < PyTuple_GET_SIZE(descriptions); at++) {
        PyObject *description = PyTuple_GET_ITEM(descriptions, at);
        Py_ssize_t begin = given.size, size = PyUnicode_GET_LENGTH(description);
        longest = size > longest ? size : longest;
        good = add_chars(&given, description, PY_SSIZE_T_MAX);
        if (good) {
            mark_holders(told, given.chars + begin, size < HEAD ? size : HEAD);
            sift(sieve, given.chars + begin, size);
            given.chars[given.size++] = '\n';
        }
    }
    for (Py_ssize_t at = 0, begin = 0; good && at < told->count; begin = told->ends[at++]) {
        Py_ssize_t size = (at + 1 < told->count ? told->ends[at] - 1 : told->page.size) - begin, head = size < HEAD ? size : HEAD;
        float *row = told->rows + at * told->width;
        row[0] = 1;
        if (size < MIN_SHOWN || !may_hold(sieve, told->page.chars + begin, head)
            || find_chars(given.chars, given.size, 0, told->page.chars + begin, head) < 0)
            continue;
        row[1] = 1;
        row[2] = (double)PyUnicode_GET_LENGTH(told->texts[at]) <= LONGER * (double)longest;
    }
    PyMem_Free(told->ends);
    PyMem_Free(told->page.chars);
    PyMem_Free(given.chars);
    return good;
}

/* ---- the body ---- */

/* Where each run of PROBE characters first stands in a body. Where too many fall on one place, it is of no use and every run is searched for. */
typedef struct {
    const Py_UCS4 *chars;
    uint8_t *low; /* the lowest byte of each */
    Py_ssize_t size;
    int32_t *places; /* where it stands + 1 */
    size_t mask;
    bool crowded;
} Runs;

static const uint64_t FACTOR = 0x9e3779b97f4a7c15u;

static uint64_t hash_run(const Py_UCS4 *chars)
{
    uint64_t hash = 0;
    for (int at = 0; at < PROBE; at++)
        hash = hash * FACTOR + chars[at];
    return hash;
}

/* Find the place of a run, or a free one for it; NULL where the table is crowded. */
static int32_t *place_of(const Runs *runs, const Py_UCS4 *run, uint64_t hash)
{
    size_t place = (hash * FACTOR >> 20) & runs->mask;
    for (int step = 0; step < MOST_STEPS; step++, place = (place + 1) & runs->mask)
        if (!runs->places[place] || !memcmp(runs->chars + runs->places[place] - 1, run, PROBE * sizeof *run))
            return &runs->places[place];
    return NULL;
}

static bool make_runs(Runs *runs, const Text32 *body)
{
    *runs = (Runs){body->chars, PyMem_Malloc((size_t)body->size + 1), body->size, NULL, 255, false};
    while (runs->mask < (size_t)(2 * body->size))
        runs->mask = runs->mask * 2 + 1;
    runs->places = PyMem_Calloc(runs->mask + 1, sizeof *runs->places);
    if (!runs->places || !runs->low) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t at = 0; at < body->size; at++)
        runs->low[at] = (uint8_t)body->chars[at];
    uint64_t far = 1, hash = 0;
    for (int at = 0; at < PROBE; at++)
        far *= FACTOR;
    for (Py_ssize_t at = 0; at + PROBE <= body->size && !runs->crowded; at++) {
        hash = at ? hash * FACTOR + body->chars[at + PROBE - 1] - far * body->chars[at - 1] : hash_run(body->chars);
        int32_t *place = place_of(runs, body->chars + at, hash);
        if (!place)
            runs->crowded = true;
        else if (!*place)
            *place = (int32_t)at + 1;
    }
    return true;
}

static bool holds_run(const Runs *runs, const Py_UCS4 *run)
{
    if (runs->crowded)
        return find_chars(runs->chars, runs->size, 0, run, PROBE) >= 0;
    const int32_t *place = place_of(runs, run, hash_run(run));
    return place && *place;
}

/* Fold white space to single spaces, with none around. */
static Py_ssize_t fold(Py_UCS4 *chars, Py_ssize_t size)
{
    Py_ssize_t out = 0;
    bool gap = false;
    for (Py_ssize_t at = 0; at < size; at++) {
        if (chars[at] == ' ' || Py_UNICODE_ISSPACE(chars[at])) {
            gap = out > 0;
            continue;
        }
        if (gap)
            chars[out++] = ' ';
        gap = false;
        chars[out++] = chars[at];
    }
    return out;
}

/* Give the share of a text's beginning, middle and end that stand in the body; a short line proves only half. */
static double share_in(const Runs *runs, const Sieve *sieve, const Py_UCS4 *text, Py_ssize_t size)
{
    if (size < PROBE)
        return may_hold(sieve, text, size) && holds_short(runs->chars, runs->low, runs->size, text, size) ? 0.5 : 0;
    const Py_UCS4 *parts[] = {text, text + size / 2 - PROBE / 2, text + size - PROBE};
    int found = 0;
    for (int part = 0; part < 3; part++)
        found += may_hold(sieve, parts[part], PROBE) && holds_run(runs, parts[part]);
    return found / 3.0;
}

static bool quote(const Told *told, PyObject *given, Sieve *sieve)
{
    Text32 body = {NULL, 0, 0}, text = {NULL, 0, 0};
    Runs runs = {NULL, NULL, 0, NULL, 0, false};
    double chars = 0, sum = 0, whole = 0;
    bool good = add_chars(&body, given, PY_SSIZE_T_MAX) && make_runs(&runs, &body);
    memset(sieve, 0, sizeof *sieve);
    sift(sieve, body.chars, good ? body.size : 0);
    for (Py_ssize_t at = 0; good && at < told->count; at++) {
        PyObject *block = told->texts[at];
        float *row = told->rows + at * told->width;
        chars += (double)PyUnicode_GET_LENGTH(block);
        row[5] = 0;
        text.size = 0;
        if (at >= MOST_QUOTED)
            continue;
        good = add_chars(&text, block, PY_SSIZE_T_MAX);
        row[5] = good ? (float)share_in(&runs, sieve, text.chars, fold(text.chars, text.size)) : 0;
        whole += row[5];
    }
    for (Py_ssize_t at = 0; good && at < told->count; at++) {
        float *row = told->rows + at * told->width;
        sum += row[5];
        row[3] = 1;
        row[4] = (float)least(1, (double)body.size / most(1, chars));
        row[6] = (float)(sum / most(1, whole));
    }
    PyMem_Free(runs.places);
    PyMem_Free(runs.low);
    PyMem_Free(body.chars);
    PyMem_Free(text.chars);
    return good;
}

/* Hold the texts against what the markup says; where it says nothing all columns are zeros. */
static bool hold_against(Told *told, PyObject *descriptions, PyObject *body)
{
    for (Py_ssize_t at = 0; at < told->count; at++)
        memset(told->rows + at * told->width, 0, TOLD_COLUMNS * sizeof *told->rows);
    bool described = PyTuple_GET_SIZE(descriptions) > 0, quoted = PyUnicode_GET_LENGTH(body) > 0;
    if (!told->count || !(described || quoted))
        return true;
    Sieve *sieve = PyMem_Malloc(sizeof *sieve);
    if (!sieve)
        PyErr_NoMemory();
    bool done = sieve && (!described || describe(told, descriptions, sieve)) && (!quoted || quote(told, body, sieve));
    PyMem_Free(sieve);
    return done;
}

bool write_told(const Page *page, float *out, PyObject *descriptions, PyObject *body)
{
    return hold_against(&(Told){.texts = page->texts, .count = page->blocks, .width = page->width, .rows = out}, descriptions, body);
}

const char witness_doc[] = "witness(texts, descriptions, body)\n--\n\n"
                           "Give for each text a row of 32-bit floats that hold it against the page's descriptions, in lower case, and its body.\n"
                           "See `plain_witness.py`.";

static bool are_texts(PyObject *const *items, Py_ssize_t count)
{
    for (Py_ssize_t at = 0; at < count; at++) {
        if (!PyUnicode_Check(items[at])) {
            PyErr_SetString(PyExc_TypeError, "a text is a str");
            return false;
        }
    }
    return true;
}

PyObject *witness(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *texts, *descriptions, *body;
    if (!PyArg_ParseTuple(args, "O!O!U", &PyList_Type, &texts, &PyTuple_Type, &descriptions, &body)
        || !are_texts(PySequence_Fast_ITEMS(texts), PyList_GET_SIZE(texts))
        || !are_texts(PySequence_Fast_ITEMS(descriptions), PyTuple_GET_SIZE(descriptions)))
        return NULL;
    Told told = {.texts = PySequence_Fast_ITEMS(texts), .count = PyList_GET_SIZE(texts), .width = TOLD_COLUMNS};
    PyObject *result = PyBytes_FromStringAndSize(NULL, told.count * TOLD_COLUMNS * (Py_ssize_t)sizeof(float));
    if (!result)
        return NULL;
    told.rows = (float *)PyBytes_AS_STRING(result);
    if (!hold_against(&told, descriptions, body))
        Py_CLEAR(result);
    return result;
}
