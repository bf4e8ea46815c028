-- What came of running a page's scripts in a browser, where that was wanted.

ALTER TABLE fetches ADD COLUMN rendering TEXT;

INSERT INTO meanings (code, meaning) VALUES
    ('rendered', 'read after its scripts had run in a browser'),
    ('no_browser', 'its scripts could not be run: there is no browser, or it does not start'),
    ('render_timeout', 'its scripts were still busy when the time was up'),
    ('render_failed', 'its scripts took too much memory, or led away from the page'),
    ('render_too_large', 'its scripts made it larger than a page may be');
