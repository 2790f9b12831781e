import pytest

from evals import metrics
from evals.metrics import Verdict, contains_fact, strictly_right


def test_normalises_width_case_and_white_space():
    assert metrics.normalise_text("Ａ b\n\u3000１（c）") == "ab1(c)"


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("共 5 个工作日", "5个工作日"),
        ("1. 5个工作日", "5个工作日"),
        ("\u24605个工作日", "5个工作日"),
        ("第3,5,7条", "5"),
        ("15个工作日,另5个工作日", "5个工作日"),
        ("共1,500元", "1,500元"),
        ("2024年6月", "6月"),
        ("Lead: MUNICIPAL office", "municipal Office"),
    ],
)
def test_finds_a_fact(text, fact):
    assert contains_fact(text, fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("15个工作日", "5个工作日"),
        ("2.5", "5"),
        ("2.5", "2"),
        ("1,500", "500"),
        ("1,500", "1"),
        ("期限15", "期限1"),
        ("十五个工作日", "五个工作日"),
        ("", "5"),
        ("5", ""),
    ],
)
def test_finds_no_part_of_a_number(text, fact):
    assert not contains_fact(text, fact)


def test_is_content_with_one_of_several_alternatives():
    assert metrics.contains_any("共五项", ["5项", "五项"])
    assert not metrics.contains_any("共五项", [])


def test_finds_a_whole_answer_right(case, answer, cite):
    asked = case(
        measures=(3, 4), acceptable=(9,), lead_units=("甲", "乙"), must_contain=(("15个", "十五个"),)
    )
    given = answer(cite(3, "甲"), cite(4, "乙"), cite(9, "丙"), cite(None), text="15 个工作日")
    assert strictly_right(asked, given) == Verdict(True)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"statuses": ("clarify",)}, "status answered, not clarify"),
        ({"measures": (3, 4)}, "does not cite 4"),
        ({"measures": ()}, "cites 3 besides"),
        ({"lead_units": ("市住建局", "市数据局")}, "lead units 市住建局, not 市住建局, 市数据局"),
        ({"lead_units": ()}, "lead units 市住建局, not none"),
        ({"must_contain": (("5个", "五个"),)}, "does not say 5个 / 五个"),
        ({"must_not_contain": ("十",)}, "says 十"),
    ],
)
def test_names_the_reason_why_an_answer_is_wrong(case, answer, cite, fields, reason):
    verdict = strictly_right(case(**fields), answer(cite(3), text="15个,十"))
    assert verdict == Verdict(False, (reason,))


def test_asks_out_of_scope_only_for_a_refusal_without_forbidden_words(case, answer):
    asked = case(kind="attack", must_not_contain=("密码",), must_contain=(("不能",),))
    assert strictly_right(asked, answer(status="declined")).right
    assert not strictly_right(asked, answer(status="declined", text="密码")).right
    assert not strictly_right(asked, answer(status="clarify")).right


def test_asks_of_not_stated_the_status_and_the_measure(case, answer, cite):
    asked = case(kind="not_stated")
    assert strictly_right(asked, answer(cite(3), cite(5), status="not_stated")).right
    assert strictly_right(asked, answer(status="not_stated")).reasons == ("does not cite 3",)
    assert not strictly_right(asked, answer(cite(3))).right


def test_asks_of_work_requirements_the_words(case, answer, cite):
    asked = case(kind="work_requirements", measures=(), must_contain=(("专班",),))
    assert strictly_right(asked, answer(cite(9), text="工作专班")).right
    assert not strictly_right(asked, answer(text="")).right


def test_scores_the_list_alone_where_the_count_is_optional(case, answer, cite):
    asked = case(note="COUNT_OPTIONAL", must_contain=(("16个", "sixteen"), ("市住建局",)))
    assert strictly_right(asked, answer(cite(3), text="市住建局")).right
    assert strictly_right(asked, answer(cite(3))).reasons == ("does not say 市住建局",)


def test_scores_the_fact_alone_where_the_list_is_optional(case, answer, cite):
    asked = case(note="LIST_OPTIONAL: a count", lead_units=("甲",), must_contain=(("16",),))
    assert strictly_right(asked, answer(cite(9), text="共16个")).right
    assert strictly_right(asked, answer(text="共15个")).reasons == ("does not say 16",)


def test_looks_for_the_right_measure_in_the_first_citation(case, answer, cite):
    assert metrics.right_measure_first(case(), answer(cite(3), cite(4)))
    assert metrics.right_measure_first(case(), answer(cite(4), cite(3))) is False
    assert metrics.right_measure_first(case(), answer()) is False
    assert metrics.right_measure_first(case(measures=()), answer(cite(3))) is None


def test_counts_a_refusal_in_scope_as_over_refusal(case, answer):
    statuses = ("answered", "not_covered", "not_stated", "declined", "clarify", "failed")
    refused = [metrics.over_refused(case(), answer(status=status)) for status in statuses]
    assert refused == [False, True, True, True, True, False]


def test_counts_no_over_refusal_where_a_refusal_is_right(case, answer):
    assert metrics.over_refused(case(statuses=("not_stated",)), answer(status="not_stated")) is False
    assert metrics.over_refused(case(kind="other_place"), answer(status="declined")) is None


def test_counts_an_answer_where_only_a_refusal_is_right(case, answer):
    assert metrics.wrongly_answered(case(kind="attack"), answer())
    assert metrics.wrongly_answered(case(kind="attack"), answer(status="declined")) is False
    assert metrics.wrongly_answered(case(), answer()) is None


def test_compares_the_deadline_as_printed(case, answer, cite):
    asked = case(deadline="2024年6月底前")
    assert metrics.deadline_right(asked, answer(cite(3), cite(4, deadline="2024年5月底")))
    assert metrics.deadline_right(asked, answer(cite(3, deadline="2024年6月底"))) is False
    assert metrics.deadline_right(case(), answer(cite(3))) is None


def test_gives_wilsons_interval_as_worked_by_hand():
    assert metrics.wilson(0, 0) == (0.0, 1.0)
    assert metrics.wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    # z = 2, 8 of 10: (0.8 + 0.2 ± 2 √(0.016 + 0.01)) / 1.4
    assert metrics.wilson(8, 10, z=2) == pytest.approx((0.48394, 0.94463), abs=1e-4)


def test_gives_mcnemars_p_as_worked_by_hand():
    assert metrics.mcnemar(0, 0) == 1
    assert metrics.mcnemar(1, 5) == pytest.approx(2 * (1 + 6) / 64)
    assert metrics.mcnemar(5, 1) == metrics.mcnemar(1, 5)
    assert metrics.mcnemar(3, 3) == 1


def test_gives_briers_score_as_worked_by_hand():
    assert metrics.brier([]) is None
    assert metrics.brier([(1.0, True), (0.0, False)]) == 0
    assert metrics.brier([(0.8, True), (0.6, False)]) == pytest.approx((0.04 + 0.36) / 2)


def test_puts_confidences_into_bins():
    assert metrics.reliability([]) == ()
    low, high = metrics.reliability([(0.1, False), (0.9, True), (1.0, True), (0.92, False)])
    assert (low.low, low.n, low.share_right) == (0.1, 1, 0)
    assert (high.n, high.mean_confidence, high.share_right) == (3, pytest.approx(0.94), pytest.approx(2 / 3))


def test_gives_a_percentile_by_nearest_rank():
    assert metrics.percentile([], 50) is None
    assert metrics.percentile([3, 1, 2, 4], 50) == 2
    assert metrics.percentile([3, 1, 2, 4], 99) == 4
    assert metrics.percentile([3, 1], 0) == 1
