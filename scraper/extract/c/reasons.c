/* Why is each block of a page not in the body? `plain_reasons.py` is the same in Python; tests/test_speedups.py holds both to one answer. */
#include "speedups.h"
#include <structmember.h>

/* What is said first in reasons.py's SAID; the rest of it is what `around` and `captions` point to. */
enum { R_CHROME, R_HIDDEN, R_LINKS, R_NOWHERE, R_ABOVE, R_BELOW, R_BETWEEN, R_FIXED };
enum { MAX_SAID = 32, HUNDREDTHS = 101, MAX_REASON_CHARS = 300, NO_REASON = 0xff };
static const double LINKED_SHARE = 0.6;

static PyObject *known_said, *written[MAX_SAID][HUNDREDTHS]; /* the reasons of the tuple that is kept, with their numbers */

static bool keep_said(PyObject *said)
{
    if (said == known_said)
        return true;
    Py_ssize_t count = PyTuple_GET_SIZE(said);
    if (count < R_FIXED || count > MAX_SAID) {
        PyErr_SetString(PyExc_ValueError, "more or fewer reasons than are known");
        return false;
    }
    for (Py_ssize_t at = 0; at < count; at++) {
        if (!PyUnicode_Check(PyTuple_GET_ITEM(said, at))) {
            PyErr_SetString(PyExc_TypeError, "a reason is a str");
            return false;
        }
    }
    for (int at = 0; at < MAX_SAID; at++)
        for (int number = 0; number < HUNDREDTHS; number++)
            Py_CLEAR(written[at][number]);
    Py_XSETREF(known_said, Py_NewRef(said));
    return true;
}

static PyObject *with_score(PyObject *reason, double score)
{
    char *digits = PyOS_double_to_string(score, 'f', 2, 0, NULL);
    PyObject *text = digits ? PyUnicode_FromFormat("%U (story %s)", reason, digits) : NULL;
    PyMem_Free(digits);
    return text;
}

/* One of the known reasons with the score of a block. Times 100 a score is between two halves or near one of them, and only there does
 * multiplying not round as writing does. */
static PyObject *write_reason(uint8_t code, double score)
{
    PyObject *reason = PyTuple_GET_ITEM(known_said, code);
    if (!(score >= 0 && score <= 1) || signbit(score))
        return with_score(reason, score);
    double hundredths = score * 100, number = nearbyint(hundredths);
    if (fabs(hundredths - number) == 0.5)
        return with_score(reason, score);
    PyObject **place = &written[code][(int)number];
    if (!*place && !(*place = with_score(reason, score)))
        return NULL;
    return Py_NewRef(*place);
}

/* The code that a table gives for a name; NO_REASON where it has none, and -1 with an exception set. */
static int code_of(PyObject *table, PyObject *name)
{
    PyObject *code = PyDict_GetItemWithError(table, name);
    if (!code)
        return PyErr_Occurred() ? -1 : NO_REASON;
    long number = PyLong_AsLong(code);
    if (number < 0 || number >= PyTuple_GET_SIZE(known_said)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "a table points to no reason");
        return -1;
    }
    return (int)number;
}

typedef struct {
    Py_buffer element, link_chars, parent, hidden;
    int held;
    const int32_t *of_block, *links;
    Py_ssize_t blocks, elements;
} Frames;

static void release(Frames *frames)
{
    Py_buffer *buffers[] = {&frames->element, &frames->link_chars, &frames->parent, &frames->hidden};
    while (frames->held > 0)
        PyBuffer_Release(buffers[--frames->held]);
}

static bool hold(Frames *frames, PyObject *layout)
{
    Py_buffer *buffers[] = {&frames->element, &frames->link_chars, &frames->parent, &frames->hidden};
    if (!PyTuple_Check(layout) || PyTuple_GET_SIZE(layout) != 4) {
        PyErr_SetString(PyExc_TypeError, "a layout is four arrays");
        return false;
    }
    for (; frames->held < 4; frames->held++)
        if (PyObject_GetBuffer(PyTuple_GET_ITEM(layout, frames->held), buffers[frames->held], PyBUF_C_CONTIGUOUS) < 0)
            return false;
    Py_ssize_t width = (Py_ssize_t)sizeof(int32_t);
    if (frames->element.len != frames->blocks * width || frames->link_chars.len != frames->blocks * width
        || frames->parent.len != frames->elements * width || frames->hidden.len != frames->elements * width) {
        PyErr_SetString(PyExc_ValueError, "the arrays of a layout do not fit each other");
        return false;
    }
    frames->of_block = frames->element.buf;
    frames->links = frames->link_chars.buf;
    return true;
}

/* What each element says of the blocks in it: that it is hidden, or what the innermost telling element around it is. Parents come first. */
static uint8_t *tell_elements(const Frames *frames, PyObject *elements, PyObject *around)
{
    const int32_t *parents = frames->parent.buf, *hidden = frames->hidden.buf;
    uint8_t *codes = PyMem_Malloc((size_t)frames->elements + 1);
    if (!codes)
        return (uint8_t *)PyErr_NoMemory();
    for (Py_ssize_t at = 0; at < frames->elements; at++) {
        PyObject *element = PyTuple_GET_ITEM(elements, at);
        bool fits = PyTuple_Check(element) && PyTuple_GET_SIZE(element) > 0 && parents[at] < at;
        int code = fits ? code_of(around, PyTuple_GET_ITEM(element, 0)) : -1;
        if (code < 0) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "an element is a tuple that comes after its parent");
            PyMem_Free(codes);
            return NULL;
        }
        uint8_t outer = parents[at] < 0 ? NO_REASON : codes[parents[at]];
        codes[at] = hidden[at] || outer == R_HIDDEN ? R_HIDDEN : code != NO_REASON ? (uint8_t)code : outer;
    }
    return codes;
}

static Py_ssize_t text_slot, reason_slot; /* where they stand in an object of the type below, which is kept */
static PyTypeObject *known_record;

/* Find where an object of this type keeps an attribute that is a slot of its own; -1 with an exception set where it is none. */
static Py_ssize_t slot_of(PyObject *type, const char *name)
{
    PyObject *found = PyObject_GetAttrString(type, name);
    const PyMemberDef *slot = found && Py_IS_TYPE(found, &PyMemberDescr_Type) ? ((PyMemberDescrObject *)found)->d_member : NULL;
    Py_ssize_t offset = slot && slot->type == T_OBJECT_EX && !(slot->flags & READONLY) ? slot->offset : -1;
    Py_XDECREF(found);
    if (offset < 0 && !PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "a record has slots for its text and its reason");
    return offset;
}

static bool keep_record(PyObject *record)
{
    if ((PyTypeObject *)record == known_record)
        return true;
    Py_ssize_t text = slot_of(record, "text"), reason = text < 0 ? -1 : slot_of(record, "reason");
    if (reason < 0)
        return false;
    text_slot = text;
    reason_slot = reason;
    Py_XSETREF(known_record, (PyTypeObject *)Py_NewRef(record));
    return true;
}

/* A record of a block that is not kept, as its own constructor would make it. Takes over `reason`, which may be NULL. */
static PyObject *make_record(PyObject *text, PyObject *reason)
{
    PyObject *head = reason ? PyUnicode_Substring(text, 0, MAX_REASON_CHARS) : NULL;
    PyObject *record = head ? known_record->tp_alloc(known_record, 0) : NULL; /* its slots are empty */
    if (!record) {
        Py_XDECREF(head);
        Py_XDECREF(reason);
        return NULL;
    }
    if (PyObject_IS_GC(record))
        PyObject_GC_UnTrack(record); /* it holds two texts, which lead nowhere: no collection need look at it */
    *(PyObject **)((char *)record + text_slot) = head;
    *(PyObject **)((char *)record + reason_slot) = reason;
    return record;
}

typedef struct {
    PyObject *texts, *kept, *scores, *known, *elements, *captions;
    const char *chrome;
    const uint8_t *codes; /* of the elements; NULL where there is no markup */
    Frames frames;
    Py_ssize_t first, last;
} Page;

/* The reason of one block as a new str; NULL with an exception set. */
static PyObject *reason_of(const Page *page, Py_ssize_t at, PyObject *text)
{
    double score = PyFloat_AsDouble(PyList_GET_ITEM(page->scores, at));
    if (score == -1.0 && PyErr_Occurred())
        return NULL;
    if (PyDict_GET_SIZE(page->known)) {
        PyObject *index = PyLong_FromSsize_t(at), *told = index ? PyDict_GetItemWithError(page->known, index) : NULL;
        Py_XDECREF(index);
        if (told && PyUnicode_Check(told))
            return with_score(told, score);
        if (PyErr_Occurred())
            return NULL;
    }
    if (page->chrome[at])
        return write_reason(R_CHROME, score);
    if (page->codes) {
        int32_t element = page->frames.of_block[at];
        if (element >= page->frames.elements) {
            PyErr_SetString(PyExc_ValueError, "the arrays of a layout do not fit each other");
            return NULL;
        }
        int code = element < 0 ? NO_REASON : page->codes[element];
        if (code == NO_REASON && element >= 0 && (code = code_of(page->captions, PyTuple_GET_ITEM(PyTuple_GET_ITEM(page->elements, element), 0))) < 0)
            return NULL;
        if (code == NO_REASON && page->frames.links[at] >= LINKED_SHARE * (double)PyUnicode_GET_LENGTH(text))
            code = R_LINKS;
        if (code != NO_REASON)
            return write_reason((uint8_t)code, score);
    }
    uint8_t place = page->last < page->first ? R_NOWHERE : at < page->first ? R_ABOVE : at > page->last ? R_BELOW : R_BETWEEN;
    return write_reason(place, score);
}

/* The next index that is kept, after the one before; `count` where there is none, -1 with an exception set. */
static Py_ssize_t kept_after(const Page *page, Py_ssize_t before, Py_ssize_t place, Py_ssize_t count)
{
    if (place >= PyTuple_GET_SIZE(page->kept))
        return count;
    Py_ssize_t index = PyLong_AsSsize_t(PyTuple_GET_ITEM(page->kept, place));
    if (index > before && index < count)
        return index;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "the blocks that are kept are no blocks of this page, or not in its order");
    return -1;
}

static PyObject *explain_all(const Page *page, Py_ssize_t count)
{
    PyObject *found = PyTuple_New(count - PyTuple_GET_SIZE(page->kept));
    Py_ssize_t place = 0, made = 0, next = kept_after(page, -1, 0, count);
    bool good = found && next >= 0;
    for (Py_ssize_t at = 0; good && at < count; at++) {
        if (at == next) {
            next = kept_after(page, at, ++place, count);
            good = next >= 0;
            continue;
        }
        PyObject *text = PyList_GET_ITEM(page->texts, at), *record = NULL;
        if (!PyUnicode_Check(text) || made >= PyTuple_GET_SIZE(found))
            PyErr_SetString(PyExc_TypeError, "a text is a str, and what is kept stands in order");
        else
            record = make_record(text, reason_of(page, at, text));
        good = record != NULL;
        if (good)
            PyTuple_SET_ITEM(found, made++, record);
    }
    if (!good)
        Py_CLEAR(found);
    if (found)
        PyObject_GC_UnTrack(found); /* as its records */
    return found;
}

const char explain_doc[] =
             "explain(texts, kept, scores, known, chrome, elements, layout, words, record)\n--\n\n"
             "Give a record for each block that is not kept, with the reason. See `plain_reasons.py`.";

PyObject *explain(PyObject *Py_UNUSED(module), PyObject *args)
{
    Page page = {0};
    PyObject *layout, *said, *around, *record;
    Py_ssize_t chrome;
    if (!PyArg_ParseTuple(args, "O!O!O!O!y#O!O(O!O!O!)O!", &PyList_Type, &page.texts, &PyTuple_Type, &page.kept, &PyList_Type, &page.scores,
                          &PyDict_Type, &page.known, &page.chrome, &chrome, &PyTuple_Type, &page.elements, &layout, &PyTuple_Type, &said,
                          &PyDict_Type, &around, &PyDict_Type, &page.captions, &PyType_Type, &record))
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(page.texts), kept = PyTuple_GET_SIZE(page.kept);
    if (PyList_GET_SIZE(page.scores) != count || chrome != count || kept > count) {
        PyErr_SetString(PyExc_ValueError, "a page has one score and one mark for each text");
        return NULL;
    }
    if (!keep_said(said) || !keep_record(record))
        return NULL;
    page.frames.blocks = count;
    page.frames.elements = PyTuple_GET_SIZE(page.elements);
    uint8_t *codes = NULL;
    bool ready = layout == Py_None || (hold(&page.frames, layout) && (codes = tell_elements(&page.frames, page.elements, around)));
    PyObject *found = NULL;
    page.codes = codes;
    page.last = -1;
    if (ready && kept) {
        page.last = PyLong_AsSsize_t(PyTuple_GET_ITEM(page.kept, kept - 1));
        page.first = PyLong_AsSsize_t(PyTuple_GET_ITEM(page.kept, 0));
        ready = !PyErr_Occurred();
    }
    if (ready)
        found = explain_all(&page, count);
    PyMem_Free(codes);
    release(&page.frames);
    return found;
}
