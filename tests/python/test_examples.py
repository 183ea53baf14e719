"""What the examples and the README show is what happens."""

from __future__ import annotations

import base64
import csv
import json
import re
import shutil
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
YICHUN = EXAMPLES / "data" / "yichun"
NOTEBOOKS = sorted((EXAMPLES / "notebooks").glob("*.ipynb"))


def register() -> list[dict[str, str]]:
    with (YICHUN / "risk_points.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- notebooks -----------------------------------------------------------------------------------


def test_there_is_a_notebook() -> None:
    assert [path.name for path in NOTEBOOKS] == [
        "01_four_colour_map.ipynb",
        "02_who_answers_for_it.ipynb",
        "03_from_plan_to_duties.ipynb",
        "04_three_methods_one_plant.ipynb",
        "05_a_quarter_of_a_county.ipynb",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs_and_without_anybody_s_paths(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    for cell in book.cells:
        assert not re.search(r"(/home/|/root/|/Users/|/tmp/|[A-Z]:\\\\)", cell.source)
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert set(book.metadata) == {"kernelspec", "language_info"}


class Executed:
    """A notebook after it was run in a copy of the examples."""

    def __init__(self, folder: Path, path: Path) -> None:
        shutil.copytree(EXAMPLES / "data", folder / "data")
        self.folder = folder / "notebooks"
        self.folder.mkdir()
        self.book = nbformat.read(path, as_version=4)
        client = NotebookClient(
            self.book,
            timeout=120,
            kernel_name="python3",
            resources={"metadata": {"path": str(self.folder)}},
        )
        client.execute()

    def outputs(self, kind: str) -> list[Any]:
        """Data of a MIME type of all outputs, in order."""
        return [
            output.data[kind]
            for cell in self.book.cells
            if cell.cell_type == "code"
            for output in cell.outputs
            if kind in output.get("data", {})
        ]

    def printed(self) -> str:
        return "".join(
            output.text
            for cell in self.book.cells
            if cell.cell_type == "code"
            for output in cell.outputs
            if output.output_type == "stream"
        )

    def told(self) -> str:
        """What it shows as HTML: it ran without a warning, and our pages have no scripts."""
        code = [cell for cell in self.book.cells if cell.cell_type == "code"]
        streams = [o.name for cell in code for o in cell.outputs if o.output_type == "stream"]
        assert "stderr" not in streams
        pages = self.outputs("text/html")
        for page in pages:
            if 'class="safetyrisk"' in page:
                assert not re.search(r"<(script|iframe|object|link)|\son\w+=", page)
        return "\n".join(pages)

    def written(self) -> set[str]:
        """Names of the files that it wrote."""
        return {path.name for path in (self.folder / "out").iterdir()}


@pytest.fixture(scope="module")
def four_colour_map(tmp_path_factory: pytest.TempPathFactory) -> Executed:
    return Executed(tmp_path_factory.mktemp("notebook"), NOTEBOOKS[0])


def test_the_notebook_runs_without_a_warning(four_colour_map: Executed) -> None:
    streams = [
        output.name
        for cell in four_colour_map.book.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    ]
    assert "stderr" not in streams
    code = [cell for cell in four_colour_map.book.cells if cell.cell_type == "code"]
    assert len(code) > 12
    assert sum(bool(cell.outputs) for cell in code) == len(code)


def test_the_notebook_shows_results_as_static_html(four_colour_map: Executed) -> None:
    pages = four_colour_map.outputs("text/html")
    text = "\n".join(pages)
    for word in ("风险分级结果", "问题清单", "等级说明", "县级汇总"):
        assert word in text, word
    # Names with markup and formulas are in the register; none may become markup here.
    assert any("<" in row["风险点名称"] for row in register())
    ours = [page for page in pages if 'class="safetyrisk"' in page]
    assert len(ours) == 4
    for page in ours:
        assert not re.search(r"<(script|iframe|object|link)|\\son\\w+=", page)


def test_the_notebook_shows_the_map_inline(four_colour_map: Executed) -> None:
    (image,) = (
        found[1]
        for page in four_colour_map.outputs("text/html")
        if (found := re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page))
    )
    svg = base64.b64decode(image).decode()
    assert "宜春市安全风险四色分布图（示例）" in svg
    assert svg == (four_colour_map.folder / "out" / "map.svg").read_text(encoding="utf-8")


def test_the_notebook_explains_by_numbers_that_multiply(four_colour_map: Executed) -> None:
    text = "\n".join(four_colour_map.outputs("text/plain")) + four_colour_map.printed()
    html = "\n".join(four_colour_map.outputs("text/html"))
    found = re.search(r"D = L×E×C = ([\d.]+)×([\d.]+)×([\d.]+) = ([\d.]+)", html)
    assert found, text
    first, second, third, score = map(float, found.groups())
    assert first * second * third == score
    assert score == max(
        float(row["可能性(L)"]) * float(row["暴露频率(E)"]) * float(row["后果(C)"])
        for row in sound_lec_rows()
    )
    assert "未填写" in text


def sound_lec_rows() -> list[dict[str, str]]:
    """LEC rows whose three inputs are steps and whose id occurs once."""
    rows = register()
    ids = Counter(row["风险点编号"] for row in rows)
    steps = (
        ("可能性(L)", {"10", "6", "3", "1", "0.5", "0.2", "0.1"}),
        ("暴露频率(E)", {"10", "6", "3", "2", "1", "0.5"}),
        ("后果(C)", {"100", "40", "15", "7", "3", "1"}),
    )
    return [
        row
        for row in rows
        if row["评价方法"] == "lec"
        and ids[row["风险点编号"]] == 1
        and all(row[column] in allowed for column, allowed in steps)
    ]


def test_the_notebook_s_what_if_changes_exactly_the_points_on_an_edge(
    four_colour_map: Executed,
) -> None:
    scores = Counter(
        float(row["可能性(L)"]) * float(row["暴露频率(E)"]) * float(row["后果(C)"])
        for row in sound_lec_rows()
    )
    on_edges = {edge: scores[edge] for edge in (70.0, 160.0, 320.0) if scores[edge]}
    assert on_edges
    code = [cell for cell in four_colour_map.book.cells if cell.cell_type == "code"]
    (cell,) = (c for c in code if c.source.startswith('changed = first["grade"]'))
    cells = re.findall(r"<td>(.*?)</td>", cell.outputs[0].data["text/html"])
    shown = {float(cells[i]): int(cells[i + 2]) for i in range(0, len(cells), 3)}
    # Two equal rows with one id are one point; that its twin is on an edge, too, is possible.
    assert set(shown) == set(on_edges)
    for edge, count in shown.items():
        assert 0 <= count - on_edges[edge] <= 3


def test_the_notebook_saves_what_it_says(four_colour_map: Executed) -> None:
    out = {path.name: path for path in (four_colour_map.folder / "out").iterdir()}
    assert set(out) == {"map.svg", "map.html", "grades.xlsx", "county.csv"}
    rows = list(csv.DictReader(out["county.csv"].read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) >= 10
    assert sum(int(row["rows"]) for row in rows) == 6000


@pytest.fixture(scope="module")
def who_answers(tmp_path_factory: pytest.TempPathFactory) -> Executed:
    return Executed(tmp_path_factory.mktemp("county"), NOTEBOOKS[1])


def test_the_second_notebook_goes_from_tables_to_a_what_if(who_answers: Executed) -> None:
    """Its own assertions say that the clean county is clean and every planted defect is found."""
    text = who_answers.told()
    for word in ("责任图谱", "责任检查结果", "谁对示例", "无人负责", "监管覆盖", "无人承接的责任"):
        assert word in text, word
    assert who_answers.written() == {
        "coverage.xlsx", "findings.xlsx", "findings.html", "graph.graphml", "who.html", "who.svg",
    }  # fmt: skip
    assert "较大事故" in text


@pytest.fixture(scope="module")
def plan_to_duties(tmp_path_factory: pytest.TempPathFactory) -> Executed:
    return Executed(tmp_path_factory.mktemp("plan"), NOTEBOOKS[2])


def test_the_third_notebook_goes_from_a_document_to_duties(plan_to_duties: Executed) -> None:
    text = plan_to_duties.told()
    for word in ("原文（", "单位与任务", "到期清单", "待定事项", "单位对应", "名称已停用", "责任检查结果",
                 "年度任务清单", "期限推后", "覆盖率"):  # fmt: skip
        assert word in text, word
    assert "治理校园周边交通秩序" in "\n".join(plan_to_duties.outputs("text/plain"))
    assert plan_to_duties.written() == {"调度.xlsx", "工作要点.html", "职责清单.xlsx", "覆盖.html"}


@pytest.fixture(scope="module")
def three_methods(tmp_path_factory: pytest.TempPathFactory) -> Executed:
    return Executed(tmp_path_factory.mktemp("plant"), NOTEBOOKS[3])


def test_the_fourth_notebook_goes_from_three_methods_to_a_record(three_methods: Executed) -> None:
    text = three_methods.told()
    # 1×10×7 lies on the edge that T1 and T2 give to different bands.
    assert "分值同为 70，原属 20&lt;D≤70，现属 70≤D&lt;160" in text
    assert "一致：按记录中的输入和规则包重新评定 8 行" in text
    assert "记录被改动" in text
    assert three_methods.written() == {
        "重新评定.xlsx",
        "重新评定.html",
        "2026.jsonl",
        "被改过.jsonl",
    }


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Executed:
    return Executed(tmp_path_factory.mktemp("quarter"), NOTEBOOKS[4])


def test_the_fifth_notebook_goes_from_a_year_of_records_to_a_map(quarter: Executed) -> None:
    """Its own assertion says that what was planted by then is found, and nothing else."""
    text = quarter.told()
    for word in ("2026-01-01 至 2026-09-30 履职情况", "逾期未完成", "隐患台账 433 行", "自查率",
                 "达成", "挂牌督办", "倒查", "固有、现状、剩余等级"):  # fmt: skip
        assert word in text, word
    assert quarter.written() == {"overdue.csv", "ladder.xlsx", "backcheck.html", "hazards.html"}


def test_both_forms_of_the_example_plan_say_the_same() -> None:
    import safetyrisk as sr

    folder = EXAMPLES / "data" / "yifeng_plan"
    pytest.importorskip("docx")
    one, other = (sr.read_plan(folder / f"plan_2026.{end}", id="p") for end in ("txt", "docx"))
    for a, b in zip(one.tasks, other.tasks, strict=True):
        assert (a.no, a.title, a.deadlines, a.frequencies) == (
            b.no,
            b.title,
            b.deadlines,
            b.frequencies,
        )
        assert [(u.role, u.name) for u in a.units] == [(u.role, u.name) for u in b.units]


# ---- the README ----------------------------------------------------------------------------------


def blocks(language: str) -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def test_the_python_of_the_readme_runs_beside_the_example_s_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All blocks in order, in one namespace; what a line says it prints is what it prints."""
    for file in YICHUN.iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    found = blocks("python")
    assert found
    namespace: dict[str, Any] = {}
    for number, block in enumerate(found, 1):
        exec(compile(block, f"README.md, block {number}", "exec"), namespace)
    printed = capsys.readouterr().out
    assert "<safetyrisk graded: 6000 rows" in printed
    assert "袁州区" in printed
    for promised in re.findall(r'\.save\("([^"]+)"\)|sr\.save\(\w+, "([^"]+)"\)', "".join(found)):
        assert (tmp_path / "".join(promised)).stat().st_size > 1000, promised


def test_the_c_plus_plus_of_the_readme_is_one_program() -> None:
    """The consumer tests compile and run it; here only that there is one to cut out."""
    (program,) = blocks("cpp")
    assert "int main()" in program


def test_every_command_of_the_readme_exists() -> None:
    from safetyrisk.cli import _app

    known = {
        command.name or command.callback.__name__ for command in _app("zh").registered_commands
    }
    used = set(re.findall(r"^safetyrisk ([\w-]+)", "\n".join(blocks("bash")), re.M))
    assert {"demo", "grade", "map", "methods"} <= used
    assert used <= known


# ---- the list of examples ------------------------------------------------------------------------


def test_every_example_is_listed_in_one_of_four_grades_of_difficulty() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.M) == [
        "Easy",
        "Intermediate",
        "Advanced",
        "For C++ programs",
    ]
    listed = set(re.findall(r"^- `([^`]+)`", text, re.M))
    there = {"run.sh", "job.toml", "make_register.py", "data/yichun/", "data/yichun_planted.csv",
             "data/yifeng_plan/"}  # fmt: skip
    there |= {f"notebooks/{path.name}" for path in NOTEBOOKS}
    there |= {f"cpp/{path.name}/" for path in (EXAMPLES / "cpp").iterdir() if path.is_dir()}
    assert listed == there
    assert all((EXAMPLES / name).exists() for name in listed)


def test_the_example_job_asks_for_what_it_is_the_example_of() -> None:
    job = tomllib.loads((EXAMPLES / "job.toml").read_text(encoding="utf-8"))
    assert [rollup["level"] for rollup in job["rollup"]] == ["enterprise", "town", "county", "city"]
    assert job["map"][0]["formats"] == ["svg", "png", "html"]


def test_the_example_s_data_says_that_it_is_invented() -> None:
    dataset = tomllib.loads((YICHUN / "dataset.toml").read_text(encoding="utf-8"))
    assert "虚构" in dataset["title"]
    assert "synthetic" in (YICHUN / "SOURCE.md").read_text(encoding="utf-8")
    features = json.loads((YICHUN / "boundaries.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == 10
