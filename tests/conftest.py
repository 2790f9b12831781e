"""What all tests share."""

import pytest

from corpus import load_notice
from corpus.notice import Notice


@pytest.fixture(scope="session")
def notice() -> Notice:
    return load_notice("xian-2024-26")
