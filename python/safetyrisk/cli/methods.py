"""The commands over methods: ``template | explain | methods``."""

# No deferred annotations here: typer reads them, and they name things that are local.

import json
from pathlib import Path
from typing import Annotated, Any

from .._api import explain
from .._faults import fault
from .._saving import template
from ..core import Pack, load_pack, packs
from ..io.xlsx import WORDS
from ..scoring import MajorHazardStandard, Method, check_file, major_hazard_standard, methods
from ..scoring import method as find_method
from .console import IssuesError, check_options, room, tell
from .options import Common, method_of
from .texts import TEXTS


def add_method_commands(app: Any, typer: Any, command: Any) -> None:
    """Add the commands to the command line."""
    lang_option = Common(typer).lang

    @app.command(cls=command, name="template")
    def template_command(
        table: Annotated[
            str,
            typer.Argument(
                metavar="TABLE",
                help="risk_points、enterprises、divisions、substances；责任图谱的 nodes、edges、"
                "hazards、tasks、records、duties。",
            ),
        ],
        out: Annotated[Path, typer.Option("-o", "--out", help="输出：.xlsx。")],
        method: Annotated[
            str | None,
            typer.Option("--method", "-m", help="评价方法：决定因素列和下拉列表。"),
        ] = None,
        direct: Annotated[str | None, typer.Option(help="直接判定规则包：增加所需的列。")] = None,
        force: Annotated[bool, typer.Option(help="覆盖已有的文件。")] = False,
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """生成空白登记表：中文表头、下拉列表、填写说明。"""
        check_options(lang)
        room(out)
        chosen = method_of(method)
        template(table, out, method=chosen, direct=direct, lang=lang, force=force)
        tell(TEXTS[lang]["wrote"].format(out))

    @app.command(cls=command, name="explain")
    def explain_command(
        method: Annotated[str, typer.Argument(metavar="METHOD", help="方法名或方法包文件。")],
        values: Annotated[
            list[str], typer.Argument(metavar="NAME=VALUE…", help="输入，如 L=3 E=6 C=15。")
        ],
        colours: Annotated[
            list[str] | None, typer.Option(help="颜色包，可重复；或 .json 文件。")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False,
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """说明一个对象为何是这一级：从输入到级别的每一步。"""
        check_options(lang)
        inputs: dict[str, str] = {}
        for pair in values:
            name, mark, value = pair.partition("=")
            if not mark or not name:
                raise fault("option.value", name="NAME=VALUE", value=pair, known=["L=3"])
            if name in inputs:
                raise fault("input.twice", name=name)
            inputs[name] = value
        maps = [load_pack(c) if c.endswith(".json") else c for c in colours or ()]
        why = explain(inputs, method, colours=maps, lang=lang)
        tell(why.to_json() if as_json else why.text)

    @app.command(cls=command, name="methods")
    def methods_command(
        name: Annotated[
            str | None,
            typer.Argument(
                metavar="[ID]", help="方法名或方法包文件；省略时列出全部；check 检查一个文件。"
            ),
        ] = None,
        file: Annotated[
            Path | None, typer.Argument(metavar="[FILE]", help="check 要检查的方法包（.json）。")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False,
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """列出评价方法，说明其中一个，或用 check FILE 检查自己写的方法包。"""
        check_options(lang)
        if file is not None:
            if name != "check":
                raise fault("option.value", name="methods", value=name, known=["check"])
            wrong = check_file(file)
            if wrong is not None:
                tell(TEXTS[lang]["wrong_pack"].format(file, wrong["path"], wrong[lang]))
                raise IssuesError
            pack = load_pack(file)
            tested = bool(json.loads(pack.canonical).get("tests"))
            tell(TEXTS[lang]["right_pack" if tested else "untested_pack"].format(file))
            if any(one.id == pack.id and one.sha256 != pack.sha256 for one in packs()):
                tell(TEXTS[lang]["namesake"].format(pack.id))
            return
        if name is None:
            listed = methods(lang)
            if as_json:
                tell(listed.to_json())
                return
            for row in json.loads(listed.to_json())["rows"]:
                mark = "*" if row["default"] else " "
                tell(f"{mark} {row['id']:<16} [{row['confidence']}] {row['title']}")
            for pack in packs("direct_rules"):
                tell(f"  {pack.id:<16} [{pack.confidence}] {pack.title(lang)}  --direct")
            tell(TEXTS[lang]["legend"])
            return
        rules = next((pack for pack in packs("direct_rules") if pack.id == name), None)
        if rules is not None:
            tell(rules.canonical) if as_json else _describe_rules(rules, lang)
            return
        found = _described(name)
        if as_json:
            tell(found.pack.canonical)
        elif isinstance(found, MajorHazardStandard):
            _describe_standard(found, lang)
        else:
            _describe(found, lang)


def _described(name: str) -> Method | MajorHazardStandard:
    """A method, or the standard of major hazards, by name or from a file."""
    pack = load_pack(name) if name.endswith(".json") else None
    if pack is not None and pack.kind == "major_hazard":
        return major_hazard_standard(pack)
    standards = [p.id for p in packs("major_hazard")]
    if name in standards or name in [identity.partition(".")[0] for identity in standards]:
        return major_hazard_standard(name)
    return find_method(name if pack is None else pack)


def _describe_rules(pack: Pack, lang: str) -> None:
    """What a pack of direct-determination rules says."""
    texts, content = TEXTS[lang], json.loads(pack.canonical)["content"]
    _describe_pack(pack, lang)
    tell("\n" + texts["rules"].format(" ".join(content["methods"])))
    zh = lang == "zh"
    names = {column["id"]: column["name"][lang] for column in content["columns"]}
    said = {"True": "是", "False": "否"} if zh else {"True": "yes", "False": "no"}
    for rule in content["rules"]:
        when = ("、" if zh else ", ").join(
            " ".join((names[column], operator, said.get(str(value), str(value))))
            for column, operator, value in rule["when"]
        )
        grade = WORDS[lang]["grade"][rule["grade"]] if zh else rule["grade"]
        tell(f"  {rule['id']}  {grade}  {rule['text'][lang]}  [{when}]")


def _describe_pack(pack: Pack, lang: str) -> None:
    texts = TEXTS[lang]
    tell(f"{pack.id}  {pack.title(lang)}")
    tell(texts["pack"].format(pack.version, pack.confidence, pack.sha256))
    for source in pack.sources:
        tell(texts["source"].format(source))


def _describe_standard(standard: MajorHazardStandard, lang: str) -> None:
    texts, zh = TEXTS[lang], lang == "zh"
    _describe_pack(standard.pack, lang)
    tell("\n" + texts["substances"])
    for row in standard.substances:
        beta = "" if row["beta"] is None else f"  β={row['beta']:g}"
        cas = f"  {' '.join(row['cas'])}" if row["cas"] else ""
        also = "、".join(row["aliases"])
        name = row["name"] + (f"（{also}）" if also else "") if zh else row["en"]
        tell(f"  {row['no']:>2}  {row['Q']:>6g}  {name}{cas}{beta}")
    tell("\n" + texts["categories"])
    for row in standard.categories:
        what = f"{row['name'][lang]}{'：' if zh else ': '}{row['description'][lang]}"
        tell(f"  {row['symbol']:<5} {row['Q']:>6g}  β={row['beta']:<4g} {what}")
    tell("\n" + texts["exposure"])
    for band in standard.exposure:
        tell(f"  {band['printed']:<8} α={band['alpha']:g}")
    tell("\n" + texts["levels"])
    for level in standard.levels:
        tell(f"  {level['printed']:<10} {level[lang]}")


def _describe(method: Method, lang: str) -> None:
    texts = TEXTS[lang]
    _describe_pack(method.pack, lang)
    if method.form == "chain":
        _describe_chain(method, lang)
        return
    for factor in method.factors:
        names = ("、" if lang == "zh" else ", ").join(part["id"] for part in factor["parts"])
        parts = texts["parts"].format(names) if names else ""
        tell(f"\n{factor['id']} {factor[lang]}{parts}")
        if factor["range"]:
            tell(f"  {factor['range']}")
        for step in () if factor["range"] else factor["steps"]:
            tell(f"  {step['value']:>6g}  {step[lang]}")
    tell("\n" + texts["bands"].format(method.score_symbol))
    for band in method.bands:
        grade = WORDS[lang]["grade"][band["grade"]] if lang == "zh" else band["grade"]
        tell(f"  {band['printed']:<14} {band['label']:<4} {band['word'][lang]}  {grade}")


def _describe_chain(method: Method, lang: str) -> None:
    """Inputs, steps, bands and vetoes of a method of steps."""
    texts = TEXTS[lang]
    tell("\n" + texts["inputs"])
    for one in method.inputs:
        words = [f"{step['value']:g} {step[lang]}" for step in one["steps"]]
        words += [c[lang] if c[lang] == c["id"] else f"{c['id']} {c[lang]}" for c in one["choices"]]
        if one["kind"] == "flag":
            words = ["是", "否"]
        what = " ".join(filter(None, (one["range"], one["unit"], " / ".join(words))))
        optional = "" if one["needed"] else texts["optional"]
        tell(f"  {one['id']:<12} {one[lang]}{optional}  {what}".rstrip())
    tell("\n" + texts["steps"])
    content = json.loads(method.pack.canonical)["content"]
    names = {one["id"]: one["name"][lang] for one in content["inputs"] + content["steps"]}
    choices = {
        (one["id"], choice["id"]): choice[lang]
        for one in content["inputs"]
        for choice in one.get("choices", ())
    }
    units = {one["id"]: one.get("unit", "") for one in content["inputs"] if one["kind"] == "count"}
    for step in content["steps"]:
        first, *rest = _step_lines(step, names, choices, units, lang)
        tell(f"  {step['id']:<12} {step['name'][lang]}{'：' if lang == 'zh' else ': '}{first}")
        for line in rest:
            tell(f"  {'':<12}   {line}")
    levels = [band for band in method.bands if band["label"]]
    if levels:
        tell("\n" + texts["levels_of"].format(method.scale["name"][lang]))
    for band in levels:
        grade = band["grade"] or ""
        if grade and lang == "zh":
            grade = WORDS[lang]["grade"][grade]
        tell(f"  {band['label']:<6} {band['word'][lang]}  {band['printed']}  {grade}".rstrip())
    if method.vetoes:
        tell("\n" + texts["vetoes"])
    for veto in method.vetoes:
        tell(f"  {veto['id']:<12} → {veto['label']}  {veto['text'][lang]}")


_NAMED_OPERATORS = {
    "in": ("为其一：", "one of "),
    "!=": ("≠", "≠"),
    "<=": ("≤", "≤"),
    ">=": ("≥", "≥"),
}


def _step_lines(
    step: dict[str, Any],
    names: dict[str, str],
    choices: dict[tuple[str, str], str],
    units: dict[str, str],
    lang: str,
) -> list[str]:
    """What a step does, as a reader of the method wants it: one line, then its rows or items."""
    zh, do = lang == "zh", step["do"]
    comma = "，" if zh else ", "

    def said(name: str, value: Any) -> str:
        """A value of an input or step, choices and flags by their words."""
        if isinstance(value, bool):
            return ("是" if value else "否") if zh else ("yes" if value else "no")
        return choices.get((name, str(value)), str(value))

    def listed(ids: list[str], between: str) -> str:
        return between.join(names.get(one, one) for one in ids)

    def cut(least: str, most: str) -> str:
        out = ""
        if least in step:
            out += comma + (f"不低于 {step[least]}" if zh else f"not below {step[least]}")
        if most in step:
            out += comma + (f"不高于 {step[most]}" if zh else f"not above {step[most]}")
        return out

    def condition(one: list[Any]) -> str:
        name, operator, right = one
        if isinstance(right, dict):
            right = names.get(right["of"], right["of"])
        elif isinstance(right, list):
            right = ("、" if zh else ", ").join(said(name, value) for value in right)
        else:
            right = said(name, right)
        shown = _NAMED_OPERATORS.get(operator, (operator, operator))[0 if zh else 1]
        return f"{names.get(name, name)} {shown} {right}"

    def valued(value: Any) -> str:
        if isinstance(value, dict):
            return str(value["value"]) + _named(value, lang)
        return str(value)

    if do == "scale":
        rows = [
            f"{row.get('range') or '、'.join(said(step['of'], v) for v in row['is'])} → "
            f"{row['value']}{_named(row, lang)}"
            for row in step["rows"]
        ]
        return [("按" if zh else "by ") + names.get(step["of"], step["of"]), *rows]
    if do == "product":
        return [listed(step["of"], " × ")]
    if do in ("largest", "smallest"):
        head = {"largest": ("取最大：", "largest of "), "smallest": ("取最小：", "smallest of ")}[
            do
        ]
        return [head[0 if zh else 1] + listed(step["of"], "、" if zh else ", ")]
    if do == "sum":
        terms = [
            f"{t['weight']}×{names.get(t['step'], t['step'])}"
            if isinstance(t, dict)
            else names.get(t, t)
            for t in step["of"]
        ]
        text = " + ".join(terms)
        if "divide_by" in step:
            text = f"({text}) ÷ {step['divide_by']}"
        rounds = {
            "up": ("向上取整", "rounded up"),
            "down": ("向下取整", "rounded down"),
            "half_up": ("四舍五入取整", "rounded half up"),
        }
        if "round" in step:
            text += comma + rounds[step["round"]][0 if zh else 1]
        return [text + cut("at_least", "at_most")]
    if do == "table":
        across = "  ".join(said(step["columns"], key) for key in step["column_keys"])
        rows = [
            f"{said(step['rows'], key)}: {'  '.join(map(valued, cells))}"
            for key, cells in zip(step["row_keys"], step["cells"], strict=True)
        ]
        by = [names.get(step[k], step[k]) for k in ("rows", "columns")]
        return [("查表：" if zh else "table of ") + " × ".join(by), f"      {across}", *rows]
    if do == "checklist":
        lines = [(f"起算 {step['points']}" if zh else f"from {step['points']}")
                 + cut("floor", "ceiling")]  # fmt: skip
        for key in ("items", "bonuses"):
            for item in step.get(key, ()):
                points = item["points"]
                given = points.get("is", points) if isinstance(points, dict) else points
                if isinstance(given, dict):
                    shown = comma.join(
                        f"{said(item['input'], value)} {_points(number)}"
                        for value, number in given.items()
                    )
                else:
                    each = units.get(item["input"], "")
                    shown = (f"每{each} " if zh and each else "") + _points(given)
                extra = "" if key == "items" else ("（加分）" if zh else " (bonus)")
                name = item["name"][lang] if "name" in item else names[item["input"]]
                lines.append(f"{name}{extra}  {shown}")
        return lines
    if do == "count":
        many = len(step["of"])
        return [f"成立的项数（共 {many} 项）" if zh else f"how many of {many} hold"]
    if do == "first":
        both = " 且 " if zh else " and "
        rows = [
            f"{both.join(map(condition, rule['when']))} → {rule['value']}{_named(rule, lang)}"
            for rule in step["rules"]
        ]
        if "else" in step:
            rows.append(("其他 → " if zh else "else → ") + valued(step["else"]))
        return ["第一条成立的" if zh else "the first that holds", *rows]
    over, under = listed(step["over"], " × "), listed(step["under"], " × ")
    times = f" × {step['times']}" if "times" in step else ""
    return [f"({over}) ÷ ({under}){times}"]


def _points(number: float) -> str:
    return f"{number:+g}" if number else "0"


def _named(row: dict[str, Any], lang: str) -> str:
    """What a row is called, in brackets; nothing where it has no name."""
    name = row.get(lang)
    return "" if not name else f"（{name}）" if lang == "zh" else f" ({name})"
