-- Stories that `scraper import` brought from a batch: of which page, at which bytes of which WARC file, in which part of which batch.
-- A page is known by its address and moment, so that a second import brings nothing twice.

CREATE TABLE imported_parts (
    id INTEGER PRIMARY KEY,
    batch TEXT NOT NULL,
    part TEXT NOT NULL,
    warc_file TEXT NOT NULL,
    UNIQUE (batch, part, warc_file)
) STRICT;

CREATE TABLE imported_pages (
    url TEXT NOT NULL,
    at TEXT NOT NULL,
    part_id INTEGER NOT NULL REFERENCES imported_parts (id),
    run_id INTEGER NOT NULL REFERENCES runs (id),
    article_id INTEGER REFERENCES articles (id),
    outcome TEXT NOT NULL,
    warc_offset INTEGER,
    warc_length INTEGER,
    warc_digest TEXT,
    PRIMARY KEY (url, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX imported_pages_article ON imported_pages (article_id) WHERE article_id IS NOT NULL;

CREATE VIEW imported AS
SELECT
    imported_pages.article_id, articles.source_id, articles.headline, imported_pages.at, imported_pages.outcome, imported_parts.batch,
    imported_parts.part, imported_parts.warc_file, imported_pages.warc_offset, imported_pages.warc_length, imported_pages.warc_digest,
    imported_pages.url, imported_pages.run_id
FROM imported_pages
JOIN imported_parts ON imported_parts.id = imported_pages.part_id
LEFT JOIN articles ON articles.id = imported_pages.article_id;
