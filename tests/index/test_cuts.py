from collections.abc import Mapping

import pytest

from index.cuts import FEATURES, Cutter, cuts_of, shipped_cutter
from index.topics import Topics

TOPICS = Topics(
    frozenset({"渣土", "贷款", "审图"}),
    {"m27": frozenset({"渣土"}), "m18": frozenset({"贷款"}), "m03": frozenset({"审图"})},
    frozenset({"m27", "m18", "m03"}),
)


def search(text: str) -> Mapping[str, float]:
    """Find a passage for each topic in a text, the first named one first; several are less sure."""
    found = {"m27": text.find("渣土"), "m18": text.find("贷款"), "m03": text.find("审图")}
    named = sorted((place, passage_id) for passage_id, place in found.items() if place >= 0)
    probability = (0.99, 0.3, 0.05)[max(len(named), 1) - 1]
    return {passage_id: probability for _, passage_id in named} or {"m27": 0.01}


def test_cuts_where_both_sides_find_something_else() -> None:
    needs = shipped_cutter().needs("渣土清运太贵了,贷款批不下来", search, TOPICS)
    assert needs == ("渣土清运太贵了", "贷款批不下来")


def test_cuts_more_than_once() -> None:
    weights = tuple(10.0 if name == "less_strange" else 0.0 for name in FEATURES)
    by_topics = Cutter((0.0,) * len(FEATURES), (1.0,) * len(FEATURES), weights, -3.0)
    needs = by_topics.needs("渣土清运太贵了;贷款批不下来;审图要等很久", search, TOPICS)
    assert needs == ("渣土清运太贵了", "贷款批不下来", "审图要等很久")


@pytest.mark.parametrize(
    "text",
    [
        "渣土清运太贵了,有没有办法管一管",  # the second side finds nothing of its own
        "渣土清运,渣土运输",  # the same passage
        "渣土贷款",  # nowhere to cut
        "我们公司是搞渣土的,贷款怎么申请",  # who is asking, and what
        "",
    ],
)
def test_leaves_one_need_whole(text: str) -> None:
    assert shipped_cutter().needs(text, search, TOPICS) == ()


def test_measures_each_place() -> None:
    (cut,) = cuts_of("渣土清运太贵了,贷款批不下来", search, TOPICS)
    features = dict(zip(FEATURES, cut.features, strict=True))
    assert cut.passages == ("m27", "m18")
    assert features["both_in_whole"] == 1.0
    assert features["less_strange"] == pytest.approx(0.693147, abs=1e-6)  # log(1 + 1)
    assert features["left"] == pytest.approx(4.595, abs=1e-3)  # log(0.99 / 0.01)


def test_is_sure_by_its_weights() -> None:
    (cut,) = cuts_of("渣土清运太贵了,贷款批不下来", search, TOPICS)
    n = len(FEATURES)
    never = Cutter((0.0,) * n, (1.0,) * n, (0.0,) * n, -5.0)
    assert never.probability(cut) < 0.01
    assert never.needs("渣土清运太贵了,贷款批不下来", search, TOPICS) == ()
