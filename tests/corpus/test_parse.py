import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.notice import Notice, NoticeFormatError
from corpus.parse import chinese_number, parse_notice, read_metadata
from tests.corpus import mutations as mu
from tests.corpus.mutations import LINES, METADATA, RAW, TEXT, content, misplaced, thorough

GOLDEN = [json.loads(line) for line in mu.GOLDEN.read_text("utf-8").splitlines()]


def error_of(text: str | bytes) -> NoticeFormatError:
    with pytest.raises(NoticeFormatError) as caught:
        parse_notice(text, METADATA)
    return caught.value


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: f"m{golden['number']:02}")
def test_agrees_with_the_golden_measures(notice: Notice, golden: dict[str, object]) -> None:
    m = notice.measure(int(str(golden["number"])))
    assert golden == {
        **{"number": m.number, "section": m.section.number, "section_title": m.section.title},
        **{"title": m.title, "text": m.text, "lead_units": [unit.name for unit in m.lead_units]},
        "responsible_units_printed": m.responsible_units_printed,
        "responsible_units_open": m.responsible_units_open,
        **{"deadline": m.deadline.text, "start": m.start},
    }


def test_finds_all_39_measures_in_five_sections(notice: Notice) -> None:
    assert [m.number for m in notice.measures] == list(range(1, 40))
    sections = [m.section.number for m in notice.measures]
    assert [sections.count(section.number) for section in notice.sections] == [10, 9, 8, 7, 5]


def test_reads_the_head(notice: Notice) -> None:
    assert notice.title == "西安市人民政府办公厅关于印发强化项目服务保障优化营商环境工作方案的通知"
    assert notice.document_number == "市政办函〔2024〕26号"
    assert notice.addressees == ("各区、县人民政府", "市人民政府各工作部门", "各直属机构")
    assert notice.issuing_authority == "西安市人民政府办公厅"
    assert (notice.issued_on, notice.note) == (date(2024, 4, 12), "(此件公开发布)")
    assert notice.plan_title == "西安市强化项目服务保障优化营商环境工作方案"
    assert notice.purpose.startswith("为深入贯彻落实")


def test_the_head_reaches_from_the_title_to_the_first_chapter(notice: Notice) -> None:
    assert notice.head.of(notice.source) == TEXT[: TEXT.index("\n一、")]


def test_reads_the_clauses(notice: Notice) -> None:
    titles = ["总体要求", "加强组织领导", "强化上下联动", "加强跟踪督帮", "及时总结经验"]
    assert [clause.key for clause in notice.clauses] == ["c1", "c3.1", "c3.2", "c3.3", "c3.4"]
    assert [clause.title for clause in notice.clauses] == titles
    assert notice.clauses[1].text.startswith("加强组织领导。各级各相关单位")


def test_finds_these_oddities_and_no_others(notice: Notice) -> None:
    assert [(o.measure_number, o.kind, o.printed, o.line) for o in notice.oddities] == [
        (25, "unit_separator", "市市场监管局,市财政局", 114),
        (25, "unit_list_full_stop", "各开发区管委会。", 114),
        (27, "deadline_label", "完成时间", 123),
        (30, "deadline_precedes_issue", "2023年6月底前", 136),
        (34, "deadline_precedes_issue", "2023年9月底前", 152),
        (37, "units_run_together", "市住建局市级各相关单位", 164),
    ]


def test_keeps_a_deadline_that_had_already_passed(notice: Notice) -> None:
    assert [m.number for m in notice.measures if m.deadline.precedes(notice.issued_on)] == [30, 34]


def test_offsets_lead_to_the_words(notice: Notice) -> None:
    assert misplaced(notice) == []


def test_reads_text_as_it_reads_bytes(notice: Notice) -> None:
    assert parse_notice(TEXT, METADATA) == notice


@thorough
@given(mu.encoded())
def test_reads_the_same_content_however_it_is_written(notice: Notice, raw: bytes) -> None:
    parsed = parse_notice(raw, METADATA)
    assert content(parsed) == content(notice)
    assert misplaced(parsed) == []


@pytest.mark.parametrize("every", [1, 2, 3])
def test_reads_full_width_punctuation(notice: Notice, every: int) -> None:
    assert content(parse_notice(mu.widened(TEXT, every, 0), METADATA)) == content(notice)


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u3000\u3000", "\n"])
def test_reads_blank_lines_and_indents_everywhere(notice: Notice, blank: str) -> None:
    text = "\n".join(f"{blank}\n{blank}{line}{blank}" for line in LINES)
    assert content(parse_notice(text, METADATA)) == content(notice)


@pytest.mark.parametrize("number", mu.FIELD_LINES)
def test_refuses_a_measure_that_lacks_a_field(number: int) -> None:
    error = error_of(mu.without(number))
    assert error.line == max(n for n in mu.MEASURE_LINES if n < number) + 1
    assert "lacks" in error.problem


def test_names_the_measure_and_the_field_it_lacks() -> None:
    problem = "line 120: measure 27 lacks deadline"
    assert str(error_of(mu.without(LINES.index("完成时间:2024年9月底前")))) == problem


@pytest.mark.parametrize("number", mu.FIELD_LINES)
def test_refuses_a_field_that_is_repeated(number: int) -> None:
    error = error_of(mu.with_line(number, LINES[number]))
    assert (error.line, "repeats" in error.problem) == (number + 2, True)


@pytest.mark.parametrize("number", mu.FIELD_LINES)
def test_refuses_an_empty_field(number: int) -> None:
    error = error_of(mu.replaced(number, LINES[number].partition(":")[0] + ":"))
    assert (error.line, "is empty" in error.problem) == (number + 1, True)


@pytest.mark.parametrize("number", mu.FIELD_LINES[::7])
def test_refuses_an_unknown_label(number: int) -> None:
    error = error_of(mu.replaced(number, "配合单位:市住建局"))
    assert (error.line, "unknown label '配合单位'" in error.problem) == (number + 1, True)


@pytest.mark.parametrize("index", range(39))
def test_refuses_a_gap_in_the_measures(index: int) -> None:
    assert error_of(mu.without_measure(index)).line > 0


@pytest.mark.parametrize("index", range(39))
def test_refuses_a_repeated_measure(index: int) -> None:
    error = error_of(mu.with_measure_twice(index))
    assert error.line == mu.MEASURE_LINES[index] + 5


@thorough
@given(st.sampled_from(mu.MEASURE_LINES), st.sampled_from(mu.MEASURE_LINES))
def test_refuses_swapped_numbers(first: int, second: int) -> None:
    if first != second:
        assert error_of(mu.swapped(first, second)).line == min(first, second) + 1


@pytest.mark.parametrize("number", range(len(LINES)))
def test_refuses_a_text_cut_off_at_any_line(number: int) -> None:
    assert error_of("\n".join(LINES[:number])).line > 0


@pytest.mark.parametrize("end", mu.SENTENCE_ENDS)
def test_refuses_a_text_cut_off_at_any_sentence(end: int) -> None:
    assert error_of(TEXT[:end]).line > 0


@thorough
@given(st.integers(0, len(RAW) - 1))
def test_refuses_a_file_cut_off_at_any_byte(end: int) -> None:
    assert error_of(RAW[:end]).problem


@thorough
@given(st.sampled_from(mu.HEADINGS), st.integers(0, len(LINES)))
def test_refuses_a_line_it_does_not_know(heading: str, number: int) -> None:
    text = mu.with_line(number, heading)
    inside_a_text = heading.startswith("这一段") and number in {4, 9, 11}
    if not inside_a_text:
        assert error_of(text).line > 0


@pytest.mark.parametrize("heading", mu.HEADINGS)
def test_names_the_line_it_does_not_know(heading: str) -> None:
    assert error_of(mu.with_line(mu.MEASURE_LINES[12], heading)).line == mu.MEASURE_LINES[12] + 1


@pytest.mark.parametrize("number", mu.NUMBERED_LINES)
def test_refuses_a_heading_without_its_number(number: int) -> None:
    assert error_of(mu.replaced(number, re.sub(r"^(\d+\.|\(.\)|.、)", "", LINES[number]))).line > 0


@pytest.mark.parametrize("number", range(11))
def test_refuses_a_head_that_lacks_a_line(number: int) -> None:
    lacks_only_its_note = LINES[number].startswith("(")
    if not lacks_only_its_note:
        assert error_of(mu.without(number)).line > 0


def test_reads_a_notice_without_a_note() -> None:
    assert parse_notice(TEXT.replace("(此件公开发布)\n", ""), METADATA).note is None


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("14.提高文物勘探效率。", "14.提高文物勘探效率", 67, "is no title"),
        ("充实文勘专业队伍。", "充实文勘专业队伍", 67, "measure 14 does not end in"),
        ("为推动项目提速增效、经济高质量发展提供有力保障。", "为推动", 11, "chapter 1"),
        ("确保各项任务落地见效。", "确保各项任务落地见效", 177, "clause 3.3 does not end in"),
        ("2024年4月12日", "2024年4月31日", 6, "no day of the calendar"),
        ("市政办函〔2024〕26号", "市政办函2024-26", 2, "no document number"),
        ("市政办函〔2024〕26号", "市政办函〔2024〕27号", 2, "expected 市政办函〔2024〕26号"),
        ("完成时限:2024年11月底\n", "完成时限:尽快\n", 119, "measure 26"),
        ("牵头单位:市人社局", "牵头单位:、市人社局", 88, "measure 19"),
        ("西咸新区管委会、各开发区管委会\n", "西咸新\n", 16, "'西咸新' is no name of a unit"),
        ("发布)\n", "发布)", 7, "where the title of the plan is expected"),
        ("二、重点任务", "二、主要任务", 12, "chapter 2"),
        ("三、工作要求", "四、工作要求", 174, "a gap in the numbering"),
        ("(五)强统筹", "(六)强统筹", 153, "a gap in the numbering"),
        ("(五)强统筹", "(四)强统筹", 153, "there before"),
        ("(五)强统筹", "(十十)强统筹", 153, "cannot be read"),
        ("(四)及时", "(六)及时", 178, "clause 6"),
        ("1.营造项目公平准入环境。", "01.营造项目公平准入环境。", 14, "unknown heading"),
    ],
)
def test_names_line_and_problem(old: str, new: str, line: int, problem: str) -> None:
    error = error_of(TEXT.replace(old, new, 1))
    assert (error.line, problem in error.problem) == (line, True), error


@pytest.mark.parametrize("number", [*mu.MEASURE_LINES, *range(len(LINES) - 4, len(LINES))])
def test_refuses_a_title_without_its_full_stop(number: int) -> None:
    assert error_of(mu.replaced(number, LINES[number].replace("。", "", 1))).line == number + 1


def test_refuses_a_second_paragraph_in_a_measure() -> None:
    error = error_of(mu.with_line(mu.MEASURE_LINES[4] + 1, "另一段。"))
    assert error.line == mu.MEASURE_LINES[4] + 2


def test_says_what_it_expected_and_what_it_found() -> None:
    text = TEXT[: TEXT.index("\n(四)及时")]
    assert str(error_of(text)) == "line 177: the text ends after 4 clauses, expected 5"


def test_refuses_other_last_words() -> None:
    problem = error_of(TEXT.replace("改革红利。", "改革成果。")).problem
    assert problem == "the text ends with '充分享受改革成果。', expected '充分享受改革红利。'"


@pytest.mark.parametrize("text", ["", "\n \u3000\n", "\ufeff"])
def test_refuses_an_empty_text(text: str) -> None:
    assert error_of(text).problem == "the text is empty"


def test_makes_up_an_id_without_metadata() -> None:
    parsed = parse_notice(TEXT)
    assert (parsed.notice_id, parsed.source_url) == ("unknown-2024-26", None)


def test_cannot_tell_a_missing_last_clause_without_metadata() -> None:
    assert len(parse_notice(TEXT[: TEXT.index("\n(四)及时")]).clauses) == 4


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十九", 39), ("十十", None), ("一二", None)]
    + [("", None), ("百", None)],
)
def test_reads_chinese_numbers(numeral: str, number: int | None) -> None:
    assert chinese_number(numeral) == number


def test_reads_the_metadata() -> None:
    assert (METADATA.notice_id, METADATA.n_measures, METADATA.source_url) == ("xian-2024-26", 39, None)
    assert replace(METADATA, n_measures=40) != METADATA


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ("notice_id = 1 2", "x.toml"),
        ("notice_id = 'x'", "missing"),
        (mu.SHIPPED.joinpath("xian-2024-26.toml").read_text("utf-8") + "pages = 3", "unknown"),
        (mu.SHIPPED.joinpath("xian-2024-26.toml").read_text("utf-8").replace("= 39", "= '39'"), "not int"),
    ],
)
def test_refuses_broken_metadata(tmp_path: Path, toml: str, problem: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(NoticeFormatError, match=problem):
        read_metadata(path)
