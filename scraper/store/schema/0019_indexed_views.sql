-- The views that people look at first begin in an index and read no story for what they do not show, so that they answer at half a million.

-- `article_list` in the order of `published`, which is written as the page tells it.
CREATE INDEX articles_published_as_told ON articles (published);

-- Authors and tags are counted in these alone; where and when their stories appeared stands in the third, beside the stories' numbers,
-- since a row of `articles` is as long as its text. SQLite would look that up in the row nevertheless: hence INDEXED BY.
DROP INDEX article_authors_name;
CREATE INDEX article_authors_name ON article_authors (name, kind);
CREATE INDEX articles_places ON articles (id, source_id, published_day, original_id);

-- Each column but the count is a query of its own: SQLite asks it only where the column is wanted, and with a LIMIT only for the rows that
-- come first.
DROP VIEW authors;
CREATE VIEW authors AS
SELECT
    named.name,
    named.kind,
    named.articles,
    (
        SELECT count(DISTINCT source_id)
        FROM article_authors AS one CROSS JOIN articles INDEXED BY articles_places ON articles.id = one.article_id
        WHERE one.name = named.name AND one.kind = named.kind
    ) AS sources,
    (
        SELECT min(published_day)
        FROM article_authors AS one CROSS JOIN articles INDEXED BY articles_places ON articles.id = one.article_id
        WHERE one.name = named.name AND one.kind = named.kind
    ) AS first_day,
    (
        SELECT max(published_day)
        FROM article_authors AS one CROSS JOIN articles INDEXED BY articles_places ON articles.id = one.article_id
        WHERE one.name = named.name AND one.kind = named.kind
    ) AS last_day
FROM (SELECT name, kind, count(*) AS articles FROM article_authors GROUP BY name, kind) AS named;

DROP VIEW tags;
CREATE VIEW tags AS
SELECT
    named.tag,
    named.articles,
    (
        SELECT count(DISTINCT source_id)
        FROM article_tags AS one CROSS JOIN articles INDEXED BY articles_places ON articles.id = one.article_id
        WHERE one.tag = named.tag
    ) AS sources,
    (
        SELECT min(published_day)
        FROM article_tags AS one CROSS JOIN articles INDEXED BY articles_places ON articles.id = one.article_id
        WHERE one.tag = named.tag
    ) AS first_day,
    (
        SELECT max(published_day)
        FROM article_tags AS one CROSS JOIN articles INDEXED BY articles_places ON articles.id = one.article_id
        WHERE one.tag = named.tag
    ) AS last_day
FROM (SELECT tag, count(*) AS articles FROM article_tags GROUP BY tag) AS named;
