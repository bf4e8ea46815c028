"""Into which words does a text fall? For the index of copies, and to be counted.

`plain` says it in Python, `c/marks.c` the same in one pass over the characters; tests/test_words.py holds the two to one answer.
"""

from scraper.words.plain import Words, sampled, taken_apart

try:
    from scraper.words._marks import count, marks
except ImportError:
    from scraper.words.plain import count, marks

__all__ = ["Words", "count", "marks", "sampled", "taken_apart"]
