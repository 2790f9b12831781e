"""What the notices say: parsed strictly, cited verbatim, filtered completely."""

from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

from corpus.notice import Notice, NoticeFormatError
from corpus.parse import Metadata, parse_notice, read_metadata

__all__ = ["load_notice", "load_notices", "shipped_metadata"]


def load_notices() -> tuple[Notice, ...]:
    """Return all shipped notices by notice_id.

    NoticeFormatError if a text cannot be parsed or is not the one its metadata
    was written for (SHA-256).
    """
    return tuple(_load(metadata) for metadata in shipped_metadata())


def load_notice(notice_id: str) -> Notice:
    """Return one shipped notice; KeyError if there is none of this id."""
    for metadata in shipped_metadata():
        if metadata.notice_id == notice_id:
            return _load(metadata)
    raise KeyError(f"no notice {notice_id!r} is shipped")


def shipped_metadata() -> tuple[Metadata, ...]:
    """Return what is known of each shipped notice, by notice_id."""
    paths = (path for path in _folder().iterdir() if path.name.endswith(".toml"))
    return tuple(sorted(map(read_metadata, paths), key=lambda metadata: metadata.notice_id))


def _load(metadata: Metadata) -> Notice:
    raw = _folder().joinpath(metadata.file).read_bytes()
    digest = sha256(raw).hexdigest()
    if digest != metadata.sha256:
        raise NoticeFormatError(0, f"{metadata.file} has SHA-256 {digest}, expected {metadata.sha256}")
    return parse_notice(raw, metadata)


def _folder() -> Traversable:
    return resources.files("corpus") / "notices"
