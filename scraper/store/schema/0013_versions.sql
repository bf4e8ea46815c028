-- What a story said before it was changed. The version that stands today is the row in `articles`: a story that never changes costs nothing.

CREATE TABLE article_versions (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    headline TEXT,
    standfirst TEXT,
    body TEXT,
    authors TEXT,
    agencies TEXT,
    published TEXT,
    modified TEXT,
    extractor_version TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    replaced_at TEXT NOT NULL,
    change TEXT NOT NULL,
    kinds TEXT NOT NULL,
    words_added INTEGER NOT NULL,
    words_removed INTEGER NOT NULL,
    cause TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    UNIQUE (article_id, number)
) STRICT;
CREATE INDEX article_versions_replaced ON article_versions (replaced_at);

CREATE VIEW versions AS
SELECT
    article_id, number, 0 AS is_current, seen_at, replaced_at, headline, standfirst, body, authors, agencies, published, modified,
    extractor_version
FROM article_versions
UNION ALL
SELECT
    articles.id,
    1 + coalesce((SELECT max(number) FROM article_versions WHERE article_id = articles.id), 0),
    1,
    coalesce((SELECT max(replaced_at) FROM article_versions WHERE article_id = articles.id), articles.first_seen_at),
    NULL,
    headline, standfirst, body, authors, agencies, published, modified, extractor_version
FROM articles;

CREATE VIEW changes AS
SELECT
    before.article_id,
    articles.source_id,
    sources.name AS source,
    before.number + 1 AS version,
    before.replaced_at AS changed_at,
    before.change,
    before.kinds,
    before.words_added,
    before.words_removed,
    before.headline AS headline_before,
    CASE WHEN after.id IS NULL THEN articles.headline ELSE after.headline END AS headline_after,
    before.cause,
    before.run_id,
    articles.url
FROM article_versions AS before
JOIN articles ON articles.id = before.article_id
JOIN sources ON sources.id = articles.source_id
LEFT JOIN article_versions AS after ON after.article_id = before.article_id AND after.number = before.number + 1;

INSERT INTO meanings (code, meaning) VALUES
    ('correction', 'a note about a mistake or a clarification was added'),
    ('headline', 'the headline says something else'),
    ('text_added', 'ten words or more came in'),
    ('text_removed', 'ten words or more went out'),
    ('small_edit', 'a few words came or went'),
    ('details', 'the text is the same; authors, dates or other fields are not');
