-- How each source fares by its own history (`scraper health`): what its looks found by hour and by day, its state, and every change of it.

-- Figures by name, JSON; docs/database.md says out of what each counts.
CREATE TABLE health_hours (
    source_id TEXT NOT NULL REFERENCES sources (id),
    hour TEXT NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY (source_id, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE health_days (
    source_id TEXT NOT NULL REFERENCES sources (id),
    day TEXT NOT NULL,
    counts TEXT NOT NULL,
    new_links TEXT NOT NULL,
    reads TEXT NOT NULL,
    extractor_version TEXT,
    in_trouble INTEGER NOT NULL DEFAULT 0 CHECK (in_trouble IN (0, 1)),
    PRIMARY KEY (source_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_health (
    source_id TEXT PRIMARY KEY NOT NULL REFERENCES sources (id),
    state TEXT NOT NULL CHECK (state IN ('ok', 'degraded', 'silent', 'backing_off', 'blocked')),
    since_at TEXT,
    evidence TEXT,
    findings TEXT NOT NULL DEFAULT '[]',
    judged_at TEXT NOT NULL,
    learned_from TEXT,
    usual TEXT NOT NULL
) STRICT;

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id),
    at TEXT NOT NULL,
    run_id INTEGER REFERENCES runs (id),
    before TEXT NOT NULL,
    state TEXT NOT NULL,
    since_at TEXT,
    evidence TEXT,
    sent_at TEXT
) STRICT;
CREATE INDEX alerts_source ON alerts (source_id, id);
CREATE INDEX alerts_unsent ON alerts (id) WHERE sent_at IS NULL;

INSERT INTO meanings (code, meaning) VALUES
    ('degraded', 'what comes is not what usually comes: fields, texts or pages are missing or other than before'),
    ('silent', 'nothing or next to nothing is announced where much usually is, or the listings cannot be read'),
    ('backing_off', 'the site cannot be reached; it is asked at growing pauses'),
    ('blocked', 'the site refuses us, or asks whether we are robots');

CREATE VIEW health AS
SELECT
    source_health.source_id,
    sources.name AS source,
    source_health.state,
    iif(source_health.state = 'ok', 'all is as usual for this source', meanings.meaning) AS meaning,
    source_health.since_at,
    source_health.evidence,
    source_health.judged_at,
    json_extract(source_health.usual, '$.days') AS days_learned,
    source_health.learned_from
FROM source_health
JOIN sources ON sources.id = source_health.source_id
LEFT JOIN meanings ON meanings.code = source_health.state;

CREATE VIEW health_changes AS
SELECT
    alerts.id AS alert_id,
    alerts.source_id,
    sources.name AS source,
    alerts.at,
    alerts.before,
    alerts.state,
    alerts.since_at,
    alerts.evidence,
    alerts.run_id,
    alerts.sent_at
FROM alerts
JOIN sources ON sources.id = alerts.source_id;

CREATE VIEW health_figures AS
SELECT
    days.source_id,
    sources.name AS source,
    days.day,
    figure.key AS figure,
    figure.value AS seen,
    json_extract(days.counts, '$.' || whole.name) AS out_of,
    round(1.0 * figure.value / json_extract(days.counts, '$.' || whole.name), 4) AS share,
    days.in_trouble
FROM health_days AS days
JOIN sources ON sources.id = days.source_id, json_each(days.counts) AS figure
JOIN (
    SELECT 'listing' AS kind, 'looks' AS name UNION ALL SELECT 'page', 'requests' UNION ALL SELECT 'verdict', 'visits'
    UNION ALL SELECT 'field', 'stories' UNION ALL SELECT 'signal', 'stories' UNION ALL SELECT 'repeated', 'stories'
    UNION ALL SELECT 'access', 'stories' UNION ALL SELECT 'words', 'stories' UNION ALL SELECT 'lines', 'stories'
    UNION ALL SELECT 'template', 'fitted'
) AS whole ON whole.kind = substr(figure.key, 1, instr(figure.key, ':') - 1);
