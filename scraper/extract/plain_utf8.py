"""How is a text written in UTF-8, and are bytes such a text, where no compiler built the inner loops? The compiled way gives the same."""

from scraper.decode import first_sign

__all__ = ["is_sound_utf8", "utf8"]


def utf8(text: str, /) -> bytes:
    """Give a text in UTF-8; what is no character becomes a question mark."""
    return text.encode("utf-8", "replace")


def is_sound_utf8(content: bytes, /) -> bool:
    """Say whether bytes are a text in UTF-8, and nothing in it looks as if it had been encoded twice."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return first_sign(content) < 0
