/* The numbers that the body model weighs, block by block. `text_columns.py` and `markup_columns.py` are the same with numpy and say what each
 * column is; tests/test_speedups.py holds both to one answer. */
#include "speedups.h"

enum { TEXT_COLUMNS = 50, TAG_COLUMNS = 18, BITS = 15, LEVELS = 4, SHARES = 5, MARKUP_COLUMNS = 6 + TAG_COLUMNS + 4 + BITS + LEVELS * SHARES + 4 + 1 };
enum { AROUND_BITS = 14, HIDDEN = 1 << AROUND_BITS, CONTAINER = 1 << 15, TAG_SHIFT = 16 }; /* in an element's meaning */
static const double FADE = 0.6;

typedef struct {
    Py_ssize_t blocks, elements;
    const int32_t *measures; /* M_COUNT a block */
    const int8_t *kinds;     /* of the phrase table: 1 end, 2 line, 3 more */
    const float *again;      /* how often the text stands on the page */
    double title_words;
    Py_ssize_t headline;
    const int32_t *element, *link_chars, *links, *strong_chars, *images, *parent, *depth, *hidden, *first, *end;
    const double *weights; /* least, greatest and mean of each element's class words */
    int32_t *meaning;      /* of each element: what it is around a block in bits, whether it contains, and from TAG_SHIFT on its column */
    int32_t *shape;        /* of each element, and of none */
} Page;

static inline double least(double one, double other) { return one < other ? one : other; }
static inline double most(double one, double other) { return one > other ? one : other; }
static inline double within(double value) { return value < -1 ? -1 : value > 1 ? 1 : value; }

typedef struct {
    double chars, words, size, stopped, prose;
} Text;

static Text text_of(const int32_t *m)
{
    Text text = {m[M_CHARS], m[M_SPACES] + 1, 0, (m[M_LAST] & STOP) != 0, 0};
    text.size = text.words + m[M_WIDE] / 2.0; /* two characters of a script without spaces count as a word */
    text.prose = text.stopped * (text.size > 15);
    return text;
}

static void write_text(const Page *page, float *out, Py_ssize_t width)
{
    double total = 0, told_total = 0, before = 0, told = 0, ends = 0, late = 0, count = (double)page->blocks;
    for (Py_ssize_t at = 0; at < page->blocks; at++) {
        Text text = text_of(page->measures + at * M_COUNT);
        total += text.chars;
        told_total += text.chars * text.prose;
    }
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += width) {
        const int32_t *m = page->measures + at * M_COUNT;
        Text text = text_of(m);
        double place = (double)at, known = page->headline >= 0, from = place - (double)page->headline, again = page->again[at];
        double end = page->kinds[at] == 1, words = m[M_LINE_WORDS], shared = m[M_SHARED];
        told += text.chars * text.prose;
        double told_share = told / most(1, told_total);
        double late_end = end * (told_share > 0.3); /* an end in the head of a page means little */
        const double row[TEXT_COLUMNS] = {
            log1p(text.chars) / 7,
            log1p(text.size) / 5,
            m[M_WIDE] > 0 ? 0.5 : least(1, text.chars / text.words / 12),
            (m[M_LAST] & CLOSER) != 0,
            text.stopped,
            least(1, m[M_COMMAS] / text.size * 8),
            least(1, (m[M_SENTENCES] + m[M_WIDE_STOPS]) / 5.0),
            m[M_LOWER_WORDS] / text.words,
            m[M_UPPER_WORDS] / text.words,
            least(1, m[M_DIGITS] / text.chars * 4),
            (m[M_FIRST] & LOWER) != 0,
            (m[M_FIRST] & (QUOTE | DASH)) != 0,
            (m[M_FIRST] & DIGIT) != 0,
            least(1, m[M_QUOTES] / 2.0),
            m[M_UPPER] > 0 && !m[M_LOWER],
            m[M_YEARS] > 0,
            m[M_TIMES] > 0,
            m[M_SIGNS] > 0,
            m[M_SLASHES] > 0,
            least(1, m[M_RULES] / 2.0),
            m[M_LAST_CODE] == '?',
            m[M_LAST_CODE] == ':',
            m[M_WIDE] * 3 > m[M_CHARS],
            least(1, m[M_BREAKS] / 3.0),
            text.words == 1,
            text.size < 4,
            text.size > 15,
            text.size > 40,
            end,
            page->kinds[at] == 2,
            page->kinds[at] == 3,
            m[M_CREDIT],
            again > 1,
            again > 1 ? least(1, again / 6) : 0,
            shared / most(1, least(words, page->title_words)),
            shared / most(1, words + page->title_words - shared),
            place / count,
            least(1, place / 60),
            before / total,
            1 - before / total,
            least(1, ends / 4),
            least(1, late / 2),
            told_share,
            least(1, count / 400),
            least(1, total / 30000),
            known,
            known * (from < 0),
            known * (from == 0),
            known * within(from / 80),
            known * within(from / 8),
        };
        for (int column = 0; column < TEXT_COLUMNS; column++)
            out[column] = (float)row[column];
        before += text.chars;
        ends += end;
        late += late_end;
    }
}

/* What an element has from its name and from those around it, and what it holds. The last one stands for no element: the whole page. */
typedef struct {
    double low, high, near, total, text, prose, links, blocks, own;
    int32_t around;
} Element;

typedef struct {
    double text, prose, links, blocks;
} Sums;

static void find_elements(const Page *page, const Sums *before, Element *elements)
{
    for (Py_ssize_t at = 0; at <= page->elements; at++) {
        Element *own = &elements[at];
        bool none = at == page->elements;
        const Sums *low = &before[none ? 0 : page->first[at]], *high = &before[none ? page->blocks : page->end[at]];
        *own = (Element){0, 0, 0, 0, high->text - low->text, high->prose - low->prose, high->links - low->links, high->blocks - low->blocks, 0, 0};
        own->own = own->prose;
        if (none)
            continue;
        const double *weights = page->weights + 3 * at;
        own->low = weights[0];
        own->high = weights[1];
        own->near = own->total = weights[2];
        own->around = (page->meaning[at] & (HIDDEN - 1)) | (page->hidden[at] ? HIDDEN : 0);
        if (page->parent[at] >= 0) {
            const Element *above = &elements[page->parent[at]];
            own->low = least(own->low, above->low);
            own->high = most(own->high, above->high);
            own->near += FADE * FADE * above->near;
            own->total += FADE * above->total;
            own->around |= above->around;
        }
    }
    for (Py_ssize_t at = 0; at < page->elements; at++) { /* an element's own prose is without that of the containers inside it */
        if (!(page->meaning[at] & CONTAINER))
            continue;
        Py_ssize_t above = page->parent[at];
        for (;;) {
            elements[above < 0 ? page->elements : above].own -= elements[at].prose;
            if (above < 0 || (page->meaning[above] & CONTAINER))
                break;
            above = page->parent[above];
        }
    }
}

static void write_markup(const Page *page, float *out, Py_ssize_t width, Sums *before, Element *elements, Sums *shapes)
{
    Sums all = {0, 0, 0, 0};
    memset(shapes, 0, (size_t)(page->elements + 1) * sizeof *shapes);
    for (Py_ssize_t at = 0; at < page->blocks; at++) {
        Text text = text_of(page->measures + at * M_COUNT);
        double links = page->link_chars[at], unlinked = 1 - 1.5 * links / text.chars;
        unlinked = unlinked < 0 ? 0 : unlinked > 1 ? 1 : unlinked;
        double good = text.chars * unlinked * (text.stopped * 0.7 + 0.3) * ((text.size > 15) * 0.8 + 0.2);
        Py_ssize_t element = page->element[at] < 0 ? page->elements : page->element[at];
        Sums *shape = &shapes[page->shape[element]];
        before[at] = all;
        all = (Sums){all.text + text.chars, all.prose + good, all.links + links, all.blocks + 1};
        *shape = (Sums){shape->text + text.chars, shape->prose + good, shape->links + links, shape->blocks + 1};
        out[at * width + width - 1] = (float)(text.prose * unlinked);
    }
    before[page->blocks] = all;
    find_elements(page, before, elements);
    const Element *whole = &elements[page->elements];
    double best = 0;
    for (Py_ssize_t at = 0; at < page->elements; at++)
        best = most(best, elements[at].own);
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += width) {
        float *cell = out + TEXT_COLUMNS;
        double chars = page->measures[at * M_COUNT + M_CHARS], links = page->link_chars[at];
        Py_ssize_t element = page->element[at] < 0 ? page->elements : page->element[at];
        *cell++ = (float)least(1, links / chars);
        *cell++ = (float)links >= 0.9f * (float)chars;
        *cell++ = (float)least(1, page->links[at] / 5.0);
        *cell++ = (float)least(1, page->strong_chars[at] / chars);
        *cell++ = (float)least(1, page->images[at] / 2.0);
        *cell++ = element == page->elements ? 0 : (float)least(1, page->depth[element] / 25.0);
        int tag_number = element == page->elements ? 0 : page->meaning[element] >> TAG_SHIFT;
        for (int tag = 1; tag <= TAG_COLUMNS; tag++)
            *cell++ = tag_number == tag;
        const Element *own = &elements[element];
        *cell++ = (float)(own->low / 4);
        *cell++ = (float)(own->high / 4);
        *cell++ = (float)(own->near / 4);
        *cell++ = (float)(own->total / 4);
        for (int bit = 0; bit < BITS; bit++)
            *cell++ = (float)(own->around >> bit & 1);
        Py_ssize_t level = element;
        for (int number = 0; number < LEVELS; number++) {
            const Element *around = &elements[level];
            *cell++ = (float)(around->prose / most(1, whole->prose));
            *cell++ = (float)(around->text / most(1, whole->text));
            *cell++ = (float)least(1, around->links / most(1, around->text));
            *cell++ = (float)least(1, around->blocks / 40);
            *cell++ = (float)(around->own / (best > 0 ? best : 1));
            if (level < page->elements && page->parent[level] >= 0)
                level = page->parent[level];
        }
        const Sums *shape = &shapes[page->shape[element]];
        *cell++ = (float)least(1, shape->blocks / 20);
        *cell++ = (float)(log1p(shape->text / shape->blocks) / 7);
        *cell++ = (float)(shape->prose / most(1, whole->prose));
        *cell++ = (float)least(1, shape->links / most(1, shape->text));
    }
}

/* ---- what elements are called ---- */

static bool find_meanings(Page *page, PyObject *names, PyObject *meanings)
{
    for (Py_ssize_t at = 0; at < page->elements; at++) {
        PyObject *meaning = PyDict_GetItemWithError(meanings, PyList_GET_ITEM(names, at));
        page->meaning[at] = meaning ? (int32_t)PyLong_AsLong(meaning) : 0;
        if (PyErr_Occurred())
            return false;
    }
    return true;
}

/* A table from 64-bit keys to numbers in the order of their first appearance. */
typedef struct {
    struct Place {
        uint64_t key;
        int32_t number, first; /* the number + 1, and the element it was given for */
    } *places;
    size_t mask;
    int32_t count;
} Numbers;

static bool same_text(PyObject *one, PyObject *other) { return one == other || PyUnicode_Compare(one, other) == 0; }

/* Give elements of one name and hint one number, and then those one that have it inside elements of one number. */
static bool find_shapes(Page *page, PyObject *names, PyObject *hints)
{
    Numbers known = {NULL, 63, 0};
    while (known.mask < (size_t)(2 * page->elements + 2))
        known.mask = known.mask * 2 + 1;
    int32_t *name = PyMem_Malloc((size_t)(page->elements + 1) * sizeof *name);
    known.places = PyMem_Calloc(known.mask + 1, sizeof *known.places);
    if (!name || !known.places) {
        PyMem_Free(name);
        PyMem_Free(known.places);
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t at = 0; at < page->elements; at++) {
        PyObject *tag = PyList_GET_ITEM(names, at), *hint = PyList_GET_ITEM(hints, at);
        uint64_t key = (uint64_t)PyObject_Hash(tag) * 31 + (uint64_t)PyObject_Hash(hint);
        size_t place = key & known.mask;
        struct Place *found;
        for (; (found = &known.places[place])->number; place = (place + 1) & known.mask)
            if (found->key == key && same_text(tag, PyList_GET_ITEM(names, found->first)) && same_text(hint, PyList_GET_ITEM(hints, found->first)))
                break;
        if (!found->number)
            *found = (struct Place){key, ++known.count, (int32_t)at};
        name[at] = found->number;
    }
    name[page->elements] = 0;
    memset(known.places, 0, (known.mask + 1) * sizeof *known.places);
    known.count = 0;
    for (Py_ssize_t at = 0; at <= page->elements; at++) {
        Py_ssize_t above = at < page->elements && page->parent[at] >= 0 ? page->parent[at] : at;
        uint64_t key = ((uint64_t)name[at] << 32 | (uint64_t)name[above]) + 1;
        size_t place = (key * 0x9e3779b97f4a7c15u >> 20) & known.mask;
        while (known.places[place].number && known.places[place].key != key)
            place = (place + 1) & known.mask;
        if (!known.places[place].number)
            known.places[place] = (struct Place){key, ++known.count, 0};
        page->shape[at] = known.places[place].number - 1;
    }
    PyMem_Free(name);
    PyMem_Free(known.places);
    return true;
}

/* ---- the door ---- */

const char columns_doc[] =
    "columns(measures, kinds, again, headline, layout, names, hints, meanings, weights)\n--\n\n"
    "Give the columns of each block, as rows of 32-bit floats: those of its text, and those of its markup where `layout` is not None.\n"
    "See `plain_columns.py`.";

static bool misfit(void)
{
    PyErr_SetString(PyExc_ValueError, "the arrays of a page do not fit each other");
    return false;
}

static bool are_places(const int32_t *places, Py_ssize_t count, Py_ssize_t low, Py_ssize_t high)
{
    for (Py_ssize_t at = 0; at < count; at++)
        if (places[at] < low || places[at] > high)
            return misfit();
    return true;
}

static bool is_sound(const Page *page)
{
    if (!are_places(page->element, page->blocks, -1, page->elements - 1) || !are_places(page->first, page->elements, 0, page->blocks)
        || !are_places(page->end, page->elements, 0, page->blocks))
        return false;
    for (Py_ssize_t at = 0; at < page->elements; at++)
        if (page->parent[at] < -1 || page->parent[at] >= at) /* parents stand before their children */
            return misfit();
    return true;
}

static bool are_texts(PyObject *list, Py_ssize_t count)
{
    if (!PyList_Check(list) || PyList_GET_SIZE(list) != count)
        return misfit();
    for (Py_ssize_t at = 0; at < count; at++)
        if (!PyUnicode_Check(PyList_GET_ITEM(list, at)))
            return misfit();
    return true;
}

enum { ARRAYS = 10, BLOCK_ARRAYS = 5, INT = sizeof(int32_t) };

static bool take_layout(Page *page, PyObject *layout, Py_buffer *arrays, int *held)
{
    const int32_t **places[ARRAYS] = {&page->element, &page->link_chars, &page->links, &page->strong_chars, &page->images,
                                      &page->parent, &page->depth, &page->hidden, &page->first, &page->end};
    if (!PyTuple_Check(layout) || PyTuple_GET_SIZE(layout) != ARRAYS)
        return misfit();
    for (; *held < ARRAYS; ++*held) {
        if (PyObject_GetBuffer(PyTuple_GET_ITEM(layout, *held), &arrays[*held], PyBUF_SIMPLE) < 0)
            return false;
        *places[*held] = arrays[*held].buf;
    }
    page->elements = arrays[BLOCK_ARRAYS].len / INT;
    for (int number = 0; number < ARRAYS; number++)
        if (arrays[number].len != INT * (number < BLOCK_ARRAYS ? page->blocks : page->elements))
            return misfit();
    return is_sound(page);
}

/* Write everything; the arrays that this takes besides are given back. */
static bool write_columns(Page *page, float *out, PyObject *names, PyObject *hints, PyObject *meanings)
{
    if (!names) {
        write_text(page, out, TEXT_COLUMNS);
        return true;
    }
    Sums *before = PyMem_Malloc((size_t)(page->blocks + 1) * sizeof *before), *shapes = PyMem_Malloc((size_t)(page->elements + 1) * sizeof *shapes);
    Element *elements = PyMem_Malloc((size_t)(page->elements + 1) * sizeof *elements);
    page->meaning = PyMem_Malloc((size_t)(page->elements + 1) * sizeof *page->meaning);
    page->shape = PyMem_Malloc((size_t)(page->elements + 1) * sizeof *page->shape);
    bool done = false;
    if (!before || !shapes || !elements || !page->meaning || !page->shape) {
        PyErr_NoMemory();
    } else if (find_meanings(page, names, meanings) && find_shapes(page, names, hints)) {
        write_text(page, out, TEXT_COLUMNS + MARKUP_COLUMNS);
        write_markup(page, out, TEXT_COLUMNS + MARKUP_COLUMNS, before, elements, shapes);
        done = true;
    }
    PyMem_Free(before);
    PyMem_Free(shapes);
    PyMem_Free(elements);
    PyMem_Free(page->meaning);
    PyMem_Free(page->shape);
    return done;
}

PyObject *columns(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer measures, kinds, again, weights, arrays[ARRAYS];
    PyObject *layout, *names, *hints, *meanings, *result = NULL;
    Page page = {0};
    int held = 0;
    if (!PyArg_ParseTuple(args, "y*y*y*nOOOO!y*", &measures, &kinds, &again, &page.headline, &layout, &names, &hints, &PyDict_Type, &meanings,
                          &weights))
        return NULL;
    bool markup = layout != Py_None;
    page.blocks = measures.len / (M_COUNT * INT) - 1; /* the last row is the headline's */
    page.measures = measures.buf;
    page.kinds = kinds.buf;
    page.again = again.buf;
    page.weights = weights.buf;
    if (page.blocks < 0 || kinds.len != page.blocks || again.len != page.blocks * (Py_ssize_t)sizeof(float)) {
        misfit();
    } else if (!markup || (take_layout(&page, layout, arrays, &held) && are_texts(names, page.elements) && are_texts(hints, page.elements))) {
        page.title_words = page.measures[page.blocks * M_COUNT + M_LINE_WORDS];
        if (markup && weights.len != page.elements * 3 * (Py_ssize_t)sizeof(double))
            misfit();
        else
            result = PyBytes_FromStringAndSize(NULL, page.blocks * (TEXT_COLUMNS + (markup ? MARKUP_COLUMNS : 0)) * (Py_ssize_t)sizeof(float));
        if (result && !write_columns(&page, (float *)PyBytes_AS_STRING(result), markup ? names : NULL, hints, meanings))
            Py_CLEAR(result);
    }
    while (held)
        PyBuffer_Release(&arrays[--held]);
    PyBuffer_Release(&measures);
    PyBuffer_Release(&kinds);
    PyBuffer_Release(&again);
    PyBuffer_Release(&weights);
    return result;
}
