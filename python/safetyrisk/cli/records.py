"""Commands about gradings that were made before: ``regrade | verify``."""

# No deferred annotations here: typer reads them, and they name things that are local.

from pathlib import Path
from typing import Annotated, Any

from .._api import regrade
from .._faults import fault
from .._saving import save
from .._verify import verify
from ..core import load_pack
from ..io.save import save_table
from .console import check_day, check_options, finish, progress, room, tell
from .options import Common, columns_of, method_of
from .texts import TEXTS

__all__ = ["add_record_commands"]


def add_record_commands(app: Any, typer: Any, command: Any) -> None:
    """Add the commands to the command line."""
    common = Common(typer)
    lang_option = common.lang

    @app.command(cls=command, name="regrade")
    def regrade_command(
        source: Annotated[Path, common.register],
        out: Annotated[
            Path, typer.Option("-o", "--out", help="输出：.xlsx、.html、.csv、.parquet 或 .json。")
        ],
        before: Annotated[
            str | None, typer.Option(help="原方法或方法包文件；省略时按表中的评价方法列。")
        ] = None,
        before_as_of: Annotated[
            str | None, typer.Option(help="原来按该日有效的版本，YYYY-MM-DD。")
        ] = None,
        method: Annotated[
            str | None, typer.Option("--method", "-m", help="新方法或方法包文件（.json）。")
        ] = None,
        as_of: Annotated[
            str | None, typer.Option("--as-of", help="新按该日有效的版本，YYYY-MM-DD。")
        ] = None,
        direct: Annotated[str | None, typer.Option(help="新增的直接判定规则包。")] = None,
        colours: Annotated[
            list[str] | None, typer.Option(help="颜色包，可重复；或 .json 文件。")
        ] = None,
        column: Annotated[list[str] | None, common.column] = None,
        divisions: Annotated[Path | None, typer.Option(help="行政区划表，用于分区域。")] = None,
        level: Annotated[str, typer.Option(help="区域的级别：city county town …。")] = "county",
        fail_on: Annotated[str, common.fail_on] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """同一登记表按另一版本或方法重新评定：谁的等级变了，因为什么。"""
        check_options(lang, fail_on)
        check_day("--as-of", as_of)
        check_day("--before-as-of", before_as_of)
        if out.exists() and source.exists() and out.samefile(source):
            raise fault("output.is_input", file=out)
        room(out)
        with progress(quiet=False) as step:
            step("grade", 0, 1)
            again = regrade(
                source,
                method_of(method),
                before=method_of(before),
                as_of=as_of,
                before_as_of=before_as_of,
                direct="as before" if direct is None else direct,
                colours=[load_pack(c) if c.endswith(".json") else c for c in colours or ()] or None,
                columns=columns_of(column),
                divisions=divisions,
                level=level,
                lang=lang,
            )
            save(again, out, lang=lang)
        for sentence in again.sentences(lang):
            tell(sentence)
        tell(TEXTS[lang]["wrote"].format(out))
        finish(again.after.issues, fail_on, lang)

    @app.command(cls=command, name="verify")
    def verify_command(
        record: Annotated[
            Path, typer.Argument(metavar="FILE", help="审计记录（.jsonl），由 --audit 写出。")
        ],
        packs: Annotated[
            Path | None,
            typer.Option(help="规则包所在文件夹；省略时依次查记录本身、其旁的文件夹和本库。"),
        ] = None,
        out: Annotated[
            Path | None,
            typer.Option("-o", "--out", help="逐行差异：.xlsx、.csv、.parquet 或 .json。"),
        ] = None,
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """按审计记录重新评定：一致返回 0，不一致或被改动返回 1，缺少规则包返回 2。"""
        check_options(lang)
        if out is not None:
            room(out)
        found = verify(record, packs=packs)
        tell(found.words(lang))
        if out is not None:
            save_table(found, out)
        if not found.same:
            raise typer.Exit(2 if found.status == "pack_missing" else 1)
