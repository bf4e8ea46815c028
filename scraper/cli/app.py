"""Which commands are there, and what does a person see when one fails? One sentence on standard error, and an exit code; no traceback.

Each command lives in a module of its own and imports what it needs when it is called: `scraper --help` loads click and nothing else
that is slow. Home of click, with its neighbours in this package.
"""

import errno
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from scraper import __version__
from scraper.cli.archive import archive
from scraper.cli.batch import batch
from scraper.cli.copies import copies
from scraper.cli.diff import diff
from scraper.cli.export import export
from scraper.cli.extract import extract
from scraper.cli.health import health
from scraper.cli.import_ import import_
from scraper.cli.keep import backup, check
from scraper.cli.look import search, stats
from scraper.cli.reextract import reextract
from scraper.cli.run import run
from scraper.cli.say import complain
from scraper.cli.schedule import schedule
from scraper.cli.scrape import scrape
from scraper.cli.sources import sources
from scraper.cli.view import report, serve
from scraper.errors import ScraperError, SourcesError
from scraper.pipeline.exit_codes import INTERRUPTED, MEANINGS, SOME_FAILED, UNUSABLE, exit_code_of

__all__ = ["app", "main"]

EPILOG = "\b\nExit codes:\n" + "\n".join(f"{code:>5}  {meaning}" for code, meaning in MEANINGS.items())


class InOrder(click.Group):
    """A group whose help lists the commands in the order a newcomer needs them, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the names as they were added."""
        return list(self.commands)


@click.group(cls=InOrder, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="scraper", message="%(prog)s %(version)s")
def app() -> None:
    """Collect news articles: clean, deduplicated records in SQLite, from feeds, single pages or saved files."""


for command in (
    run,
    scrape,
    extract,
    reextract,
    archive,
    batch,
    copies,
    import_,
    sources,
    search,
    diff,
    export,
    stats,
    health,
    schedule,
    serve,
    report,
    backup,
    check,
):
    app.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; the console script hands it to the shell."""
    try:
        _open_what_is_closed()
        _never_fail_to_print()
        with _sigterm_like_sigint():
            return app.main(arguments, prog_name="scraper", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):  # the first is click's word for the second
        complain("interrupted")
        return INTERRUPTED
    except ScraperError as error:
        complain(error.message, *(error.problems if isinstance(error, SourcesError) else ()))
        return exit_code_of(error)
    except OSError as error:
        complain(f"the system refused: {error.strerror or error}" + (f" ({error.filename})" if error.filename else ""))
        return UNUSABLE if error.errno == errno.ENOSPC else SOME_FAILED


@contextmanager
def _sigterm_like_sigint() -> Iterator[None]:
    """Let SIGTERM, which service managers send, do what Ctrl-C does: work under way is put in order, and the code is 130."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _open_what_is_closed() -> None:
    """Put an empty stream in the place of one that was closed (`>&-`): Python has None there, and the next file would take its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open until the end


def _never_fail_to_print() -> None:
    """Print a replacement for what the terminal's encoding cannot hold (a lone surrogate, or anything but ASCII in the C locale)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
