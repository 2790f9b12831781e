import pytest

from corpus import load_notice, load_notices, shipped_metadata


def test_loads_every_shipped_notice_by_id() -> None:
    ids = [notice.notice_id for notice in load_notices()]
    assert ids == sorted(metadata.notice_id for metadata in shipped_metadata())


def test_loads_one_notice() -> None:
    assert load_notice("xian-2024-26").document_number == "市政办函〔2024〕26号"


def test_knows_no_other_notice() -> None:
    with pytest.raises(KeyError, match="xian-1999-1"):
        load_notice("xian-1999-1")


def test_the_shipped_text_is_the_one_its_metadata_was_written_for() -> None:
    assert load_notice("xian-2024-26").source_sha256 == shipped_metadata()[0].sha256
