"""Empty workbooks to fill in: the right headers, lists to choose from, and what they mean.

The lists hold labels of steps (``6　相当可能``), which the readers take for their value; a bare
number does as well. Codes and ids are formatted as text, so that no digit is lost. The one example
row begins with 【示例】 and is never read as data.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import _core
from .._core import Method
from .._extras import need
from .._faults import fault
from .._files import atomic_path
from .graph_templates import GRAPH_TABLES_TO_FILL_IN, choices
from .headers import label, normal, table_spec
from .rows import EXAMPLE
from .steps import step_label
from .xlsx import WORDS, Formats, grade_colours, set_times, text_width

__all__ = ["TEMPLATES", "write_template"]

#: Tables that have a template.
TEMPLATES = ("risk_points", "enterprises", "divisions", "substances", *GRAPH_TABLES_TO_FILL_IN)
# So many rows get lists and checks; formats hold for whole columns.
_ROWS = 5000
_GRADES = ("red", "orange", "yellow", "blue")

_COLUMNS = {
    "risk_points": ("id", "enterprise", "name"),
    "enterprises": (
        "id",
        "name",
        "credit_code",
        "division",
        "industry",
        "sectors",
        "links",
        "employees",
        "high_risk",
        "key_unit",
        "soe",
        "safety_body",
        "crowded",
        "inspection_cap",
        "lon",
        "lat",
    ),
    "divisions": ("code", "name", "level", "parent", "population", "area_km2"),
    "substances": ("unit", "cas", "name", "symbol", "quantity_t"),
}
_UNITS = {
    "lon": "°",
    "lat": "°",
    "population": "人",
    "employees": "人",
    "people_on_site": "人",
    "area_km2": "km2",
}
_EXAMPLES: dict[str, dict[str, Any]] = {
    "risk_points": {
        "id": "R0001",
        "enterprise": "E0001",
        "name": "液氨储罐区",
        "lon": 114.3916,
        "lat": 27.8138,
        "division": "360902",
        "controlling_post": "储运车间主任",
        "people_on_site": 3,
    },
    "enterprises": {
        "id": "E0001",
        "name": "某某金属结构有限公司",
        "credit_code": "91350100M000100Y43",  # the example of GB 32100-2015
        "division": "360902",
        "industry": "C3311",
        "employees": 120,
        "high_risk": "是",
        "lon": 114.3916,
        "lat": 27.8138,
    },
    "divisions": {
        "code": "360902",
        "name": "袁州区",
        "level": "县级",
        "parent": "3609",
        "population": 1000000,
        "area_km2": 2532,
    },
    "substances": {"unit": "液氨储罐区", "cas": "7664-41-7", "name": "氨", "quantity_t": 20},
}
_NOTES = {
    "id": ("唯一编号，不得重复", "an id of its own, never repeated"),
    "enterprise": ("企业编号，与企业表一致", "id of the enterprise, as in its table"),
    "method": ("评价方法的名称，如 lec.t1", "id of the method, such as lec.t1"),
    "lon": ("十进制度，东经", "decimal degrees, east"),
    "lat": ("十进制度，北纬", "decimal degrees, north"),
    "division": ("2、4、6、9 或 12 位行政区划代码", "2, 4, 6, 9 or 12 digits"),
    "code": ("2、4、6、9 或 12 位行政区划代码", "2, 4, 6, 9 or 12 digits"),
    "parent": ("上级代码；不填时按代码前缀确定", "code above; by the code itself if empty"),
    "credit_code": ("18 位统一社会信用代码", "18 characters (GB 32100)"),
    "industry": ("国民经济行业代码（GB/T 4754）", "code of GB/T 4754"),
    "cas": ("CAS 号，如 7664-41-7；与名称至少填一个", "such as 7664-41-7; this or the name"),
    "unit": ("同一单元的各种物质填写同一名称", "one name for all substances of a unit"),
    "symbol": (
        "表3未列出的物质填写类别符号，可填多个，用分号隔开",
        "category symbols, unless table 3 lists it; several with ;",
    ),
    "quantity_t": ("吨，按设计最大量", "tonnes, greatest design quantity"),
}
_KINDS = {
    "text": ("文本", "text"),
    "number": ("数字", "number"),
    "integer": ("整数", "whole number"),
    "boolean": ("是／否", "是 or 否 (yes or no)"),
    "date": ("日期", "date"),
    "list": ("文本，多个以“;”分隔", "texts, separated by ;"),
}
_LEVELS = ("省级", "市级", "县级", "乡级", "村级")
# China's extent in degrees (GB/T 2260's divisions all lie within), as the region checks have it.
_EXTENT = {"lon": (73, 136), "lat": (3, 54)}


@dataclass
class _Column:
    """One column of the sheet to fill in."""

    name: str
    header: str
    kind: str
    note: str
    required: bool = False
    choices: Sequence[str] = ()
    example: Any = None
    unit: str = ""
    least: float | None = None
    most: float | None = None


def write_template(
    path: str | os.PathLike[str],
    table: str = "risk_points",
    method: Method | None = None,
    *,
    direct: str | None = None,
    lang: str = "zh",
    force: bool = False,
) -> Path:
    """Write an empty workbook; `safetyrisk.template` documents it."""
    if table not in TEMPLATES:
        raise fault("template.unknown", table=table, known=list(TEMPLATES))
    if table != "risk_points" and (method is not None or direct is not None):
        raise fault("template.method", table=table)
    if lang not in WORDS:
        raise fault("option.value", name="lang", value=lang, known=list(WORDS))
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise fault(
            "output.suffix", what=("a template", "模板"), known=".xlsx", suffix=target.suffix
        )
    if target.exists() and not force:
        raise fault("output.exists", file=target)
    columns = _columns(table, method, direct, lang)
    xlsxwriter = need("xlsxwriter", extra="tables")
    with atomic_path(target) as draft:
        book = xlsxwriter.Workbook(
            str(draft),
            {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        day = dt.date(1980, 1, 1)
        book.set_properties(
            {"author": "safetyrisk", "created": dt.datetime.combine(day, dt.time())}
        )
        formats = Formats(book)
        page = book.add_worksheet(table_spec(table).title[lang])
        guide = book.add_worksheet("填写说明" if lang == "zh" else "Guide")
        lists = book.add_worksheet("取值" if lang == "zh" else "Lists")
        lists.hide()
        _write_page(page, lists, columns, formats, lang)
        _Guide(guide, formats, lang).write(table, columns, method, target.name)
        book.close()
        set_times(draft, day)
    return target


# ---- columns -----------------------------------------------------------------------------------


def _columns(table: str, method: Method | None, direct: str | None, lang: str) -> list[_Column]:
    spec = table_spec(table)
    names = list(_COLUMNS.get(table, spec.filled_in))
    factors: dict[str, _Column] = {}
    if table == "risk_points":
        if method is None:
            names.append("method")
            factors = {name: _plain_factor(name, lang) for name in "LECS"}
        else:
            factors = _inputs(method, lang) if method.form == "chain" else _factors(method, lang)
        rules = _rule_columns(direct)
        names += [*factors, *rules, "lon", "lat", "division", "controlling_post"]
    zh = lang == "zh"
    columns = []
    for name in names:
        column = factors.get(name)
        if column is None:
            kind = spec.types.get(name, "text")
            told = spec.notes.get(name)
            if told is not None:
                note = told[lang]
            elif table in GRAPH_TABLES_TO_FILL_IN and name not in ("id", "division", "enterprise"):
                note = ""
            else:
                note = _NOTES.get(name, ("", ""))[not zh]
            column = _Column(name, label(table, name, lang), kind, note)
            column.required = name in spec.required
            column.example = _EXAMPLES.get(table, spec.examples).get(name, spec.examples.get(name))
            if kind == "boolean":
                column.choices = ("是", "否")
                if table not in GRAPH_TABLES_TO_FILL_IN:
                    column.example = column.example or "否"
            elif table in GRAPH_TABLES_TO_FILL_IN or name in ("sectors", "links"):
                column.choices = choices(table, name)
            elif name == "level":
                column.choices = _LEVELS
            elif name == "method":
                column.choices = [m.id for m in _core.methods()]
                column.required, column.example = True, "lec.t1"
        if name in _UNITS and zh:
            column.header += f"（{_UNITS[name]}）"
        if column.required:
            column.header = f"*{column.header}"
        columns.append(column)
    first = columns[0]
    first.example = f"{EXAMPLE}{first.example or '0001'}"
    return columns


def _factors(method: Method, lang: str) -> dict[str, _Column]:
    """Columns of the factors; where a factor has parts, of the parts."""
    zh = lang == "zh"
    known = table_spec("risk_points").types
    out = {}
    for factor in method.factors:
        labels = [step_label(step["value"], step[lang], lang) for step in factor["steps"]]
        middle: Any = labels[len(labels) // 2]
        ends: tuple[float | None, float | None] = (None, None)
        if factor["range"]:  # as many values as it has decimals: no list
            middle = factor["steps"][len(labels) // 2]["value"]
            labels, ends = [], _ends(factor["range"])
        for part in factor["parts"] or [factor]:
            name, word = part["id"], part[lang]
            header = label("risk_points", name, lang) if name in known else name
            if zh and not factor["parts"] and header != name:
                header = f"{header}（{name}）"
            note = word
            if factor["parts"]:
                note += (
                    f"；{factor['id']}（{factor['zh']}）取各分项中最不利的值，不涉及的分项留空"
                    if zh
                    else f"; {factor['id']} is the worst of its parts, leave out what does not apply"
                )
            if factor["range"]:
                note += f"，范围 {factor['range']}" if zh else f", range {factor['range']}"
            column = _Column(name, header, "number", note, not factor["parts"], labels, middle)
            column.least, column.most = ends
            out[name] = column
    return out


def _inputs(method: Method, lang: str) -> dict[str, _Column]:
    """Columns of the inputs of a chain, with the values of a case that its author gave."""
    zh = lang == "zh"
    cases = json.loads(method.pack.canonical)["tests"]
    case: dict[str, Any] = next((c["inputs"] for c in cases if "status" not in c), {})
    names = [one[lang] for one in method.inputs]
    known = table_spec("risk_points").first
    out = {}
    for one in method.inputs:
        header = one[lang]
        if names.count(header) > 1 or normal(header) in known:
            header = f"{header}（{one['id']}）" if zh else one["id"]
        column = _Column(one["id"], header, "number", "", one["needed"], unit=one["unit"])
        value = case.get(one["id"])
        if one["kind"] == "steps":
            column.choices = [step_label(s["value"], s[lang], lang) for s in one["steps"]]
            values = [s["value"] for s in one["steps"]]
            column.example = column.choices[values.index(value) if value in values else 0]
        elif one["kind"] == "choice":
            column.kind = "text"
            column.choices = [choice[lang] for choice in one["choices"]]
            ids = [choice["id"] for choice in one["choices"]]
            column.example = column.choices[ids.index(value) if value in ids else 0]
        elif one["kind"] == "flag":
            column.kind, column.choices = "boolean", ("是", "否")
            column.example = "是" if value else "否"
        else:
            column.kind = "integer" if one["kind"] == "count" else "number"
            column.least, column.most = _ends(one["range"] or "[0, inf)")
            column.example = value
            column.note = _range_note(one, zh)
        if not one["needed"]:
            empty = "可以不填" if zh else "may be empty"
            column.note = f"{column.note}；{empty}" if column.note and zh else column.note or empty
        out[one["id"]] = column
    return out


def _ends(text: str) -> tuple[float | None, float | None]:
    """Ends of a range, None where there is none."""
    low, high = (float(part) for part in text[1:-1].split(","))
    return (None if math.isinf(low) else low, None if math.isinf(high) else high)


def _range_note(one: dict[str, Any], zh: bool) -> str:
    parts = [f"单位 {one['unit']}" if zh else f"in {one['unit']}"] if one["unit"] else []
    if one["range"]:
        parts.append(f"范围 {one['range']}" if zh else f"range {one['range']}")
    if one["decimals"] is not None and one["kind"] == "number":
        places = one["decimals"]
        parts.append(f"至多 {places} 位小数" if zh else f"at most {places} decimals")
    return ("，" if zh else ", ").join(parts)


def _plain_factor(name: str, lang: str) -> _Column:
    header = label("risk_points", name, lang)
    return _Column(
        name,
        f"{header}（{name}）" if lang == "zh" else header,
        "number",
        "分值，按该行的评价方法取值" if lang == "zh" else "a step of the row's method",
        example={"L": 3, "E": 6, "C": 15}.get(name),
    )


def _rule_columns(direct: str | None) -> list[str]:
    """Columns that a pack of direct-determination rules asks for."""
    if direct is None:
        return []
    rules = {pack.id: pack for pack in _core.packs() if pack.kind == "direct_rules"}
    if direct not in rules:
        raise fault("template.direct", name=direct, known=list(rules))
    content = json.loads(rules[direct].canonical)["content"]
    return [column["id"] for column in content["columns"]]


# ---- the sheet to fill in ----------------------------------------------------------------------


def _write_page(
    page: Any, lists: Any, columns: Sequence[_Column], formats: Formats, lang: str
) -> None:
    zh = lang == "zh"
    must = formats.get(
        bold=True, bg_color="#FCE4D6", border=1, border_color="#B8C2CC", text_wrap=True
    )
    shown = formats.get(italic=True, font_color="#7F7F7F", num_format="@")
    shown_number = formats.get(italic=True, font_color="#7F7F7F", align="left")
    text, number = formats.get(num_format="@"), formats.get()
    page.set_row(0, 32)
    page.freeze_panes(1, 1)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for i, column in enumerate(columns):
        is_text = column.kind in ("text", "list", "boolean")
        width = max(text_width(column.header) + 2, text_width(str(column.example or "")) + 2, 12)
        if column.choices:
            width = max(width, min(max(map(text_width, column.choices)) + 4, 40))
        page.set_column(i, i, min(width, 44), text if is_text else number)
        page.write_string(0, i, column.header, must if column.required else formats.header())
        if isinstance(column.example, str):
            page.write_string(1, i, column.example, shown)
        elif column.example is not None:
            page.write_number(1, i, column.example, shown_number)
        source = ""
        if column.choices:
            lists.write_string(0, i, column.header)
            for row, choice in enumerate(column.choices, 1):
                lists.write_string(row, i, choice)
            letters = _letters(i)
            name = lists.get_name()
            source = f"='{name}'!${letters}$2:${letters}${len(column.choices) + 1}"
        check = _check(column, i, source, zh)
        if check is not None:
            page.data_validation(1, i, _ROWS, i, check)


def _check(column: _Column, index: int, source: str, zh: bool) -> dict[str, Any] | None:
    """What a spreadsheet checks when somebody types; it warns, and grading decides."""
    cell = f"{_letters(index)}2"
    rule: dict[str, Any]
    if source and column.kind == "list":
        # Several may stand in a cell: the list helps to write one, and does not object.
        return {
            "validate": "list",
            "source": source,
            "show_error": False,
            "input_title": column.header.strip("*")[:32],
            "input_message": (column.note or _KINDS[column.kind][not zh])[:255],
        }
    if source:
        rule = {"validate": "list", "source": source}
        wrong = (
            "不在列表中。直接填写分值也可以（如 6），取值表以外的分值评定时会被拒绝。"
            if column.kind == "number"
            else "不在列表中。"
        )
        english = "Not in the list. A bare value does as well; one off the scale is rejected later."
    elif column.name in ("division", "code", "parent"):
        lengths = ",".join(f"LEN({cell})={n}" for n in (2, 4, 6, 9, 12))
        rule = {"validate": "custom", "value": f"=AND(ISNUMBER(VALUE({cell})),OR({lengths}))"}
        wrong, english = "应为 2、4、6、9 或 12 位数字。", "Write 2, 4, 6, 9 or 12 digits."
    elif column.name == "credit_code":
        rule = {"validate": "custom", "value": f"=LEN({cell})=18"}
        wrong, english = "应为 18 位。", "Write 18 characters."
    elif column.name in _EXTENT:
        low, high = _EXTENT[column.name]
        rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
        wrong = f"应为 {low} 至 {high} 之间的十进制度数；经纬度是否填反？"
        english = f"Decimal degrees from {low} to {high}; are the axes swapped?"
    elif column.least is not None or column.most is not None:
        kind = "decimal" if column.kind == "number" else "integer"
        least = -1e15 if column.least is None else column.least
        most = 1e15 if column.most is None else column.most
        rule = {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}
        wrong, english = f"超出范围：{column.note}。", f"Out of range: {column.note}."
    elif column.kind in ("number", "integer"):
        kind = "decimal" if column.kind == "number" else "integer"
        rule = {"validate": kind, "criteria": ">=", "value": 0}
        wrong, english = "应为不小于 0 的数。", "Write a number of 0 or more."
    elif column.note:
        return {
            "validate": "any",
            "input_title": column.header.strip("*")[:32],
            "input_message": column.note[:255],
        }
    else:
        return None
    return rule | {
        "ignore_blank": True,
        "error_type": "warning",
        "error_title": "请核对" if zh else "Please check",
        "error_message": wrong if zh else english,
        "input_title": column.header.strip("*")[:32],
        "input_message": (column.note or _KINDS[column.kind][not zh])[:255],
    }


def _letters(index: int) -> str:
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


# ---- what it means -----------------------------------------------------------------------------


class _Guide:
    """Writes the sheet that explains the other one."""

    _WIDTHS = (24, 12, 26, 60)

    def __init__(self, page: Any, formats: Formats, lang: str) -> None:
        self._page, self._formats, self._zh = page, formats, lang == "zh"
        self._lang = lang
        self._row = 0
        self._plain = formats.get(text_wrap=True, align="left")
        for i, width in enumerate(self._WIDTHS):
            page.set_column(i, i, width)
        page.set_paper(9)
        page.fit_to_pages(1, 0)

    def write(
        self, table: str, columns: Sequence[_Column], method: Method | None, name: str
    ) -> None:
        self._how_to(table, columns, method, name)
        zh = self._zh
        self._title("各列" if zh else "Columns")
        self._head("列", "必填", "格式", "说明") if zh else self._head(
            "Column", "Required", "Format", "Note"
        )
        for column in columns:
            kind = _KINDS[column.kind][not zh]
            if column.choices and column.kind != "boolean":
                kind = "从列表选取" if zh else "from the list"
                if column.kind == "number":
                    kind += "，或填分值" if zh else ", or the bare value"
            unit = column.unit or _UNITS.get(column.name, "")
            unit = "" if not unit else (f"，单位 {unit}" if zh else f", {unit}")
            must = ("是" if zh else "yes") if column.required else ""
            self._line(column.header.strip("*"), must, kind + unit, column.note)
        if method is not None:
            self._method(method)

    def _how_to(
        self, table: str, columns: Sequence[_Column], method: Method | None, name: str
    ) -> None:
        zh = self._zh
        sheet = table_spec(table).title[self._lang]
        lines = (
            [
                f"1. 在“{sheet}”表中逐行填写，一行一个。橙色表头（标 *）的列必填。",
                f"2. 第 2 行是示例，以“{EXAMPLE}”开头，读取时会跳过，可以保留，也可以删除。",
                "3. 编号和各种代码按文本保存，请勿改成数字格式，否则末尾几位会丢失。",
                "4. 不知道的值留空，不要用 0 代替；缺少的值不会被当成任何数字。",
                "5. 可以增加自己的列，结果中会原样保留。",
            ]
            if zh
            else [
                f"1. Fill in the sheet '{sheet}', one row each. Columns with * are required.",
                f"2. Line 2 is an example. It begins with {EXAMPLE} and is never read as data.",
                "3. Ids and codes are texts; as numbers they would lose their last digits.",
                "4. Leave what is not known empty, never 0; a missing value is no number.",
                "5. You may add columns of your own; results keep them.",
            ]
        )
        parts = [] if method is None else [f["id"] for f in method.factors if f["parts"]]
        if parts:
            # In a part an empty cell says something else than in every other column.
            joined = ("、" if zh else ", ").join(parts)
            lines[3] += (
                f"{joined} 的分项列除外：留空表示不涉及；若有一个分项不知道，"
                "就把该因素的分项全部留空，该行为“无法评定”。"
                if zh
                else f" Not so in the parts of {joined}: empty means that a part does not apply; "
                "where one is not known leave all of them empty, and the row is not gradable."
            )
        if table == "risk_points":
            option = "" if method is None else f" -m {self._given_as(method)}"
            command = f"safetyrisk grade {name}{option} -o 结果.xlsx"
            lines.append(f"6. 填好后评定：{command}" if zh else f"6. Then: {command}")
        self._title("怎么填" if zh else "How to fill it in")
        for line in lines:
            self._wide(line)

    def _given_as(self, method: Method) -> str:
        """What the command line calls a method by: its id, or the file of one's own pack."""
        if any(method.pack.sha256 == one.pack.sha256 for one in _core.methods()):
            return method.id
        return "方法包文件.json" if self._zh else "YOUR_PACK.json"

    def _method(self, method: Method) -> None:
        zh, lang, pack = self._zh, self._lang, method.pack
        for one in method.inputs if method.form == "chain" else ():
            listed = [(_core.print_number(s["value"]), s[lang]) for s in one["steps"]]
            listed += [(choice[lang], "、".join(choice["also"])) for choice in one["choices"]]
            if not listed:
                continue
            self._title(one[lang])
            self._pair("取值" if zh else "Value", "含义" if zh else "Meaning", head=True)
            for left, right in listed:
                self._pair(left, right)
        for factor in method.factors:
            self._title(f"{factor['id']}  {factor[lang]}")
            self._pair("分值" if zh else "Value", "含义" if zh else "Meaning", head=True)
            for step in () if factor["range"] else factor["steps"]:
                self._pair(_core.print_number(step["value"]), step[lang])
            for part in factor["parts"]:
                self._pair(label("risk_points", part["id"], lang), part[lang])
        symbol = method.score_symbol or method.scale["name"][lang]
        self._title(f"{symbol} 的分级" if zh else f"Bands of {symbol}")
        if zh:
            self._head("风险等级", "级别", "区间", "名称与管控层级")
        else:
            self._head("Grade", "Label", "Range", "Word and control")
        colours, words = grade_colours(), WORDS[lang]["grade"]
        for band in method.bands:
            if not band["label"]:
                continue  # a measure has no levels
            word, control = band["word"][lang], band["control"][lang]
            text = (f"{word}；{control}" if zh else f"{word}; {control}") if control else word
            grade, mark = band["grade"], None
            if grade is not None:
                mark = self._formats.fill(colours[grade])
            shown = "—" if grade is None else words[grade]
            self._line(shown, band["label"], band["printed"], text, first=mark)
        self._title("依据" if zh else "Sources")
        self._wide(f"{pack.id}  {pack.title(lang)}")
        self._wide(
            f"第 {pack.version} 版，可信度 {pack.confidence}，SHA-256 {pack.sha256}"
            if zh
            else f"Version {pack.version}, confidence {pack.confidence}, SHA-256 {pack.sha256}"
        )
        for source in pack.sources:
            self._wide(source)
        if pack.confidence == "M":
            self._wide(
                "此方法未经核实（[M]），不是法定标准；须写出全名才会使用。"
                if zh
                else "This method is unconfirmed ([M]) and no law; it runs only under its full name."
            )

    def _title(self, text: str) -> None:
        if self._row:
            self._row += 1
        self._page.write_string(self._row, 0, text, self._formats.get(bold=True, font_size=12))
        self._page.set_row(self._row, 22)
        self._row += 1

    def _head(self, *texts: str) -> None:
        for i, text in enumerate(texts):
            self._page.write_string(self._row, i, text, self._formats.header())
        self._row += 1

    def _line(self, *texts: str, first: Any = None) -> None:
        height = 1
        for i, text in enumerate(texts):
            self._page.write_string(self._row, i, text, first if first and i == 0 else self._plain)
            height = max(height, -(-text_width(text) // (self._WIDTHS[i] - 2)))
        self._page.set_row(self._row, 14.0 * height + 3)
        self._row += 1

    def _pair(self, left: str, right: str, *, head: bool = False) -> None:
        style, last = self._formats.header() if head else self._plain, len(self._WIDTHS) - 1
        self._page.write_string(self._row, 0, left, style)
        self._page.merge_range(self._row, 1, self._row, last, "", style)
        self._page.write_string(self._row, 1, right, style)
        self._page.set_row(self._row, 14.0 * -(-text_width(right) // sum(self._WIDTHS[1:])) + 3)
        self._row += 1

    def _wide(self, text: str) -> None:
        last = len(self._WIDTHS) - 1
        self._page.merge_range(self._row, 0, self._row, last, "", self._plain)
        self._page.write_string(self._row, 0, text, self._plain)
        self._page.set_row(self._row, 14.0 * -(-text_width(text) // (sum(self._WIDTHS) - 4)) + 3)
        self._row += 1
