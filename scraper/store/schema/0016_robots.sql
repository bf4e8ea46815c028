-- What each site's robots.txt said when it was last read, kept from run to run: it holds for a day, and is asked for with its validators
-- after that. A row without content is a site that has no robots.txt, where everything is allowed.

CREATE TABLE robots (
    origin TEXT PRIMARY KEY NOT NULL,
    content BLOB,
    etag TEXT,
    last_modified TEXT,
    fetched_at TEXT NOT NULL
) STRICT;
