"""How much memory a job needs, before anything is loaded, and how much it may have.

The estimate is rows times what a row costs, for the register and for the output that needs most,
since outputs are written one after the other. What a row costs was measured on registers of 10^5 to
10^7 rows; a test holds the estimate against measured peaks.
"""

from __future__ import annotations

import csv
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .._extras import need as extra
from .._faults import fault
from .dataset import Dataset
from .guard import workbook_size
from .jobfile import Job
from .previous import Previous
from .sizes import parse_size, print_size

__all__ = ["SHARE", "Budget", "Need", "TableSize", "check_memory", "estimate", "machine_memory"]

#: Share of the machine's memory, or the control group's, that a job may take by default.
SHARE = 0.8

_SAMPLE = 1 << 20
# What an allocator keeps, and rows longer than those looked at.
_MARGIN = 1.15

# Bytes. A process with the library and NumPy, and pyarrow where it reads or writes.
_BASE = 52 << 20
_ARROW = 60 << 20
# The drawing library's canvas and the font, once per job with PNG.
_RASTER = 110 << 20


@dataclass(frozen=True)
class Budget:
    """What a job may take."""

    bytes: int
    """0: unlimited, because the machine does not say what it has."""
    source: str
    """``job`` or ``machine``."""


@dataclass(frozen=True)
class TableSize:
    """A table before it is loaded.

    Attributes
    ----------
    rows
        Exact for Parquet and SQLite; estimated from the first megabyte of a CSV file, from the
        cells for a workbook.
    columns
        How many.
    read
        Bytes at the peak of reading it.
    held
        Bytes that it takes when read.
    """

    rows: int
    columns: int
    read: float
    held: float


@dataclass(frozen=True)
class Need:
    """Estimate of the largest resident memory of a job."""

    bytes: int
    rows: int
    fixed: int
    """Of it, what does not depend on the rows of the register."""
    tables: Mapping[str, TableSize] = field(default_factory=dict)

    def rows_that_fit(self, budget: int) -> int:
        """How many rows of such a register fit into so many bytes."""
        if budget <= self.fixed or self.rows == 0:
            return 0
        return int((budget - self.fixed) * self.rows / max(self.bytes - self.fixed, 1))


def machine_memory() -> int:
    """Bytes that the machine has, or the control group (container) of this process; 0 unknown."""
    found = []
    try:
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return 0
    found += _group_limits()
    return min(found)


def _group_limits() -> list[int]:
    root, out = Path("/sys/fs/cgroup"), []
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds and "memory" not in kinds.split(","):
            continue
        base = root / "memory" if kinds else root
        name = "memory.limit_in_bytes" if kinds else "memory.max"
        place = base / path.lstrip("/")
        for folder in (place, *place.parents):  # a limit of any group above counts as well
            try:
                text = (folder / name).read_text(encoding="utf-8").strip()
            except OSError:
                continue
            if text.isdigit():
                out.append(int(text))
            if folder == base:
                break
    return out


def check_memory(need: Need, wanted: str | int | None) -> Budget:
    """Refuse a job that needs more memory than it may have.

    Parameters
    ----------
    wanted
        The job's budget; None: `SHARE` of what the machine or the control group has.

    Raises
    ------
    InputError
        It needs more; the message has the number of rows that would fit.
    """
    if wanted is not None:
        budget = Budget(parse_size(wanted), "job")
    else:
        budget = Budget(int(machine_memory() * SHARE), "machine")
    if budget.bytes and need.bytes > budget.bytes:
        of = (
            "the memory it may have ([run] memory or --memory)"
            if budget.source == "job"
            else f"{SHARE:.0%} of this machine's memory"
        )
        raise fault(
            "job.memory",
            need=print_size(need.bytes),
            rows=need.rows,
            budget=print_size(budget.bytes),
            of=of,
            fit=need.rows_that_fit(budget.bytes),
        )
    return budget


def estimate(job: Job, dataset: Dataset, previous: Previous | None = None) -> Need:
    """Estimate the largest resident memory of a job; nothing is loaded but samples.

    Raises
    ------
    InputError
        A table cannot be read.
    """
    sizes = {
        name: table_size(dataset.files[name], name)
        for name in ("risk_points", "enterprises", "divisions")
        if name in dataset
    }
    nothing = TableSize(0, 0, 0.0, 0.0)
    points = sizes.get("risk_points", nothing)
    rows, columns = points.rows, points.columns
    text = points.held / rows if rows else 0.0
    # Grading: ids to find doubles by, scores, codes, states; places and roll-ups.
    worked = rows * (70.0 + 24.0 * bool(job.rollups))
    # Cells as Python objects, column by column.
    objects = rows * (1.6 * text + 62.0 * columns + 120.0)
    outputs = [0.0]
    if "csv" in job.tables:
        outputs.append(objects)
    if "xlsx" in job.tables:
        outputs.append(objects + min(rows, 200_000) * 400.0)
    if "geojson" in job.tables:
        outputs.append(rows * (4.0 * text + 60.0 * columns + 500.0))
    if "parquet" in job.tables:
        outputs.append(rows * 24.0 + min(rows, 1 << 20) * (2 * text + 100.0))
    for sheet in job.maps:
        outputs.append(rows * 100.0)
        if "html" in sheet.formats:
            outputs.append(rows * 1500.0)
    files = [dataset.files[name] for name in sizes]
    arrow = "parquet" in job.tables or any(
        file.suffix == ".parquet" or file.stat().st_size >= _SAMPLE for file in files
    )
    drawn = any({"png", "pdf"} & set(sheet.formats) for sheet in job.maps)
    fixed = _BASE + _ARROW * arrow + _RASTER * drawn
    others = [size for name, size in sizes.items() if name != "risk_points"]
    fixed += int(sum(size.held for size in others))
    if "boundaries" in dataset:
        # Outlines as numbers, edges of the index, and the file's text while it is read.
        fixed += 6 * dataset.files["boundaries"].stat().st_size
    reading = max([points.read, *(size.read for size in others)])
    compared = rows * (2 * text + 40.0 * columns + 700.0) if previous is not None else 0.0
    peak = max(reading, points.held + worked + max([*outputs, compared]))
    return Need(int(fixed + _MARGIN * peak), rows, fixed, sizes)


def table_size(file: Path, table: str) -> TableSize:
    """Rows, columns and memory of a table that is not loaded.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    suffix = file.suffix.lower()
    try:
        if suffix in (".parquet", ".pq"):
            return _parquet(file)
        if suffix in (".xlsx", ".xlsm"):
            return _book(file)
        if suffix in (".sqlite", ".sqlite3", ".db"):
            return _sqlite(file, table)
        return _csv(file)
    except OSError as error:
        raise fault("file.unreadable", file=file, reason=error) from None


def _parquet(file: Path) -> TableSize:
    arrow, parquet = extra("pyarrow", "tables"), extra("pyarrow.parquet", "tables")
    try:
        with parquet.ParquetFile(file) as opened:
            rows, columns = opened.metadata.num_rows, len(opened.schema_arrow)
            batch = next(opened.iter_batches(batch_size=10_000), None)
            row = batch.nbytes / batch.num_rows if batch is not None and batch.num_rows else 0.0
    except (arrow.ArrowException, OSError) as error:
        first = str(error).partition("\n")[0]
        raise fault("parquet.unreadable", file=file, reason=first) from None
    return TableSize(rows, columns, rows * row * 1.5 + file.stat().st_size, rows * row)


def _book(file: Path) -> TableSize:
    rows, columns, unpacked = workbook_size(file)
    cells = rows * columns
    return TableSize(rows, columns, cells * 130.0 + unpacked * 0.1, cells * 24.0)


def _sqlite(file: Path, table: str) -> TableSize:
    base = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        name = table.replace('"', '""')
        (rows,) = base.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        columns = len(base.execute(f'SELECT * FROM "{name}" LIMIT 1').description)
    except sqlite3.Error as error:
        raise fault("sqlite.unreadable", file=file, reason=error) from None
    finally:
        base.close()
    return TableSize(rows, columns, rows * columns * 160.0, rows * columns * 24.0)


def _csv(file: Path) -> TableSize:
    size = file.stat().st_size
    with file.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    lines = sample.count(b"\n")
    if lines == 0:
        return TableSize(1, 1, 6.0 * size, 1.0 * size)
    rows = max(int(size * lines / max(sample.rfind(b"\n"), 1)) - 1, 1)  # the header is none
    head = sample[: sample.find(b"\n", sample.find(b"\n") + 1)].decode("utf-8", errors="replace")
    columns = max((len(cells) for cells in csv.reader(head.splitlines())), default=1)
    # Columns keep their bytes with an offset of eight bytes a cell.
    held = size + 8.0 * rows * columns
    return TableSize(rows, columns, 3.0 * size + 2 * held, held)
