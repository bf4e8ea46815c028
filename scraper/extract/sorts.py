"""What sort is a character of, and what is counted by sorts? Space, letter, digit, quote, stop … as bits, for every character of the basic
plane, and its lower case; and the names of the counts.
"""

from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "CLOSER",
    "COMMA",
    "DASH",
    "DIGIT",
    "FRAMING",
    "LOWER",
    "MAX_MEASURED",
    "MEASURES",
    "QUOTE",
    "RULE",
    "SHORT",
    "SIGN",
    "SPACE",
    "STOP",
    "TRIMMED",
    "UPPER",
    "WIDE",
    "Tables",
    "tables",
]  # fmt: skip

SPACE, LOWER, UPPER, DIGIT, QUOTE, COMMA, STOP, CLOSER, WIDE, RULE, DASH, SIGN, TRIMMED, FRAMING = (1 << bit for bit in range(14))
SORTS = {
    QUOTE: '"“”„«»‘’「」『』',
    COMMA: ",،、，",
    STOP: ".!?。！？।؟…",
    CLOSER: '.!?。！？।؟…:;"”’»)」』',
    RULE: "|•·›»/",
    DASH: "–—-",
    SIGN: "©@",
    TRIMMED: ".,:;!?\"'“”‘’()[]«»–—|",
    FRAMING: " \t\n.:!?…»«>›→|-–—•·*#\"'“”()[]",
}
WIDE_RANGES = ((0x0E00, 0x0EFF), (0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF))  # scripts that do not part words
CODES = 0x10000  # the basic plane; what lies beyond is of the sort of its last character


# chars is capped at MAX_MEASURED; line_words, shared (with the headline) and credit are counted in texts of at most SHORT characters.
MEASURES = (
    "chars spaces wide lower upper digits commas sentences wide_stops lower_words upper_words quotes years times signs slashes rules "
    "breaks first last last_code line_words shared credit"
).split()
MAX_MEASURED = 5000  # characters of a block: more of it says no more, and a page may be one block of millions
SHORT = 240  # a headline, a caption's credit and a chrome phrase are shorter; a longer line is told by its prose


class Tables(NamedTuple):
    """What every character of the basic plane is: its sorts as bits, and its lower case; 16-bit numbers, as bytes."""

    sorts: bytes
    lowered: bytes


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Make the tables, once a process."""
    import numpy as np  # 0.1 s that the phrase table alone need not wait for

    chars = [chr(code) for code in range(CODES)]
    sorts = np.asarray(
        [
            (char.isspace() and SPACE) | (char.islower() and LOWER) | (char.isupper() and UPPER) | (char.isdigit() and DIGIT)
            for char in chars
        ],
        dtype=np.uint16,
    )
    for low, high in WIDE_RANGES:
        sorts[low : high + 1] |= WIDE
    for sort, members in SORTS.items():
        sorts[[ord(char) for char in members]] |= sort
    lowered = [ord(lower) if len(lower := char.lower()) == 1 else code for code, char in enumerate(chars)]
    return Tables(sorts.tobytes(), np.asarray(lowered, dtype=np.uint16).tobytes())
