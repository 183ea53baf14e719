"""What people read of an assessment: pages and workbooks in words, and why a cell stands so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import safetyrisk as sr

DUTIES = {
    "id": ["meet"], "name": ["安委会全体会议"], "subject": ["ac"], "action": ["meeting"],
    "cadence": ["P3M"], "tolerance_days": [5], "document": ["国务院令第302号"], "clause": ["第五条"],
}  # fmt: skip
RECORDS = {
    "id": ["1", "2", "3"], "subject": ["ac", "县安委会", "ac"], "action": ["meeting"] * 3,
    "date": ["2026-02-03", "2026-02-09", "2026-05-01"], "count": [None, None, "两"],
}  # fmt: skip


@pytest.fixture(scope="module")
def county() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["ac"], "kind": ["safety_committee"], "name": ["县安委会"]},
        data_date="2026-12-31",
    )


def assessed(county: Any, lang: str = "zh", as_of: str = "2026-11-20") -> Any:
    return county.assess(DUTIES, RECORDS, as_of=as_of, lang=lang)


def test_why_a_cell_stands_as_it_does(county: Any) -> None:
    done = assessed(county)
    # The last quarter of 2025 could be made up for until 5 January, and was, late.
    assert "状态：逾期完成，2026-02-09 完成，逾期 35 天" in str(done.explain(0))
    assert done.explain(1).text.splitlines() == [
        "义务：meet 安委会全体会议",
        "依据：国务院令第302号 第五条",
        "主体：县安委会（ac）",
        "事项：会议",
        "时期：2026-01-01 至 2026-03-31",
        "宽限至：2026-04-05（自然日）",
        "应做 1，已做 1",
        "至 2026-11-20 的记录：2026-02-03（第 0 行）、2026-02-09（第 1 行）、"
        "2026-05-01（第 2 行，未采用）",
        "状态：按时完成，2026-02-03 完成",
    ]
    assert done.explain(1).to_columns()["used"].tolist() == [True, True, False]
    assert done.explain(1).to_columns()["in_period"].tolist() == [True, True, False]
    assert done.explain(3).to_columns()["in_period"].tolist() == [False] * 3
    late = done.overdue.explain(0)
    assert str(late).splitlines()[-1] == "状态：逾期未完成，逾期 46 天"  # from 5 October on


def test_a_cell_says_which_record_was_left_out_and_why(county: Any) -> None:
    told = assessed(county).where("not_assessable").explain(0)
    assert str(told).splitlines()[-1] == (
        "状态：无法判断：有记录因错误未采用，可能就是这一次"
        "（履职记录第 2 行（从 0 起）：「次数」的「两」不是可用的数，该行未采用）"
    )
    english = str(assessed(county, "en").where("not_assessable").explain(0))
    assert "records, row 2 (from 0): '两' in count is no number" in english
    assert "meet" in english.splitlines()[0]


def test_what_has_no_cell_is_not_explained(county: Any) -> None:
    with pytest.raises(sr.InputError, match="counts"):
        assessed(county).by("duty").explain(0)
    with pytest.raises(sr.InputError, match="there is no row 5; there are 5 rows"):
        assessed(county).explain(5)


def test_a_saved_assessment_is_in_words(county: Any, tmp_path: Path) -> None:
    for lang, head, word in (("zh", "状态", "逾期未完成"), ("en", "status", "overdue")):
        done = assessed(county, lang)
        sr.save(done, tmp_path / "a.xlsx")
        book = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
        first = book.get_sheet_by_name(book.sheet_names[0]).to_python()
        assert head in first[0]
        assert [row[first[0].index(head)] for row in first[1:]].count(word) == 1
        assert len(first) == 1 + len(done)
        sr.save(done, tmp_path / "a.html")
        page = (tmp_path / "a.html").read_text(encoding="utf-8")
        assert f"<h2>{word} 1</h2>" in page
        assert ("逾期" in page) == (lang == "zh")
        sr.save(done.overdue, tmp_path / "b.html")
        assert word in (tmp_path / "b.html").read_text(encoding="utf-8")
        sr.save(done, tmp_path / "a.csv")
        text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
        assert head in text.splitlines()[0]
        assert len(text.splitlines()) == 1 + len(done)
    sr.save(done, tmp_path / "c.csv", codes=True)
    codes = (tmp_path / "c.csv").read_text(encoding="utf-8-sig")
    assert "not_assessable" in codes
    assert "records_left_out" in codes.splitlines()[0]


def test_tables_speak_the_language_that_was_asked(county: Any) -> None:
    english = assessed(county, "en")
    shown = english._repr_html_() + english.where()._repr_html_() + english.by("unit")._repr_html_()
    for word in ("overdue", "days late", "5 rows", "Duties from"):
        assert word in shown
    for word in ("逾期", "主体", "行履职"):
        assert word not in shown
    chinese = assessed(county).where()._repr_html_()
    assert "主体" in chinese
    assert "subject" not in chinese


def test_a_pack_of_ones_own_is_refused_in_words(tmp_path: Path) -> None:
    duty = {
        "id": "a", "title": {"zh": "走访", "en": "visits"}, "action": "visit", "confidence": "D",
        "subject": {"kind": "post"}, "cadence": "P3M", "anchor": "x", "document": "d", "clause": "3",
    }  # fmt: skip
    pack = {
        "pack": "duties.site", "kind": "duties", "version": "1", "title": {"zh": "x", "en": "x"},
        "source": [{"document": "d", "clause": "", "edition": "2026"}], "confidence": "D",
        "default": False, "content": {"duties": [duty]}, "tests": [],
    }  # fmt: skip
    place = tmp_path / "duties.json"
    place.write_text(json.dumps(pack), encoding="utf-8")
    with pytest.raises(sr.InputError, match="'x' in anchor is none of") as fault:
        sr.duty.rows(place)
    said = fault.value.in_language("zh")
    assert said.startswith("规则包 ")
    assert "duties.site.content.duties[0]：「周期起算」的「x」不是" in said
