"""Renders the pictures of the documentation from the real output.

They show what the workbooks look like in print: LibreOffice makes the pages. Where the fonts of Windows
are missing, those of Debian's fonts-noto-cjk and fonts-crosextra-carlito stand in for them.
"""

import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.form.blank import blank
from greenxl.report.book import consolidate
from greenxl.rounds.evaluate import evaluate
from greenxl.scoring.tables import build
from tests.tools.office import Office, png

ROOT = Path(__file__).parent.parent.parent
DOCS, RETURNED = ROOT / "docs", ROOT / "samples" / "returned"
AS_OF = date(2021, 10, 8)
DPI = 110
STANDINS = {
    "仿宋": "Noto Serif CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC",
    "Calibri": "Carlito",
}


def update() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["FONTCONFIG_FILE"] = str(_fonts(folder))
        campaign = load(shipped())
        result = evaluate(campaign, [RETURNED])
        report, form = folder / "report.xlsx", folder / "form.xlsx"
        report.write_bytes(consolidate(result, build(campaign, result.choices), AS_OF))
        form.write_bytes(blank(campaign, "索镇", campaign.communities_of("索镇")))
        with Office() as office:
            for book in (report, form):
                office.pdf(book, book.with_suffix(".pdf"))
        pages = png(report.with_suffix(".pdf"), folder / "pages", DPI)
        forms = png(form.with_suffix(".pdf"), folder / "pages", DPI)
        for page, picture in ((pages[0], "overview"), (pages[2], "scores"), (forms[1], "blank")):
            (DOCS / f"{picture}.png").write_bytes(page.read_bytes())


def _fonts(folder: Path) -> Path:
    """Return a configuration in which every font of the workbooks has a stand-in."""
    rules = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{name}</family>'
        f"<family>{standin}</family></prefer></alias>"
        for name, standin in STANDINS.items()
    )
    system = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><include>{system}</include>{rules}</fontconfig>",
        encoding="utf-8",
    )
    return path
