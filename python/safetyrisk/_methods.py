"""The methods of scoring: the list of them, one by its name, its headers, files that say one."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import _core
from ._core import Method, Pack
from ._display import details, table_html
from ._errors import InputError, NotFoundError
from ._faults import fault
from ._major_hazard import MajorHazardStandard, major_hazard_standard
from ._result import Result
from .core import load_pack

__all__ = [
    "Methods",
    "check_file",
    "colour_maps",
    "input_headers",
    "method",
    "methods",
    "own_methods",
]


class Methods(Result):
    """The packs of scoring methods, one row each."""

    _kind = "methods"

    def __init__(self, methods: list[Method | MajorHazardStandard], lang: str = "zh") -> None:
        self._methods = methods
        self._lang = lang

    def _table(self) -> _core.Table:
        packs = [method.pack for method in self._methods]
        table = _core.Table("methods")
        table.add("id", [pack.id for pack in packs])
        table.add("title", [pack.title(self._lang) for pack in packs])
        table.add("default", [pack.default for pack in packs])
        table.add("form", [_form(m) for m in self._methods])
        table.add("scale", [_scale(m) for m in self._methods])
        table.add("confidence", [pack.confidence for pack in packs])
        table.add("version", [pack.version for pack in packs])
        table.add("valid_from", [pack.valid_from for pack in packs])
        table.add("valid_to", [pack.valid_to for pack in packs])
        table.add("inputs", [_inputs(m) for m in self._methods])
        table.add("source", [pack.sources[0] for pack in packs])
        table.add("sha256", [pack.sha256 for pack in packs])
        return table

    def __repr__(self) -> str:
        return f"<safetyrisk methods: {', '.join(m.id for m in self._methods)}>"

    def _repr_html_(self) -> str:
        columns = {
            "id": "方法",
            "title": "名称",
            "default": "默认",
            "scale": "级别体系",
            "confidence": "可信度",
            "inputs": "输入",
            "source": "依据",
        }
        rows = [
            {
                **row,
                "default": "默认" if row["default"] else "",
                "scale": _scale_name(method),
                "inputs": _few(str(row["inputs"])),
            }
            for row, method in zip(self._rows(), self._methods, strict=True)
        ]
        return details("评价方法", table_html(rows, columns))


def _form(method: Method | MajorHazardStandard) -> str:
    return "major_hazard" if isinstance(method, MajorHazardStandard) else method.form


def _scale(method: Method | MajorHazardStandard) -> str:
    return method.pack.id if isinstance(method, MajorHazardStandard) else method.scale["id"]


def _scale_name(method: Method | MajorHazardStandard) -> str:
    """What a reader calls the levels: the scale's name, or the four colours of a product."""
    if isinstance(method, MajorHazardStandard):
        return "重大危险源级别"
    return "安全风险等级" if method.form == "product" else str(method.scale["name"]["zh"])


def _few(inputs: str) -> str:
    """The first inputs of a method and how many there are, short enough for a column."""
    names = inputs.split(";")
    return "、".join(names) if len(names) <= 6 else f"{'、'.join(names[:3])} 等 {len(names)} 项"


def _inputs(method: Method | MajorHazardStandard) -> str:
    if isinstance(method, MajorHazardStandard):
        return "unit;name;symbol;quantity_t;exposed"
    return ";".join(one["id"] for one in method.inputs)


def methods(lang: str = "zh") -> Methods:
    """Table of the scoring methods that ship with the library.

    Examples
    --------
    >>> {"gb18218.2018", "lec.t1", "park.2023"} <= set(methods().to_columns()["id"])
    True
    """
    every: list[Method | MajorHazardStandard] = [*_core.methods()]
    every += [major_hazard_standard(p) for p in _core.packs() if p.kind == "major_hazard"]
    return Methods(sorted(every, key=lambda m: m.id), lang)


def method(name: str | Pack | Method, as_of: str | None = None) -> Method:
    """The method of a name (full id, family or the field's name), or of a pack of your own.

    Raises
    ------
    NotFoundError
        There is no such method; near names are given.
    InputError
        No edition is valid on `as_of`, or the pack contradicts itself.

    Examples
    --------
    >>> method("lec").id, method("风险矩阵分析法").id
    ('lec.t1', 'ls.db37')
    """
    if isinstance(name, Method):
        return name
    if isinstance(name, Pack):
        return _core.compile_method(name)
    if not isinstance(name, str):
        raise InputError(f"method is a {type(name).__name__}; it is a name, a pack or a method")
    try:
        return _core.find_method(name, as_of)
    except NotFoundError as error:
        _, mark, near = str(error).partition("near names are ")
        words = ("", f"（相近的有：{near}）" if mark else "")
        raise fault("method.unknown", reason=error, name=name, near=words) from None
    except InputError as error:
        said = (str(error), error.in_language("zh"))
        raise fault("method.wrong", reason=said, name=name) from None


def input_headers(method: Method) -> list[tuple[str, ...]]:
    """Headers that mean the inputs of a method: id, then names, with the unit or the id in brackets.

    A name that explains itself in brackets is known without them where no other input is called so.

    Examples
    --------
    >>> input_headers(method("injury"))
    [('lost_days', '损失工作日', 'lost work days', '损失工作日（日）', '损失工作日（lost_days）')]
    """
    out = []
    called = [name for one in method.inputs for name in {one["zh"], one["zh"].partition("（")[0]}]
    for one in method.inputs:
        short = one["zh"].partition("（")[0]
        brief = [short] if short != one["zh"] and called.count(short) == 1 else []
        unit = [f"{one['zh']}（{one['unit']}）"] if one["unit"] else []
        out.append((one["id"], one["zh"], one["en"], *brief, *unit, f"{one['zh']}（{one['id']}）"))
    return out


def _loaded(one: Any) -> Any:
    """A pack from its file; anything else as it is."""
    is_file = isinstance(one, os.PathLike) or (isinstance(one, str) and one.endswith(".json"))
    return load_pack(one) if is_file else one


def own_methods(packs: Sequence[str | Path | Pack]) -> list[tuple[str, Method]]:
    """What names in a column ``method`` mean by packs of one's own: their ids, titles and names.

    Raises
    ------
    InputError
        One is no pack of a method or its file, or two methods would answer to one name.
    """
    if isinstance(packs, (str, os.PathLike, Pack)) or not isinstance(packs, Sequence):
        raise InputError(f"packs is a {type(packs).__name__}; it is a list of packs or files")
    ours = {one.id for one in _core.methods()}
    out: dict[str, Method] = {}
    for one in map(_loaded, packs):
        if not isinstance(one, Pack):
            raise InputError(f"packs has a {type(one).__name__}; it is a pack or its file (.json)")
        compiled = _core.compile_method(one)
        names = json.loads(one.canonical)["content"].get("names", [])
        for name in dict.fromkeys([one.id, one.title("zh"), one.title("en"), *names]):
            if name in out or name in ours:
                raise fault("method.twice", name=name)
            out[name] = compiled
    return list(out.items())


def colour_maps(colours: Any) -> list[Pack]:
    """Packs of kind ``colour_map`` from packs, ids and files (``.json``).

    Raises
    ------
    InputError, NotFoundError
        One is none of these, cannot be read, or there is none of that id.
    """
    if colours is None:
        return []
    listed = [colours] if isinstance(colours, (str, Pack, os.PathLike)) else list(colours)
    named = [_loaded(one) for one in listed]
    known = {pack.id: pack for pack in _core.packs() if pack.kind == "colour_map"}
    for one in named:
        if not isinstance(one, (str, Pack)):
            raise InputError(
                f"colours has a {type(one).__name__}; it is a pack, its id or its file"
            )
        if isinstance(one, str) and one not in known:
            raise NotFoundError(
                f"there is no colour map {one!r}; there are {', '.join(known) or 'none'}"
            )
    return [known[one] if isinstance(one, str) else one for one in named]


def check_file(path: str | Path) -> dict[str, str] | None:
    """What is wrong with a file that says a method or a colour map.

    Returns
    -------
    dict or None
        ``path`` in the document, ``zh`` and ``en`` sentence; None for a file in order: it has been
        read, its ranges tile, and its self-tests hold.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise fault("file.unreadable", file=path, reason=error) from None
    except UnicodeDecodeError as error:
        raise fault("csv.bytes", file=path, byte=error.start, encoding="UTF-8") from None
    wrong: dict[str, str] | None = _core.check_pack(text, Path(path).name)
    return wrong
