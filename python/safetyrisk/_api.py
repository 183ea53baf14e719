"""The public face: tables of any kind in, results out.

Readers and renderer are imported by the functions that need them, so that ``import safetyrisk``
stays quick.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ._arguments import day as to_day
from ._arguments import expect, expect_threads
from ._core import MajorHazardStandard, Method, Pack
from ._divisions import Divisions
from ._errors import InputError
from ._faults import fault
from ._major_hazard import MajorHazards, major_hazard_standard, major_hazard_table
from ._methods import own_methods
from ._result import Result
from .core import load_pack
from .region import DivisionTree, RollUp
from .scoring import Explanation, Graded, grade_table, input_headers
from .scoring import method as find_method

if TYPE_CHECKING:
    from ._regrade import Regraded
    from .io.compare import Comparison
    from .plan import Plan
    from .render import Map

__all__ = [
    "compare",
    "explain",
    "grade",
    "major_hazard",
    "map",
    "read_plan",
    "regrade",
]


def grade(
    table: Any,
    method: str | Path | Pack | Method | None = None,
    *,
    packs: Sequence[str | Path | Pack] = (),
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    as_of: str | dt.date | None = None,
    direct: str | None = None,
    colours: str | Pack | Sequence[str | Pack] | None = None,
    averaged: bool = False,
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Graded:
    """Grade every row of a register of risk points.

    Parameters
    ----------
    table
        A path (CSV, XLSX, Parquet, SQLite), a pandas or polars ``DataFrame``, an Arrow table, or a
        dict of columns: ``id``, the inputs of the method (``L E C``, ``L S``, their parts, or what
        ``sr.methods()`` names) and,
        where the call names no method, ``method``. Usual Chinese headers are known.
    method
        A pack id, a family (its default profile) or a name of the field for all rows; a pack of
        your own or the path of its file (``.json``); or None: the column ``method`` decides row by row.
    packs
        Methods of your own, packs or their files, that the column ``method`` may name by id, title
        or one of their names, exactly as written there.
    columns
        Ours to theirs, ``{"L": "可能性分值"}``.
    sheet
        Sheet of a workbook.
    as_of
        ``YYYY-MM-DD``: take the editions valid on that day.
    direct
        Id of a pack of direct-determination rules (``"direct.shandong"``, unconfirmed); none runs
        unless named.
    colours
        Pack of kind ``colour_map`` (or its id, or its file), or several: colours for methods that have levels
        but none of their own. Without one such rows are graded and have no colour.
    averaged
        In products of factors: accept averages of several experts' judgements between the steps of a scale.
    threads
        0 for as many as the machine has; results are the same for any number.
    progress
        Called with rows done and rows in all.

    Returns
    -------
    Graded
        Exactly the rows of the input, in its order.

    Raises
    ------
    InputError
        `table` is no table, or no method is named; never for a wrong row.
    NotFoundError
        There is no such method.

    Notes
    -----
    Rows in = graded + not gradable + rejected. A missing input is never a number; of rows with one
    id, equal ones count once and differing ones are all rejected.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> g = sr.grade({"id": ["a", "b"], "L": [3, 6], "E": [10, 6], "C": [15, None]}, method="lec")
    >>> g
    <safetyrisk graded: 2 rows = 1 graded (red 1, orange 0, yellow 0, blue 0) + 1 not gradable + 0 rejected>
    >>> print(g.issues[0].message)
    缺少「C」（事故后果）
    """
    from .io.frames import read_register

    day = to_day(as_of, "as_of")
    expect("columns", columns, Mapping, optional=True)
    expect("sheet", sheet, str, optional=True)
    expect("direct", direct, str, optional=True)
    expect("averaged", averaged, bool)
    expect_threads(threads)
    if progress is not None and not callable(progress):
        raise InputError(f"progress is a {type(progress).__name__}; it is a function or None")
    if isinstance(method, Path) or (isinstance(method, str) and method.endswith(".json")):
        method = load_pack(method)
    chosen = None if method is None else find_method(method, day)
    named = own_methods(packs)
    if named and chosen is not None:
        raise InputError("packs are for the column 'method'; the call names one method for all")
    used = [chosen] if chosen is not None else dict.fromkeys(one for _, one in named)
    extra = list(dict.fromkeys(headers for one in used for headers in input_headers(one)))
    register, issues, source = read_register(
        table, "risk_points", columns, extra=extra, sheet=sheet, method=chosen
    )
    if chosen is None and not register.has("method"):
        shown = ("the register", "登记表") if source.path is None else source.path
        raise fault("method.unnamed", file=shown)
    graded = grade_table(
        register,
        chosen,
        as_of=day,
        direct=direct,
        colours=colours,
        averaged=averaged,
        named=named,
        threads=threads,
        progress=progress,
    )
    return Graded(graded._graded, issues, source, graded.options)


def graded_now(table: Any, method: Any, options: Mapping[str, Any]) -> Graded:
    """A register as it was graded, or graded now with those of the options that are given.

    Raises
    ------
    InputError
        It is graded already and options are given; otherwise as :func:`grade`.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if not isinstance(table, Graded):
        return grade(table, method, **given)
    if method is not None or given:
        raise InputError("the register is graded already; grade it anew to change how")
    return table


def explain(
    inputs: Mapping[str, Any],
    method: str | Path | Pack | Method,
    *,
    as_of: str | dt.date | None = None,
    direct: str | None = None,
    colours: str | Pack | Sequence[str | Pack] | None = None,
    lang: str = "zh",
) -> Explanation:
    """Why one object has its level: the chain from its inputs to the band.

    Parameters
    ----------
    inputs
        Values by input id, ``{"L": 3, "E": 6, "C": 15}``; an ``id`` names the object.
    method, as_of, direct, colours
        As for :func:`grade`.
    lang
        ``"zh"`` or ``"en"``.

    Raises
    ------
    InputError
        A name is none that the method or the rules read, or two names mean one input.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> sr.explain({"L": 3, "E": 6, "C": 15}, "lec").grade
    <Grade.ORANGE: 'orange'>
    """
    expect("inputs", inputs, Mapping)
    row = {"id": "1", **inputs}
    table = {name: [value] for name, value in row.items()}
    graded = grade(table, method, as_of=as_of, direct=direct, colours=colours)
    _check_inputs(graded)
    return graded.explain(0, lang)


#: What a row may say besides the inputs of its method: who and where it is.
_SAID = frozenset(
    {"id", "name", "enterprise", "method", "division", "lon", "lat", "controlling_post"}
)


def _check_inputs(graded: Graded) -> None:
    """Refuse what was given by a name that nothing reads: nobody would see that it is left out."""
    (method,) = graded.methods
    inputs = {one["id"]: one for one in method.inputs}
    rules = graded._graded.direct
    read = set(_SAID)
    if rules is not None:
        read |= {column["id"] for column in json.loads(rules.canonical)["content"]["columns"]}
    twice = {issue.column for issue in graded.issues if issue.code == "io.header_not_used"}
    rivals = [issue for issue in graded.issues if issue.code == "io.rival_headers"]
    for ours, header in graded.source.headers.items():
        theirs = str(header)
        part_of, mark, _ = ours.partition("_")
        if theirs in twice or rivals:
            raise fault("input.twice", name=theirs if theirs in twice else rivals[0].column)
        if ours in read or ours in inputs or (mark and part_of in inputs):
            continue
        names = {word: key for key, one in inputs.items() for word in (key, one["zh"], one["en"])}
        names |= {key: key for key in read - _SAID}
        close = dict.fromkeys(names[word] for word in difflib.get_close_matches(theirs, names))
        raise fault(
            "input.unknown",
            name=theirs,
            method=method.id,
            near=(
                f"; near names are {', '.join(close)}" if close else "",
                f"，相近的有 {'、'.join(close)}" if close else "",
            ),
            known=(
                ", ".join(f"{key} ({one['en']})" for key, one in inputs.items()),
                "、".join(f"{key}（{one['zh']}）" for key, one in inputs.items()),
            ),
        )


def major_hazard(
    table: Any,
    exposed: float | Mapping[str, float] | str | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    pack: str | Pack | MajorHazardStandard = "gb18218",
    as_of: str | dt.date | None = None,
    beta: Literal["max"] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> MajorHazards:
    """Find the major hazard installations for hazardous chemicals (GB 18218-2018) and grade them.

    A unit (plant between shut-off valves, tank farm within its dike, warehouse) is one when
    ``S = Σ q/Q ≥ 1``; then ``R = α·Σ β·q/Q`` gives its level, 一级 (R ≥ 100) to 四级 (R < 10).

    Parameters
    ----------
    table
        Table ``substances`` in any form that :func:`grade` takes, a row for each substance:
        ``unit``; ``name`` (of table 1, an alias, or any other) or ``cas``; ``symbol`` of table 2
        (``"W5.3"``, several separated by ``;``); ``quantity_t``, the design maximum in tonnes, or
        ``quantity`` with ``quantity_unit`` (``t kg m3 L``) and for volumes ``density_t_m3``.
    exposed
        People who live within 500 m of the plant's boundary (厂外可能暴露人员): a number for all
        units, a dict by unit, or the name of a column. None: the column ``exposed``, if there is
        one.
    columns, sheet
        As in :func:`grade`.
    pack
        Id of the standard, or a pack of your own.
    as_of
        ``YYYY-MM-DD``: the edition valid on that day.
    beta
        ``"max"``: where the standard does not say which β holds (several symbols with different β,
        or none for a substance of table 1), take the largest. Each such row is reported. None: such
        a unit has no R.
    progress
        Called with rows done and rows in all.

    Returns
    -------
    MajorHazards
        One row for each unit, by name; ``.rows`` has the fate of each row, ``.explain(unit)`` the
        reasons.

    Raises
    ------
    InputError
        `table` is no table, `exposed` no number of people or no column, the edition is not valid.
    NotFoundError
        There is no such pack.

    Notes
    -----
    Sums and edges are exact: quantities are the shortest decimals of their doubles. A row that
    cannot be counted (unknown substance, no symbol, no quantity, a volume without density) leaves
    its unit without S, R and level; ``S_at_least`` is the sum of the others, and when that reaches 1
    the unit is a major hazard installation of undetermined level. The standard has no colours; see
    :meth:`MajorHazards.colours`.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> m = sr.major_hazard(
    ...     {
    ...         "unit": ["A", "A", "B"],
    ...         "name": ["液氯", "氨", "甲醇"],
    ...         "symbol": ["", "", "W5.3"],
    ...         "quantity_t": [5, 5, 100],
    ...     },
    ...     exposed=60,
    ... )
    >>> m
    <safetyrisk major hazards: 2 units = 1 yes (一级 0, 二级 0, 三级 0, 四级 1) + 1 no + 0 undetermined; 0 incomplete>
    >>> m.to_columns()["S"].tolist(), m.to_columns()["R"].tolist()
    ([1.5, 0.2], [7.5, nan])
    """
    from .io import as_table

    standard = major_hazard_standard(pack, to_day(as_of, "as_of"))
    names = dict(columns or {})
    if isinstance(exposed, str):
        if names.setdefault("exposed", exposed) != exposed:
            raise InputError(f"exposed is {exposed!r}, but columns says {names['exposed']!r}")
        exposed = None
    substances, issues = as_table(table, "substances", names, sheet=sheet)
    return major_hazard_table(
        substances, standard, exposed=exposed, beta=beta, progress=progress, read=issues
    )


def compare(
    before: Any,
    after: Any,
    key: str | Sequence[str] = "id",
    *,
    method: str | Pack | Method | None = None,
    columns: Mapping[str, str] | None = None,
    as_of: str | dt.date | None = None,
    direct: str | None = None,
    averaged: bool = False,
    divisions: Any = None,
    level: str = "county",
    crs: str = "wgs84",
) -> Comparison:
    """Compare two registers: what is new, gone, worse, better, unchanged, and what changed.

    Parameters
    ----------
    before, after
        What :func:`grade` returned; a result that :func:`save` wrote (``.xlsx .csv .parquet
        .json``); or a register in any form that :func:`grade` takes, which is graded first. A
        table with columns for grade and status (风险等级 and 分级状态) is a result.
    key
        Column by which rows are joined, or several. Rows whose key is missing or stands more than
        once are not compared and are issues; equal rows of one ``id``, of which grading counts
        one, are one.
    method, columns, as_of, direct, averaged
        As for :func:`grade`, for registers that are graded here.
    divisions
        Divisions for names of regions and for points with coordinates only: a
        :class:`Divisions`, or a table that :meth:`Divisions.read` takes. Without them the
        region is the ``division`` that both registers give.
    level
        Level of the regions: ``province city county town village``.
    crs
        System of the coordinates.

    Returns
    -------
    Comparison
        One row for each key, with ``counts()``, ``causes()``, ``by_grade()``, ``by_region()``,
        ``sentences()`` and ``issues``.

    Raises
    ------
    InputError
        A table cannot be read, has no such key, or is no result and names no method.

    Notes
    -----
    Grades are compared always, scores only where one method in one edition gave both.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> old = {"id": ["a", "b"], "L": [3, 6], "E": [6, 6], "C": [15, 15]}
    >>> new = {"id": ["b", "c"], "L": [1, 1], "E": [6, 6], "C": [15, 1]}
    >>> change = sr.compare(old, new, method="lec")
    >>> print(change.sentences()[0])
    较上期：新增 1，消失 1，升级 0，降级 1，等级不变 0。
    >>> change.to_columns()["changes"].tolist()
    ['L 6→1', None, None]
    """
    from .io.compare import compare as join

    expect("columns", columns, Mapping, optional=True)
    expect("direct", direct, str, optional=True)
    expect("level", level, str)
    expect("crs", crs, str)
    tree = divisions
    if tree is not None and not isinstance(tree, DivisionTree):
        tree = Divisions.read(tree)
    return join(
        before,
        after,
        key,
        method=method,
        columns=columns,
        as_of=to_day(as_of, "as_of"),
        direct=direct,
        averaged=averaged,
        divisions=tree,
        level=level,
        crs=crs,
    )


def regrade(
    previous: Any,
    method: str | Path | Pack | Method | None = None,
    *,
    before: str | Path | Pack | Method | None = None,
    as_of: str | dt.date | None = None,
    before_as_of: str | dt.date | None = None,
    direct: str | Literal["as before"] | None = "as before",
    colours: str | Pack | Sequence[str | Pack] | None = None,
    columns: Mapping[str, str] | None = None,
    divisions: Any = None,
    level: str = "county",
    crs: str = "wgs84",
    lang: str = "zh",
    threads: int = 0,
) -> Regraded:
    """Grade the same rows again under another edition or method: who changed, and why.

    Parameters
    ----------
    previous
        What :func:`grade` returned; or a register in any form that :func:`grade` takes, which is
        graded first, by `before`.
    method
        The method now; None: the family of the earlier one (or the column ``method``) in the
        edition of `as_of`.
    before, before_as_of
        The method and edition that a register is graded by first.
    as_of
        ``YYYY-MM-DD``: the editions valid on that day.
    direct
        Pack of direct-determination rules now; ``"as before"``, or None for none.
    colours
        Colour maps now; None: those of the earlier grading.
    columns
        As for :func:`grade`, for a register.
    divisions, level, crs
        For :meth:`Regraded.by_region`: a :class:`Divisions` or a table that
        :meth:`Divisions.read` takes, the level, the system of the coordinates. Without divisions
        the column ``division`` is used.
    lang
        Of the sentences in the table.

    Returns
    -------
    Regraded
        A row for each row: from, to, cause and sentence; ``counts()``, ``causes()``, ``matrix()``,
        ``by_region()``, ``sentences()``.

    Raises
    ------
    InputError
        Neither another method, edition, rules nor colours are named.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> g = sr.grade({"id": ["a", "b"], "L": [1, 6], "E": [10, 6], "C": [7, 15]}, method="lec.t1")
    >>> again = sr.regrade(g, "lec.t2")
    >>> again.counts()["worse"], again.to_columns()["cause"].tolist()
    (1, ['edge', None])
    >>> print(again.why(0))
    分值同为 70，原属 20<D≤70，现属 70≤D<160；原等级的上界由 70（含）改为 70（不含）
    """
    from ._regrade import Regraded
    from .io.compare import region_codes

    if not isinstance(previous, Graded):
        if isinstance(previous, Result):
            raise InputError(f"a {type(previous).__name__} is no graded register")
        previous = grade(previous, before, columns=columns, as_of=before_as_of, threads=threads)
    elif before is not None or before_as_of is not None:
        raise InputError("the register is graded already; before= is for registers that are not")
    asked = previous.options
    if method is None and as_of is None and direct == "as before" and colours is None:
        raise fault("regrade.nothing")
    day = to_day(as_of, "as_of")
    chosen: Any = method
    if isinstance(method, Path) or (isinstance(method, str) and method.endswith(".json")):
        chosen = load_pack(method)
    if chosen is None and asked.method is not None:
        own = previous.methods[0]
        chosen = asked.method.partition(".")[0] if day is not None else own
    if chosen is not None:
        chosen = find_method(chosen, day)
    rules: Any = direct
    if direct == "as before":
        rules = previous._graded.direct
    after = grade_table(
        previous.input,
        chosen,
        as_of=day if day is not None or method is not None else asked.as_of,
        direct=rules,
        colours=list(asked.colours) if colours is None else colours,
        averaged=asked.averaged,
        threads=threads,
    )
    tree = divisions
    if tree is not None and not isinstance(tree, DivisionTree):
        tree = Divisions.read(tree)
    regions = region_codes(previous.input, tree, level, crs)
    return Regraded(previous, after, regions, lang)


def read_plan(
    path_or_bytes: str | os.PathLike[str] | bytes,
    year: int | None = None,
    id: str = "",  # noqa: A002
) -> Plan:
    """Read an official work plan out of a document.

    Parameters
    ----------
    path_or_bytes
        A path with one of the endings ``.txt .docx .pdf .html .htm``, or the bytes of such a file.
        Text at hand is read by :func:`safetyrisk.parse_plan`.
    year
        Year of dates without one; default: of the title, the date of issue or the number.
    id
        Id of the plan, which its edges and tasks bear in a graph; default: the name of the file.

    Returns
    -------
    Plan
        ``.text`` holds the text that spans count in: of .txt the file itself, of other documents
        what was read out of them, tables as lines whose cells are parted by tabs.

    Raises
    ------
    InputError
        The file cannot be read, is encrypted, has no text or has macros, or is of a kind that must
        be saved as another first; the message says how. Or an extra is not installed.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> plan = sr.read_plan("一、检查。(市公安局牵头,市教育局配合)".encode("gb18030"))
    >>> [unit.name for unit in plan.tasks[0].units]
    ['市公安局', '市教育局']
    """
    from .io.documents import read_document
    from .plan.model import plan_of

    expect("year", year, int, optional=True)
    expect("id", id, str)
    document = read_document(path_or_bytes)
    identity = id or Path(document.source).stem
    return plan_of(document.text, year, identity, read=document.issues)


def map(  # noqa: A001  (the name that the user types is sr.map)
    rollup: RollUp,
    title: str,
    *,
    subtitle: str = "",
    points: bool = True,
    lang: str = "zh",
    palette: str | Mapping[str, str] = "safe",
    page: str = "A3",
    grey: bool = False,
    crs: str = "wgs84",
    data_date: str | dt.date | None = None,
    source: str = "",
    author: str = "",
    approval: str = "",
    footer: str | None = None,
    font: str | os.PathLike[str] | None = None,
) -> Map:
    """Draw the four-colour map (红橙黄蓝四色图) of a roll-up.

    Parameters
    ----------
    rollup
        What :meth:`Divisions.rollup` returned, at a level that has boundaries.
    title, subtitle, author, source, data_date
        Lines of the sheet; empty ones are left out.
    points
        Whether risk points are drawn.
    lang
        ``"zh"`` or ``"en"``.
    palette
        ``"safe"`` (default, for colour-blind readers too), ``"pure"``, ``"office"``, ``"web"``, or
        a dict of ``#RRGGBB`` by ``red orange yellow blue unassessed``.
    page
        ``"A3"``, ``"A3 portrait"``, ``"A4"``, ``"A4 portrait"``.
    grey
        As a grey printer makes it.
    crs
        System of the register's coordinates.
    approval
        审图号, exactly as issued; printed only when given. Review is the publisher's duty
        (地图管理条例 arts. 15, 21).
    footer
        Default: 内部工作用图,未经审核不得公开.
    font
        Font file for PNG and PDF.

    Returns
    -------
    Map
        ``save("x.svg")``, ``.png``, ``.pdf`` or ``.html``.

    Raises
    ------
    InputError
        There are no boundaries of that level, or the rule gives no grades.
    """
    from .render import draw_map

    if not isinstance(rollup, RollUp):
        raise InputError(
            f"a map is drawn from a roll-up, not from a {type(rollup).__name__}; "
            "call Divisions.rollup first"
        )
    for name, text in (
        ("title", title),
        ("subtitle", subtitle),
        ("lang", lang),
        ("page", page),
        ("crs", crs),
        ("source", source),
        ("author", author),
        ("approval", approval),
    ):
        expect(name, text, str)
    expect("palette", palette, str, Mapping)
    return draw_map(
        rollup,
        title,
        subtitle=subtitle,
        points=points,
        lang=lang,
        palette=palette,
        page=page,
        grey=grey,
        crs=crs,
        data_date=to_day(data_date, "data_date"),
        source=source,
        author=author,
        approval=approval,
        footer=footer,
        font=font,
    )
