"""The one place that knows the order of work and turns a failure into a row: `crawl`, `scrape`, `files`.

Nothing is re-exported: `crawl` brings httpx and sqlite-utils with it, which a command that only needs an exit code must not pay for.
"""
