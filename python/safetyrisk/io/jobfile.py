"""Job files: what ``job.toml`` may say, and where it is wrong."""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .. import _core
from .._errors import InputError
from .._faults import fault
from .sizes import parse_size

__all__ = ["FAIL_ON", "Job", "MapPlan", "RollUpPlan"]

#: Severities at or above which a run counts as failed.
FAIL_ON = ("error", "warning", "info", "never")
#: More threads than any machine has; a number beyond is a slip of the pen.
_MOST_WORKERS = 4096
_LEVELS = ("country", "province", "city", "county", "town", "village", "enterprise")
_TABLES = ("xlsx", "csv", "parquet", "geojson", "rollups", "issues")
_DEFAULT_TABLES = ("xlsx", "csv", "geojson", "rollups", "issues")
_LANGS = ("zh", "en")
_FORMATS = ("svg", "png", "pdf", "html")
_DEFAULT_FORMATS = ("svg", "png", "html")


@dataclass(frozen=True)
class RollUpPlan:
    """One ``[[rollup]]``: a level and a rule."""

    level: str
    rule: str = "worst"
    thresholds: tuple[Mapping[str, Any], ...] = ()
    weights: Mapping[str, float] | None = None
    per: str = "unit"


@dataclass(frozen=True)
class MapPlan:
    """One ``[[map]]``: a level, a title and the formats."""

    level: str
    title: str
    formats: tuple[str, ...] = _DEFAULT_FORMATS
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A job file; make one with :meth:`read`."""

    path: Path
    data: Path
    output: Path
    method: str | None
    as_of: str | None
    direct: str | None
    rollups: tuple[RollUpPlan, ...]
    maps: tuple[MapPlan, ...]
    tables: tuple[str, ...]
    workers: int
    fail_on: str
    lang: str
    previous: Path | None = None
    memory: str | int | None = None

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Job:
        """Read a job file; paths in it are relative to it.

        Raises
        ------
        InputError
            The file cannot be read, or a key is unknown or has a wrong value; the message has the
            place.
        """
        file = Path(path)
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise fault("file.unreadable", file=file, reason=error) from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise fault("job.toml", file=file, reason=error) from None
        top = _Section(document, str(file))
        top.only("format", "data", "grade", "rollup", "map", "output", "run")
        if document.get("format") != 1:
            raise fault("job.format", file=file)
        data, grade = top.section("data"), top.section("grade")
        output, run = top.section("output"), top.section("run")
        data.only("path")
        grade.only("method", "as_of", "direct")
        output.only("dir", "tables")
        run.only("workers", "fail_on", "lang", "previous", "memory")
        rollups = tuple(_rollup(section) for section in top.sections("rollup"))
        maps = tuple(_map(section) for section in top.sections("map"))
        if len({plan.level for plan in maps}) != len(maps):
            raise fault("job.twice", file=file, what="[[map]]")
        if len({plan.level for plan in rollups}) != len(rollups):
            raise fault("job.twice", file=file, what="[[rollup]]")
        for plan in maps:
            rollup = next((r for r in rollups if r.level == plan.level), None)
            if rollup is None:
                raise fault("job.map_level", file=file, level=plan.level)
            if rollup.rule != "worst" and not rollup.thresholds:
                raise fault("job.map_no_grades", file=file, level=plan.level, rule=rollup.rule)
        place = data.need("path", str)
        before = run.get("previous", str, None)
        for name, text in (("data", place), ("run", before)):
            if text is not None and "\0" in text:
                raise fault("job.path", place=f"{file} [{name}]")
        workers = run.get("workers", int, 0)
        if not 0 <= workers <= _MOST_WORKERS:
            raise fault("job.workers", file=file, value=workers)
        return cls(
            path=file,
            data=file.parent / place,
            output=_output_folder(file, output.need("dir", str), file.parent / place),
            method=grade.get("method", str, None),
            as_of=_day(grade, "as_of"),
            direct=grade.get("direct", str, None),
            rollups=rollups,
            maps=maps,
            tables=output.choices("tables", _TABLES, _DEFAULT_TABLES),
            workers=workers,
            fail_on=run.choice("fail_on", FAIL_ON, "error"),
            lang=run.choice("lang", _LANGS, "zh"),
            previous=None if before is None else file.parent / before,
            memory=_memory(run),
        )

    def speaking(self, lang: str | None) -> Job:
        """Give the job in another language; itself for None."""
        if lang is None:
            return self
        if lang not in _LANGS:
            raise fault("option.value", name="lang", value=lang, known=list(_LANGS))
        return replace(self, lang=lang)


def _output_folder(file: Path, text: str, data: Path) -> Path:
    """Folder that ``output.dir`` names.

    A relative one lies below the job file's folder, links and ``..`` followed; who wants it
    elsewhere writes an absolute path. It is never the root and never holds the data.
    """
    where = f"{file} [output] dir"
    if not text.strip() or "\0" in text:
        raise fault("job.path", place=where)
    if os.sep != "\\" and "\\" in text:
        raise fault("job.slash", place=where, text=text)
    folder = file.parent / text
    try:
        real, home, inputs = (p.resolve() for p in (folder, file.parent, data))
    except (OSError, RuntimeError) as error:
        raise fault("file.unreadable", file=f"{where} ({text})", reason=error) from None
    if not Path(text).is_absolute() and not real.is_relative_to(home):
        raise fault("job.outside", place=where, text=text)
    if real == Path(real.anchor):
        raise fault("job.root", place=where, text=text)
    if inputs.is_relative_to(real):
        raise fault("job.on_data", place=where, text=text)
    return folder


def _day(section: _Section, key: str) -> str | None:
    text = section.get(key, str, None)
    if text is not None and _core.parse_date(text) is None:
        raise fault("date.malformed", name=f"{section.place} {key}", text=repr(text))
    return None if text is None else str(text)


def _memory(run: _Section) -> str | int | None:
    value = run.any("memory")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise fault("job.size", place=run.place, value=str(value))
    try:
        parse_size(value)
    except InputError:
        raise fault("job.size", place=run.place, value=repr(value)) from None
    return value


_KIND_WORDS: dict[type, str] = {
    str: "文本",
    int: "整数",
    list: "列表",
    dict: "表",
    bool: "true 或 false",
}


class _Section:
    """A table of a TOML document that knows its place."""

    def __init__(self, values: Mapping[str, Any], place: str) -> None:
        self._values = values
        self._place = place

    @property
    def place(self) -> str:
        """Where in which file."""
        return self._place

    def any(self, key: str) -> Any:
        """Give the value of a key, whatever it is; None when it is not there."""
        return self._values.get(key)

    def only(self, *keys: str) -> None:
        for key in self._values:
            if key not in keys:
                raise fault("job.key", place=self._place, key=key, known=list(keys))

    def section(self, key: str) -> _Section:
        value = self._values.get(key, {})
        if not isinstance(value, Mapping):
            raise fault("job.table", place=self._place, key=key)
        return _Section(value, f"{self._place} [{key}]")

    def sections(self, key: str) -> list[_Section]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
            raise fault("job.tables", place=self._place, key=key)
        return [_Section(v, f"{self._place} [[{key}]] {n}") for n, v in enumerate(value, 1)]

    def get(self, key: str, kind: type, default: Any) -> Any:
        if key not in self._values:
            return default
        value = self._values[key]
        if kind is str and isinstance(value, dt.date):
            return value.isoformat()
        if not isinstance(value, kind) or isinstance(value, bool):
            raise fault(
                "job.type", place=self._place, key=key, kind=(kind.__name__, _KIND_WORDS[kind])
            )
        return value

    def tables(self, key: str) -> tuple[Mapping[str, Any], ...]:
        values = self.get(key, list, [])
        if not all(isinstance(value, Mapping) for value in values):
            raise fault(
                "job.type", place=self._place, key=key, kind=("a list of tables", "表的列表")
            )
        return tuple(values)

    def need(self, key: str, kind: type) -> Any:
        if key not in self._values:
            raise fault("job.missing", place=self._place, key=key)
        return self.get(key, kind, None)

    def choice(self, key: str, known: Sequence[str], default: str | None) -> str:
        value = self.need(key, str) if default is None else self.get(key, str, default)
        if value not in known:
            raise fault("job.value", place=self._place, key=key, value=value, known=list(known))
        return str(value)

    def choices(self, key: str, known: Sequence[str], default: tuple[str, ...]) -> tuple[str, ...]:
        values = self.get(key, list, list(default))
        for value in values:
            if value not in known:
                raise fault("job.value", place=self._place, key=key, value=value, known=list(known))
        return tuple(dict.fromkeys(values))


def _rollup(section: _Section) -> RollUpPlan:
    section.only("level", "rule", "thresholds", "weights", "per")
    return RollUpPlan(
        level=section.choice("level", _LEVELS, None),
        rule=section.choice("rule", ("worst", "count", "index"), "worst"),
        thresholds=section.tables("thresholds"),
        weights=section.get("weights", dict, None),
        per=section.choice("per", ("unit", "point"), "unit"),
    )


_MAP_TEXTS = ("subtitle", "source", "author", "approval", "footer", "palette", "page", "font")


def _map(section: _Section) -> MapPlan:
    section.only("level", "title", "formats", *_MAP_TEXTS)
    options = {key: section.get(key, str, None) for key in _MAP_TEXTS}
    return MapPlan(
        level=section.choice("level", _LEVELS[:-1], None),
        title=section.need("title", str),
        formats=section.choices("formats", _FORMATS, _DEFAULT_FORMATS),
        options={key: value for key, value in options.items() if value is not None},
    )
