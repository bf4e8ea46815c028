"""Which records are in a WARC file that others have written? All from one place to another, in order, in bounded memory.

What cannot be read is given as `Lost` among them, and stops nothing. Where every record is a member of its own, as the standard recommends,
a damaged length costs its own record only: one that would run on into the next member is cut short there.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from io import SEEK_END
from typing import BinaryIO, Final, NamedTuple

from scraper.archive.unpacking import BEGINNING, Broken, Container, Piece, pieces

__all__ = ["Lost", "Raw", "fields", "raw_records"]

HEAD_BYTES: Final = 64_000  # of the lines before a record's content
LENGTH: Final = "content-length"
BLANK: Final = b"\r\n"
LONGEST_NUMBER: Final = 18
SEARCHED: Final = b"\nWARC/1."
END_OF_HEAD: Final = b"\r\n\r\n"


class Raw(NamedTuple):
    """A record: where the member begins in which it begins, its header, and of its content, `size` bytes, the first that were asked for.

    `leads` says that it is the first of its member, so that reading can begin there; `length` is then how many bytes of the file it takes.
    """

    offset: int
    leads: bool
    length: int | None
    head: Mapping[str, str]
    block: memoryview
    size: int


class Lost(NamedTuple):
    """Something in the file, from the member that begins at `offset`, that is no record, or none any more."""

    offset: int
    reason: str


def raw_records(file: BinaryIO, packed: Container, begin: int = 0, end: int | None = None, *, most_bytes: int) -> Iterator[Raw | Lost]:
    """Give the records whose members begin from `begin` on, where one does, and before `end`; of each content at most so many bytes.

    Raises OSError.
    """
    size = file.seek(0, SEEK_END) if packed.packing == "plain" else None
    stream = _Stream(pieces(file, packed, begin), begin=begin, size=size)
    before: Raw | Lost | None = None
    while stream.goes_on():
        began, (offset, leads) = stream.at, stream.place()
        if end is not None and offset >= end:
            return
        found = _record(stream, offset, leads=leads, most_bytes=most_bytes)
        if isinstance(found, Raw):
            yield found
        else:
            stream.find_next(began)
            if not isinstance(before, Lost):  # what is damaged without a record in between is one damage
                yield found
        before = found


def fields(lines: bytes, charset: str = "utf-8") -> dict[str, str]:
    """Read lines of `name: value`: names in lower case, the last of a name counts. A line that begins with a space goes on."""
    found: dict[str, str] = {}
    name = ""
    for line in lines.decode(charset, "replace").split("\n"):
        if line[:1] in {" ", "\t"} and name:
            found[name] += " " + line.strip()
            continue
        key, colon, value = line.partition(":")
        if colon:
            name = key.strip().lower()
            found[name] = value.strip()
    return found


def _record(stream: "_Stream", offset: int, *, leads: bool, most_bytes: int) -> Raw | Lost:
    head = stream.head()
    if head is None:
        return stream.lost(offset, "it is no WARC record")
    found = fields(head)
    number = found.get(LENGTH, "")
    if not number.isascii() or not number.isdecimal() or len(number) > LONGEST_NUMBER:
        return stream.lost(offset, f"its length is {number[:40]!r}" if number else "it has no length")
    size = int(number)
    block = stream.take(size, most_bytes)
    if block is None:
        return stream.lost(offset, "it is cut short")
    return Raw(offset, leads, stream.length_from(offset) if leads else None, found, block, size)


class _Stream:
    """The unpacked bytes, with the places where members begin. `size` is that of the file, if it is plain: then a place is a place."""

    def __init__(self, found: Iterator[Piece | Broken], *, begin: int, size: int | None) -> None:
        self._found = found
        self._linear = size is not None
        self._size = size or 0  # of a plain file
        self._data = b""
        self._taken = 0  # how far `_data` has been taken
        self._start = begin if self._linear else 0  # that place, in the stream
        self._members: deque[tuple[int, int]] = deque()  # where members begin: in the stream, in the file
        self._reached = begin  # in the file
        self._broken: Broken | None = None
        self._record_wise: bool | None = None  # known once the first record has ended

    def goes_on(self) -> bool:
        """Pass over blank lines and tell whether there is something behind them: bytes, or damage."""
        while True:
            at = self._taken
            while at < len(self._data) and self._data[at] in BLANK:
                at += 1
            self._drop(at - self._taken)
            if self._left:
                return True
            if not self._more():
                return self._broken is not None

    def place(self) -> tuple[int, bool]:
        """Give the place in the file of the member of the next byte, and whether that is the member's first."""
        if self._linear:
            return self._start, True
        while len(self._members) > 1 and self._members[1][0] <= self._start:
            self._members.popleft()
        if not self._left and self._broken is not None:
            return self._broken.offset, False
        at, offset = self._members[0]
        return offset, at == self._start

    def length_from(self, offset: int) -> int | None:
        """Give how many bytes of the file a record took that began with a member, if it was alone in it. Blank lines are passed over."""
        self.goes_on()
        if self._linear:
            return self._start - offset
        if not self._left:
            return None if self._broken else self._reached - offset
        following, leads = self.place()
        if self._record_wise is None:
            self._record_wise = leads
        return following - offset if leads else None

    def head(self) -> bytes | None:
        """Take the lines before a record's content; None where there are none."""
        searched = 0
        while (found := self._data.find(END_OF_HEAD, self._taken + searched)) < 0:
            searched = max(self._left - len(END_OF_HEAD), 0)
            if self._left >= len(BEGINNING) and not self._data.startswith(BEGINNING, self._taken):
                return None
            if self._left > HEAD_BYTES:
                self._drop(max(self._data.rfind(SEARCHED, self._taken) - self._taken, 1))  # no header that began before that one ends here
                return None
            if self._broken or not self._more():
                return None
        size, limit = found - self._taken, self._border()
        if not self._data.startswith(BEGINNING, self._taken) or (limit is not None and size >= limit) or size > HEAD_BYTES:
            return None
        head = self._data[self._taken : self._taken + size]
        self._drop(size + len(END_OF_HEAD))
        return head

    def take(self, size: int, most_bytes: int) -> memoryview | None:
        """Take so many bytes and give the first of them; None if the stream, or the member of a record, ends before."""
        if self._linear and self._start + size > self._size:
            return None  # whatever follows is not swallowed with it
        parts: list[memoryview] = []
        left, wanted = size, most_bytes
        while left:
            border = self._border(nearest=0)
            here = min(left, self._left if border is None else border)
            if here:
                if wanted:
                    parts.append(memoryview(self._data)[self._taken : self._taken + min(here, wanted)])
                    wanted -= len(parts[-1])
                self._drop(here)
                left -= here
            elif border is not None or self._broken or not self._more():
                return None
        return parts[0] if len(parts) == 1 else memoryview(b"".join(parts))

    def lost(self, offset: int, reason: str) -> Lost:
        """Name what is lost: the damage of the file, if that is what it is."""
        return Lost(offset, self._broken.reason) if self._broken else Lost(offset, reason)

    @property
    def at(self) -> int:
        """Give how far the stream has been taken."""
        return self._start

    def find_next(self, began: int) -> None:
        """Go to the next record after something that is none, and began there."""
        if self._broken:
            self._forget()
            return
        while True:
            border = self._border(nearest=0 if self._start > began else 1)
            found = self._data.find(SEARCHED, self._taken) + 1
            away = found - self._taken if found else None
            if border is not None and (away is None or border <= away):
                self._drop(border)
                return
            if away is not None:
                self._drop(away)
                return
            self._drop(max(self._left - len(SEARCHED), 0))
            if self._broken or not self._more():
                self._forget()
                return

    def _forget(self) -> None:
        """Begin anew with what comes next."""
        self._data, self._taken = b"", 0
        self._members.clear()
        self._broken = None

    def _border(self, nearest: int = 1) -> int | None:
        """Give how far away, in bytes of the stream, the next member begins that ends every record before it."""
        if self._linear or self._record_wise is False:
            return None
        for at, _ in tuple(self._members):
            here = at - self._start
            while here >= nearest and self._left < here + len(BEGINNING) and self._more():
                pass
            if here >= nearest and self._data.startswith(BEGINNING, self._taken + here):
                return here
        return None

    def _more(self) -> bool:
        """Unpack some more; False at the end and at what is damaged."""
        if self._broken:
            return False
        found = next(self._found, None)
        if found is None:
            return False
        if isinstance(found, Broken):
            self._broken = found
            return False
        if not self._linear and found.begins is not None:
            self._members.append((self._start + self._left, found.begins))
        self._data = self._data[self._taken :] + found.data if self._left else found.data
        self._taken = 0
        self._reached = found.ends if found.ends is not None else self._reached
        return True

    def _drop(self, count: int) -> None:
        self._taken += count
        self._start += count

    @property
    def _left(self) -> int:
        """Give how many bytes are here that have not been taken."""
        return len(self._data) - self._taken
