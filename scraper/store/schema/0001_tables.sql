-- The tables. Described for people in docs/database.md, and a test holds the two together.
-- Columns ending in _at and _utc: UTC, 'YYYY-MM-DD HH:MM:SS', the form of SQLite's own datetime(), so that comparisons with it work.
-- This file has been released: it is never edited. What changes comes as a new file with the next number.

CREATE TABLE sources (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    domain TEXT,
    country TEXT,
    languages TEXT NOT NULL DEFAULT '[]',
    tags TEXT NOT NULL DEFAULT '[]',
    feeds TEXT NOT NULL DEFAULT '[]',
    news_sitemaps TEXT NOT NULL DEFAULT '[]',
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    first_seen_at TEXT NOT NULL,
    last_configured_at TEXT
) STRICT;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    status TEXT NOT NULL DEFAULT 'running',
    exit_code INTEGER
) STRICT;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id),
    url TEXT NOT NULL,
    canonical_url TEXT NOT NULL UNIQUE,
    headline TEXT,
    standfirst TEXT,
    body TEXT,
    authors TEXT,
    agencies TEXT,
    published TEXT,
    published_utc TEXT,
    published_day TEXT,
    published_precision TEXT,
    modified TEXT,
    language TEXT,
    publisher TEXT,
    section TEXT,
    image TEXT,
    paywalled INTEGER CHECK (paywalled IN (0, 1)),
    verdict TEXT NOT NULL,
    confidence REAL NOT NULL,
    word_count INTEGER NOT NULL,
    text_hash TEXT UNIQUE,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    content_changed_at TEXT NOT NULL,
    extractor_version TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id)
) STRICT;
CREATE INDEX articles_published ON articles (published_utc);
CREATE INDEX articles_source_published ON articles (source_id, published_utc);
CREATE INDEX articles_source_day ON articles (source_id, published_day);
CREATE INDEX articles_source_first_seen ON articles (source_id, first_seen_at);

CREATE TABLE article_urls (
    url TEXT PRIMARY KEY NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    normal_url TEXT NOT NULL,
    source_id TEXT NOT NULL REFERENCES sources (id),
    matched_by TEXT NOT NULL CHECK (matched_by IN ('new', 'url', 'canonical', 'text')),
    first_seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX article_urls_normal ON article_urls (normal_url);
CREATE INDEX article_urls_article ON article_urls (article_id);

CREATE TABLE article_authors (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'agency')),
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_authors_name ON article_authors (name);

CREATE TABLE article_tags (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_tags_tag ON article_tags (tag);

CREATE TABLE evidence (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    signal TEXT NOT NULL,
    value TEXT,
    candidates TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (article_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejects (
    normal_url TEXT PRIMARY KEY NOT NULL,
    url TEXT NOT NULL,
    final_url TEXT NOT NULL,
    source_id TEXT NOT NULL REFERENCES sources (id),
    verdict TEXT NOT NULL,
    reason TEXT,
    headline TEXT,
    text_length INTEGER NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    times_seen INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX rejects_source ON rejects (source_id, last_seen_at);

CREATE TABLE fetches (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    source_id TEXT NOT NULL REFERENCES sources (id),
    url TEXT NOT NULL,
    final_url TEXT,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    message TEXT,
    retryable INTEGER NOT NULL DEFAULT 0 CHECK (retryable IN (0, 1)),
    bytes INTEGER,
    elapsed_ms INTEGER,
    attempts INTEGER,
    links_found INTEGER,
    links_new INTEGER,
    verdict TEXT,
    saved TEXT,
    article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX fetches_run ON fetches (run_id, kind, outcome, saved);
CREATE INDEX fetches_url ON fetches (url, id);
CREATE INDEX fetches_source ON fetches (source_id, at);
CREATE INDEX fetches_article ON fetches (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX fetches_failed ON fetches (url, id) WHERE outcome NOT IN ('ok', 'not_modified');

CREATE TABLE validators (
    url TEXT PRIMARY KEY NOT NULL,
    source_id TEXT NOT NULL REFERENCES sources (id),
    etag TEXT,
    last_modified TEXT,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    canonical_url TEXT NOT NULL UNIQUE,
    source_id TEXT NOT NULL REFERENCES sources (id),
    kind TEXT NOT NULL,
    found_in TEXT,
    title TEXT,
    published TEXT,
    published_utc TEXT,
    authors TEXT NOT NULL DEFAULT '[]',
    keywords TEXT NOT NULL DEFAULT '[]',
    language TEXT,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT,
    last_attempt_at TEXT,
    last_outcome TEXT,
    last_message TEXT,
    first_seen_at TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id)
) STRICT;
CREATE INDEX links_pending ON links (source_id, published_utc DESC, id) WHERE state = 'pending';
CREATE INDEX links_source_state ON links (source_id, state);

CREATE TABLE meanings (
    code TEXT PRIMARY KEY NOT NULL,
    meaning TEXT NOT NULL
) STRICT;
