"""Accident types and harm by the codes of GB 6441-1986 and GB 6441-2025."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import safetyrisk as sr

OLD = [
    "物体打击", "车辆伤害", "机械伤害", "起重伤害", "触电", "淹溺",
    "灼烫", "火灾", "高处坠落", "坍塌", "冒顶片帮", "透水",
    "放炮", "火药爆炸", "瓦斯爆炸", "锅炉爆炸", "容器爆炸", "其他爆炸",
    "中毒和窒息", "其他伤害",
]  # fmt: skip
NEW = [
    "物体打击", "厂(场)内车辆致害", "道路(轨道)车辆致害", "机械致害", "起重致害", "触电",
    "淹溺", "灼烫", "火灾", "高处坠落", "跌落", "坍塌",
    "水害", "容器爆炸", "管道爆炸", "可燃气体爆炸", "可燃液体蒸气爆炸", "粉尘爆炸",
    "民用爆炸物品爆炸", "烟花爆竹爆炸", "其他可燃固体爆炸", "高温熔融物爆炸", "中毒", "窒息",
    "滑坡", "泄漏", "其他",
]  # fmt: skip


def test_the_lists_are_those_of_the_standards() -> None:
    old = sr.scoring.classification("accident_types.1986")
    assert [item["zh"] for item in old.items] == OLD
    new = sr.scoring.classification("accident_types")
    assert [item["zh"] for item in new.items] == NEW
    codes = [f"WSA1{n:04d}" for n in (*range(1, 27), 99)]
    assert [item["code"] for item in new.items] == codes
    harm = sr.scoring.classification("accident_harm")
    assert [item["code"] for item in harm.items] == [f"WSA2000{n}" for n in (1, 2, 3, 4)]


def test_every_code_and_name_leads_to_its_own_item() -> None:
    for name in ("accident_types.1986", "accident_types.2025", "accident_harm.2025"):
        chosen = sr.scoring.classification(name)
        for item in chosen.items:
            for text in (item["code"], item["zh"], item["en"], *item["also"]):
                assert chosen.code(text) == item["code"]


def test_a_register_is_converted_where_one_code_is_possible() -> None:
    answer = sr.scoring.convert_codes([*OLD, "车辆伤害", None, "台风"])
    assert answer.counts()["rows_in"] == 23
    assert sum(answer.counts().values()) == 46
    columns = answer.to_columns()
    assert columns["text"].tolist()[:20] == OLD
    for row, (one, candidates) in enumerate(zip(columns["to"], columns["candidates"], strict=True)):
        status = columns["status"][row]
        if status == "one":
            assert candidates == one
        elif status == "several":
            assert one is None
            assert candidates.count(";") >= 1
        else:
            assert candidates is None
    assert columns["status"].tolist()[20:] == ["several", "missing", "unknown"]
    assert answer.pack.confidence == "D"
    assert "accident_types_map.usual" in repr(answer)
    assert "可能的代码" in answer._repr_html_()


def test_names_of_a_page_are_escaped() -> None:
    assert "<b>" not in sr.scoring.classify(["<b>x</b>"])._repr_html_()


def test_a_map_of_ones_own_goes_before_the_usual_one(tmp_path: Path) -> None:
    (usual,) = sr.packs("classification_map")
    document = json.loads(usual.canonical) | {"pack": "mine.map", "tests": []}
    document["content"]["rows"][1]["to"] = ["WSA10003"]
    path = tmp_path / "map.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    answer = sr.scoring.convert_codes(["车辆伤害"], by=sr.load_pack(path))
    assert answer.to_columns()["to"].tolist() == ["WSA10003"]


def test_calls_that_cannot_be_are_refused() -> None:
    with pytest.raises(sr.NotFoundError):
        sr.scoring.classification("accident_kinds")
    with pytest.raises(sr.InputError, match="classification"):
        sr.scoring.classification("lec.t1")
    with pytest.raises(sr.InputError, match="as_of"):
        sr.scoring.classification("accident_types", as_of="2026-13-01")
    with pytest.raises(sr.NotFoundError):
        sr.scoring.convert_codes(["透水"], source="accident_types", target="accident_types.1986")
