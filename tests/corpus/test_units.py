import pytest

from corpus.notice import Notice, Unit
from corpus.units import UnitNames, parse_lead_units, parse_responsible_units, unit_oddities


@pytest.fixture(scope="module")
def unit_names() -> UnitNames:
    return UnitNames.load()


def names(units: tuple[Unit, ...]) -> list[str]:
    return [unit.name for unit in units]


@pytest.mark.parametrize("separator", ["、", ",", "\uff0c", ";", "\uff1b", "、 "])
def test_reads_lead_units_in_printed_order(separator: str) -> None:
    assert names(parse_lead_units(f"市住建局{separator}市数据局")) == ["市住建局", "市数据局"]


@pytest.mark.parametrize(
    "printed", ["", "市住建局、", "、市住建局", "各区县政府", "市住建局?", "市住建局等", "市住"]
)
def test_refuses_what_is_no_list_of_lead_units(printed: str) -> None:
    with pytest.raises(ValueError):
        parse_lead_units(printed)


def test_splits_a_unit_from_the_group_it_stands_for() -> None:
    units, is_open = parse_responsible_units("市财政局等市级相关单位")
    assert (units, is_open) == ((Unit("市财政局", False), Unit("市级相关单位", True)), True)


def test_reads_measure_25_despite_comma_and_full_stop(notice: Notice) -> None:
    units, _ = parse_responsible_units(notice.measure(25).responsible_units_printed)
    assert names(units)[:5] == ["市法院", "市市场监管局", "市财政局", "市国资委", "市清欠领导小组成员单位"]
    assert names(units)[-1] == "各开发区管委会"


def test_splits_the_entry_that_measure_37_runs_together(notice: Notice) -> None:
    units = notice.measure(37).responsible_units
    assert names(units)[:3] == ["市市场监管局", "市住建局", "市级各相关单位"]


def test_tells_groups_from_bodies() -> None:
    units, _ = parse_responsible_units("市级各相关单位,各区县政府、西咸新区管委会、各开发区管委会")
    assert [unit.is_group for unit in units] == [True, True, False, True]


def test_a_list_of_governments_alone_is_closed() -> None:
    assert parse_responsible_units("各区县政府、西咸新区管委会、各开发区管委会")[1] is False


def test_30_of_39_lists_are_open(notice: Notice) -> None:
    assert sum(measure.responsible_units_open for measure in notice.measures) == 30


def test_a_comma_beside_a_group_is_usual() -> None:
    assert unit_oddities("市税务局等市级相关单位,人行陕西省分行营管部,各区县政府") == ()


def test_a_comma_between_two_named_units_is_odd() -> None:
    assert unit_oddities("市法院,市财政局") == (("unit_separator", "市法院,市财政局"),)


def test_knows_every_unit_the_notice_names(notice: Notice, unit_names: UnitNames) -> None:
    printed = {u.name for m in notice.measures for u in (*m.lead_units, *m.responsible_units)}
    assert printed == set(unit_names.names)


def test_finds_every_unit_by_its_printed_official_and_english_name(unit_names: UnitNames) -> None:
    for name in unit_names.names:
        assert unit_names.find_units(name) == (name,)
        assert unit_names.find_units(unit_names.official(name)) == (name,)
        assert unit_names.find_units(f"Does {unit_names.english(name)} lead?") == (name,)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("市发展和改革委员会牵头哪些", ("市发改委",)),
        ("西安市发展和改革委员会", ("市发改委",)),
        ("发改委和市住建局", ("市发改委", "市住建局")),
        ("住建部门、发展改革委", ("市住建局", "市发改委")),
        ("自规局", ("市资源规划局",)),
        ("市市场监管局", ("市市场监管局",)),
        ("公安机关", ("市公安局",)),
        ("人防办管吗", ("市国动办",)),
        ("供电公司", ("国网西安供电公司", "国网西咸供电公司")),
        ("小区供电局", ("国网西安供电公司", "国网西咸供电公司")),
        ("国网西咸供电公司", ("国网西咸供电公司",)),
        ("陕西省西安市住建局", ("市住建局",)),
        ("雁塔区政府", ("各区县政府",)),
        ("xi\u2019an municipal HOUSING and urban-rural development bureau", ("市住建局",)),
        ("the Tax Bureau and the Data Bureau", ("市税务局", "市数据局")),
    ],
)
def test_finds_units_by_other_names(unit_names: UnitNames, text: str, found: tuple[str, ...]) -> None:
    assert unit_names.find_units(text) == found


@pytest.mark.parametrize(
    "text",
    ["个人社保怎么交", "开发改造", "员工信息", "办公安全", "全城管网", "金融办理", "代建委托", "市场局面"]
    + [
        "投资",
        "税务怎么办",
        "行政审批事项",
        "人行道",
        "人防备案",
        "全国网络",
        "database",
        "unpowered companyx",
    ],
)
def test_finds_no_unit_in_ordinary_words(unit_names: UnitNames, text: str) -> None:
    assert unit_names.find_units(text) == ()


@pytest.mark.parametrize(
    "text",
    ["省发改委", "国家发改委", "雁塔区住建局", "省市场监管局", "区人民法院", "Provincial Finance Bureau"],
)
def test_does_not_take_anothers_bureau_for_the_citys(unit_names: UnitNames, text: str) -> None:
    assert unit_names.find_units(text) == ()


def test_finds_the_group_that_a_place_belongs_to(unit_names: UnitNames) -> None:
    found = unit_names.find_places("雁塔区和高新区的企业")
    assert found == (("雁塔区", "各区县政府"), ("高新区", "各开发区管委会"))


def test_gives_the_english_name(unit_names: UnitNames) -> None:
    assert unit_names.english("市发改委") == "Xi'an Municipal Development and Reform Commission"


def test_has_no_english_name_for_an_unknown_unit(unit_names: UnitNames) -> None:
    with pytest.raises(KeyError):
        unit_names.english("市气象局")
