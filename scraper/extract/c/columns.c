/* The numbers that the body model weighs, block by block. `plain_columns.py` and what it calls are the same with numpy and say what each column
 * is; tests/test_speedups.py holds both to one answer. */
#include "page.h"

enum { AROUND_BITS = 14, HIDDEN = 1 << AROUND_BITS, CONTAINER = 1 << 15, TAG_SHIFT = 16 }; /* in an element's meaning */
static const double FADE = 0.6;

/* Logarithms of small numbers, which most are. */
enum { LOGGED = 1024 };
static double logged[LOGGED]; /* of half the place plus one; 0 for what is not known yet */

static double log_of(double value)
{
    double twice = 2 * value;
    if (!(twice >= 1 && twice < LOGGED))
        return log1p(value);
    double *known = &logged[(int)twice];
    return *known > 0 ? *known : (*known = log1p(value));
}

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
        double place = (double)at, known = page->headline >= 0, from = place - (double)page->headline, again = page->repeats[at];
        double end = page->kinds[at] == 1, words = m[M_LINE_WORDS], shared = m[M_SHARED];
        told += text.chars * text.prose;
        double told_share = told / most(1, told_total);
        double late_end = end * (told_share > 0.3); /* an end in the head of a page means little */
        const double row[TEXT_COLUMNS] = {
            log_of(text.chars) / 7,
            log_of(text.size) / 5,
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

static void find_elements(const Page *page)
{
    const Sums *before = page->before;
    Element *elements = page->found;
    for (Py_ssize_t at = 0; at <= page->elements; at++) {
        Element *own = &elements[at];
        bool none = at == page->elements;
        const Sums *low = &before[none ? 0 : page->first[at]], *high = &before[none ? page->blocks : page->end[at]];
        *own = (Element){.text = high->text - low->text, .prose = high->prose - low->prose, .links = high->links - low->links};
        own->blocks = high->blocks - low->blocks;
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

/* Sum up what the blocks before each hold, and those of each shape. */
static void sum_up(Page *page, float *out)
{
    Sums all = {0, 0, 0, 0};
    memset(page->shapes, 0, (size_t)(page->elements + 1) * sizeof *page->shapes);
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += page->width) {
        Text text = text_of(page->measures + at * M_COUNT);
        double links = page->link_chars[at], good = prose_of(page, at);
        Sums *shape = &page->shapes[page->shape[page->element[at] < 0 ? page->elements : page->element[at]]];
        page->before[at] = all;
        all = (Sums){all.text + text.chars, all.prose + good, all.links + links, all.blocks + 1};
        *shape = (Sums){shape->text + text.chars, shape->prose + good, shape->links + links, shape->blocks + 1};
        out[MARKUP_COLUMNS - 1] = (float)(text.prose * unlinked_of(page, at));
    }
    page->before[page->blocks] = all;
}

/* Give what an element holds of the page, worked out when it is first asked for; `best` is the most prose that one has of its own. */
static const float *shares_of(Page *page, Py_ssize_t at, double best)
{
    Element *element = &page->found[at];
    const Element *whole = &page->found[page->elements];
    if (!element->shared) {
        const double shares[SHARES] = {
            element->prose / most(1, whole->prose),
            element->text / most(1, whole->text),
            least(1, element->links / most(1, element->text)),
            least(1, element->blocks / 40),
            element->own / (best > 0 ? best : 1),
        };
        for (int share = 0; share < SHARES; share++)
            element->shares[share] = (float)shares[share];
        element->shared = true;
    }
    return element->shares;
}

static void write_markup(Page *page, float *out)
{
    sum_up(page, out);
    find_elements(page);
    const Element *whole = &page->found[page->elements];
    double best = 0;
    for (Py_ssize_t at = 0; at < page->elements; at++)
        best = most(best, page->found[at].own);
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += page->width) {
        float *cell = out;
        double chars = page->measures[at * M_COUNT + M_CHARS], links = page->link_chars[at];
        Py_ssize_t element = page->element[at] < 0 ? page->elements : page->element[at];
        *cell++ = (float)least(1, links / chars);
        *cell++ = (float)links >= 0.9f * (float)chars;
        *cell++ = (float)least(1, page->links[at] / 5.0);
        *cell++ = (float)least(1, page->strong_chars[at] / chars);
        *cell++ = (float)least(1, page->images[at] / 2.0);
        *cell++ = element == page->elements ? 0 : (float)least(1, page->depth[element] / 25.0);
        int tag_number = element == page->elements ? 0 : page->meaning[element] >> TAG_SHIFT;
        memset(cell, 0, TAG_COLUMNS * sizeof *cell);
        if (tag_number > 0 && tag_number <= TAG_COLUMNS)
            cell[tag_number - 1] = 1;
        cell += TAG_COLUMNS;
        const Element *own = &page->found[element];
        *cell++ = (float)(own->low / 4);
        *cell++ = (float)(own->high / 4);
        *cell++ = (float)(own->near / 4);
        *cell++ = (float)(own->total / 4);
        for (int bit = 0; bit < BITS; bit++)
            *cell++ = (float)(own->around >> bit & 1);
        Py_ssize_t level = element;
        for (int number = 0; number < LEVELS; number++, cell += SHARES) {
            memcpy(cell, shares_of(page, level, best), SHARES * sizeof *cell);
            if (level < page->elements && page->parent[level] >= 0)
                level = page->parent[level];
        }
        const Sums *shape = &page->shapes[page->shape[element]];
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

static PyObject *text_at(PyObject *rows, Py_ssize_t row, Py_ssize_t column) { return PyTuple_GET_ITEM(PyTuple_GET_ITEM(rows, row), column); }

static inline uint64_t stir(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

/* Hash a text; two that are equal are kept in characters of one width. */
static uint64_t hash_text(PyObject *text, uint64_t seed)
{
    const char *data = PyUnicode_DATA(text);
    size_t size = (size_t)PyUnicode_GET_LENGTH(text) * (size_t)PyUnicode_KIND(text);
    uint64_t hash = seed ^ size, word;
    for (; size >= sizeof word; size -= sizeof word, data += sizeof word) {
        memcpy(&word, data, sizeof word);
        hash = stir(hash, word);
    }
    word = 0;
    memcpy(&word, data, size);
    return stir(hash, word);
}

static bool same_text(PyObject *one, PyObject *other)
{
    return one == other
        || (PyUnicode_KIND(one) == PyUnicode_KIND(other) && PyUnicode_GET_LENGTH(one) == PyUnicode_GET_LENGTH(other)
            && !memcmp(PyUnicode_DATA(one), PyUnicode_DATA(other), (size_t)PyUnicode_GET_LENGTH(one) * (size_t)PyUnicode_KIND(one)));
}

/* Count how often each text stands on the page. */
static bool find_repeats(Page *page)
{
    Numbers known;
    if (!make_numbers(&known, page->blocks))
        return false;
    uint64_t seed = (uint64_t)(page->blocks ? PyObject_Hash(page->texts[0]) : 0); /* of this process: nobody can foretell it */
    for (Py_ssize_t at = 0; at < page->blocks; at++) {
        uint64_t key = hash_text(page->texts[at], seed);
        size_t place = key & known.mask;
        struct Place *found;
        for (; (found = &known.places[place])->number; place = (place + 1) & known.mask)
            if (found->key == key && same_text(page->texts[at], page->texts[found->first]))
                break;
        if (!found->number)
            *found = (struct Place){key, 1, (int32_t)at};
        else
            found->number++;
        page->repeats[at] = (int32_t)place;
    }
    for (Py_ssize_t at = 0; at < page->blocks; at++)
        page->repeats[at] = known.places[page->repeats[at]].number;
    PyMem_Free(known.places);
    return true;
}

/* What hints mean, by their hash, which differs from process to process: a site writes the same ones on every page. */
enum { SEEN = 4096 };
static struct {
    uint64_t key;
    int64_t mask;
    double weights[3];
    bool known;
} seen[SEEN];

void forget_hints(void) { memset(seen, 0, sizeof seen); }

/* Find what an element's tag and hint mean. */
static bool find_meaning(Page *page, Py_ssize_t at, PyObject *tag, PyObject *hint, PyObject *meanings)
{
    PyObject *meaning = PyDict_GetItemWithError(meanings, tag);
    page->meaning[at] = meaning ? (int32_t)PyLong_AsLong(meaning) : 0;
    if (PyErr_Occurred())
        return false;
    uint64_t key = (uint64_t)PyObject_Hash(hint);
    size_t place = (key ^ key >> 32) % SEEN;
    if (!seen[place].known || seen[place].key != key) {
        Py_ssize_t size;
        const char *name = PyUnicode_AsUTF8AndSize(hint, &size);
        if (!name)
            return false;
        seen[place].key = key;
        seen[place].mask = mask_of_hint(name, size);
        weigh_hint(name, size, seen[place].weights);
        seen[place].known = true;
    }
    page->masks[at] = seen[place].mask;
    memcpy(page->weights + 3 * at, seen[place].weights, sizeof seen[place].weights);
    return true;
}

/* Find what the elements' names mean, and give those of one tag and hint one number; what they mean is found once for all of them. */
static bool number_names(Page *page, PyObject *elements, PyObject *meanings)
{
    Numbers known;
    if (!make_numbers(&known, page->elements))
        return false;
    bool done = true;
    for (Py_ssize_t at = 0; done && at < page->elements; at++) {
        PyObject *tag = text_at(elements, at, TAG_FIELD), *hint = text_at(elements, at, HINT_FIELD);
        uint64_t key = stir((uint64_t)PyObject_Hash(tag), (uint64_t)PyObject_Hash(hint));
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
        page->name[at] = found->number;
    }
    page->name[page->elements] = 0;
    PyMem_Free(known.places);
    return done;
}

/* Give elements of one name inside elements of one name one number. */
static bool number_shapes(Page *page)
{
    const int32_t *name = page->name;
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

bool write_columns(Page *page, float *out, PyObject *elements, PyObject *meanings)
{
    if (!find_repeats(page))
        return false;
    write_text(page, out);
    if (!meanings)
        return true;
    if (!number_names(page, elements, meanings) || !number_shapes(page))
        return false;
    write_markup(page, out + TEXT_COLUMNS);
    return true;
}
