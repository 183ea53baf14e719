"""Who answers for a node: the answer as a table, as text and as a picture."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import _core
from ._arguments import expect
from ._display import details
from ._matrix import Made
from ._result import Result
from ._words import Speaker

__all__ = ["Answer", "Missing", "PathEdge", "Who", "WhoAll"]


@dataclass(frozen=True)
class PathEdge:
    """One edge of a path, from its source to its target.

    Attributes
    ----------
    kind
        ``"REGULATES"``; ``"LOCATED_IN"`` is the node's own ``division``.
    source, target, source_name, target_name
        Ids and names of its ends.
    against
        Whether the path walks it from its target to its source.
    derived
        Whether a column implied it.
    table, row
        Where it stands, -1 when no row says so.
    basis
        Document and clause of the edge, else the legal root of its kind.
    """

    kind: str
    source: str
    target: str
    source_name: str
    target_name: str
    against: bool
    derived: bool
    table: str
    row: int
    basis: str


@dataclass(frozen=True)
class Answer:
    """Who answers, in which capacity, by which path.

    Attributes
    ----------
    capacity
        ``"C1"`` … ``"C14"``.
    node, name, holders, vacant
        The post, unit or committee; of a post also who holds it, or that nobody does.
    path
        Edges from what was asked to the node.
    basis, confidence
        Document and clause, and the weakest confidence on the path: ``stated expanded inferred``.
    sectors, links, lead, enforce
        What the last edge says.
    """

    capacity: str
    node: str
    name: str
    holders: list[str]
    vacant: bool
    path: list[PathEdge]
    basis: str
    confidence: str
    sectors: list[str]
    links: list[str]
    lead: bool
    enforce: bool


class Missing(Result):
    """Mandatory capacities that nobody has: every pattern that was tried and where it broke.

    Columns: ``capacity rule sector link pattern step broken_at code reason``.
    """

    _kind = "missing"

    def __init__(self, table: _core.Table, speaker: Speaker | None = None) -> None:
        self._made = table
        self._speaker = speaker or Speaker()

    def _table(self) -> _core.Table:
        return self._made

    def __repr__(self) -> str:
        capacities = dict.fromkeys(self._made.column("capacity").tolist())
        return f"<safetyrisk missing: {', '.join(capacities) or 'nothing'}>"

    def _repr_html_(self) -> str:
        s = self._speaker
        rows = [
            row | {"capacity": s.capacity(row["capacity"]), "broken_at": s.name(row["broken_at"])}
            for row in self._rows()
        ]
        # The reason names the sector and the link.
        columns = s.heads(["capacity", "rule", "broken_at", "reason"])
        return details(s.say("无人负责", "Nobody"), s.table(rows, columns))


class Who(Result):
    """Who answers for a node, in the order C1, C2, C4, C6, C9, C5, C10 and then the rest.

    Columns: ``capacity node name holders path basis confidence sectors links lead enforce``. An
    answer is structural: who is placed to answer, never who is to blame.
    """

    _kind = "who"

    def __init__(
        self, who: _core.Who, name: str, speaker: Speaker, data: Callable[[str], str]
    ) -> None:
        self._who = who
        self._name = name
        self._speaker = speaker
        self._lang = speaker.lang
        self._data = data
        self._made: _core.Table | None = None

    def _table(self) -> _core.Table:
        if self._made is None:
            self._made = self._who.to_table(self._lang)
        return self._made

    @property
    def node(self) -> str:
        """Id of what was asked about."""
        return self._who.node

    @property
    def on(self) -> str:
        """The day asked, ``YYYY-MM-DD``."""
        return self._who.on

    @property
    def truncated(self) -> bool:
        """Whether the limit cut the answer."""
        return self._who.truncated

    @property
    def missing(self) -> Missing:
        """Mandatory capacities that nobody has, and why."""
        return Missing(self._who.missing_table(self._lang), self._speaker)

    @property
    def summary(self) -> str:
        """三管: who 管行业, 管业务, 管生产经营, and 属地, in a sentence."""
        return self._who.summary(self._lang)

    @property
    def text(self) -> str:
        """The answer in short: of each capacity who has it, and the shortest path to one of them.

        What nobody has is told whole, and at the end how many paths are not shown;
        :meth:`full_text` has them all.
        """
        return self._who.brief(self._lang)

    def full_text(self) -> str:
        """Return the whole answer as a person reads it: every path and its basis."""
        return self._who.text(self._lang)

    def nodes(self, capacity: str) -> list[str]:
        """Ids that have a capacity (``"C6"``), each once."""
        expect("capacity", capacity, str)
        return self._who.nodes(capacity)

    def to_json(self) -> str:
        """JSON: ``{"node","name","on","answers","missing","truncated","summary"}``."""
        return self._who.to_json(self._lang)

    def __len__(self) -> int:
        return len(self._who)

    def __getitem__(self, index: int) -> Answer:
        expect("index", index, int)
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(f"there are {len(self)} answers")
        cells = self._who.at(index, self._lang)
        cells["path"] = [PathEdge(**edge) for edge in cells["path"]]
        return Answer(**cells)

    def __iter__(self) -> Iterator[Answer]:
        for index in range(len(self)):
            yield self[index]

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        missing = dict.fromkeys(self.missing._made.column("capacity").tolist())
        lacking = f"; missing {', '.join(missing)}" if missing else ""
        cut = "; truncated" if self.truncated else ""
        return f"<safetyrisk who of {self.node!r} on {self.on}: {len(self)} answers{lacking}{cut}>"

    def to_svg(self, most: int = 100) -> str:
        """Draw who answers as a tree, each in each capacity by the shortest path: one SVG picture.

        Parameters
        ----------
        most
            How many are drawn; the picture says how many it leaves out.
        """
        return path_tree(self, self._name, self._speaker, most=most)

    def _page_html(self) -> str:
        """Return everything: the tree without a limit, and every path with its basis."""
        s = self._speaker
        rows = [row | {"capacity": s.capacity(row["capacity"])} for row in self._rows()]
        columns = s.heads(
            ["capacity", "name", "holders", "path", "basis", "confidence"],
            name=s.say("责任主体", "who"),
        )
        paths = details(s.say("全部路径", "All paths"), s.table(rows, columns)) if rows else ""
        return self._html(len(self), paths)

    def _repr_html_(self) -> str:
        return self._html(100, "")

    def _html(self, most: int, paths: str) -> str:
        s = self._speaker
        missing = self.missing
        parts = [html.escape(self.summary)]
        if len(missing):
            parts.append(missing._repr_html_())
        if len(self):
            parts.append(f'<div style="overflow-x:auto">{self.to_svg(most)}</div>')
            codes = dict.fromkeys(self._table().column("capacity").tolist())
            legend = ("；" if s.zh else "; ").join(s.capacity(code) for code in codes)
            parts.append(f'<span style="font-size:85%">{html.escape(legend)}</span>')
        else:
            parts.append(s.say("没有任何主体对它负责。", "Nobody answers for it."))
        note = self.on + s.say(
            "；这是结构上的责任，不是过错认定", "; who is placed to answer, not who is to blame"
        )
        if self.truncated:
            note += s.say("；结果已截断", "; the answer is cut at the limit")
        title = s.say(f"谁对{self._name}负责", f"Who answers for {self._name}")
        return details(title, *parts, paths, html.escape(note), html.escape(self._data(s.lang)))

    def _sheets(self) -> dict[str, dict[str, Any]]:
        """Sheets of a workbook."""
        s = self._speaker
        answers = self.to_columns()
        answers["capacity"] = [s.capacity(one) for one in answers["capacity"].tolist()]
        missing = self.missing.to_columns()
        return {
            s.say("责任主体", "answers"): s.columns(answers),
            s.say("无人负责", "missing"): s.columns(missing),
        }


class WhoAll:
    """Who answers for many nodes, said once for all that share an answer.

    Attributes
    ----------
    parts
        Capacities of each part; nodes of one class share all answers of the part.
    members
        Table ``node part_1 part_2 …``: the class of each node in each part.
    answers
        Table ``class capacity node step confidence lead enforce``.
    steps
        Table ``step parent kind source target against``: the path of an answer is its step and
        those above it; an empty source or target is the member itself.
    missing
        Table ``class capacity rule sector link pattern step broken_at code reason``.
    classes, truncated
        Number of classes; whether the limit cut an answer.
    """

    def __init__(self, found: _core.WhoAll) -> None:
        self.parts = found.parts
        self.members = Made(found.members, "members")
        self.answers = Made(found.answers, "answers")
        self.steps = Made(found.steps, "steps")
        self.missing = Made(found.missing, "missing")
        self.classes = found.classes
        self.truncated = found.truncated

    def __len__(self) -> int:
        return len(self.members)

    def __repr__(self) -> str:
        cut = ", truncated" if self.truncated else ""
        return (
            f"<safetyrisk who of {len(self)} nodes: {self.classes} classes, "
            f"{len(self.answers)} answers, {len(self.missing)} missing{cut}>"
        )


# ---- the picture -----------------------------------------------------------------------------------

_BOX, _GAP, _ROW, _HIGH, _PAD = 206, 88, 28, 22, 8
_FONT = 'font-family="Microsoft YaHei,Noto Sans CJK SC,PingFang SC,sans-serif"'
_FILL = {
    "C1": "#FDE7E7", "C2": "#FDE7E7", "C3": "#FDE7E7", "C4": "#E5F0FC", "C5": "#E5F0FC",
    "C6": "#E8F6E8", "C7": "#E8F6E8", "C8": "#E8F6E8", "C9": "#E8F6E8", "C10": "#FFF4DC",
}  # fmt: skip


@dataclass
class _Spot:
    """A node of the tree: what stands there, whose answer it is, what hangs below it."""

    name: str
    label: str = ""
    derived: bool = False
    shown: str = ""
    full: str = ""
    capacities: list[str] = field(default_factory=list)
    below: dict[tuple[str, str, bool], _Spot] = field(default_factory=dict)
    depth: int = 0
    y: float = 0.0


def path_tree(who: Who, name: str, speaker: Speaker, *, most: int) -> str:
    """SVG of the shortest path to each answer, joined where they begin alike."""
    best: dict[tuple[str, str], Answer] = {}
    for answer in who:
        key = (answer.capacity, answer.node)
        if key not in best or len(answer.path) < len(best[key].path):
            best[key] = answer
    root = _Spot(name)
    for answer in list(best.values())[:most]:
        spot, above = root, root
        for edge in answer.path:
            end, title = (
                (edge.source, edge.source_name) if edge.against else (edge.target, edge.target_name)
            )
            step = (edge.kind, end, edge.against)
            if step not in spot.below:
                word = speaker.kind(edge.kind)
                label = f"←{word}" if edge.against else f"{word}→"
                spot.below[step] = _Spot(title or end, label, edge.derived, depth=spot.depth + 1)
            spot, above = spot.below[step], spot
        holders = [speaker.say("空缺", "vacant")] if answer.vacant else answer.holders
        if holders:
            # Names of posts begin with their unit, which stands before them already.
            short = answer.name.removeprefix(above.name) or answer.name
            spot.shown = f"{short}　{'、'.join(holders)}"
        spot.full = " ".join([answer.name, *holders])
        if answer.capacity not in spot.capacities:
            spot.capacities.append(answer.capacity)
    order, rows = _place(root)
    left_out = len(best) - most
    wide = _PAD * 2 + _BOX + max(spot.depth for spot in order) * (_BOX + _GAP)
    high = _PAD * 2 + max(rows, 1) * _ROW + (_ROW if left_out > 0 else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        # On paper and narrow screens it shrinks with the page, to half its size at the most.
        f'viewBox="0 0 {wide} {high}" style="max-width:100%;height:auto;min-width:{wide // 2}px" '
        f'role="img" aria-label="{_plain(name)}">'
        f'<rect width="{wide}" height="{high}" fill="#FFFFFF"/>'
        f'<g {_FONT} font-size="12">'
    ]
    for spot in order:
        parts += [_line(spot, other) for other in spot.below.values()]
    parts += [_box(spot, first=spot is root) for spot in order]
    if left_out > 0:
        parts.append(
            f'<text x="{_PAD}" y="{high - _PAD - 6}" fill="#555">'
            + speaker.say(f"另有 {left_out} 个主体未画出", f"{left_out} more are not drawn")
            + "</text>"
        )
    return "".join(parts) + "</g></svg>"


def _place(root: _Spot) -> tuple[list[_Spot], int]:
    """Nodes from the root down; leaves get rows in order, others stand amid theirs."""
    order: list[_Spot] = []
    stack = [root]
    while stack:
        spot = stack.pop()
        order.append(spot)
        stack.extend(reversed(spot.below.values()))
    rows = 0
    for spot in order:
        if not spot.below:
            spot.y = rows * _ROW
            rows += 1
    for spot in reversed(order):
        if spot.below:
            ys = [other.y for other in spot.below.values()]
            spot.y = (ys[0] + ys[-1]) / 2
    return order, rows


def _left(spot: _Spot) -> float:
    return _PAD + spot.depth * (_BOX + _GAP)


def _line(spot: _Spot, other: _Spot) -> str:
    x1, y1 = _left(spot) + _BOX, _PAD + spot.y + _ROW / 2
    x2, y2 = _left(other), _PAD + other.y + _ROW / 2
    middle = x1 + 14
    dash = ' stroke-dasharray="3 3"' if other.derived else ""
    return (
        f'<path d="M{x1:g} {y1:g}H{middle:g}V{y2:g}H{x2:g}" fill="none" stroke="#9AA5B1"{dash}/>'
        f'<text x="{(middle + x2) / 2:g}" y="{y2 - 3:g}" font-size="10" fill="#52606D" '
        f'text-anchor="middle">{_plain(_cut(other.label, 13))}</text>'
    )


def _box(spot: _Spot, *, first: bool) -> str:
    x, y = _left(spot), _PAD + spot.y + (_ROW - _HIGH) / 2
    capacity = spot.capacities[0] if spot.capacities else ""
    fill = "#1F2933" if first else _FILL.get(capacity, "#F1F3F5" if capacity else "#FFFFFF")
    front = "#FFFFFF" if first else "#1F2933"
    mark = " ".join(spot.capacities)
    room = 31 - (len(mark) + 1 if mark else 0)
    tail = (
        f'<text x="{x + _BOX - 5:g}" y="{y + 15:g}" font-size="10" text-anchor="end" '
        f'fill="#52606D">{_plain(mark)}</text>'
        if mark
        else ""
    )
    return (
        f"<g><title>{_plain(' '.join([spot.full or spot.name, mark]).strip())}</title>"
        f'<rect x="{x:g}" y="{y:g}" width="{_BOX}" height="{_HIGH}" rx="4" fill="{fill}" '
        f'stroke="#9AA5B1"/>'
        f'<text x="{x + 6:g}" y="{y + 15:g}" fill="{front}">{_plain(_cut(spot.shown or spot.name, room))}</text>'
        f"{tail}</g>"
    )


def _cut(text: str, room: int) -> str:
    """The text in so many half-width cells, with … where it is cut in the middle."""
    widths = [2 if ord(char) > 0x2E7F else 1 for char in text]
    if sum(widths) <= room:
        return text
    # Names of posts begin with their unit: the end tells them apart.
    head, tail = (room - 2) // 2, (room - 2) - (room - 2) // 2
    left, used = 0, 0
    while used + widths[left] <= head:
        used += widths[left]
        left += 1
    right, used = len(text), 0
    while used + widths[right - 1] <= tail:
        used += widths[right - 1]
        right -= 1
    return f"{text[:left]}…{text[right:]}"


def _plain(text: str) -> str:
    """Text that may stand in XML."""
    return html.escape("".join(char if char >= " " else " " for char in text))


def selector_text(selector: object) -> str:
    """A selector as JSON text."""
    return selector if isinstance(selector, str) else json.dumps(selector, ensure_ascii=False)
