-- What Datasette asks of `article_list` is answered by indexes: its pages in the order of the day and of the moment a story was found, its
-- facets, and which stories were changed. A row of `articles` is as long as its text, so reading all of them takes a second at 500,000.

CREATE INDEX articles_day ON articles (published_day, source_id, original_id);
CREATE INDEX articles_first_seen ON articles (first_seen_at);
CREATE INDEX articles_changed ON articles (content_changed_at) WHERE content_changed_at > first_seen_at;
DROP INDEX articles_places;
CREATE INDEX articles_places ON articles (id, source_id, published_day, original_id, language, verdict);

-- LEFT JOIN, though each article has a source: SQLite then never begins at the sources, which would have it sort all articles of all of them.
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
LEFT JOIN sources ON sources.id = articles.source_id;

-- The failures are few among the fetches, and have an index of their own.
DROP VIEW failures;
CREATE VIEW failures AS
SELECT
    fetches.url,
    fetches.source_id,
    sources.name AS source,
    fetches.kind,
    fetches.outcome,
    coalesce(
        meanings.meaning,
        CASE WHEN fetches.outcome LIKE 'http\_%' ESCAPE '\' THEN 'the server answered with status ' || substr(fetches.outcome, 6) END,
        replace(fetches.outcome, '_', ' ')
    ) AS meaning,
    fetches.message,
    fetches.status,
    fetches.at AS failed_at,
    (
        SELECT count(*) FROM fetches AS earlier
        WHERE earlier.url = fetches.url AND earlier.outcome NOT IN ('ok', 'not_modified')
    ) AS times_failed,
    links.state AS link_state,
    links.next_attempt_at,
    fetches.run_id
FROM fetches INDEXED BY fetches_failed
JOIN sources ON sources.id = fetches.source_id
LEFT JOIN meanings ON meanings.code = fetches.outcome
LEFT JOIN links ON links.url = fetches.url
WHERE fetches.outcome NOT IN ('ok', 'not_modified')
    AND fetches.id = (SELECT max(latest.id) FROM fetches AS latest WHERE latest.url = fetches.url);

-- Statistics are not kept any more: those of a large table, estimated from 400 rows, differ from index to index, and had SQLite read every
-- story where an index holds all that is asked for. Without any, it takes the same ways in every database, which the tests have seen.
DROP TABLE IF EXISTS sqlite_stat1;
