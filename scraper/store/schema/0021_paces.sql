-- When was each source last looked at, and how many new stories came over how many hours? Both counts fade, so that their quotient is
-- today's rate: it says when the source is looked at next.

CREATE TABLE paces (
    source_id TEXT PRIMARY KEY NOT NULL REFERENCES sources (id),
    looked_at TEXT NOT NULL,
    stories REAL NOT NULL,
    watched_h REAL NOT NULL
) STRICT;
