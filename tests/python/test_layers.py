"""Rooms may lean on the rooms below them and on nothing else.

The tables below are the whole rule. A new room, or a new module beside the rooms, fails these
tests until it has its line.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Room -> the rooms that it may include or import, itself left out.
CPP_ARROWS: dict[str, set[str]] = {
    "core": set(),
    "scoring": {"core"},
    "graph": {"core"},
    "region": {"core"},
    "plan": {"core", "graph"},
    "hazard": {"core", "graph", "region"},
    "duty": {"core", "graph", "region", "plan", "hazard"},
    "render": {"core", "scoring", "region"},
    "io": {"core", "scoring", "graph", "region", "render"},
    "bindings": {"core", "scoring", "graph", "region", "plan", "hazard", "duty", "render", "io"},
}

PYTHON_ARROWS: dict[str, set[str]] = {
    "core": set(),
    "scoring": {"core"},
    "graph": {"core"},
    "region": {"core"},
    "plan": {"core", "graph"},
    "hazard": {"core", "graph", "region"},
    "duty": {"core", "graph", "region", "plan", "hazard"},
    "render": {"core", "scoring", "region"},
    "io": {"core", "scoring", "graph", "region", "plan", "render"},
    "_api": {"core", "scoring", "graph", "region", "plan", "hazard", "duty", "render", "io"},
    "cli": {"core", "scoring", "graph", "region", "plan", "hazard", "duty", "render", "io", "_api"},
    "__main__": {"cli"},
    "__init__": {
        "core",
        "scoring",
        "graph",
        "region",
        "plan",
        "hazard",
        "duty",
        "render",
        "io",
        "_api",
    },
}

# Module without a room of its name -> the room whose arrows it has.
PYTHON_ROOM = {
    "_accident": "graph",
    "_answers": "graph",
    "_arguments": "core",
    "_audit": "scoring",
    "_beyond": "scoring",
    "_beyond_change": "_api",
    "_beyond_doubt": "_api",
    "_beyond_several": "_api",
    "_changes": "graph",
    "_classification": "scoring",
    "_core_faults": "core",
    "_digraph": "graph",
    "_display": "core",
    "_divisions": "_api",
    "_duties": "graph",
    "_duty_report": "duty",
    "_duty_words": "duty",
    "_hazard_report": "hazard",
    "_hazard_words": "hazard",
    "_left_out": "graph",
    "_names": "graph",
    "_errors": "core",
    "_explanation": "scoring",
    "_extras": "core",
    "_faults": "core",
    "_files": "core",
    "_findings": "graph",
    "_graph_faults": "core",
    "_graph_page": "graph",
    "_graph_state": "graph",
    "_major_hazard": "scoring",
    "_matrix": "graph",
    "_mcda_ahp": "scoring",
    "_mcda_fuzzy": "scoring",
    "_mcda_hierarchy": "scoring",
    "_mcda_tables": "scoring",
    "_method_words": "scoring",
    "_methods": "scoring",
    "_page": "render",
    "_paper": "render",
    "_regrade": "scoring",
    "_responsibility": "_api",
    "_result": "core",
    "_saving": "_api",
    "_score_arrays": "scoring",
    "_start": "core",
    "_verify": "scoring",
    "_words": "graph",
    "mcda": "scoring",
    "synthetic": "io",
}

# Which rooms' sources may use which third-party headers. Public headers use none.
THIRD_PARTY = {
    "boost": "src",
    "nlohmann": "src",
    "sys": "src",  # of the operating system
    "pybind11": "bindings",
    "datetime.h": "bindings",  # of Python itself
    "immintrin.h": "src",  # vectors of x86, of the compiler itself
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def cpp_files() -> Iterator[tuple[str, str, Path]]:
    """All C++ files outside the tests with their kind (include, src, bindings) and room."""
    for path in sorted((ROOT / "include/safetyrisk").rglob("*.hpp")):
        parts = path.relative_to(ROOT / "include/safetyrisk").parts
        yield "include", parts[0] if len(parts) > 1 else "", path
    for path in sorted((ROOT / "src").glob("*/*.?pp")):
        yield "src", path.parent.name, path
    for path in sorted((ROOT / "python/bindings").glob("*.?pp")):
        yield "bindings", "bindings", path


def room_of_include(name: str) -> str | None:
    """Room of an included file of ours, None for anything else."""
    parts = Path(name).parts
    if parts[0] == "safetyrisk":
        return parts[1] if len(parts) > 2 else "core"
    return parts[0] if len(parts) > 1 and parts[0] in CPP_ARROWS else None


@pytest.mark.parametrize(
    ("kind", "room", "path"),
    [pytest.param(*case, id=str(case[2].relative_to(ROOT))) for case in cpp_files()],
)
def test_cpp_file_includes_only_rooms_below_and_what_its_place_allows(
    kind: str, room: str, path: Path
) -> None:
    allowed = {room} | CPP_ARROWS[room] if room else set(CPP_ARROWS)
    for bracket, name in INCLUDE.findall(path.read_text(encoding="utf-8")):
        target = room_of_include(name)
        if target is not None:
            assert target in allowed, f"{room} must not include {name}"
        elif bracket == "<" and ("/" in name or name.endswith((".h", ".hpp"))):
            family = name.split("/")[0]
            assert THIRD_PARTY.get(family) == kind, f"{kind} must not include <{name}>"


def python_files() -> list[Path]:
    return sorted((ROOT / "python/safetyrisk").rglob("*.py"))


def room_of_module(name: str) -> str:
    """Room of a module or package that lies directly in the package."""
    return PYTHON_ROOM.get(name, name)


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Full dotted names that a file of the package imports, and whether at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = path.relative_to(ROOT / "python").parent.parts
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in top
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            base += node.module.split(".") if node.module else []
            for alias in node.names:
                yield ".".join([*base, alias.name]), id(node) in top


@pytest.mark.parametrize(
    "path", python_files(), ids=lambda path: str(path.relative_to(ROOT / "python"))
)
def test_python_file_imports_only_rooms_below_and_numpy(path: Path) -> None:
    room = room_of_module(path.relative_to(ROOT / "python/safetyrisk").parts[0].removesuffix(".py"))
    assert room in PYTHON_ARROWS, f"{path.name} has no line in the tables of this test"
    for name, at_top in imports(path):
        parts = name.split(".")
        if parts[0] != "safetyrisk":
            known = parts[0] in sys.stdlib_module_names or parts[0] == "numpy"
            assert known or not at_top, f"{name} must be imported where it is needed, not on top"
            continue
        place = ROOT / "python/safetyrisk" / parts[1]
        if place.is_dir() or place.with_suffix(".py").exists():
            target = room_of_module(parts[1])
            assert target in {room} | PYTHON_ARROWS[room], f"{room} must not import {name}"


def test_importing_the_package_loads_no_third_party_module_but_numpy() -> None:
    code = (
        "import sys, numpy; before = set(sys.modules); import safetyrisk; "
        "new = {name.split('.')[0] for name in set(sys.modules) - before}; "
        "print(*sorted(new - set(sys.stdlib_module_names) - {'numpy', 'safetyrisk'}))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert out.split() == []


def test_every_room_has_its_folders() -> None:
    for room in CPP_ARROWS.keys() - {"bindings"}:
        for folder in (f"include/safetyrisk/{room}", f"src/{room}", f"tests/cpp/{room}"):
            assert (ROOT / folder).is_dir(), f"{room} has no {folder}"
        assert (ROOT / f"python/bindings/bind_{room}.cpp").is_file(), f"{room} is not bound"


def test_every_public_header_says_what_threads_may_do_and_what_is_thrown() -> None:
    for header in sorted((ROOT / "include").rglob("*.hpp")):
        opening = header.read_text().partition("#pragma once")[0]
        assert "// Threads: " in opening, header
        assert "// Throws: " in opening, header
