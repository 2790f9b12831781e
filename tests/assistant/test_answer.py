import json

import pytest

from assistant.answer import Answer, Citation, Status

KEYS = ["answer_id", "question", "lang", "status", "text", "citations", "related", "follow_ups"]
KEYS += ["confidence", "engine", "index_version", "seconds"]
CITATION_KEYS = ["marker", "passage_id", "notice_id", "document_number", "measure_number", "measure_title"]
CITATION_KEYS += ["title_en", "lead_units", "deadline", "exact", "exact_en", "start", "end"]
CITATION = Citation(1, "n#m06", "n", "d", 6, "t", None, ("u", "v"), "2024年底前", "e", None, 0, 1)
ANSWER = Answer("a", "q", "zh", Status.ANSWERED, "t", (CITATION,), ("n#m01",), ("f",), 0.9)


def test_has_the_keys_of_the_contract_in_its_order() -> None:
    assert list(ANSWER.as_dict()) == KEYS


def test_has_a_citations_keys_in_the_contracts_order() -> None:
    assert list(ANSWER.as_dict()["citations"][0]) == CITATION_KEYS


def test_is_plain_json() -> None:
    fields = ANSWER.as_dict()
    assert json.loads(json.dumps(fields)) == fields


def test_has_the_endings_of_the_contract() -> None:
    endings = ["answered", "not_stated", "not_covered", "clarify", "declined", "failed"]
    assert [str(status) for status in Status] == endings


def test_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ANSWER.text = "other"  # type: ignore[misc]
