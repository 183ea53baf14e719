"""Names of units in time and collective names, from Python."""

from __future__ import annotations

import pytest

import safetyrisk as sr


@pytest.fixture(scope="module")
def county() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["3609", "360924"], "name": ["宜春市", "宜丰县"]},
        nodes={
            "id": ["gov", "aj", "yj"],
            "kind": ["government", "dept", "dept"],
            "name": ["宜丰县政府", "宜丰县安监局", "宜丰县应急管理局"],
            "division": ["360924", "360924", "360924"],
            "valid_from": [None, None, "2019-03-01"],
            "valid_to": [None, "2019-02-28", None],
        },
        edges={
            "source": ["yj", "yj"],
            "target": ["aj", "360924"],
            "kind": ["SUCCEEDS", "COMPREHENSIVE"],
            "valid_from": ["2019-03-01", "2019-03-01"],
        },
        data_date="2026-01-01",
    )


def test_an_old_name_is_a_finding_on_a_new_day(county: sr.ResponsibilityGraph) -> None:
    now = county.resolve_name("宜丰县安监局", place="360924")
    assert (now.nodes, now.finding, now.since) == (["yj"], "obsolete", "2019-03-01")
    assert now.matches[0].how == "successor"
    assert now.message == "“宜丰县安监局”自2019-03-01起已不是现用名称，现为宜丰县应急管理局"
    then = county.resolve_name("宜丰县安监局", "2018-01-01", place="360924")
    assert (then.nodes, then.finding) == (["aj"], "")
    assert county.resolve_name("无此单位").finding == "unknown"


def test_a_collective_is_resolved_in_its_context(county: sr.ResponsibilityGraph) -> None:
    found = county.resolve_collective("负有安全生产监督管理职责的部门", place="360924")
    assert found.nodes == ("yj",)
    assert found.id == "supervising_departments"
    assert county.resolve_collective("各县(区)政府", place="3609").nodes == ("gov",)
    assert county.resolve_collective("各县(区)政府").lacking == ("in",)
    assert county.resolve_collective("县应急局").id == ""
    with pytest.raises(sr.NotFoundError):
        county.resolve_collective("各乡镇", place="99")
