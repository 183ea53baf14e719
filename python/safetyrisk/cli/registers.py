"""The commands over registers: ``grade | major-hazard | map | compare``."""

# No deferred annotations here: typer reads them, and they name things that are local.

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from .._api import compare, grade, major_hazard
from .._api import map as draw
from .._divisions import Divisions
from .._faults import fault
from .._saving import save
from ..core import Issues, load_pack
from ..io.errors import write_errors
from ..io.save import level_undetermined
from ..region import enterprises_absent
from ..scoring import Graded
from .console import check_day, check_options, counted, finish, progress, room, tell
from .options import Common, columns_of, is_number, method_of, thresholds_of, weights_of
from .texts import TEXTS


def add_register_commands(app: Any, typer: Any, command: Any) -> None:
    """Add the commands to the command line."""
    common = Common(typer)
    input_file, column_option = common.register, common.column
    fail_option, lang_option = common.fail_on, common.lang
    sheet_option = typer.Option("--sheet", help="工作表名。")
    as_of_option = typer.Option("--as-of", help="按该日有效的版本，YYYY-MM-DD。")
    direct_option = typer.Option("--direct", help="直接判定规则包，如 direct.shandong。")
    averaged_option = typer.Option("--averaged", help="接受多名专家的平均值。")
    errors_option = typer.Option(
        "--errors", help="另存需要改正的行（.xlsx）：原有列加上问题和建议，改后可再读取。"
    )
    force_option = typer.Option("--force", help="覆盖 --errors 已有的文件。")
    audit_option = typer.Option(
        "--audit", help="另存审计记录（.jsonl）：输入、规则包、结果，可用 verify 重新评定。"
    )
    all_option = typer.Option("--errors-all", help="--errors 写出全部行，不只有问题的行。")
    method_option = typer.Option(
        "--method", "-m", help="方法名或方法包文件（.json）；省略时按表中的评价方法列。"
    )

    @app.command(cls=command, name="grade")
    def grade_command(
        source: Annotated[Path, input_file],
        out: Annotated[
            Path,
            typer.Option("-o", "--out", help="输出：.xlsx、.csv、.parquet、.json 或 .geojson。"),
        ],
        method: Annotated[str | None, method_option] = None,
        packs: Annotated[
            list[Path] | None,
            typer.Option(
                help="自己的方法包文件（.json），可重复：表中的评价方法列可写其编号或名称。"
            ),
        ] = None,
        column: Annotated[list[str] | None, column_option] = None,
        sheet: Annotated[str | None, sheet_option] = None,
        as_of: Annotated[str | None, as_of_option] = None,
        direct: Annotated[str | None, direct_option] = None,
        colours: Annotated[
            list[str] | None,
            typer.Option(help="颜色包：给只分级、不规定颜色的方法配色，可重复；或 .json 文件。"),
        ] = None,
        averaged: Annotated[bool, averaged_option] = False,
        record: Annotated[Path | None, audit_option] = None,
        errors: Annotated[Path | None, errors_option] = None,
        errors_all: Annotated[bool, all_option] = False,
        force: Annotated[bool, force_option] = False,
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """给登记表逐行评定等级。"""
        check_options(lang, fail_on)
        check_day("--as-of", as_of)
        for path in filter(None, (out, errors, record)):
            if path.exists() and source.exists() and path.samefile(source):
                raise fault("output.is_input", file=path)
        room(*filter(None, (out, record)))
        if errors is not None:
            room_for_errors(errors, [out], force)
        with progress(quiet=False) as step:
            graded = grade(
                source,
                method_of(method),
                packs=packs or (),
                columns=columns_of(column),
                sheet=sheet,
                as_of=as_of,
                direct=direct,
                colours=[load_pack(c) if c.endswith(".json") else c for c in colours or ()],
                averaged=averaged,
                progress=lambda done, total: step("grade", done, total),
            )
            save(graded, out, lang=lang)
            if record is not None:
                graded.audit().save(record)
        tell(counted(graded.counts(), lang, colours=True))
        for path in filter(None, (out, record)):
            tell(TEXTS[lang]["wrote"].format(path))
        write_corrections(graded, graded.issues, errors, errors_all, lang, force)
        finish(graded.issues, fail_on, lang)

    @app.command(cls=command, name="major-hazard")
    def major_hazard_command(
        source: Annotated[
            Path, typer.Argument(metavar="IN", help="物质表：CSV、XLSX、Parquet 或 SQLite。")
        ],
        out: Annotated[
            Path, typer.Option("-o", "--out", help="输出：.xlsx、.csv、.parquet 或 .json。")
        ],
        exposed: Annotated[
            str | None,
            typer.Option(help="厂外可能暴露人员：人数，或所在列的表头；省略时按表中的该列。"),
        ] = None,
        beta: Annotated[
            str | None, typer.Option(help="max：标准未规定取哪个 β 时取最大值，并逐行报告。")
        ] = None,
        pack: Annotated[str, typer.Option(help="标准，或规则包文件（.json）。")] = "gb18218",
        column: Annotated[list[str] | None, column_option] = None,
        sheet: Annotated[str | None, typer.Option(help="工作表名。")] = None,
        as_of: Annotated[str | None, typer.Option(help="按该日有效的版本，YYYY-MM-DD。")] = None,
        record: Annotated[Path | None, audit_option] = None,
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """辨识危险化学品重大危险源并分级（GB 18218）。"""
        check_options(lang, fail_on)
        for path in filter(None, (out, record)):
            if path.exists() and source.exists() and path.samefile(source):
                raise fault("output.is_input", file=path)
        room(*filter(None, (out, record)))
        check_day("--as-of", as_of)
        if beta not in (None, "max"):
            raise fault("option.value", name="--beta", value=beta, known=["max"])
        if exposed is not None and is_number(exposed) and not exposed.strip().isdecimal():
            raise fault("option.value", name="--exposed", value=exposed, known=["0", "1", "2", "…"])
        digits = exposed is not None and exposed.strip().isdecimal()
        with progress(quiet=False) as step:
            judged = major_hazard(
                source,
                int(exposed) if exposed is not None and digits else exposed,
                columns=columns_of(column),
                sheet=sheet,
                pack=load_pack(pack) if pack.endswith(".json") else pack,
                as_of=as_of,
                beta="max" if beta else None,
                progress=lambda done, total: step("grade", done, total),
            )
            save(judged, out, lang=lang)
            if record is not None:
                judged.audit().save(record)
        counts = judged.counts()
        named = [(level[lang], counts[level["zh"]]) for level in judged.standard.levels]
        named.append((TEXTS[lang]["no_level"], level_undetermined(judged)))
        levels = TEXTS[lang]["comma"].join(f"{word} {count}" for word, count in named)
        tell(TEXTS[lang]["units"].format(**counts, levels=levels))
        tell(TEXTS[lang]["rows"].format(**counts))
        for path in filter(None, (out, record)):
            tell(TEXTS[lang]["wrote"].format(path))
        finish(judged.issues, fail_on, lang)

    @app.command(cls=command, name="map")
    def map_command(
        source: Annotated[Path, input_file],
        divisions: Annotated[Path, typer.Option(help="行政区划表。")],
        boundaries: Annotated[Path, typer.Option(help="边界：GeoJSON 等。")],
        out: Annotated[
            list[Path],
            typer.Option("-o", "--out", help="输出：.svg、.png、.pdf 或 .html；可重复。"),
        ],
        title: Annotated[str, typer.Option(help="图名。")] = "安全风险四色分布图",
        level: Annotated[str, typer.Option(help="级别：city county town …。")] = "county",
        rule: Annotated[str, typer.Option(help="汇总规则：worst count index。")] = "worst",
        weight: Annotated[
            list[str] | None,
            typer.Option(help="规则 index 的权重，如 red=10；四级各一个，没有默认值。"),
        ] = None,
        per: Annotated[
            str, typer.Option(help="规则 index：unit 取合计，point 除以已评定的点数。")
        ] = "unit",
        threshold: Annotated[
            list[str] | None,
            typer.Option(
                help="阈值，先满足者定级，可重复：规则 count 如 orange:red=1,orange=3；"
                "规则 index 如 orange=50。"
            ),
        ] = None,
        method: Annotated[str | None, method_option] = None,
        column: Annotated[list[str] | None, column_option] = None,
        sheet: Annotated[str | None, sheet_option] = None,
        as_of: Annotated[str | None, as_of_option] = None,
        direct: Annotated[str | None, direct_option] = None,
        averaged: Annotated[bool, averaged_option] = False,
        enterprises: Annotated[Path | None, typer.Option(help="企业表。")] = None,
        crs: Annotated[str, typer.Option(help="风险点和边界的坐标系。")] = "wgs84",
        data_date: Annotated[str | None, typer.Option(help="数据日期，YYYY-MM-DD。")] = None,
        palette: Annotated[str, typer.Option(help="配色：safe pure office web。")] = "safe",
        page: Annotated[str, typer.Option(help="图幅：A3、A4 portrait …。")] = "A3",
        approval: Annotated[str, typer.Option(help="审图号；只在给出时印出。")] = "",
        author: Annotated[str, typer.Option(help="编制单位。")] = "",
        credit: Annotated[str, typer.Option("--source", help="资料来源。")] = "",
        font: Annotated[Path | None, typer.Option(help="PNG、PDF 所用字体文件。")] = None,
        errors: Annotated[Path | None, errors_option] = None,
        errors_all: Annotated[bool, all_option] = False,
        force: Annotated[bool, force_option] = False,
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """评定、汇总并绘制四色图。"""
        check_options(lang, fail_on)
        check_day("--as-of", as_of)
        check_day("--data-date", data_date)
        room(*out)
        if errors is not None:
            if errors.exists() and source.exists() and errors.samefile(source):
                raise fault("output.is_input", file=errors)
            room_for_errors(errors, out, force)
        with progress(quiet=False) as step:
            step("grade", 0, 3)
            graded = grade(
                source,
                method_of(method),
                columns=columns_of(column),
                sheet=sheet,
                as_of=as_of,
                direct=direct,
                averaged=averaged,
            )
            step("rollup", 1, 3)
            tree = Divisions.read(divisions, boundaries, crs=crs, on=data_date)
            rollup = tree.rollup(
                graded,
                level,
                rule,
                thresholds=thresholds_of(rule, threshold),
                weights=weights_of(weight),
                per=per,
                enterprises=enterprises,
                crs=crs,
            )
            step("map", 2, 3)
            drawn = draw(
                rollup,
                title,
                lang=lang,
                palette=palette,
                page=page,
                crs=crs,
                data_date=data_date,
                source=credit,
                author=author,
                approval=approval,
                font=font,
            )
            for path in out:
                drawn.save(path)
        tell(counted(graded.counts(), lang, colours=True))
        for path in out:
            tell(TEXTS[lang]["wrote"].format(path))
        issues = graded.issues + rollup.issues + drawn.issues
        if enterprises is None:
            issues += enterprises_absent(graded.input)
        write_corrections(graded, issues, errors, errors_all, lang, force)
        finish(issues, fail_on, lang)

    @app.command(cls=command, name="compare")
    def compare_command(
        before: Annotated[
            Path, typer.Argument(metavar="A", help="上期：分级结果，或待分级的登记表。")
        ],
        after: Annotated[
            Path, typer.Argument(metavar="B", help="本期：分级结果，或待分级的登记表。")
        ],
        out: Annotated[
            Path, typer.Option("-o", "--out", help="输出：.xlsx、.csv、.parquet 或 .json。")
        ],
        key: Annotated[
            list[str] | None, typer.Option("--key", help="对应两期的列，默认 id；可重复。")
        ] = None,
        method: Annotated[str | None, method_option] = None,
        column: Annotated[list[str] | None, column_option] = None,
        divisions: Annotated[Path | None, typer.Option(help="行政区划表，用于区域名称。")] = None,
        level: Annotated[str, typer.Option(help="区域的级别：city county town …。")] = "county",
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """两期对比：新增、消失、升级、降级，以及哪些内容变了。"""
        check_options(lang, fail_on)
        for path in (before, after):
            if out.exists() and path.exists() and out.samefile(path):
                raise fault("output.is_input", file=out)
        room(out)
        result = compare(
            before,
            after,
            key or "id",
            method=method_of(method),
            columns=columns_of(column),
            divisions=divisions,
            level=level,
        )
        save(result, out, lang=lang)
        for sentence in result.sentences(lang):
            tell(sentence)
        tell(TEXTS[lang]["wrote"].format(out))
        finish(result.issues, fail_on, lang)


def write_corrections(
    graded: Graded, issues: Issues, path: Path | None, all_rows: bool, lang: str, force: bool
) -> None:
    """Write the rows to correct where they are asked for, and say how many there are."""
    if path is None:
        return
    _, count = write_errors(graded, path, issues=issues, all_rows=all_rows, lang=lang, force=force)
    tell(TEXTS[lang]["errors"].format(path, count))


def room_for_errors(errors: Path, outputs: Sequence[Path], force: bool) -> None:
    """Refuse rows to correct in the place of a result or of corrections, and what is no workbook."""
    if errors.resolve() in [out.resolve() for out in outputs]:
        raise fault("output.twice", file=errors)
    if errors.suffix.lower() != ".xlsx":
        raise fault("output.suffix", what="--errors", known=".xlsx", suffix=errors.suffix)
    room(errors)
    if errors.exists() and not force:
        raise fault("output.corrected", file=errors)
