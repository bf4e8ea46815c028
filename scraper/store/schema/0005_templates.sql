-- What each source repeats on its pages, learned as they come; and for each page whether it was built as the others.

CREATE TABLE templates (
    source_id TEXT PRIMARY KEY NOT NULL REFERENCES sources (id),
    pages INTEGER NOT NULL,
    rules TEXT NOT NULL DEFAULT '[]',
    memory TEXT NOT NULL,
    first_learned_at TEXT NOT NULL,
    last_learned_at TEXT NOT NULL
) STRICT;

ALTER TABLE fetches ADD COLUMN template_fit TEXT;
CREATE INDEX fetches_misfit ON fetches (source_id, run_id) WHERE template_fit = 'template_misfit';

INSERT INTO meanings (code, meaning) VALUES
    ('template_fits', 'built as the other pages of its source'),
    ('template_misfit', 'built otherwise than the other pages of its source: the site may have changed its layout');

CREATE VIEW template_rules AS
SELECT
    templates.source_id,
    sources.name AS source,
    json_extract(rule.value, '$.field') AS field,
    json_extract(rule.value, '$.place') AS place,
    json_extract(rule.value, '$.pages') AS pages,
    json_extract(rule.value, '$.of') AS of_pages,
    templates.pages AS pages_learned,
    templates.last_learned_at
FROM templates
JOIN sources ON sources.id = templates.source_id, json_each(templates.rules) AS rule;

DROP VIEW run_summary;
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
    (SELECT coalesce(sum(bytes), 0) FROM fetches WHERE run_id = runs.id) AS bytes,
    (
        SELECT count(*) FROM fetches WHERE run_id = runs.id AND template_fit = 'template_misfit'
    ) AS template_misfits
FROM runs;

DROP VIEW source_summary;
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
    ) AS last_run_id,
    coalesce((SELECT pages FROM templates WHERE templates.source_id = sources.id), 0) AS template_pages,
    (
        SELECT count(*) FROM fetches
        WHERE fetches.source_id = sources.id AND template_fit = 'template_misfit' AND run_id = (
            SELECT run_id FROM fetches WHERE fetches.source_id = sources.id ORDER BY at DESC, id DESC LIMIT 1
        )
    ) AS template_misfits
FROM sources
LEFT JOIN (SELECT source_id, count(*) AS urls FROM failures GROUP BY source_id) AS failing ON failing.source_id = sources.id;
