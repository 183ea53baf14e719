"""What is owed against what was done, and the register of hazards, beside polars and duckdb."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from measure import LIBRARY, Contestant, lines, race, say

import safetyrisk as sr
from safetyrisk.duty import Compliance

DAY = "2026-12-31"
MONTHS = 12
COLUMNS = [f"m{month}" for month in range(1, MONTHS + 1)]
STATUSES = ("done", "done_late", "overdue", "due")


def frame_of(table: pa.Table) -> pl.DataFrame:
    """Rows as polars has them: texts of a dictionary are `Enum`."""
    columns = []
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            words = pl.Enum(column.chunk(0).dictionary.to_pylist())
            columns.append(pl.Series(name, column.cast(pa.string())).cast(words))
        else:
            columns.append(pl.Series(name, column))
    return pl.DataFrame(columns)


def base_of(table: pa.Table, name: str, threads: int) -> duckdb.DuckDBPyConnection:
    """The rows as a table of duckdb: texts of a dictionary are ENUM."""
    base = duckdb.connect(config={"threads": threads})
    base.register("given", table)
    base.execute(f"CREATE TABLE {name} AS FROM given")
    base.unregister("given")
    return base


# ── duties ──────────────────────────────────────────────────────────────────────────────────────


class Year:
    """Enterprises of which each owes some duties every month, and as many records as given.

    Subject, action and day of a record are drawn uniformly. What a month has beyond its one record
    makes up, late, for the oldest month that was missed; the last month is not over yet.
    """

    def __init__(self, enterprises: int, duties: int, records: int) -> None:
        rng = np.random.default_rng(1)
        self.cells = enterprises * duties * MONTHS
        ids = pa.array([f"E{i:07d}" for i in range(enterprises)])
        actions = pa.array([f"a{i:02d}" for i in range(duties)])
        self.subjects = pa.table({"subject": _words(np.arange(enterprises), ids)})
        self.actions = pa.table({"action": _words(np.arange(duties), actions)})
        self.duties = {
            "id": [f"d{i:02d}" for i in range(duties)],
            "subject": ['{"kind":"enterprise"}'] * duties,
            "action": actions.to_pylist(),
            "cadence": ["P1M"] * duties,
        }
        day = np.datetime64("2026-01-01") + rng.integers(0, 365, records)
        self.records = pa.table({
            "id": pa.array(np.arange(records)),
            "subject": _words(rng.integers(0, enterprises, records), ids),
            "action": _words(rng.integers(0, duties, records), actions),
            "date": pa.array(day.astype("datetime64[D]")),
        })  # fmt: skip
        self.graph = sr.ResponsibilityGraph.from_tables(
            divisions={"code": ["360924"], "name": ["宜丰县"]},
            enterprises=pa.table(
                {"id": ids, "name": ids, "division": pa.array(["360924"] * enterprises)}
            ),
            data_date=DAY,
        )

    def library(self, threads: int) -> Callable[[], Compliance]:
        """The status of every cell, with the day on which it was done."""
        return lambda: self.graph.assess(self.duties, self.records, as_of=DAY, threads=threads)

    def polars(self) -> Callable[[], pl.DataFrame]:
        """One `group_by` with a count for each month, joined to all pairs; months side by side."""
        rows = frame_of(self.records).lazy()
        pairs = frame_of(self.subjects).lazy().join(frame_of(self.actions).lazy(), how="cross")

        def run() -> pl.DataFrame:
            month = pl.col("date").dt.month()
            done = rows.group_by("subject", "action").agg(
                (month == m).sum().cast(pl.Int16).alias(name) for m, name in enumerate(COLUMNS, 1)
            )
            cells = pairs.join(done, on=["subject", "action"], how="left").with_columns(
                pl.col(COLUMNS).fill_null(0)
            )
            waiting = pl.lit(0, pl.Int16)
            missed = pl.lit(0, pl.Int16)
            for name in COLUMNS:
                one = pl.col(name)
                late = (one == 0).cast(pl.Int16) if name != COLUMNS[-1] else pl.lit(0, pl.Int16)
                cells = cells.with_columns(
                    (waiting + late - (one - 1).clip(0)).clip(0).alias("waiting"),
                    (missed + late).alias(f"missed_{name}"),
                )
                waiting, missed = pl.col("waiting"), pl.col(f"missed_{name}")
            made_up = missed - waiting
            return cells.select(
                "subject", "action",
                *(
                    pl.when(pl.col(name) > 0).then(0)
                    .when(pl.lit(name == COLUMNS[-1])).then(3)
                    .when(pl.col(f"missed_{name}") <= made_up).then(1)
                    .otherwise(2).cast(pl.UInt8).alias(name)
                    for name in COLUMNS
                ),
            ).collect()  # fmt: skip

        return run

    def duckdb(self, threads: int) -> Callable[[], duckdb.DuckDBPyConnection]:
        """The same as SQL, into a table."""
        base = base_of(self.records, "records", threads)
        for name, table in (("subjects", self.subjects), ("actions", self.actions)):
            base.register("given", table)
            base.execute(f"CREATE TABLE {name} AS FROM given")
            base.unregister("given")
        counts = ", ".join(
            f"count(*) FILTER (month = {m})::TINYINT AS {name}" for m, name in enumerate(COLUMNS, 1)
        )
        waiting, missed, steps = "0", "0", []
        for name in COLUMNS[:-1]:
            waiting = f"greatest(0, {waiting} + ({name} = 0)::INT - greatest(0, {name} - 1))"
            missed = f"missed_{name}"
        steps.append(f"greatest(0, {waiting} - greatest(0, {COLUMNS[-1]} - 1)) AS waiting")
        ranks = [f"({' + '.join(f'({one} = 0)::INT' for one in COLUMNS[: k + 1])}) AS missed_{name}"
                 for k, name in enumerate(COLUMNS[:-1])]  # fmt: skip
        told = [f"CASE WHEN {name} > 0 THEN 0 WHEN missed_{name} <= {missed} - waiting THEN 1 "
                f"ELSE 2 END::UTINYINT AS {name}" for name in COLUMNS[:-1]]  # fmt: skip
        told.append(f"CASE WHEN {COLUMNS[-1]} > 0 THEN 0 ELSE 3 END::UTINYINT AS {COLUMNS[-1]}")
        query = f"""
            CREATE OR REPLACE TABLE cells AS
            WITH dated AS (SELECT subject, action, month(date) AS month FROM records),
            done AS (SELECT subject, action, {counts} FROM dated GROUP BY subject, action),
            joined AS (
                SELECT subject, action,
                       {", ".join(f"coalesce({one}, 0)::TINYINT AS {one}" for one in COLUMNS)}
                FROM subjects CROSS JOIN actions LEFT JOIN done USING (subject, action)),
            counted AS (SELECT *, {", ".join(steps + ranks)} FROM joined)
            SELECT subject, action, {", ".join(told)} FROM counted"""
        return lambda: base.execute(query)

    # ── what they are compared by: cells by status of each action ──

    @staticmethod
    def of_library(found: Compliance) -> np.ndarray:
        rows = sorted(found.by("action")._rows(), key=lambda row: row["action"])
        return np.array([[row[name] for name in STATUSES] for row in rows])

    @staticmethod
    def of_polars(cells: pl.DataFrame) -> np.ndarray:
        counts = cells.lazy().group_by("action").agg(
            pl.sum_horizontal((pl.col(name) == k).sum() for name in COLUMNS).alias(str(k))
            for k in range(len(STATUSES))
        )  # fmt: skip
        return counts.sort(pl.col("action").cast(pl.String)).drop("action").collect().to_numpy()

    @staticmethod
    def of_duckdb(base: duckdb.DuckDBPyConnection) -> np.ndarray:
        sums = ", ".join(
            "(" + " + ".join(f"sum(({name} = {k})::INT)" for name in COLUMNS) + ")"
            for k in range(len(STATUSES))
        )
        rows = base.execute(
            f"SELECT {sums} FROM cells GROUP BY action ORDER BY action::VARCHAR"
        ).fetchall()
        return np.array(rows, np.int64)


def _words(numbers: np.ndarray, words: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), words)


# ── hazards ─────────────────────────────────────────────────────────────────────────────────────


class Register:
    """Hazards with five steps each, drawn uniformly."""

    def __init__(self, events: int) -> None:
        rng = np.random.default_rng(2)
        n = events // 5
        start = np.datetime64("2024-01-01")
        found = rng.integers(0, 1000, n)
        steps = found[:, None] + np.cumsum(rng.integers(0, 30, (n, 5)), axis=1)
        steps[:, 0] = found
        ids = pa.array([f"H{i:07d}" for i in range(n)])
        firms = pa.array([f"E{i:06d}" for i in range(max(1, n // 20))])
        self.hazards = pa.table({
            "id": ids,
            "enterprise": _words(rng.integers(0, len(firms), n), firms),
            "grade": _words(rng.integers(0, 2, n), pa.array(["general", "major"])),
            "channel": _words(rng.integers(0, 3, n), pa.array(["企业自查", "执法检查", "举报"])),
            "found_on": pa.array((start + found).astype("datetime64[D]")),
            "due_on": pa.array((start + found + 60).astype("datetime64[D]")),
        })  # fmt: skip
        names = ("find", "report", "rectify", "verify", "close")
        self.events = pa.table({
            "id": pa.array(np.arange(5 * n)),
            "hazard": _words(np.repeat(np.arange(n), 5), ids),
            "event": _words(np.tile(np.arange(5), n), pa.array(names)),
            "date": pa.array((start + steps.ravel()).astype("datetime64[D]")),
            "by": pa.array(["x"] * (5 * n)).dictionary_encode(),
        })  # fmt: skip


def _due(found: Compliance, n: int, repeats: int) -> np.ndarray:
    """What is due and compared, of a year that is known."""
    start = time.perf_counter()
    found.warm()
    warm = time.perf_counter() - start
    lines(
        f"A year of {n:,} cells",
        "rows",
        [
            ("`due` within a week, the first 1000", lambda: found.due(DAY, "2027-01-07", 1000),
             lambda _: "1000"),
            ("`due_counts` of the day", lambda: found.due_counts(DAY, DAY), lambda _: "20"),
            ("`by(\"duty\")`", lambda: found.by("duty"), lambda _: "20"),
            ("`by(\"county\")`", lambda: found.by("county"), lambda _: "1"),
        ],
        repeats,
    )  # fmt: skip
    say(f"\nThe index of due days: {warm:.2f} s.")
    return Year.of_library(found)


def run(enterprises: int, repeats: int, threads: int) -> None:
    """Duties of a year and what is due, then hazards."""
    year = Year(enterprises, 20, 20 * enterprises)
    n = year.cells
    expected = _due(year.library(threads)(), n, repeats)

    def entrant(name: str, work: Callable[[], Any], result: Callable[[Any], Any]) -> Contestant:
        return Contestant(name, work, result, expected, n, threads)

    race(
        f"Status of {enterprises:,} enterprises × 20 duties × {MONTHS} months against "
        f"{20 * enterprises:,} records",
        [
            entrant(LIBRARY, year.library(threads), year.of_library),
            entrant("polars", year.polars(), year.of_polars),
            entrant("duckdb", year.duckdb(threads), year.of_duckdb),
        ],
        min(3, repeats),
        "M cells/s",
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    say(f"\nPeak of the process, peers included: {peak:.1f} GiB.")

    register = Register(5 * enterprises)
    start = time.perf_counter()
    hazards = sr.read_hazards(register.hazards, events=register.events)
    read = time.perf_counter() - start
    counts = hazards.counts()
    lines(
        f"A register of {counts['rows_in']:,} hazards with {counts['events_in']:,} events "
        f"(read in {read:.2f} s)",
        "rows",
        [
            ("`stock` by grade and channel", lambda: hazards.stock(DAY, by=["grade", "channel"]),
             lambda _: "6"),
            ("`stock` by enterprise", lambda: hazards.stock(DAY, by=["enterprise"]), lambda _: ""),
            ("`flow` of a year by month and grade",
             lambda: hazards.flow("2026-01-01", DAY, by=["grade"]), lambda _: "24"),
            ("`self_rate`", lambda: hazards.self_rate("2026-01-01", DAY), lambda _: "1"),
            ("`goals`", lambda: hazards.goals(2026, DAY), lambda _: ""),
            ("`open_major`", lambda: hazards.open_major(DAY), lambda _: ""),
            ("`duplicates`", lambda: hazards.duplicates(), lambda _: ""),
            ("`recurrences`", lambda: hazards.recurrences(), lambda _: ""),
        ],
        repeats,
    )  # fmt: skip
