"""How does one record get to standard output, and what is said about one that is no article? Shared by `scrape` and `extract`."""

from dataclasses import dataclass

import click

from scraper.cli.say import complain
from scraper.export import Format, explain, render
from scraper.records import Article

__all__ = ["RecordPrinter"]

STORIES = frozenset({"article", "live_blog"})


@dataclass(slots=True)
class RecordPrinter:
    """Prints records in one form: JSON of several as JSON lines, the other forms with a rule between two records."""

    form: Format
    explain: bool
    several: bool
    printed: int = 0

    def show(self, article: Article, name: str) -> bool:
        """Print a record and tell whether it is a story; if it is none, say so on standard error. `name` is the URL or file it is of."""
        if self.printed and self.form != "json":
            click.echo("\n---\n")
        self.printed += 1
        click.echo(render(article, self.form, evidence=self.explain, indent=None if self.several else 2))
        if self.explain and self.form != "json":
            click.echo("\n" + explain(article))
        if article.verdict in STORIES:
            return True
        evidence = article.evidence.of("verdict")
        reason = f" ({evidence.signal})" if evidence else ""
        complain(f"{name} is no article: verdict {article.verdict}{reason}, confidence {article.confidence:.2f}")
        return False
