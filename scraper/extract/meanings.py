"""What do the names of elements mean to the columns? What they are around a block, whether they contain, and which column is their own."""

__all__ = ["AROUND", "CONTAINER", "HIDDEN", "KINDS", "MEANINGS", "TAGS", "TAG_SHIFT"]

TAGS = "p h1 h2 h3 h4 h5 h6 li td th blockquote pre figcaption dd dt div section article".split()
AROUND = "nav header footer aside article main form table ul figure section blockquote dl ol".split()
CONTAINERS = "div section article aside main td table ul ol nav footer header".split()
# One number an element: what it is around a block, in bits, the next of which is for what is hidden; whether it contains; from TAG_SHIFT on
# the column of the blocks that are its own, from 1.
HIDDEN, CONTAINER, TAG_SHIFT = 1 << len(AROUND), 1 << len(AROUND) + 1, len(AROUND) + 2
MEANINGS = {
    name: (1 << AROUND.index(name) if name in AROUND else 0)
    | (CONTAINER if name in CONTAINERS else 0)
    | (TAGS.index(name) + 1 << TAG_SHIFT if name in TAGS else 0)
    for name in (*AROUND, *CONTAINERS, *TAGS)
}
# The kinds of the phrase table, as numbers.
KINDS = {"end": 1, "line": 2, "more": 3}
