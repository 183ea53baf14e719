"""What if: changes of an organisation, and what they would do; the difference of two graphs."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import _core
from ._arguments import expect, texts
from ._display import details
from ._findings import DataState, Findings, data_line
from ._matrix import TITLES, Coverage, Load, Made
from ._words import Speaker

__all__ = [
    "Change",
    "Diff",
    "Dissolve",
    "Merge",
    "MoveSector",
    "Split",
    "Vacate",
    "WhatIf",
]


class Change:
    """One change; make one with ``Dissolve``, ``Merge``, ``Split``, ``MoveSector``, ``Vacate``."""

    def __init__(self, change: _core.Change) -> None:
        self._change = change

    def text(self, lang: str = "zh", name: Callable[[str], str] | None = None) -> str:
        """The change in words.

        Parameters
        ----------
        name
            What an id is called; ids stand as they are without it.
        """
        return (self._change if name is None else self._change.named(name)).text(lang)

    def __repr__(self) -> str:
        return f"<safetyrisk change: {self._change.text('en')}>"


class Dissolve(Change):
    """A unit is dissolved, and its posts with it.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> sr.Dissolve("360924-fire").text()
    '撤销 360924-fire'
    """

    def __init__(self, unit: str) -> None:
        expect("unit", unit, str)
        super().__init__(_core.Change("dissolve", [unit]))


class Merge(Change):
    """Units become one: an existing one, or a new id."""

    def __init__(self, units: Sequence[str], into: str) -> None:
        expect("into", into, str)
        super().__init__(_core.Change("merge", texts(units, "units", one=False), [into]))


class Split(Change):
    """A unit becomes several.

    Parameters
    ----------
    by
        Sectors or regions, and the part of `into` that takes them; the first part takes the rest.
    """

    def __init__(self, unit: str, into: Sequence[str], by: Mapping[str, str] | None = None) -> None:
        expect("unit", unit, str)
        expect("by", by, Mapping, optional=True)
        parts = [(str(what), str(part)) for what, part in (by or {}).items()]
        listed = texts(into, "into", one=False)
        super().__init__(_core.Change("split", [unit], listed, by=parts))


class MoveSector(Change):
    """A sector moves from one department to another."""

    def __init__(self, sector: str, source: str, target: str) -> None:
        for name, value in (("sector", sector), ("source", source), ("target", target)):
            expect(name, value, str)
        super().__init__(_core.Change("move_sector", [source], [target], sector=sector))


class Vacate(Change):
    """A post falls vacant, or a person leaves all posts."""

    def __init__(self, post: str) -> None:
        expect("post", post, str)
        super().__init__(_core.Change("vacate", [post]))


class WhatIf:
    """A graph before and after changes, which were laid over it and not made.

    Each answer is a table: ``orphans`` (edges that nobody took over), ``findings`` (that come and
    go), ``coverage`` and ``load`` (that differ), ``proposals`` (who could take over),
    ``open_items`` (tasks, hazards and letters that need another owner), ``obsolete_names``,
    ``lineage`` (edges to be written down), ``kept_wider`` (edges of a moved sector that stay).
    """

    def __init__(
        self,
        found: _core.WhatIf,
        changes: Sequence[Change],
        speaker: Speaker,
        data: DataState,
    ) -> None:
        self._found = found
        self._changes = list(changes)
        self._speaker = speaker
        self._lang = speaker.lang
        self._data = data

    @property
    def changes(self) -> list[Change]:
        """What was tried."""
        return list(self._changes)

    @property
    def on(self) -> str:
        """The day asked, ``YYYY-MM-DD``."""
        return self._found.on

    @property
    def orphans(self) -> Made:
        """``kind kind_name edges enterprises risk_weight sources targets``."""
        return Made(self._found.orphans(self._lang), "orphans", self._speaker)

    @property
    def findings(self) -> Made:
        """``change`` (``new`` or ``gone``) ``rule severity nodes message``."""
        return Made(self._found.findings(self._lang), "finding_changes", self._speaker)

    @property
    def rules_scope(self) -> str:
        """``whole``, or ``near`` when only findings about nodes near the changes were compared."""
        return self._found.rules_scope

    @property
    def coverage(self) -> Made:
        """Cells that differ: ``region sector before after uncovered_before … lost gained``."""
        return Made(self._found.coverage_changes(self._lang), "coverage_changes", self._speaker)

    @property
    def load(self) -> Made:
        """Loads that differ: ``unit name enterprises_before … load_before load_after``."""
        return Made(self._found.load_changes(self._lang), "load_changes", self._speaker)

    @property
    def proposals(self) -> Made:
        """Who could take over, best first: ``unit rank candidate reason words``.

        First those who regulate the unit's sectors already (``same_sectors``), for sectors that
        nobody else has those who regulate enterprises of them by other sectors
        (``same_enterprises``), and where there is none those of near sectors
        (``nearest_sectors``); then superiors and the government. ``words`` names the candidate's
        sectors that speak for it; ``b~a``: b, which is like a that the unit has. 综合监管 stands
        there where the unit had it and its place has nobody else for it.
        """
        return Made(self._found.proposals(self._lang), "proposals", self._speaker)

    @property
    def open_items(self) -> Made:
        """Tasks, hazards and letters that need another owner: ``node name kind role unit``."""
        return Made(self._found.open_items(self._lang), "open_items", self._speaker)

    @property
    def obsolete_names(self) -> Made:
        """Names that become obsolete and where they are written."""
        return Made(self._found.obsolete_names(), "obsolete_names", self._speaker)

    @property
    def lineage(self) -> Made:
        """Edges to be written down, so that the past still resolves."""
        return Made(self._found.lineage(), "lineage", self._speaker)

    @property
    def kept_wider(self) -> Made:
        """Edges of a moved sector that stay because they name a wider one."""
        return Made(self._found.kept_wider(), "kept_wider", self._speaker)

    def coverage_after(self) -> Coverage:
        """The coverage as it would be."""
        return Coverage(self._found.coverage_after(), self._speaker, self._line)

    def load_after(self) -> Load:
        """The load as it would be."""
        return Load(self._found.load_after(), self._speaker, self._line)

    def findings_after(self) -> Findings:
        """The findings as they would be, of the whole graph."""
        return Findings(self._found.findings_after(), self._speaker, self._data)

    def to_json(self) -> str:
        """JSON of all tables."""
        return self._found.to_json(self._lang)

    def counts(self) -> dict[str, int]:
        """How many rows each table has; findings as ``new`` and ``gone``."""
        change = self._found.findings(self._lang).column("change").tolist()
        return {
            "orphans": len(self.orphans),
            "new": change.count("new"),
            "gone": change.count("gone"),
            "coverage": len(self.coverage),
            "load": len(self.load),
            "proposals": len(self.proposals),
            "open_items": len(self.open_items),
        }

    def __repr__(self) -> str:
        c = self.counts()
        texts = "; ".join(one.text("en") for one in self._changes)
        return (
            f"<safetyrisk what if on {self.on}: {texts}: {c['orphans']} kinds of edges orphaned, "
            f"{c['new']} findings new and {c['gone']} gone, {c['coverage']} cells and {c['load']} "
            "loads differ>"
        )

    @property
    def text(self) -> str:
        """The changes in words, with the names of the units."""
        s = self._speaker
        return s.say("；", "; ").join(one.text(s.lang, s.called) for one in self._changes)

    def _line(self, lang: str) -> str:
        return data_line(self._data, self._speaker.in_language(lang))

    def _repr_html_(self) -> str:
        return self._html(12)

    def _page_html(self) -> str:
        return self._html(None)

    def _html(self, shown: int | None) -> str:
        s = self._speaker
        parts = [html.escape(f"{self.text}{s.say('（', ' (')}{self.on}{s.say('）', ')')}")]
        for made, names, said in (
            (self.orphans, ["kind_name", "edges", "enterprises", "risk_weight"],
             {"edges": s.say("条数", "edges")}),
            (self.findings, ["change", "rule", "severity", "message"], {}),
            (self.coverage, ["region_name", "sector_name", "before", "after", "lost", "gained",
                             "enterprises", "uncovered_after"], {}),
            (self.load, ["name", "enterprises_before", "enterprises_after", "load_before",
                         "load_after"], {}),
            (self.proposals, ["name", "rank", "candidate_name", "words"],
             {"name": s.say("原单位", "unit")}),
            (self.open_items, ["kind", "name", "role", "unit"],
             {"name": s.say("事项", "item"), "unit": s.say("原单位", "unit")}),
            (self.obsolete_names, ["name", "successor", "written_in"], {}),
            (self.lineage, self.lineage._table().names, {}),
            (self.kept_wider, self.kept_wider._table().names, {}),
        ):  # fmt: skip
            rows = made._rows()
            if not rows:
                continue
            for row in rows:
                if made.kind == "proposals":
                    row["words"] = _why(row, s)
            if "source" in names:  # of an edge: a node, and no document
                said = {"source": s.say("主体", "source")}
                for row in rows:
                    row["source"] = s.name(row["source"])
            table = s.table(rows, s.heads(names, **said), shown=shown)
            parts.append(details(s.say(*TITLES[made.kind]), table))
        if len(parts) == 1:
            parts.append(s.say("没有任何变化。", "Nothing changes."))
        if self.rules_scope == "near":
            parts.append(
                s.say("规则只比较了变动附近的主体。", "Rules were compared near the changes only.")
            )
        return details(s.say("假如", "What if"), *parts, html.escape(self._line(s.lang)))

    def _sheets(self) -> dict[str, dict[str, Any]]:
        out: dict[str, dict[str, Any]] = {}
        for made in (
            self.orphans, self.findings, self.coverage, self.load, self.proposals, self.open_items,
            self.obsolete_names, self.lineage, self.kept_wider,
        ):  # fmt: skip
            sheets = made._sheets()
            if made.kind == "orphans":
                # The kind stands there by name; the number of edges is no list of them.
                (title,) = sheets
                head = self._speaker.head
                sheets[title] = {
                    self._speaker.say("条数", "edges") if name == head("edges") else name: cells
                    for name, cells in sheets[title].items()
                    if name != head("kind")
                }
            if made.kind == "proposals":
                rows = made._rows()
                (title,) = sheets
                said = self._speaker.head("words")
                sheets[title][said] = [_why(row, self._speaker) for row in rows]
                sheets[title].pop(self._speaker.head("reason"), None)
            out |= sheets
        return out


def _why(row: Mapping[str, Any], speaker: Speaker) -> str:
    """Why a unit is proposed."""
    reason: str = speaker.cell("reason", row["reason"])
    if not row["words"]:
        return reason
    return f"{reason}{speaker.say('：', ': ')}{speaker.cell('words', row['words'])}"


class Diff:
    """What differs between two graphs.

    Attributes
    ----------
    nodes
        Table ``change`` (``added removed changed``) ``id kind name column before after``.
    edges
        Table ``change source kind target column before after duty sectors links lead valid_from
        valid_to document clause``; the last eight say which edge it is.
    """

    def __init__(
        self, nodes: _core.Table, edges: _core.Table, counts: dict[str, int], speaker: Speaker
    ) -> None:
        self.nodes = Made(nodes, "node_changes", speaker)
        self.edges = Made(edges, "edge_changes", speaker)
        self._speaker = speaker
        self._counts = dict(counts)

    def counts(self) -> dict[str, int]:
        """``nodes_added nodes_removed nodes_changed edges_added edges_removed edges_changed``."""
        return dict(self._counts)

    def __repr__(self) -> str:
        c = self._counts
        return (
            f"<safetyrisk diff: nodes +{c['nodes_added']} -{c['nodes_removed']} "
            f"~{c['nodes_changed']}, edges +{c['edges_added']} -{c['edges_removed']} "
            f"~{c['edges_changed']}>"
        )

    def _repr_html_(self) -> str:
        return self._html(20)

    def _page_html(self) -> str:
        return self._html(None)

    def _html(self, shown: int | None) -> str:
        s = self._speaker
        parts = []
        telling = [
            "duty",
            "sectors",
            "links",
            "lead",
            "valid_from",
            "valid_to",
            "document",
            "clause",
        ]
        for made, names in (
            (self.nodes, ["change", "kind", "name", "column", "before", "after"]),
            (self.edges, ["change", "source", "kind", "target", "column", "before", "after"]),
        ):
            rows = made._rows()
            names += [one for one in telling if any(row.get(one) is not None for row in rows)]
            for row in rows:  # here a source is a node, and what changed is data
                for name in ("source", "target"):
                    if name in row:
                        row[name] = s.name(row[name])
            if rows:
                heads = s.heads(names, source=s.say("主体", "source"))
                parts.append(details(s.say(*TITLES[made.kind]), s.table(rows, heads, shown=shown)))
        title = s.say("两份责任图谱的差别", "Difference of two graphs")
        return details(title, *(parts or [s.say("没有差别", "None")]))

    def _sheets(self) -> dict[str, dict[str, Any]]:
        return self.nodes._sheets() | self.edges._sheets()

    def to_json(self) -> str:
        """JSON: ``{"nodes": …, "edges": …}``."""
        return f'{{"nodes":{self.nodes.to_json()},"edges":{self.edges.to_json()}}}'
