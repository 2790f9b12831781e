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


def test_compares_brier_with_the_base_rate():
    assert metrics.brier_of_base_rate([]) is None
    assert metrics.brier_of_base_rate([(0.3, True), (0.4, True)]) == 0
    assert metrics.brier_of_base_rate([(0.3, True), (0.4, True), (0.5, True), (0, False)]) == 3 / 16


def test_gives_the_expected_calibration_error_as_worked_by_hand():
    assert metrics.expected_calibration_error([]) is None
    assert metrics.expected_calibration_error([(1.0, True), (0.0, False)]) == 0
    # bin 0.9: two, mean 0.95, half right; bin 0.2: one, 0.2, wrong
    pairs = [(0.92, True), (0.98, False), (0.2, False)]
    assert metrics.expected_calibration_error(pairs) == pytest.approx((2 * 0.45 + 0.2) / 3)


def test_gives_auroc_as_worked_by_hand():
    assert metrics.auroc([]) is None
    assert metrics.auroc([(0.5, True)]) is None
    # right 0.8 and 0.4 against wrong 0.4 and 0.1: won, won, tied, won
    assert metrics.auroc([(0.8, True), (0.4, True), (0.4, False), (0.1, False)]) == 3.5 / 4
    assert metrics.auroc([(0.1, True), (0.2, False)]) == 0


def test_gives_risk_by_coverage_as_worked_by_hand():
    assert metrics.risk_coverage([]) == ()
    points = metrics.risk_coverage([(0.5, False), (0.9, True), (0.7, True), (0.7, False)])
    assert [(p.coverage, p.risk) for p in points] == [(0.25, 0), (0.75, pytest.approx(1 / 3)), (1, 0.5)]
    assert [p.confidence for p in points] == [0.9, 0.7, 0.5]


def test_gives_the_area_of_risk_by_coverage_as_worked_by_hand():
    assert metrics.risk_coverage_area([]) is None
    assert metrics.risk_coverage_area([(0.9, True)]) == 0
    pairs = [(0.5, False), (0.9, True), (0.7, True), (0.7, False)]
    assert metrics.risk_coverage_area(pairs) == pytest.approx(0.5 / 3 + 0.25 * 0.5)
    assert metrics.risk_coverage_area([(0.5, right) for _, right in pairs]) == 0.5


def test_gives_a_reciprocal_rank_up_to_the_cut():
    assert metrics.reciprocal_rank([], {1}) == 0
    assert metrics.reciprocal_rank([3, 1, 2], {1, 2}) == 0.5
    assert metrics.reciprocal_rank([3, 1], {1}, cut=1) == 0


def test_takes_the_best_passage_from_citations_or_from_what_is_related(case, answer, cite):
    sure = {"confidence": 0.4}
    assert metrics.best_passage_right(case(acceptable=(4,)), answer(cite(4), cite(9), **sure))
    assert metrics.best_passage_right(case(), answer(status="clarify", related=("n#m03", "n#m04"), **sure))
    assert (
        metrics.best_passage_right(case(), answer(status="not_covered", related=("n#c1",), **sure)) is False
    )
    assert metrics.best_passage_right(case(), answer(status="not_covered", **sure)) is False


def test_has_no_best_passage_without_a_search_or_a_gold_measure(case, answer, cite):
    assert metrics.best_passage_right(case(), answer(cite(3))) is None
    assert metrics.best_passage_right(case(), answer(cite(3), confidence=1.0, engine="records")) is None
    asked = case(kind="work_requirements", measures=())
    assert metrics.best_passage_right(asked, answer(cite(None), confidence=0.9)) is None


def test_counts_no_passage_as_right_out_of_scope(case, answer, cite):
    asked = case(kind="attack", measures=())
    assert metrics.best_passage_right(asked, answer(cite(None), confidence=0.9)) is False


def test_finds_gold_measures_among_citations_and_related(case, answer, cite):
    asked = case(measures=(3, 5))
    assert metrics.gold_shown(asked, answer(cite(5), related=("n#m03",)))
    assert metrics.gold_shown(asked, answer(cite(5), related=("n#m13",))) is False
    assert metrics.gold_shown(case(measures=()), answer()) is None


def test_counts_a_right_ending_out_of_scope(case, answer):
    assert metrics.outside_refused(case(kind="attack"), answer(status="not_covered"))
    assert metrics.outside_refused(case(kind="attack"), answer(status="clarify")) is False
    assert metrics.outside_refused(case(), answer(status="not_covered")) is None


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
