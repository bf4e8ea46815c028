"""Which sites are collected, and how? `sources.yaml` becomes `Source` records, or one list of everything that is wrong with it.

    reading    YAML text → plain data
    fields     what each key may hold
    catalogue  plain data → sources, with defaults, contact and duplicates
    matching   which source does a URL belong to, and which of its stories?

The file's format is documented for people in docs/sources.md. What the sites publish is `discover`'s question.
"""

from scraper.sources.catalogue import load
from scraper.sources.matching import article_id_in, source_for

__all__ = ["article_id_in", "load", "source_for"]
