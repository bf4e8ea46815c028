"""What does Datasette do here that it does not do by itself? The first page, the search of ours, and walls: as one plugin of it.

Walls: no connection writes, whoever asks; a page from elsewhere cannot read along by giving its own name this machine's address (the Host
of each request is checked); nothing that is shown may ask for anything elsewhere.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from datasette import Response, hookimpl
from datasette.database import Database
from jinja2.filters import do_mark_safe

from scraper.errors import UsageError
from scraper.look.metadata import NAME
from scraper.look.page import Surroundings, policy, refused, rendered
from scraper.store import Store
from scraper.store.opening import connected

__all__ = ["Plugin", "ReadOnly"]

# Datasette's own pages hold scripts and styles of their own in the page.
THEIR_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
DAY: Final = timedelta(days=1)
BUSY_S: Final = 5.0
STYLE: Final = "/-/tables.css"
NOTHING: Final = '""'  # a phrase without a word, which nothing matches
LONGEST_VALUE: Final = 50_000_000  # bytes: a query must not fill the memory with one text
OF_STORIES: Final = frozenset({"article_list", "originals"})  # views whose `id` is a story's
# Tables whose references Datasette follows by itself, since they are declared.
WITH_KEYS: Final = frozenset(
    {"articles", "article_authors", "article_tags", "article_urls", "article_versions", "evidence", "fetches", "imported_pages"}
)
Scope = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Send], Awaitable[None]]


class ReadOnly(Database):  # type: ignore[misc]
    """Our file in Datasette: opened for reading only, even where Datasette would write, whatever its name and its directory are."""

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: ARG002 - Datasette's signature
        """Open one more connection."""
        connection = connected(Path(self.path), busy_s=BUSY_S)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        self._all_file_connections.append(connection)
        return connection

    async def execute(self, *arguments: Any, **more: Any) -> Any:
        """Run a query. A wrong one is answered with what is wrong, and is no news for the terminal."""
        return await super().execute(*arguments, **{**more, "log_sql_errors": False})


class Plugin:
    """The hooks; `hosts` are the names under which it may be asked, None for all."""

    def __init__(self, db: Path, *, hosts: frozenset[str] | None) -> None:
        self.__name__ = __name__  # Datasette takes a plugin for a module, and asks its name
        self._db = db
        self._hosts = hosts
        self._store = Store.open(db, read_only=True)
        self._drawing = threading.Lock()  # one page at a time is drawn; the others wait, and most find it drawn

    @hookimpl  # type: ignore[untyped-decorator]
    def register_routes(self) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
        """Put the first page where Datasette has its list of databases, since there is only one."""
        return [(r"^/$", self._first_page), (r"^/-/dashboard$", self._first_page), (rf"^{STYLE}$", _style)]

    @hookimpl  # type: ignore[untyped-decorator]
    def extra_css_urls(self) -> list[str]:
        """Give Datasette's pages a little style of ours."""
        return [STYLE]

    @hookimpl  # type: ignore[untyped-decorator]
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        """Give SQL the search of ours."""
        conn.create_function("words_match", 1, lambda words: self._asked(words).get("articles_fts", NOTHING))
        conn.create_function("characters_match", 1, lambda words: self._asked(words).get("articles_unspaced_fts", NOTHING))
        conn.create_function("words_complaint", 1, lambda words: self._asked(words).get("complaint"))

    @hookimpl  # type: ignore[untyped-decorator]
    def render_cell(self, value: object, column: str, table: str | None) -> str | None:
        """Lead from the number of a story, in a view or in what a query gives, to the page that has all of it."""
        is_story = table in OF_STORIES if column == "id" else column in {"article_id", "original_id"} and table not in WITH_KEYS
        return do_mark_safe(f'<a href="/{NAME}/articles/{value}">{value}</a>') if is_story and isinstance(value, int) else None

    @hookimpl  # type: ignore[untyped-decorator]
    def asgi_wrapper(self) -> Callable[[App], App]:
        """Stand before everything that is answered."""
        return lambda app: _Walls(app, self._hosts)

    def _asked(self, words: object) -> dict[str, str]:
        if not isinstance(words, str) or not words.strip():
            return {}
        try:
            return dict([self._store.asked(words)])
        except UsageError as error:
            return {"complaint": error.message}

    async def _first_page(self, request: Any) -> Response:
        headers = {"content-security-policy": f"{policy(is_served=True)}; frame-ancestors 'none'"}
        try:
            asked = _asked_for(request.args)
            return Response.html(await asyncio.to_thread(self._draw, asked), headers=headers)
        except UsageError as error:
            return Response.html(refused(error.message), status=400, headers=headers)

    def _draw(self, asked: dict[str, Any]) -> str:
        now = datetime.now(UTC)
        figures = self._store.overview(today=now.date(), **asked)
        around = Surroundings(database=self._db.stem, at=now, tables=f"/{NAME}", sources=self._store.source_names())
        with self._drawing:
            return rendered(figures, around)


class _Walls:
    """An ASGI application around another: refuses strangers' host names, and adds the headers that keep a page to itself."""

    def __init__(self, app: App, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._hosts is not None and _host(scope) not in self._hosts:
            await Response.text("This is not the name of this server.", status=421).asgi_send(send)
        else:
            await self._app(scope, receive, lambda message: send(_walled(message)))


async def _style() -> Response:
    text = files("scraper.look").joinpath("templates", "tables.css").read_text(encoding="utf-8")
    return Response(text, content_type="text/css; charset=utf-8")


def _walled(message: dict[str, Any]) -> dict[str, Any]:
    if message["type"] != "http.response.start":
        return message
    ours = {name for name, _ in HEADERS}
    headers = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in ours]
    if not any(name.lower() == b"content-security-policy" for name, _ in headers):
        headers.append((b"content-security-policy", THEIR_POLICY.encode()))
    return {**message, "headers": [*headers, *HEADERS]}


def _host(scope: Scope) -> str:
    given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    name, bracket, _ = given.partition("]")
    return (name + bracket if bracket else given.rpartition(":")[0] or given).lower()


def _asked_for(arguments: Any) -> dict[str, Any]:
    """Read the form. Raises UsageError (`bad_day`)."""
    last = _day(arguments.get("to"))
    return {
        "since": _day(arguments.get("since")),
        "until": None if last is None else min(last, date.max - DAY) + DAY,
        "source_ids": [source for source in arguments.getlist("source") if source],
    }


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day such as 2026-01-31", code="bad_day") from None
