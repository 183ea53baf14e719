"""Commands about gradings that were made before: ``verify``, ``regrade``."""

# No deferred annotations here: typer reads them, and they name things that are local.

from pathlib import Path
from typing import Annotated, Any

from .._audit import verify
from ..io.save import save_table
from .console import check_options, room, tell

__all__ = ["add_record_commands"]


def add_record_commands(app: Any, typer: Any, command: Any) -> None:
    """Add the commands to the command line."""
    lang_option = typer.Option("--lang", help="语言：zh 或 en。")

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
