"""Two plans against each other: of two years, or of a superior and a subordinate."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from .._arguments import expect
from .._errors import InputError
from .likeness import best_of, likeness, pairs
from .model import Plan, Task
from .naming import Naming, name_forms
from .stated import Stated, again, matched, stated, unread_numbers
from .tables import (
    CADENCE_WORDS,
    CHANGE_WORDS,
    ROLE_WORDS,
    STATUS_WORDS,
    PlanTable,
    task_heads,
)  # fmt: skip
from .times import unread_times

if TYPE_CHECKING:
    from ..graph import DutyGraph

__all__ = ["Changes", "Coverage", "compare", "cover"]

# How strong a part is; what binds less is weaker wording.
_STRENGTH = {
    "lead": 4, "organize": 4, "responsible": 3, "share": 3, "joint": 3, "implement": 2,
    "supervise": 2, "assist": 1,
}  # fmt: skip
# From here on two tasks are taken for the same, and surely the same. Measured on plans of which it
# is known: unlike tasks stay below 0.2, like ones begin at 0.23.
_ALIKE = 0.22
_SURE = 0.4
# Where a coverage shows what became weaker.
_COLUMN = {"later_deadline": "later", "less_often": "weaker", "weaker_target": "weaker"}
_DAYS = {"D": 1, "W": 7, "M": 30, "Y": 365}
# Names that mean territories below: 各县(市、区)政府, 有关县, 县级人民政府, 属地乡镇; 各市直部门 and
# 有关市场监管部门 do not.
_TERRITORIAL = re.compile(
    r"^各级|^(?:各|有关|相关)(?:地(?!质|震|铁)|县(?!直)|市(?![直场政民])|区(?![直域])|乡(?!村振)|镇|街"
    r"|旗(?!直)|州(?!直)|盟(?!直)|设区|功能区|开发区|园区)"
    r"|^(?:地方|属地|所在地|当地|事发地).{0,6}(?:政府|党委|乡|镇|街道|县|区)"
    r"|^[县区旗]\([^)]{1,12}\)|^市?县(?:区|乡|乡镇)?(?:两级|三级)|“.+”"
)
_LEVELS = re.compile(
    r"^(省|市|县|区|乡|镇|乡镇|街道)级(以上)?(?:地方)?(?:各级)?(?:人民)?(?:政府|党委)"
)


class Changes(PlanTable):
    """What became of tasks from one plan to the next; a row for each change.

    Columns: ``change before_no after_no before_title after_title before after score``; ``change`` is
    ``added dropped moved new_lead weaker_role dropped_unit later_deadline less_often weaker_target
    unmatched same`` (none of these); ``unmatched`` is a deadline, cadence or number beside others
    that has no counterpart for sure, ``after`` then what is left there or was not read; ``score``
    is how alike the pair is, 0…1.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], title: str = "任务对比") -> None:
        super().__init__("plan_changes", columns, title)

    def counts(self) -> dict[str, int]:
        """Number of rows by ``change``, all of them named."""
        found = Counter(self._made.column("change").tolist())
        return {change: found[change] for change in CHANGE_WORDS}

    def page_html(self, most: int | None = None) -> str:
        """How often each change, then the table as static HTML; `most` rows, all by default."""
        counts = [f"{CHANGE_WORDS[one]} {n}" for one, n in self.counts().items() if n]
        return f"<div>{'，'.join(counts)}</div>{super().page_html(most)}"


class Coverage(PlanTable):
    """Which items of a superior's plan a subordinate's plan takes up, in the superior's order.

    Columns: ``no title section owed status nearest_no nearest_title score why later weaker``.
    ``owed`` is the name by which the item lies on the subordinate, empty where nothing says so;
    ``status`` is ``covered``, ``doubtful`` (only somewhat alike: a person decides), ``uncovered``
    or, where nothing is alike and the item is not owed, ``not_owed`` (未写明落到本级, in no figure);
    ``nearest`` is the subordinate's task most alike.
    ``later`` and ``weaker`` show
    the two deadlines and targets where the subordinate's is later or weaker (rule RK-09);
    ``missing`` the superior's deadlines, cadences and targets where the subordinate states none.

    Attributes
    ----------
    sections
        ``section items owed covered doubtful uncovered ratio`` by chapter, and for the whole plan.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], title: str = "上级任务覆盖") -> None:
        super().__init__("plan_coverage", columns, title)
        self.sections = _sections(columns)

    def counts(self) -> dict[str, int]:
        """``items owed covered doubtful uncovered``: the last three of those owed."""
        row = self.sections._rows()[-1]
        return {key: row[key] for key in ("items", "owed", "covered", "doubtful", "uncovered")}

    @property
    def ratio(self) -> float | None:
        """Share of the items owed that are covered; None where none is owed."""
        counts = self.counts()
        return counts["covered"] / counts["owed"] if counts["owed"] else None

    @property
    def uncovered(self) -> list[dict[str, Any]]:
        """Rows that are owed and not covered."""
        return [row for row in self._rows() if row["status"] == "uncovered"]

    def page_html(self, most: int | None = None) -> str:
        """Figures, then the table as static HTML; `most` rows, all by default."""
        none = "" if self.counts()["owed"] else "<div>没有任务写明落到本级，不计覆盖率</div>"
        return none + self.sections.page_html() + super().page_html(most)

    def __repr__(self) -> str:
        counts = self.counts()
        return f"<safetyrisk plan coverage: {', '.join(f'{n} {key}' for key, n in counts.items())}>"


def compare(
    before: Plan, after: Plan, graph: DutyGraph | None = None, *, lang: str = "zh"
) -> Changes:
    r"""Compare a plan with the next year's, task by task.

    Parameters
    ----------
    before, after
        Last year's and this year's. Deadlines are compared at the same distance from the plans'
        years.
    graph
        Where given, a unit under an old and a new name is one unit.
    lang
        Of the words in ``before`` and ``after``.

    Returns
    -------
    Changes
        Tasks are paired by title and text, most alike first; ``score`` says how alike, so a pair
        is a proposal. A task may have several rows.

    Examples
    --------
    >>> from safetyrisk.plan import parse_plan
    >>> a = parse_plan("1.检查。(市公安局负责)\n2.培训。(市教育局负责)")
    >>> b = parse_plan("1.检查。(市公安局配合)")
    >>> compare(a, b).to_columns()["change"].tolist()
    ['weaker_role', 'dropped']
    """
    _plans(before, after, ("before", "after"), lang)
    scores = likeness(before.tasks, after.tasks)
    paired = pairs(scores, _ALIKE)
    old_heads, new_heads = task_heads(before), task_heads(after)
    old_key, new_key = _keys(before, graph), _keys(after, graph)
    shift = after.year - before.year if after.year and before.year else 0
    unread = _not_read(after)
    rows: list[tuple[str, int | None, int | None, str, str]] = []
    for i, old in enumerate(before.tasks):
        j = paired.get(i)
        if j is None:
            rows.append(("dropped", i, None, "", ""))
            continue
        new = after.tasks[j]
        found = _moved(old, new) + _units(old, new, old_key, new_key, lang)
        found += _weaker(old, new, shift, lang, (before.text, after.text), unread[j])
        rows += [(what, i, j, a, b) for what, a, b in found or [("same", "", "")]]
    taken = set(paired.values())
    rows += [("added", None, j, "", "") for j in range(len(after.tasks)) if j not in taken]
    return Changes(
        {
            "change": [row[0] for row in rows],
            "before_no": [None if row[1] is None else old_heads[row[1]] for row in rows],
            "after_no": [None if row[2] is None else new_heads[row[2]] for row in rows],
            "before_title": [
                None if row[1] is None else before.tasks[row[1]].title for row in rows
            ],
            "after_title": [None if row[2] is None else after.tasks[row[2]].title for row in rows],
            "before": [row[3] or None for row in rows],
            "after": [row[4] or None for row in rows],
            "score": [
                scores[row[1], row[2]]
                if row[1] is not None and row[2] is not None
                else float("nan")
                for row in rows
            ],
        },
        f"{_called(after, '现文件')}与{_called(before, '原文件')}的对比",
    )


def cover(
    superior: Plan, subordinate: Plan, graph: DutyGraph | None = None, *, lang: str = "zh"
) -> Coverage:
    r"""Ask which items of a superior's plan the subordinate's plan takes up (分解落实).

    Parameters
    ----------
    superior, subordinate
        A city's and a county's plan, say.
    graph
        Where given, it says which of the superior's items lie on the subordinate's territory.
        Without one an item is owed where it names the subordinate's region, or the regions at
        its level (各县(市、区)政府, 有关县, 县级人民政府). Of two plans of one issuer all items are.
    lang
        Of the column ``why``.

    Returns
    -------
    Coverage
        One row for each task of the superior; phases and safeguards are left out.

    Examples
    --------
    >>> from safetyrisk.plan import parse_plan
    >>> city = parse_plan("甲市2023年工作要点\n1.整治燃气安全。(各县(区)政府落实)\n2.普查水库。(各县(区)政府落实)")
    >>> county = parse_plan("乙县2023年工作要点\n1.开展燃气安全专项整治。(县住建局牵头)")
    >>> found = cover(city, county)
    >>> found
    <safetyrisk plan coverage: 2 items, 2 owed, 1 covered, 0 doubtful, 1 uncovered>
    >>> found.uncovered[0]["title"], found.uncovered[0]["why"]
    ('普查水库', '没有相近的任务')
    """
    _plans(superior, subordinate, ("superior", "subordinate"), lang)
    asked = [i for i, task in enumerate(superior.tasks) if task.group == "task"]
    scores = likeness(superior.tasks, subordinate.tasks)
    heads, their_heads = task_heads(superior), task_heads(subordinate)
    owed_by = _owed(superior, subordinate, graph)
    texts = (superior.text, subordinate.text)
    unread = _not_read(subordinate)
    rows: list[dict[str, Any]] = []
    for i in asked:
        task = superior.tasks[i]
        near = best_of(scores, i)
        row: dict[str, Any] = {"no": heads[i], "title": task.title, "section": task.section}
        row["owed"] = ";".join(owed_by(task)) or None
        score = -near[0][0] if near else 0.0
        row["status"] = (
            "covered" if score >= _SURE else "doubtful" if score >= _ALIKE else "uncovered"
        )
        row["score"] = score
        row["why"] = "没有相近的任务" if lang == "zh" else "no task is alike"
        if near:
            j = near[0][1]
            other = subordinate.tasks[j]
            row["nearest_no"], row["nearest_title"] = their_heads[j], other.title
            row["why"] = _why(row["status"], their_heads[j], other.title, score, lang)
            if row["status"] != "uncovered":
                found: dict[str, list[str]] = {}
                for what, a, b in _weaker(task, other, 0, lang, texts, unread[j]):
                    kind = "missing" if not b else _COLUMN.get(what, "missing")
                    whole = f"{a} → {b}" if kind != "missing" else a
                    found.setdefault(kind, []).append(whole)
                row |= {kind: "；".join(cells) for kind, cells in found.items()}
        if row["status"] == "uncovered" and not row["owed"]:
            row["status"] = "not_owed"
        rows.append(row)
    names = ("no", "title", "section", "owed", "status", "nearest_no", "nearest_title", "score",
             "why", "later", "weaker", "missing")  # fmt: skip
    title = f"{_called(subordinate, '本级')}对{_called(superior, '上级')}的覆盖"
    return Coverage({name: [row.get(name) for row in rows] for name in names}, title)


def _called(plan: Plan, otherwise: str) -> str:
    name = plan.title or plan.id
    return f"《{name}》" if name else otherwise


def _plans(one: object, other: object, names: tuple[str, str], lang: str) -> None:
    expect(names[0], one, Plan)
    expect(names[1], other, Plan)
    if lang not in ("zh", "en"):
        raise InputError(f"lang is {lang!r}; it must be 'zh' or 'en'")


def _why(status: str, no: str, title: str, score: float, lang: str) -> str:
    if lang != "zh":
        return f"nearest is item {no}, {title}, likeness {score:.2f}; covered from {_SURE:.2f} on"
    near = f"第{no}项“{title}”"
    if status == "covered":
        return f"{near}，相似度{score:.2f}"
    least = f"达到{_SURE:.2f}才算覆盖" if status == "doubtful" else f"低于{_ALIKE:.2f}"
    return f"最接近的是{near}，相似度{score:.2f}，{least}"


def _keys(plan: Plan, graph: DutyGraph | None) -> Callable[[str], str]:
    """What a unit's name is compared by."""
    naming = None if graph is None else Naming(graph, plan)
    known: dict[str, str] = {}

    def key(name: str) -> str:
        if name not in known:
            nodes = naming.one(name).nodes if naming is not None else ()
            known[name] = nodes[0] if len(nodes) == 1 else min(name_forms(name, plan))
        return known[name]

    return key


def _moved(old: Task, new: Task) -> list[tuple[str, str, str]]:
    if not old.section or not new.section:
        return []
    ends = [re.sub(r"\W", "", task.section.rpartition(" / ")[2]) for task in (old, new)]
    if difflib.SequenceMatcher(None, ends[0], ends[1], autojunk=False).ratio() >= 0.5:
        return []
    return [("moved", old.section, new.section)]


def _units(
    old: Task, new: Task, old_key: Callable[[str], str], new_key: Callable[[str], str], lang: str
) -> list[tuple[str, str, str]]:
    out: list[tuple[str, str, str]] = []
    leads = [[u.name for u in task.units if u.role == "lead"] for task in (old, new)]
    if leads[1] and set(map(old_key, leads[0])) != set(map(new_key, leads[1])):
        out.append(("new_lead", "、".join(leads[0]), "、".join(leads[1])))
    strongest: list[dict[str, tuple[str, str]]] = [{}, {}]
    for parts, task, key in zip(strongest, (old, new), (old_key, new_key), strict=True):
        for unit in task.units:
            held = parts.get(key(unit.name))
            if held is None or _STRENGTH[unit.role] > _STRENGTH[held[1]]:
                parts[key(unit.name)] = (unit.name, unit.role)
    words = ROLE_WORDS if lang == "zh" else {role: role for role in ROLE_WORDS}
    for one, (name, role) in strongest[0].items():
        now = strongest[1].get(one)
        if now and _STRENGTH[now[1]] < _STRENGTH[role]:
            out.append(("weaker_role", f"{name} {words[role]}", f"{now[0]} {words[now[1]]}"))
        elif not now and not (role == "lead" and leads[1]):  # then the lead is another's
            out.append(("dropped_unit", f"{name} {words[role]}", ""))
    return out


def _not_read(plan: Plan) -> list[list[str]]:
    """What stands in each task as a day or a cadence and was read as neither (汛期前, 每学期)."""
    words: list[dict[str, None]] = [{} for _ in plan.tasks]
    for one in unread_times(plan):
        if not one.ongoing:
            words[one.task][one.text] = None
    for issue in plan.issues:
        if issue.code == "plan.deadline_open" and issue.row is not None:
            told = words[issue.row]
            if not any(issue.value in known for known in told):
                told[issue.value] = None
    return [list(told) for told in words]


def _weaker(
    old: Task, new: Task, shift: int, lang: str, texts: tuple[str, str], unread: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Later deadlines, longer intervals, weaker targets; what is missing has no second text.

    Lists are compared item by item. What has no counterpart in a list of the new task is
    ``unmatched``, with what is left of that list, or with what stands there and was not read.
    """
    days_unread = ";".join(one for one in unread if not one.startswith("每"))
    often_unread = ";".join(one for one in unread if one.startswith("每"))

    def later(one: Stated, now: Stated) -> bool:
        return _is_later(one.value, now.value, shift)

    # A year is no twelve months of thirty days.
    def rarer(one: Stated, now: Stated) -> bool:
        return bool(now.value > 1.1 * one.value)

    days = [_deadlines(task, text) for task, text in zip((old, new), texts, strict=True)]
    out = _list_weaker("later_deadline", days[0], days[1], later, lang, days_unread)
    often = [_cadences(task, text, lang) for task, text in zip((old, new), texts, strict=True)]
    out += _list_weaker("less_often", often[0], often[1], rarer, lang, often_unread)
    kinds = dict.fromkeys((t["measure"], t["unit"]) for t in old.targets)
    for kind in kinds:
        numbers = [
            [stated(text, t["span"], t, str(t["text"])) for t in task.targets
             if (t["measure"], t["unit"]) == kind]
            for task, text in zip((old, new), texts, strict=True)
        ]  # fmt: skip
        out += _list_weaker(
            "weaker_target",
            numbers[0],
            numbers[1],
            lambda one, now: _is_weaker(one.value, now.value),
            lang,
        )
    return out + _unread(old, new, texts, lang)


def _list_weaker(
    change: str,
    old: Sequence[Stated],
    new: Sequence[Stated],
    weaker: Callable[[Stated, Stated], bool],
    lang: str,
    instead: str = "",
) -> list[tuple[str, str, str]]:
    """What became weaker; `instead` is what stands in place of `new` and was not read."""
    pairs, gone, left = matched(
        old, new, lambda one, now: not weaker(one, now) and not weaker(now, one)
    )
    many = max(len(old), len(new)) > 1

    def said(one: Stated) -> str:
        about = f"（{one.about}）" if lang == "zh" else f" ({one.about})"
        # A number is shown with its thing as it is.
        return one.words + (about if many and one.about and change != "weaker_target" else "")

    out = [(change, said(old[i]), said(new[j])) for i, j in pairs if weaker(old[i], new[j])]
    if not new:
        # A day that was not read may be the earlier one.
        what = "unmatched" if instead else change
        return [(what, said(old[i]), instead) for i in gone]
    # A clause without words of its own (完成时限：6月底) is kept where one is as strong.
    gone = [
        i for i in gone
        if old[i].about or (not out and all(weaker(old[i], one) for one in new))
    ]  # fmt: skip
    if gone:
        rest = ";".join(dict.fromkeys(said(new[j]) for j in left))
        out.append(("unmatched", ";".join(dict.fromkeys(said(old[i]) for i in gone)), rest))
    return out


def _deadlines(task: Task, text: str) -> list[Stated]:
    """Each clause that prints a day counts; a task names the day once."""
    found: list[tuple[int, Stated]] = []
    places = task.spans.get("deadlines", ())
    known = {at["span"][0] for at in places}
    for date, place in zip_longest(task.deadlines, places):
        spans = [tuple(place["span"])] if place else []
        if place:
            spans += [span for span, _ in again(text, task.span, place["span"], known)]
        found += [(span[0], stated(text, span, date, date)) for span in spans]
    return [one for _, one in sorted(found, key=lambda row: row[0])]


def _cadences(task: Task, text: str, lang: str) -> list[Stated]:
    """Days between two times, where it is done so many times in a period (每季度2次), and in words.

    A task names a cadence once; here each clause that prints it counts.
    """
    words = CADENCE_WORDS if lang == "zh" else {}
    found: list[tuple[int, Stated]] = []
    places = task.spans.get("frequencies", ())
    known = {at["span"][0] for at in places}
    for cadence, place in zip_longest(task.frequencies, places):
        spans = [(tuple(place["span"]), place["count"])] if place else []
        if place:
            spans += again(text, task.span, place["span"], known)
        for span, count in spans:
            said = words.get(cadence, cadence)
            if count > 1:
                said += f"{count:g}次" if lang == "zh" else f" × {count:g}"
            found.append((span[0], stated(text, span, _interval(cadence) / count, said)))
    return [one for _, one in sorted(found, key=lambda row: row[0])]


def _unread(old: Task, new: Task, texts: tuple[str, str], lang: str) -> list[tuple[str, str, str]]:
    """Numbers that stand in both clauses, were read as no target, and became smaller or went."""
    sides = []
    for task, text in zip((old, new), texts, strict=True):
        begin, end = task.span
        known = {t["text"] for t in task.targets}
        known |= {
            text[at["span"][0] : at["span"][1]]
            for name in ("deadlines", "frequencies") for at in task.spans.get(name, ())
        }  # fmt: skip
        sides.append(unread_numbers(text[begin:end], known))
    pairs, _, _ = matched(sides[0], sides[1], lambda one, now: bool(one.value == now.value))
    smaller = [
        (sides[0][i], sides[1][j]) for i, j in pairs
        if sides[0][i].value[1] == sides[1][j].value[1]
        and sides[1][j].value[0] < sides[0][i].value[0]
    ]  # fmt: skip
    return [("unmatched", one.words, now.words) for one, now in smaller]


def _is_later(old: str, new: str, shift: int) -> bool:
    if not new:
        return True
    if old.startswith("--") or new.startswith("--"):
        return new[-5:] > old[-5:]
    return (int(new[:4]) - shift, new[5:]) > (int(old[:4]), old[5:])


def _interval(cadence: str) -> int:
    """Days between two times of an ISO 8601 duration."""
    found = re.fullmatch(r"P(\d+)([DWMY])", cadence)
    return int(found[1]) * _DAYS[found[2]] if found else 0


def _is_weaker(target: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    if target["op"] != now["op"] or target["op"] not in (">=", "<=", "=", "+", "-"):
        return False
    if target["op"] == "<=":
        return bool(now["value"] > target["value"])
    return bool(now["value"] < target["value"])


def _owed(
    superior: Plan, subordinate: Plan, graph: DutyGraph | None
) -> Callable[[Task], list[str]]:
    """Names by which a task of the superior lies on the subordinate."""
    place = re.match(
        r".{1,8}?(?:省|市|县|区|州|盟|旗|镇|乡)", subordinate.issuer or subordinate.title
    )
    region = place[0] if place else ""
    naming = None if graph is None else Naming(graph, superior)
    home: set[str] = set()
    if graph is not None and (where := Naming(graph, subordinate).place):
        for kind in ("government", "party_committee", "zone_admin"):
            home |= set(graph.select({"kind": kind, "in": where}, naming.on if naming else None))

    # Of one issuer's two plans the one lies on the other as a whole.
    names = [(plan.issuer, "" if plan.issuer else plan.title) for plan in (superior, subordinate)]
    whole = "".join(names[0]) if names[0] == names[1] else ""

    def of(task: Task) -> list[str]:
        found = [whole] if whole else []
        for unit in task.units:
            nodes = {n for one, _ in naming.of(unit) for n in one.nodes} if naming else set()
            by_name = _is_below(unit.name, region) or bool(region and region in unit.name)
            if nodes & home or (not nodes and by_name):
                found.append(unit.name)
        return list(dict.fromkeys(found))

    return of


def _is_below(name: str, region: str) -> bool:
    """Whether a name means territories, those of the region's level where it names a level."""
    level = _LEVELS.match(name)
    if level is None:
        return bool(_TERRITORIAL.search(name))
    if level[2] or level[1] in ("乡", "镇", "乡镇", "街道") or not region:
        return True
    return region[-1] in {"省": "省", "市": "市州盟"}.get(level[1], "县区旗市")


def _sections(columns: Mapping[str, Sequence[Any]]) -> PlanTable:
    """Figures by the outermost heading, and of the whole."""
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        parts.setdefault(str(row["section"] or "").partition(" / ")[0], []).append(row)
    listed = [*(parts.items() if len(parts) > 1 else ()), ("", rows)]
    out: list[dict[str, Any]] = []
    for section, part in listed:
        asked = [row for row in part if row["owed"]]
        counts = Counter(row["status"] for row in asked)
        out.append(
            {
                "section": section or ("未分章节" if part is not rows else "合计"),
                "items": len(part),
                "owed": sum(bool(row["owed"]) for row in part),
                **{status: counts[status] for status in STATUS_WORDS},
                "ratio": counts["covered"] / len(asked) if asked else float("nan"),
            }
        )
    names = ("section", "items", "owed", *STATUS_WORDS, "ratio")
    return PlanTable(
        "coverage_sections", {name: [row[name] for row in out] for name in names}, "覆盖情况"
    )
