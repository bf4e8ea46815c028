/* One page while its rows are written: what is known of its texts and elements. `rows.c` fills it, each part below writes its columns. */
#ifndef PAGE_H
#define PAGE_H

#include "speedups.h"

enum { TEXT_FIELD = 0, TAG_FIELD = 0, HINT_FIELD = 3 }; /* of a Block; of an Element */
enum { TEXT_COLUMNS = 50, TAG_COLUMNS = 18, BITS = 15, LEVELS = 4, SHARES = 5, TOLD_COLUMNS = 7, PROSE_COLUMNS = 13, WORD_COLUMNS = 4, MAX_KINDS = 31 };
enum { MARKUP_COLUMNS = 6 + TAG_COLUMNS + 4 + BITS + LEVELS * SHARES + 4 + 1 };
enum { MAX_MEASURED = 5000, SHORT = 240, CODES = 0x10000 }; /* as in sorts.py */

/* What an element has from its name and from those around it, and what it holds. */
typedef struct {
    double low, high, near, total, text, prose, links, blocks, own;
    int32_t around;
    bool shared; /* whether `shares` are known */
    float shares[SHARES];
} Element;

/* What the blocks before a place hold, or those of one shape. */
typedef struct {
    double text, prose, links, blocks;
} Sums;

typedef struct {
    Py_ssize_t blocks, elements, width; /* the width of a row that is written */
    PyObject **texts;                   /* borrowed */
    int32_t *measures;                  /* M_COUNT a block */
    uint8_t *kinds;                     /* of the phrase table: 1 end, 2 line, 3 more */
    int32_t *repeats;                   /* how often the text stands on the page */
    int32_t title_words;
    Py_ssize_t headline;
    const int32_t *element, *link_chars, *links, *strong_chars, *images, *parent, *depth, *hidden, *first, *end;
    /* one an element, and one for none */
    double *weights;  /* least, greatest and mean of its class words */
    int64_t *masks;   /* of the kinds that its class words say */
    int64_t *around;  /* of the kinds that anything around it says, itself included */
    int32_t *name;    /* one number for one tag and hint */
    int32_t *meaning; /* what it is around a block in bits, whether it contains, and from TAG_SHIFT on its column */
    int32_t *shape;
    Element *found;
    double *sums; /* two an element */
    Sums *shapes, *before; /* the latter one a block, and one for the page's end */
    int kind_count;
} Page;

static inline double least(double one, double other) { return one < other ? one : other; }
static inline double most(double one, double other) { return one > other ? one : other; }

/* A text's length in characters and words, the latter in any script, and whether it ends as a sentence does and is prose. */
typedef struct {
    double chars, words, size, stopped, prose;
} Text;

static inline Text text_of(const int32_t *m)
{
    Text text = {m[M_CHARS], m[M_SPACES] + 1, 0, (m[M_LAST] & STOP) != 0, 0};
    text.size = text.words + m[M_WIDE] / 2.0; /* two characters of a script without spaces count as a word */
    text.prose = text.stopped * (text.size > 15);
    return text;
}

/* How much of a block stands outside of links: 0 where two thirds of it are linked. */
static inline double unlinked_of(const Page *page, Py_ssize_t at)
{
    double unlinked = 1 - 1.5 * page->link_chars[at] / text_of(page->measures + at * M_COUNT).chars;
    return unlinked < 0 ? 0 : unlinked > 1 ? 1 : unlinked;
}

/* How much prose a block is, in characters. */
static inline double prose_of(const Page *page, Py_ssize_t at)
{
    Text text = text_of(page->measures + at * M_COUNT);
    return text.chars * unlinked_of(page, at) * (text.stopped * 0.7 + 0.3) * ((text.size > 15) * 0.8 + 0.2);
}

/* The first characters of a text, at most SHORT, in lower case; what they were may have no lower case of its own (`odd`). */
typedef struct {
    Py_ssize_t size;
    bool ascii, odd;
    uint32_t codes[SHORT];
    uint16_t sorts[SHORT];
} Start;

static inline uint64_t mix(uint64_t hash, uint32_t code) { return (hash ^ code) * 1099511628211u; }
static const uint64_t EMPTY_HASH = 14695981039346656037u;

/* What is known of characters, words and names: each keeps the table that it is given, and reads it anew only when it is another. */
bool keep_characters(PyObject *sorts, PyObject *lowered);
bool keep_credits(PyObject *credits);
bool keep_phrases(PyObject *phrases);
bool keep_words(PyObject *weights);
bool keep_weights(PyObject *weights);
bool keep_kinds(PyObject *table);

void read_start(PyObject *text, Start *start);
void count_words(const Start *start, float *row);
int kind_of_line(const Start *start, PyObject *text); /* -1 with an exception set */
void forget_hints(void); /* what was worked out with other tables */
void weigh_hint(const char *hint, Py_ssize_t size, double *row);
int64_t mask_of_hint(const char *hint, Py_ssize_t size);

/* `words` is where a row's columns of words stand, or NULL. In the others, `out` is where a row's first column of theirs stands. */
bool measure_texts(Page *page, PyObject *headline, float *words);
bool write_told(const Page *page, float *out, PyObject *descriptions, PyObject *body);
bool write_columns(Page *page, float *out, PyObject *elements, PyObject *meanings);
void write_kinds(const Page *page, float *out);
void write_prose(const Page *page, float *out);

#endif
