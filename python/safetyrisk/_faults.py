"""What a person at the command line may have done wrong, as codes with a sentence in two languages.

The exceptions carry the English sentence as their message; the command line prints the Chinese one
unless asked otherwise. Codes are never reused; README lists them, and a test compares the two.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping

from ._errors import Error, InputError, NotFoundError
from ._graph_faults import GRAPH_FAULTS

__all__ = ["FAULTS", "fault", "os_words", "sentence"]

#: English and Chinese sentence by code. Those of `_core_faults.CORE` are the core's own sentences.
FAULTS: dict[str, tuple[str, str]] = {
    "audit.no_record": (
        "{file}: is no audit record of this library: {reason}",
        "{file} 不是本库的审计记录（.jsonl）：{reason}",
    ),
    "book.encrypted": (
        "{file}: the workbook is encrypted; save it without a password",
        "{file} 设有密码；请取消密码后另存",
    ),
    "book.no_cells": ("{file}: no sheet has a cell in it", "{file} 的各工作表都是空的"),
    "book.no_sheet": (
        "{file}: there is no sheet '{sheet}'; there are: {known}",
        "{file} 中没有工作表“{sheet}”；有：{known}",
    ),
    "book.sheet_empty": ("{file} [{sheet}]: the sheet is empty", "{file} 的工作表“{sheet}”是空的"),
    "book.too_large": (
        "{file}: the workbook is too large to be opened: {what} the limit '{limit}' allows "
        "({shown}); if the file can be trusted, raise it with the environment variable "
        "{variable}",
        "{file} 展开后过大，超过限度 {limit}（{shown}），没有打开；文件可信时可用环境变量 "
        "{variable} 提高限度",
    ),
    "book.unreadable": (
        "{file}: the workbook cannot be read: {reason}",
        "{file} 不是可以读取的工作簿：{reason}",
    ),
    "boundaries.invalid": ("{reason}", "边界文件有误：{reason}"),
    "boundaries.level": (
        "no boundary belongs to a division of level {level}; the boundaries are {codes} …",
        "没有一个边界属于{level}区划；边界的代码如 {codes}",
    ),
    "boundaries.missing": (
        "these divisions have no boundaries; read them with boundaries=…",
        "没有给出边界，无法定位和制图",
    ),
    "boundaries.unusable": (
        "none of the boundaries can be used; the issues of the divisions say why: {why}",
        "没有可用的边界：{why}",
    ),
    "column.for_two": (
        "columns: the header '{theirs}' is given for both '{one}' and '{ours}'",
        "--column：表头“{theirs}”同时指给了 {one} 和 {ours}",
    ),
    "column.header_twice": (
        "columns: the header '{theirs}' stands {count} times",
        "--column：表头“{theirs}”出现 {count} 次，无法确定是哪一列",
    ),
    "column.no_header": (
        "columns: there is no header '{theirs}' for '{ours}'; there: {known}",
        "--column：表中没有表头“{theirs}”（指给 {ours}）；有：{known}",
    ),
    "column.unknown": (
        "columns: the table has no column '{ours}'; it has: {known}",
        "--column：没有名为 {ours} 的列；可用：{known}",
    ),
    "compare.no_key": (
        "{side} has no column '{key}' to compare by; it has: {known}",
        "{side}没有可供对应的列“{key}”；有：{known}",
    ),
    "compare.no_rows": (
        "{file}: the sheet '{sheet}' does not list the rows (there are too many for it); give "
        "the CSV or Parquet file of the same result",
        "{file} 的工作表“{sheet}”行数过多，没有列出各行；请改用同一结果的 CSV 或 Parquet 文件",
    ),
    "compare.not_ours": (
        "{file}: is no graded register: {reason}",
        "{file} 不是分级结果：{reason}",
    ),
    "csv.bytes": (
        "{file}: byte {byte} is not {encoding}",
        "{file} 的第 {byte} 字节不是有效的 {encoding}",
    ),
    "csv.encoding": (
        "{file}: is neither UTF-8 (byte {byte} does not fit) nor GB18030; name its encoding "
        "with encoding=",
        "{file} 既不是 UTF-8（第 {byte} 字节不符）也不是 GB18030；请另存为 UTF-8",
    ),
    "csv.nul": (
        "{file}: line {line} holds a NUL character; this is no text file (or it is UTF-16 "
        "without a byte order mark)",
        "{file} 第 {line} 行含有空字符，不是文本文件（或是没有标记的 UTF-16）",
    ),
    "csv.quote": (
        "{file}: in the record that begins on line {line} a quotation mark is never closed",
        "{file} 从第 {line} 行开始的一条记录里引号没有闭合",
    ),
    "csv.record": (
        "{file}: the record that begins on line {line} cannot be read: {reason}; is a "
        "quotation mark never closed?",
        "{file} 从第 {line} 行开始的一条记录无法读取：{reason}；引号是否没有闭合？",
    ),
    "csv.too_wide": (
        "{file}: line {line} has {cells} cells; a table has at most {most}. Is a line break "
        "missing?",
        "{file} 第 {line} 行有 {cells} 个单元格，一张表最多 {most} 个；是否缺少换行？",
    ),
    "dataset.column_unknown": (
        "{place}: {key}: the table has no such column; it has: {known}",
        "{place}：{key}：没有这个列；可用：{known}",
    ),
    "dataset.columns": (
        '{place}: {key} must be a table of ours = "theirs"',
        '{place}：{key} 应写作 [columns.表名] 下的 列名 = "表头"',
    ),
    "dataset.date": (
        "{place}: data_date must be a day as YYYY-MM-DD, not {value}",
        "{place}：data_date 是 {value}；应写作 YYYY-MM-DD",
    ),
    "dataset.format": (
        "{place}: format must be 1, not {value}",
        "{place}：format 应为 1，不能是 {value}",
    ),
    "dataset.link": (
        "{file}: is a link that leads out of the dataset's folder",
        "{file} 是链接，指向数据集文件夹之外，不予读取",
    ),
    "dataset.no_folder": ("{folder}: there is no such folder", "没有文件夹 {folder}"),
    "dataset.no_graph": (
        "{place}: has none of the tables {known}",
        "{place} 中没有责任图谱的表；应有其中几个：{known}",
    ),
    "dataset.no_table": (
        "{place} has no table {table}",
        "{place} 中没有表 {table}",
    ),
    "dataset.no_toml": (
        "{folder}: the folder has no dataset.toml",
        "文件夹 {folder} 中没有 dataset.toml",
    ),
    "dataset.several_bases": (
        "{folder}: a dataset has one SQLite file, not several: {names}",
        "{folder}：数据集只能有一个 SQLite 文件，现有：{names}",
    ),
    "dataset.table_twice": (
        "{folder}: the table '{table}' lies in {one} and in {other}",
        "{folder}：表 {table} 同时在 {one} 和 {other} 中；请只留一个",
    ),
    "dataset.table_unknown": (
        "{place}: {key}: there is no such table; there are: {known}",
        "{place}：{key}：没有这个表；可用：{known}",
    ),
    "dataset.text": (
        "{place}: {key} must be a text, not {value}",
        "{place}：{key} 应为文本，不能是 {value}",
    ),
    "date.malformed": ("{name} is {text}; write YYYY-MM-DD", "{name} 是 {text}；应写作 YYYY-MM-DD"),
    "demo.exists": (
        "{folder}: holds something else than this demonstration, or a changed one; give a new folder",
        "{folder} 里有别的内容，或演示数据已改动；请给一个新文件夹",
    ),
    "document.convert": (
        "{file}: a {what} document cannot be read; open it with Word or WPS and save it as "
        ".docx, or as a PDF with text",
        "不能读取 {what} 文档 {file}；请用 Word 或 WPS 打开，另存为 .docx（或带文字的 PDF）",
    ),
    "document.encoding": (
        "{file}: is neither UTF-8 (byte {byte} does not fit) nor GB18030; save it as UTF-8",
        "{file} 既不是 UTF-8（第 {byte} 字节不符）也不是 GB18030；请另存为 UTF-8",
    ),
    "document.encrypted": (
        "{file}: the document is encrypted; save it without a password",
        "{file} 设有密码；请取消密码后另存",
    ),
    "document.macros": (
        "{file}: the document has macros and is not opened; save it as .docx without them",
        "{file} 含有宏，没有打开；请另存为不含宏的 .docx",
    ),
    "document.no_text": (
        "{file}: the document has no text",
        "{file} 中没有文字",
    ),
    "document.pasted": (
        "this is text, not a path; read it with parse_plan()",
        "给出的是文本而不是文件；请用 parse_plan() 读取",
    ),
    "document.picture": (
        "{file}: this is a picture; recognise its text (OCR) first, or read the .docx it was made "
        "from",
        "{file} 是图片，没有文字；请先做文字识别（OCR），或改用原始的 .docx",
    ),
    "document.scanned": (
        "{file}: the PDF has no text, its pages are pictures; recognise them (OCR) first, or "
        "read the .docx it was made from",
        "{file} 是扫描件，没有文字；请先做文字识别（OCR），或改用原始的 .docx",
    ),
    "document.suffix": (
        "{file}: '{suffix}' is no document that can be read; these are: {known}",
        "{file}：不能读取“{suffix}”文档；可以读取：{known}",
    ),
    "document.too_large": (
        "{file}: the document unpacks to more than {shown} and is not opened; if it can be "
        "trusted, raise the limit with the environment variable {variable}",
        "{file} 展开后超过 {shown}，没有打开；文件可信时可用环境变量 {variable} 提高限度",
    ),
    "document.too_slow": (
        "{file}: reading the document takes more than {seconds} s and was given up; if it can be "
        "trusted, allow more with the environment variable SAFETYRISK_PDF_SECONDS",
        "读取 {file} 超过 {seconds} 秒，已放弃；文件可信时可用环境变量 SAFETYRISK_PDF_SECONDS 延长",
    ),
    "document.unreadable": (
        "{file}: the document cannot be read: {reason}; open it with Word or WPS and save it as "
        ".docx, or as a PDF with text",
        "{file} 已损坏，或不是可以读取的文档；请用 Word 或 WPS 打开，另存为 .docx（或带文字的 PDF）",
    ),
    "extra.missing": (
        "this needs the package {package}, which is not installed; install it with: {command}",
        "需要的软件包 {package} 没有安装；请执行：{command}",
    ),
    "file.empty": ("{file}: the file is empty", "{file} 是空文件"),
    "file.kind": (
        "{file}: is named {suffix} but is {what}",
        "{file} 的扩展名是 {suffix}，实际是{what}",
    ),
    "file.suffix": (
        "{file}: '{suffix}' is no table that can be read; these are: {known}",
        "{file}：不能读取“{suffix}”文件；可以读取：{known}",
    ),
    "file.unreadable": ("cannot read {file}: {reason}", "无法读取 {file}：{reason}"),
    "font.character": (
        "the font {font} has no character {names}; {cure}",
        "字体 {font} 缺少字符 {names}；{cure}",
    ),
    "font.missing": (
        "no font with Chinese characters was found; {cure}",
        "没有找到中文字体；{cure}",
    ),
    "font.no_file": ("{where} names {file}, which is no file", "字体文件 {file} 不存在（{where}）"),
    "font.unreadable": (
        "{font} is no font that can be read{reason}",
        "{font} 不是可以读取的字体{reason}",
    ),
    "grades.without_colour": (
        "{count} graded rows have levels without colours; name a colour map with colours= in grade()",
        "有 {count} 行的评价方法只分级、不规定颜色，不能按四色汇总或对比；请在评级时用 colours= 指定颜色包",
    ),
    "input.twice": ("the input '{name}' is given twice", "输入“{name}”给出了两次；请只写一次"),
    "input.unknown": (
        "{method} reads no '{name}'{near}; its inputs are {known}",
        "{method} 不读取“{name}”{near}；它的输入有：{known}",
    ),
    "isa.not_here": (
        "SAFETYRISK_ISA is '{value}', which this machine or this build does not have",
        "环境变量 SAFETYRISK_ISA 是“{value}”，本机或本次编译不支持",
    ),
    "isa.unknown": (
        "SAFETYRISK_ISA is '{value}'; it must be scalar, avx2 or avx512",
        "环境变量 SAFETYRISK_ISA 是“{value}”；应为 scalar、avx2 或 avx512",
    ),
    "job.foreign": (
        "{folder}: holds {owner}, not the result of {identity}; choose another folder, or "
        "overwrite it with --force",
        "{folder} 中是{owner}，不是 {identity} 的结果；请换一个文件夹，或用 --force 覆盖",
    ),
    "job.format": ("{file}: format must be 1", "{file}：format 应为 1"),
    "job.key": (
        "{place}: unknown key '{key}'; known are {known}",
        "{place}：没有名为 {key} 的键；可用：{known}",
    ),
    "job.locked": (
        "{folder}: another run is writing there now; wait for its end",
        "{folder}：另一次运行正在写入，请等它结束",
    ),
    "job.map_level": (
        "{file}: the map of level {level} needs a [[rollup]] of it",
        "{file}：{level} 级的地图需要同级的 [[rollup]]",
    ),
    "job.map_no_grades": (
        "{file}: the map of level {level} needs thresholds in its [[rollup]]: the rule {rule} "
        "gives no grades without them",
        "{file}：{level} 级的地图无法绘制：规则 {rule} 没有阈值就不定级；请在该级的 [[rollup]] "
        "中写 thresholds",
    ),
    "job.memory": (
        "the job needs about {need} for {rows} rows, more than {budget}, {of}; about {fit} "
        "rows would fit",
        "作业的 {rows} 行约需内存 {need}，超过限额 {budget}；限额内约可处理 {fit} 行",
    ),
    "job.missing": ("{place}: {key} is missing", "{place}：缺少 {key}"),
    "job.no_method": (
        "{file}: no method: {register} has no column 'method'; add it, or write [grade] method "
        '= "lec"',
        "{file} 没有指明评价方法：{register} 中没有“评价方法”列；请补上该列，或写 [grade] "
        'method = "lec"',
    ),
    "job.no_table": (
        "{folder}: there is no table '{table}' to {use}",
        "{folder} 中没有所需的表 {table}",
    ),
    "job.on_data": (
        "{place} is '{text}', but the data lie in it; name a folder of its own",
        "{place} 是“{text}”，输入数据在其中；请另用一个文件夹",
    ),
    "job.outside": (
        "{place} is '{text}', which leads out of the job file's folder; write an absolute path "
        "if that is meant",
        "{place} 是“{text}”，在作业文件所在的文件夹之外；确需如此请写绝对路径",
    ),
    "job.path": (
        "{place}: is empty or holds a NUL character; write a path",
        "{place}：是空的，或含有空字符（NUL）；请写一个路径",
    ),
    "job.previous_changed": (
        "{file} [run] previous: {place} is no longer what its run wrote (its SHA-256 differs "
        "from run-report.json); restore it, or name the file itself to compare with it as it is",
        "{file} [run] previous：{place} 已不是那次运行写出的内容（SHA-256 与 run-report.json 不"
        "符）；请恢复原文件，确要与现有内容对比时直接写这个文件",
    ),
    "job.previous_none": (
        "{file} [run] previous: there is no {place}",
        "{file} [run] previous：没有 {place}",
    ),
    "job.previous_own": (
        "{file} [run] previous: is the job's own output folder, which this run overwrites; "
        "give each run a folder of its own",
        "{file} [run] previous 就是本作业的输出文件夹，会被覆盖；请每次运行各用一个文件夹",
    ),
    "job.previous_report": (
        "{file} [run] previous: {place} has no {report} of a finished run",
        "{file} [run] previous：{place} 中没有已完成的运行的 {report}",
    ),
    "job.previous_tables": (
        "{file} [run] previous: the run in {place} wrote no register of all rows; let its "
        "tables have csv or parquet",
        "{file} [run] previous：{place} 中没有全部行的分级结果；请让那次作业的 tables 含 csv 或"
        " parquet",
    ),
    "job.previous_unfinished": (
        "{file} [run] previous: the run in {place} is not finished",
        "{file} [run] previous：{place} 中的运行没有完成",
    ),
    "job.refused": ("{reason}", "作业没有运行：{reason}"),
    "job.root": (
        "{place} is '{text}', the root of the file system; name a folder",
        "{place} 是“{text}”，即根目录；请指定一个文件夹",
    ),
    "job.size": (
        '{place}: memory is {value}; it is a text such as "4 GiB", or a number of bytes',
        '{place}：memory 是 {value}；应写作 "4 GiB"，或字节数',
    ),
    "job.slash": (
        "{place} is '{text}'; write / between folders, not \\",
        "{place} 是“{text}”；文件夹之间请写 /，不要写 \\",
    ),
    "job.table": ("{place}: {key} must be a table", "{place}：{key} 应为表"),
    "job.tables": ("{place}: {key} must be written [[{key}]]", "{place}：{key} 应写作 [[{key}]]"),
    "job.toml": ("{file}: cannot be read: {reason}", "{file} 不是有效的 TOML：{reason}"),
    "job.twice": ("{file}: two {what} have the same level", "{file}：有两个 {what} 的级别相同"),
    "job.type": ("{place}: {key} must be of type {kind}", "{place}：{key} 应为{kind}"),
    "job.value": (
        "{place}: {key} is '{value}'; known are {known}",
        "{place}：{key} 不能是“{value}”；可用：{known}",
    ),
    "job.workers": (
        "{file} [run] workers is {value}; it is 0 (all) to 4096",
        "{file} [run] workers 是 {value}；应为 0（全部）至 4096",
    ),
    "map.enterprise": (
        "a roll-up by enterprise has no regions to draw; roll up by county, say",
        "按企业汇总没有可画的区域；请改为按县级等汇总",
    ),
    "map.no_grades": (
        "the rule '{rule}' without thresholds gives no grades to draw",
        "规则 {rule} 没有阈值就不定级，无法制图；请用 --threshold 给出",
    ),
    "method.twice": (
        "two methods answer to the name '{name}'; give your pack an id and a title of its own",
        "有两个评价方法都叫“{name}”；请为自己的方法包另取编号和名称",
    ),
    "method.unknown": ("{reason}", "没有评价方法“{name}”{near}；用 safetyrisk methods 查看全部"),
    "method.unnamed": (
        "{file}: no method: the table has no column 'method'; give it, or pass method=\"lec\"",
        "{file} 没有指明评价方法：表中没有“评价方法”列，命令中也没有 -m（如 -m lec）",
    ),
    "method.wrong": ("{reason}", "评价方法“{name}”不能使用：{reason}"),
    "node.unknown": (
        "no node has the id '{id}'{near}",
        "没有编号为“{id}”的主体{near}",
    ),
    "option.column": (
        "--column is '{pair}'; write name=风险点",
        "--column 是“{pair}”；应写作 name=风险点",
    ),
    "option.size": (
        '\'{value}\' is no size; write it as "4 GiB" or "800 MB"',
        "“{value}”不是大小；应写作 4 GiB 或 800 MB",
    ),
    "option.threshold": (
        "--threshold is '{text}'; write orange:red=1,orange=3 for count, orange=50 for index",
        "--threshold 是“{text}”；规则 count 写作 orange:red=1,orange=3，规则 index 写作 orange=50",
    ),
    "option.value": (
        "{name} is '{value}'; known are {known}",
        "{name} 不能是“{value}”；可用：{known}",
    ),
    "option.weight": ("--weight is '{text}'; write red=10", "--weight 是“{text}”；应写作 red=10"),
    "option.zero": ("'{value}' is no size above zero", "“{value}”不是大于零的大小"),
    "output.corrected": (
        "{file}: is there already, and may hold corrections; choose another name, or overwrite it "
        "with --force (force=True)",
        "{file} 已存在，可能已经改过；请换一个文件名，或加 --force 覆盖",
    ),
    "output.exists": (
        "{file}: is there already, and may be filled in; choose another name",
        "{file} 已存在，可能已经填写；请换一个文件名，或加 --force 覆盖",
    ),
    "output.folder": (
        "{file}: there is no folder {folder}; make it first",
        "{file}：没有文件夹 {folder}；请先新建",
    ),
    "output.is_input": (
        "{file}: is the input; write the result to another file",
        "{file} 是输入文件；请把结果写到别的文件",
    ),
    "output.suffix": (
        "{what} is saved as {known}, not as '{suffix}'",
        "{what}不能存为“{suffix}”；可用：{known}",
    ),
    "output.twice": (
        "{file}: is named for two results; give each a file of its own",
        "{file} 同时是两个结果的文件名；请分别指定",
    ),
    "pack.invalid": ("{reason}", "规则包 {file} 有误：{reason}"),
    "pack.kind": (
        "the pack {pack} is of kind '{kind}', not {wanted}",
        "规则包 {pack} 的种类是 {kind}，不能用作{wanted}",
    ),
    "pack.no_default": (
        "'{pack}' has no default profile on {day}; name one in full",
        "“{pack}”在 {day} 没有默认版本；请写出全名",
    ),
    "pack.not_valid": ("the pack {pack} is not valid on {day}", "规则包 {pack} 在 {day} 无效"),
    "pack.unknown": (
        "there is no pack '{pack}'{near}",
        "没有规则包“{pack}”{near}；用 safetyrisk methods 查看全部",
    ),
    "parquet.column": (
        "{file}: column '{name}' holds {kind}, which no table has",
        "{file} 的“{name}”列是 {kind}，不能读取",
    ),
    "parquet.no_columns": ("{file}: the file has no columns", "{file} 没有列"),
    "parquet.unreadable": (
        "{file}: the Parquet file cannot be read: {reason}",
        "{file} 不是可以读取的 Parquet 文件：{reason}",
    ),
    "plan.matrix_too_large": (
        "{units} units and {tasks} tasks are too many for a matrix; use units, a row for each mention",
        "{units} 个单位与 {tasks} 项任务的矩阵过大；请改用 units（每处一行）",
    ),
    "plan.one_document": (
        "several documents are read for --unit alone, and without --id",
        "只有 --unit 可以一次读多份文件，且不能同时用 --id",
    ),
    "plan.one_question": (
        "{options} ask for different results; use one of them",
        "{options} 要求不同的结果；请只用一个",
    ),
    "plan.unit_empty": (
        "the name of the unit is empty; give a unit or a post",
        "单位名称为空；请写单位名称或岗位编号",
    ),
    "plan.unit_not_named": (
        "the plan does not name '{name}'; it names {near}",
        "文件中没有“{name}”；其中写到的有：{near}",
    ),
    "plan.unit_unknown": (
        "the graph has {count} units or posts named '{name}'{several}",
        "责任图谱中名为“{name}”的单位或岗位有 {count} 个{several}",
    ),
    "plan.year": (
        "the year is {value}; it is from 1949 to 2199",
        "年份为 {value}；应为 1949 至 2199",
    ),
    "regrade.nothing": (
        "nothing changes: name another method, as_of=, direct= or colours=",
        "没有任何改变：请给出另一方法、--as-of、--direct 或 --colours",
    ),
    "rollup.no_enterprise": (
        "the register has no column 'enterprise' to roll up by",
        "表中没有“所属企业”列，不能按企业汇总",
    ),
    "rule.index_order": (
        "index rule, line {line}: lines run from the gravest grade and the highest index "
        "downwards, each grade once",
        "规则 index 第 {line} 个阈值：应从最重的等级、最大的指数往下写，每级一次",
    ),
    "rule.index_value": (
        "index rule, line {line}: the index is {value}; it is a decimal from 0 to 1000000 with "
        "at most 6 places",
        "规则 index 第 {line} 个阈值：指数是 {value}；应为 0 至 1000000，最多 6 位小数",
    ),
    "rule.minimum": (
        "a threshold's minimum of {grade} is a whole number",
        "阈值中 {grade} 的个数应为整数",
    ),
    "rule.minimum_negative": (
        "count rule, line {line}: the minimum of {grade} is {value}; a number of points is not "
        "negative",
        "规则 count 第 {line} 个阈值：{grade} 的个数是 {value}；不能是负数",
    ),
    "rule.no_points": (
        "count rule, line {line} asks for no point; for 'all others' write blue >= 1",
        "规则 count 第 {line} 个阈值没有要求任何点；“其余”请写 blue = 1",
    ),
    "rule.threshold_grade": (
        "a threshold's grade is red, orange, yellow or blue",
        "阈值的等级应为 red、orange、yellow 或 blue",
    ),
    "rule.threshold_index": (
        "a threshold of the rule 'index' has grade and index",
        "规则 index 的阈值应有 grade 和 index 两项",
    ),
    "rule.threshold_key": (
        "a threshold has grade, red, orange, yellow and blue, not '{key}'",
        "阈值中只有 grade、red、orange、yellow、blue，没有“{key}”",
    ),
    "rule.threshold_number": ("a threshold's index is a number", "阈值的 index 应为数字"),
    "rule.threshold_order": (
        "count rule, line {line} gives {grade} after {before}; lines run from the gravest "
        "grade to the mildest",
        "规则 count 第 {line} 个阈值：{grade} 写在 {before} 之后；应从最重的等级往下写",
    ),
    "rule.threshold_ungraded": ("a threshold needs a grade", "阈值缺少等级 grade"),
    "rule.thresholds_of_worst": ("the rule 'worst' takes no thresholds", "规则 worst 不用阈值"),
    "rule.weight": (
        "index rule: the weight of {grade} is {value}; it is a decimal from 0 to 1000000 with "
        "at most 6 places",
        "{grade} 的权重是 {value}；应为 0 至 1000000，最多 6 位小数",
    ),
    "rule.weight_key": (
        "weights are of red, orange, yellow and blue, not of '{key}'",
        "权重只有 red、orange、yellow、blue 四项，没有“{key}”",
    ),
    "rule.weight_number": ("the weight of {grade} is a number", "{grade} 的权重应为数字"),
    "rule.weight_order": (
        "index rule: the weight of {graver} is below that of {milder}; a graver point would "
        "lower the index",
        "{graver} 的权重小于 {milder} 的；更重的风险反而会使指数变小",
    ),
    "rule.weights_missing": (
        "the rule 'index' needs weights of red, orange, yellow and blue; there are none that "
        "hold by law",
        "规则 index 需要 red、orange、yellow、blue 四级的权重；没有法定的数值",
    ),
    "rule.weights_only_index": (
        "weights and per belong to the rule 'index', not to '{rule}'",
        "权重和 per 只用于规则 index，不用于 {rule}",
    ),
    "rule.weights_zero": ("index rule: all weights are zero", "规则 index 的权重全是零"),
    "sqlite.binary": (
        "{file}: column '{name}' of table '{table}' holds binary data",
        "{file} 中表“{table}”的“{name}”列是二进制数据",
    ),
    "sqlite.no_table": (
        "{file}: there is no table '{table}'; there are: {known}",
        "{file} 中没有表“{table}”；有：{known}",
    ),
    "sqlite.meta": (
        "{file}: the table meta must have the columns key and value, not {known}",
        "{file}：meta 表应有 key、value 两列，现有的列：{known}",
    ),
    "sqlite.unreadable": (
        "{file}: the SQLite file cannot be read: {reason}",
        "{file} 不是可以读取的 SQLite 文件：{reason}",
    ),
    "table.no_column": (
        "the table {table} has no column '{column}'; its columns are: {known}",
        "{table}没有“{column}”列；有：{known}",
    ),
    "template.direct": (
        "there are no direct rules '{name}'; there are: {known}",
        "没有直接判定规则包“{name}”；有：{known}",
    ),
    "template.method": (
        "a method and direct rules belong to risk_points, not to {table}",
        "评价方法和直接判定规则只用于 risk_points，不用于 {table}",
    ),
    "template.unknown": (
        "there is no template '{table}'; there are: {known}",
        "没有“{table}”的模板；有：{known}",
    ),
}

FAULTS = dict(sorted((FAULTS | GRAPH_FAULTS).items()))

_NOT_FOUND = frozenset(
    {"font.missing", "font.no_file", "method.unknown", "template.direct", "template.unknown"}
)

_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "磁盘只读",
    errno.EFBIG: "文件超过允许的大小",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EEXIST: "已存在",
    errno.EBUSY: "文件正被占用",
    errno.EIO: "读写出错",
}


def os_words(error: OSError, lang: str) -> str:
    """Why the system refused, in a few words."""
    english = error.strerror or str(error)
    return _REASONS.get(error.errno or 0, english) if lang == "zh" else english


def _word(value: object, lang: str) -> str:
    if isinstance(value, OSError):
        return os_words(value, lang)
    if isinstance(value, tuple):  # (English, Chinese)
        return str(value[lang == "zh"])
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(map(str, value)) or (
            "无" if lang == "zh" else "none"
        )
    return str(value)


def sentence(code: str, values: Mapping[str, object], lang: str) -> str:
    """The sentence of a code."""
    text = FAULTS[code][lang == "zh"]
    return text.format(**{name: _word(value, lang) for name, value in values.items()})


def fault(code: str, **values: object) -> Error:
    """Make the exception of a code; texts may be ``(English, Chinese)``, lists are joined.

    Examples
    --------
    >>> error = fault("file.empty", file="a.csv")
    >>> error, error.in_language("zh")
    (InputError('a.csv: the file is empty'), 'a.csv 是空文件')
    """
    kind = NotFoundError if code in _NOT_FOUND else InputError
    error = kind(sentence(code, values, "en"))
    error.code, error.values = code, values
    return error
