"""In which form does the command speak to a person? In sentences that begin with `scraper: `, on standard error."""

import click

from scraper.export import printable

__all__ = ["complain"]


def complain(sentence: str, *details: str) -> None:
    """Say one sentence, with an indented line for each detail."""
    lines = [f"scraper: {sentence}", *(f"  {detail}" for detail in details)]
    click.echo(printable("\n".join(lines)), err=True)
