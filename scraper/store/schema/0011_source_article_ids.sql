-- A source may say how its addresses number its stories (article_id in sources.yaml): then the number says which story a page tells,
-- whatever else stands in its address. `matched_by` gets a word for that, and is free to get more: meanings are in docs/database.md.

ALTER TABLE links ADD COLUMN source_article_id TEXT;
CREATE INDEX links_source_article ON links (source_id, source_article_id) WHERE source_article_id IS NOT NULL;

ALTER TABLE articles ADD COLUMN source_article_id TEXT;
CREATE INDEX articles_source_article ON articles (source_id, source_article_id) WHERE source_article_id IS NOT NULL;

CREATE TABLE known_urls AS SELECT url, article_id, normal_url, source_id, matched_by, first_seen_at FROM article_urls ORDER BY rowid;
DROP TABLE article_urls;
CREATE TABLE article_urls (
    url TEXT PRIMARY KEY NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    normal_url TEXT NOT NULL,
    source_id TEXT NOT NULL REFERENCES sources (id),
    matched_by TEXT NOT NULL,
    first_seen_at TEXT NOT NULL
) STRICT;
INSERT INTO article_urls SELECT * FROM known_urls ORDER BY rowid;
DROP TABLE known_urls;
CREATE INDEX article_urls_normal ON article_urls (normal_url);
CREATE INDEX article_urls_article ON article_urls (article_id);
