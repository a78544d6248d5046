"""Makes the samples, with LibreOffice as the town clerk, and the JSON that merging them must give."""

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign import shipped
from greenxl.campaign.checks import campaign_of, load
from greenxl.campaign.model import Campaign, Community
from greenxl.campaign.new_round import with_year
from greenxl.campaign.tables import CampaignTables, read_tables
from greenxl.campaign.workbook import campaign_workbook
from greenxl.form.blank import blank, blanks
from greenxl.form.layout import community_sheet_names
from greenxl.workbooks.cells import address
from tests.tools import commands
from tests.tools.office import Office

SAMPLES = Path(__file__).parent.parent.parent / "samples"
AS_OF = "2021-09-30"

ADDRESSES = {"towns": ("chengqu", "guoli", "suozhen"), "recipients": ("leader", "zhujian")}

FULL = [5.0] * 20
EXACTLY_80 = [5.0] * 16 + [0.0] * 4
JUST_BELOW = [5.0] * 15 + [4.99] + [0.0] * 4
DECIMALS = [4.75, 4.5, 4.25, 4.0] * 5
INCOMPLETE: list[float | None] = [*FULL[:17], None, 4.0, None]
NOTHING: list[float | None] = [None] * 20


def scores(campaign: Campaign) -> dict[str, list[float | None]]:
    """Return the scores that the towns give: the cases worth showing, the rest drawn with a fixed seed."""
    draw = random.Random(2021)
    given: dict[str, list[float | None]] = {
        community.name: [draw.choice([3, 3.5, 4, 4, 4.5, 5, 5, 5]) for _ in range(20)]
        for community in campaign.communities
    }
    given |= {
        "西苑社区": [*FULL],
        "宝龙社区": [*EXACTLY_80],
        "兴华社区": [*JUST_BELOW],
        "少海社区": [*DECIMALS],
        "宝发社区": INCOMPLETE,
        "商城社区": [3.0, 2.0, 4.0, 3.5] * 5,
        "玫瑰城社区": NOTHING,
        "赵家社区": [4.0, 3.0, 4.5, 3.5] * 5,
    }
    return given


def cells(values: list[float | None]) -> dict[str, float | str]:
    """Return the cells of the shipped form in which these scores are typed."""
    return {f"E{row}": value for row, value in enumerate(values, 4) if value is not None}


def with_addresses() -> CampaignTables:
    """Return the shipped campaign's tables with an invented address for everyone (RFC 2606)."""
    tables = read_tables(shipped())
    for name, people in ADDRESSES.items():
        rows = tuple(
            replace(row, cells={**row.cells, "email": f"{person}@example.cn"})
            for row, person in zip(tables[name].rows, people, strict=True)
        )
        tables[name] = replace(tables[name], rows=rows)
    return tables


def make_campaign() -> None:
    (SAMPLES / "campaign.xlsx").write_bytes(campaign_workbook(with_addresses()))


def make_workbooks() -> None:
    """Make the blanks, and the returned and spoiled workbooks; the moment of saving is in most of them."""
    campaign = load(shipped())
    for name in ("blank", "returned", "spoiled"):
        shutil.rmtree(SAMPLES / name, ignore_errors=True)
        (SAMPLES / name).mkdir(parents=True)
    for made in blanks(campaign, [town.name for town in campaign.towns]):
        (SAMPLES / "blank" / made.file_name).write_bytes(made.data)
    with Office() as office:
        returned(office, campaign)
        spoiled(office, campaign)


def returned(office: Office, campaign: Campaign) -> None:
    """Fill one town's blank as xlsx, one as xls, one as ods; type the last community by hand."""
    given = scores(campaign)
    typed = "五里社区"
    for town, suffix in zip(campaign.towns, (".xlsx", ".xls", ".ods"), strict=True):
        source = SAMPLES / "blank" / f"{town.name}-评分表-{campaign.year}.xlsx"
        communities = campaign.communities_of(town.name)
        names = community_sheet_names(communities)
        filled: dict[str, Mapping[str, float | str]] = {
            sheet: cells(given[c.name])
            for sheet, c in zip(names, communities, strict=True)
            if c.name != typed
        }
        office.fill(source, SAMPLES / "returned" / f"{source.stem}{suffix}", filled)
    office.new(SAMPLES / "returned" / "五里社区（手工录入）.xlsx", {"五里": by_hand(campaign, given[typed])})


def by_hand(campaign: Campaign, values: list[float | None]) -> dict[str, float | str]:
    """Return the cells of a form typed into a new workbook: rows above it, columns in front of it."""
    top, left = 6, 2
    typed: dict[str, float | str] = {
        "A1": "索镇上报材料",
        "C3": "绿色社区创建评分表",
        "C4": "社区名称：五里社区",
        "F4": "所属街道（镇）",
        "G4": "索镇",
    }
    for column, heading in zip((0, 1, 3, 4), ("内容", "创建标准", "标准分", "得分"), strict=True):
        typed[address(top, left + column)] = heading
    for criterion in campaign.criteria:
        row = top + criterion.number
        group = campaign.groups[criterion.group]
        if criterion is group.criteria[0]:
            typed[address(row, left)] = group.title
        typed[address(row, left + 1)] = float(criterion.number)
        typed[address(row, left + 2)] = criterion.text
        typed[address(row, left + 3)] = float(criterion.points)
        typed[address(row, left + 4)] = float(values[criterion.number - 1] or 0)
    typed[address(top + 21, left)] = "合计"
    typed[address(top + 21, left + 4)] = sum(v or 0 for v in values)
    return typed


Spoil = Callable[[Worksheet], None]


def put(cell: str, value: str | float | bool | None) -> Spoil:
    def spoil(sheet: Worksheet) -> None:
        sheet[cell] = value

    return spoil


def delete_row(row: int) -> Spoil:
    def spoil(sheet: Worksheet) -> None:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.delete_rows(row)

    return spoil


def twice(sheet: Worksheet) -> None:
    sheet["C9"] = sheet["C8"].value
    sheet["B9"] = sheet["B8"].value


FAULTS: dict[str, tuple[str, Spoil]] = {
    "汉字": ("宝龙社区", put("E6", "五")),
    "等级": ("西苑社区", put("E8", "优")),
    "范围": ("兴华社区", put("E6", "4-5")),
    "超分": ("恒星社区", put("E10", 6)),
    "负分": ("少海社区", put("E12", -1)),
    "三位小数": ("兰香园社区", put("E7", 4.333)),
    "引用错误": ("宝发社区", put("E9", "#REF!")),
    "公式未计算": ("东城社区", put("E9", "=3+2")),
    "逻辑值": ("商城社区", put("E11", True)),
    "全角数字": ("云涛社区", put("E14", "４．５分")),
    "未填": ("锦秋社区", put("E20", None)),
    "删了一条": ("紫悦城社区", delete_row(9)),
    "重复一条": ("玫瑰城社区", twice),
    "名单外社区": ("东岳国际社区", put("B2", "东岳国际花园小区")),
    "别的街道": ("鸿嘉社区", put("B2", "永安社区")),
}


def spoiled(office: Office, campaign: Campaign) -> None:
    """Make one workbook for each fault, every one of another community."""
    folder = SAMPLES / "spoiled"
    by_name = {c.name: c for c in campaign.communities}
    for fault, (name, spoil) in FAULTS.items():
        edit(filled_blank(campaign, by_name[name]), folder / f"{fault}-{name}.xlsx", spoil)
    edit(filled_blank(campaign, by_name["永安社区"]), folder / "重复报送-永安社区-1.xlsx", put("E4", 5))
    edit(filled_blank(campaign, by_name["永安社区"]), folder / "重复报送-永安社区-2.xlsx", put("E4", 3))
    other = campaign_of(with_year(read_tables(shipped()), 2022), "2022")
    edit(filled_blank(other, by_name["新民社区"]), folder / "别的年份-新民社区.xlsx", put("E4", 5))
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "form.xlsx"
        source.write_bytes(filled_blank(campaign, by_name["西镇社区"]))
        office.pdf(source, Path(temporary) / "form.pdf")
        shutil.copy(Path(temporary) / "form.pdf", folder / "其实是PDF-西镇社区.xlsx")
        (folder / "传输中断-永和社区.xlsx").write_bytes(source.read_bytes()[:5000])
    (folder / "空文件-赵家社区.xlsx").write_bytes(b"")
    (folder / "~$临时文件.xlsx").write_bytes(b"\x05clerk")


def filled_blank(campaign: Campaign, community: Community) -> bytes:
    full = {community: [Decimal("4.5")] * 20}
    return blank(campaign, community.town, [community], scores=full)


def edit(data: bytes, target: Path, spoil: Spoil) -> None:
    target.write_bytes(data)
    book = openpyxl.load_workbook(target)
    spoil(book.worksheets[1])
    book.save(target)


def merged(folder: str) -> dict[str, object]:
    """Return the JSON document that a real run gives for a folder of samples, without its output path."""
    with tempfile.TemporaryDirectory() as temporary:
        output = Path(temporary) / "merged.xlsx"
        done = commands.run(SAMPLES, "merge", folder, "-o", output, "--as-of", AS_OF, "--json")
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    value: dict[str, object] = json.loads(done.stdout)
    value["output"] = value["leader_copy"] = None
    return value


def make_json() -> None:
    for folder in ("returned", "spoiled"):
        text = json.dumps(merged(folder), ensure_ascii=False, indent=1) + "\n"
        (SAMPLES / f"{folder}.json").write_text(text, encoding="utf-8")
