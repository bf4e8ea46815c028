/* One page while its columns are written: what is known of its blocks and elements. `columns.c` fills it. */
#ifndef PAGE_H
#define PAGE_H

#include "speedups.h"

enum { TEXT_FIELD = 0, TAG_FIELD = 0, HINT_FIELD = 3 }; /* of a Block; of an Element */
enum { TOLD_COLUMNS = 7, PROSE_COLUMNS = 13, MAX_KINDS = 31 };

typedef struct {
    Py_ssize_t blocks, elements, width; /* the width of a row that is written */
    const int32_t *measures;            /* M_COUNT a block */
    const int8_t *kinds;                /* of the phrase table: 1 end, 2 line, 3 more */
    const float *told;                  /* TOLD_COLUMNS a block */
    float *again;                       /* how often the text stands on the page */
    double title_words;
    Py_ssize_t headline;
    const int32_t *element, *link_chars, *links, *strong_chars, *images, *parent, *depth, *hidden, *first, *end;
    double *weights;  /* least, greatest and mean of each element's class words */
    int64_t *masks;   /* of the kinds that each element's class words say */
    int32_t *meaning; /* of each element: what it is around a block in bits, whether it contains, and from TAG_SHIFT on its column */
    int32_t *shape;   /* of each element, and of none */
    int kind_count;
} Page;

/* What the blocks before a place hold, or those of one shape. */
typedef struct {
    double text, prose, links, blocks;
} Sums;

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

/* In each of the last two, `out` is where a row's first column of theirs stands, and there is room for a number or two an element and one more. */
bool keep_weights(PyObject *weights);
void weigh_hint(const char *hint, Py_ssize_t size, double *row);
bool keep_kinds(PyObject *table);
int64_t mask_of_hint(const char *hint, Py_ssize_t size);
void write_kinds(const Page *page, float *out, int64_t *around);
void write_prose(const Page *page, float *out, const Sums *before, double *sums);

#endif
