-- The search index over articles: external content, so that the text is stored once.
-- The double quotes around "articles" are what Datasette looks for to offer its search box. The index is kept by triggers; the
-- update trigger looks at the values, since re-indexing an unchanged story is most of what a blind update costs.

CREATE VIRTUAL TABLE articles_fts USING fts5(
    headline, standfirst, body, authors, agencies,
    tokenize="unicode61 remove_diacritics 2", content="articles", content_rowid="id"
);

-- A word in the headline says more about the story than one in the text. `ORDER BY rank` uses these weights for everybody.
INSERT INTO articles_fts (articles_fts, rank) VALUES ('rank', 'bm25(8.0, 3.0, 1.0, 4.0, 4.0)');

CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, headline, standfirst, body, authors, agencies)
    VALUES (new.id, new.headline, new.standfirst, new.body, new.authors, new.agencies);
END;

CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, headline, standfirst, body, authors, agencies)
    VALUES ('delete', old.id, old.headline, old.standfirst, old.body, old.authors, old.agencies);
END;

CREATE TRIGGER articles_fts_update AFTER UPDATE OF headline, standfirst, body, authors, agencies ON articles
WHEN old.headline IS NOT new.headline OR old.standfirst IS NOT new.standfirst OR old.body IS NOT new.body
    OR old.authors IS NOT new.authors OR old.agencies IS NOT new.agencies
BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, headline, standfirst, body, authors, agencies)
    VALUES ('delete', old.id, old.headline, old.standfirst, old.body, old.authors, old.agencies);
    INSERT INTO articles_fts (rowid, headline, standfirst, body, authors, agencies)
    VALUES (new.id, new.headline, new.standfirst, new.body, new.authors, new.agencies);
END;
