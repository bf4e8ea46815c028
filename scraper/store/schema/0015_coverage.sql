-- Was a source looked at that day, and did it bring what it usually brings? A story that is absent is then not read as silence.
-- One row a source and day from the first look at one of its listings on, days without a look included (`store.coverage` fills them in).

CREATE TABLE collection_days (
    source_id TEXT NOT NULL REFERENCES sources (id),
    day TEXT NOT NULL,
    looks INTEGER NOT NULL DEFAULT 0,
    looks_failed INTEGER NOT NULL DEFAULT 0,
    expected REAL,
    least INTEGER,
    PRIMARY KEY (source_id, day)
) STRICT, WITHOUT ROWID;

-- What is counted by source and day stands in the indexes, so that counting reads no story.
DROP INDEX articles_source_day;
CREATE INDEX articles_source_day ON articles (source_id, published_day, word_count);
CREATE INDEX articles_undated ON articles (source_id, first_seen_at) WHERE published_day IS NULL;
DROP INDEX article_urls_text;
CREATE INDEX article_urls_text ON article_urls (source_id, first_seen_at, article_id) WHERE matched_by = 'text';

-- Stories without a date count on the day they were found, and so do those that another source had first, letter for letter.
CREATE VIEW coverage AS
SELECT
    source_id, source, day,
    CASE
        WHEN looks = 0 THEN 'not collected'
        WHEN is_last THEN 'unfinished'
        WHEN expected IS NULL THEN 'no history'
        WHEN found < least THEN 'gap'
        ELSE 'collected'
    END AS state,
    CASE WHEN looks > 0 OR found > 0 THEN found END AS collected,
    expected,
    CASE WHEN NOT is_last THEN max(0, expected - found) END AS gap,
    least, looks, looks_failed
FROM (
    SELECT
        days.source_id, sources.name AS source, days.day, days.looks, days.looks_failed, days.expected, days.least,
        (SELECT count(*) FROM articles WHERE articles.source_id = days.source_id AND articles.published_day = days.day)
        + (
            SELECT count(*) FROM articles
            WHERE articles.source_id = days.source_id AND published_day IS NULL
                AND articles.first_seen_at >= days.day AND articles.first_seen_at < date(days.day, '+1 day')
        )
        + (
            SELECT count(DISTINCT article_urls.article_id) FROM article_urls JOIN articles ON articles.id = article_urls.article_id
            WHERE article_urls.source_id = days.source_id AND article_urls.matched_by = 'text'
                AND article_urls.first_seen_at >= days.day AND article_urls.first_seen_at < date(days.day, '+1 day')
                AND articles.source_id <> days.source_id
        ) AS found,
        NOT EXISTS (
            SELECT 1 FROM collection_days AS later
            WHERE later.source_id = days.source_id AND later.day > days.day AND later.looks > 0
        ) AS is_last
    FROM collection_days AS days
    JOIN sources ON sources.id = days.source_id
);

-- Evidence and rejects in the open.
CREATE VIEW field_evidence AS
SELECT
    evidence.article_id,
    articles.source_id,
    sources.name AS source,
    evidence.field,
    evidence.value,
    evidence.signal,
    json_array_length(evidence.candidates) AS losers,
    (
        SELECT group_concat(
            coalesce(json_extract(loser.value, '$.value'), '-') || ' [' || coalesce(json_extract(loser.value, '$.signal'), '-')
            || '] ' || coalesce(json_extract(loser.value, '$.reason'), ''), char(10)
        )
        FROM json_each(evidence.candidates) AS loser
    ) AS lost,
    articles.url
FROM evidence
JOIN articles ON articles.id = evidence.article_id
JOIN sources ON sources.id = articles.source_id;

CREATE VIEW rejects_by_reason AS
SELECT
    rejected_pages.source_id,
    rejected_pages.source,
    rejected_pages.verdict,
    rejected_pages.meaning,
    rejected_pages.reason,
    count(*) AS pages,
    min(rejected_pages.first_seen_at) AS first_seen_at,
    max(rejected_pages.last_seen_at) AS last_seen_at,
    max(rejected_pages.url) AS example_url
FROM rejected_pages
GROUP BY rejected_pages.source_id, rejected_pages.verdict, rejected_pages.reason;

CREATE VIEW failures_by_host AS
SELECT
    lower(CASE WHEN instr(rest, '/') THEN substr(rest, 1, instr(rest, '/') - 1) ELSE rest END) AS host,
    outcome,
    meaning,
    count(*) AS addresses,
    sum(times_failed) AS times_failed,
    count(DISTINCT source_id) AS sources,
    sum(link_state = 'failed') AS given_up,
    max(failed_at) AS last_failed_at,
    max(url) AS example_url
FROM (SELECT *, substr(url, instr(url, '://') + 3) AS rest FROM failures)
GROUP BY 1, outcome;

-- The looks of the past.
INSERT INTO collection_days (source_id, day, looks, looks_failed)
SELECT source_id, date(at), sum(outcome IN ('ok', 'not_modified')), sum(outcome NOT IN ('ok', 'not_modified'))
FROM fetches WHERE kind NOT IN ('page', 'direct') GROUP BY source_id, date(at);
