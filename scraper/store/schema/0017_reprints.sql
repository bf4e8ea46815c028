-- Who ran what others had, and when: counted in the index alone, without reading a story.
DROP INDEX articles_original;
CREATE INDEX articles_original ON articles (original_id, source_id, first_seen_at) WHERE original_id IS NOT NULL;
