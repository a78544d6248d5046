"""What can be wrong with a campaign's tables: one catalogue, and the collector that the checks share."""

from greenxl.i18n import N_, _

FAULTS = {
    "campaign-encoding": N_("{path}: the text is neither UTF-8 nor GB18030. Save the file as “CSV UTF-8”."),
    "campaign-missing": N_(
        "{path}: there is no campaign here. Name a campaign workbook or a folder of CSV files, or run “greenxl init” to make one."
    ),
    "campaign-suffix": N_(
        "{path}: this is no campaign workbook. Name an .xlsx, .xls or .ods file, or a folder of CSV files."
    ),
    "campaign-unreadable": N_(
        "{path}: the workbook cannot be read ({error}). Open it in Excel or WPS and save it as .xlsx."
    ),
    "campaign-unusable": N_(
        "{path}: the campaign cannot be used. Correct what is listed and run the command again."
    ),
    "code-bad": N_("the code is “{found}”. Use small English letters, digits and hyphens only."),
    "column-missing": N_("the column “{name}” ({title}) is missing. Add it to the header row."),
    "community-twice": N_(
        "the community “{name}” of {town} stands in row {other} too. Delete one of the rows, or the alias."
    ),
    "criterion-twice": N_("the criterion is the same as in row {other}. Word it differently or delete one."),
    "deadline-bad": N_("the deadline is “{found}”. Write a date like 2021-09-30, or leave it blank."),
    "email-bad": N_("“{address}” is no mail address. Write one like name@example.cn, or leave it blank."),
    "group-split": N_("the group “{name}” is interrupted by another group. Keep its criteria together."),
    "group-twice": N_("the group “{name}” stands twice. Put its departments in one row."),
    "group-unknown": N_("the group “{name}” is not in the standard. Write it as there."),
    "number-bad": N_("the number is “{found}”. Give a whole number."),
    "number-gap": N_(
        "the number is “{found}” where {wanted} must follow. Number the criteria 1, 2, 3 … without a gap."
    ),
    "number-taken": N_("the number {number} stands in row {other} too. Give every community its own."),
    "order-bad": N_("the order is “{found}”. Give a whole number."),
    "pass-score-high": N_("the pass mark {passing} is above the total {stated}. Correct one of them."),
    "percent-bad": N_("the target is “{found}” percent. Give a whole number from 1 to 100."),
    "pilot-bad": N_("“pilot” is “{found}”. Write 是 for a pilot community, nothing for others."),
    "points-bad": N_("the points are “{found}”. Give a number above 0 with two decimals at most."),
    "role-bad": N_("the role is “{found}”. Write leadership (领导) or authority (主管部门)."),
    "score-bad": N_("“{name}” ({title}) is “{found}”. Give a number above 0 with two decimals at most."),
    "setting-missing": N_("the setting “{name}” ({title}) has no value. Fill it in."),
    "setting-twice": N_("the setting “{name}” stands twice. Delete one of the rows."),
    "setting-unknown": N_("there is no setting “{name}”. Correct its name or delete the row."),
    "table-empty": N_("the table has no rows. Fill it in."),
    "table-missing": N_("the table is missing. Add the sheet “{title}” or the file {name}.csv."),
    "total-differs": N_(
        "the stated total is {stated}, but the points of the standard add up to {total}. Correct the points or the total."
    ),
    "town-twice": N_("the name or alias “{name}” stands in row {other} too. A name can mean one town only."),
    "town-unknown": N_("the town “{name}” is not in the table of towns. Add it there or correct the name."),
    "town-unused": N_(
        "the town “{name}” has no community in the roster. Add its communities or delete the row."
    ),
    "urban-total-bad": N_(
        "the number of urban communities is “{found}”. Give a whole number above 0, or leave it blank."
    ),
    "urban-total-low": N_(
        "the town has {total} urban communities but {listed} in the roster. Correct one of them."
    ),
    "value-missing": N_("“{name}” ({title}) is empty. Fill it in or delete the row."),
    "year-bad": N_("the year is “{found}”. Give four digits, such as 2021."),
    "year-twice": N_("the year {year} stands twice. Delete one of the rows."),
}


def file_fault(code: str, **values: object) -> str:
    return _(FAULTS[code]).format(**values)


class Faults:
    """Collects what is wrong, each fault with its table, row and remedy."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, row: int | None, code: str, **values: object) -> None:
        where = _("{place}, row {row}").format(place=place, row=row) if row else place
        what = _(FAULTS[code]).format(**values)
        self.found.append(_("{where}: {what}").format(where=where, what=what))
