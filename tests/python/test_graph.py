"""The responsibility graph from Python: tables in, questions, exports."""

from __future__ import annotations

import itertools
import json
import random
import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest

import safetyrisk as sr
from safetyrisk.io.demo import write_county_demo
from safetyrisk.synthetic import FictionalCounty, fictional_county

NODES = {
    "id": ["gov", "bureau", "head", "zhang"],
    "kind": ["government", "dept", "post", "person"],
    "name": ["县政府", "县应急管理局", "<b>厂长</b>", "张某"],
    "post_kind": [None, None, "principal", None],
    "unit": [None, None, "plant", None],
    "division": ["360924", "360924", None, None],
}
EDGES = {
    "source": ["head", "zhang", "bureau", "gov", "bureau"],
    "target": ["plant", "head", "360924", "plant", "360924"],
    "kind": ["PRINCIPAL_OF", "HOLDS", "REGULATES", "TERRITORIAL", "COMPREHENSIVE"],
    "sectors": [None, None, "machinery", None, None],
}
DIVISIONS = {"code": ["36", "3609", "360924"], "name": ["江西省", "宜春市", "宜丰县"]}
ENTERPRISES = {
    "id": ["plant"],
    "name": ["示例机械厂"],
    "division": ["360924"],
    "sectors": ["machinery"],
}


def small(**more: Any) -> sr.ResponsibilityGraph:
    given: dict[str, Any] = {
        "nodes": NODES,
        "edges": EDGES,
        "divisions": DIVISIONS,
        "enterprises": ENTERPRISES,
        "data_date": "2026-06-30",
    }
    return sr.ResponsibilityGraph.from_tables(**(given | more))


@pytest.fixture(scope="module")
def invented() -> FictionalCounty:
    return fictional_county(seed=1)


@pytest.fixture(scope="module")
def county(invented: FictionalCounty) -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        **invented.tables, data_date=invented.data_date, jurisdiction=invented.jurisdiction
    )


# ---- in ------------------------------------------------------------------------------------------


def test_tables_of_every_form_make_the_same_graph() -> None:
    pd = pytest.importorskip("pandas")
    first = small()
    assert small(nodes=pd.DataFrame(NODES), edges=pd.DataFrame(EDGES)).to_json() == first.to_json()
    assert small(nodes=pa.table(NODES), edges=pa.table(EDGES)).to_json() == first.to_json()
    assert len(first.issues) == 0
    assert "plant" in first
    assert "nobody" not in first


def test_the_order_of_rows_and_tables_changes_nothing() -> None:
    back = {name: cells[::-1] for name, cells in NODES.items()}
    over = {name: cells[::-1] for name, cells in EDGES.items()}
    there, here = small(nodes=back, edges=over), small()
    assert there.nodes.to_columns()["id"].tolist() == here.nodes.to_columns()["id"].tolist()
    assert there.who("plant").to_json() != ""
    for graph in (there, here):
        assert graph.who("plant").nodes("C1") == ["head"]
    assert there.check().to_json() == here.check().to_json()


def test_chinese_headers_and_given_columns_are_known() -> None:
    named = {"编号": ["plant"], "企业全称": ["示例机械厂"], "行政区划代码": ["360924"],
             "行业领域": ["机械"]}  # fmt: skip
    graph = small(enterprises=named)
    assert graph.who("plant").nodes("C6") == ["bureau"]
    theirs = {"编号": ["plant"], "字号": ["示例机械厂"], "行政区划代码": ["360924"]}
    graph = small(enterprises=theirs, columns={"enterprises": {"name": "字号"}})
    names = dict(zip(*(graph.nodes.to_columns()[c] for c in ("id", "name")), strict=True))
    assert names["plant"] == "示例机械厂"


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(sr.InputError, match="there is no table 'nods'"):
        small(columns={"nods": {}})
    with pytest.raises(sr.InputError, match="data_date"):
        small(data_date="2026-02-30")
    with pytest.raises(sr.InputError, match="jurisdiction"):
        small(jurisdiction="360924")
    with pytest.raises(sr.NotFoundError, match="plant"):
        small().who("plan")
    with pytest.raises(sr.InputError, match="data date"):
        small(data_date=None).who("plant")
    with pytest.raises(sr.NotFoundError):
        small().check(rules=["RX-01"])
    with pytest.raises(sr.NotFoundError):
        small().check(profile="mars")
    with pytest.raises(sr.InputError):
        small().select({"kind": "enterprise", "where": [["employees", "~", 1]]})


def test_a_misspelt_column_selects_nothing_by_an_error() -> None:
    with pytest.raises(sr.InputError, match=r"where\[0\].*'employes'.*division.*employees, id"):
        small(enterprises=ENTERPRISES | {"employees": [7]}).select(
            {"kind": "enterprise", "where": [["employes", ">", 1]]}
        )


def test_enterprises_without_divisions_are_a_warning_and_usual_headers_are_none() -> None:
    bare = {name: cells for name, cells in ENTERPRISES.items() if name != "division"}
    for given in (bare, bare | {"division": [None]}, bare | {"division": [" "]}):
        graph = small(enterprises=given)
        assert graph.issues.counts() == {"graph.division_missing": 1}
    wanted = small().who("plant").text
    for header in ("行政区划", "所在区划", "所属区划", "所在行政区划", "属地"):
        graph = small(enterprises=bare | {header: ["360924"]})
        assert not graph.issues.counts()
        assert graph.who("plant").text == wanted


def test_json_of_a_graph_with_packs_of_its_own_is_read_with_them(tmp_path: Path) -> None:
    packs = {}
    for option, name, old in (
        ("kinds", "graph_kinds.usual", '"dept"'), ("sectors", "sectors.usual", '"machinery"'),
    ):  # fmt: skip
        (text,) = [pack.canonical for pack in sr.packs() if pack.id == name]
        place = tmp_path / f"{option}.json"
        place.write_text(text.replace(old, f'"my_{old[1:]}'), encoding="utf-8")
        packs[option] = sr.load_pack(place)
    nodes = NODES | {"kind": [kind.replace("dept", "my_dept") for kind in NODES["kind"]]}
    mine = {"sectors": ["my_machinery"]}
    edges = EDGES | {"sectors": [None, None, "my_machinery", None, None]}
    graph = small(nodes=nodes, edges=edges, enterprises=ENTERPRISES | mine, **packs)
    assert not graph.issues.counts()
    again = sr.ResponsibilityGraph.from_json(graph.to_json(), **packs)
    assert not again.issues.counts()
    assert again.who("plant").text == graph.who("plant").text
    joined = graph.add(sr.parse_plan("1.检查。(某局牵头)", id="p"))
    assert joined.who("plant").text == graph.who("plant").text
    without = sr.ResponsibilityGraph.from_json(graph.to_json())
    assert set(without.issues.counts()) >= {"graph.kind_unknown", "graph.sector_unknown"}


def test_wrong_rows_are_issues_and_left_out() -> None:
    edges = {name: [*cells, cells[0]] for name, cells in EDGES.items()}
    edges["target"][-1] = "nobody"
    graph = small(edges=edges)
    assert graph.issues.counts() == {"graph.end_unknown": 1}
    assert graph.issues[0].value == "nobody"
    assert graph._graph.edges == small()._graph.edges


def test_a_folder_a_database_and_json_give_the_same_graph(
    tmp_path: Path, invented: FictionalCounty, county: sr.ResponsibilityGraph
) -> None:
    folder = write_county_demo(tmp_path / "county")
    read = sr.ResponsibilityGraph.read(folder)
    assert len(read.issues) == 0
    wanted = county.check().to_json()
    assert read.check().to_json() == wanted
    assert read.who("YF0001").to_json() == county.who("YF0001").to_json()

    base = tmp_path / "county.sqlite"
    with sqlite3.connect(base) as connection:
        for name, table in invented.tables.items():
            names = ", ".join(f'"{c}"' for c in table)
            connection.execute(f'CREATE TABLE "{name}" ({names})')
            marks = ", ".join("?" * len(table))
            connection.executemany(
                f'INSERT INTO "{name}" VALUES ({marks})', zip(*table.values(), strict=True)
            )
    stored = sr.ResponsibilityGraph.read(base, data_date="2026-06-30", jurisdiction=["360924"])
    assert stored.check().to_json() == wanted

    again = sr.ResponsibilityGraph.from_json(county.to_json())
    assert again.check().to_json() == wanted
    place = tmp_path / "county.json"
    place.write_text(county.to_json(), encoding="utf-8")
    answer = sr.ResponsibilityGraph.read(place).who("YF0001")
    assert answer.text == county.who("YF0001").text


def test_a_dataset_without_tables_of_a_graph_says_so(tmp_path: Path) -> None:
    (tmp_path / "dataset.toml").write_text("format = 1\n", encoding="utf-8")
    with pytest.raises(sr.InputError, match="none of the tables"):
        sr.ResponsibilityGraph.read(tmp_path)
    (tmp_path / "x.json").write_text("[", encoding="utf-8")
    with pytest.raises(sr.InputError):
        sr.ResponsibilityGraph.read(tmp_path / "x.json")


# ---- answers -------------------------------------------------------------------------------------


def test_findings_are_a_table_like_any_other() -> None:
    found = small().check(rules=["RE-01", "RD-04"])
    assert [one.rule for one in found] == ["RD-04"]
    one = found[0]
    assert (one.status, one.severity, one.nodes[0]) == ("fails", "warning", "plant")
    assert found.counts() == {"error": 0, "warning": 1, "info": 0}
    assert found.rules.counts() == {"holds": 1, "fails": 1, "partly": 0, "not_assessed": 0}
    assert found.to_pandas()["rule"].tolist() == ["RD-04"]
    assert pa.table(found).column_names == [
        "rule", "severity", "nodes", "edges", "message", "cure", "status"
    ]  # fmt: skip
    assert json.loads(found.to_json())["findings"][0]["rule"] == "RD-04"
    assert found.of(severity="error") == []
    assert found.in_language("en")[0].message != one.message
    with pytest.raises(sr.InputError):
        found.of(severity="fatal")


def test_an_answer_has_paths_and_says_what_is_missing() -> None:
    graph = small()
    answer = graph.who("plant")
    assert answer.nodes("C4")[0] == "gov"
    first = answer[0]
    assert (first.capacity, first.node, first.holders) == ("C1", "head", ["张某"])
    assert [(e.source, e.kind, e.target) for e in first.path] == [("head", "PRINCIPAL_OF", "plant")]
    assert len(answer.missing) == 0
    gone = {name: cells[1:] for name, cells in EDGES.items()}
    lacking = small(edges=gone).who("plant")
    assert "C1" in lacking.missing.to_columns()["capacity"].tolist()
    assert "C1" in repr(lacking)
    assert len(graph.who("plant", limit=2)) == 2
    assert graph.who("plant", limit=2).truncated


# ---- how it looks --------------------------------------------------------------------------------


def test_pages_escape_what_comes_from_the_data() -> None:
    graph = small()
    for page in (
        graph._repr_html_(),
        graph.check()._repr_html_(),
        graph.check().rules._repr_html_(),
        graph.who("plant")._repr_html_(),
    ):
        assert "<b>厂长" not in page
        assert not re.search(r"<(script|iframe|object|link)|\son\w+=", page)
    assert "&lt;b&gt;厂长" in graph.who("plant")._repr_html_()


def test_the_picture_is_a_tree_with_every_answer_once() -> None:
    answer = small().who("plant")
    svg = ElementTree.fromstring(answer.to_svg())
    titles = [e.text or "" for e in svg.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[0] == "示例机械厂"
    for one in answer:
        assert any(one.name in title and one.capacity in title for title in titles), one
    different = {(one.capacity, one.node) for one in answer}
    assert f"另有 {len(different) - 1} 个主体未画出" in answer.to_svg(most=1)


def test_a_graph_tells_its_size_islands_circles_and_what_cannot_be_asked() -> None:
    page = small()._repr_html_()
    assert "连通部分 1 个" in page
    assert "有环 0 处" in page
    assert "RH-01" in page
    circle = {
        "source": ["gov", "bureau", *EDGES["source"]],
        "target": ["bureau", "gov", *EDGES["target"]],
        "kind": ["LEADS", "LEADS", *EDGES["kind"]],
        "sectors": [None, None, *EDGES["sectors"]],
    }
    assert "有环 1 处" in small(edges=circle)._repr_html_()


def test_a_link_is_asked_and_said_by_its_word() -> None:
    edges = EDGES | {"links": [None, None, "use;planning", None, None]}
    graph = small(edges=edges)
    text = graph.who("plant", link="规划建设").full_text()
    for word in ("planning", "建设"):
        assert text == graph.who("plant", link=word).full_text()
    assert "［机械、规划建设、使用" in text
    with pytest.raises(sr.NotFoundError):
        graph.who("plant", link="规划建社")


# ---- out -----------------------------------------------------------------------------------------


def test_networkx_igraph_and_graphml_hold_the_same_nodes_and_edges(tmp_path: Path) -> None:
    nx = pytest.importorskip("networkx")
    graph = small()
    wanted = sorted(
        zip(*(graph.edges.to_columns()[c].tolist() for c in ("source", "kind", "target")),
            strict=True)
    )  # fmt: skip
    other = graph.to_networkx()
    assert sorted((a, k, b) for a, b, k in other.edges(data="kind")) == wanted
    assert other.nodes["plant"]["name"] == "示例机械厂"
    place = tmp_path / "g.graphml"
    place.write_text(graph.to_graphml(), encoding="utf-8")
    read = nx.read_graphml(place, force_multigraph=True)
    assert sorted((a, d["kind"], b) for a, b, d in read.edges(data=True)) == wanted
    igraph = pytest.importorskip("igraph")
    assert isinstance(graph.to_igraph(), igraph.Graph)
    third = graph.to_igraph()
    ids = third.vs["id"]
    assert sorted((ids[e.source], e["kind"], ids[e.target]) for e in third.es) == wanted


def test_networkx_keeps_edges_of_one_kind_between_the_same_nodes(
    county: sr.ResponsibilityGraph,
) -> None:
    pytest.importorskip("networkx")
    edges = {name: [*cells, cells[2]] for name, cells in EDGES.items()}
    edges["sectors"][-1] = "construction"
    for graph, most in ((small(edges=edges), 2), (county, 2)):
        other = graph.to_networkx()
        assert other.number_of_edges() == len(graph.edges)
        pairs = Counter((a, b, kind) for a, b, kind in other.edges(data="kind"))
        assert max(pairs.values()) >= most


# ---- everybody at once, cells, load, reasons -----------------------------------------------------


def test_all_answers_at_once_are_those_of_each(county: sr.ResponsibilityGraph) -> None:
    some = ["YF0001", "YF0300", "YF0700"]
    found = county.who_all(some)
    members = {row["node"]: row for row in found.members._rows()}
    assert list(members) == some
    rows = found.answers._rows()
    for node in some:
        classes = {members[node][name] for name in members[node] if name != "node"}
        together = {(r["capacity"], r["node"]) for r in rows if r["class"] in classes}
        assert together == {(one.capacity, one.node) for one in county.who(node)}
    assert len(county.who_all()) == 854
    with pytest.raises(sr.InputError, match="empty"):
        county.who_all([])


def test_coverage_counts_enterprises_by_sector(
    invented: FictionalCounty, county: sr.ResponsibilityGraph
) -> None:
    found = county.coverage()
    assert sum(found.counts().values()) == len(found) == 25
    cells = {row["sector"]: row for row in found._rows()}
    sectors = invented.tables["enterprises"]["sectors"]
    for sector in set(sectors):
        assert cells[sector]["enterprises"] == sectors.count(sector)
    assert cells["lithium"]["lead"] == "360924-industry"
    assert len(found.blind) == 0
    assert "锂电" in found._repr_html_()
    assert json.loads(found.to_json())["level"] == "county"
    with pytest.raises(sr.InputError):
        county.coverage("galaxy")


def test_the_matrix_of_a_scene_is_that_of_the_graph_without_what_is_for_other_scenes(
    invented: FictionalCounty,
) -> None:
    scenes = ["有限空间", "动火", "登高"]
    choose = random.Random(5)

    def lists(rows: int, named: float) -> list[str | None]:
        return [
            "、".join(choose.sample(scenes, choose.randint(1, 2)))
            if choose.random() < named
            else None
            for _ in range(rows)
        ]

    tables = {name: dict(table) for name, table in invented.tables.items()}
    edges, enterprises = tables["edges"], tables["enterprises"]
    edges["scenes"] = [
        cell if kind == "REGULATES" else None
        for cell, kind in zip(lists(len(edges["kind"]), 0.5), edges["kind"], strict=True)
    ]
    enterprises["scenes"] = lists(len(enterprises["id"]), 0.3)
    said = {"data_date": invented.data_date, "jurisdiction": invented.jurisdiction}
    for level in ("county", "town"):
        graph = sr.ResponsibilityGraph.from_tables(**tables, **said)
        found: dict[str, list[dict[str, Any]]] = {scene: [] for scene in scenes}
        for row in graph.coverage(level, by="scene")._rows():
            found[row.pop("scene")].append(row)
        for scene in scenes:
            cut = dict(tables)
            for name in ("edges", "enterprises"):
                kept = [c is None or scene in c for c in tables[name]["scenes"]]
                cut[name] = {
                    column: list(itertools.compress(cells, kept))
                    for column, cells in tables[name].items()
                    if column != "scenes"
                }
            plain = sr.ResponsibilityGraph.from_tables(**cut, **said).coverage(level)._rows()
            # A sector that only other scenes name has no column without them.
            keys = {(row["region"], row["sector"]) for row in plain}
            assert plain == [r for r in found[scene] if (r["region"], r["sector"]) in keys]
            rest = [r for r in found[scene] if (r["region"], r["sector"]) not in keys]
            assert all(r["status"] == "n/a" for r in rest)
    assert "有限空间" in graph.coverage(by="scene")._repr_html_()
    assert (
        "没有"
        in sr.ResponsibilityGraph.from_tables(**invented.tables, **said)
        .coverage(by="scene")
        ._repr_html_()
    )


def test_load_has_capacity_where_there_is_staff(county: sr.ResponsibilityGraph) -> None:
    rows = {row["unit"]: row for row in county.load()._rows()}
    assert rows["360924-emergency"]["staff"] == 8
    assert rows["360924-emergency"]["capacity"] == 8 * rows["360924-emergency"]["working_days"]
    assert rows["360924100-gov"]["load"] is None
    assert "县应急管理局" in county.load()._repr_html_()


def test_reasons_superiors_contacts_and_lists_are_tables_and_texts(
    county: sr.ResponsibilityGraph,
) -> None:
    why = county.explain("360924-gov-industry", "YF0001")
    assert set(why.to_columns()["capacity"]) == {"C10"}
    assert len(county.explain("360924-gov-farm", "YF0001")) == 0
    above = county.common_superior("360924-industry", "360924-market")
    assert above.to_columns()["node"].tolist() == ["360924-gov-head"]
    near = county.contacts("YF0001", hops=1)
    assert "YF0001-principal" in near.to_columns()["node"].tolist()
    assert len(near) < len(county.contacts("YF0001", hops=3))
    told = str(county.contacts("YF0001", hops=1, on="2026-06-30")).splitlines()
    nodes = county.nodes.to_columns()
    name = dict(zip(nodes["id"], nodes["name"], strict=True))["YF0001"]
    assert told[0] == f"{name}（YF0001），2026-06-30，经 1 层以内的单位和岗位"
    assert told[1].endswith(" C1 企业主要负责人")
    duties = county.duty_list("360924-gov-industry")
    assert "分管" in str(duties)
    assert "宜丰县工业和信息化局" in duties._repr_html_()
    with pytest.raises(sr.InputError, match="hops"):
        county.contacts("YF0001", hops=0)


# ---- what if, accidents, differences -------------------------------------------------------------


def test_a_dissolved_regulator_leaves_its_sectors_to_one(county: sr.ResponsibilityGraph) -> None:
    before = county.check().to_json()
    changed = county.what_if(sr.Dissolve("360924-fire"))
    assert changed.counts()["new"] > 0
    assert changed.counts()["gone"] == 0
    cells = {row["sector"]: (row["before"], row["after"]) for row in changed.coverage._rows()}
    assert cells["care"] == ("one_lead", "single")
    assert {row["kind"] for row in changed.orphans._rows()} >= {"REGULATES", "HOSTS_OFFICE"}
    assert len(changed.proposals) > 0
    after = changed.findings_after()
    assert len(after.of()) == changed.counts()["new"]
    assert changed.coverage_after().counts()["single"] == 5
    assert county.check().to_json() == before
    page = changed._repr_html_()
    assert "无人承接的责任" in page
    assert not re.search(r"<(script|iframe|object|link)|\son\w+=", page)


def test_changes_name_themselves_and_refuse_what_they_cannot_be(
    county: sr.ResponsibilityGraph,
) -> None:
    for change in (
        sr.Merge(["360924-commerce", "360924-market"], into="360924-market"),
        sr.Split("360924-emergency", ["E1", "E2"], {"noncoal_mine": "E2"}),
        sr.MoveSector("lithium", "360924-industry", "360924-emergency"),
        sr.Vacate("360924-gov-head"),
    ):
        assert change.text("zh") != change.text("en")
        assert county.what_if([change]).counts()["orphans"] >= 0
    with pytest.raises(sr.InputError, match="list"):
        sr.Merge("360924-commerce", into="360924-market")
    with pytest.raises(sr.InputError, match="list"):
        sr.Split("360924-emergency", "E1")
    with pytest.raises(sr.NotFoundError):
        county.what_if([sr.Dissolve("nobody")])


def test_an_accident_shows_both_sides_and_its_clocks(county: sr.ResponsibilityGraph) -> None:
    found = county.accountability("YF0001", deaths=3)
    assert found.grade == "larger"  # Order 493, Art. 3: three deaths and more
    assert county.accountability("YF0001", deaths=2).grade == "general"
    assert found.summary["investigator"] == "3609"  # Art. 19: the city
    assert (found.summary["fine_from"], found.summary["fine_to"]) == (1e6, 2e6)  # Law, Art. 114
    sides = set(found.to_columns()["side"])
    assert sides == {"enterprise", "government"}
    assert "YF0001-principal" in found.to_columns()["node"].tolist()
    assert {"report_county", "investigation"} <= set(found.clocks.to_columns()["clock"])
    assert "未评定尽职免责" in found.text
    assert "未评定尽职免责" in found._repr_html_()
    with pytest.raises(sr.InputError):
        county.accountability("YF0001", deaths=-1)


def test_two_graphs_differ_where_a_row_does() -> None:
    later = small(nodes=NODES | {"name": ["县政府", "县应急局", "厂长", "张某"]})
    found = small().diff(later)
    assert found.counts()["nodes_changed"] == 2
    assert sum(found.counts().values()) == 2
    (row,) = [r for r in found.nodes._rows() if r["id"] == "bureau"]
    assert (row["column"], row["before"], row["after"]) == ("name", "县应急管理局", "县应急局")
    assert sum(small().diff(small()).counts().values()) == 0
    assert "县应急局" in found._repr_html_()


def test_a_finding_names_the_law_of_its_profile() -> None:
    G = sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["360924"], "name": ["宜丰县"]},
        nodes={
            "id": ["head", "zhang"], "kind": ["post", "person"], "name": ["厂长", "张某"],
            "post_kind": ["principal", None], "unit": ["plant", None],
        },
        edges={"source": ["zhang"], "target": ["head"], "kind": ["HOLDS"]},
        enterprises={
            "id": ["plant"], "name": ["示例厂"], "division": ["360924"], "employees": [400],
            "high_risk": [True],
        },
        data_date="2026-06-30",
        jurisdiction=["360924"],
    )  # fmt: skip
    for profile, law, other in (
        ("shenzhen", "深圳经济特区", "山东"),
        ("shandong", "山东省", "深圳"),
    ):
        (finding,) = list(G.check(profile=profile, rules=["RE-09"]))
        assert law in finding.message
        assert other not in finding.message


def test_records_of_one_id_that_differ_are_all_left_out() -> None:
    G = sr.ResponsibilityGraph.from_tables(
        enterprises={"id": ["plant"], "name": ["示例厂"]},
        records={
            "id": ["1", "1", "2", "2"], "subject": ["plant"] * 4,
            "action": ["drill", "meeting", "drill", "drill"], "date": ["2026-01-05"] * 4,
        },
        data_date="2026-06-30",
    )  # fmt: skip
    assert [(i.code, i.row) for i in G.issues if i.table == "records"] == [
        ("graph.id_conflict", 0), ("graph.id_conflict", 1), ("graph.row_repeated", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ["、", "，", ",", "/", ";", "；"])
def test_sectors_parted_by_any_usual_mark(mark: str) -> None:
    def sectors(cell: str) -> str:
        G = sr.ResponsibilityGraph.from_tables(
            enterprises={"id": ["plant"], "name": ["示例厂"], "sectors": [cell]}
        )
        assert not [i for i in G.issues if i.code == "graph.sector_unknown"]
        return str(G.nodes.to_columns()["sectors"][0])

    assert sectors(f"机械{mark}轻工") == sectors("机械;轻工")
    assert ";" in sectors("机械;轻工")
