"""Work plans out of files: the text of each format, and files that are none or do harm."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk.io.documents import read_document

docx = pytest.importorskip("docx")
pdfium = pytest.importorskip("pypdfium2")
pytest.importorskip("lxml.html")

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ITEMS = [
    "某市安全生产委员会2023年工作要点",
    "一、排查隐患。6月底前完成。(市公安局牵头，市教育局、市民政局配合)",
    "二、开展培训。每季度至少一次。（责任单位：市应急管理局；各县(市、区)政府）",
]
TEXT = "\n".join(ITEMS) + "\n"


def reading(plan: sr.Plan) -> list[Any]:
    return [
        (task.no, [(unit.role, unit.name) for unit in task.units], task.deadlines, task.frequencies)
        for task in plan.tasks
    ]


EXPECTED = [
    ("一", [("lead", "市公安局"), ("assist", "市教育局"), ("assist", "市民政局")],
     ("2023-06-30",), ()),
    ("二", [("responsible", "市应急管理局"), ("responsible", "各县(市、区)政府")], (), ("P3M",)),
]  # fmt: skip


def a_docx(*lines: str) -> Any:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return document


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def a_pdf(text: str, **page: Any) -> bytes:
    typst = pytest.importorskip("typst")
    fonts = list(Path("/usr/share/fonts").rglob("*.tt[cf]"))
    if not fonts:
        pytest.skip("no font with Chinese characters is installed")
    setting = ", ".join(f"{key}: {value}" for key, value in page.items())
    source = f'#set page({setting})\n#set text(font: ("WenQuanYi Zen Hei", "Noto Sans CJK SC"))\n'
    return bytes(typst.compile((source + text.replace("\n", "\n\n")).encode(), format="pdf"))


# ---- what is read ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_text_file_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "要点.txt").write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    plan = sr.read_plan(tmp_path / "要点.txt")
    assert reading(plan) == EXPECTED
    assert plan.id == "要点"
    assert plan.text == TEXT.replace("\n", "\r\n")
    for task in plan.tasks:
        for unit in task.units:
            assert plan.text[slice(*unit.span)].replace("（", "(").replace("）", ")") == unit.name


def test_bytes_have_no_name_and_are_known_by_how_they_begin() -> None:
    for data in (
        TEXT.encode(),
        saved(a_docx(*ITEMS)),
        f"<html><p>{'</p><p>'.join(ITEMS)}".encode(),
    ):
        assert reading(sr.read_plan(data)) == EXPECTED
    plan = sr.read_plan(TEXT.encode(), year=2024, id="a")
    assert (plan.id, plan.tasks[0].deadlines) == ("a", ("2024-06-30",))


def test_text_that_is_cut_within_a_character_is_still_utf8() -> None:
    plan = sr.read_plan(TEXT.encode()[:-2])
    assert plan.issues.counts()["plan.bad_characters"] == 1
    assert reading(plan)[0] == EXPECTED[0]


def test_gb18030_that_is_damaged_in_a_few_places_is_still_read() -> None:
    data = bytearray((TEXT * 3).encode("gb18030"))
    data[40:41] = b"\xff"
    plan = sr.read_plan(bytes(data[:-2]))
    assert plan.issues.counts()["plan.bad_characters"] == 1
    assert len(plan) >= 5


def test_a_docx_has_paragraphs_and_tables_in_their_order(tmp_path: Path) -> None:
    document = a_docx("某市2023年任务分解表")
    table = document.add_table(rows=4, cols=5)
    cells = [
        ["序号", "工作任务", "责任单位", "", "完成时限"],
        ["", "", "牵头单位", "配合单位", ""],
        ["1", "开展排查", "市公安局", "市教育局\n市民政局", "6月底前"],
        ["2", "开展培训", "", "各县(区)政府", "9月底前"],
    ]
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 2).merge(table.cell(0, 3))
    for column in (0, 1, 4):
        table.cell(0, column).merge(table.cell(1, column))
    table.cell(2, 2).merge(table.cell(3, 2))
    document.add_paragraph("附：说明。")
    document.save(str(tmp_path / "分解表.docx"))
    plan = sr.read_plan(tmp_path / "分解表.docx")
    assert plan.text.splitlines()[0] == "某市2023年任务分解表"
    assert plan.text.splitlines()[-1] == "附：说明。"
    assert [(t.no, [(u.role, u.name) for u in t.units], t.deadlines) for t in plan.tasks[:2]] == [
        ("1", [("lead", "市公安局"), ("assist", "市教育局"), ("assist", "市民政局")], ("2023-06-30",)),
        ("2", [("lead", "市公安局"), ("assist", "各县(区)政府")], ("2023-09-30",)),
    ]  # fmt: skip


def test_numbers_that_word_counts_itself_are_written_out() -> None:
    document = a_docx("某市2023年工作要点")
    for text in ("排查。(市公安局牵头)", "培训。(市教育局牵头)"):
        document.add_paragraph(text, style="List Number")
    assert [task.no for task in sr.read_plan(saved(document)).tasks] == ["1", "2"]


def test_struck_and_hidden_words_of_a_docx_are_not_read() -> None:
    document = a_docx("某市2023年工作要点", "1.排查。(市公安局牵头)")
    paragraph = document.paragraphs[1]
    paragraph.add_run("(市教育局配合)").font.hidden = True
    assert read_document(saved(document)).text == "某市2023年工作要点\n1.排查。(市公安局牵头)\n"


def test_a_page_has_its_tables_and_not_its_chrome() -> None:
    page = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>x</title>
    <script>市卫生局牵头</script></head><body><nav>首页 > 正文</nav>
    <p>某市2023年<b>工作要点</b></p>
    <ol><li>排查。(市公安局牵头)</li><li>培训。(市教育局牵头)</li></ol>
    <table><tr><td>序号</td><td>工作任务</td><td>牵头单位</td></tr>
    <tr><td>3</td><td>演练</td><td rowspan=2>市民政局</td></tr>
    <tr><td>4</td><td>宣传<br>教育</td></tr></table>
    <div style="display:none">市体育局牵头</div></body></html>"""
    plan = sr.read_plan(page.encode("gb18030"))
    assert [(task.no, [unit.name for unit in task.units]) for task in plan.tasks] == [
        ("1", ["市公安局"]), ("2", ["市教育局"]), ("3", ["市民政局"]), ("4", ["市民政局"]),
    ]  # fmt: skip
    assert "卫生" not in plan.text
    assert "体育" not in plan.text


def test_a_page_that_nests_deeply_is_read_whole_or_not_at_all() -> None:
    for depth in (1000, 20_000):
        page = "<html><body>" + "<div>" * depth + "1.排查。(市公安局牵头)</div><p>其他"
        try:
            text = read_document(page.encode()).text
        except sr.InputError as error:
            assert error.code == "document.unreadable"  # noqa: PT017
        else:
            assert text == "1.排查。(市公安局牵头)\n其他\n"


def test_lines_of_a_pdf_are_joined_and_its_page_numbers_left_out() -> None:
    long = (
        "一、"
        + "深入开展重点行业领域安全生产隐患排查整治" * 12
        + "。6月底前完成。（市公安局牵头，市教育局、市民政局配合）"
    )
    data = a_pdf(
        "\n".join([ITEMS[0], long, *[f"补充第{chr(0x4E00 + i)}段。" for i in range(60)], ITEMS[2]]),
        width="300pt", height="300pt", numbering='"— 1 —"',
    )  # fmt: skip
    document = read_document(data)
    lines = [line.replace(" ", "") for line in document.text.splitlines()]
    assert long in lines
    assert ITEMS[2] in lines
    assert "—" not in document.text
    assert document.issues.counts()["plan.page_lines"] == 1
    assert reading(sr.read_plan(data))[0] == EXPECTED[0]


# ---- what is refused ---------------------------------------------------------------------------


def refused(source: Any) -> str:
    with pytest.raises(sr.InputError) as error:
        sr.read_plan(source)
    assert error.value.in_language("zh") != str(error.value)
    return error.value.code


@pytest.mark.parametrize("suffix", [".doc", ".wps", ".ofd", ".docm", ".rtf"])
def test_formats_to_convert_say_how(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(b"x")
    assert refused(tmp_path / f"a{suffix}") == "document.convert"


def test_contents_that_must_be_converted_are_known_whatever_their_name(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    (tmp_path / "a.docx").write_bytes(old)
    assert refused(tmp_path / "a.docx") == "document.convert"
    (tmp_path / "a.docx").write_bytes(old + "EncryptedPackage".encode("utf-16-le"))
    assert refused(tmp_path / "a.docx") == "document.encrypted"
    assert refused(b"{\\rtf1 text}") == "document.convert"
    assert refused(packed({"OFD.xml": "<a/>"})) == "document.convert"


def packed(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return stream.getvalue()


def repacked(data: bytes, **changed: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    return packed(parts | {name.replace("__", "/"): text for name, text in changed.items()})


def test_a_docx_with_macros_is_not_opened() -> None:
    assert (
        refused(repacked(saved(a_docx(*ITEMS)), **{"word/vbaProject.bin": "x"}))
        == "document.macros"
    )
    with zipfile.ZipFile(io.BytesIO(saved(a_docx(*ITEMS)))) as file:
        types = file.read("[Content_Types].xml").decode()
    types = types.replace(
        "vnd.openxmlformats-officedocument.wordprocessingml.document.main",
        "vnd.ms-word.document.macroEnabled.main",
    )
    assert (
        refused(repacked(saved(a_docx(*ITEMS)), **{"[Content_Types].xml": types}))
        == "document.macros"
    )


def test_links_out_of_a_docx_are_counted_and_not_followed() -> None:
    document = a_docx(*ITEMS)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    document.part.relate_to("http://127.0.0.1:9/evil.dotm", kind, is_external=True)
    plan = sr.read_plan(saved(document))
    assert plan.issues.counts()["plan.links_not_followed"] == 1
    assert '"plan.links_not_followed"' in plan.to_json()
    assert reading(plan) == EXPECTED


def test_a_docx_that_bursts_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = repacked(saved(a_docx(*ITEMS)), **{"word/media/a.bin": "0" * (3 << 20)})
    assert reading(sr.read_plan(bomb)) == EXPECTED
    monkeypatch.setenv("SAFETYRISK_DOCX_UNPACKED", "2MiB")
    assert refused(bomb) == "document.too_large"


def test_entities_of_a_docx_are_not_expanded(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("机密内容")
    head = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}">'
        + '<!ENTITY b0 "哈哈哈哈哈哈">'
        + "".join(f'<!ENTITY b{i} "{f"&b{i - 1};" * 10}">' for i in range(1, 9))
        + "]>"
    )
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        "<w:p><w:r><w:t>1.排查。(市公安局牵头)&a;&b8;</w:t></w:r></w:p></w:body></w:document>"
    )
    data = repacked(saved(a_docx("x")), **{"word/document.xml": head + body})
    try:
        text = read_document(data).text
    except sr.InputError as error:
        assert error.code == "document.unreadable"  # noqa: PT017
    else:
        assert "机密" not in text
        assert len(text) < 1000


def test_pdfs_without_text_or_with_a_password_say_so() -> None:
    picture = a_pdf("#rect(width: 50pt, height: 50pt, fill: red)")
    assert refused(picture) == "document.scanned"
    assert refused(b"%PDF-1.7\nnothing of it") == "document.unreadable"
    # Keys that fit no password: what pdfium would need one for.
    key = b"<" + b"ab" * 32 + b">"
    locked = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O" + key + b"/U" + key + b">>/ID[<00><00>]"
    one = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    two = b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    assert (
        refused(one + two + b"trailer<</Root 1 0 R" + locked + b">>\n%%EOF") == "document.encrypted"
    )


def test_a_page_of_a_pdf_without_text_is_an_issue() -> None:
    plan = sr.read_plan(a_pdf(TEXT + "#pagebreak()\n#rect(width: 50pt, height: 50pt)"))
    issue = next(one for one in plan.issues if one.code == "plan.page_without_text")
    assert issue.value == "2"


def test_tables_within_tables_and_wide_spans_end() -> None:
    def document(inner: str) -> bytes:
        body = f'<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'
        return repacked(saved(a_docx("x")), **{"word/document.xml": body})

    words = "<w:p><w:r><w:t>1.排查。(市公安局牵头)</w:t></w:r></w:p>"
    for cells in ("", "<w:tc><w:p/></w:tc>"):
        opened = f"<w:tbl><w:tr>{cells}<w:tc>" * 60
        text = read_document(document(opened + words + "</w:tc></w:tr></w:tbl>" * 60)).text
        assert text.count("排查") == 1
    row = (
        "<tr><td colspan=9999 rowspan=9999>1.排查。(市公安局牵头)</td><td colspan=9999>甲</td></tr>"
    )
    page = f"<html><body><table>{row * 300}</table>"
    assert len(read_document(page.encode()).text) < 20 * len(page)


def test_a_docx_whose_text_would_fill_the_memory_is_not_opened() -> None:
    body = f'<w:document xmlns:w="{W}"><w:body>{"<w:p/>" * 3_000_000}</w:body></w:document>'
    data = repacked(saved(a_docx("x")), **{"word/document.xml": body})
    assert len(data) < 200_000
    assert refused(data) == "document.too_large"


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The bytes with some changed, lost, put in or said twice."""
    out = bytearray(data)
    at, other = rng.randrange(len(out)), rng.randrange(len(out))
    kind = rng.randrange(5)
    if kind == 0:
        for _ in range(rng.choice([1, 10, 100])):
            out[rng.randrange(len(out))] = rng.randrange(256)
    elif kind == 1:
        del out[at:]
    elif kind == 2:
        del out[at : at + rng.choice([1, 10, 1000])]
    elif kind == 3:
        out[at:at] = rng.randbytes(rng.choice([1, 10, 500]))
    else:
        out[at:at] = out[other : other + rng.choice([5, 200, 3000])]
    return bytes(out)


def damaged_within(data: bytes, rng: random.Random) -> bytes:
    """A .docx, one part of which is damaged and another perhaps lost."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    hit = rng.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    parts[hit] = damaged(bytes(parts[hit]), rng)  # type: ignore[arg-type]
    if rng.random() < 0.1:
        parts.pop(rng.choice(list(parts)))
    return packed(parts)


@pytest.mark.parametrize("kind", ["docx", "parts of docx", "pdf", "html", "txt"])
def test_a_document_that_is_damaged_is_a_plan_or_one_error(kind: str) -> None:
    rng = random.Random(20261122)
    whole = {
        "docx": lambda: saved(a_docx(*ITEMS)),
        "parts of docx": lambda: saved(a_docx(*ITEMS)),
        "pdf": lambda: a_pdf(TEXT * 3, width="300pt", height="200pt"),
        "html": lambda: f"<html><table><tr><td>{'</td><td>'.join(ITEMS)}".encode(),
        "txt": lambda: TEXT.encode("gb18030"),
    }[kind]()
    wound = damaged_within if kind == "parts of docx" else damaged
    # Each PDF takes an interpreter of its own.
    for _ in range(40 if kind == "pdf" else 120):
        data = wound(whole, rng)
        try:
            plan = sr.read_plan(data)
        except sr.InputError as error:
            assert error.code  # noqa: PT017
            assert error.in_language("zh") != str(error)  # noqa: PT017
        else:
            assert all(plan.text[slice(*u.span)] for task in plan.tasks for u in task.units)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xyz", b"x", "document.suffix"),
        ("a.txt", b"", "file.empty"),
        ("a.txt", b" \r\n", "file.empty"),
        ("a.txt", b"ab\0cd", "csv.nul"),
        ("a.txt", b"%PDF-1.4", "file.kind"),
        ("a.pdf", b"hello", "file.kind"),
        ("a.docx", b"\x89PNG\r\n\x1a\n0000", "document.picture"),
        ("a.pdf", b"\xff\xd8\xff\xe0\0\0JFIF", "document.picture"),
        ("a.docx", b"\1\2\0\3", "document.unreadable"),
        ("a.docx", b"hello", "file.kind"),
        ("a.txt", bytes(range(128, 256)) * 3, "document.encoding"),
        ("a.docx", b"PK\x03\x04broken", "document.unreadable"),
        ("a.docx", packed({"a.txt": "x"}), "file.kind"),
        ("a.docx", packed({"word/document.xml": "<x"}), "document.unreadable"),
        ("a.html", b"<html><script>x</script></html>", "document.no_text"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert refused(tmp_path / name) == code


def test_calls_that_are_wrong() -> None:
    assert refused("nowhere.txt") == "file.unreadable"
    assert refused(TEXT) == "document.pasted"
    with pytest.raises(sr.InputError, match="path_or_bytes"):
        sr.read_plan(3)  # type: ignore[arg-type]
    with pytest.raises(sr.InputError, match="year"):
        sr.read_plan(TEXT.encode(), year="2023")  # type: ignore[arg-type]
    with pytest.raises(sr.InputError):
        sr.read_plan(TEXT.encode(), year=20233)


def test_what_is_missing_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] in ("docx", "pypdfium2", "lxml"):
            raise ModuleNotFoundError(name=name)
        return real(name, *rest)

    data = saved(a_docx(*ITEMS))
    monkeypatch.setattr("importlib.import_module", without)
    with pytest.raises(sr.InputError, match=r"pip install 'safetyrisk\[docs\]'"):
        sr.read_plan(data)


# ---- tables of a PDF, and PDFs that do harm ------------------------------------------------------

TABLE = """#table(columns: (1fr, 2fr, 5fr, 2fr, 3fr, 2fr),
table.cell(rowspan: 2)[序号], table.cell(rowspan: 2)[重点任务], table.cell(rowspan: 2)[工作措施],
table.cell(colspan: 2)[责任分工], table.cell(rowspan: 2)[完成时限], [牵头单位], [配合单位],
table.cell(colspan: 6)[一、城市安全],
[1], table.cell(rowspan: 2)[燃气安全], [更换老旧管网，推广安装燃气泄漏报警器，实现餐饮场所全覆盖，并建立台账。],
[市住房和城乡建设局], [市城管局#linebreak()市商务局], [6月底前],
[2], [每月通报一次。], [市商务局], [市住房和城乡建设局], [9月底前],
[3], [货车治理], [开展联合执法。], [市公安局], [市交通运输局], [长期坚持])"""


def test_a_table_of_a_pdf_is_read_by_its_ruled_lines() -> None:
    data = a_pdf("某市2025年重点任务清单\n" + TABLE, width="560pt", height="560pt")
    lines = read_document(data).text.replace(" ", "").splitlines()
    assert lines[1:4] == [
        "序号\t重点任务\t工作措施\t责任分工\t责任分工\t完成时限",
        "序号\t重点任务\t工作措施\t牵头单位\t配合单位\t完成时限",
        "一、城市安全",
    ]
    plan = sr.read_plan(data)
    assert reading(plan) == [
        ("1", [("lead", "市住房和城乡建设局"), ("assist", "市城管局"), ("assist", "市商务局")],
         ("2025-06-30",), ()),
        ("2", [("lead", "市商务局"), ("assist", "市住房和城乡建设局")], ("2025-09-30",), ("P1M",)),
        ("3", [("lead", "市公安局"), ("assist", "市交通运输局")], (), ()),
    ]  # fmt: skip


def test_a_table_that_pages_break_is_one() -> None:
    rows = "".join(
        f"[{i}], [检查第{i}类场所，查到的问题逐项登记、逐级汇总、限期整改。], [市公安局、市第{chr(0x4E00 + i)}局],"
        for i in range(1, 31)
    )
    head = "table.header([序号], [工作任务], [责任单位])"
    table = f"#table(columns: (1fr, 3fr, 2fr), {head}, {rows})"
    plan = sr.read_plan(a_pdf(table, width="300pt", height="300pt", numbering='"- 1 -"'))
    assert [task.no for task in plan.tasks] == [str(i) for i in range(1, 31)]
    for i, task in enumerate(plan.tasks, 1):
        assert [unit.name for unit in task.units] == ["市公安局", f"市第{chr(0x4E00 + i)}局"]


def stuffed(content: bytes) -> bytes:
    """A PDF of one page that unpacks to so much."""
    packed = zlib.compress(content, 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = b"%PDF-1.5\n"
    for i, part in enumerate(parts, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (i, part)
    return out + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"


def test_a_pdf_that_fills_the_memory_or_takes_long_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("resource")
    words = b"BT /F 12 Tf 9 9 Td (abc) Tj ET\n"
    assert "abc" in read_document(stuffed(words)).text
    monkeypatch.setenv("SAFETYRISK_PDF_MEMORY", "200MiB")
    assert refused(stuffed(b" " * (300 << 20))) == "document.too_large"
    monkeypatch.delenv("SAFETYRISK_PDF_MEMORY")
    monkeypatch.setenv("SAFETYRISK_PDF_SECONDS", "1")
    assert refused(stuffed(words * 600_000)) == "document.too_slow"
    monkeypatch.setenv("SAFETYRISK_PDF_SECONDS", "soon")
    assert refused(stuffed(words)) == "argument.count"
