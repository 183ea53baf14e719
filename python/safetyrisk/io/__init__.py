"""Tables in and out: readers, header names, dataset folders, CSV and XLSX writers."""

from __future__ import annotations

from .compare import Comparison
from .dataset import Dataset
from .frames import as_table
from .headers import HeaderMap, IssueArgs, TableSpec, label, map_headers, table_spec
from .outlines import read_boundaries
from .rows import Raw
from .save import (
    graded_workbook,
    save_comparison,
    save_graded,
    save_major_hazards,
    save_points,
    save_table,
)
from .tables import read_raw, to_core
from .xlsx import Sheet, atomic_path, write_csv, write_workbook, write_xlsx

__all__ = [
    "Comparison",
    "Dataset",
    "HeaderMap",
    "IssueArgs",
    "Raw",
    "Sheet",
    "TableSpec",
    "as_table",
    "atomic_path",
    "graded_workbook",
    "label",
    "map_headers",
    "read_boundaries",
    "read_raw",
    "save_comparison",
    "save_graded",
    "save_major_hazards",
    "save_points",
    "save_table",
    "table_spec",
    "to_core",
    "write_csv",
    "write_workbook",
    "write_xlsx",
]
