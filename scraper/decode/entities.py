"""What do the entities of a text stand for? What the standard library says, but for references that it refuses to read."""

import html
import re

__all__ = ["unescape"]

ENDLESS = re.compile("&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")


def unescape(text: str) -> str:
    """Undo the entities of a text. A numeric reference of more digits than any character has is none that can be shown."""
    try:
        return html.unescape(text)
    except ValueError:  # Python reads no number of more than 4,300 digits
        return html.unescape(ENDLESS.sub("\ufffd", text))
