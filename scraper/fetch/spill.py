"""Where does a body go that is larger than memory should hold? Into a file, as it comes, if whoever asks for it has one to offer."""

import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from scraper.errors import BodyError
from scraper.records import Overflow

__all__ = ["Spill"]


class Spill:
    """A file for one answer, made when something is spilled into it and deleted at the end of the block; takes `max_bytes`."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._path: Path | None = None
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.empty()

    @property
    def overflow(self) -> Overflow | None:
        """Give what was spilled, if anything was."""
        return Overflow(str(self._path), self._size) if self._path else None

    def empty(self) -> None:
        """Forget what was spilled: another try begins, or nobody needs it any more."""
        if self._path is not None:
            with suppress(FileNotFoundError):
                self._path.unlink()
        self._path, self._size = None, 0

    def take(self, content: bytes | bytearray, url: str) -> None:
        """Add to what was spilled. Raises BodyError `too_large`: it is beyond `max_bytes`, or there is no room on the disk."""
        self._size += len(content)
        if self._size > self.max_bytes:
            raise BodyError(f"{url} is larger than {self.max_bytes:,} bytes", code="too_large", url=url)
        try:
            if self._path is None:
                with tempfile.NamedTemporaryFile(prefix="scraper-", delete=False) as file:
                    self._path = Path(file.name)
            with self._path.open("ab") as file:
                file.write(content)
        except OSError as error:
            raise BodyError(f"{url} is too large to be held, and cannot be put into a file: {error}", code="too_large", url=url) from error
