-- A search that is narrowed by day or language asks for them at each story that holds the words: in this index, and not in the stories' own rows.

DROP INDEX articles_places;
CREATE INDEX articles_places ON articles (id, source_id, published_day, original_id, language, verdict, published_utc);
