"""Templates that are filled in: fields, lists and conditions as people type them, and nothing else."""

import re

import pytest

from greenxl.report.annual.package import UnusableTemplateError
from greenxl.report.annual.template import fill
from greenxl.report.annual.values import Chart, Listed, Values
from tests.tools.word import document, lines, opened, paragraph, parts, relation, table

TOWNS = Listed(("名称", "达标数"), (("城区街道", 10), ("索镇", 4)))
CHART = Chart("条形图", b"<chartSpace/>", b"PK", 360_000)
VALUES: Values = {
    "年度": 2021,
    "县": "桓台县",
    "结论": "a<b & “c” {{ 年度 }}",
    "有上级": True,
    "全部达标": False,
    "各上级": TOWNS,
    "未报送名单": Listed(("名称",), ()),
    "结果图": CHART,
}


def filled(*blocks: str) -> list[str]:
    return lines(fill("模板.docx", document(*blocks), VALUES).data)


def refused(*blocks: str) -> str:
    with pytest.raises(UnusableTemplateError) as error:
        fill("模板.docx", document(*blocks), VALUES)
    message = str(error.value)
    assert message.startswith("模板.docx: the template cannot be used: ")
    return message


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (["{{ 县 }}{{年度}}年"], "桓台县2021年"),
        (["前{", "{ 县", " }", "}后"], "前桓台县后"),
        (["｛｛ 县 ｝｝"], "桓台县"),
        (["{%if 县 == “桓台县” %}是{% else %}否{% endif %}"], "是"),
        (["{%- if not 全部达标 and 年度 >= 2021 -%}是{%- endif -%}"], "是"),
        (["{{ 有上级 }}"], "是"),
        (["{# 备注 #}正文"], "正文"),
        (["{% for 镇 in 各上级 %}{{ 镇.名称 }}{% if not loop.last %}、{% endif %}{% endfor %}"], "城区街道、索镇"),
        (["{{ 结论 }}"], "a<b & “c” {{ 年度 }}"),
        (["一个 { 和 \ue0000\ue001"], "一个 { 和 \ue0000\ue001"),
        (["{{ 县 }}\ue0000\ue001"], "桓台县\ufffd0\ufffd"),
    ],
    ids=["fields", "cut up by Word", "full width", "quotation marks of Word", "control of spaces", "yes", "comment",
         "list in a line", "markup and braces in a value", "no tag", "marks of ours"],
)  # fmt: skip
def test_a_paragraph_is_filled(runs: list[str], expected: str) -> None:
    """However its tags were typed; a value is text, whatever is in it."""
    assert filled(paragraph(*runs)) == [expected]


def test_lists_go_around_paragraphs() -> None:
    """A tag alone in its paragraph takes no room."""
    found = filled("{% for 镇 in 各上级 %}", "{{ 镇.名称 }}：{{ 镇.达标数 }}", "{% endfor %}", "完")
    assert found == ["城区街道：10", "索镇：4", "完"]


@pytest.mark.parametrize(
    "rows",
    [
        [["{% for 镇 in 各上级 %}{{ 镇.名称 }}", "{{ 镇.达标数 }}{% endfor %}"]],
        [["{% for 镇 in 各上级 %}", ""], ["{{ 镇.名称 }}", "{{ 镇.达标数 }}"], ["{% endfor %}", ""]],
    ],
    ids=["in one row", "in rows of their own"],
)
def test_lists_go_around_rows(rows: list[list[str]]) -> None:
    """A row for each entry, the heading once."""
    assert filled(table(["名称", "达标"], *rows)) == ["名称 | 达标", "城区街道 | 10", "索镇 | 4"]


def test_conditions_take_whole_tables_away() -> None:
    """Also one whose rows are all of an empty list, and a cell keeps the paragraph that Word wants in it."""
    row = ["{% for 户 in 未报送名单 %}{{ 户.名称 }}", "x{% endfor %}"]
    assert filled("{% if 未报送名单 %}", table(["a", "b"]), "{% else %}", "无", "{% endif %}") == ["无"]
    without = fill("a", document("前", table(row), "后"), VALUES).data
    assert (lines(without), b"<w:tbl" in parts(without)["word/document.xml"]) == (["前", "后"], False)
    cells = table(["{% for 户 in 未报送名单 %}\n{{ 户.名称 }}\n{% endfor %}", "b"])
    [found] = opened(fill("a", document(cells), VALUES).data).tables
    assert [len(cell.paragraphs) for cell in found.rows[0].cells] == [1, 1]


def test_lists_inside_lists() -> None:
    """Two deep, so that what belongs to an entry can be picked out of another list."""
    found = filled(
        "{% for 镇 in 各上级 %}{% for 乙 in 各上级 %}{% if 镇.名称 == 乙.名称 %}{{ 乙.达标数 }};{% endif %}{% endfor %}"
        "{% endfor %}"
    )
    assert found == ["10;4;"]


def test_headers_and_text_boxes_are_filled() -> None:
    """A header by its relation; a paragraph in a paragraph is not taken apart."""
    header = f'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{paragraph("{{ 县 }}")}</w:hdr>'
    box = f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('{% if 有上级 %}有{% endif %}')}</w:txbxContent></w:pict></w:r></w:p>"
    template = document(
        box, "正文", relations=relation("header", "header1.xml"), parts={"word/header1.xml": header}
    )
    found = parts(fill("模板.docx", template, VALUES).data)
    assert "桓台县" in found["word/header1.xml"].decode()
    assert re.search("<w:txbxContent>.*有.*</w:txbxContent>", found["word/document.xml"].decode())


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("{{ 达标树 }}", "there is no field “达标树” ({{ 达标树 }}); there are: 年度、县、"),
        ("{% for 镇 in 各上级 %}{{ 镇.名字 }}{% endfor %}", "no column “名字” ({{ 镇.名字 }}); there are: 名称、达标数"),
        ("{% if 假 %}{{ 县 }}{% endif %}", "there is no field “假”"),
        ("{{ ''.__class__ }}", "“{{ ''.__class__ }}” is no column"),
        ("{{ 县.__class__.__mro__ }}", "“{{ 县.__class__.__mro__ }}” is no column"),
        ("{% for 镇 in 各上级 %}{{ 镇.__class__ }}{% endfor %}", "there is no column “__class__”"),
        ("{{ 县['x'] }}", "“{{ 县['x'] }}” is not understood"),
        ("{{ range(9) }}", "“{{ range(9) }}” is not understood"),
        ("{{ 'a' * 999999999 }}", "is not understood"),
        ("{{ 县|attr('x') }}", "is not understood"),
        ("{{ 年度 + 1 }}", "is not understood"),
        ("{% set 甲 = 1 %}", "is not understood"),
        ("{% include '/etc/passwd' %}", "is not understood"),
        ("{% for 字 in 县 %}x{% endfor %}", "“{% for 字 in 县 %}” walks through no list; there are: 各上级"),
        ("{{ 各上级 }}", "“{{ 各上级 }}” is a list"),
        ("{% for 镇 in 各上级 %}{{ 镇 }}{% endfor %}", "“{{ 镇 }}” is a list or an entry of one"),
        ("{{ 县 ", "braces are not closed in the same paragraph, or not opened: {{ 县"),
        ("县 }}", "braces are not closed in the same paragraph, or not opened: 县 }}"),
        ("{% for 镇 in 各上级 %}", "“{% for 镇 in 各上级 %}” is not understood"),
        ("{% endif %}", "“{% endif %}” is not understood"),
        ("{{ }}", "“{{ }}” is not understood"),
        ("{% fro 镇 in 各上级 %}", "“{% fro 镇 in 各上级 %}” is not understood"),
    ],
)  # fmt: skip
def test_what_is_no_field_is_refused_by_name(tag: str, words: str) -> None:
    """Also where it would never be reached, and wherever in the document it is."""
    assert words in refused("{{ 县 }}\n{{ 年度 }}", "二", tag)


def test_a_list_three_deep_is_refused() -> None:
    """No template keeps the machine busy with lists of lists of lists."""
    deep = "".join(f"{{% for {name} in 各上级 %}}" for name in "甲乙丙") + "{% endfor %}" * 3
    assert "“{% for 丙 in 各上级 %}” walks through no list" in refused(deep)


def test_a_list_that_begins_and_ends_at_different_places_is_refused() -> None:
    """Before a table and in the middle of it."""
    found = refused("{% for 镇 in 各上级 %}", table(["{% endfor %}x", "b"]))
    assert "begins and ends at places that do not match" in found


def test_a_part_that_grows_without_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its length is counted while it is filled."""
    monkeypatch.setattr("greenxl.report.annual.template._MOST_OUTPUT", 2_000)
    assert "it becomes too long" in refused("{% for 镇 in 各上级 %}" + "长" * 1000 + "{% endfor %}")


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (["{% if 有上级 %}" * 1000 + "{% endif %}" * 1000], "nested too deeply"),
        (["{{ " + "not " * 70 + "县 }}", "<w:r>" * 3000 + "</w:r>" * 3000], "nested too deeply"),
        (["{{ 县 }}" * 2001], "it has more than 2,000 fields"),
        (["".join(f"{{{{{chr(0x4E00 + n * 7919 % 20_000)}" for n in range(60_000))], "braces are not closed"),
    ],
    ids=["conditions", "elements", "many fields", "many braces"],
)
def test_what_would_keep_the_machine_busy_is_refused(blocks: list[str], words: str) -> None:
    """In time that grows with the template's length alone."""
    assert words in refused(*blocks)


def test_a_chart_is_a_part_of_its_own_each_time() -> None:
    """With its workbook, under free numbers, named in relations and content types."""
    once = fill("模板.docx", document("{{ 结果图 }}", "{{ 结果图 }}", "{{ 县 }}"), VALUES).data
    twice = fill("模板.docx", _with(once, "桓台县", "{{ 结果图 }}"), VALUES).data
    related = opened(twice).part.rels.values()
    charts = [one.target_part.partname for one in related if one.reltype.endswith("/chart")]
    assert charts == [f"/word/charts/chart{number}.xml" for number in (1, 2, 3)]
    found = parts(twice)
    assert [found[f"word/embeddings/chart{number}.xlsx"] for number in (1, 2, 3)] == [b"PK"] * 3
    ids = re.findall(rb'<wp:docPr id="(\d+)"', found["word/document.xml"])
    assert len(ids) == len(set(ids)) == 3


def _with(data: bytes, old: str, new: str) -> bytes:
    """Return a document with other words, as somebody may make last year's report a template."""
    found = {name: part.decode() for name, part in parts(data).items()}
    found["word/document.xml"] = found["word/document.xml"].replace(old, new)
    return document(parts=found)


def test_a_chart_in_a_header_is_refused() -> None:
    """Only the main text can have one."""
    header = f'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{paragraph("{{ 结果图 }}")}</w:hdr>'
    template = document(relations=relation("header", "header1.xml"), parts={"word/header1.xml": header})
    with pytest.raises(UnusableTemplateError, match="a chart cannot be in a header"):
        fill("模板.docx", template, VALUES)


def test_places_for_people_are_counted() -> None:
    """After lists have repeated them."""
    template = document(
        "【请填写：甲】", "{% for 镇 in 各上级 %}", "【请填写：{{ 镇.名称 }}】", "{% endfor %}"
    )
    assert fill("模板.docx", template, VALUES).to_be_filled == 3


def test_the_same_template_gives_the_same_bytes() -> None:
    """Whenever it is filled."""
    template = document("{{ 结果图 }}")
    assert fill("a", template, VALUES).data == fill("a", template, VALUES).data
