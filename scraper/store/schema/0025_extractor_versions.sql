-- Which extractor read a page last: what another one has read may be read again, from the archive. Its row is then found by its place there.

ALTER TABLE fetches ADD COLUMN extractor_version TEXT;
DROP INDEX fetches_archived;
CREATE INDEX fetches_archived ON fetches (archive_file, archive_offset) WHERE archive_file IS NOT NULL;
