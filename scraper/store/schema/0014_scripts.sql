-- Search where words are not set apart by spaces: by character in Chinese, Japanese, Thai, Lao, Khmer and Burmese; inside of compounds in German
-- and its like. Both stand beside articles_fts, which every other tool can search.

CREATE VIRTUAL TABLE articles_unspaced_fts USING fts5(
    headline, standfirst, body, authors, agencies,
    tokenize="unicode61 remove_diacritics 2", content=""
);
INSERT INTO articles_unspaced_fts (articles_unspaced_fts, rank) VALUES ('rank', 'bm25(8.0, 3.0, 1.0, 4.0, 4.0)');

CREATE TABLE long_words (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE
) STRICT;
CREATE VIRTUAL TABLE long_words_fts USING fts5(word, tokenize="trigram", content="long_words", content_rowid="id");
CREATE TRIGGER long_words_insert AFTER INSERT ON long_words BEGIN
    INSERT INTO long_words_fts (rowid, word) VALUES (new.id, new.word);
END;
