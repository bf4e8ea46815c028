/* From tag to tag of a page. `plain_scan.py` is the same in Python and says what is collected and why; tests/test_speedups.py holds both to
 * one answer.
 *
 * scan(page, written) reads the UTF-8 bytes of a page once. With `written` false they are what an author wrote: the ends that HTML leaves
 * unwritten are found as a browser finds them, what formats text and was left open is opened anew, and where mending would take a browser's
 * whole tree (other elements stand between such an element and a block in it, a script or comment does not end) the answer is None, and the
 * caller has lexbor write the page anew. With `written` true the bytes are such a writing, and ends that match nothing are passed over.
 *
 * Memory is bounded by the page's size: a stack of open elements, a buffer for the run of text that is being collected, and the rows that
 * come out. Nothing recurses. Every read is checked against the end of the page.
 */
#include "speedups.h"

/* Limits shared with walk.py and repair.py. */
enum { MAX_DEPTH = 500, MAX_ATTRIBUTES = 300, MAX_OPEN_MARKS = 4, MAX_WITNESSES = 600, MAX_MARK_BYTES = 8000, MAX_SCOPES = 5000, MAX_ENTITY = 12, MAX_LOST = 8, MAX_LOST_BYTES = 2000, MAX_ALIKE = 3,
       MAX_SCRIPT_BYTES = 3000000, STATE_HEAD_BYTES = 2000, MAX_MARK_CHARS = 400, MAX_PROPERTY_CHARS = 1600 };

/* ---- names of elements ---- */

enum {
    IS_BLOCK = 1, IS_VOID = 2, IS_SPAN = 4, IS_RAW = 8, IS_FOREIGN = 16, IS_MARKED = 32,
    IS_FORMATTING = 64, /* opened anew by a browser where it was left open */
    ENDS_P = 128,       /* begins where a paragraph ends */
    IS_SCOPE = 256,     /* what is open outside of it is not ended from inside */
    IS_HEADING = 512, IS_CELL = 1024, IS_ROWS = 2048, IS_ITEM = 4096, IS_TERM = 8192, IS_LIST = 16384,
    IS_LONELY = 32768,  /* ended where its like begins */
};
enum { N_OTHER, N_A, N_STRONG, N_BR, N_HR, N_IMG, N_META, N_LINK, N_HTML, N_SCRIPT, N_TITLE, N_P, N_BODY, N_HEAD, N_TABLE, N_ROW, N_DIV, N_ADDRESS, N_FORM, N_INLINE };

typedef struct {
    const char *name;
    uint16_t flags, role;
} Name;

static const Name NAMES[] = {
    {"a", IS_FORMATTING, N_A}, {"b", IS_FORMATTING, N_STRONG}, {"strong", IS_FORMATTING, N_STRONG}, {"big", IS_FORMATTING, 0},
    {"code", IS_FORMATTING, 0}, {"em", IS_FORMATTING, 0}, {"font", IS_FORMATTING, 0}, {"i", IS_FORMATTING, 0}, {"nobr", IS_FORMATTING, 0},
    {"s", IS_FORMATTING, 0}, {"small", IS_FORMATTING, 0}, {"strike", IS_FORMATTING, 0}, {"tt", IS_FORMATTING, 0}, {"u", IS_FORMATTING, 0},
    {"time", IS_MARKED, 0}, {"address", IS_BLOCK | IS_MARKED | ENDS_P, N_ADDRESS}, {"br", IS_VOID, N_BR}, {"hr", IS_VOID | ENDS_P, N_HR},
    {"img", IS_VOID, N_IMG}, {"meta", IS_VOID, N_META}, {"link", IS_VOID, N_LINK}, {"area", IS_VOID, N_INLINE}, {"base", IS_VOID, 0},
    {"basefont", IS_VOID, 0}, {"bgsound", IS_VOID, 0}, {"col", IS_VOID, 0}, {"embed", IS_VOID, N_INLINE}, {"frame", IS_VOID, 0},
    {"input", IS_VOID, N_INLINE}, {"keygen", IS_VOID, N_INLINE}, {"param", IS_VOID, 0}, {"source", IS_VOID, 0}, {"track", IS_VOID, 0},
    {"wbr", IS_VOID, N_INLINE}, {"script", IS_SPAN | IS_RAW, N_SCRIPT}, {"style", IS_SPAN | IS_RAW, 0}, {"title", IS_SPAN | IS_RAW, N_TITLE},
    {"textarea", IS_SPAN | IS_RAW, 0}, {"iframe", IS_SPAN | IS_RAW, 0}, {"noembed", IS_SPAN | IS_RAW, 0},
    {"noframes", IS_SPAN | IS_RAW, 0}, {"xmp", IS_SPAN | IS_RAW, 0}, {"svg", IS_SPAN | IS_FOREIGN, 0}, {"math", IS_SPAN | IS_FOREIGN, 0},
    {"noscript", IS_SPAN, 0}, {"template", IS_SPAN, 0}, {"object", IS_SPAN, 0}, {"canvas", IS_SPAN, 0}, {"audio", IS_SPAN, 0},
    {"video", IS_SPAN, 0}, {"map", IS_SPAN, 0}, {"meter", IS_SPAN, 0}, {"progress", IS_SPAN, 0}, {"select", IS_SPAN, 0},
    {"datalist", IS_SPAN, 0}, {"button", IS_SPAN | IS_LONELY, 0}, {"html", IS_BLOCK | IS_SCOPE, N_HTML}, {"body", IS_BLOCK, N_BODY},
    {"head", IS_BLOCK, N_HEAD}, {"p", IS_BLOCK | ENDS_P, N_P}, {"div", IS_BLOCK | ENDS_P, N_DIV}, {"article", IS_BLOCK | ENDS_P, 0},
    {"aside", IS_BLOCK | ENDS_P, 0}, {"blockquote", IS_BLOCK | ENDS_P, 0}, {"center", IS_BLOCK | ENDS_P, 0},
    {"details", IS_BLOCK | ENDS_P, 0}, {"dialog", IS_BLOCK | ENDS_P, 0}, {"dir", IS_BLOCK | ENDS_P | IS_LIST, 0},
    {"dl", IS_BLOCK | ENDS_P, 0}, {"fieldset", IS_BLOCK | ENDS_P, 0}, {"figcaption", IS_BLOCK | ENDS_P, 0},
    {"figure", IS_BLOCK | ENDS_P, 0}, {"footer", IS_BLOCK | ENDS_P, 0}, {"form", IS_BLOCK | ENDS_P, N_FORM}, {"header", IS_BLOCK | ENDS_P, 0},
    {"hgroup", IS_BLOCK | ENDS_P, 0}, {"main", IS_BLOCK | ENDS_P, 0}, {"menu", IS_BLOCK | ENDS_P | IS_LIST, 0},
    {"nav", IS_BLOCK | ENDS_P, 0}, {"ol", IS_BLOCK | ENDS_P | IS_LIST, 0}, {"pre", IS_BLOCK | ENDS_P, 0},
    {"section", IS_BLOCK | ENDS_P, 0}, {"summary", IS_BLOCK | ENDS_P, 0}, {"ul", IS_BLOCK | ENDS_P | IS_LIST, 0},
    {"h1", IS_BLOCK | ENDS_P | IS_HEADING, 0}, {"h2", IS_BLOCK | ENDS_P | IS_HEADING, 0}, {"h3", IS_BLOCK | ENDS_P | IS_HEADING, 0},
    {"h4", IS_BLOCK | ENDS_P | IS_HEADING, 0}, {"h5", IS_BLOCK | ENDS_P | IS_HEADING, 0}, {"h6", IS_BLOCK | ENDS_P | IS_HEADING, 0},
    {"li", IS_BLOCK | ENDS_P | IS_ITEM, 0}, {"dd", IS_BLOCK | ENDS_P | IS_TERM, 0}, {"dt", IS_BLOCK | ENDS_P | IS_TERM, 0},
    {"table", IS_BLOCK | ENDS_P | IS_SCOPE, N_TABLE}, {"caption", IS_BLOCK | IS_SCOPE, 0}, {"td", IS_BLOCK | IS_SCOPE | IS_CELL, 0},
    {"th", IS_BLOCK | IS_SCOPE | IS_CELL, 0}, {"tr", IS_BLOCK, N_ROW}, {"tbody", IS_BLOCK | IS_ROWS, 0}, {"thead", IS_BLOCK | IS_ROWS, 0},
    {"tfoot", IS_BLOCK | IS_ROWS, 0}, {"frameset", IS_BLOCK, 0}, {"legend", IS_BLOCK, 0},
};
enum { NAME_COUNT = sizeof NAMES / sizeof NAMES[0], PLACES = 512 };

/* The tables from here on are filled once, when the module is imported. */
static uint8_t name_places[PLACES]; /* number of the name + 1 */
static uint8_t name_sizes[NAME_COUNT];
static PyObject *name_objects[NAME_COUNT];

/* What a byte is: white space in HTML's sense and in str.isspace()'s, a letter, and what ends a tag's name, an attribute's, or a bare value. */
enum { C_WHITE = 1, C_SPACE = 2, C_LETTER = 4, C_ENDS_TAG = 8, C_ENDS_NAME = 16, C_ENDS_VALUE = 32 };
static uint8_t sorts[256];
static char lowers[256];

static inline bool is_a(char c, unsigned sort) { return sorts[(unsigned char)c] & sort; }
static inline bool is_white(unsigned char c) { return sorts[c] & C_WHITE; }
static inline bool is_letter(char c) { return is_a(c, C_LETTER); }
static inline char small(char c) { return lowers[(unsigned char)c]; }

static void sort_bytes(void)
{
    for (int c = 0; c < 256; c++) {
        bool white = c == ' ' || (c >= '\t' && c <= '\r' && c != '\v'), letter = lower((char)c) >= 'a' && lower((char)c) <= 'z';
        bool space = c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
        lowers[c] = lower((char)c);
        sorts[c] = (uint8_t)((white ? C_WHITE | C_ENDS_TAG | C_ENDS_NAME | C_ENDS_VALUE : 0) | (space ? C_SPACE : 0) | (letter ? C_LETTER : 0)
                             | (c == '/' ? C_ENDS_TAG | C_ENDS_NAME : 0) | (c == '>' ? C_ENDS_TAG | C_ENDS_NAME | C_ENDS_VALUE : 0)
                             | (c == '=' ? C_ENDS_NAME : 0));
    }
}

static inline uint32_t name_hash(const char *text, Py_ssize_t size)
{
    uint32_t first = (unsigned char)small(text[0]), middle = (unsigned char)small(text[size / 2]), last = (unsigned char)small(text[size - 1]);
    return (first * 37 + middle * 11 + last * 5 + (uint32_t)size * 73) % PLACES;
}

static bool same_name(const char *one, Py_ssize_t size, const char *other, Py_ssize_t other_size)
{
    if (size != other_size)
        return false;
    for (Py_ssize_t at = 0; at < size; at++)
        if (small(one[at]) != small(other[at]))
            return false;
    return true;
}

/* Give the number of a name in the table, -1 for a name that is not there. */
static int name_number(const char *text, Py_ssize_t size)
{
    if (!size)
        return -1;
    uint32_t place = name_hash(text, size);
    while (name_places[place]) {
        int number = name_places[place] - 1;
        if (same_name(text, size, NAMES[number].name, name_sizes[number]))
            return number;
        place = (place + 1) % PLACES;
    }
    return -1;
}

static inline unsigned flags_of(int number) { return number >= 0 ? NAMES[number].flags : 0; }
static inline unsigned role_of(int number) { return number >= 0 ? NAMES[number].role : N_OTHER; }

/* ---- growing arrays ---- */

typedef struct {
    char *items;
    Py_ssize_t count, room;
} Bytes;

typedef struct {
    int32_t *items;
    Py_ssize_t count, room;
} Ints;

static bool grow(void **items, Py_ssize_t *room, Py_ssize_t need, size_t size)
{
    if (need <= *room)
        return true;
    Py_ssize_t wanted = *room ? *room : 64;
    while (wanted < need)
        wanted *= 2;
    void *moved = PyMem_Realloc(*items, (size_t)wanted * size);
    if (!moved) {
        PyErr_NoMemory();
        return false;
    }
    *items = moved;
    *room = wanted;
    return true;
}

static bool add_bytes(Bytes *to, const char *from, Py_ssize_t size)
{
    if (!grow((void **)&to->items, &to->room, to->count + size + 1, 1))
        return false;
    memcpy(to->items + to->count, from, (size_t)size);
    to->count += size;
    return true;
}

static bool add_int(Ints *to, Py_ssize_t value)
{
    if (!grow((void **)&to->items, &to->room, to->count + 1, sizeof(int32_t)))
        return false;
    to->items[to->count++] = (int32_t)value;
    return true;
}

/* ---- attributes ---- */

/* The attributes that every element is asked for; those up to A_COMPONENT make its hint. */
enum { A_OTHER, A_CLASS, A_ID, A_ROLE, A_ITEMPROP, A_REL, A_TESTID, A_COMPONENT, A_ITEMSCOPE };

typedef struct {
    const char *name, *value;
    Py_ssize_t name_size, value_size; /* a value of -1 bytes is none at all */
    int kind;
} Attribute;

typedef struct {
    Attribute items[MAX_ATTRIBUTES];
    int count;
    bool crowded; /* there were more */
} Attributes;

static inline bool is_called(const Attribute *attribute, const char *name)
{
    return small(attribute->name[0]) == name[0] && same_name(attribute->name, attribute->name_size, name, (Py_ssize_t)strlen(name));
}

static int attribute_kind(const Attribute *attribute)
{
    static const struct {
        const char *name;
        int kind;
    } NAMED[] = {{"id", A_ID}, {"rel", A_REL}, {"role", A_ROLE}, {"class", A_CLASS}, {"itemprop", A_ITEMPROP}, {"itemscope", A_ITEMSCOPE},
                 {"data-testid", A_TESTID}, {"data-component", A_COMPONENT}};
    static const int8_t BY_SIZE[] = {-1, -1, 0, 1, 2, 3, -1, -1, 4, 5, -1, 6, -1, -1, 7}; /* no two of them are of one size */
    if (attribute->name_size >= (Py_ssize_t)sizeof BY_SIZE || BY_SIZE[attribute->name_size] < 0)
        return A_OTHER;
    const int8_t number = BY_SIZE[attribute->name_size];
    return is_called(attribute, NAMED[number].name) ? NAMED[number].kind : A_OTHER;
}

/* Read attributes as HTML's tokeniser does, up to the ">" that ends the tag, and keep the first MAX_ATTRIBUTES of them. Give the position
 * after the tag, or NULL where it has no end. */
static const char *read_attributes(const char *at, const char *end, Attributes *found)
{
    found->count = 0;
    found->crowded = false;
    for (;;) {
        while (at < end && (is_white((unsigned char)*at) || *at == '/'))
            at++;
        if (at >= end)
            return NULL;
        if (*at == '>')
            return at + 1;
        Attribute item = {at, NULL, 0, -1, A_OTHER};
        if (*at == '=')
            at++;
        while (at < end && !is_a(*at, C_ENDS_NAME))
            at++;
        item.name_size = at - item.name;
        item.kind = attribute_kind(&item);
        while (at < end && is_white((unsigned char)*at))
            at++;
        if (at < end && *at == '=') {
            at++;
            while (at < end && is_white((unsigned char)*at))
                at++;
            if (at >= end)
                return NULL;
            if (*at == '"' || *at == '\'') {
                const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
                if (!close)
                    return NULL;
                item.value = at + 1;
                item.value_size = close - at - 1;
                at = close + 1;
            } else {
                item.value = at;
                while (at < end && !is_a(*at, C_ENDS_VALUE))
                    at++;
                item.value_size = at - item.value;
            }
        }
        if (found->count < MAX_ATTRIBUTES)
            found->items[found->count++] = item;
        else
            found->crowded = true;
    }
}

static const char *const MARKING[] = {
    "author", "byline", "by-line", "by_line", "writer", "reporter", "creator", "contributor", "credit", "auteur", "autor", "forfatter",
    "journalist", "firma", "date", "time", "publi", "posted", "updated", "datum", "fecha", "stamp", "username", "submitted",
};
enum { MARKING_COUNT = sizeof MARKING / sizeof MARKING[0] };

static inline bool is_hinting(const Attribute *attribute)
{
    return attribute->value_size > 0 && attribute->kind >= A_CLASS && attribute->kind <= A_COMPONENT;
}

static int8_t first_word[26][MARKING_COUNT + 1]; /* the words that begin with each letter, ended by -1 */
static uint32_t second_bytes[256];               /* of each byte that begins one of them, the low bits of those that follow it */

static bool is_marking(const char *text, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at + 4 <= size; at++) {
        if (!(second_bytes[(unsigned char)text[at]] >> (text[at + 1] & 31) & 1))
            continue;
        for (const int8_t *number = first_word[small(text[at]) - 'a']; *number >= 0; number++) {
            const char *word = MARKING[*number];
            Py_ssize_t length = (Py_ssize_t)strlen(word);
            if (at + length <= size && same_name(text + at, length, word, length))
                return true;
        }
    }
    return false;
}

/* Whether a value makes a mark, kept for the values that a page repeats on element after element. */
enum { KEPT_VALUES = 256 };
typedef struct {
    uint64_t hash;
    Py_ssize_t size;
    bool marking;
} KeptValue;

static uint64_t value_hash(const char *text, Py_ssize_t size)
{
    uint64_t hash = (uint64_t)size, word;
    const char *last = text + size - (Py_ssize_t)sizeof word;
    for (; text < last; text += sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    memcpy(&word, last, sizeof word);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

static bool is_known_marking(KeptValue *kept, const char *text, Py_ssize_t size)
{
    if (size < (Py_ssize_t)sizeof(uint64_t))
        return is_marking(text, size);
    uint64_t hash = value_hash(text, size);
    KeptValue *known = &kept[hash % KEPT_VALUES];
    if (known->hash != hash || known->size != size)
        *known = (KeptValue){hash, size, is_marking(text, size)};
    return known->marking;
}

/* display: none, visibility: hidden */
static bool hides(const char *text, Py_ssize_t size, const char *property, const char *value)
{
    Py_ssize_t length = (Py_ssize_t)strlen(property), wanted = (Py_ssize_t)strlen(value);
    for (Py_ssize_t at = 0; at + length < size; at++) {
        if (!same_name(text + at, length, property, length))
            continue;
        Py_ssize_t next = at + length;
        while (next < size && is_white((unsigned char)text[next]))
            next++;
        if (next >= size || text[next] != ':')
            continue;
        next++;
        while (next < size && is_white((unsigned char)text[next]))
            next++;
        if (next + wanted <= size && same_name(text + next, wanted, value, wanted))
            return true;
    }
    return false;
}

static bool is_hidden(const Attributes *attributes)
{
    for (int number = 0; number < attributes->count; number++) {
        const Attribute *item = &attributes->items[number];
        if (is_called(item, "hidden"))
            return true;
        if (item->value_size > 0) {
            if (is_called(item, "aria-hidden") && same_name(item->value, item->value_size, "true", 4))
                return true;
            if (is_called(item, "style")
                && (hides(item->value, item->value_size, "display", "none") || hides(item->value, item->value_size, "visibility", "hidden")))
                return true;
        }
    }
    return false;
}

/* ---- the scan ---- */

typedef struct {
    const char *name, *tag; /* where its name and its attributes begin */
    Py_ssize_t name_size, frame, witness; /* frame and witness are -1 for none */
    Py_ssize_t begun; /* the first block that can begin inside of it */
    int number;
    bool scope;
} Open;

typedef struct {
    const char *name, *tag; /* where its name and its attributes begin */
    Py_ssize_t name_size, tag_size, index;
    int number;
} Frame;

typedef struct {
    Py_ssize_t block, piece, order;
    PyObject *values; /* the attributes of a property */
    const char *name, *tag;
    Py_ssize_t name_size;
    int number;
    bool marked;
} Witness;

typedef struct {
    const char *data, *end;
    bool written;
    Open *stack;
    Py_ssize_t depth, stack_room;
    Open lost[MAX_LOST]; /* what formats text and was left open where something around it ended, to be opened anew */
    int lost_count;
    Frame *frames;
    Py_ssize_t frame_count, frame_room;
    Witness opened[MAX_OPEN_MARKS];
    int open_marks;
    Py_ssize_t witness_count, scope_count, order;
    Bytes run;            /* the pieces of the run that is being collected, one after another */
    Ints pieces;          /* where each of them begins */
    bool after_break;     /* nothing but white space stands since the last <br> */
    Py_ssize_t links, strongs, paragraphs; /* how many of these elements are open */
    Py_ssize_t link_chars, strong_chars, link_count, images;
    Ints block_element, block_link_chars, block_links, block_strong, block_images;
    Ints parent, level, hidden, first, last;
    Bytes clean, expanded;
    PyObject *texts, *names, *hints, *metas, *links_to, *heads, *scripts, *titles, *witnesses, *marks, *scopes, *language;
    PyTypeObject *mark; /* the kind of row that a mark is */
    Ints headings;
    KeptValue kept[KEPT_VALUES];
    bool has_scripts;
    PyObject *cleaner, *unescape; /* Python's, for what is rare */
} Scan;

/* How many bytes of white space begin here, in the sense of str.isspace()? */
static Py_ssize_t white_size(const unsigned char *at, const unsigned char *end)
{
    unsigned char c = *at;
    if (c < 0x80)
        return (sorts[c] & C_SPACE) != 0;
    if (c == 0xc2)
        return end - at >= 2 && (at[1] == 0xa0 || at[1] == 0x85) ? 2 : 0;
    if (end - at < 3)
        return 0;
    if (c == 0xe2 && at[1] == 0x80)
        return (at[2] >= 0x80 && at[2] <= 0x8a) || at[2] == 0xa8 || at[2] == 0xa9 || at[2] == 0xaf ? 3 : 0;
    if (c == 0xe2 && at[1] == 0x81)
        return at[2] == 0x9f ? 3 : 0;
    if (c == 0xe3)
        return at[1] == 0x80 && at[2] == 0x80 ? 3 : 0;
    if (c == 0xe1)
        return at[1] == 0x9a && at[2] == 0x80 ? 3 : 0;
    return 0;
}

/* How many bytes begin here that nobody sees: soft hyphens, zero-width characters, marks of direction, byte order marks, NUL? */
static Py_ssize_t unseen_size(const unsigned char *at, const unsigned char *end)
{
    unsigned char c = *at;
    if (c < 0x80)
        return c <= 1;
    if (c == 0xc2)
        return end - at >= 2 && at[1] == 0xad ? 2 : 0;
    if (end - at < 3)
        return 0;
    if (c == 0xe2 && at[1] == 0x80)
        return at[2] == 0x8b || at[2] == 0x8c || at[2] == 0x8e || at[2] == 0x8f ? 3 : 0;
    if (c == 0xe2 && at[1] == 0x81)
        return at[2] == 0xa0 ? 3 : 0;
    if (c == 0xef)
        return at[1] == 0xbb && at[2] == 0xbf ? 3 : 0;
    return 0;
}

static const struct {
    const char *name, *text;
} ENTITIES[] = {
    {"amp;", "&"}, {"nbsp;", "\xc2\xa0"}, {"quot;", "\""}, {"lt;", "<"}, {"gt;", ">"}, {"apos;", "'"}, {"rsquo;", "\xe2\x80\x99"},
    {"lsquo;", "\xe2\x80\x98"}, {"rdquo;", "\xe2\x80\x9d"}, {"ldquo;", "\xe2\x80\x9c"}, {"bdquo;", "\xe2\x80\x9e"},
    {"ndash;", "\xe2\x80\x93"}, {"mdash;", "\xe2\x80\x94"}, {"hellip;", "\xe2\x80\xa6"}, {"copy;", "\xc2\xa9"}, {"reg;", "\xc2\xae"},
    {"trade;", "\xe2\x84\xa2"}, {"raquo;", "\xc2\xbb"}, {"laquo;", "\xc2\xab"}, {"rsaquo;", "\xe2\x80\xba"},
    {"lsaquo;", "\xe2\x80\xb9"}, {"bull;", "\xe2\x80\xa2"}, {"middot;", "\xc2\xb7"}, {"times;", "\xc3\x97"}, {"deg;", "\xc2\xb0"},
    {"euro;", "\xe2\x82\xac"}, {"pound;", "\xc2\xa3"}, {"sect;", "\xc2\xa7"}, {"rarr;", "\xe2\x86\x92"}, {"larr;", "\xe2\x86\x90"},
    {"shy;", "\xc2\xad"}, {"auml;", "\xc3\xa4"}, {"ouml;", "\xc3\xb6"}, {"uuml;", "\xc3\xbc"}, {"Auml;", "\xc3\x84"},
    {"Ouml;", "\xc3\x96"}, {"Uuml;", "\xc3\x9c"}, {"szlig;", "\xc3\x9f"}, {"aacute;", "\xc3\xa1"}, {"eacute;", "\xc3\xa9"},
    {"iacute;", "\xc3\xad"}, {"oacute;", "\xc3\xb3"}, {"uacute;", "\xc3\xba"}, {"ntilde;", "\xc3\xb1"}, {"agrave;", "\xc3\xa0"},
    {"egrave;", "\xc3\xa8"}, {"ecirc;", "\xc3\xaa"}, {"acirc;", "\xc3\xa2"}, {"icirc;", "\xc3\xae"}, {"ocirc;", "\xc3\xb4"},
    {"ccedil;", "\xc3\xa7"}, {"atilde;", "\xc3\xa3"}, {"otilde;", "\xc3\xb5"},
};

/* What is an entity without a ";" too, as far as the letters that tell it: whatever begins so is left to html.unescape. */
static const char *const OLD_ENTITIES[] = {
    "AElig", "AMP", "Aacute", "Acirc", "Agrave", "Aring", "Atilde", "Auml", "COPY", "Ccedil", "ETH", "Eacute", "Ecirc", "Egrave", "Euml", "GT",
    "Iacute", "Icirc", "Igrave", "Iuml", "LT", "Ntilde", "Oacute", "Ocirc", "Ograve", "Oslash", "Otilde", "Ouml", "QUOT", "REG", "THORN",
    "Uacute", "Ucirc", "Ugrave", "Uuml", "Yacute", "aacute", "acirc", "acute", "aelig", "agrave", "amp", "aring", "atilde", "auml", "brvbar",
    "ccedil", "cedil", "cent", "copy", "curren", "deg", "divide", "eacute", "ecirc", "egrave", "eth", "euml", "frac12", "frac14", "frac34",
    "gt", "iacute", "icirc", "iexcl", "igrave", "iquest", "iuml", "laquo", "lt", "macr", "micro", "middot", "nbsp", "not", "ntilde", "oacute",
    "ocirc", "ograve", "ordf", "ordm", "oslash", "otilde", "ouml", "para", "plusmn", "pound", "quot", "raquo", "reg", "sect", "shy", "sup1",
    "sup2", "sup3", "szlig", "thorn", "times", "uacute", "ucirc", "ugrave", "uml", "uuml", "yacute", "yen", "yuml",
};

/* Is the "&" before this no entity's, as in an address: "?a=1&b=2"? Not sure is no. */
static bool is_bare(const char *at, const char *end)
{
    enum { MOST = 32 }; /* bytes, and of fewer characters */
    Py_ssize_t size = 0;
    while (size < MOST && at + size < end && at[size] > ' ' && at[size] != '&' && at[size] != '<' && at[size] != ';' && at[size] != '#')
        size++;
    if (!size || size == MOST || (at + size < end && (at[size] == ';' || at[size] == '#' || (unsigned char)at[size] >= 0x80)))
        return false;
    for (size_t number = 0; number < sizeof OLD_ENTITIES / sizeof OLD_ENTITIES[0]; number++) {
        const char *name = OLD_ENTITIES[number];
        if (*name == *at) {
            Py_ssize_t length = (Py_ssize_t)strlen(name);
            if (size >= length && !memcmp(at, name, (size_t)length))
                return false;
        }
    }
    return true;
}

/* Give the bytes of one entity after its "&", and write its text; 0 for those that are left to html.unescape. */
static Py_ssize_t entity_size(const char *at, const char *end, char *text, Py_ssize_t *text_size)
{
    if (at < end && *at == '#') {
        bool hex = end - at > 1 && lower(at[1]) == 'x';
        const char *digit = at + (hex ? 2 : 1);
        uint32_t code = 0;
        while (digit < end && digit - at < 9) {
            int value = *digit >= '0' && *digit <= '9' ? *digit - '0' : hex && lower(*digit) >= 'a' && lower(*digit) <= 'f' ? lower(*digit) - 'a' + 10 : -1;
            if (value < 0)
                break;
            code = code * (hex ? 16 : 10) + (uint32_t)value;
            digit++;
        }
        bool plain = (code >= 32 && code < 127) || (code >= 160 && code < 0xd800) || (code >= 0xe000 && code < 0xfdd0);
        if (digit >= end || *digit != ';' || !plain)
            return 0;
        *text_size = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
        if (code < 0x80) {
            text[0] = (char)code;
        } else if (code < 0x800) {
            text[0] = (char)(0xc0 | code >> 6);
            text[1] = (char)(0x80 | (code & 0x3f));
        } else {
            text[0] = (char)(0xe0 | code >> 12);
            text[1] = (char)(0x80 | (code >> 6 & 0x3f));
            text[2] = (char)(0x80 | (code & 0x3f));
        }
        return digit + 1 - at;
    }
    for (size_t number = 0; at < end && number < sizeof ENTITIES / sizeof ENTITIES[0]; number++) {
        if (*at != *ENTITIES[number].name)
            continue;
        Py_ssize_t size = (Py_ssize_t)strlen(ENTITIES[number].name);
        if (end - at >= size && !memcmp(at, ENTITIES[number].name, (size_t)size)) {
            *text_size = (Py_ssize_t)strlen(ENTITIES[number].text);
            memcpy(text, ENTITIES[number].text, (size_t)*text_size);
            return size;
        }
    }
    return 0;
}

/* Undo entities into scan->expanded. 0: some are left to html.unescape; -1: no memory. */
static int expand_entities(Scan *scan, const char *text, Py_ssize_t size)
{
    const char *end = text + size;
    scan->expanded.count = 0;
    while (text < end) {
        const char *sign = memchr(text, '&', (size_t)(end - text));
        if (!add_bytes(&scan->expanded, text, (sign ? sign : end) - text))
            return -1;
        if (!sign)
            return 1;
        char written[4];
        Py_ssize_t length = 1, width = 0;
        if (sign + 1 == end || is_white((unsigned char)sign[1]) || is_bare(sign + 1, end))
            written[0] = '&';
        else if (!(width = entity_size(sign + 1, end, written, &length)))
            return 0;
        if (!add_bytes(&scan->expanded, written, length))
            return -1;
        text = sign + 1 + width;
    }
    return 1;
}

/* Fold white space to single spaces, or to one line break where a <br> stands in it, and drop what is not seen. */
static PyObject *clean_text(Scan *scan, const char *text, Py_ssize_t size)
{
    int expanded = memchr(text, '&', (size_t)size) ? expand_entities(scan, text, size) : 2;
    if (expanded < 0)
        return NULL;
    if (expanded == 1) {
        text = scan->expanded.items;
        size = scan->expanded.count;
    }
    if (!expanded) {
        PyObject *whole = PyUnicode_DecodeUTF8(text, size, "replace");
        if (whole)
            Py_SETREF(whole, PyObject_CallOneArg(scan->cleaner, whole));
        if (whole && !PyUnicode_Check(whole)) {
            PyErr_SetString(PyExc_TypeError, "the cleaner gives a str");
            Py_CLEAR(whole);
        }
        return whole;
    }
    if (!grow((void **)&scan->clean.items, &scan->clean.room, size + 1, 1))
        return NULL;
    char *out = scan->clean.items;
    const unsigned char *at = (const unsigned char *)text, *end = at + size;
    char gap = 0;
    bool ascii = true;
    while (at < end) {
        if (*at > ' ' && *at < 0x80) { /* most characters */
            if (gap && out > scan->clean.items)
                *out++ = gap;
            gap = 0;
            do
                *out++ = (char)*at++;
            while (at < end && *at > ' ' && *at < 0x80);
            continue;
        }
        if (*at == ' ' && at + 1 < end && at[1] > ' ' && !gap) { /* one space between two words */
            gap = ' ';
            at++;
            continue;
        }
        if (*at == 2) {
            gap = '\n';
            at++;
            continue;
        }
        Py_ssize_t width = white_size(at, end);
        if (width) {
            if (!gap)
                gap = ' ';
            at += width;
            continue;
        }
        width = unseen_size(at, end);
        if (width) {
            at += width;
            continue;
        }
        if (gap && out > scan->clean.items)
            *out++ = gap;
        gap = 0;
        ascii = ascii && *at < 0x80;
        *out++ = (char)*at++;
        while (at < end && (*at & 0xc0) == 0x80)
            *out++ = (char)*at++;
    }
    Py_ssize_t length = out - scan->clean.items;
    if (ascii) {
        PyObject *result = PyUnicode_New(length, 127);
        if (result)
            memcpy(PyUnicode_DATA(result), scan->clean.items, (size_t)length);
        return result;
    }
    return PyUnicode_DecodeUTF8(scan->clean.items, length, "replace");
}

static PyObject *lower_name(const char *name, Py_ssize_t size, int number)
{
    if (number >= 0)
        return Py_NewRef(name_objects[number]);
    char small[64];
    Py_ssize_t length = size < 64 ? size : 64;
    for (Py_ssize_t at = 0; at < length; at++)
        small[at] = lower(name[at]);
    return PyUnicode_DecodeUTF8(small, length, "replace");
}

/* Begin a row of a kind that is a tuple with names. The collector is not told of it: it holds texts and numbers, which make no ring. */
static PyObject *make_row(PyTypeObject *kind, Py_ssize_t width)
{
    PyObject *row = kind->tp_alloc(kind, width);
    if (row)
        PyObject_GC_UnTrack(row);
    return row;
}

static bool fill(PyObject *row, Py_ssize_t at, PyObject *value)
{
    PyTuple_SET_ITEM(row, at, value);
    return value;
}

static bool append(PyObject *list, PyObject *item)
{
    if (!item)
        return false;
    int failed = PyList_Append(list, item);
    Py_DECREF(item);
    return !failed;
}

/* End lines as HTML does, whatever ends them in the page: "\r\n" and "\r" become "\n". Give what is left. A parser's writing has it done. */
static Py_ssize_t end_lines(char *text, Py_ssize_t size)
{
    Py_ssize_t out = 0;
    for (Py_ssize_t at = 0; at < size; at++)
        if (text[at] != '\r')
            text[out++] = text[at];
        else if (at + 1 == size || text[at + 1] != '\n')
            text[out++] = '\n';
    return out;
}

/* Give a piece of the page as text. */
static PyObject *piece_text(Scan *scan, const char *piece, Py_ssize_t size)
{
    if (!scan->written && memchr(piece, '\r', (size_t)size)) {
        scan->clean.count = 0;
        if (!add_bytes(&scan->clean, piece, size))
            return NULL;
        piece = scan->clean.items;
        size = end_lines(scan->clean.items, size);
    }
    return PyUnicode_DecodeUTF8(piece, size, "replace");
}

static PyObject *value_text(Scan *scan, const char *value, Py_ssize_t size)
{
    if (!memchr(value, '&', (size_t)size))
        return piece_text(scan, value, size);
    int expanded = memchr(value, '\r', (size_t)size) ? 0 : expand_entities(scan, value, size);
    if (expanded < 0)
        return NULL;
    if (expanded)
        return PyUnicode_DecodeUTF8(scan->expanded.items, scan->expanded.count, "replace");
    PyObject *text = piece_text(scan, value, size);
    if (text)
        Py_SETREF(text, PyObject_CallOneArg(scan->unescape, text));
    return text;
}

/* Give the attributes as a dictionary: names in lower case, values unescaped, the first of two with one name. */
static PyObject *attribute_values(Scan *scan, const Attributes *attributes)
{
    PyObject *values = PyDict_New();
    for (int number = 0; values && number < attributes->count; number++) {
        const Attribute *item = &attributes->items[number];
        PyObject *name = lower_name(item->name, item->name_size, -1);
        PyObject *value = name ? value_text(scan, item->value ? item->value : "", item->value_size > 0 ? item->value_size : 0) : NULL;
        if (!value || !PyDict_SetDefault(values, name, value))
            Py_CLEAR(values);
        Py_XDECREF(name);
        Py_XDECREF(value);
    }
    return values;
}

static PyObject *hint_text(Scan *scan, const Attributes *attributes)
{
    Bytes *joined = &scan->clean;
    joined->count = 0;
    unsigned char all = 0, entities = 0;
    for (int number = 0; number < attributes->count; number++) {
        const Attribute *item = &attributes->items[number];
        if (!is_hinting(item))
            continue;
        if ((joined->count && !add_bytes(joined, " ", 1)) || !add_bytes(joined, item->value, item->value_size))
            return NULL;
    }
    if (!scan->written && joined->count && memchr(joined->items, '\r', (size_t)joined->count))
        joined->count = end_lines(joined->items, joined->count);
    const Py_ssize_t size = joined->count;
    unsigned char *bytes = (unsigned char *)joined->items;
    for (Py_ssize_t at = 0; at < size; at++) { /* sums, which a compiler does for many bytes at once */
        unsigned char c = bytes[at];
        bytes[at] = (unsigned char)(c + ((unsigned char)(c - 'A') < 26) * 32);
        all |= c;
        entities |= c == '&';
    }
    if (!(all & 0x80) && !entities) {
        PyObject *text = PyUnicode_New(joined->count, 127);
        if (text && joined->count)
            memcpy(PyUnicode_DATA(text), joined->items, (size_t)joined->count);
        return text;
    }
    if (!(all & 0x80)) {
        int expanded = expand_entities(scan, joined->items, joined->count);
        if (expanded) /* what entities stand for may be beyond ASCII */
            return expanded > 0 ? PyUnicode_DecodeUTF8(scan->expanded.items, scan->expanded.count, "replace") : NULL;
    }
    PyObject *text = PyUnicode_DecodeUTF8(joined->items, joined->count, "replace");
    if (text)
        Py_SETREF(text, PyObject_CallMethod(text, "lower", NULL));
    if (text)
        Py_SETREF(text, PyObject_CallOneArg(scan->unescape, text));
    return text;
}

/* Give the innermost open element its place among the elements, and those around it before it. */
static bool place_elements(Scan *scan)
{
    Py_ssize_t known = scan->frame_count;
    while (known && scan->frames[known - 1].index < 0)
        known--;
    Py_ssize_t parent = known ? scan->frames[known - 1].index : -1;
    for (; known < scan->frame_count; known++) {
        Frame *frame = &scan->frames[known];
        Attributes attributes;
        if (!read_attributes(frame->tag, scan->end, &attributes))
            attributes.count = 0;
        bool hidden = (parent >= 0 && scan->hidden.items[parent]) || is_hidden(&attributes);
        frame->index = scan->parent.count;
        if (!add_int(&scan->parent, parent) || !add_int(&scan->level, known) || !add_int(&scan->hidden, hidden)
            || !add_int(&scan->first, scan->block_element.count) || !add_int(&scan->last, 0)
            || !append(scan->names, lower_name(frame->name, frame->name_size, frame->number))
            || !append(scan->hints, hint_text(scan, &attributes))
            || ((flags_of(frame->number) & IS_HEADING) && frame->name[1] <= '4' && !add_int(&scan->headings, frame->index)))
            return false;
        parent = frame->index;
    }
    return true;
}

/* End the run that is being collected; white space alone makes no block. */
static bool flush(Scan *scan)
{
    if (scan->run.count) {
        PyObject *text = clean_text(scan, scan->run.items, scan->run.count);
        if (!text)
            return false;
        if (PyUnicode_GET_LENGTH(text)) {
            if (!place_elements(scan)) {
                Py_DECREF(text);
                return false;
            }
            Py_ssize_t element = scan->frame_count ? scan->frames[scan->frame_count - 1].index : -1;
            if (!append(scan->texts, text) || !add_int(&scan->block_element, element) || !add_int(&scan->block_link_chars, scan->link_chars)
                || !add_int(&scan->block_links, scan->link_count) || !add_int(&scan->block_strong, scan->strong_chars)
                || !add_int(&scan->block_images, scan->images))
                return false;
            scan->images = 0;
        } else {
            Py_DECREF(text);
        }
        scan->run.count = scan->pieces.count = 0;
    }
    scan->after_break = false;
    scan->link_chars = scan->strong_chars = scan->link_count = 0;
    return true;
}

static bool add_piece(Scan *scan, const char *text, Py_ssize_t size)
{
    return add_int(&scan->pieces, scan->run.count) && add_bytes(&scan->run, text, size);
}

/* Is a piece of text nothing but white space? */
static bool is_blank(const char *text, const char *stop)
{
    const unsigned char *at = (const unsigned char *)text, *end = (const unsigned char *)stop;
    for (Py_ssize_t width; at < end; at += width) {
        width = sorts[*at] & C_SPACE ? 1 : *at < 0x80 ? 0 : white_size(at, end);
        if (!width)
            return false;
    }
    return true;
}

static bool add_text(Scan *scan, const char *text, const char *stop)
{
    if (is_blank(text, stop))
        return !scan->run.count || add_piece(scan, " ", 1);
    if (scan->links || scan->strongs) {
        Py_ssize_t chars = 0;
        for (const char *c = text; c < stop; c++) {
            chars += (*c & 0xc0) != 0x80 && (*c != '\r' || scan->written || c + 1 == stop || c[1] != '\n');
            if (*c == '&') { /* an entity is one character */
                const char *entity = c + 1;
                while (entity < stop && entity - c < MAX_ENTITY && (is_letter(*entity) || *entity == '#' || (*entity >= '0' && *entity <= '9')))
                    entity++;
                if (entity < stop && *entity == ';')
                    c = entity;
            }
        }
        if (scan->links)
            scan->link_chars += chars;
        if (scan->strongs)
            scan->strong_chars += chars;
    }
    scan->after_break = false;
    return add_piece(scan, text, stop - text);
}

/* Find the first attribute of a name that has a value; NULL where there is none. */
static const Attribute *find_attribute(const Attributes *attributes, const char *name)
{
    for (int number = 0; number < attributes->count; number++)
        if (is_called(&attributes->items[number], name))
            return &attributes->items[number];
    return NULL;
}

static PyObject *text_of(Scan *scan, const Attribute *attribute)
{
    bool given = attribute && attribute->value_size > 0;
    return value_text(scan, given ? attribute->value : "", given ? attribute->value_size : 0);
}

/* Give the hint of a mark: what its attributes say of it, each of them once, entities undone. */
static PyObject *mark_hint(Scan *scan, const Attributes *attributes)
{
    PyObject *hint = NULL;
    unsigned seen = 0;
    for (int number = 0; number < attributes->count; number++) {
        const Attribute *item = &attributes->items[number];
        unsigned bit = item->kind >= A_CLASS && item->kind <= A_COMPONENT ? 1u << item->kind : 0;
        if (!bit || (seen & bit))
            continue;
        seen |= bit;
        PyObject *value = item->value_size > 0 ? value_text(scan, item->value, item->value_size) : NULL;
        if (!value && item->value_size > 0) {
            Py_XDECREF(hint);
            return NULL;
        }
        if (hint && value && PyUnicode_GET_LENGTH(value))
            Py_SETREF(hint, PyUnicode_FromFormat("%U %U", hint, value));
        else if (!hint && value && PyUnicode_GET_LENGTH(value))
            hint = Py_NewRef(value);
        Py_XDECREF(value);
        if (PyErr_Occurred())
            return NULL;
    }
    if (!hint)
        return PyUnicode_New(0, 0);
    Py_SETREF(hint, PyObject_CallMethod(hint, "lower", NULL));
    return hint;
}

/* Take down a mark, with the first that is given of datetime, content and title. Takes over the text. */
static bool add_mark(Scan *scan, const Witness *witness, PyObject *text)
{
    enum { TEXT, TAG, HINT, VALUE, BLOCK, WIDTH };
    static const char *const VALUES[] = {"datetime", "content", "title"};
    Attributes attributes;
    if (!read_attributes(witness->tag, scan->end, &attributes))
        attributes.count = 0;
    PyObject *row = make_row(scan->mark, WIDTH);
    if (!row) {
        Py_DECREF(text);
        return false;
    }
    fill(row, TEXT, text);
    bool good = fill(row, TAG, lower_name(witness->name, witness->name_size, witness->number)) && fill(row, HINT, mark_hint(scan, &attributes));
    PyObject *value = good ? PyUnicode_New(0, 0) : NULL;
    for (size_t number = 0; value && number < sizeof VALUES / sizeof VALUES[0] && !PyUnicode_GET_LENGTH(value); number++)
        Py_SETREF(value, text_of(scan, find_attribute(&attributes, VALUES[number])));
    good = value && fill(row, VALUE, value) && fill(row, BLOCK, PyLong_FromSsize_t(witness->block));
    if (!good) {
        Py_DECREF(row);
        return false;
    }
    return append(scan->marks, row);
}

/* Give what was collected since a mark or property began, and the blocks that ended since; nothing where that is long. */
static PyObject *witnessed_text(Scan *scan, const Witness *witness)
{
    Py_ssize_t blocks = PyList_GET_SIZE(scan->texts), chars = 0, rest = 0;
    Bytes copy = {NULL, 0, 0};
    bool done = true;
    for (Py_ssize_t number = witness->block; done && number < blocks; number++) {
        PyObject *text = PyList_GET_ITEM(scan->texts, number);
        Py_ssize_t size;
        const char *bytes = (chars += PyUnicode_GET_LENGTH(text)) <= MAX_PROPERTY_CHARS ? PyUnicode_AsUTF8AndSize(text, &size) : NULL;
        if (!bytes) {
            PyErr_Clear();
            PyMem_Free(copy.items);
            return PyUnicode_New(0, 0);
        }
        done = add_bytes(&copy, bytes, size) && add_bytes(&copy, " ", 1);
    }
    for (Py_ssize_t piece = witness->block == blocks ? witness->piece : 0; done && piece < scan->pieces.count; piece++) {
        Py_ssize_t start = scan->pieces.items[piece], stop = piece + 1 < scan->pieces.count ? scan->pieces.items[piece + 1] : scan->run.count;
        if (rest + stop - start > MAX_MARK_BYTES) {
            PyMem_Free(copy.items);
            return PyUnicode_New(0, 0);
        }
        done = (!rest || add_bytes(&copy, " ", 1)) && add_bytes(&copy, scan->run.items + start, stop - start);
        rest += (rest > 0) + stop - start;
    }
    for (Py_ssize_t at = 0; done && at < copy.count; at++)
        if (copy.items[at] == 2)
            copy.items[at] = ' ';
    PyObject *text = done ? clean_text(scan, copy.items ? copy.items : "", copy.count) : NULL;
    PyMem_Free(copy.items);
    return text;
}

/* Take down a mark or property whose element ends here. */
static bool close_witness(Scan *scan)
{
    Witness *witness = &scan->opened[--scan->open_marks];
    PyObject *text = witnessed_text(scan, witness), *values = witness->values;
    witness->values = NULL;
    bool good = text;
    if (good && values)
        good = append(scan->witnesses, Py_BuildValue("(OOnn)", values, text, witness->order, scan->order));
    Py_XDECREF(values);
    if (good && witness->marked && PyUnicode_GET_LENGTH(text) && PyUnicode_GET_LENGTH(text) <= MAX_MARK_CHARS)
        return add_mark(scan, witness, text);
    Py_XDECREF(text);
    return good;
}

/* Give a text in lower case, and without the white space around it. Takes over the text. */
static PyObject *lowered(PyObject *text, bool stripped)
{
    if (text && PyUnicode_IS_ASCII(text)) { /* most names */
        const char *from = (const char *)PyUnicode_1BYTE_DATA(text), *stop = from + PyUnicode_GET_LENGTH(text);
        while (stripped && from < stop && is_a(*from, C_SPACE))
            from++;
        while (stripped && from < stop && is_a(stop[-1], C_SPACE))
            stop--;
        PyObject *lowered = PyUnicode_New(stop - from, 127);
        char *to = lowered ? (char *)PyUnicode_DATA(lowered) : NULL;
        for (Py_ssize_t at = 0; lowered && at < stop - from; at++)
            to[at] = small(from[at]);
        Py_DECREF(text);
        return lowered;
    }
    if (text && stripped)
        Py_SETREF(text, PyObject_CallMethod(text, "strip", NULL));
    if (text)
        Py_SETREF(text, PyObject_CallMethod(text, "lower", NULL));
    return text;
}

static const char *const META_NAMES[] = {"property", "name", "itemprop", "http-equiv"};

static bool add_meta(Scan *scan, const Attributes *attributes)
{
    const Attribute *given = find_attribute(attributes, "content");
    if (!given)
        return true;
    PyObject *content = text_of(scan, given);
    bool good = content;
    for (size_t number = 0; good && number < sizeof META_NAMES / sizeof META_NAMES[0]; number++) {
        const Attribute *name = find_attribute(attributes, META_NAMES[number]);
        if (name && name->value_size > 0)
            good = append(scan->metas, Py_BuildValue("(NO)", lowered(text_of(scan, name), true), content));
    }
    Py_XDECREF(content);
    return good;
}

static bool add_link(Scan *scan, const Attributes *attributes)
{
    return append(scan->links_to, Py_BuildValue("(NNN)", lowered(text_of(scan, find_attribute(attributes, "rel")), false),
                                                text_of(scan, find_attribute(attributes, "href")), text_of(scan, find_attribute(attributes, "type"))));
}

static bool add_language(Scan *scan, const Attributes *attributes)
{
    static const char *const NAMED[] = {"lang", "xml:lang"};
    for (int number = 0; !scan->language && number < 2; number++) {
        const Attribute *given = find_attribute(attributes, NAMED[number]);
        if (given && given->value_size > 0 && !(scan->language = text_of(scan, given)))
            return false;
    }
    return true;
}

/* Take down what an element says of the page as a whole, and what it has of microdata. */
static bool add_head(Scan *scan, unsigned role, const Attributes *attributes)
{
    if (!(role == N_META ? add_meta : role == N_LINK ? add_link : add_language)(scan, attributes))
        return false;
    if (!find_attribute(attributes, "itemprop"))
        return true;
    PyObject *values = attribute_values(scan, attributes);
    return values && append(scan->heads, Py_BuildValue("(nN)", scan->order, values));
}

static bool holds(const char *text, Py_ssize_t size, const char *word)
{
    Py_ssize_t length = (Py_ssize_t)strlen(word);
    for (Py_ssize_t at = 0; at + length <= size; at++)
        if (same_name(text + at, length, word, length))
            return true;
    return false;
}

/* What a page's script assigns its state to, or names it by. */
static const char *const STATES[] = {"__NEXT_DATA__", "__NUXT", "__INITIAL_STATE__", "__PRELOADED_STATE__", "__APOLLO_STATE__", "Fusion.globalContent"};

static const char *state_at(const char *at, const char *end)
{
    for (size_t number = 0; number < sizeof STATES / sizeof STATES[0]; number++) {
        size_t size = strlen(STATES[number]);
        if ((size_t)(end - at) >= size && !memcmp(at, STATES[number], size))
            return STATES[number];
    }
    return NULL;
}

/* Find the first such word in the head of a script. */
static const char *find_state(const char *at, const char *end)
{
    static const char LEADS[][2] = {{'_', '_'}, {'F', 'u'}};
    const char *found = NULL;
    for (size_t lead = 0; lead < sizeof LEADS / sizeof LEADS[0]; lead++)
        for (const char *sign = at; sign < end && (sign = memchr(sign, LEADS[lead][0], (size_t)(end - sign))); sign++) {
            const char *state = sign + 1 < end && sign[1] == LEADS[lead][1] ? state_at(sign, end) : NULL;
            if (state) {
                found = state;
                end = sign; /* another word only counts before this one */
            }
        }
    return found;
}

/* Take down a script that holds data, with its id or type, or its state's name. */
static bool add_script(Scan *scan, const Attributes *attributes, const char *inner, const char *close)
{
    scan->has_scripts = true;
    if (find_attribute(attributes, "src") || close - inner > MAX_SCRIPT_BYTES)
        return true;
    PyObject *kind = text_of(scan, find_attribute(attributes, "type"));
    Py_ssize_t size;
    const char *type = kind ? PyUnicode_AsUTF8AndSize(kind, &size) : NULL, *state = NULL;
    if (!type) {
        Py_XDECREF(kind);
        return false;
    }
    if (holds(type, size, "ld+json") || holds(type, size, "application/json")) {
        const Attribute *id = find_attribute(attributes, "id");
        if (id && id->value_size > 0)
            Py_SETREF(kind, text_of(scan, id));
        else
            kind = lowered(kind, true);
    } else {
        Py_DECREF(kind);
        state = find_state(inner, close - inner < STATE_HEAD_BYTES ? close : inner + STATE_HEAD_BYTES);
        if (!state)
            return true;
        kind = PyUnicode_FromString(state);
    }
    return append(scan->scripts, Py_BuildValue("(NN)", kind, piece_text(scan, inner, close - inner)));
}

/* Begin an element: what it witnesses, and what its end must undo. */
static bool enter(Scan *scan, Open *open, const Attributes *attributes)
{
    unsigned flags = flags_of(open->number), role = role_of(open->number);
    if ((flags & IS_BLOCK) || (open->number < 0 && memchr(open->name, '-', (size_t)open->name_size))) {
        if (scan->run.count && !flush(scan))
            return false;
        if (!grow((void **)&scan->frames, &scan->frame_room, scan->frame_count + 1, sizeof(Frame)))
            return false;
        open->frame = scan->frame_count;
        scan->frames[scan->frame_count++] = (Frame){open->name, open->tag, open->name_size, 0, -1, open->number};
        scan->paragraphs += role == N_P;
    } else if (role == N_A) {
        open->begun = scan->block_element.count + (scan->run.count > 0);
        scan->links++;
        scan->link_count++;
    } else if (role == N_STRONG) {
        scan->strongs++;
    }
    bool marked = flags & IS_MARKED, property = false;
    for (int number = 0; number < attributes->count; number++) {
        const Attribute *item = &attributes->items[number];
        if (item->kind == A_ITEMSCOPE)
            open->scope = true;
        else if (item->kind == A_ITEMPROP)
            property = item->value_size > 0 || property;
        if (!marked && is_hinting(item))
            marked = is_known_marking(scan->kept, item->value, item->value_size);
    }
    if (role == N_HTML && !add_head(scan, role, attributes))
        return false;
    if (!marked && !property && !open->scope)
        return true;
    scan->order++;
    if (open->scope) {
        open->scope = scan->scope_count < MAX_SCOPES;
        if (open->scope) {
            scan->scope_count++;
            if (!append(scan->scopes, Py_BuildValue("(nN)", scan->order, text_of(scan, find_attribute(attributes, "itemtype")))))
                return false;
        }
    }
    if ((marked || property) && scan->open_marks < MAX_OPEN_MARKS && scan->witness_count < MAX_WITNESSES) {
        PyObject *values = property ? attribute_values(scan, attributes) : NULL;
        if (property && !values)
            return false;
        scan->witness_count++;
        open->witness = scan->open_marks;
        scan->opened[scan->open_marks++] = (Witness){
            PyList_GET_SIZE(scan->texts), scan->pieces.count, scan->order, values, open->name, open->tag, open->name_size, open->number, marked,
        };
    }
    return true;
}

static bool leave(Scan *scan, const Open *open)
{
    unsigned role = role_of(open->number);
    if (open->witness >= 0) {
        scan->order++;
        if (!close_witness(scan))
            return false;
    }
    if (open->frame >= 0) {
        if (scan->run.count && !flush(scan))
            return false;
        Frame *frame = &scan->frames[--scan->frame_count];
        scan->paragraphs -= role == N_P;
        if (frame->index >= 0)
            scan->last.items[frame->index] = (int32_t)scan->block_element.count;
    } else if (role == N_A) {
        scan->links--;
    } else if (role == N_STRONG) {
        scan->strongs--;
    }
    if (open->scope) {
        scan->order++;
        if (!append(scan->scopes, Py_BuildValue("(nO)", scan->order, Py_None)))
            return false;
    }
    return true;
}

static bool add_void(Scan *scan, unsigned role, const Attributes *attributes)
{
    switch (role) {
    case N_BR:
        if (scan->after_break)
            return flush(scan);
        scan->after_break = true;
        return add_piece(scan, "\x02", 1);
    case N_HR:
        return flush(scan);
    case N_IMG:
        scan->images++;
        return true;
    case N_META: case N_LINK:
        scan->order++;
        return add_head(scan, role, attributes);
    default:
        return true;
    }
}

static const char *find_text(const char *at, const char *end, const char *word)
{
    Py_ssize_t size = (Py_ssize_t)strlen(word);
    while (end - at >= size) {
        at = memchr(at, word[0], (size_t)(end - at - size + 1));
        if (!at)
            return NULL;
        if (same_name(at, size, word, size))
            return at;
        at++;
    }
    return NULL;
}

/* Does a tag of this name begin or end here, as "<name" or "</name" has it? */
static bool is_tag(const char *at, const char *end, const char *tag)
{
    Py_ssize_t size = (Py_ssize_t)strlen(tag);
    return end - at > size && same_name(at, size, tag, size) && is_a(at[size], C_ENDS_TAG);
}

/* Find the end of a script. After "<!--", and as far as "-->", it may hold whole scripts of its own. NULL where it has no end. */
static const char *script_end(const char *at, const char *end)
{
    enum { DATA, ESCAPED, TWICE } state = DATA;
    while (at < end) {
        if (state == DATA && !(at = memchr(at, '<', (size_t)(end - at))))
            return NULL;
        if (*at == '<' && is_tag(at, end, "</script")) {
            if (state != TWICE)
                return at;
            state = ESCAPED;
        } else if (state == DATA) {
            if (end - at >= 4 && !memcmp(at, "<!--", 4)) {
                state = ESCAPED;
                at += 1; /* its own hyphens may be those of "-->" */
            }
        } else if (*at == '-' && end - at >= 3 && !memcmp(at, "-->", 3)) {
            state = DATA;
        } else if (state == ESCAPED && *at == '<' && is_tag(at, end, "<script")) {
            state = TWICE;
        }
        at++;
    }
    return NULL;
}

/* Find the end of an element that may hold its like, which is counted. Scripts and comments in it may say anything of it: NULL. */
static const char *outer_end(const Name *name, const char *at, const char *end)
{
    char opening[16] = "<", closing[16] = "</";
    strcat(opening, name->name);
    strcat(closing, name->name);
    for (int open = 1; (at = memchr(at, '<', (size_t)(end - at))); at++) {
        if (is_tag(at, end, closing)) {
            if (!--open)
                return at;
        } else if (is_tag(at, end, opening)) {
            const char *stop = memchr(at, '>', (size_t)(end - at));
            open += !(name->flags & IS_FOREIGN) || !stop || stop[-1] != '/';
        } else if (is_tag(at, end, "<script") || (end - at >= 4 && !memcmp(at, "<!--", 4))) {
            return NULL;
        }
    }
    return NULL;
}

/* Find the end of an element whose inside is not read. NULL where it has none, or where that is not sure. A parser's writing is not asked
 * whether its like stands inside it. */
static const char *span_end(const Open *open, const char *inner, const char *end, bool written)
{
    const Name *name = &NAMES[open->number];
    char opening[16] = "<", closing[16] = "</";
    strcat(opening, name->name);
    strcat(closing, name->name);
    if (name->role == N_SCRIPT && !written)
        return script_end(inner, end);
    const char *close = find_text(inner, end, closing);
    if (!close || written || (name->flags & IS_RAW) || !find_text(inner, close, opening))
        return close;
    return name->flags & IS_LONELY ? NULL : outer_end(name, inner, end);
}

enum Step { FAILED, UNPAIRED, NEXT };

/* ---- what HTML leaves unwritten: ends that are implied, and tags that mean nothing (its "tree construction") ----
 *
 * What formats text and is open where something around it ends is opened anew where text follows (its "list of active formatting elements":
 * here those that are open, and then the lost ones). */

/* A cell or a caption: what formats text outside of it does not inside, and the other way round. */
static inline bool is_marker(unsigned flags, unsigned role) { return (flags & IS_CELL) || ((flags & IS_SCOPE) && role == N_OTHER); }

/* Take down what formats text and is left open, from `first` on, where the elements down to this depth end. */
static enum Step lose_formatting(Scan *scan, Py_ssize_t depth, Py_ssize_t first)
{
    Open lost[MAX_LOST];
    int count = 0;
    for (Py_ssize_t at = depth; at < scan->depth; at++) {
        const Open *open = &scan->stack[at];
        unsigned flags = flags_of(open->number);
        if (is_marker(flags, role_of(open->number))) {
            scan->lost_count = 0;
            break;
        }
        if (at < first || !(flags & IS_FORMATTING))
            continue;
        int alike = 0; /* of more than three that are alike a browser keeps three */
        for (Py_ssize_t other = 0; other < scan->depth; other++)
            alike += scan->stack[other].number == open->number;
        if (count + scan->lost_count >= MAX_LOST || alike > MAX_ALIKE)
            return UNPAIRED;
        lost[count++] = *open;
    }
    if (count) {
        memmove(scan->lost + count, scan->lost, (size_t)scan->lost_count * sizeof(Open));
        memcpy(scan->lost, lost, (size_t)count * sizeof(Open));
        scan->lost_count += count;
    }
    return NEXT;
}

/* End the open elements down to this one, and it too; those from `first` on are left open where it ends. */
static enum Step end_leaving(Scan *scan, Py_ssize_t depth, Py_ssize_t first)
{
    if (scan->depth > first || scan->lost_count) {
        enum Step step = lose_formatting(scan, depth, first);
        if (step != NEXT)
            return step;
    }
    while (scan->depth > depth)
        if (!leave(scan, &scan->stack[--scan->depth]))
            return FAILED;
    return NEXT;
}

/* End an element, and what is open in it. */
static enum Step end_down_to(Scan *scan, Py_ssize_t depth) { return end_leaving(scan, depth, depth + 1); }

/* Forget the last lost element of this name. Was there one? */
static bool forget_lost(Scan *scan, int number)
{
    for (int at = scan->lost_count - 1; at >= 0; at--)
        if (scan->lost[at].number == number) {
            memmove(scan->lost + at, scan->lost + at + 1, (size_t)(--scan->lost_count - at) * sizeof(Open));
            return true;
        }
    return false;
}

/* Open anew what was lost, since something begins that it formats. */
static enum Step open_lost(Scan *scan, bool is_white_space)
{
    const Open *around = scan->depth ? &scan->stack[scan->depth - 1] : NULL;
    unsigned role = around ? role_of(around->number) : N_OTHER;
    if (role == N_TABLE || role == N_ROW || (around && (flags_of(around->number) & IS_ROWS)))
        return is_white_space ? NEXT : UNPAIRED; /* a browser puts it before the table */
    for (int at = 0; at < scan->lost_count; at++) {
        Open open = scan->lost[at];
        open.frame = open.witness = -1;
        open.scope = false;
        Attributes attributes;
        const char *inner = read_attributes(open.tag, scan->end, &attributes);
        if (scan->depth >= MAX_DEPTH || !inner || inner - open.tag > MAX_LOST_BYTES) /* they are read again and again */
            return UNPAIRED;
        if (!enter(scan, &open, &attributes) || !grow((void **)&scan->stack, &scan->stack_room, scan->depth + 1, sizeof(Open)))
            return FAILED;
        scan->stack[scan->depth++] = open;
    }
    scan->lost_count = 0;
    return NEXT;
}

/* Does what is lost format an element of this name? Not one that stands by itself, beside text. */
static inline bool is_formatted(unsigned flags, unsigned role)
{
    if (flags & IS_VOID)
        return role == N_BR || role == N_IMG || role == N_INLINE;
    if (flags & IS_RAW)
        return false;
    return !(flags & (ENDS_P | IS_CELL | IS_ROWS | IS_SCOPE)) && role != N_ROW && role != N_BODY && role != N_HEAD && role != N_HTML;
}

static Py_ssize_t find_open(const Scan *scan, unsigned flags, unsigned role, unsigned stop);

/* Find the paragraph that is open; -1 where there is none, which is known at once, or not in this cell. */
static inline Py_ssize_t open_paragraph(const Scan *scan) { return scan->paragraphs ? find_open(scan, 0, N_P, IS_SCOPE) : -1; }

/* Find the innermost open element with one of these flags or this role, as far as one with a flag of `stop`; -1 if there is none. */
static Py_ssize_t find_open(const Scan *scan, unsigned flags, unsigned role, unsigned stop)
{
    for (Py_ssize_t at = scan->depth - 1; at >= 0; at--) {
        unsigned own = flags_of(scan->stack[at].number);
        if ((own & flags) || (role && role_of(scan->stack[at].number) == role))
            return at;
        if (own & stop)
            return -1;
    }
    return -1;
}

static enum Step end_open(Scan *scan, Py_ssize_t depth) { return depth < 0 ? NEXT : end_down_to(scan, depth); }

/* Inside of which list, description or table does this begin, and what of it ends? */
static enum Step end_siblings(Scan *scan, unsigned flags)
{
    if (flags & (IS_ITEM | IS_TERM)) {
        for (Py_ssize_t at = scan->depth - 1; at >= 0; at--) {
            unsigned own = flags_of(scan->stack[at].number), other = role_of(scan->stack[at].number);
            if (own & flags & (IS_ITEM | IS_TERM))
                return end_down_to(scan, at);
            if ((own & IS_BLOCK) && other != N_ADDRESS && other != N_DIV && other != N_P)
                return NEXT;
        }
        return NEXT;
    }
    Py_ssize_t table = find_open(scan, 0, N_TABLE, 0), last = -1;
    for (Py_ssize_t at = scan->depth - 1; at > table; at--) {
        unsigned own = flags_of(scan->stack[at].number);
        if ((own & IS_CELL) || (!(flags & IS_CELL) && role_of(scan->stack[at].number) == N_ROW) || ((flags & IS_ROWS) && (own & IS_ROWS)))
            last = at;
    }
    return end_open(scan, last);
}

/* End an element that formats text inside of the blocks that began in it: a browser moves these out of it, and puts one like it into each
 * (its "adoption agency"). UNPAIRED where other elements stand between. */
static enum Step take_apart(Scan *scan, Py_ssize_t depth)
{
    enum { MOST = 8 }; /* times a browser does so */
    Open *open = &scan->stack[depth];
    Py_ssize_t last = depth;
    for (Py_ssize_t at = depth + 1; at < scan->depth; at++)
        if (flags_of(scan->stack[at].number) & IS_BLOCK)
            last = at;
    Py_ssize_t blocks = last - depth;
    for (Py_ssize_t at = depth + 1; at < last; at++)
        if (!(flags_of(scan->stack[at].number) & IS_BLOCK))
            return UNPAIRED;
    if (open->witness >= 0 || open->scope || blocks > MOST)
        return UNPAIRED;
    if (scan->depth > last + 1) {
        enum Step step = end_leaving(scan, last + 1, last + 1);
        if (step != NEXT)
            return step;
    }
    if (role_of(open->number) == N_A) {
        if (open->begun < scan->block_links.count)
            scan->block_links.items[open->begun] += (int32_t)blocks;
        else
            scan->link_count += blocks;
    }
    if (!leave(scan, open))
        return FAILED;
    memmove(open, open + 1, (size_t)(--scan->depth - depth) * sizeof(Open));
    return NEXT;
}

/* A link ends the one that is open. */
static enum Step end_link(Scan *scan, int number)
{
    if (forget_lost(scan, number))
        return NEXT;
    bool block = false;
    for (Py_ssize_t at = scan->depth - 1; at >= 0; at--) {
        unsigned own = flags_of(scan->stack[at].number), role = role_of(scan->stack[at].number);
        if (own & IS_SCOPE)
            return role == N_TABLE ? UNPAIRED : NEXT;
        if (role == N_A)
            return block ? take_apart(scan, at) : end_down_to(scan, at);
        block = block || (own & IS_BLOCK);
    }
    return NEXT;
}

/* End what the beginning of this element ends. `ignored`: the tag itself means nothing. */
static enum Step end_before(Scan *scan, int number, bool *ignored)
{
    unsigned flags = flags_of(number), role = role_of(number);
    enum Step step = NEXT;
    if (role == N_HTML || role == N_HEAD || role == N_BODY) {
        *ignored = find_open(scan, 0, role, 0) >= 0 || (role != N_BODY && find_open(scan, 0, N_BODY, 0) >= 0);
        return role == N_BODY ? end_open(scan, find_open(scan, 0, N_HEAD, 0)) : NEXT;
    }
    if (role == N_A)
        return scan->links || scan->lost_count ? end_link(scan, number) : NEXT;
    if (role == N_FORM && find_open(scan, 0, N_FORM, 0) >= 0) {
        *ignored = true;
        return NEXT;
    }
    if (flags & (IS_ITEM | IS_TERM | IS_CELL | IS_ROWS) || role == N_ROW)
        step = end_siblings(scan, flags);
    if (step == NEXT && scan->lost_count && is_marker(flags, role))
        return UNPAIRED;
    if (step == NEXT && (flags & ENDS_P))
        step = end_open(scan, open_paragraph(scan));
    if (step == NEXT && (flags & IS_HEADING) && scan->depth && (flags_of(scan->stack[scan->depth - 1].number) & IS_HEADING))
        step = end_down_to(scan, scan->depth - 1);
    return step;
}

static bool is_named_like(const Open *one, const Open *other)
{
    return one->number >= 0 ? one->number == other->number : other->number < 0 && same_name(one->name, one->name_size, other->name, other->name_size);
}

/* Read the end of an element that a page's author wrote: which open element does it end, if any? */
static enum Step end_element(Scan *scan, const Open *end)
{
    unsigned flags = flags_of(end->number), role = role_of(end->number);
    if (role == N_HTML || role == N_BODY)
        return NEXT; /* whatever follows still belongs to the body */
    bool table = role == N_TABLE || role == N_ROW || (flags & (IS_CELL | IS_ROWS));
    bool block = flags & IS_BLOCK;
    if ((flags & IS_FORMATTING) && scan->lost_count && forget_lost(scan, end->number))
        return NEXT;
    if (role == N_P && open_paragraph(scan) < 0) /* an empty paragraph, which parts what stands around it */
        return !scan->run.count || flush(scan) ? NEXT : FAILED;
    for (Py_ssize_t at = scan->depth - 1; at >= 0; at--) {
        unsigned own = flags_of(scan->stack[at].number);
        if (is_named_like(end, &scan->stack[at]) || (flags & own & IS_HEADING))
            return end_down_to(scan, at);
        if (flags & IS_FORMATTING) {
            if (own & IS_BLOCK) {
                for (; at >= 0 && !(flags_of(scan->stack[at].number) & IS_SCOPE); at--)
                    if (is_named_like(end, &scan->stack[at]))
                        return take_apart(scan, at);
                return NEXT;
            }
        } else if (block) {
            if (table ? role_of(scan->stack[at].number) == N_TABLE : (own & IS_SCOPE) || ((flags & IS_ITEM) && (own & IS_LIST)))
                return NEXT;
        } else if (own & IS_BLOCK) {
            return NEXT;
        }
    }
    return NEXT;
}

/* Read one tag; `at` stands on its "<". */
static enum Step read_tag(Scan *scan, const char *at, const char **next)
{
    const char *end = scan->end, *name = at + 1;
    bool closes = name < end && *name == '/';
    if (closes)
        name++;
    if (name >= end || !is_letter(*name)) { /* a comment, a doctype, or something that HTML takes for a comment */
        const char *stop;
        if (end - at >= 4 && !memcmp(at, "<!--", 4)) {
            stop = find_text(at + 2, end, "-->");
            *next = stop ? stop + 3 : end;
        } else {
            stop = memchr(at, '>', (size_t)(end - at));
            *next = stop ? stop + 1 : end;
        }
        return stop || scan->written ? NEXT : UNPAIRED;
    }
    const char *tag = name;
    while (tag < end && !is_a(*tag, C_ENDS_TAG))
        tag++;
    Open open = {name, tag, tag - name, -1, -1, 0, name_number(name, tag - name), false};
    Attributes attributes;
    const char *inner = read_attributes(tag, end, &attributes);
    if (!inner || (attributes.crowded && !scan->written)) {
        *next = end;
        return scan->written ? NEXT : UNPAIRED;
    }
    *next = inner;
    unsigned flags = flags_of(open.number), role = role_of(open.number);
    if (role == N_HR && !scan->written) {
        enum Step step = end_open(scan, open_paragraph(scan));
        if (step != NEXT)
            return step;
    }
    if (scan->lost_count && is_formatted(flags, role) && (flags & (IS_VOID | IS_SPAN)) && (!closes || role == N_BR)) {
        enum Step step = open_lost(scan, false);
        if (step != NEXT)
            return step;
    }
    if (flags & IS_VOID) /* the end of a void element is no tag at all, but for </br>, which is one more break */
        return (closes && role != N_BR) || add_void(scan, role, &attributes) ? NEXT : FAILED;
    if (closes && !scan->written)
        return end_element(scan, &open);
    if (closes) {
        Py_ssize_t depth = scan->depth;
        while (depth && !is_named_like(&open, &scan->stack[depth - 1]))
            depth--;
        if (!depth)
            return NEXT;
        while (scan->depth >= depth)
            if (!leave(scan, &scan->stack[--scan->depth]))
                return FAILED;
        return NEXT;
    }
    if (flags & IS_SPAN) {
        const char *close = inner;
        if (!(flags & IS_FOREIGN) || inner[-2] != '/') {
            close = span_end(&open, inner, end, scan->written);
            if (!close)
                return scan->written ? NEXT : UNPAIRED;
            const char *stop = memchr(close, '>', (size_t)(end - close));
            *next = stop ? stop + 1 : end;
        }
        if (role == N_SCRIPT)
            return add_script(scan, &attributes, inner, close) ? NEXT : FAILED;
        if (role == N_TITLE && !append(scan->titles, Py_BuildValue("(nn)", inner - scan->data, close - scan->data)))
            return FAILED;
        return NEXT;
    }
    if (!scan->written) {
        bool ignored = false;
        enum Step step = scan->depth < MAX_DEPTH ? end_before(scan, open.number, &ignored) : UNPAIRED;
        if (step == NEXT && !ignored && scan->lost_count && is_formatted(flags, role))
            step = open_lost(scan, false);
        if (step != NEXT || ignored)
            return step;
    }
    if (!enter(scan, &open, &attributes)
        || !grow((void **)&scan->stack, &scan->stack_room, scan->depth + 1, sizeof(Open)))
        return FAILED;
    scan->stack[scan->depth++] = open;
    return NEXT;
}

/* True when the page was read to its end; false with no exception set when its elements do not pair. */
static bool read_page(Scan *scan)
{
    const char *at = scan->data, *end = scan->end;
    while (at < end) {
        const char *text = at, *tag = at;
        for (;; tag++) { /* a "<" that begins no tag is text */
            tag = memchr(tag, '<', (size_t)(end - tag));
            if (!tag) {
                tag = end;
                break;
            }
            if (tag + 1 < end && (is_letter(tag[1]) || tag[1] == '/' || tag[1] == '!' || tag[1] == '?'))
                break;
        }
        if (tag > text && scan->lost_count && open_lost(scan, is_blank(text, tag)) != NEXT)
            return false;
        if (tag > text && !add_text(scan, text, tag))
            return false;
        if (tag == end)
            break;
        enum Step step = read_tag(scan, tag, &at);
        if (step != NEXT)
            return false;
    }
    while (scan->depth)
        if (!leave(scan, &scan->stack[--scan->depth]))
            return false;
    return flush(scan);
}

static PyObject *int_bytes(const Ints *ints)
{
    return PyBytes_FromStringAndSize((const char *)ints->items, ints->count * (Py_ssize_t)sizeof(int32_t));
}

/* Hide a tuple of such rows from the collector as well: it would look at each of them, collection by collection. */
static PyObject *hidden_rows(PyObject *rows)
{
    if (rows)
        PyObject_GC_UnTrack(rows);
    return rows;
}

static PyObject *make_blocks(const Scan *scan, PyTypeObject *kind)
{
    enum { TEXT, ELEMENT, TAG, NUMBERS, WIDTH = NUMBERS + 4 };
    const Ints *numbers[] = {&scan->block_link_chars, &scan->block_links, &scan->block_strong, &scan->block_images};
    Py_ssize_t count = scan->block_element.count;
    PyObject *blocks = PyTuple_New(count);
    for (Py_ssize_t at = 0; blocks && at < count; at++) {
        int32_t element = scan->block_element.items[at];
        PyObject *row = make_row(kind, WIDTH), *tag = element < 0 ? name_objects[name_number("body", 4)] : PyList_GET_ITEM(scan->names, element);
        bool good = row && fill(row, TEXT, Py_NewRef(PyList_GET_ITEM(scan->texts, at))) && fill(row, ELEMENT, PyLong_FromLong(element))
            && fill(row, TAG, Py_NewRef(tag));
        for (int number = 0; good && number < WIDTH - NUMBERS; number++)
            good = fill(row, NUMBERS + number, PyLong_FromLong(numbers[number]->items[at]));
        if (row)
            PyTuple_SET_ITEM(blocks, at, row);
        if (!good)
            Py_CLEAR(blocks);
    }
    return hidden_rows(blocks);
}

static PyObject *make_elements(const Scan *scan, PyTypeObject *kind)
{
    enum { TAG, PARENT, DEPTH, HINT, HIDDEN, WIDTH };
    Py_ssize_t count = scan->parent.count;
    PyObject *elements = PyTuple_New(count);
    for (Py_ssize_t at = 0; elements && at < count; at++) {
        PyObject *row = make_row(kind, WIDTH);
        bool good = row && fill(row, TAG, Py_NewRef(PyList_GET_ITEM(scan->names, at))) && fill(row, PARENT, PyLong_FromLong(scan->parent.items[at]))
            && fill(row, DEPTH, PyLong_FromLong(scan->level.items[at])) && fill(row, HINT, Py_NewRef(PyList_GET_ITEM(scan->hints, at)))
            && fill(row, HIDDEN, PyBool_FromLong(scan->hidden.items[at]));
        if (row)
            PyTuple_SET_ITEM(elements, at, row);
        if (!good)
            Py_CLEAR(elements);
    }
    return hidden_rows(elements);
}

static PyObject *result_of(const Scan *scan, PyTypeObject *block, PyTypeObject *element)
{
    return Py_BuildValue(
        "{sN sN sO sO sO sO sO sO sO sO sO sO sN sN sN sN sN sN sN sN sN sN sN}", "blocks", make_blocks(scan, block), "elements",
        make_elements(scan, element), "metas", scan->metas, "links_to", scan->links_to, "heads", scan->heads, "scripts", scan->scripts, "titles",
        scan->titles, "witnesses", scan->witnesses, "marks", scan->marks, "scopes", scan->scopes, "language", scan->language ? scan->language : Py_None, "has_scripts",
        scan->has_scripts ? Py_True : Py_False, "element", int_bytes(&scan->block_element), "link_chars", int_bytes(&scan->block_link_chars),
        "links", int_bytes(&scan->block_links), "strong_chars", int_bytes(&scan->block_strong), "images", int_bytes(&scan->block_images),
        "parent", int_bytes(&scan->parent), "depth", int_bytes(&scan->level), "hidden", int_bytes(&scan->hidden), "first",
        int_bytes(&scan->first), "end", int_bytes(&scan->last), "headings", int_bytes(&scan->headings));
}

static void release(Scan *scan)
{
    for (int number = 0; number < scan->open_marks; number++)
        Py_XDECREF(scan->opened[number].values);
    PyMem_Free(scan->stack);
    PyMem_Free(scan->frames);
    PyMem_Free(scan->run.items);
    PyMem_Free(scan->clean.items);
    PyMem_Free(scan->expanded.items);
    Ints *ints[] = {&scan->pieces, &scan->block_element, &scan->block_link_chars, &scan->block_links, &scan->block_strong,
                    &scan->block_images, &scan->parent, &scan->level, &scan->hidden, &scan->first, &scan->last, &scan->headings};
    for (size_t number = 0; number < sizeof ints / sizeof ints[0]; number++)
        PyMem_Free(ints[number]->items);
    PyObject *lists[] = {scan->texts, scan->names, scan->hints, scan->metas, scan->links_to, scan->heads, scan->scripts, scan->titles,
                         scan->witnesses, scan->marks, scan->scopes, scan->language};
    for (size_t number = 0; number < sizeof lists / sizeof lists[0]; number++)
        Py_XDECREF(lists[number]);
}

static bool is_row(const PyTypeObject *kind)
{
    return PyType_IsSubtype((PyTypeObject *)kind, &PyTuple_Type) && kind->tp_basicsize == PyTuple_Type.tp_basicsize;
}

const char scan_doc[] =
             "scan(page, written, cleaner, unescape, rows)\n--\n\n"
             "Read the UTF-8 bytes of a page once and give what `walk.py` makes a Document of, or None where its elements do not pair.\n"
             "`cleaner` cleans a text that holds entities, `unescape` undoes the entities of a value.\n"
             "`rows` are the kinds of rows that are made, tuples with names: blocks, elements and marks.";

PyObject *scan_page(PyObject *Py_UNUSED(module), PyObject *args)
{
    const char *data;
    Py_ssize_t size;
    int written;
    Scan scan = {0};
    PyTypeObject *block, *element;
    if (!PyArg_ParseTuple(args, "y#pOO(O!O!O!)", &data, &size, &written, &scan.cleaner, &scan.unescape, &PyType_Type, &block, &PyType_Type, &element,
                          &PyType_Type, &scan.mark))
        return NULL;
    if (!is_row(block) || !is_row(element) || !is_row(scan.mark)) {
        PyErr_SetString(PyExc_TypeError, "a row is a tuple with names and nothing besides");
        return NULL;
    }
    if (size > INT32_MAX / 2) {
        PyErr_SetString(PyExc_ValueError, "a page of more than 1 GiB");
        return NULL;
    }
    scan.data = data;
    scan.end = data + size;
    scan.written = written;
    PyObject **lists[] = {&scan.texts, &scan.names, &scan.hints, &scan.metas, &scan.links_to, &scan.heads, &scan.scripts, &scan.titles,
                          &scan.witnesses, &scan.marks, &scan.scopes};
    bool ready = true;
    for (size_t number = 0; number < sizeof lists / sizeof lists[0]; number++)
        ready = (*lists[number] = PyList_New(0)) && ready;
    PyObject *result = NULL;
    if (ready && read_page(&scan))
        result = result_of(&scan, block, element);
    else if (!PyErr_Occurred())
        result = Py_NewRef(Py_None);
    release(&scan);
    return result;
}

bool prepare_names(void)
{
    sort_bytes();
    for (int number = 0; number < NAME_COUNT; number++) {
        name_sizes[number] = (uint8_t)strlen(NAMES[number].name);
        uint32_t place = name_hash(NAMES[number].name, (Py_ssize_t)strlen(NAMES[number].name));
        while (name_places[place])
            place = (place + 1) % PLACES;
        name_places[place] = (uint8_t)(number + 1);
        name_objects[number] = PyUnicode_InternFromString(NAMES[number].name);
        if (!name_objects[number])
            return false;
    }
    int counts[26] = {0};
    for (int number = 0; number < MARKING_COUNT; number++) {
        int letter = MARKING[number][0] - 'a';
        first_word[letter][counts[letter]++] = (int8_t)number;
        unsigned char first = (unsigned char)MARKING[number][0];
        second_bytes[first] = second_bytes[first - 32] |= 1u << (MARKING[number][1] & 31);
    }
    for (int letter = 0; letter < 26; letter++)
        first_word[letter][counts[letter]] = -1;
    return true;
}
