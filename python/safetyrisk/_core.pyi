"""
The compiled part of safetyrisk. Use the package `safetyrisk`, not this module.
"""
from __future__ import annotations
import collections.abc
import numpy
import numpy.typing
import typing
__all__: list[str] = ['Accountability', 'Boundaries', 'Chains', 'Change', 'Classification', 'ClassificationMap', 'Combined', 'Compliance', 'Counterfactuals', 'Coverage', 'Current', 'Digraph', 'Disagreement', 'Divisions', 'Drawing', 'Findings', 'Graded', 'HazardBackcheck', 'HazardRegister', 'IssueTable', 'Load', 'Locator', 'MajorHazardStandard', 'MajorHazards', 'Method', 'Pack', 'ResponsibilityGraph', 'Scene', 'Sensitivity', 'Table', 'Uncertain', 'UnitNames', 'WhatIf', 'Who', 'WhoAll', 'WorkCalendar', 'accident_grade', 'accountability', 'action_name', 'assess', 'assign', 'check_enterprises', 'check_graph', 'check_pack', 'clean_credit_code', 'combine', 'common_superior', 'compile_classification', 'compile_classification_map', 'compile_major_hazard', 'compile_method', 'contacts', 'convert', 'counterfactual', 'cover_states', 'coverage', 'credit_check_character', 'credit_code_status', 'crs_label', 'current', 'default_footer', 'diff_graphs', 'disagreement', 'division_code', 'division_level', 'draw', 'duty_list', 'encode_steps', 'escape_xml', 'explain_duty', 'find_classification', 'find_classification_map', 'find_major_hazard_standard', 'find_method', 'font_families', 'grade', 'import_arrow', 'industry_code', 'input_directions', 'isa', 'issue_catalogue', 'join', 'load', 'major_hazard', 'mcda_ahp', 'mcda_ahp_batch', 'mcda_ahp_deviations', 'mcda_ahp_revisit', 'mcda_critic', 'mcda_entropy', 'mcda_fuzzy_compose', 'mcda_fuzzy_decide', 'mcda_grey', 'mcda_random_index', 'mcda_topsis', 'methods', 'natural_log', 'organisation_check_character', 'pack_duties', 'packs', 'palette_colours', 'palette_names', 'parse_crs', 'parse_date', 'parse_level', 'parse_pack', 'parse_plan', 'print_number', 'read_boundaries', 'read_graph_json', 'read_hazards', 'read_plan', 'records_of', 'resolve_collective', 'rollup', 'rollup_enterprises', 'score_arrays', 'score_codes', 'sensitivity', 'tally_groups', 'tally_offsets', 'tally_parents', 'uncertain', 'what_if', 'who', 'who_all', 'who_rows', 'write_points']
class Table:
    """
    Named columns of one length, and where the rows come from.
    """
    def __arrow_c_stream__(self, requested_schema: typing.Any = None) -> typing.Any:
        ...
    def __init__(self, table: str = '', source: str = '', first_line: typing.SupportsInt | typing.SupportsIndex = -1, lines: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex] | None = None) -> None:
        ...
    def __len__(self) -> int:
        ...
    def __repr__(self) -> str:
        ...
    def add(self, name: str, values: typing.Any) -> None:
        """
        Adds a column: a NumPy array, an Arrow array or Series, or a sequence.
        """
    def add_from(self, name: str, other: Table, column: str) -> None:
        """
        Adds a column of another table; the memory is shared.
        """
    def arrow_batches(self, rows: typing.SupportsInt | typing.SupportsIndex, dictionary_limit: typing.SupportsInt | typing.SupportsIndex = 0) -> typing.Any:
        """
        Arrow C stream of batches of so many rows; texts by number stay dictionaries up to the limit.
        """
    def categories(self, name: str) -> typing.Any:
        """
        Codes (-1 where null) and distinct texts of a column kept that way, else None.
        """
    def column(self, name: str) -> typing.Any:
        """
        A column as a NumPy array; texts and dates as objects, null as None.
        """
    def has(self, name: str) -> bool:
        ...
    def line(self, row: typing.SupportsInt | typing.SupportsIndex) -> int:
        """
        Line of a row as a person counts in its file, -1 when unknown.
        """
    def numbers(self, name: str) -> numpy.typing.NDArray[numpy.float64]:
        """
        A column read as numbers, NaN where a cell is none.
        """
    def rename(self, names: collections.abc.Mapping[str, str]) -> Table:
        """
        The same table with columns renamed, old name to new.
        """
    def select(self, names: collections.abc.Sequence[str]) -> Table:
        """
        A table of the named columns, in that order.
        """
    def take(self, rows: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex]) -> Table:
        """
        The rows of these numbers, in that order.
        """
    def texts(self, name: str) -> list:
        """
        A column as printed texts, None where missing.
        """
    def type(self, name: str) -> str:
        """
        'number', 'integer', 'boolean', 'text' or 'date'.
        """
    def view(self, name: str) -> typing.Any:
        """
        As column(), but read-only and without a copy where that can be.
        """
    def with_origin(self, table: str, source: str = '') -> Table:
        """
        The same columns under another name.
        """
    @property
    def names(self) -> list[str]:
        ...
    @property
    def rows(self) -> int:
        ...
    @property
    def source(self) -> str:
        ...
    @property
    def table(self) -> str:
        ...
class IssueTable:
    """
    A growing list of issues.
    """
    def __init__(self) -> None:
        ...
    def __len__(self) -> int:
        ...
    def add(self, code: str, *, table: str = '', source: str = '', row: typing.SupportsInt | typing.SupportsIndex = -1, line: typing.SupportsInt | typing.SupportsIndex = -1, column: str = '', value: str = '', args: collections.abc.Sequence[str] = []) -> None:
        """
        Adds an issue of the catalogue; up to three args fill {1} to {3} of its sentence.
        """
    def append(self, other: IssueTable) -> None:
        ...
    def arguments(self, index: typing.SupportsInt | typing.SupportsIndex) -> list[str]:
        """
        What was given to add() as args.
        """
    def at(self, index: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> dict:
        ...
    def code(self, index: typing.SupportsInt | typing.SupportsIndex) -> str:
        ...
    def count(self, severity: str) -> int:
        ...
    def counts(self) -> dict[str, int]:
        """
        Number of issues by code.
        """
    def to_table(self, lang: str = 'zh') -> Table:
        ...
class Pack:
    """
    A document of rules with its envelope.
    """
    def title(self, lang: str = 'zh') -> str:
        ...
    @property
    def canonical(self) -> str:
        ...
    @property
    def confidence(self) -> str:
        ...
    @property
    def default(self) -> bool:
        ...
    @property
    def family(self) -> str:
        ...
    @property
    def id(self) -> str:
        ...
    @property
    def kind(self) -> str:
        ...
    @property
    def region(self) -> str:
        ...
    @property
    def sha256(self) -> str:
        ...
    @property
    def sources(self) -> list[str]:
        ...
    @property
    def valid_from(self) -> str | None:
        ...
    @property
    def valid_to(self) -> str | None:
        ...
    @property
    def version(self) -> str:
        ...
class Method:
    """
    A scoring method compiled from its pack.
    """
    def __repr__(self) -> str:
        ...
    @property
    def bands(self) -> list:
        ...
    @property
    def clause(self) -> str:
        ...
    @property
    def factors(self) -> list:
        ...
    @property
    def form(self) -> str:
        ...
    @property
    def has_grades(self) -> bool:
        ...
    @property
    def id(self) -> str:
        ...
    @property
    def inputs(self) -> list:
        ...
    @property
    def pack(self) -> Pack:
        ...
    @property
    def scale(self) -> dict:
        ...
    @property
    def score_symbol(self) -> str:
        ...
    @property
    def steps(self) -> list:
        ...
    @property
    def unit(self) -> float:
        ...
    @property
    def vetoes(self) -> list:
        ...
class Graded:
    """
    A graded register.
    """
    def __len__(self) -> int:
        ...
    def bodies(self, lang: str = 'zh') -> tuple[list[str], numpy.typing.NDArray[numpy.int32]]:
        ...
    def counts(self) -> dict:
        ...
    def explain_json(self, row: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> str:
        ...
    def explain_text(self, row: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> str:
        ...
    def explanations(self, lang: str = 'zh', threads: typing.SupportsInt | typing.SupportsIndex = 1) -> Table:
        ...
    def grade_array(self) -> numpy.typing.NDArray[numpy.uint8]:
        ...
    def level(self, row: typing.SupportsInt | typing.SupportsIndex) -> typing.Any:
        ...
    def prose(self, lang: str = 'zh', threads: typing.SupportsInt | typing.SupportsIndex = 1) -> Table:
        ...
    def row_of(self, id: str) -> int | None:
        ...
    def score_array(self) -> numpy.typing.NDArray[numpy.float64]:
        ...
    def status_array(self) -> numpy.typing.NDArray[numpy.uint8]:
        ...
    def to_table(self) -> Table:
        ...
    @property
    def direct(self) -> Pack:
        ...
    @property
    def input(self) -> Table:
        ...
    @property
    def issues(self) -> IssueTable:
        ...
    @property
    def methods(self) -> list[Method]:
        ...
class Counterfactuals:
    """
    The smallest changes of inputs.
    """
    def __len__(self) -> int:
        ...
    def changes(self, lang: str = 'zh') -> Table:
        ...
    def text(self, index: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> str:
        ...
    def to_table(self, lang: str = 'zh') -> Table:
        ...
    @property
    def fixed(self) -> list[str]:
        ...
    @property
    def rows(self) -> list[int]:
        ...
class Uncertain:
    """
    Probabilities of grades.
    """
    def __len__(self) -> int:
        ...
    def levels(self, lang: str = 'zh') -> Table:
        ...
    def text(self, row: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> str:
        ...
    def to_table(self) -> Table:
        ...
    @property
    def central(self) -> Graded:
        ...
    @property
    def issues(self) -> IssueTable:
        ...
    @property
    def seed(self) -> int:
        ...
class Sensitivity:
    """
    Grades with one judgement a step off.
    """
    def __len__(self) -> int:
        ...
    def inputs(self, lang: str = 'zh') -> Table:
        ...
    def neighbours(self, lang: str = 'zh') -> Table:
        ...
    def text(self, index: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> str:
        ...
    def to_table(self) -> Table:
        ...
    @property
    def rows(self) -> list[int]:
        ...
class Disagreement:
    """
    What several graders make of objects.
    """
    def input_table(self) -> Table:
        ...
    def object_table(self) -> Table:
        ...
    def pair_table(self) -> Table:
        ...
    def text(self, lang: str = 'zh') -> str:
        ...
    @property
    def compared(self) -> int:
        ...
    @property
    def graded(self) -> Graded:
        ...
    @property
    def grades_differ(self) -> int:
        ...
    @property
    def inputs_differ(self) -> int:
        ...
    @property
    def objects(self) -> int:
        ...
    @property
    def pairs(self) -> int:
        ...
class Combined:
    """
    Grades of several methods made one.
    """
    def __len__(self) -> int:
        ...
    def matrix(self) -> Table:
        ...
    def text(self, index: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> str:
        ...
    def to_table(self) -> Table:
        ...
    def widest(self, most: typing.SupportsInt | typing.SupportsIndex = 20, lang: str = 'zh') -> Table:
        ...
class Current:
    """
    Inherent, current and residual grades.
    """
    def __len__(self) -> int:
        ...
    def log(self) -> Table:
        ...
    def text(self, row: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> str:
        ...
    def to_table(self) -> Table:
        ...
    @property
    def hazards_in(self) -> int:
        ...
    @property
    def hazards_used(self) -> int:
        ...
    @property
    def issues(self) -> IssueTable:
        ...
class MajorHazardStandard:
    """
    GB 18218 compiled from its pack.
    """
    def __repr__(self) -> str:
        ...
    def by_cas(self, cas: str) -> list[int]:
        """
        Numbers of the rows of table 1 that a CAS number means.
        """
    def by_name(self, name: str) -> list[int]:
        """
        Numbers of the rows of table 1 that a name or alias means.
        """
    @property
    def categories(self) -> list:
        ...
    @property
    def exposure(self) -> list:
        ...
    @property
    def id(self) -> str:
        ...
    @property
    def levels(self) -> list:
        ...
    @property
    def pack(self) -> Pack:
        ...
    @property
    def substances(self) -> list:
        ...
class MajorHazards:
    """
    Units judged by GB 18218.
    """
    def __len__(self) -> int:
        ...
    def counts(self) -> dict:
        ...
    def json(self, unit: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> str:
        ...
    def rows_table(self) -> Table:
        ...
    def text(self, unit: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> str:
        ...
    def to_table(self) -> Table:
        ...
    def unit_of(self, name: str) -> int | None:
        ...
    @property
    def issues(self) -> IssueTable:
        ...
class Classification:
    """
    A list of codes with names.
    """
    def __len__(self) -> int:
        ...
    def __repr__(self) -> str:
        ...
    def code(self, text: str) -> str | None:
        """
        The code of a code, a name or another way to write it, or None.
        """
    def read(self, values: typing.Any, lang: str = 'zh') -> Table:
        """
        A table with `text code name status`, one row for each value.
        """
    @property
    def id(self) -> str:
        ...
    @property
    def items(self) -> list:
        ...
    @property
    def pack(self) -> Pack:
        ...
class ClassificationMap:
    """
    From the codes of one classification to those of another.
    """
    def __repr__(self) -> str:
        ...
    def read(self, values: typing.Any, lang: str = 'zh') -> Table:
        """
        A table with `text from to name candidates status`, one row for each value.
        """
    def sources(self, text: str) -> list[str]:
        """
        Old codes that may have become a new code or name.
        """
    def targets(self, text: str) -> list[str]:
        """
        Codes that an old code or name may be now.
        """
    @property
    def id(self) -> str:
        ...
    @property
    def pack(self) -> Pack:
        ...
class Boundaries:
    """
    Outlines of regions, by code.
    """
    def __len__(self) -> int:
        ...
    def area_km2(self, index: typing.SupportsInt | typing.SupportsIndex) -> float:
        ...
    def check(self, source: str, issues: IssueTable) -> None:
        ...
    def code(self, index: typing.SupportsInt | typing.SupportsIndex) -> str:
        ...
    def name(self, index: typing.SupportsInt | typing.SupportsIndex) -> str:
        ...
    def polygons(self, index: typing.SupportsInt | typing.SupportsIndex) -> list:
        """
        Polygons as lists of rings, outer first; a ring has shape (n, 2).
        """
    @property
    def bounds(self) -> tuple[float, float, float, float]:
        ...
    @property
    def declared(self) -> str:
        ...
    @property
    def vertices(self) -> int:
        ...
class Locator:
    """
    Which region a point lies in.
    """
    def __init__(self, boundaries: Boundaries) -> None:
        ...
    def locate(self, lon: typing.Any, lat: typing.Any, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> numpy.typing.NDArray[numpy.int32]:
        """
        Index of the boundary of each WGS84 point, -1 outside.
        """
    @property
    def memory_bytes(self) -> int:
        ...
class Divisions:
    """
    The tree of administrative divisions.
    """
    def __init__(self, table: Table, on: str | None = None) -> None:
        ...
    def __len__(self) -> int:
        ...
    def code(self, index: typing.SupportsInt | typing.SupportsIndex) -> str:
        ...
    def find(self, code: str) -> int:
        """
        Index of a division, or -1.
        """
    def name(self, index: typing.SupportsInt | typing.SupportsIndex) -> str:
        ...
    def table(self) -> Table:
        ...
    def units_at(self, level: str) -> numpy.typing.NDArray[numpy.int32]:
        ...
    @property
    def issues(self) -> IssueTable:
        ...
class Digraph:
    def __init__(self, nodes: typing.SupportsInt | typing.SupportsIndex, source: typing.Any, target: typing.Any, kinds: typing.Any = None) -> None:
        ...
    def articulation_points(self) -> numpy.typing.NDArray[numpy.int32]:
        ...
    def dominators(self, goals: typing.Any) -> numpy.typing.NDArray[numpy.int32]:
        ...
    def islands(self) -> tuple:
        ...
    def losses(self, goals: typing.Any, weights: typing.Any = None) -> numpy.typing.NDArray[numpy.int64]:
        ...
    def lowest_common(self, a: typing.Any, b: typing.Any, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> tuple:
        ...
    def reach(self, sources: typing.Any, kinds: typing.Any = None, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> tuple:
        ...
    def reach_counts(self, sources: typing.Any, kinds: typing.Any = None, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> numpy.typing.NDArray[numpy.int32]:
        ...
    def reversed(self) -> Digraph:
        ...
    def strong_components(self) -> tuple:
        ...
    def topological_order(self) -> numpy.typing.NDArray[numpy.int32]:
        ...
    @property
    def edges(self) -> int:
        ...
    @property
    def nbytes(self) -> int:
        ...
    @property
    def nodes(self) -> int:
        ...
class Chains:
    def __init__(self, parent: typing.Any, units: typing.Any = None) -> None:
        ...
    def row(self, number: typing.SupportsInt | typing.SupportsIndex) -> numpy.typing.NDArray[numpy.int32]:
        ...
    def views(self, place: typing.Any, column: typing.Any = None, out: typing.Any = None, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> numpy.typing.NDArray[numpy.int32]:
        ...
    def write(self, place: typing.Any, column: typing.Any = None, out: typing.Any = None, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> numpy.typing.NDArray[numpy.int32]:
        ...
    @property
    def columns(self) -> int:
        ...
    @property
    def levels(self) -> int:
        ...
    @property
    def nbytes(self) -> int:
        ...
    @property
    def places(self) -> int:
        ...
    @property
    def rows(self) -> int:
        ...
    @property
    def width(self) -> int:
        ...
class ResponsibilityGraph:
    """
    Typed, dated, sourced duties; immutable.
    """
    @staticmethod
    def build(tables: collections.abc.Sequence[Table], data_date: str | None = None, jurisdiction: collections.abc.Sequence[str] = [], kinds: Pack | None = None, sectors: Pack | None = None, threads: typing.SupportsInt | typing.SupportsIndex = 0, progress: typing.Any = None) -> ResponsibilityGraph:
        """
        A graph of tables; each names itself by its origin.
        """
    def __contains__(self, id: str) -> bool:
        ...
    def day(self, on: str | None = None) -> str:
        ...
    def day_notes(self, on: str | None = None, lang: str = 'zh') -> list[str]:
        ...
    def edge_table(self) -> Table:
        ...
    def node(self, id: str) -> tuple[str, str, str]:
        """
        Id, name and kind; NotFoundError with near ids.
        """
    def node_table(self) -> Table:
        ...
    def packs(self) -> tuple[Pack, Pack]:
        """
        The packs of its kinds and sectors.
        """
    def row_table(self) -> Table:
        ...
    def select(self, selector: str, on: str | None = None) -> list[str]:
        """
        Ids that a selector (JSON) means.
        """
    def to_graphml(self) -> str:
        ...
    def to_json(self) -> str:
        ...
    def words(self) -> dict:
        """
        Ids and names of the kinds of nodes, posts and edges.
        """
    @property
    def bytes(self) -> int:
        ...
    @property
    def data_date(self) -> str | None:
        ...
    @property
    def edges(self) -> int:
        ...
    @property
    def issues(self) -> IssueTable:
        ...
    @property
    def nodes(self) -> int:
        ...
class Findings:
    """
    What the rules found, in their order.
    """
    def __len__(self) -> int:
        ...
    def at(self, row: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> dict:
        ...
    def count(self, severity: str) -> int:
        ...
    def notes(self, lang: str = 'zh') -> list[str]:
        ...
    def rules_table(self, lang: str = 'zh') -> Table:
        ...
    def to_json(self, lang: str = 'zh') -> str:
        ...
    def to_table(self, lang: str = 'zh') -> Table:
        ...
    @property
    def on(self) -> str:
        ...
    @property
    def profile(self) -> str:
        ...
class Who:
    """
    Who answers for a node: capacities, paths, and what is missing.
    """
    def __len__(self) -> int:
        ...
    def at(self, index: typing.SupportsInt | typing.SupportsIndex, lang: str = 'zh') -> dict:
        ...
    def brief(self, lang: str = 'zh') -> str:
        ...
    def missing_table(self, lang: str = 'zh') -> Table:
        ...
    def nodes(self, capacity: str) -> list[str]:
        ...
    def summary(self, lang: str = 'zh') -> str:
        ...
    def text(self, lang: str = 'zh') -> str:
        ...
    def to_json(self, lang: str = 'zh') -> str:
        ...
    def to_table(self, lang: str = 'zh') -> Table:
        ...
    @property
    def missing_size(self) -> int:
        ...
    @property
    def node(self) -> str:
        ...
    @property
    def on(self) -> str:
        ...
    @property
    def truncated(self) -> bool:
        ...
class WhoAll:
    """
    Who answers for many nodes, once for all that share it.
    """
    @property
    def answers(self) -> Table:
        ...
    @property
    def classes(self) -> int:
        ...
    @property
    def members(self) -> Table:
        ...
    @property
    def missing(self) -> Table:
        ...
    @property
    def parts(self) -> list[list[str]]:
        ...
    @property
    def steps(self) -> Table:
        ...
    @property
    def truncated(self) -> bool:
        ...
class UnitNames:
    """
    The names of a graph's units, looked up by day.
    """
    def __init__(self, graph: ResponsibilityGraph, pack: Pack | None = None) -> None:
        ...
    def predecessors(self, unit: str) -> list[str]:
        ...
    def resolve(self, text: str, on: str | None = None, place: str = '', lang: str = 'zh') -> dict:
        ...
    def successors(self, unit: str) -> list[str]:
        ...
class Coverage:
    """
    Sectors by region, and who regulates them there.
    """
    def __len__(self) -> int:
        ...
    def blind_table(self, lang: str = 'zh') -> Table:
        ...
    def rollup_table(self, lang: str = 'zh') -> Table:
        ...
    def states(self) -> dict:
        """
        Number of cells by state.
        """
    def to_json(self, lang: str = 'zh') -> str:
        ...
    def to_table(self, lang: str = 'zh') -> Table:
        ...
    @property
    def enterprises(self) -> int:
        ...
    @property
    def level(self) -> str:
        ...
    @property
    def on(self) -> str:
        ...
    @property
    def undivided(self) -> int:
        ...
    @property
    def unplaced(self) -> int:
        ...
    @property
    def without_sector(self) -> int:
        ...
class Load:
    """
    How much supervision everybody owes, beside what they have.
    """
    def __len__(self) -> int:
        ...
    def to_json(self, lang: str = 'zh') -> str:
        ...
    def to_table(self, lang: str = 'zh') -> Table:
        ...
    @property
    def compared(self) -> str:
        ...
    @property
    def flagged(self) -> int:
        ...
    @property
    def on(self) -> str:
        ...
class Change:
    """
    One change of a what-if.
    """
    def __init__(self, kind: str, units: collections.abc.Sequence[str], into: collections.abc.Sequence[str] = [], sector: str = '', by: collections.abc.Sequence[tuple[str, str]] = []) -> None:
        ...
    def named(self, name: collections.abc.Callable[[str], str]) -> Change:
        """
        The same for a reader: with names in the place of ids.
        """
    def text(self, lang: str = 'zh') -> str:
        ...
class WhatIf:
    """
    A graph with changes laid over it, before and after.
    """
    def coverage_after(self) -> Coverage:
        ...
    def coverage_changes(self, lang: str = 'zh') -> Table:
        ...
    def findings(self, lang: str = 'zh') -> Table:
        ...
    def findings_after(self) -> Findings:
        ...
    def kept_wider(self) -> Table:
        ...
    def lineage(self) -> Table:
        ...
    def load_after(self) -> Load:
        ...
    def load_changes(self, lang: str = 'zh') -> Table:
        ...
    def obsolete_names(self) -> Table:
        ...
    def open_items(self, lang: str = 'zh') -> Table:
        ...
    def orphans(self, lang: str = 'zh') -> Table:
        ...
    def proposals(self, lang: str = 'zh') -> Table:
        ...
    def to_json(self, lang: str = 'zh') -> str:
        ...
    @property
    def on(self) -> str:
        ...
    @property
    def rules_scope(self) -> str:
        ...
class Accountability:
    """
    Who stands in the chain after an accident.
    """
    def clock_table(self, lang: str = 'zh') -> Table:
        ...
    def hazard_table(self) -> Table:
        ...
    def missing_table(self) -> Table:
        ...
    def paths(self) -> list:
        """
        The path to each row of the table.
        """
    def summary(self) -> dict:
        ...
    def text(self, lang: str = 'zh') -> str:
        ...
    def to_json(self, lang: str = 'zh') -> str:
        ...
    def to_table(self, lang: str = 'zh') -> Table:
        ...
    def visit_table(self) -> Table:
        ...
class WorkCalendar:
    """
    Which days are working days.
    """
    @staticmethod
    def compile(pack: Pack) -> WorkCalendar:
        ...
    @staticmethod
    def usual() -> WorkCalendar:
        ...
    def add(self, start: str, days: typing.SupportsInt | typing.SupportsIndex) -> str | None:
        ...
    def between(self, start: str, end: str) -> int | None:
        ...
    def is_working(self, day: str) -> bool | None:
        ...
    @property
    def first(self) -> str:
        ...
    @property
    def last(self) -> str:
        ...
class Compliance:
    """
    Obligations, and how each stands on a day.
    """
    def __len__(self) -> int:
        ...
    def counts(self) -> dict:
        """
        Number of cells by status.
        """
    def due_counts(self, start: str, end: str) -> Table:
        ...
    def due_table(self, start: str, end: str, lang: str = 'zh', limit: typing.SupportsInt | typing.SupportsIndex | None = None) -> Table:
        ...
    def summary(self, by: str, lang: str = 'zh') -> Table:
        ...
    def to_table(self, statuses: collections.abc.Sequence[str] = [], lang: str = 'zh') -> Table:
        ...
    def warm(self) -> None:
        """
        Makes the index of due days.
        """
    @property
    def as_of(self) -> str:
        ...
    @property
    def duties_in(self) -> int:
        ...
    @property
    def duties_used(self) -> int:
        ...
    @property
    def issues(self) -> IssueTable:
        ...
    @property
    def records_in(self) -> int:
        ...
    @property
    def records_used(self) -> int:
        ...
    @property
    def start(self) -> str:
        ...
class HazardBackcheck:
    """
    What looking back on an enterprise found.
    """
    @property
    def checks(self) -> Table:
        ...
    @property
    def hazards(self) -> Table:
        ...
    @property
    def item_checked(self) -> bool | None:
        ...
    @property
    def others(self) -> dict[str, int]:
        ...
    @property
    def reason(self) -> str:
        ...
class HazardRegister:
    """
    Hazards: stock, flow, age.
    """
    def __len__(self) -> int:
        ...
    def backcheck(self, enterprise: str, on: str, item: str = '', actions: collections.abc.Sequence[str] = []) -> HazardBackcheck:
        ...
    def duplicates(self, days: typing.SupportsInt | typing.SupportsIndex) -> Table:
        ...
    def flow(self, start: str, end: str, period: str, by: collections.abc.Sequence[str]) -> Table:
        ...
    def goals(self, year: typing.SupportsInt | typing.SupportsIndex, on: str, by: collections.abc.Sequence[str], pack: Pack | None = None) -> Table:
        ...
    def ladder(self, pack: Pack, on: str, day_kind: str = '', calendar: WorkCalendar | None = None, lang: str = 'zh') -> Table:
        ...
    def lifetimes(self) -> Table:
        ...
    def merged(self, days: typing.SupportsInt | typing.SupportsIndex) -> HazardRegister:
        ...
    def open_major(self, on: str, by: str = 'enterprise') -> Table:
        ...
    def recurrences(self, months: typing.SupportsInt | typing.SupportsIndex) -> Table:
        ...
    def self_rate(self, start: str, end: str, grade: str | None, by: collections.abc.Sequence[str], average: typing.SupportsFloat | typing.SupportsIndex | None = None, level: str = '') -> Table:
        ...
    def standings(self, on: str) -> Table:
        ...
    def stock(self, on: str, by: collections.abc.Sequence[str]) -> Table:
        ...
    @property
    def events_in(self) -> int:
        ...
    @property
    def events_used(self) -> int:
        ...
    @property
    def issues(self) -> IssueTable:
        ...
    @property
    def merged_rows(self) -> int:
        ...
    @property
    def rows_in(self) -> int:
        ...
    @property
    def state_words(self) -> dict:
        ...
class Scene:
    """
    Everything that one map page shows.
    """
    approval: str
    author: str
    coverage: str
    crs: str
    data_date: str
    footer: str | None
    grey: bool
    region_word: str
    rule: str
    source: str
    subtitle: str
    title: str
    def __init__(self) -> None:
        ...
    def add_region(self, boundaries: Boundaries, index: typing.SupportsInt | typing.SupportsIndex, name: str, grade: typing.SupportsInt | typing.SupportsIndex) -> None:
        """
        Adds a region by its boundary; grade is a code, 0 for 未评估.
        """
    def set_colours(self, colours: collections.abc.Mapping[str, str]) -> None:
        ...
    def set_lang(self, lang: str) -> None:
        ...
    def set_page(self, name: str) -> None:
        ...
    def set_palette(self, name: str) -> None:
        ...
    def set_point_counts(self, counts: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex]) -> None:
        ...
    def set_points(self, id: collections.abc.Sequence[str], name: collections.abc.Sequence[str], lon: typing.Any, lat: typing.Any, grade: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8]) -> None:
        ...
    def set_region_counts(self, counts: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex]) -> None:
        ...
    @property
    def colours(self) -> dict:
        ...
class Drawing:
    """
    A drawn scene.
    """
    @property
    def hidden_labels(self) -> list[str]:
        ...
    @property
    def points_in_cells(self) -> int:
        ...
    @property
    def points_outside(self) -> int:
        ...
    @property
    def points_without_place(self) -> int:
        ...
    @property
    def scale(self) -> int:
        ...
    @property
    def svg(self) -> str:
        ...
def accident_grade(deaths: typing.SupportsInt | typing.SupportsIndex = 0, injuries: typing.SupportsInt | typing.SupportsIndex = 0, loss: typing.SupportsFloat | typing.SupportsIndex = 0.0, pack: Pack | None = None) -> str:
    ...
def accountability(graph: ResponsibilityGraph, node: str, deaths: typing.SupportsInt | typing.SupportsIndex | None = None, injuries: typing.SupportsInt | typing.SupportsIndex | None = None, loss: typing.SupportsFloat | typing.SupportsIndex | None = None, on: str | None = None, approved_on: str | None = None, sectors: collections.abc.Sequence[str] = [], concealed: bool = False, exceptional: bool = False, escalate: bool = False, escalations: collections.abc.Sequence[str] = [], incomes: collections.abc.Mapping[str, typing.SupportsFloat | typing.SupportsIndex] = {}, pack: Pack | None = None, capacities: Pack | None = None) -> Accountability:
    ...
def action_name(action: str, lang: str = 'zh') -> str:
    """
    What an action is called.
    """
def assess(graph: ResponsibilityGraph, duties: Table, records: Table, as_of: str | None, start: str | None, end: str | None, recorded: collections.abc.Sequence[str], calendar: WorkCalendar, threads: typing.SupportsInt | typing.SupportsIndex = 0, progress: typing.Any = None) -> Compliance:
    ...
def assign(divisions: Divisions, rows: Table, enterprises: Table | None = None, boundaries: Boundaries | None = None, locator: Locator | None = None, crs: str = 'wgs84', threads: typing.SupportsInt | typing.SupportsIndex = 1) -> tuple[numpy.typing.NDArray[numpy.int32], numpy.typing.NDArray[numpy.uint8], numpy.typing.NDArray[numpy.int32], IssueTable]:
    ...
def check_enterprises(enterprises: Table, issues: IssueTable) -> None:
    ...
def check_graph(graph: ResponsibilityGraph, on: str | None = None, profile: str = '', rules: collections.abc.Sequence[str] = [], parameters: collections.abc.Mapping[str, str] = {}, pack: Pack | None = None, threads: typing.SupportsInt | typing.SupportsIndex = 0, progress: typing.Any = None) -> Findings:
    ...
def check_pack(text: str, where: str = 'pack') -> typing.Any:
    ...
def clean_credit_code(code: str) -> str:
    ...
def combine(methods: collections.abc.Sequence[tuple[str, Graded]], rule: str, order: collections.abc.Sequence[str]) -> Combined:
    ...
def common_superior(graph: ResponsibilityGraph, a: str, b: str, on: str | None = None, lang: str = 'zh') -> tuple[Table, str]:
    """
    Table and text.
    """
def compile_classification(pack: Pack) -> Classification:
    ...
def compile_classification_map(pack: Pack, from_: Classification, to: Classification) -> ClassificationMap:
    ...
def compile_major_hazard(pack: Pack) -> MajorHazardStandard:
    ...
def compile_method(pack: Pack) -> Method:
    ...
def contacts(graph: ResponsibilityGraph, node: str, hops: typing.SupportsInt | typing.SupportsIndex, on: str | None = None, lang: str = 'zh') -> tuple[Table, str]:
    """
    Table and text.
    """
def convert(lon: typing.Any, lat: typing.Any, source: str, target: str) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
    ...
def counterfactual(graded: Graded, *, rows: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex] = [], fixed: collections.abc.Sequence[str] = [], most_trials: typing.SupportsInt | typing.SupportsIndex = 200000, threads: typing.SupportsInt | typing.SupportsIndex = 1, progress: typing.Any = None) -> Counterfactuals:
    ...
def cover_states() -> dict:
    ...
def coverage(graph: ResponsibilityGraph, on: str | None = None, level: str = 'county', by: str = '', pack: Pack | None = None, threads: typing.SupportsInt | typing.SupportsIndex = 0, progress: typing.Any = None) -> Coverage:
    ...
def credit_check_character(first17: str) -> str:
    ...
def credit_code_status(code: str) -> str:
    """
    'ok', 'length', 'alphabet', 'organisation_check' or 'check'.
    """
def crs_label(crs: str) -> str:
    ...
def current(graded: Graded, hazards: Table | None, *, rules: Pack, on: str, by: str = 'risk_point', residual: Graded | None = None) -> Current:
    ...
def default_footer(lang: str = 'zh') -> str:
    ...
def diff_graphs(before: ResponsibilityGraph, after: ResponsibilityGraph) -> tuple[Table, Table, dict]:
    """
    Nodes, edges, and how many came, went and changed.
    """
def disagreement(table: Table, grader: str, *, method: str = '', custom: Method | None = None, as_of: str | None = None, colours: collections.abc.Sequence[Pack] = [], averaged: bool = False, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> Disagreement:
    ...
def division_code(text: str) -> str | None:
    """
    Canonical form of a division code, or None.
    """
def division_level(code: str) -> str | None:
    """
    Level of a division code, or None.
    """
def draw(scene: Scene) -> Drawing:
    ...
def duty_list(graph: ResponsibilityGraph, post: str, on: str | None = None, lang: str = 'zh') -> tuple[Table, str]:
    """
    Table and text.
    """
def encode_steps(values: typing.Any, factor: typing.SupportsInt | typing.SupportsIndex, method: Method, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> numpy.typing.NDArray[numpy.uint8]:
    ...
def escape_xml(text: str) -> str:
    ...
def explain_duty(graph: ResponsibilityGraph, who: str, node: str, on: str | None = None, lang: str = 'zh') -> tuple[Table, str, str, int]:
    """
    Table, text, JSON and number of reasons.
    """
def find_classification(name: str, as_of: str | None = None) -> Classification:
    ...
def find_classification_map(from_: Classification, to: Classification) -> ClassificationMap:
    ...
def find_major_hazard_standard(name: str = 'gb18218', as_of: str | None = None) -> MajorHazardStandard:
    ...
def find_method(name: str, as_of: str | None = None) -> Method:
    ...
def font_families() -> str:
    ...
def grade(table: Table, *, method: str = '', custom: Method | None = None, as_of: str | None = None, direct: str = '', colours: collections.abc.Sequence[Pack] = [], averaged: bool = False, named: collections.abc.Sequence[tuple[str, Method]] = [], rules: Pack | None = None, threads: typing.SupportsInt | typing.SupportsIndex = 1, progress: typing.Any = None) -> Graded:
    ...
def import_arrow(object: typing.Any, table: str = '', source: str = '', first_line: typing.SupportsInt | typing.SupportsIndex = -1) -> tuple[Table, list[str]]:
    """
    A table from an object with __arrow_c_stream__, and the names of columns that hold no cells.
    """
def industry_code(text: str) -> str | None:
    """
    GB/T 4754 code with its section letter, or None.
    """
def input_directions(method: Method) -> list:
    ...
def isa() -> str:
    ...
def issue_catalogue() -> list:
    """
    Every kind of issue the library can make, sorted by code.
    """
def join(divisions: Divisions, boundaries: Boundaries, issues: IssueTable) -> numpy.typing.NDArray[numpy.int32]:
    ...
def load(graph: ResponsibilityGraph, on: str | None = None, pack: Pack | None = None, threads: typing.SupportsInt | typing.SupportsIndex = 0, progress: typing.Any = None) -> Load:
    ...
def major_hazard(table: Table, *, standard: MajorHazardStandard, exposed: typing.SupportsInt | typing.SupportsIndex | None = None, exposed_by_unit: collections.abc.Mapping[str, typing.SupportsInt | typing.SupportsIndex] = {}, largest_beta: bool = False, progress: typing.Any = None) -> MajorHazards:
    ...
def mcda_ahp(comparisons: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], method: str, tolerance: typing.SupportsFloat | typing.SupportsIndex) -> tuple[numpy.typing.NDArray[numpy.float64], float, float]:
    """
    Weights, λmax and CI.
    """
def mcda_ahp_batch(comparisons: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], method: str, tolerance: typing.SupportsFloat | typing.SupportsIndex, threads: typing.SupportsInt | typing.SupportsIndex) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
    """
    Weights, λmax and CI of many matrices.
    """
def mcda_ahp_deviations(comparisons: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], weights: typing.Annotated[numpy.typing.ArrayLike, numpy.float64]) -> list:
    """
    Row, column, value, consistent value and deviation of each comparison, worst first.
    """
def mcda_ahp_revisit(comparisons: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], table: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], largest_step: typing.SupportsFloat | typing.SupportsIndex, method: str, tolerance: typing.SupportsFloat | typing.SupportsIndex) -> typing.Any:
    """
    Row, column, suggested value and the CR with it, or None.
    """
def mcda_critic(values: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], cost: typing.Annotated[numpy.typing.ArrayLike, numpy.bool], freedom: typing.SupportsInt | typing.SupportsIndex, threads: typing.SupportsInt | typing.SupportsIndex) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.ndarray, numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
    """
    Weights, C, deviation, conflict, correlation, minimum and maximum.
    """
def mcda_entropy(values: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], threads: typing.SupportsInt | typing.SupportsIndex) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
    """
    Weights, divergence, entropy and sum by column.
    """
def mcda_fuzzy_compose(weights: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], memberships: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], operator: str) -> numpy.typing.NDArray[numpy.float64]:
    """
    B = A∘R.
    """
def mcda_fuzzy_decide(memberships: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], worst: str, digits: typing.SupportsInt | typing.SupportsIndex) -> tuple[list[int], int | None]:
    """
    Places of the largest membership, and the one chosen.
    """
def mcda_grey(values: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], weights: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], cost: typing.Annotated[numpy.typing.ArrayLike, numpy.bool], rho: typing.SupportsFloat | typing.SupportsIndex, coefficients: bool, threads: typing.SupportsInt | typing.SupportsIndex) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
    """
    Grades by row, ξ, minimum, maximum and weight by column.
    """
def mcda_random_index(name: str, pack: typing.Any = None) -> tuple[str, list[float], float, float]:
    """
    Id, RI by number of elements, limit of CR and largest step of a table.
    """
def mcda_topsis(values: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], weights: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], cost: typing.Annotated[numpy.typing.ArrayLike, numpy.bool], scaling: str, distances: bool, threads: typing.SupportsInt | typing.SupportsIndex) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
    """
    C, d⁺, d⁻ by row; norm, best, worst, ideal, anti-ideal by column.
    """
def methods() -> list[Method]:
    ...
def natural_log(x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64]) -> typing.Any:
    """
    Natural logarithm, the same bytes on every machine.
    """
def organisation_check_character(first8: str) -> str:
    ...
def pack_duties(packs: collections.abc.Sequence[Pack], switch_on: collections.abc.Sequence[str], lang: str = 'zh') -> tuple[Table, IssueTable]:
    """
    Rows of packs of duties, and the issues of entries that are not switched on.
    """
def packs() -> list[Pack]:
    """
    The packs that ship with the library, in id order.
    """
def palette_colours(name: str) -> dict:
    ...
def palette_names() -> list[str]:
    ...
def parse_crs(text: str) -> str:
    """
    Canonical name of a coordinate system; InputError when unknown.
    """
def parse_date(text: str) -> str | None:
    """
    A date as YYYY-MM-DD, or None.
    """
def parse_level(text: str) -> str:
    """
    Canonical name of a level; InputError when unknown.
    """
def parse_pack(json: str, where: str = 'pack') -> Pack:
    ...
def parse_plan(text: str, year: typing.SupportsInt | typing.SupportsIndex | None = None, id: str = '') -> tuple[str, IssueTable]:
    """
    The plan of a text as JSON, and what was wrong with it.
    """
def print_number(value: typing.SupportsFloat | typing.SupportsIndex) -> str:
    ...
def read_boundaries(geojson: bytes, crs: str, code: str, name: str, source: str, issues: IssueTable) -> Boundaries:
    ...
def read_graph_json(json: str) -> tuple[list[Table], str | None, list[str]]:
    """
    Tables, data date and jurisdiction of the JSON of to_json.
    """
def read_hazards(graph: ResponsibilityGraph | None, hazards: Table, events: Table | None = None, states: Pack | None = None, data_date: str | None = None) -> HazardRegister:
    ...
def read_plan(text: str, year: typing.SupportsInt | typing.SupportsIndex | None, id: str, task: type, unit: type) -> tuple[dict, IssueTable]:
    """
    The plan of a text: what it says of itself, objects of the two dataclasses (frozen, with slots), and what was wrong with it.
    """
def records_of(graph: ResponsibilityGraph, records: Table, action: str, subject: str, object: str, until: str) -> Table:
    """
    Rows of the records that may have served a cell, by day.
    """
def resolve_collective(graph: ResponsibilityGraph, text: str, place: str = '', sectors: collections.abc.Sequence[str] = [], committee: str = '', addressees: collections.abc.Sequence[str] = [], on: str | None = None, pack: Pack | None = None) -> dict:
    """
    Whom a collective name means on a day.
    """
def rollup(divisions: Divisions, division: typing.Annotated[numpy.typing.ArrayLike, numpy.int32], grade: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8], status: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8], level: str, rule: str = 'worst', thresholds: collections.abc.Sequence[collections.abc.Mapping[str, typing.Any]] = [], weights: collections.abc.Mapping[str, typing.Any] = {}, per: str = 'unit', rows: Table | None = None, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> tuple:
    ...
def rollup_enterprises(rows: Table, grade: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8], status: typing.Annotated[numpy.typing.ArrayLike, numpy.uint8], rule: str = 'worst', thresholds: collections.abc.Sequence[collections.abc.Mapping[str, typing.Any]] = [], weights: collections.abc.Mapping[str, typing.Any] = {}, per: str = 'unit', enterprises: Table | None = None, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> tuple:
    ...
def score_arrays(factors: collections.abc.Sequence, method: Method, threads: typing.SupportsInt | typing.SupportsIndex = 1, out: typing.Any = None) -> tuple:
    ...
def score_codes(factors: collections.abc.Sequence, method: Method, threads: typing.SupportsInt | typing.SupportsIndex = 1, out: typing.Any = None) -> tuple:
    ...
def sensitivity(graded: Graded, *, rows: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex] = [], threads: typing.SupportsInt | typing.SupportsIndex = 1, progress: typing.Any = None) -> Sensitivity:
    ...
def tally_groups(factors: collections.abc.Sequence, groups: typing.Any, n_groups: typing.SupportsInt | typing.SupportsIndex, method: Method, codes: bool = False, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> numpy.ndarray:
    ...
def tally_offsets(factors: collections.abc.Sequence, offsets: typing.Any, method: Method, codes: bool = False, threads: typing.SupportsInt | typing.SupportsIndex = 1) -> numpy.ndarray:
    ...
def tally_parents(children: numpy.ndarray, parents: typing.Any, n_groups: typing.SupportsInt | typing.SupportsIndex) -> numpy.ndarray:
    ...
def uncertain(table: Table, *, method: str = '', custom: Method | None = None, as_of: str | None = None, colours: collections.abc.Sequence[Pack] = [], averaged: bool = False, seed: typing.SupportsInt | typing.SupportsIndex = 0, draws: typing.SupportsInt | typing.SupportsIndex = 10000, most_exact: typing.SupportsInt | typing.SupportsIndex = 10000, threads: typing.SupportsInt | typing.SupportsIndex = 1, progress: typing.Any = None) -> Uncertain:
    ...
def what_if(graph: ResponsibilityGraph, changes: collections.abc.Sequence[Change], on: str | None = None, profile: str = '', rules: collections.abc.Sequence[str] = [], level: str = 'county', ask_rules: bool = True, load: bool = True, threads: typing.SupportsInt | typing.SupportsIndex = 0, parameters: collections.abc.Mapping[str, str] = {}, pack: Pack | None = None, workload: Pack | None = None, whole_graph: typing.SupportsInt | typing.SupportsIndex = 20000) -> WhatIf:
    ...
def who(graph: ResponsibilityGraph, node: str, on: str | None = None, link: str = '', scene: str = '', sectors: collections.abc.Sequence[str] = [], limit: typing.SupportsInt | typing.SupportsIndex = 100000, pack: Pack | None = None) -> Who:
    ...
def who_all(graph: ResponsibilityGraph, ids: collections.abc.Sequence[str] = [], on: str | None = None, link: str = '', scene: str = '', limit: typing.SupportsInt | typing.SupportsIndex = 100000, pack: Pack | None = None, lang: str = 'zh', threads: typing.SupportsInt | typing.SupportsIndex = 0, progress: typing.Any = None) -> WhoAll:
    ...
def who_rows(graph: ResponsibilityGraph, sink: collections.abc.Callable[[Table], None], ids: collections.abc.Sequence[str] = [], on: str | None = None, link: str = '', scene: str = '', limit: typing.SupportsInt | typing.SupportsIndex = 100000, pack: Pack | None = None, lang: str = 'zh', threads: typing.SupportsInt | typing.SupportsIndex = 0, progress: typing.Any = None) -> None:
    """
    Calls sink with a table of full rows, whole nodes at a time.
    """
def write_points(table: Table, crs: str = 'wgs84', lon: str = 'lon', lat: str = 'lat') -> bytes:
    ...
__version__: str = '0.1.0'
