-- `published` is what the page says, with the page's own offset: not to be compared or parsed as one column of times. What is stands beside it.

DROP VIEW originals;
DROP VIEW article_list;
CREATE VIEW article_list AS
SELECT
    articles.id,
    articles.source_id,
    sources.name AS source,
    articles.published_day AS day,
    articles.published,
    articles.published_utc,
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
CREATE VIEW originals AS
SELECT * FROM article_list WHERE original_id IS NULL;
