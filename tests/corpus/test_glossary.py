from pathlib import Path
from time import perf_counter

import pytest

from corpus.bank import load_questions
from corpus.glossary import Entry, Glossary, GlossaryError, load_glossary
from corpus.notice import Notice

HEADER = "everyday,notice,language\n"
DEED = Entry("房本", "不动产登记", "zh")
TRANSFER = Entry("过户", "转移登记", "zh")
PERMIT = Entry("building permit", "施工许可一件事", "en")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "glossary.csv"


@pytest.fixture(scope="module")
def shipped(notice: Notice) -> Glossary:
    return load_glossary(notice)


def glossary_of(*everyday: str) -> Glossary:
    return Glossary.of([Entry(expression, "不动产登记", "zh") for expression in everyday])


def found_in(glossary: Glossary, text: str) -> list[str]:
    return [entry.everyday for entry in glossary.find(text)]


def test_reads_entries_in_order(notice: Notice, file: Path) -> None:
    file.write_text(HEADER + "房本,不动产登记,zh\nbuilding permit,施工许可一件事,en\n", "utf-8")
    assert load_glossary(notice, file).entries == (DEED, PERMIT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reads_what_a_spreadsheet_writes(notice: Notice, file: Path, encoding: str) -> None:
    rows = [
        "everyday,notice,language,",
        '"房本",\u3000不动产登记 ,zh,',
        ",,,",
        "过户,转移登记,zh",
        ",,,",
        "",
        "",
    ]
    file.write_bytes("\r\n".join(rows).encode(encoding))
    assert load_glossary(notice, file).entries == (DEED, TRANSFER)


def test_reads_a_quoted_cell_with_a_comma(notice: Notice, file: Path) -> None:
    file.write_text(HEADER + '考古前置,"先考古,后出让",zh\n', "utf-8")
    assert load_glossary(notice, file).entries == (Entry("考古前置", "先考古,后出让", "zh"),)


def test_compares_a_term_folded(notice: Notice, file: Path) -> None:
    file.write_text(HEADER + "高压电,\uff11\uff10 千伏,zh\n", "utf-8")
    assert load_glossary(notice, file).entries[0].term == "\uff11\uff10 千伏"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("过户,转移登记", "is not one cell for each of"),
        ("过户,,zh", "is not one cell for each of"),
        ("过户,转移登记,zh,x", "is not one cell for each of"),
        ("过户,转移登记,fr", "unknown language 'fr'"),
        ("过,转移登记,zh", "'过' is too short"),
        ("过户,股权转让,zh", "'股权转让' does not stand in the notice"),
        ("报装,水电气网报装,zh", "'报装' stands in the notice itself"),
        ("房 本,转移登记,zh", "'房 本' stands in line 2 already"),
        ("Building-Permit,施工许可一件事,en", "'Building-Permit' stands in line 3 already"),
        ("building permits,转移登记,en", "'building permits' stands in line 3 already"),
        ('"过户,转移登记,zh', "unexpected end of data"),
        ("过\u200b户,转移登记,zh", "U+200B"),
    ],
)
def test_names_file_and_line_of_a_broken_line(notice: Notice, file: Path, line: str, problem: str) -> None:
    file.write_text(f"{HEADER}房本,不动产登记,zh\nbuilding permit,施工许可一件事,en\n{line}\n\n", "utf-8")
    with pytest.raises(GlossaryError, match="^glossary.csv: line 4: ") as caught:
        load_glossary(notice, file)
    assert problem in str(caught.value)


def test_counts_the_lines_of_a_cell_that_has_several(notice: Notice, file: Path) -> None:
    file.write_text(HEADER + '"building\npermit",施工许可一件事,en\n过户,转移登记,fr\n', "utf-8")
    with pytest.raises(GlossaryError, match="line 4: unknown language"):
        load_glossary(notice, file)


@pytest.mark.parametrize("text", ["", "房本,不动产登记,zh\n", "notice,everyday,language\n"])
def test_refuses_another_header(notice: Notice, file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(GlossaryError, match="glossary.csv: line 1: the header is"):
        load_glossary(notice, file)


def test_says_so_when_there_is_no_glossary(notice: Notice, file: Path) -> None:
    with pytest.raises(GlossaryError, match="glossary.csv: cannot be read"):
        load_glossary(notice, file)


def test_takes_singular_and_plural_of_one_expression(notice: Notice, file: Path) -> None:
    file.write_text(
        HEADER + "building permit,施工许可一件事,en\nbuilding permits,施工许可一件事,en\n", "utf-8"
    )
    assert load_glossary(notice, file).find("2 building permits") == (PERMIT,)


def test_finds_entries_once_and_in_order_of_mention() -> None:
    glossary = Glossary.of([TRANSFER, DEED])
    assert glossary.find("房 本怎么过户?房本在哪儿拿") == (DEED, TRANSFER)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Building\u2011Permits?", ["building permit"]),
        ("a BUILDING\n permit's fee", ["building permit"]),
        ("rebuilding permit", []),
        ("building permitted", []),
        ("我要building permit吗", ["building permit"]),
        ("intermediary or agencies", ["intermediaries", "agency"]),
        ("workers cant be found", ["can't be found"]),
    ],
)
def test_finds_latin_expressions_in_whole_words(text: str, found: list[str]) -> None:
    assert (
        found_in(glossary_of("building permit", "intermediaries", "agency", "can't be found"), text) == found
    )


@pytest.mark.parametrize(
    ("text", "found"), [("找epc总包", ["EPC总包"]), ("xepc总包", []), ("APP上办", ["app"])]
)
def test_finds_expressions_of_mixed_letters(text: str, found: list[str]) -> None:
    assert found_in(glossary_of("EPC总包", "app"), text) == found


def test_the_longest_expression_counts_where_two_overlap() -> None:
    assert found_in(glossary_of("办房本", "房本", "本过户"), "先办房本过户") == ["办房本"]


def test_a_longer_expression_counts_even_if_it_begins_later() -> None:
    assert found_in(glossary_of("水电", "电费补贴"), "水电费补贴") == ["电费补贴"]


@pytest.mark.parametrize(
    "text", ["厂房本身", "提交办理材料", "清运单位", "安全咨询", "剩余土地", "缺工业用地"]
)
def test_finds_nothing_that_runs_into_an_ordinary_word(shipped: Glossary, text: str) -> None:
    assert shipped.find(text) == ()


def test_finds_nothing_that_runs_into_a_term_of_the_notice() -> None:
    glossary = Glossary.of([Entry("装表", "报装", "zh")])
    assert (found_in(glossary, "报装表格"), found_in(glossary, "何时装表")) == ([], ["装表"])


@pytest.mark.parametrize("text", ["", " ", "本", "房", "\n", "怎么办"])
def test_finds_nothing_in_nothing(text: str) -> None:
    assert glossary_of("房本").find(text) == ()


def test_gives_the_everyday_expressions_for_a_term() -> None:
    glossary = Glossary.of([DEED, TRANSFER, Entry("title deed", "不动产登记", "en")])
    assert glossary.everyday_for(" 不动产登记") == ("房本", "title deed")
    assert glossary.everyday_for("房本") == ()


def test_finds_every_shipped_expression_by_itself(shipped: Glossary) -> None:
    terms = [
        (entry.term, [found.term for found in shipped.find(entry.everyday)]) for entry in shipped.entries
    ]
    assert [term for term, found in terms if found != [term]] == []


def test_searches_a_question_in_well_under_a_millisecond(notice: Notice, shipped: Glossary) -> None:
    questions = load_questions(notice)
    started_s = perf_counter()
    for question in questions:
        shipped.find(question.text)
    assert (perf_counter() - started_s) / len(questions) < 0.0003
