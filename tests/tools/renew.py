"""Renews what is generated, all of it or the parts named: ``python -m tests.tools.renew [PART]…``."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

os.environ["GREENXL_LANG"] = "en"  # before greenxl is imported: the language is chosen once
os.environ["OPENPYXL_LXML"] = "False"  # before openpyxl is imported: as users have it, without lxml

from tests.tools import (
    catalogue,
    commands_page,
    corpus,
    golden,
    make_samples,
    office,
    page_picture,
    pictures,
    readme,
    reference,
    report_fields,
    report_template,
    returned_files,
)


@dataclass(frozen=True)
class Part:
    """Something that is generated: what it is, what makes it anew, and what keeps that from running here."""

    words: str
    update: Callable[[], None]
    missing: Callable[[], str | None] = lambda: None


PARTS = {
    "catalogue": Part("the Chinese catalogue, greenxl/locale/", catalogue.update),
    "campaign": Part("samples/campaign.xlsx", make_samples.make_campaign),
    "samples": Part(
        "samples/: blanks, returned and spoiled workbooks (LibreOffice)",
        make_samples.make_workbooks,
        office.missing,
    ),
    "annual": Part("templates/report/annual.docx, the template of the annual report", report_template.update),
    "json": Part("samples/*.json, which merging the samples gives", make_samples.make_json),
    "goldens": Part("tests/golden/, what the workbooks are made of", golden.update),
    "corpus": Part(
        "tests/corpus-outcomes.json, what becomes of public files (the corpus)", corpus.update, corpus.missing
    ),
    "commands": Part("docs/commands*.md", commands_page.update),
    "returned-files": Part("docs/returned-files*.md", returned_files.update),
    "fields": Part("the fields in docs/annual-report*.md", report_fields.update),
    "reference": Part("the commands and options in README*.md", reference.update),
    "readme": Part(
        "the output of commands in README*.md and in docs/: mail*.md, operating*.md, programmes*.md",
        readme.update,
    ),
    "page-picture": Part("docs/ui.png (Chromium)", page_picture.update, page_picture.missing),
    "pictures": Part("docs/*.png (LibreOffice)", pictures.update, office.missing),
}
"""In the order in which one is made from another."""


def main(arguments: Sequence[str]) -> None:
    """Renew each part asked for; what cannot be renewed is printed, and keeps no other from it."""
    failed = False
    for name in _asked_for(arguments):
        print(f"{name}: {PARTS[name].words}", flush=True)
        try:
            _renew(PARTS[name])
        except SystemExit as reason:
            print(reason, file=sys.stderr, flush=True)
            failed = True
    sys.exit(int(failed))


def _asked_for(arguments: Sequence[str]) -> list[str]:
    parser = argparse.ArgumentParser(
        prog="python -m tests.tools.renew",
        description="Renews what is generated; all of it if no part is named.",
        epilog="\n".join(f"  {name:15} {part.words}" for name, part in PARTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="*", help="one or more of those below", metavar="PART")
    named = parser.parse_args(arguments).part
    if unknown := set(named) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return [name for name in PARTS if name in named or not named]


def _renew(part: Part) -> None:
    if reason := part.missing():
        raise SystemExit(f"Not renewed: {reason}.")
    part.update()


if __name__ == "__main__":
    main(sys.argv[1:])
