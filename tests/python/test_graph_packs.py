"""Packs of the responsibility graph: what they name is there, and no word means two things."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

import safetyrisk as sr


def content(pack: str) -> dict[str, Any]:
    """Content of the pack with that id."""
    (found,) = [p for p in sr.packs() if p.id == pack]
    document: dict[str, Any] = json.loads(found.canonical)["content"]
    return document


def ids(rows: list[dict[str, Any]]) -> set[str]:
    return {row["id"] for row in rows}


def test_kinds_are_those_of_the_ontology() -> None:
    kinds = content("graph_kinds.usual")
    # domain dossier B1 and B2: 32 node kinds, 27 post kinds; 54 edge kinds and three more:
    # GUIDES_TASK and the derived BELONGS_TO and SEATED_IN
    assert [len(kinds[key]) for key in ("nodes", "posts", "edges")] == [32, 27, 57]
    assert {e["id"] for e in kinds["edges"] if e["derived"]} == {"BELONGS_TO", "SEATED_IN"}
    places = {"region", "zone", "village", "grid"}
    assert {n["id"] for n in kinds["nodes"] if n["place"]} == places


def test_ends_of_edge_kinds_are_node_kinds_and_limits_agree() -> None:
    kinds = content("graph_kinds.usual")
    known = ids(kinds["nodes"])
    for edge in kinds["edges"]:
        assert set(edge["from"]) <= known, edge["id"]
        assert set(edge["to"]) <= known, edge["id"]
        for least, most in (("least_out", "most_out"), ("least_in", "most_in")):
            assert edge[most] == 0 or edge[least] <= edge[most], edge["id"]


@pytest.mark.parametrize("key", ["nodes", "posts", "edges"])
def test_no_word_names_two_kinds(key: str) -> None:
    words = Counter(
        word for row in content("graph_kinds.usual")[key] for word in {row["id"], row["zh"]}
    )
    assert [word for word, n in words.items() if n > 1] == []


def test_sectors_are_a_tree_with_known_links_and_one_meaning_a_word() -> None:
    pack = content("sectors.usual")
    rows = {row["id"]: row for row in pack["sectors"]}
    words = Counter(w for r in rows.values() for w in (r["id"], r["zh"], *r["aliases"]))
    assert [word for word, n in words.items() if n > 1] == []
    links = ids(pack["links"])
    for row in rows.values():
        assert set(row["links"]) <= links
        assert row["cross_function"] == bool(row["links"])
        seen = set()
        here = row
        while here["parent"] is not None:
            assert here["id"] not in seen
            seen.add(here["id"])
            here = rows[here["parent"]]


def test_statutory_flags_of_sectors() -> None:
    """Law 2021, Art. 24 (high risk), 27 (registered engineer) and 51 (insurance)."""
    rows = {row["id"]: row for row in content("sectors.usual")["sectors"]}
    for sector in ("coal_mine", "noncoal_mine", "smelting", "hazchem_production"):
        assert rows[sector]["high_risk"], sector
        assert rows[sector]["registered_engineer"], sector
        assert rows[sector]["insurance"], sector
    for sector in ("building_works", "road_transport", "hazchem_trade"):
        assert rows[sector]["high_risk"], sector
        assert not rows[sector]["registered_engineer"], sector
    for sector in ("textile", "campus", "mall"):
        assert not rows[sector]["high_risk"], sector
    assert rows["fishing"]["insurance"]
    assert not rows["fishing"]["high_risk"]


def test_departments_name_known_sectors_and_functions_and_no_word_twice() -> None:
    pack = content("departments.usual")
    functions = ids(pack["functions"])
    words = Counter(
        word
        for row in pack["functions"]
        for word in (row["zh"], *row["aliases"], *(old["name"] for old in row["predecessors"]))
    )
    assert [word for word, n in words.items() if n > 1] == []
    sectors = ids(content("sectors.usual")["sectors"])
    links = ids(content("sectors.usual")["links"])
    for row in pack["sectors"]:
        assert row["sector"] in sectors
        assert set(row["regulates"]) | set(row["hosts"]) | set(row["others"]) <= functions
        assert {part["function"] for part in row["links"]} <= functions
        assert {part["link"] for part in row["links"]} <= links
