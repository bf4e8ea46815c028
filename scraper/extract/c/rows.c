/* The numbers that the body model weighs, block by block: one row a block, each part of the page writing its columns. `plain_rows.py` is the
 * same with numpy; tests/test_speedups.py holds both to one answer. */
#include "page.h"

const char rows_doc[] = "rows(blocks, elements, layout, headline, at, told, tables)\n--\n\n"
                        "Give the columns of each block, as rows of 32-bit floats: those of its text, and those of its markup where `layout` is not\n"
                        "None; and a byte for each block: its place in the phrase table. See `plain_rows.py`.";

enum { ARRAYS = 10, BLOCK_ARRAYS = 5, INT = sizeof(int32_t) };

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

/* Take what is known of characters, phrases, words and names: `features.Tables`. */
static bool take_tables(Page *page, PyObject *tables, PyObject **meanings)
{
    PyObject *sorts, *lowered, *credits, *phrases, *weights, *kinds, *words;
    if (!PyArg_ParseTuple(tables, "O!O!O!O!O!O!O!iO!", &PyBytes_Type, &sorts, &PyBytes_Type, &lowered, &PyTuple_Type, &credits, &PyTuple_Type,
                          &phrases, &PyDict_Type, meanings, &PyDict_Type, &weights, &PyTuple_Type, &kinds, &page->kind_count, &PyDict_Type, &words))
        return false;
    if (page->kind_count < 0 || page->kind_count > MAX_KINDS)
        return misfit();
    return keep_characters(sorts, lowered) && keep_credits(credits) && keep_phrases(phrases) && keep_words(words) && keep_weights(weights)
        && keep_kinds(kinds);
}

/* Give each array of a page its place from `base` on; the size of them all. */
static size_t lay_out(Page *page, char *base)
{
    size_t blocks = (size_t)page->blocks + 1, elements = (size_t)page->elements + 1, size = 0;
#define PLACE(array, count)                                                                    \
    page->array = base ? (void *)(base + size) : NULL;                                         \
    size += ((count) * sizeof *page->array + 15) / 16 * 16;
    PLACE(texts, blocks)
    PLACE(measures, blocks * M_COUNT)
    PLACE(repeats, blocks)
    PLACE(before, blocks)
    PLACE(weights, 3 * elements)
    PLACE(masks, elements)
    PLACE(around, elements)
    PLACE(name, elements)
    PLACE(meaning, elements)
    PLACE(shape, elements)
    PLACE(found, elements)
    PLACE(sums, 2 * elements)
    PLACE(shapes, elements)
    return size;
}

/* Write all columns; `meanings` is NULL where there is no markup. */
static bool write_all(Page *page, float *out, PyObject *headline, PyObject *elements, PyObject *meanings, PyObject *descriptions, PyObject *body)
{
    float *told = out + TEXT_COLUMNS + MARKUP_COLUMNS, *kinds = told + TOLD_COLUMNS, *prose = kinds + 2 * page->kind_count;
    if (!measure_texts(page, headline, meanings ? prose + PROSE_COLUMNS : NULL) || !write_columns(page, out, elements, meanings))
        return false;
    if (!meanings)
        return true;
    if (!write_told(page, told, descriptions, body))
        return false;
    write_kinds(page, kinds);
    write_prose(page, prose);
    return true;
}

static PyObject *rows_of(Page *page, PyObject *headline, PyObject *blocks, PyObject *elements, PyObject *meanings, PyObject *descriptions,
                         PyObject *body)
{
    page->width = TEXT_COLUMNS;
    if (meanings)
        page->width += MARKUP_COLUMNS + TOLD_COLUMNS + 2 * page->kind_count + PROSE_COLUMNS + WORD_COLUMNS;
    PyObject *table = PyBytes_FromStringAndSize(NULL, page->blocks * page->width * (Py_ssize_t)sizeof(float));
    PyObject *marks = PyBytes_FromStringAndSize(NULL, page->blocks);
    char *arena = PyMem_Malloc(lay_out(page, NULL));
    bool done = false;
    if (table && marks && arena) {
        lay_out(page, arena);
        page->kinds = (uint8_t *)PyBytes_AS_STRING(marks);
        for (Py_ssize_t at = 0; at < page->blocks; at++)
            page->texts[at] = PyTuple_GET_ITEM(PyTuple_GET_ITEM(blocks, at), TEXT_FIELD);
        done = write_all(page, (float *)PyBytes_AS_STRING(table), headline, elements, meanings, descriptions, body);
    } else if (!PyErr_Occurred()) {
        PyErr_NoMemory();
    }
    PyMem_Free(arena);
    PyObject *result = done ? PyTuple_Pack(2, table, marks) : NULL;
    Py_XDECREF(table);
    Py_XDECREF(marks);
    return result;
}

static bool all_texts(PyObject *tuple)
{
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(tuple); at++) {
        if (!PyUnicode_Check(PyTuple_GET_ITEM(tuple, at))) {
            PyErr_SetString(PyExc_TypeError, "a description is a str");
            return false;
        }
    }
    return true;
}

PyObject *rows(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer arrays[ARRAYS];
    PyObject *blocks, *elements, *layout, *headline, *descriptions, *body, *tables, *meanings = NULL, *result = NULL;
    Page page = {0};
    int held = 0;
    if (!PyArg_ParseTuple(args, "O!O!OUn(O!U)O!", &PyTuple_Type, &blocks, &PyTuple_Type, &elements, &layout, &headline, &page.headline, &PyTuple_Type,
                          &descriptions, &body, &PyTuple_Type, &tables))
        return NULL;
    page.blocks = PyTuple_GET_SIZE(blocks);
    if (have_texts(blocks, page.blocks, TEXT_FIELD, TEXT_FIELD) && all_texts(descriptions) && take_tables(&page, tables, &meanings)
        && (layout == Py_None || (take_layout(&page, layout, arrays, &held) && have_texts(elements, page.elements, TAG_FIELD, HINT_FIELD))))
        result = rows_of(&page, headline, blocks, elements, layout == Py_None ? NULL : meanings, descriptions, body);
    while (held)
        PyBuffer_Release(&arrays[--held]);
    return result;
}
