-- New stories enter the search index at the end of their transaction, all in one statement (`store.waiting`): FTS5 writes what it has gathered
-- whenever a savepoint or a statement with a trigger begins, so that by triggers each story was a segment of its own, to be merged later.
-- What is changed or taken away still goes through triggers.

DROP TRIGGER articles_fts_insert;
DROP TRIGGER long_words_insert;
