-- The figures of `scraper serve` and `scraper report`, each counted by one query, asked by `overview`. Every query is made to end within
-- 300 ms at 500,000 articles: it begins at the sources, of which there are few, and goes on in an index that holds all it needs. CROSS JOIN
-- and the unary plus keep SQLite to that, with statistics and without. The days stand beside each source, since SQLite takes a condition on
-- articles alone for a reason to read all of them first (for a Bloom filter) where it does not know how few sources there are. Authors
-- and tags are counted in the order of the articles' numbers, in which they stand side by side.
-- A name in braces stands for the part of that name; each query begins with the part `chosen`.

-- part: chosen
WITH chosen AS MATERIALIZED (
    SELECT id, name, :since AS since, :until AS until FROM sources
    WHERE :sources IS NULL OR id IN (SELECT value FROM json_each(:sources))
)

-- part: in_span
chosen CROSS JOIN articles
    ON articles.source_id = chosen.id AND articles.published_day >= chosen.since AND articles.published_day < chosen.until

-- part: named
articles INDEXED BY articles_places

-- part: reprints
, reprints AS (
    SELECT original_id, source_id, 0 AS exact FROM articles
    WHERE original_id IS NOT NULL AND +first_seen_at >= :since AND +first_seen_at < :until AND +source_id IN (SELECT id FROM chosen)
    UNION ALL
    SELECT coalesce(articles.original_id, articles.id), article_urls.source_id, 1
    FROM article_urls INDEXED BY article_urls_text CROSS JOIN articles ON articles.id = article_urls.article_id
    WHERE article_urls.matched_by = 'text' AND article_urls.source_id IN (SELECT id FROM chosen)
        AND article_urls.first_seen_at >= :since AND article_urls.first_seen_at < :until AND articles.source_id <> article_urls.source_id
)

-- query: stored
SELECT coalesce(sum(articles), 0) AS articles, coalesce(sum(articles - dated), 0) AS undated,
    min(first) AS first_day, max(last) AS last_day
FROM (
    SELECT (SELECT count(*) FROM articles WHERE source_id = chosen.id) AS articles,
        (SELECT count(published_day) FROM articles WHERE source_id = chosen.id) AS dated,
        (SELECT min(published_day) FROM articles WHERE source_id = chosen.id) AS first,
        (SELECT max(published_day) FROM articles WHERE source_id = chosen.id) AS last
    FROM chosen
)

-- query: sources
SELECT chosen.id AS source_id, chosen.name AS source, count(*) AS articles FROM {in_span}
GROUP BY chosen.id ORDER BY articles DESC, source, source_id

-- query: days
SELECT published_day AS day, count(*) AS articles FROM {in_span} GROUP BY published_day ORDER BY published_day

-- query: source_days
SELECT chosen.id AS source_id, published_day AS day, count(*) AS articles FROM {in_span}
WHERE chosen.id IN (SELECT value FROM json_each(:shown)) GROUP BY chosen.id, published_day ORDER BY chosen.id, published_day

-- query: authors
SELECT article_authors.name, count(*) AS articles
FROM {named} CROSS JOIN article_authors ON article_authors.article_id = articles.id
WHERE published_day >= :named_since AND published_day < :until AND source_id IN (SELECT id FROM chosen) AND kind = 'person'
GROUP BY article_authors.name ORDER BY articles DESC, article_authors.name LIMIT :names

-- query: tags
SELECT tag AS name, count(*) AS articles
FROM {named} CROSS JOIN article_tags ON article_tags.article_id = articles.id
WHERE published_day >= :named_since AND published_day < :until AND source_id IN (SELECT id FROM chosen)
GROUP BY tag ORDER BY articles DESC, tag LIMIT :names

-- query: reprints
{reprints}
SELECT source_id, chosen.name AS source, sum(exact = 0) AS near, sum(exact) AS exact
FROM reprints JOIN chosen ON chosen.id = source_id GROUP BY source_id ORDER BY count(*) DESC, source LIMIT :names

-- query: shared
{reprints}
SELECT first.id AS article_id, first.headline, first.url, sources.name AS source, first.published_day AS day, counted.copies,
    counted.sources + (first.source_id NOT IN (SELECT source_id FROM reprints WHERE original_id = first.id)) AS sources
FROM (
    SELECT original_id, count(*) AS copies, count(DISTINCT source_id) AS sources
    FROM reprints GROUP BY original_id ORDER BY sources DESC, copies DESC, original_id DESC LIMIT :stories
) AS counted
JOIN articles AS first ON first.id = counted.original_id JOIN sources ON sources.id = first.source_id
ORDER BY counted.sources DESC, counted.copies DESC, counted.original_id DESC

-- query: failures
SELECT lower(substr(rest, 1, instr(rest || '/', '/') - 1)) AS host, outcome AS code, meaning, count(*) AS addresses
FROM (
    SELECT substr(url, instr(url, '://') + 3) AS rest, outcome, meaning FROM failures
    WHERE +failed_at >= :since AND +failed_at < :until AND +source_id IN (SELECT id FROM chosen)
)
GROUP BY host, code ORDER BY addresses DESC, host, code

-- query: rejects
SELECT verdict, coalesce(meanings.meaning, replace(verdict, '_', ' ')) AS meaning, pages
FROM (
    SELECT rejects.verdict, count(*) AS pages FROM chosen CROSS JOIN rejects
        ON rejects.source_id = chosen.id AND rejects.last_seen_at >= chosen.since AND rejects.last_seen_at < chosen.until
    GROUP BY rejects.verdict
)
LEFT JOIN meanings ON meanings.code = verdict ORDER BY pages DESC, verdict

-- query: troubles
SELECT health.source_id, health.source, state, coalesce(since_at, judged_at) AS day, coalesce(evidence, '') AS evidence
FROM health JOIN sources ON sources.id = health.source_id
WHERE state <> 'ok' AND sources.enabled AND health.source_id IN (SELECT id FROM chosen) ORDER BY day, health.source_id

-- query: gaps
SELECT source_id, source, day, state = 'gap' AS is_gap, collected, expected
FROM coverage
WHERE day >= :since AND day < :until AND source_id IN (SELECT id FROM chosen)
    AND (looks = 0 OR least > 0) AND state IN ('gap', 'not collected')
ORDER BY source_id, day
