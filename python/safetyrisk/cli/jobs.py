"""The commands over job files: ``demo | run``."""

# No deferred annotations here: typer reads them, and they name things that are local.

from pathlib import Path
from typing import Annotated, Any

from .._core_faults import recognise
from .._errors import InputError
from .._faults import fault
from ..io.job import RunResult, run_job
from .console import IssuesError, check_options, counted, finish, progress, tell
from .options import Common
from .texts import TEXTS


def add_demo_command(app: Any, typer: Any, command: Any) -> None:
    """Add ``demo`` to the command line."""

    @app.command(cls=command)
    def demo(
        out: Annotated[Path, typer.Argument(metavar="OUT", help="新建的文件夹。")],
        seed: Annotated[int, typer.Option(help="随机种子；相同种子结果相同。")] = 1,
    ) -> None:
        """虚构一座城市，完成分级、汇总和四色图，写入 OUT。"""
        from ..io.demo import write_demo

        job = write_demo(out, seed)
        with progress(quiet=False) as step:
            result = run_job(job, progress=step)
        done(result)
        tell(f"用浏览器打开 {out / 'out' / 'map.html'}，可缩放、点击查看等级说明。")


def add_run_command(app: Any, typer: Any, command: Any) -> None:
    """Add ``run`` to the command line."""
    fail_option = Common(typer).fail_on

    @app.command(cls=command, name="run")
    def run_command(
        job: Annotated[Path, typer.Argument(metavar="JOB.toml", help="作业文件。")],
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="只检查并说明会读写什么，不写任何文件。")
        ] = False,
        force: Annotated[bool, typer.Option(help="覆盖其他作业的结果。")] = False,
        memory: Annotated[
            str | None, typer.Option(help="可用内存，如 4GiB；估计超出时不运行。")
        ] = None,
        fail_on: Annotated[str | None, fail_option] = None,
        lang: Annotated[
            str | None, typer.Option("--lang", help="语言：zh 或 en；省略时按 [run] lang。")
        ] = None,
        quiet: Annotated[bool, typer.Option(help="不显示进度。")] = False,
    ) -> None:
        """按作业文件完成分级、汇总、制图和导出；中断后再次运行即可接续。"""
        check_options(lang or "zh", fail_on or "never")
        try:
            if dry_run:
                from ..io.dryrun import plan_job

                plan = plan_job(job, force=force, memory=memory, lang=lang)
                tell(plan.text)
                raise typer.Exit(plan.status)
            with progress(quiet) as step:
                result = run_job(
                    job,
                    force=force,
                    fail_on=fail_on,
                    memory=memory,
                    lang=lang,
                    progress=step,
                    rows=step.rows,
                )
        except InputError as error:
            if error.code or recognise(str(error))[0]:
                raise
            raise fault("job.refused", reason=error) from None
        done(result)


def done(result: RunResult) -> None:
    """Say what a job has made, and fail when it did."""
    tell(counted(result.counts, result.lang))
    for path in result.files:
        word = "kept" if path.name in result.reused else "wrote"
        tell(TEXTS[result.lang][word].format(path))
    if result.comparison is not None:
        for sentence in result.comparison.sentences(result.lang):
            tell(sentence)
    finish(result.issues, "never", result.lang)
    if result.failed:
        raise IssuesError
