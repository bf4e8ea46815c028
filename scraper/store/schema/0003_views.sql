-- The views for people. A view may be replaced by a later migration; its columns are a promise, added to and not renamed.

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
    articles.content_changed_at
FROM articles
JOIN sources ON sources.id = articles.source_id;

CREATE VIEW authors AS
SELECT
    article_authors.name,
    article_authors.kind,
    count(*) AS articles,
    count(DISTINCT articles.source_id) AS sources,
    min(articles.published_day) AS first_day,
    max(articles.published_day) AS last_day
FROM article_authors
JOIN articles ON articles.id = article_authors.article_id
GROUP BY article_authors.name, article_authors.kind;

CREATE VIEW author_articles AS
SELECT
    article_authors.name,
    article_authors.kind,
    articles.published_day AS day,
    sources.name AS source,
    articles.headline,
    articles.url,
    articles.id AS article_id
FROM article_authors
JOIN articles ON articles.id = article_authors.article_id
JOIN sources ON sources.id = articles.source_id;

CREATE VIEW tags AS
SELECT
    article_tags.tag,
    count(*) AS articles,
    count(DISTINCT articles.source_id) AS sources,
    min(articles.published_day) AS first_day,
    max(articles.published_day) AS last_day
FROM article_tags
JOIN articles ON articles.id = article_tags.article_id
GROUP BY article_tags.tag;

CREATE VIEW source_days AS
SELECT
    articles.source_id,
    sources.name AS source,
    articles.published_day AS day,
    count(*) AS articles,
    sum(articles.word_count) AS words
FROM articles
JOIN sources ON sources.id = articles.source_id
GROUP BY articles.source_id, articles.published_day;

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
FROM fetches
JOIN sources ON sources.id = fetches.source_id
LEFT JOIN meanings ON meanings.code = fetches.outcome
LEFT JOIN links ON links.url = fetches.url
WHERE fetches.outcome NOT IN ('ok', 'not_modified')
    AND fetches.id = (SELECT max(latest.id) FROM fetches AS latest WHERE latest.url = fetches.url);

CREATE VIEW rejected_pages AS
SELECT
    rejects.url,
    rejects.source_id,
    sources.name AS source,
    rejects.verdict,
    coalesce(meanings.meaning, replace(rejects.verdict, '_', ' ')) AS meaning,
    rejects.reason,
    rejects.headline,
    rejects.text_length,
    rejects.times_seen,
    rejects.first_seen_at,
    rejects.last_seen_at
FROM rejects
JOIN sources ON sources.id = rejects.source_id
LEFT JOIN meanings ON meanings.code = rejects.verdict;

-- One question a column, not one GROUP BY over all fetches: so the last ten runs cost the same after ten years.
CREATE VIEW run_summary AS
SELECT
    runs.id AS run_id,
    runs.command,
    runs.status,
    runs.exit_code,
    runs.started_at,
    runs.finished_at,
    CAST(round((julianday(runs.finished_at) - julianday(runs.started_at)) * 86400) AS INTEGER) AS seconds,
    (SELECT count(DISTINCT source_id) FROM fetches WHERE run_id = runs.id) AS sources,
    (
        SELECT count(*) FROM fetches
        WHERE run_id = runs.id AND kind IN ('feed', 'news_sitemap') AND outcome IN ('ok', 'not_modified')
    ) AS listings,
    (
        SELECT count(*) FROM fetches WHERE run_id = runs.id AND kind IN ('feed', 'news_sitemap') AND outcome = 'not_modified'
    ) AS listings_unchanged,
    (SELECT coalesce(sum(links_new), 0) FROM fetches WHERE run_id = runs.id AND kind IN ('feed', 'news_sitemap')) AS links_new,
    (SELECT count(*) FROM fetches WHERE run_id = runs.id AND kind = 'page' AND outcome = 'ok') AS pages,
    (SELECT count(*) FROM fetches WHERE run_id = runs.id AND kind = 'page' AND saved = 'new') AS articles_new,
    (SELECT count(*) FROM fetches WHERE run_id = runs.id AND kind = 'page' AND saved = 'updated') AS articles_updated,
    (SELECT count(*) FROM fetches WHERE run_id = runs.id AND kind = 'page' AND saved = 'unchanged') AS articles_unchanged,
    (SELECT count(*) FROM fetches WHERE run_id = runs.id AND kind = 'page' AND saved = 'duplicate') AS duplicates,
    (SELECT count(*) FROM fetches WHERE run_id = runs.id AND kind = 'page' AND saved = 'rejected') AS rejected,
    (
        SELECT count(*) FROM fetches WHERE run_id = runs.id AND outcome NOT IN ('ok', 'not_modified', 'robots_denied')
    ) AS failures,
    (SELECT count(*) FROM fetches WHERE run_id = runs.id AND outcome = 'robots_denied') AS refused,
    (SELECT coalesce(sum(bytes), 0) FROM fetches WHERE run_id = runs.id) AS bytes
FROM runs;

CREATE VIEW source_summary AS
SELECT
    sources.id AS source_id,
    sources.name AS source,
    sources.domain,
    sources.enabled,
    (SELECT count(*) FROM articles WHERE articles.source_id = sources.id) AS articles,
    (SELECT max(first_seen_at) FROM articles WHERE articles.source_id = sources.id) AS last_article_at,
    (SELECT max(published_utc) FROM articles WHERE articles.source_id = sources.id) AS last_published_utc,
    (SELECT count(*) FROM rejects WHERE rejects.source_id = sources.id) AS rejects,
    (SELECT count(*) FROM links WHERE links.source_id = sources.id AND links.state = 'pending') AS links_pending,
    (SELECT count(*) FROM links WHERE links.source_id = sources.id AND links.state = 'failed') AS links_failed,
    coalesce(failing.urls, 0) AS failures,
    (SELECT max(at) FROM fetches WHERE fetches.source_id = sources.id) AS last_fetch_at,
    (
        SELECT run_id FROM fetches WHERE fetches.source_id = sources.id ORDER BY at DESC, id DESC LIMIT 1
    ) AS last_run_id
FROM sources
LEFT JOIN (SELECT source_id, count(*) AS urls FROM failures GROUP BY source_id) AS failing ON failing.source_id = sources.id;
