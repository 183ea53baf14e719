"""One list of columns: what rules read has a header, a place in a template and a row in the README."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import safetyrisk as sr
from safetyrisk.io.headers import TableSpec, label, table_spec

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("nodes", "edges", "enterprises", "hazards", "tasks", "records", "duties")
HAN = re.compile("[\u4e00-\u9fff]")


def rule_columns() -> set[tuple[str, str]]:
    """(table, column) of the rules' own lists of inputs."""
    (pack,) = [one for one in sr.packs("rules") if one.id == "rules.national"]
    found = set()
    for rule in json.loads(pack.canonical)["content"]["rules"]:
        for wanted in rule.get("columns", ()):
            for one in wanted.split("|"):
                table, mark, column = one.partition("?")[0].partition(".")
                if mark and ":" not in table:
                    found.add((table, column))
    return found


def read_in_c_plus_plus() -> set[tuple[str, str]]:
    """(side, column) of every attribute and value of records that a rule or question reads."""
    found = set()
    for path in sorted((ROOT / "src").glob("*/*.cpp")):
        text = path.read_text(encoding="utf-8")
        for edge, name in re.findall(r'\b(edge_)?attribute\("(\w+)"\)', text):
            found.add(("edges" if edge else "nodes", name))
        for name in re.findall(r'records\.value\(row, "(\w+)"\)', text):
            found.add(("records", name))
    return found


def filled_in(table: str) -> set[str]:
    spec = table_spec(table)
    return {*spec.filled_in, *spec.in_graph}


def test_every_input_of_a_rule_has_a_chinese_header_and_stands_in_a_template() -> None:
    wanted = rule_columns()
    assert len(wanted) > 40
    for table, column in sorted(wanted):
        assert column in filled_in(table) or (table, column) == ("hazards", "unit"), (table, column)
        if column in table_spec(table).types:
            assert HAN.search(label(table, column)), (table, column)


def test_every_attribute_that_is_read_stands_in_a_template() -> None:
    sides = {
        "nodes": {name for table in ("nodes", "enterprises", "hazards", "tasks", "risk_points")
                  for name in filled_in(table)},
        "edges": filled_in("edges"),
        "records": filled_in("records"),
    }  # fmt: skip
    read = read_in_c_plus_plus()
    assert {("nodes", "standing_committee"), ("edges", "agreement"), ("records", "rating")} <= read
    assert sorted(one for one in read if one[1] not in sides[one[0]]) == []


def test_types_of_columns_are_those_that_the_graph_reads() -> None:
    text = (ROOT / "src/graph/typed_columns.cpp").read_text(encoding="utf-8")
    kinds = {"count": "integer", "number": "number", "day": "date", "flag": "boolean"}
    for block, tables in (
        ("of_nodes", ("nodes", "enterprises", "hazards", "tasks")),
        ("of_edges", ("edges",)),
        ("of_records", ("records",)),
    ):
        (lines,) = re.findall(rf"Typed {block}\[\] = \{{(.*?)\}};", text, re.S)
        for name, kind in re.findall(r'\{"(\w+)", Type::(\w+)\}', lines):
            for table in tables:
                given = table_spec(table).types.get(name)
                wanted = {kinds.get(kind, given), given if given in ("integer", "number") else None}
                assert given is None or given in wanted, (table, name)


def test_every_column_of_duties_that_is_read_has_a_header() -> None:
    text = (ROOT / "src/duty/obligations.cpp").read_text(encoding="utf-8")
    read = set(re.findall(r'(?:cell|day|word|read_who)\("(\w+)"', text)) - {"id"}
    read.remove("pack")  # which the library writes, of duties of its packs
    assert {"cadence", "anchor", "object"} <= read
    assert read <= set(table_spec("duties").types)


@pytest.mark.parametrize("table", TABLES)
def test_the_readme_lists_the_columns_with_their_headers(table: str) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (cell,) = re.findall(rf"^\| `{table}` \| (`id` .*|`source` .*) \|$", text, re.M)
    spec: TableSpec = table_spec(table)
    assert cell == ", ".join(f"`{name}` {label(table, name)}" for name in spec.filled_in)


def test_a_form_without_a_cell_in_a_column_is_a_table_without_it(tmp_path: Path) -> None:
    nodes = {
        "id": ["g", "p"], "kind": ["government", "post"], "name": ["县政府", "副县长"],
        "post_kind": [None, "safety_deputy"], "unit": [None, "g"], "division": ["360924", None],
    }  # fmt: skip
    divisions = {"code": ["360924"], "name": ["宜丰县"]}
    plain = sr.ResponsibilityGraph.from_tables(nodes, divisions=divisions, data_date="2026-06-30")
    form = nodes | {
        name: [None, None] for name in table_spec("nodes").filled_in if name not in nodes
    }
    empty = sr.ResponsibilityGraph.from_tables(form, divisions=divisions, data_date="2026-06-30")
    assert empty.check().to_json() == plain.check().to_json()


def test_words_of_closed_lists_mean_what_the_graph_reads() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        {"编号": ["c", "p", "x", "z", "d", "a"], "名称": ["安委会", "副县长", "张某", "园区", "管矿山的", "事故"],
         "类型": ["安委会", "岗位", "人员", "功能区", "部门", "事故"],
         "安委会主任设置": ["双主任", *[None] * 5], "用工形式": [None, None, "劳务派遣", *[None] * 3],
         "相当级别": [None, None, None, "县级", None, None], "职能": [*[None] * 4, "应急", None],
         "事故等级": [*[None] * 5, "较大事故"]},
        {"责任主体": ["p"], "责任对象": ["c"], "关系类型": ["任主任"], "安委会职务": ["副主任"]},
        data_date="2026-06-30",
    )  # fmt: skip
    written = json.loads(graph.to_json())
    told = {node["id"]: {**node, **node.get("attributes", {})} for node in written["nodes"]}
    assert told["c"]["mode"] == "dual"
    assert told["x"]["employment"] == "dispatched"
    assert str(told["z"]["rank"]) == "3"
    assert told["d"]["function"] == "emergency"
    assert told["a"]["grade"] == "larger"
    (edge,) = written["edges"]
    assert {**edge, **edge.get("attributes", {})}["role"] == "deputy"


def test_columns_of_records_are_their_values() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        {"id": ["p"], "kind": ["person"], "name": ["张某"]},
        records={"编号": ["1", "2"], "履职人": ["p", "p"], "事项": ["safety_assessment"] * 2,
                 "日期": ["2026-01-01", "2026-01-02"], "有效期至": ["2029-01-01", None],
                 "values": [None, '{"score": 90}']},
        data_date="2026-06-30",
    )  # fmt: skip
    rows = json.loads(graph.to_json())["records"]
    values = [
        json.loads(row["values"]) if isinstance(row["values"], str) else row["values"]
        for row in rows
    ]
    assert values == [{"valid_to": "2029-01-01"}, {"score": 90}]
