-- Copies of one text under other words: wire stories with another lead or headline, edited, or cut short.
-- No foreign key in `shingles`: it would need an index by article, of the size of the table, for rows that are never deleted.

CREATE TABLE shingles (
    hash INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (hash, article_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE articles ADD COLUMN original_id INTEGER REFERENCES articles (id);
ALTER TABLE articles ADD COLUMN likeness REAL;
CREATE INDEX articles_original ON articles (original_id) WHERE original_id IS NOT NULL;
CREATE INDEX article_urls_text ON article_urls (article_id) WHERE matched_by = 'text';

DROP VIEW article_list;
CREATE VIEW article_list AS
SELECT
    articles.id,
    articles.source_id,
    sources.name AS source,
    articles.published_day AS day,
    articles.published,
    articles.headline,
    articles.authors,
    articles.agencies,
    (
        SELECT group_concat(tag, ', ')
        FROM (SELECT tag FROM article_tags WHERE article_tags.article_id = articles.id ORDER BY position)
    ) AS tags,
    articles.publisher,
    articles.section,
    articles.language,
    articles.word_count AS words,
    articles.paywalled,
    articles.verdict,
    articles.confidence,
    (SELECT count(*) FROM article_urls WHERE article_urls.article_id = articles.id) AS urls,
    articles.url,
    articles.first_seen_at,
    articles.content_changed_at,
    articles.original_id,
    articles.likeness
FROM articles
JOIN sources ON sources.id = articles.source_id;

CREATE VIEW originals AS
SELECT * FROM article_list WHERE original_id IS NULL;

-- Letter for letter the same at another source is one more address of the story; nearly the same is a story of its own.
CREATE VIEW copies AS
SELECT
    articles.original_id,
    'near' AS kind,
    articles.likeness,
    articles.id AS article_id,
    articles.source_id,
    sources.name AS source,
    articles.headline,
    articles.agencies,
    articles.url,
    articles.first_seen_at
FROM articles
JOIN sources ON sources.id = articles.source_id
WHERE articles.original_id IS NOT NULL
UNION ALL
SELECT
    coalesce(articles.original_id, articles.id),
    'exact',
    1.0,
    articles.id,
    article_urls.source_id,
    sources.name,
    articles.headline,
    articles.agencies,
    article_urls.url,
    article_urls.first_seen_at
FROM article_urls
JOIN articles ON articles.id = article_urls.article_id
JOIN sources ON sources.id = article_urls.source_id
WHERE article_urls.matched_by = 'text' AND article_urls.source_id <> articles.source_id;

CREATE VIEW shared_stories AS
SELECT
    originals.id AS original_id,
    originals.published_day AS day,
    originals.headline,
    sources.name AS first_source,
    counted.copies,
    counted.sources + (counted.own = 0) AS sources,
    (
        SELECT group_concat(name, ', ') FROM (
            SELECT DISTINCT article_authors.name
            FROM articles AS teller
            JOIN article_authors ON article_authors.article_id = teller.id AND article_authors.kind = 'agency'
            WHERE teller.id = originals.id OR teller.original_id = originals.id
            ORDER BY article_authors.name
        )
    ) AS agencies,
    originals.first_seen_at,
    counted.last_seen_at AS last_copy_at,
    originals.url
FROM (
    SELECT
        copies.original_id,
        count(*) AS copies,
        count(DISTINCT copies.source_id) AS sources,
        max(copies.source_id = first.source_id) AS own,
        max(copies.first_seen_at) AS last_seen_at
    FROM copies
    JOIN articles AS first ON first.id = copies.original_id
    GROUP BY copies.original_id
) AS counted
JOIN articles AS originals ON originals.id = counted.original_id
JOIN sources ON sources.id = originals.source_id;
