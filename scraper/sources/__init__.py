"""Which sites are collected, and how? `sources.yaml` becomes `Source` records, or one list of everything that is wrong with it.

    reading              YAML text → plain data
    fields, checks       what each key may hold, and what is a sound value of each sort; selectors: what is CSS?
    catalogue            plain data → sources, with defaults, contact and duplicates; and how the archive is kept
    lint                 what can be read, and will not work? patterns, automata: nor will this regular expression
    editing              a file is changed, and all else in it stays as it is
    zones                in which time zones does a country tell its times?
    matching             which source does a URL belong to, and which of its stories?

The file's format is documented for people in docs/sources.md. What the sites publish is `discover`'s question.
"""

from scraper.sources.catalogue import Catalogue, load, load_all
from scraper.sources.matching import article_id_in, source_for

__all__ = ["Catalogue", "article_id_in", "load", "load_all", "source_for"]
