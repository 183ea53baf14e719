"""Edges of all packs against the words that their sources print, and packs as JSON and back."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import _core

N = r"(\d+(?:\.\d+)?)"
Holds = Callable[[Fraction], bool]
#: How sources print a band, and what that means for a score.
PRINTED: list[tuple[str, Callable[..., Holds]]] = [
    (rf"[A-Z]?>{N}", lambda a: lambda x: x > a),
    (rf"[A-Z]?≥{N}", lambda a: lambda x: x >= a),
    (rf"[A-Z]?<{N}", lambda a: lambda x: x < a),
    (rf"[A-Z]?≤{N}", lambda a: lambda x: x <= a),
    (rf"{N}<\S+?≤{N}", lambda a, b: lambda x: a < x <= b),
    (rf"{N}≤\S+?<{N}", lambda a, b: lambda x: a <= x < b),
    (rf"\({N},{N}\]", lambda a, b: lambda x: a < x <= b),
    (rf"(?:R=)?{N}–{N}", lambda a, b: lambda x: a <= x <= b),
    (rf"{N} 以下（不含 {N}）", lambda a, _b: lambda x: x < a),
    (rf"{N}–{N}（不含 {N}）", lambda a, b, _c: lambda x: a <= x < b),
    (rf"{N} 及以上", lambda a: lambda x: x >= a),
]


def holds(printed: str) -> Holds | None:
    for pattern, make in PRINTED:
        match = re.fullmatch(pattern, printed)
        if match:
            return make(*map(Fraction, match.groups()))
    return None


def content_of(name: str) -> dict[str, Any]:
    return dict(json.loads(sr.scoring.method(name).pack.canonical)["content"])


def scored(name: str) -> bool:
    """Whether all bands are of a score and print it in a way that this test can read."""
    content = content_of(name)
    bands = content.get("bands", [])
    whole = content["form"] == "product" or content.get("score") is not None
    return whole and bool(bands) and all("range" in b and holds(b["printed"]) for b in bands)


NAMES = [pack.id for pack in sr.packs("method")]
SCORED = [name for name in NAMES if scored(name)]


def edges(content: dict[str, Any]) -> set[Fraction]:
    ends = [part for band in content["bands"] for part in band["range"][1:-1].split(",")]
    return {Fraction(end.strip()) for end in ends if "inf" not in end}


def products(content: dict[str, Any]) -> set[Fraction]:
    """All products of a method of steps; of factors by range the edges and a step beside them."""
    factors = content["factors"]
    if any("range" in factor for factor in factors):
        step = Fraction(1, 10 ** sum(int(factor.get("decimals", 0)) for factor in factors))
        near = {edge + k * step for edge in edges(content) for k in (-1, 0, 1)}
        return {x for x in near if x > 0}
    steps = [[Fraction(str(s["value"])) for s in factor["steps"]] for factor in factors]
    return {math.prod(choice, start=Fraction(1)) for choice in itertools.product(*steps)}


def labels_of(content: dict[str, Any], scores: list[Fraction]) -> list[str | None]:
    """Levels of these scores by the bands of a pack, through a chain that has nothing else."""
    words = {"zh": "分", "en": "score"}
    lowest = [band["range"] for band in content["bands"]]
    ends = [[float(part) for part in text[1:-1].split(",")] for text in lowest]
    low, high = min(a for a, _ in ends), max(b for _, b in ends)
    marks = (
        next(t[0] for t, (a, _) in zip(lowest, ends, strict=True) if a == low),
        next(t[-1] for t, (_, b) in zip(lowest, ends, strict=True) if b == high),
    )
    one = {
        "pack": "mine.edges", "kind": "method", "version": "1", "title": words,
        "source": [{"document": "x", "clause": "y", "edition": "z"}], "region": None,
        "valid_from": None, "valid_to": None, "confidence": "D", "default": False, "tests": [],
        "content": {
            "form": "chain", "scale": {"id": "edges", "kind": "risk", "name": words},
            "inputs": [{"id": "x", "name": words, "kind": "number", "decimals": 3,
                        "range": f"{marks[0]}{low}, {high}{marks[1]}"}],
            "steps": [{"id": "R", "name": words, "do": "sum", "of": ["x"]}],
            "result": "R", "score": {"symbol": "R", "name": words},
            "bands": content["bands"],
        },
    }  # fmt: skip
    pack = _core.parse_pack(json.dumps(one), "edges.json")
    table = {"id": list(range(len(scores))), "x": [float(x) for x in scores]}
    graded = sr.grade(table, pack)
    levels = [graded.level(row) for row in range(len(scores))]
    return [None if level is None else level.label for level in levels]


def test_the_bands_of_most_methods_can_be_read_as_printed() -> None:
    assert len(SCORED) >= 20
    assert {"lec.t1", "lec.t2", "ls.db37", "ls.coal_8", "mes.a", "diagnosis.2018"} <= set(SCORED)


@pytest.mark.parametrize("name", SCORED)
def test_every_edge_has_its_sides_as_the_source_prints_them(name: str) -> None:
    content = content_of(name)
    printed = {band["label"]: holds(band["printed"]) for band in content["bands"]}
    if content["form"] == "product":
        probes = sorted(products(content))
    else:
        step = Fraction(1, 1000)
        probes = sorted({edge + k * step for edge in edges(content) for k in (-1, 0, 1)})
        probes += [Fraction(k) for k in range(1, 17)]
    told = set()
    for x, label in zip(probes, labels_of(content, probes), strict=True):
        meant = {one for one, test in printed.items() if test is not None and test(x)}
        # What the source leaves between two whole numbers (8–9, then 12) it says nothing of.
        if label is None or not meant:
            continue
        assert meant == {label}, (name, float(x))
        told.add(label)
    assert told == set(printed)


@pytest.mark.parametrize("name", [n for n in SCORED if content_of(n)["form"] == "product"])
def test_products_next_to_an_edge_lie_on_their_sides_of_it(name: str) -> None:
    """The real method, at the largest product below each edge, on it and above it."""
    content = content_of(name)
    if any("range" in factor or "parts" in factor for factor in content["factors"]):
        return
    ids = [factor["id"] for factor in content["factors"]]
    steps = [[s["value"] for s in factor["steps"]] for factor in content["factors"]]
    by_score: dict[Fraction, tuple[float, ...]] = {}
    for choice in itertools.product(*steps):
        by_score.setdefault(
            math.prod((Fraction(str(v)) for v in choice), start=Fraction(1)), choice
        )
    near = set()
    for edge in edges(content):
        below, above = [s for s in by_score if s < edge], [s for s in by_score if s > edge]
        near |= {max(below, default=edge), min(above, default=edge), edge}
    rows = [by_score[s] for s in sorted(near & by_score.keys())]
    table: dict[str, Any] = {"id": list(range(len(rows)))}
    table |= {one: [row[k] for row in rows] for k, one in enumerate(ids)}
    graded = sr.grade(table, name)
    assert [graded.level(r).label for r in range(len(rows))] == labels_of(
        content, sorted(near & by_score.keys())
    )


@pytest.mark.parametrize("pack", sr.packs(), ids=lambda pack: pack.id)
def test_a_pack_as_json_and_back_is_the_same_pack(pack: sr.Pack) -> None:
    document = json.loads(pack.canonical)
    moved = dict(reversed(document.items()))
    for text in (
        pack.canonical,
        json.dumps(moved),
        json.dumps(moved, ensure_ascii=False, indent=3),
    ):
        again = _core.parse_pack(text, "again.json")
        assert (again.canonical, again.sha256) == (pack.canonical, pack.sha256)
        assert (again.id, again.kind, again.version) == (pack.id, pack.kind, pack.version)
    if pack.kind == "method":
        one, two = _core.compile_method(pack), _core.compile_method(again)
        assert one.bands == two.bands
        assert one.inputs == two.inputs
        assert one.steps == two.steps


@pytest.mark.parametrize("name", NAMES)
def test_a_method_without_its_source_or_with_a_band_taken_out_does_not_load(name: str) -> None:
    document = json.loads(sr.scoring.method(name).pack.canonical) | {"default": False}
    document["pack"] = "mine.one"
    _core.compile_method(_core.parse_pack(json.dumps(document), "mine.json"))
    for source in ([], None):
        with pytest.raises(sr.InputError):
            _core.parse_pack(json.dumps(document | {"source": source}), "mine.json")
    bands = document["content"].get("bands", [])
    for k in range(len(bands)):
        less = json.loads(json.dumps(document))
        del less["content"]["bands"][k]
        with pytest.raises(sr.InputError):
            _core.compile_method(_core.parse_pack(json.dumps(less), "mine.json"))
    if len(bands) > 1:
        turned = json.loads(json.dumps(document))
        turned["content"]["bands"][0], turned["content"]["bands"][1] = bands[1], bands[0]
        # Two bands turned are the other direction, and bands of words have no order of their own.
        if len(bands) > 2 and all("range" in band for band in bands):
            with pytest.raises(sr.InputError):
                _core.compile_method(_core.parse_pack(json.dumps(turned), "mine.json"))


def test_a_pack_that_takes_the_name_of_another_is_told_apart(tmp_path: Path) -> None:
    pack = json.loads(sr.scoring.method("lec.t1").pack.canonical)
    path = tmp_path / "own.json"
    table = {"id": ["a"], "L": [3], "E": [6], "C": [15]}
    for version, codes in ((pack["version"], []), ("9", ["scoring.method_namesake"])):
        path.write_text(json.dumps(pack | {"version": version}), encoding="utf-8")
        graded = sr.grade(table, path)
        assert [issue.code for issue in graded.issues] == codes
    (issue,) = graded.issues
    assert graded.methods[0].pack.sha256[:12] in issue.message
    assert sr.scoring.method("lec.t1").pack.sha256[:12] in issue.message


def test_a_faulty_pack_is_told_in_chinese_with_file_and_place(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    pack = json.loads(sr.scoring.method("lec.t1").pack.canonical)
    pack["content"]["stpes"] = []
    for text, said in (
        (json.dumps(pack), "lec.t1.content：不认识的键“stpes”"),
        ('{"pack": "x", ', "不是有效的 JSON：第 1 行第 15 列"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(sr.InputError) as caught:
            sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15]}, path)
        told = caught.value.in_language("zh")
        assert str(path) in told
        assert said in told
        assert "json.exception" not in str(caught.value)
