-- Fresh stories are looked at again: which of them is asked per source and time. A page answered with 304 is a page that was asked for.

CREATE INDEX links_done ON links (source_id, first_seen_at) WHERE state = 'done';

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
        WHERE run_id = runs.id AND kind <> 'page' AND outcome IN ('ok', 'not_modified')
    ) AS listings,
    (
        SELECT count(*) FROM fetches WHERE run_id = runs.id AND kind <> 'page' AND outcome = 'not_modified'
    ) AS listings_unchanged,
    (SELECT coalesce(sum(links_new), 0) FROM fetches WHERE run_id = runs.id AND kind <> 'page') AS links_new,
    (SELECT count(*) FROM fetches WHERE run_id = runs.id AND kind = 'page' AND outcome IN ('ok', 'not_modified')) AS pages,
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
