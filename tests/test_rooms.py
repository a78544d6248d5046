"""The rooms along the flow, read off the imports themselves: those in functions and for types included."""

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "greenxl"
TESTS = Path(__file__).parent

FOUNDATION = (
    "errors", "catalogue", "findings", "i18n", "journals", "mime", "names", "output_files",
    "system_errors", "xlsx",
)  # fmt: skip
ROOMS = (
    "foundation",
    "workbooks",
    "campaign",
    "form",
    "returns",
    "scoring",
    "rounds",
    "report",
    "sendback",
    "mail",
    "ui",
    "cli",
)
"""In the order of the flow: each may import from itself and from those before it."""

MOST_AT_TOP = 10
MOST_IN_A_ROOM = 14

WHERE = {
    "click": {"cli"},
    "pandas": {"scoring"},
    "pyarrow": {"report"},
}
"""The rooms that may import a library."""

TESTED_WITH_ITS_READER = {
    f"greenxl.workbooks.formats.{name}"
    for name in (
        "cell_value",
        "open_document_styles",
        "package",
        "rich_text",
        "shared_strings",
        "spreadsheet_ml",
        "worksheet",
        "xml_part",
    )
}
"""The parts of the readers of .xlsx and .ods, which tests/workbooks/formats/ tries through whole files."""


@cache
def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name."""
    return {_dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def _dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text("utf-8"))


def room(name: str) -> str:
    """Return the room of a module: the folder, or the foundation for a module beside the folders."""
    inner = name.partition(".")[2].split(".")[0]
    if inner == "__main__":
        return "cli"
    return "foundation" if inner in ("", *FOUNDATION) else inner


def imported(name: str) -> Iterator[str]:
    """Yield what a module imports anywhere in its text, each as the module it comes from."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _source(name, node)
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield inner if inner in modules() else source


def _source(name: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = name if modules()[name].name == "__init__.py" else name.rpartition(".")[0]
    base = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def graph() -> dict[str, set[str]]:
    """Return the modules of the package that each imports."""
    return {name: {one for one in imported(name) if one in modules()} - {name} for name in modules()}


def test_every_module_is_in_a_room() -> None:
    """A new folder, or a new module beside the folders, has its place in the flow."""
    assert {name for name in modules() if room(name) not in ROOMS} == set()


def test_a_lower_room_never_imports_a_higher_one() -> None:
    """Data flows one way, and so do the imports."""
    against = [
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in sorted(others)
        if ROOMS.index(room(other)) > ROOMS.index(room(name))
    ]
    assert against == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Taking away again and again what imports, or is imported by, nothing that is left leaves nothing."""
    left = graph()
    while free := {n for n in left if not left[n]} | (left.keys() - set().union(*left.values())):
        left = {name: others - free for name, others in left.items() if name not in free}
    assert left == {}


def test_no_room_is_crowded() -> None:
    """At most ten modules beside the rooms, and fourteen in one; a folder in a room counts as one."""
    count = {"greenxl": len(_inside(PACKAGE) - {"__main__"} - set(ROOMS))}
    count |= {name: len(_inside(PACKAGE / name)) for name in ROOMS if (PACKAGE / name).is_dir()}
    most = {name: MOST_AT_TOP if name == "greenxl" else MOST_IN_A_ROOM for name in count}
    assert {name: number for name, number in count.items() if number > most[name]} == {}


def _inside(folder: Path) -> set[str]:
    """Return the modules and folders of modules that a folder holds itself."""
    found = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/*.py")}
    return found - {"__init__"}


@pytest.mark.parametrize("library", WHERE)
def test_a_library_stays_in_its_rooms(library: str) -> None:
    """The command line's is not needed below it, and what leaves scoring is typed."""
    users = {name for name in modules() if any(one.split(".")[0] == library for one in imported(name))}
    assert {name for name in users if room(name) not in WHERE[library]} == set()


def test_only_the_command_line_prints() -> None:
    """No other module calls print or takes hold of the standard streams."""
    printing = {name for name in modules() if room(name) not in WHERE["click"] and _prints(tree(name))}
    assert printing == set()


def _prints(module: ast.Module) -> bool:
    return any(
        (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print")
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout", "sys.stderr"))
        for node in ast.walk(module)
    )


def test_every_module_with_behaviour_has_a_test_module_of_its_name() -> None:
    """What greenxl/room/module.py does is tested in tests/room/test_module.py."""
    behaving = {name: path for name, path in modules().items() if _behaves(tree(name))}
    untested = {name for name, path in behaving.items() if not _test_of(path).exists()}
    assert untested == TESTED_WITH_ITS_READER


def _behaves(module: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(module))


def _test_of(path: Path) -> Path:
    inner = path.relative_to(PACKAGE)
    if path.stem == "__init__":
        return TESTS / inner.parent  # a folder's face is tested with what is in the folder
    return TESTS / inner.parent / f"test_{inner.name}"


def test_every_package_is_in_the_wheel() -> None:
    """An installation in place would not notice that one is left out."""
    settings = ConfigParser()
    settings.read(TESTS.parent / "setup.cfg", "utf-8")
    listed = settings["options"]["packages"].split()
    own = {name for name, path in modules().items() if path.name == "__init__.py"}
    assert {*listed} == own | {"greenxl.templates", "greenxl.samples"}
    assert len(listed) == len(set(listed))
