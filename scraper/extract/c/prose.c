/* Where on a page its prose gathers. `plain_prose.py` is the same with numpy and says what each column is. */
#include "page.h"

static const double SHARES_HELD[] = {0.4, 0.6, 0.8}, MIDDLE = 0.6, DEEP = 6;
enum { SHARE_COUNT = sizeof SHARES_HELD / sizeof SHARES_HELD[0], FEWEST_BLOCKS = 2 };

static inline double between(double value) { return value < 0 ? 0 : value > 1 ? 1 : value; }

static double share_of(const Page *page, Py_ssize_t element, double whole)
{
    int32_t first = page->first[element], end = page->end[element];
    return end - first < FEWEST_BLOCKS ? 0 : (page->before[end].prose - page->before[first].prose) / whole;
}

/* Give the deepest element that holds so much of the prose, the first of several; -1 where there is none. */
static Py_ssize_t innermost(const Page *page, double whole, double share)
{
    Py_ssize_t found = -1;
    for (Py_ssize_t at = 0; at < page->elements; at++)
        if ((found < 0 || page->depth[at] > page->depth[found]) && share_of(page, at, whole) >= share)
            found = at;
    return found;
}

/* Write the columns that one such element makes; give how many there are. */
static int write_holder(const Page *page, float *out, Py_ssize_t holder, double whole, bool middle)
{
    Py_ssize_t first = holder < 0 ? 0 : page->first[holder], end = holder < 0 ? 0 : page->end[holder];
    double share = holder < 0 ? 0 : share_of(page, holder, whole);
    double size = (page->before[end].text - page->before[first].text) / most(1, page->before[page->blocks].text);
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += page->width) {
        bool inside = at >= first && at < end;
        int32_t depth = page->element[at] < 0 ? 0 : page->depth[page->element[at]];
        out[0] = inside;
        out[1] = inside ? (float)between((depth - page->depth[holder]) / DEEP) : 1;
        if (middle) {
            out[2] = (float)between((double)(at + 1 - first) / most(1, (double)(end - first)));
            out[3] = (float)share;
            out[4] = (float)size;
        }
    }
    return middle ? 5 : 2;
}

/* Measure the prose of the blocks that share a block's parent, and of those that share the parent's parent. */
static void write_direct(const Page *page, float *out, double whole)
{
    Py_ssize_t count = page->elements, richest = 0;
    double *own = page->sums, *wider = own + count + 1, own_most = 1, wider_most = 1;
    memset(own, 0, (size_t)(2 * (count + 1)) * sizeof *own);
    for (Py_ssize_t at = 0; at < page->blocks; at++) {
        Py_ssize_t near = page->element[at] < 0 ? -1 : page->parent[page->element[at]], above = near < 0 ? -1 : page->parent[near];
        double prose = prose_of(page, at);
        own[near < 0 ? count : near] += prose;
        wider[above < 0 ? count : above] += prose;
    }
    for (Py_ssize_t at = 0; at <= count; at++) {
        richest = own[at] > own[richest] ? at : richest;
        own_most = most(own_most, own[at]);
        wider_most = most(wider_most, wider[at]);
    }
    for (Py_ssize_t at = 0; at < page->blocks; at++, out += page->width) {
        Py_ssize_t near = page->element[at] < 0 ? -1 : page->parent[page->element[at]], above = near < 0 ? -1 : page->parent[near];
        near = near < 0 ? count : near;
        out[0] = (float)(own[near] / whole);
        out[1] = (float)(own[near] / own_most);
        out[2] = (float)(wider[above < 0 ? count : above] / wider_most);
        out[3] = near == richest;
    }
}

void write_prose(const Page *page, float *out)
{
    double whole = most(1, page->before[page->blocks].prose);
    for (int number = 0; number < SHARE_COUNT; number++)
        out += write_holder(page, out, innermost(page, whole, SHARES_HELD[number]), whole, SHARES_HELD[number] == MIDDLE);
    write_direct(page, out, whole);
}
