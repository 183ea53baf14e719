"""Audit records: what was judged, by which rules, with what result, in a file that can be replayed.

A record is lines of canonical JSON (sorted keys, UTF-8, no spaces, shortest decimals): a head, a line
for each pack, one for each row with its inputs and its result, and an end with a hash over all of
them. It needs nothing but itself: :func:`safetyrisk.verify` grades the recorded inputs again, by the recorded
packs, with the library at hand. Hashes tell a record that was changed by mistake or by a hand that
did not make them anew; they are no signature.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from . import _core
from ._arguments import expect
from ._core import Pack
from ._faults import fault
from ._files import atomic_path
from ._major_hazard import MajorHazards
from .scoring import Graded

__all__ = ["FORMAT", "TYPES", "Audit", "Judged", "as_judged", "audit", "beside", "canonical"]

FORMAT = 1
# Rows that become text at a time.
_BLOCK = 1 << 14
TYPES = ("number", "integer", "boolean", "text", "date")

Packs = Literal["inside", "beside"]


def canonical(value: object) -> str:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def _sealed(document: Mapping[str, Any]) -> str:
    """A line with the hash of what else stands in it."""
    seal = hashlib.sha256(canonical(document).encode()).hexdigest()
    return canonical({**document, "sha256": seal})


def _number(value: float) -> float | int | str | None:
    """A number as JSON has it: whole ones without a point; infinite ones as words."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    whole = (
        value.is_integer() and abs(value) < 2**53 and (value != 0 or math.copysign(1, value) > 0)
    )
    return int(value) if whole else value


def _cells(column: Any, start: int, stop: int) -> list[Any]:
    """Cells of a column as JSON values."""
    part = column[start:stop]
    if isinstance(part, np.ndarray) and part.dtype.kind == "f":
        return [_number(value) for value in part.tolist()]
    return [
        value.isoformat() if hasattr(value, "isoformat") else value
        for value in (part.tolist() if isinstance(part, np.ndarray) else part)
    ]


def _rows(table: _core.Table, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Rows as dicts; `names` says what a column is called in them."""
    columns = {shown: table.column(name) for name, shown in names.items()}
    for start in range(0, table.rows, _BLOCK):
        parts = [_cells(c, start, start + _BLOCK) for c in columns.values()]
        for row in zip(*parts, strict=True):
            yield dict(zip(columns, row, strict=True))


# What a record says of a graded row: names in the record by those of the explanations.
_GRADED = {
    name: name
    for name in (
        "method",
        "score",
        "grade",
        "band",
        "level_by_score",
        "override",
        "clause",
        "status",
    )
} | {"band_label": "level"}
_HAZARD_ROWS = ("substance_no", "quantity_t", "Q", "ratio", "beta", "status", "reason")
_HAZARD_UNITS = (
    "S", "R", "level", "complete", "S_at_least", "missing", "major", "exposed", "alpha",
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What a record holds besides its inputs."""

    kind: str
    options: Mapping[str, Any]
    packs: Sequence[Pack]
    table: _core.Table
    result: Any

    def rows(self) -> Iterator[dict[str, Any]]:
        if self.kind == "major_hazards":
            shown = self.result.rows._table()
            yield from _rows(shown, {name: name for name in _HAZARD_ROWS})
            return
        shown = self.result.explanations()._table()
        codes = _codes(self.result)
        names = {name: said for name, said in _GRADED.items() if shown.has(name)}
        for row, result in enumerate(_rows(shown, names)):
            if row in codes:
                result["issues"] = codes[row]
            yield result

    def units(self) -> Iterator[tuple[str | None, dict[str, Any]]]:
        if self.kind != "major_hazards":
            return
        shown = self.result._table()
        names = {name: name for name in ("unit", *_HAZARD_UNITS)}
        for row in _rows(shown, names):
            yield row.pop("unit"), row


def _codes(graded: Graded) -> dict[int, list[str]]:
    """Issues of each row that has any, as codes with their columns."""
    found = graded._graded.issues
    out: dict[int, list[str]] = {}
    if len(found) == 0:
        return out
    from .core import Issues

    columns = Issues(found).to_columns()
    for row, code, column in zip(columns["row"], columns["code"], columns["column"], strict=True):
        if row is not None and row == row and row >= 0:
            out.setdefault(int(row), []).append(f"{code} {column}" if column else str(code))
    return out


def as_judged(result: Graded | MajorHazards) -> Judged:
    if isinstance(result, MajorHazards):
        asked = result.asked
        options: dict[str, Any] = {
            "beta": asked.beta,
            "exposed": asked.exposed,
            "exposed_by_unit": dict(sorted(asked.exposed_by_unit.items())),
            "method": result.standard.id,
        }
        return Judged("major_hazards", options, [result.standard.pack], asked.table, result)
    asked_of = result.options
    packs: dict[str, Pack] = {m.id: m.pack for m in result.methods}
    packs |= {pack.id: pack for pack in asked_of.colours}
    direct = result._graded.direct
    if direct is not None:
        packs[direct.id] = direct
    one = asked_of.method
    options = {
        "as_of": asked_of.as_of,
        "averaged": asked_of.averaged,
        "colours": [pack.id for pack in asked_of.colours],
        "direct": None if direct is None else direct.id,
        "method": one,
        "methods": {} if one is not None else _names(result),
    }
    return Judged("graded", options, [packs[name] for name in sorted(packs)], result.input, result)


def _names(graded: Graded) -> dict[str, str]:
    """Which method each name of the column ``method`` meant."""
    table = graded.input
    given, meant = table.texts("method"), graded._table().texts("method")
    pairs = {(a.strip(), b) for a, b in zip(given, meant, strict=True) if a and b}
    return dict(sorted(pairs))


class Audit:
    """The record of a grading, ready to be written.

    Parameters
    ----------
    result
        What :func:`safetyrisk.grade` or :func:`safetyrisk.major_hazard` returned.
    packs
        ``"inside"`` the record, or ``"beside"`` it as files of a folder, by their hashes.
    """

    def __init__(self, result: Graded | MajorHazards, packs: Packs = "inside") -> None:
        if packs not in ("inside", "beside"):
            raise fault("option.value", name="packs", value=packs, known=["inside", "beside"])
        self._judged = as_judged(result)
        self._packs = packs

    def lines(self) -> Iterator[str]:
        """The record line by line, so that the largest register needs no memory of its own."""
        judged = self._judged
        chain = hashlib.sha256()

        def put(line: str) -> str:
            chain.update(line.encode() + b"\n")
            return line

        table = judged.table
        head = {
            "audit": FORMAT,
            "columns": [[name, table.type(name)] for name in table.names],
            "kind": judged.kind,
            "library": _core.__version__,
            "options": judged.options,
            "packs": [
                {"id": p.id, "kind": p.kind, "sha256": p.sha256, "version": p.version}
                for p in judged.packs
            ],
            "rows": table.rows,
        }
        yield put(_sealed(head))
        if self._packs == "inside":
            for pack in judged.packs:
                document = json.loads(pack.canonical)
                yield put(canonical({"pack": document, "sha256": pack.sha256}))
        inputs = _rows(table, {name: name for name in table.names})
        for row, (given, found) in enumerate(zip(inputs, judged.rows(), strict=True)):
            yield put(_sealed({"inputs": given, "result": found, "row": row}))
        for unit, found in judged.units():
            yield put(_sealed({"result": found, "unit": unit}))
        counts = judged.result.counts()
        yield canonical({"counts": counts, "end": table.rows, "sha256": chain.hexdigest()})

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the record (``.jsonl``), with packs beside it in the folder ``<name>.packs``.

        Raises
        ------
        OSError
            The file cannot be written.
        """
        target = Path(path)
        if self._packs == "beside":
            folder = beside(target)
            folder.mkdir(exist_ok=True)
            for pack in self._judged.packs:
                with atomic_path(folder / f"{pack.sha256}.json") as draft:
                    draft.write_text(pack.canonical, encoding="utf-8")
        with atomic_path(target) as draft, open(draft, "w", encoding="utf-8", newline="\n") as out:
            for line in self.lines():
                out.write(line + "\n")
        return target

    def text(self) -> str:
        """The whole record."""
        return "".join(line + "\n" for line in self.lines())

    def __repr__(self) -> str:
        judged = self._judged
        packs = ", ".join(pack.id for pack in judged.packs)
        return f"<safetyrisk audit record: {judged.kind}, {judged.table.rows} rows, {packs}>"


def beside(path: Path) -> Path:
    return path.with_name(path.stem + ".packs")


def audit(
    result: Graded | MajorHazards, path: str | os.PathLike[str], packs: Packs = "inside"
) -> Path:
    """Write the audit record of a result: inputs, packs, options, version and what came out.

    Parameters
    ----------
    result
        What :func:`grade` or :func:`major_hazard` returned.
    path
        ``.jsonl``, lines of JSON; an existing file is replaced when the new one is whole.
    packs
        ``"inside"``: the record is all that :func:`verify` needs. ``"beside"``: packs are files of
        the folder ``<name>.packs``, by their hashes.

    Raises
    ------
    InputError
        `result` is neither.
    OSError
        The file cannot be written.

    Examples
    --------
    >>> import safetyrisk as sr, tempfile
    >>> g = sr.grade({"id": ["罐区"], "L": [3], "E": [6], "C": [15]}, method="lec")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(sr.verify(sr.audit(g, folder + "/2026.jsonl")).text)
    一致：按记录中的输入和规则包重新评定 1 行，结果与记录完全相同。
    """
    expect("result", result, Graded, MajorHazards)
    expect("path", path, str, os.PathLike)
    return Audit(result, packs).save(path)
