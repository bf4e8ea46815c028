"""Where does the command begin? Here, before anything else is loaded: `scraper` and `python -m scraper` are the same.

Loading the commands takes 0.2 s, and a Ctrl-C in that time would leave a traceback from the middle of an import. Nothing is under way yet
that would have to be put in order, so the process says one sentence and ends. Commands with work to put in order do it in `cli.work`.
"""

import gc
import os
import signal
import sys

__all__ = ["main"]

LOADING = (5_000, 20, 20)  # new objects before garbage is looked for: what is loaded stays, and looking was a sixteenth of the time it took
INTERRUPTED = 130  # as in pipeline.exit_codes, which is not loaded yet


def main() -> int:
    """Run the command and give its exit code; the console script hands it to the shell."""
    gc.set_threshold(*LOADING)
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # what the caller ignores (nohup, a shell's background) stays ignored
            signal.signal(number, _end)
    from scraper.cli import main as command

    return command()


def _end(*_: object) -> None:
    try:
        os.write(2, b"scraper: interrupted\n")
    finally:  # standard error may be closed
        os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
