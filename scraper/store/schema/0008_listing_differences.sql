-- What a feed or sitemap says of a story and its page says otherwise: two witnesses, side by side.

CREATE VIEW listing_differences AS
SELECT
    evidence.article_id,
    articles.source_id,
    sources.name AS source,
    evidence.field,
    evidence.value AS on_the_page,
    evidence.signal AS page_signal,
    json_extract(candidate.value, '$.value') AS in_the_listing,
    json_extract(candidate.value, '$.signal') AS listing,
    articles.published_day,
    articles.url
FROM evidence
JOIN articles ON articles.id = evidence.article_id
JOIN sources ON sources.id = articles.source_id, json_each(evidence.candidates) AS candidate
WHERE
    evidence.candidates LIKE '%"the listing says otherwise"%'
    AND json_extract(candidate.value, '$.reason') = 'the listing says otherwise';
