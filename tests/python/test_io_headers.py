"""Headers: what is recognised, what is left alone, and what is never guessed."""

import itertools
from collections.abc import Mapping, Sequence

import pytest

from safetyrisk import InputError, NotFoundError, io
from safetyrisk.io.headers import _pack, normal


def names(headers: Sequence[str], table: str = "risk_points", **options: object) -> list[str]:
    return io.map_headers(headers, table, **options).names  # type: ignore[arg-type]


def codes(headers: Sequence[str], columns: Mapping[str, str] | None = None) -> list[str]:
    return [i.code for i in io.map_headers(headers, "risk_points", columns).issues]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("风险点名称", "name"),
        ("风 险 点\n名 称", "name"),
        ("风险点名称*", "name"),
        ("经度(°)", "lon"),
        ("经度\uff08°\uff09", "lon"),
        ("纬度 [WGS84]", "lat"),
        ("Ｌ", "L"),
        ("l", "L"),
        ("可能性(L)", "L"),
        ("暴露于危险环境的频繁程度", "E"),
        ("后果", "C"),
        ("后果严重性", "S"),
        ("后果严重程度(C)", "C"),
        ("后果严重程度(S)", "S"),
        ("行政区划代码", "division"),
        ("Longitude", "lon"),
        ("NAME", "name"),
    ],
)
def test_a_usual_header_is_recognised(header: str, column: str) -> None:
    assert names([header]) == [column]


@pytest.mark.parametrize("header", ["车间", "经度(老系统)", "作业人数备注", "Lx", "风险点名称2"])
def test_an_unknown_header_becomes_an_attribute_of_its_own_name(header: str) -> None:
    result = io.map_headers([header], "risk_points")
    assert result.names == [header]
    assert result.mapping == {}
    assert result.issues == []


@pytest.mark.parametrize("table", ["enterprises", "nodes", "risk_points", "hazards"])
def test_a_name_of_the_division_stands_beside_its_code(table: str) -> None:
    assert names(["行政区划"], table) == ["division"]
    assert names(["行政区划", "行政区划代码"], table) == ["行政区划", "division"]
    assert names(["行政区划"], "divisions") == ["name"]
    both = io.map_headers(["属地", "所在区划"], table)
    assert both.names == ["属地", "所在区划"]
    assert [issue.code for issue in both.issues] == ["io.rival_headers"]


def test_a_header_that_fits_two_columns_is_an_issue_and_fits_none() -> None:
    result = io.map_headers(["后果严重程度"], "risk_points")
    assert result.names == ["后果严重程度"]
    assert [(i.code, i.column, i.args) for i in result.issues] == [
        ("io.ambiguous_header", "后果严重程度", ("C、S",))
    ]


def test_two_headers_for_one_column_are_an_issue_and_neither_is_taken() -> None:
    result = io.map_headers(["风险点名称", "危险源名称", "L"], "risk_points")
    assert result.names == ["风险点名称", "危险源名称", "L"]
    assert [(i.code, i.column) for i in result.issues] == [("io.rival_headers", "name")]


def test_the_canonical_name_to_the_letter_wins_over_an_alias() -> None:
    result = io.map_headers(["风险点编号", "id"], "risk_points")
    assert result.names == ["风险点编号", "id"]
    assert result.mapping == {"id": "id"}
    assert [i.code for i in result.issues] == ["io.header_not_used"]


def test_a_name_stands_for_an_id_only_where_no_id_is_given() -> None:
    assert names(["企业名称"]) == ["enterprise"]
    assert names(["企业名称", "企业编号"]) == ["企业名称", "enterprise"]
    assert codes(["企业名称", "企业编号"]) == []


def test_two_columns_of_one_canonical_header_are_not_taken_for_it() -> None:
    result = io.map_headers(["id", "id", "L"], "risk_points")
    assert "id" not in result.names
    assert len(set(result.names)) == 3
    assert "io.rival_headers" in [i.code for i in result.issues]


def test_a_repeated_attribute_gets_a_name_of_its_own() -> None:
    result = io.map_headers(["备注", "备注", ""], "risk_points")
    assert result.names == ["备注", "备注_2", "column_3"]
    assert [i.code for i in result.issues] == ["io.repeated_header"]


def test_columns_of_the_caller_go_before_aliases_and_canonical_names() -> None:
    result = io.map_headers(["name", "风险点", "甲"], "risk_points", {"name": "甲"})
    assert result.names[2] == "name"
    assert result.mapping == {"甲": "name"}
    assert result.names[0] == "name_2"


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"nam": "甲"}, "no column 'nam'; it has: id, enterprise, name"),
        ({"name": "丙"}, "no header '丙' for 'name'; there: '甲', '乙'"),
        ({"name": "甲", "id": "甲"}, "given for both 'name' and 'id'"),
    ],
)
def test_a_wrong_columns_argument_is_refused_with_what_is_there(
    columns: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        io.map_headers(["甲", "乙"], "risk_points", columns)


def test_a_header_that_stands_twice_cannot_be_chosen() -> None:
    with pytest.raises(InputError, match="stands 2 times"):
        io.map_headers(["甲", "甲"], "risk_points", {"name": "甲"})


def test_inputs_of_another_pack_match_by_their_own_name() -> None:
    assert names(["m"], extra=["M"]) == ["M"]
    assert names(["管理"], columns={"M": "管理"}, extra=["M"]) == ["M"]


def test_an_unknown_table_is_refused_and_no_table_maps_nothing() -> None:
    with pytest.raises(NotFoundError, match="risk_points"):
        io.map_headers(["id"], "riskpoints")
    assert names(["风险点名称", "id"], table="") == ["风险点名称", "id"]


def test_order_of_headers_does_not_matter() -> None:
    headers = ["企业名称", "风险点", "名称", "后果严重程度", "经度", "经度坐标"]
    wanted = dict(zip(headers, names(headers), strict=True))
    for order in itertools.permutations(headers):
        assert dict(zip(order, names(order), strict=True)) == wanted


def test_pack_names_every_header_of_a_table_once_except_the_ambiguous_ones() -> None:
    for table in _pack()["tables"]:
        spec = io.table_spec(table)
        several = {header for header, found in spec.first.items() if len(found) > 1}
        allowed = {normal(h) for h in _AMBIGUOUS} if table == "risk_points" else set()
        assert several <= allowed, table
        # A weak alias that is also a strong one would never count as weak.
        both = {h for h in spec.second if h in spec.first}
        assert both == set(), table


_AMBIGUOUS = [
    "后果严重程度",
    "事故后果严重性",
    "事故后果严重程度",
    "事故后果的严重性",
    "事故后果的严重程度",
    "后果的严重程度",
]


def test_every_table_of_the_design_has_its_required_columns() -> None:
    assert io.table_spec("edges").required == ("source", "target", "kind")
    assert io.table_spec("risk_points").required == ("id",)
    assert set(io.table_spec("divisions").types) >= {"code", "name", "level", "parent", "successor"}


def test_labels_are_read_back_as_the_columns_they_stand_for() -> None:
    for table in ("risk_points", "enterprises", "divisions", "hazards", "records"):
        columns = list(io.table_spec(table).types)
        printed = [io.label(table, column) for column in columns]
        assert io.map_headers(printed, table).names == columns


def test_a_running_number_is_the_id_only_where_nothing_else_is() -> None:
    both = io.map_headers(["序号", "编号", "L"], "risk_points")
    assert (both.names, both.issues) == (["序号", "id", "L"], [])
    assert io.map_headers(["序号", "L"], "risk_points").names == ["id", "L"]
