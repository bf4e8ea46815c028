-- Where the archive has the page that a fetch brought: a file of it, and the bytes there that are the page's record. The digest of its content
-- stands where a later page of the same content may refer to that record.

ALTER TABLE fetches ADD COLUMN archive_file TEXT;
ALTER TABLE fetches ADD COLUMN archive_offset INTEGER;
ALTER TABLE fetches ADD COLUMN archive_length INTEGER;
ALTER TABLE fetches ADD COLUMN archive_digest TEXT;
CREATE INDEX fetches_archived ON fetches (archive_file, id) WHERE archive_file IS NOT NULL;

CREATE VIEW archived_pages AS
SELECT
    fetches.id AS fetch_id, fetches.article_id, fetches.source_id, sources.name AS source, fetches.at, fetches.outcome, fetches.verdict,
    fetches.archive_file, fetches.archive_offset, fetches.archive_length, fetches.url, fetches.final_url, fetches.run_id
FROM fetches JOIN sources ON sources.id = fetches.source_id
WHERE fetches.archive_file IS NOT NULL;
