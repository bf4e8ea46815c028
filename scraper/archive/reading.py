"""Which pages are in the archive? One by its place, or all of a file, in the order in which they were fetched. Home of fastwarc.

Whatever is damaged (a torn end, a member that cannot be unpacked, a record that is none) is given as `Damage` among the pages, and stops
nothing: every record is a member of its own. fastwarc reads the records, but not the file: it goes no further than the first damage, and
gives the beginning of a torn gzip member as if it were whole.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive import files
from scraper.archive.packing import Member, format_of, members, unpacked
from scraper.archive.records import OF_LENGTH, OF_OFFSET, REQUESTED, SOURCE
from scraper.errors import ArchiveError
from scraper.records import RENDERED, Kept, Page

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

__all__ = ["Archived", "Damage", "page_at", "pages"]

NONE_OF_OURS = "it holds no page"


class Archived(NamedTuple):
    """A page as it was kept, the source it was fetched for, and the digest of its content then, as far as the record says so."""

    page: Page
    source_id: str | None = None
    digest: str | None = None


class Damage(NamedTuple):
    """Bytes of a file that cannot be read, and why."""

    file: str
    offset: int
    length: int
    reason: str


def pages(path: Path) -> Iterator[Archived | Damage]:
    """Give the pages of one file. Records of other sorts (requests, metadata) are passed over. Raises ArchiveError `archive_missing`.

    Of a page that was rendered there are two: as it came, and, later, as its scripts made it.
    """
    name = path.name.removesuffix(files.OPEN)
    form = format_of(name)
    if form is None or not path.is_file():
        raise ArchiveError(f"{path} is no file of an archive", code="archive_missing")
    with path.open("rb") as file:
        for member in members(file, form):
            try:
                found = _archived(path.parent, name, member)
            except ArchiveError as error:
                yield Damage(name, member.offset, member.length, error.message)
            else:
                if found is not None:
                    yield found


def page_at(folder: Path, kept: Kept) -> Page:
    """Give the page that was kept there. Raises ArchiveError: `archive_missing`, `archive_damaged`."""
    found = _archived(folder, kept.file, Member(kept.offset, kept.length, _bytes_at(folder, kept)))
    if found is None:
        raise _damaged(kept, NONE_OF_OURS)
    return found.page


def _bytes_at(folder: Path, kept: Kept) -> bytes | None:
    path, form = files.found(folder, kept.file), format_of(kept.file)
    if path is None or form is None:
        raise ArchiveError(f"the archive {folder} has no file {kept.file} (any more)", code="archive_missing")
    with path.open("rb") as file:
        file.seek(kept.offset)
        return unpacked(file.read(kept.length), form)


def _archived(folder: Path, file: str, member: Member) -> Archived | None:
    """Give the page in a member; None if it holds a record of another sort. Raises ArchiveError."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kept = Kept(file, member.offset, member.length)
    if member.record is None:
        raise _damaged(kept, "it cannot be unpacked")
    try:
        record = next(iter(ArchiveIterator(BytesIO(member.record), parse_http=True, auto_decode="all")), None)
        if record is None or not record.record_type & (WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.conversion):
            return None
        content = record.reader.read() if record.record_type != WarcRecordType.revisit else None
        page = _page(record, kept, content or b"")
    except (OSError, ValueError) as error:
        raise _damaged(kept, f"it is no WARC record: {error}") from error
    if content is None:
        page = replace(page, content=page_at(folder, _original(record, kept)).content)
    return Archived(page, record.headers.get(SOURCE), record.headers.get("WARC-Payload-Digest"))


def _page(record: "WarcRecord", kept: Kept, content: bytes) -> Page:
    from fastwarc.warc import WarcRecordType

    head = record.headers
    answer: Any = record.http_headers  # None where there is none, whatever the library's annotations say
    if answer is None and record.record_type != WarcRecordType.conversion:
        raise ValueError("no answer of a server")
    url = head["WARC-Target-URI"]
    return Page(
        url=url,
        requested_url=head.get(REQUESTED) or url,
        status=(answer.status_code if answer else None) or 200,
        headers=_headers(answer) if answer else (("content-type", head["Content-Type"]),),
        content=content,
        fetched_at=datetime.fromisoformat(head["WARC-Date"]),
        rendering=RENDERED if answer is None else None,
        kept=kept,
    )


def _headers(answer: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in answer.items_bytes())


def _original(record: "WarcRecord", kept: Kept) -> Kept:
    offset, length = record.headers.get(OF_OFFSET), record.headers.get(OF_LENGTH)
    if offset is None or length is None or not offset.isdecimal() or not length.isdecimal() or int(offset) >= kept.offset:
        raise _damaged(kept, "it refers to a record elsewhere")
    return Kept(kept.file, int(offset), int(length))


def _damaged(kept: Kept, reason: str) -> ArchiveError:
    return ArchiveError(f"{kept.file}, byte {kept.offset:,}: {reason}", code="archive_damaged")
