"""Texts as the records can keep them, in whichever database."""


def storable(text: str) -> str:
    """Return text without what a database cannot hold: half a surrogate pair, NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
