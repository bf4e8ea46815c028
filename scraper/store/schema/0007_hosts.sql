-- Hosts that refuse us or do not answer, kept from run to run. A host that is well has no row.

CREATE TABLE hosts (
    host TEXT PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL,
    last_outcome TEXT,
    resting_until_at TEXT,
    delay_s REAL NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

INSERT INTO meanings (code, meaning) VALUES
    ('host_resting', 'the host kept failing, so it was left alone this time');
