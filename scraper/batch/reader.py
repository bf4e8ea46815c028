"""How does a worker come by the pages of a stretch, whatever they do to who reads them? From a process of its own, or the next.

The new one goes on behind the last record that was told. Records are told some dozen at a time, so those that were not are read again one
by one: the page at which the process ends then is to blame. For its time, if that is how it ended; otherwise it is read once more, since
the death may have been another's doing, and is blamed when it happens again.
"""

import fcntl
import os
import pickle
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

from scraper.batch.steps import TOGETHER
from scraper.batch.telling import Asked, Ended, Failed, Full, Told
from scraper.errors import ArchiveError, ExtractionError, ScraperError

__all__ = ["Reader"]

SILENT_S: Final = 600.0  # longer than any page may take, and any server to answer
REST_S: Final = 0.02  # a worker's page takes 3 ms, its row 20 kB
PIPE_BYTES: Final = 1 << 20  # the most that Linux gives without being asked by root
DEATHS: Final = 4  # without a record in between: then it is the file


class _DeathError(Exception):
    """The process ended, with this code."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class Reader:
    """A process that reads, started when it is needed and used again; one stretch at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._asks: Connection | None = None
        self._tells: _Tells | None = None

    def read(self, asked: Asked) -> Iterator[Told | Ended]:
        """Give what comes of a stretch, record by record. Raises ScraperError where the file cannot be read at all."""
        deaths = 0
        while True:
            try:
                for answers in self._answers(asked):
                    yield from answers
                    if isinstance(answers[-1], Ended):
                        return
                    deaths, asked = 0, _behind(answers, asked)
            except _DeathError as death:
                deaths += 1
                if deaths == DEATHS:
                    raise _crashed(death.exit_code) from death
                if not asked.singly:
                    asked = asked._replace(singly=TOGETHER)
                elif death.exit_code == -signal.SIGPROF:
                    late = f"it took longer than {asked.limits.page_s:g} s"
                    asked = asked._replace(blamed=ExtractionError(late, code="extract_timeout"))
                elif deaths > 1:
                    asked = asked._replace(blamed=_crashed(death.exit_code))

    def close(self) -> None:
        """End the process."""
        for connection in (self._asks, self._tells):
            if connection is not None:
                connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._asks = self._tells = None

    def _answers(self, asked: Asked) -> Iterator[list[Told | Ended]]:
        """Ask, and give the answers up to the last, or to where the process says that it has grown. Raises _DeathError."""
        whole = False
        try:
            asks, tells = self._started()
            asks.send(asked)
            for answers in tells.messages():
                if isinstance(answers[0], Failed):
                    whole = True
                    raise _failure(answers[0])
                if isinstance(answers[0], Full):
                    return
                whole = isinstance(answers[-1], Ended)
                yield answers
                if whole:
                    return
            raise _DeathError(-signal.SIGKILL)
        except (EOFError, OSError) as error:
            raise _DeathError(self._exit_code()) from error
        finally:
            if not whole:  # it has ended, or is in the middle of something that nobody waits for
                self.close()

    def _exit_code(self) -> int:
        return self._process.wait() if self._process else 0

    def _started(self) -> "tuple[Connection, _Tells]":
        if self._asks is None or self._tells is None:
            environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-W", "ignore", "-m", "scraper.batch"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,  # Ctrl-C is for who asked
            )
            self._asks, self._tells = _connections(self._process)
        return self._asks, self._tells


class _Tells:
    """What a process tells, taken in by the dozen: between one look and the next it goes on telling, and nobody is woken for each row."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._poll = select.poll()
        self._poll.register(connection.fileno(), select.POLLIN)
        self._rest_s = REST_S if _widened(connection.fileno()) else 0.0

    def messages(self) -> Iterator[Any]:
        """Give what is told until nothing is for a long time. Raises EOFError and OSError where the process has ended."""
        while self._poll.poll(SILENT_S * 1000):
            yield pickle.loads(self._connection.recv_bytes())  # noqa: S301 - from a process of our own
            if not self._poll.poll(0):
                time.sleep(self._rest_s)

    def close(self) -> None:
        """Listen no more."""
        self._connection.close()


def _behind(answers: Sequence[Told | Ended], asked: Asked) -> Asked:
    """Give what is still to be asked for."""
    marks = [answer.mark for answer in answers if isinstance(answer, Told) and answer.mark]
    left = max(asked.singly - len(answers), 0)
    return asked._replace(mark=marks[-1] if marks else asked.mark, after=answers[-1].number, singly=left, blamed=None)


def _widened(pipe: int) -> bool:
    """Give a pipe room for some dozen rows; False where the system gives none."""
    with suppress(AttributeError, OSError):  # Linux only, and no more than the system allows one user in all
        return fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES) >= PIPE_BYTES
    return False


def _connections(process: "subprocess.Popen[bytes]") -> tuple[Connection, _Tells]:
    """Speak with a process in messages, over descriptors of our own."""
    ends = []
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            ends.append(os.dup(pipe.fileno()))
            with suppress(OSError):
                pipe.close()
    return Connection(ends[0], readable=False), _Tells(Connection(ends[1], writable=False))


def _failure(answer: Failed) -> ScraperError:
    made = ArchiveError if answer.code.startswith("archive_") else ScraperError
    return made(answer.message, code=answer.code, retryable=answer.retryable)


def _crashed(exit_code: int) -> ExtractionError:
    how = signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"
    return ExtractionError(f"the process that read it died ({how})", code="extract_crashed")
