"""How is a text written in UTF-8, and are bytes such a text, where no compiler built the inner loops? The compiled way gives the same."""

__all__ = ["is_utf8", "utf8"]


def utf8(text: str, /) -> bytes:
    """Give a text in UTF-8; what is no character becomes a question mark."""
    return text.encode("utf-8", "replace")


def is_utf8(content: bytes, /) -> bool:
    """Say whether bytes are a text in UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
