"""How is the database opened for looking at it in a browser? With Datasette, for reading only, on this machine unless more is asked for.

Home of uvicorn, which answers; what it answers with is `plugin`'s.
"""

import asyncio
import errno
import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scraper.errors import UsageError
from scraper.look.plots import refuse_without_plots
from scraper.store import Store

if TYPE_CHECKING:
    import uvicorn

__all__ = ["serve"]

GRACE_S: Final = 2  # for answers that are under way when it is told to end
OWN_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def serve(db: Path, *, host: str, port: int, is_exposed: bool, say: Callable[[str], None]) -> None:
    """Answer until SIGINT or SIGTERM. `say` is told the address, and who can reach it if that is not only this machine.

    Raises UsageError (`no_datasette`, `no_plots`, `bad_host`, `exposed`, `port_in_use`) and StoreError.
    """
    _refuse_without_datasette()
    refuse_without_plots()
    Store.open(db, read_only=True).close()
    family, place = _place(host, port)
    address = str(place[0])
    is_open = not ipaddress.ip_address(address.partition("%")[0]).is_loopback
    if is_open and not is_exposed:
        raise UsageError(
            f"{host} is not only this machine: everybody who reaches it could read all of {db} and ask it anything, without a password;"
            " --expose does it all the same",
            code="exposed",
        )
    with _listening(family, place, host) as listening:
        app = _application(db, hosts=None if is_open else OWN_NAMES | {host.lower(), _bracketed(address)})
        if is_open:
            say(f"everybody who reaches {_bracketed(address)} can read all of {db} and ask it anything, without a password")
        server = _server(app)
        with _ended_by_signals(server):  # from the moment on at which somebody is told how to end it
            say(f"{db} is open at http://{_bracketed(address)}:{listening.getsockname()[1]}/ (Ctrl-C ends it)")
            _answer(server, listening)


def _application(db: Path, *, hosts: frozenset[str] | None) -> Any:
    from datasette.app import Datasette
    from datasette.plugins import pm

    from scraper.look.metadata import NAME, SETTINGS, metadata
    from scraper.look.plugin import Plugin, ReadOnly

    # With rich each wrong query is printed with every variable of Datasette. A plugin of its own, which may be imported only now.
    vars(import_module("datasette.handle_exception"))["rich"] = None
    pm.register(Plugin(db, hosts=hosts))
    datasette = Datasette([], metadata=metadata(), settings=dict(SETTINGS))
    datasette.remove_database("_memory")  # which it opens where it is given no file
    datasette.add_database(ReadOnly(datasette, path=str(db.resolve())), name=NAME)
    return datasette.app()


def _server(app: Any) -> "uvicorn.Server":
    import uvicorn

    config = uvicorn.Config(
        app, log_level="error", access_log=False, server_header=False, lifespan="on", ws="none", http="h11", loop="asyncio",
        timeout_graceful_shutdown=GRACE_S, proxy_headers=False,
    )  # fmt: skip
    return uvicorn.Server(config)


def _answer(server: "uvicorn.Server", listening: socket.socket) -> None:
    asyncio.run(server.serve(sockets=[listening]))


@contextmanager
def _ended_by_signals(server: "uvicorn.Server") -> Iterator[None]:
    """Let SIGINT and SIGTERM end the server and nothing else. When it is done uvicorn raises them once more, and they find it ended."""

    def end(*_: object) -> None:
        server.should_exit = True

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, end) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _place(host: str, port: int) -> tuple[int, tuple[Any, ...]]:
    """Give the family and the address that a name stands for. Raises UsageError."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise UsageError(f"there is no host {host!r}", code="bad_host") from error
    return family, place


def _listening(family: int, place: tuple[Any, ...], host: str) -> socket.socket:
    """Give a socket that takes connections from now on, though nobody answers yet. Raises UsageError."""
    port = place[1]
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen()
    except OSError as error:
        listening.close()
        raise UsageError(_refusal(error, host, port), code="port_in_use" if error.errno == errno.EADDRINUSE else "bad_host") from error
    return listening


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; --port 0 takes any that is free"
    return f"port {port} of {host} cannot be opened: {(error.strerror or str(error)).lower()}"


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _refuse_without_datasette() -> None:
    try:
        import datasette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise UsageError(
            f"there is nothing to serve with: pip install 'scraper[serve]' ({error.name} is missing)", code="no_datasette"
        ) from error
