"""Two plans against each other: of two years, or of a superior and a subordinate."""

from __future__ import annotations

import difflib
import re

from .._faults import expect
from .model import Plan, Task
from .tables import PlanTable, task_heads

__all__ = ["compare"]

# How strong a part is; what binds less is weaker wording.
_STRENGTH = {
    "lead": 4, "organize": 4, "responsible": 3, "share": 3, "joint": 3, "implement": 2,
    "supervise": 2, "assist": 1,
}  # fmt: skip
_ALIKE = 0.6
_NOISE = re.compile(r"[\s\W\d]|进一步|切实|扎实|着力|全面|持续|深入|强化|加强|推进|开展")


def compare(before: Plan, after: Plan) -> PlanTable:
    r"""Compare two plans task by task.

    Parameters
    ----------
    before, after
        Last year's and this year's, or the superior's and the subordinate's: what of the superior
        the subordinate does not cover is then ``dropped``.

    Returns
    -------
    PlanTable
        Columns ``change before_no after_no before_title after_title before after``; ``change`` is
        ``added dropped moved new_lead weaker_role later_deadline weaker_target same``. Tasks are
        paired by their titles, most alike first, so a pair is a proposal; a task may have several
        rows.

    Examples
    --------
    >>> from safetyrisk.plan import parse_plan
    >>> a = parse_plan("1.检查。(市公安局负责)\n2.培训。(市教育局负责)")
    >>> b = parse_plan("1.检查。(市公安局配合)")
    >>> compare(a, b).to_columns()["change"].tolist()
    ['weaker_role', 'dropped']
    """
    expect("before", before, Plan)
    expect("after", after, Plan)
    pairs = _pairs(before, after)
    old_heads, new_heads = task_heads(before), task_heads(after)
    rows: list[tuple[str, int | None, int | None, str, str]] = []
    for i, old in enumerate(before.tasks):
        j = pairs.get(i)
        if j is None:
            rows.append(("dropped", i, None, old.title, ""))
            continue
        found = _changes(old, after.tasks[j])
        rows += [(what, i, j, a, b) for what, a, b in found or [("same", "", "")]]
    taken = set(pairs.values())
    rows += [
        ("added", None, j, "", task.title) for j, task in enumerate(after.tasks) if j not in taken
    ]
    return PlanTable(
        "plan_changes",
        {
            "change": [row[0] for row in rows],
            "before_no": [None if row[1] is None else old_heads[row[1]] for row in rows],
            "after_no": [None if row[2] is None else new_heads[row[2]] for row in rows],
            "before_title": [
                None if row[1] is None else before.tasks[row[1]].title for row in rows
            ],
            "after_title": [None if row[2] is None else after.tasks[row[2]].title for row in rows],
            "before": [row[3] for row in rows],
            "after": [row[4] for row in rows],
        },
        "任务对比",
    )


def _pairs(before: Plan, after: Plan) -> dict[int, int]:
    """Tasks of `before` and `after` that are about the same."""
    old = [_NOISE.sub("", t.title) or t.title for t in before.tasks]
    new = [_NOISE.sub("", t.title) or t.title for t in after.tasks]
    by_title: dict[str, list[int]] = {}
    for j, title in enumerate(new):
        by_title.setdefault(title, []).append(j)
    out: dict[int, int] = {}
    for i, title in enumerate(old):
        if by_title.get(title):
            out[i] = by_title[title].pop(0)
    taken = set(out.values())
    scores: list[tuple[float, int, int]] = []
    matcher = difflib.SequenceMatcher(autojunk=False)
    free = [j for j in range(len(new)) if j not in taken]
    for i, title in enumerate(old):
        if i in out:
            continue
        matcher.set_seq2(title)
        for j in free:
            matcher.set_seq1(new[j])
            if matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
                scores.append((-matcher.ratio(), i, j))
    for _, i, j in sorted(scores):
        if i not in out and j not in taken:
            out[i] = j
            taken.add(j)
    return out


def _changes(old: Task, new: Task) -> list[tuple[str, str, str]]:
    out: list[tuple[str, str, str]] = []
    if old.section != new.section and old.section and new.section:
        out.append(("moved", old.section, new.section))
    leads = [[u.name for u in task.units if u.role == "lead"] for task in (old, new)]
    if set(leads[0]) != set(leads[1]) and leads[1]:
        out.append(("new_lead", "、".join(leads[0]), "、".join(leads[1])))
    strongest: list[dict[str, str]] = [{}, {}]
    for parts, task in zip(strongest, (old, new), strict=True):
        for unit in task.units:
            if _STRENGTH[unit.role] > _STRENGTH.get(parts.get(unit.name, ""), 0):
                parts[unit.name] = unit.role
    for name, role in strongest[0].items():
        now = strongest[1].get(name)
        if now and _STRENGTH[now] < _STRENGTH[role]:
            out.append(("weaker_role", f"{name} {role}", f"{name} {now}"))
    # A deadline of another year is later only by its day in the year.
    days = [max((d[-5:] for d in task.deadlines), default="") for task in (old, new)]
    if days[0] and (not days[1] or days[1] > days[0]):
        out.append(("later_deadline", ";".join(old.deadlines), ";".join(new.deadlines)))
    for target in old.targets:
        like = [
            t
            for t in new.targets
            if (t["measure"], t["unit"]) == (target["measure"], target["unit"])
        ]
        if (
            len(like) == 1
            and target["op"] == like[0]["op"]
            and target["op"] in (">=", "<=", "+", "-")
        ):
            less = like[0]["value"] < target["value"]
            more = like[0]["value"] > target["value"]
            if more if target["op"] == "<=" else less:
                out.append(("weaker_target", str(target["text"]), str(like[0]["text"])))
        elif not like:
            out.append(("weaker_target", str(target["text"]), ""))
    return out
