-- How much of a story's text stands in links: what a source's health is measured by, too.
ALTER TABLE fetches ADD COLUMN link_density REAL;

DROP VIEW health_figures;
CREATE VIEW health_figures AS
SELECT
    days.source_id,
    sources.name AS source,
    days.day,
    figure.key AS figure,
    figure.value AS seen,
    json_extract(days.counts, '$.' || whole.name) AS out_of,
    round(1.0 * figure.value / json_extract(days.counts, '$.' || whole.name), 4) AS share,
    days.in_trouble
FROM health_days AS days
JOIN sources ON sources.id = days.source_id, json_each(days.counts) AS figure
JOIN (
    SELECT 'listing' AS kind, 'looks' AS name UNION ALL SELECT 'page', 'requests' UNION ALL SELECT 'verdict', 'visits'
    UNION ALL SELECT 'field', 'stories' UNION ALL SELECT 'signal', 'stories' UNION ALL SELECT 'repeated', 'stories'
    UNION ALL SELECT 'access', 'stories' UNION ALL SELECT 'words', 'stories' UNION ALL SELECT 'lines', 'stories'
    UNION ALL SELECT 'template', 'fitted' UNION ALL SELECT 'links', 'texts'
) AS whole ON whole.kind = substr(figure.key, 1, instr(figure.key, ':') - 1);
