-- By which of its own rules (`rules:` in sources.yaml) a source's pages were read in the last run: what others would change can be shown.

ALTER TABLE sources ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
