/* The numbers that the body model weighs, block by block. `plain_columns.py` and what it calls are the same with numpy and say what each column
 * is; tests/test_speedups.py holds both to one answer. */
#include "page.h"

enum { TEXT_COLUMNS = 50, TAG_COLUMNS = 18, BITS = 15, LEVELS = 4, SHARES = 5, MARKUP_COLUMNS = 6 + TAG_COLUMNS + 4 + BITS + LEVELS * SHARES + 4 + 1 };
enum { AROUND_BITS = 14, HIDDEN = 1 << AROUND_BITS, CONTAINER = 1 << 15, TAG_SHIFT = 16 }; /* in an element's meaning */
static const double FADE = 0.6;

static inline double within(double value) { return value < -1 ? -1 : value > 1 ? 1 : value; }

static void write_text(const Page *page, float *out)
{
    double total = 0, told_total = 0, before = 0, told = 0, ends = 0, late = 0, count = (double)page->blocks;
    for (Py_ssize_t at = 0; at < page->blocks; at++) {
        Text text = text_of(page->measures + at * M_COUNT);
        total += text.chars;
        told_total += text.chars * text.prose;
    }
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += page->width) {
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

static void write_markup(const Page *page, float *out, Sums *before, Element *elements, Sums *shapes)
{
    Sums all = {0, 0, 0, 0};
    memset(shapes, 0, (size_t)(page->elements + 1) * sizeof *shapes);
    for (Py_ssize_t at = 0; at < page->blocks; at++) {
        Text text = text_of(page->measures + at * M_COUNT);
        double links = page->link_chars[at], good = prose_of(page, at);
        Py_ssize_t element = page->element[at] < 0 ? page->elements : page->element[at];
        Sums *shape = &shapes[page->shape[element]];
        before[at] = all;
        all = (Sums){all.text + text.chars, all.prose + good, all.links + links, all.blocks + 1};
        *shape = (Sums){shape->text + text.chars, shape->prose + good, shape->links + links, shape->blocks + 1};
        out[at * page->width + TEXT_COLUMNS + MARKUP_COLUMNS - 1] = (float)(text.prose * unlinked_of(page, at));
    }
    before[page->blocks] = all;
    find_elements(page, before, elements);
    const Element *whole = &elements[page->elements];
    double best = 0;
    for (Py_ssize_t at = 0; at < page->elements; at++)
        best = most(best, elements[at].own);
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += page->width) {
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

/* ---- what the page is called, and how often its texts stand there ---- */

/* A table from 64-bit keys to numbers in the order of their first appearance. */
typedef struct {
    struct Place {
        uint64_t key;
        int32_t number, first; /* the number + 1, and what it was given for */
    } *places;
    size_t mask;
    int32_t count;
} Numbers;

static bool make_numbers(Numbers *numbers, Py_ssize_t most)
{
    *numbers = (Numbers){NULL, 63, 0};
    while (numbers->mask < (size_t)(2 * most + 2))
        numbers->mask = numbers->mask * 2 + 1;
    numbers->places = PyMem_Calloc(numbers->mask + 1, sizeof *numbers->places);
    if (!numbers->places)
        PyErr_NoMemory();
    return numbers->places;
}

static bool same_text(PyObject *one, PyObject *other) { return one == other || PyUnicode_Compare(one, other) == 0; }

static PyObject *text_at(PyObject *rows, Py_ssize_t row, Py_ssize_t column) { return PyTuple_GET_ITEM(PyTuple_GET_ITEM(rows, row), column); }

/* Count how often each text stands on the page. */
static bool find_repeats(Page *page, PyObject *blocks)
{
    Numbers known;
    int32_t *first = PyMem_Malloc((size_t)(page->blocks + 1) * sizeof *first);
    if (!first || !make_numbers(&known, page->blocks)) {
        PyMem_Free(first);
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t at = 0; at < page->blocks; at++) {
        PyObject *text = text_at(blocks, at, TEXT_FIELD);
        uint64_t key = (uint64_t)PyObject_Hash(text);
        size_t place = key & known.mask;
        struct Place *found;
        for (; (found = &known.places[place])->number; place = (place + 1) & known.mask)
            if (found->key == key && same_text(text, text_at(blocks, found->first, TEXT_FIELD)))
                break;
        if (!found->number) {
            *found = (struct Place){key, 1, (int32_t)at};
            page->again[at] = 0;
        }
        first[at] = found->first;
        page->again[found->first]++;
    }
    for (Py_ssize_t at = 0; at < page->blocks; at++)
        page->again[at] = page->again[first[at]];
    PyMem_Free(first);
    PyMem_Free(known.places);
    return true;
}

/* Find what an element's tag and hint mean. */
static bool find_meaning(Page *page, Py_ssize_t at, PyObject *tag, PyObject *hint, PyObject *meanings)
{
    Py_ssize_t size;
    PyObject *meaning = PyDict_GetItemWithError(meanings, tag);
    page->meaning[at] = meaning ? (int32_t)PyLong_AsLong(meaning) : 0;
    const char *name = PyErr_Occurred() ? NULL : PyUnicode_AsUTF8AndSize(hint, &size);
    if (!name)
        return false;
    weigh_hint(name, size, page->weights + 3 * at);
    page->masks[at] = mask_of_hint(name, size);
    return true;
}

/* Find what the elements' names mean, and give those of one tag and hint one number; what they mean is found once for all of them. */
static bool number_names(Page *page, PyObject *elements, PyObject *meanings, int32_t *name)
{
    Numbers known;
    if (!make_numbers(&known, page->elements))
        return false;
    bool done = true;
    for (Py_ssize_t at = 0; done && at < page->elements; at++) {
        PyObject *tag = text_at(elements, at, TAG_FIELD), *hint = text_at(elements, at, HINT_FIELD);
        uint64_t key = (uint64_t)PyObject_Hash(tag) * 31 + (uint64_t)PyObject_Hash(hint);
        size_t place = key & known.mask;
        struct Place *found;
        for (; (found = &known.places[place])->number; place = (place + 1) & known.mask)
            if (found->key == key && same_text(tag, text_at(elements, found->first, TAG_FIELD))
                && same_text(hint, text_at(elements, found->first, HINT_FIELD)))
                break;
        if (found->number) {
            page->meaning[at] = page->meaning[found->first];
            page->masks[at] = page->masks[found->first];
            memcpy(page->weights + 3 * at, page->weights + 3 * found->first, 3 * sizeof *page->weights);
        } else {
            *found = (struct Place){key, ++known.count, (int32_t)at};
            done = find_meaning(page, at, tag, hint, meanings);
        }
        name[at] = found->number;
    }
    name[page->elements] = 0;
    PyMem_Free(known.places);
    return done;
}

/* Give elements of one name inside elements of one name one number. */
static bool number_shapes(Page *page, const int32_t *name)
{
    Numbers known;
    if (!make_numbers(&known, page->elements))
        return false;
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
    PyMem_Free(known.places);
    return true;
}

static bool find_names(Page *page, PyObject *elements, PyObject *meanings)
{
    int32_t *name = PyMem_Malloc((size_t)(page->elements + 1) * sizeof *name);
    if (!name)
        PyErr_NoMemory();
    bool done = name && number_names(page, elements, meanings, name) && number_shapes(page, name);
    PyMem_Free(name);
    return done;
}

/* ---- the door ---- */

const char columns_doc[] =
    "columns(measures, kinds, headline, blocks, elements, layout, tables, told)\n--\n\n"
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

/* Are these so many rows with texts in these columns? */
static bool have_texts(PyObject *rows, Py_ssize_t count, Py_ssize_t one, Py_ssize_t other)
{
    if (PyTuple_GET_SIZE(rows) != count)
        return misfit();
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *row = PyTuple_GET_ITEM(rows, at);
        if (!PyTuple_Check(row) || PyTuple_GET_SIZE(row) <= other || !PyUnicode_Check(PyTuple_GET_ITEM(row, one))
            || !PyUnicode_Check(PyTuple_GET_ITEM(row, other)))
            return misfit();
    }
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

/* Take the tables of what names mean: of tags, of class words by weight, of class words by kind, and how many kinds there are. */
static bool take_tables(Page *page, PyObject *tables, PyObject **meanings)
{
    PyObject *weights, *kinds;
    if (!PyTuple_Check(tables)) {
        misfit();
        return false;
    }
    if (!PyArg_ParseTuple(tables, "O!O!O!i", &PyDict_Type, meanings, &PyDict_Type, &weights, &PyTuple_Type, &kinds, &page->kind_count))
        return false;
    if (page->kind_count < 0 || page->kind_count > MAX_KINDS)
        return misfit();
    return keep_weights(weights) && keep_kinds(kinds);
}

/* Write everything that the markup adds. */
static bool write_page(Page *page, float *out, PyObject *elements, PyObject *meanings)
{
    size_t blocks = (size_t)page->blocks + 1, count = (size_t)page->elements + 1;
    Sums *before = PyMem_Malloc(blocks * sizeof *before), *shapes = PyMem_Malloc(count * sizeof *shapes);
    Element *found = PyMem_Malloc(count * sizeof *found);
    double *sums = PyMem_Malloc(2 * count * sizeof *sums);
    int64_t *around = PyMem_Malloc(count * sizeof *around);
    page->weights = PyMem_Malloc(3 * count * sizeof *page->weights);
    page->masks = PyMem_Malloc(count * sizeof *page->masks);
    page->meaning = PyMem_Malloc(count * sizeof *page->meaning);
    page->shape = PyMem_Malloc(count * sizeof *page->shape);
    bool done = false;
    if (!before || !shapes || !found || !sums || !around || !page->weights || !page->masks || !page->meaning || !page->shape) {
        PyErr_NoMemory();
    } else if (find_names(page, elements, meanings)) {
        write_markup(page, out, before, found, shapes);
        out += TEXT_COLUMNS + MARKUP_COLUMNS;
        for (Py_ssize_t at = 0; at < page->blocks; at++)
            memcpy(out + at * page->width, page->told + at * TOLD_COLUMNS, TOLD_COLUMNS * sizeof *out);
        write_kinds(page, out + TOLD_COLUMNS, around);
        write_prose(page, out + TOLD_COLUMNS + 2 * page->kind_count, before, sums);
        done = true;
    }
    void *all[] = {before, shapes, found, sums, around, page->weights, page->masks, page->meaning, page->shape};
    for (size_t number = 0; number < sizeof all / sizeof all[0]; number++)
        PyMem_Free(all[number]);
    return done;
}

static PyObject *rows_of(Page *page, PyObject *blocks, PyObject *elements, PyObject *meanings)
{
    page->width = TEXT_COLUMNS + (meanings ? MARKUP_COLUMNS + TOLD_COLUMNS + 2 * page->kind_count + PROSE_COLUMNS : 0);
    page->title_words = page->measures[page->blocks * M_COUNT + M_LINE_WORDS];
    page->again = PyMem_Malloc((size_t)(page->blocks + 1) * sizeof *page->again);
    PyObject *result = PyBytes_FromStringAndSize(NULL, page->blocks * page->width * (Py_ssize_t)sizeof(float));
    if (!page->again && result)
        Py_SETREF(result, PyErr_NoMemory());
    if (result && find_repeats(page, blocks)) {
        float *out = (float *)PyBytes_AS_STRING(result);
        write_text(page, out);
        if (meanings && !write_page(page, out, elements, meanings))
            Py_CLEAR(result);
    } else {
        Py_CLEAR(result);
    }
    PyMem_Free(page->again);
    return result;
}

PyObject *columns(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer measures, kinds, told, arrays[ARRAYS];
    PyObject *blocks, *elements, *layout, *tables, *meanings = NULL, *result = NULL;
    Page page = {0};
    int held = 0;
    if (!PyArg_ParseTuple(args, "y*y*nO!O!OOy*", &measures, &kinds, &page.headline, &PyTuple_Type, &blocks, &PyTuple_Type, &elements, &layout,
                          &tables, &told))
        return NULL;
    page.blocks = measures.len / (M_COUNT * INT) - 1; /* the last row is the headline's */
    page.measures = measures.buf;
    page.kinds = kinds.buf;
    page.told = told.buf;
    bool fits = page.blocks >= 0 && kinds.len == page.blocks && have_texts(blocks, page.blocks, TEXT_FIELD, TEXT_FIELD);
    if (fits && layout != Py_None)
        fits = take_layout(&page, layout, arrays, &held) && have_texts(elements, page.elements, TAG_FIELD, HINT_FIELD)
            && take_tables(&page, tables, &meanings) && (told.len == page.blocks * TOLD_COLUMNS * (Py_ssize_t)sizeof(float) || misfit());
    if (fits)
        result = rows_of(&page, blocks, elements, meanings);
    else if (!PyErr_Occurred())
        misfit();
    while (held)
        PyBuffer_Release(&arrays[--held]);
    PyBuffer_Release(&measures);
    PyBuffer_Release(&kinds);
    PyBuffer_Release(&told);
    return result;
}
