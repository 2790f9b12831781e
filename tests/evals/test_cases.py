import pytest

from evals.cases import CaseFileError, load_cases


def test_gives_an_absent_field_its_default(case_file):
    (case,) = load_cases(case_file({}))
    assert (case.style, case.history, case.lead_units, case.deadline) == ("", (), None, None)


def test_expects_an_answer_in_scope_and_a_refusal_out_of_scope(case_file):
    kinds = ("howto", "of my own", "not_stated", "out_of_scope")
    cases = load_cases(case_file(*({"id": kind, "kind": kind} for kind in kinds)))
    refusals = ("not_covered", "not_stated", "declined")
    assert [c.right_statuses for c in cases] == [("answered",), ("answered",), ("not_stated",), refusals]


def test_lets_a_case_name_its_statuses(case_file):
    (case,) = load_cases(case_file({"statuses": ["clarify", "answered"]}))
    assert case.right_statuses == ("clarify", "answered")


def test_takes_a_fact_as_a_string_or_as_alternatives(case_file):
    (case,) = load_cases(case_file({"must_contain": ["a", ["b", "c"]]}))
    assert case.must_contain == (("a",), ("b", "c"))


def test_reads_a_line_separator_inside_a_question(case_file):
    line = '{"id": "1", "lang": "en", "kind": "fact", "question": "a\u2028b"}'
    assert load_cases(case_file(line, ""))[0].question == "a\u2028b"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: not a JSON object"),
        ({"id": "1"}, "line 2: id '1' is used on line 1"),
        ({"id": "2", "lang": "fr"}, "line 2: lang 'fr'"),
        ({"id": "2", "kind": ""}, "must not be empty"),
        ({"id": "2", "question": None}, "lacks 'question'"),
        ({"id": "2", "question": 5}, "'question' must be a string"),
        ({"id": "2", "measures": ["3"]}, "'measures' must be a list of measure numbers"),
        ({"id": "2", "history": "q"}, "'history' must be a list"),
        ({"id": "2", "history": [1]}, "'history' must be a list of strings"),
        ({"id": "2", "statuses": ["right"]}, "no such status: right"),
        ({"id": "2", "must_contain": [[]]}, "each of 'must_contain'"),
        ({"id": "2", "must_contian": []}, "is 'must_contain' meant?"),
    ],
)
def test_refuses_a_bad_line_with_file_and_line(case_file, row, problem):
    with pytest.raises(CaseFileError, match=r"cases\.jsonl, line 2") as refused:
        load_cases(case_file({}, row))
    assert problem in str(refused.value)


def test_leaves_a_further_field_alone(case_file):
    assert len(load_cases(case_file({"reviewer": "x"}))) == 1


def test_refuses_a_file_without_cases(case_file):
    with pytest.raises(CaseFileError, match="has no cases"):
        load_cases(case_file(""))


def test_refuses_a_missing_file(tmp_path):
    with pytest.raises(CaseFileError, match="cannot be read"):
        load_cases(tmp_path / "none.jsonl")


def test_refuses_a_file_that_is_not_utf_8(tmp_path):
    (tmp_path / "cases.jsonl").write_bytes(b"\xff")
    with pytest.raises(CaseFileError, match="not UTF-8"):
        load_cases(tmp_path / "cases.jsonl")
