"""The law of the house: who may import whom, where each library lives, how large things grow."""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]

# Imports go downward: a room may import rooms of lower levels only.
LEVELS = {
    "errors": 0,
    "reports": 0,
    "bootstrap": 0,
    "domain": 1,
    "settings": 2,
    "job": 3,
    "catalog": 3,
    "store": 3,
    "notify": 3,
    "proxy": 3,
    "outbox": 4,
    "feed": 4,
    "execution": 4,
    "scheduling": 5,
    "web": 6,
    "ecs": 6,
    "client": 6,
    "moving": 6,
    "app": 7,
    "cli": 8,
    "library": 9,
    "testing": 9,
}
# The catalogue loads what the job API defines: two halves of one level, in this order.
NEIGHBOURS = {("catalog", "job")}

# What runs beside every job must never see the database, its password or the mail.
NARROW = {
    "botsched.execution.forkserver": {"execution", "job", "catalog", "reports", "errors"},
    # loaded there by its name, as job folders are
    "botsched.ecs": {"ecs", "job", "reports", "domain", "settings", "errors"},
}

# Each library has one home.
HOMES = {
    "apscheduler": ("botsched.scheduling",),
    "bcrypt": ("botsched.proxy",),
    "boto3": ("botsched.ecs",),
    "botocore": ("botsched.ecs",),
    "click": ("botsched.cli",),
    "h11": ("botsched.proxy.child",),  # what mitmproxy reads HTTP with
    "mitmproxy": ("botsched.proxy.child",),
    "passlib": ("botsched.proxy",),
    "psycopg": ("botsched.store",),
    "smtplib": ("botsched.notify",),
    "sqlalchemy": ("botsched.store",),
    "tornado": ("botsched.web", "botsched.app"),
}
FREE = set(sys.stdlib_module_names) - set(HOMES) | {"botsched", "botscheduler"}

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60

# Tests of more than one module.
UNMIRRORED = {
    "test_architecture.py",
    "jobs/test_all.py",
    "notify/smtp/test_matrix.py",
    "outbox/test_outages.py",
}


def name_of(file: Path) -> str:
    parts = file.relative_to(TREE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(file): file for file in sorted((TREE / "botsched").rglob("*.py"))}
SCRIPTS = [TREE / "bots-scheduler", TREE / "tests" / "run", TREE / "requirements" / "update"]
SOURCES = [*MODULES.values(), *sorted((TREE / "jobs").rglob("*.py")), *SCRIPTS]


def imports_of(module: str) -> Iterator[str]:
    """Yield all that a module imports, wherever in it and for whatever purpose."""
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def is_within(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def ours(module: str) -> Iterator[str]:
    return (name for name in imports_of(module) if is_within(name, "botsched"))


def test_every_room_has_a_level() -> None:
    rooms = {room_of(module) for module in MODULES} - {"", "__main__"}

    assert rooms <= set(LEVELS)


def test_imports_go_downward_only() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module in MODULES
        for imported in ours(module)
        if not may_import(room_of(module), room_of(imported))
    ]

    assert wrong == []


def may_import(room: str, other: str) -> bool:
    if room in {other, "__main__"} or other == "" or (room, other) in NEIGHBOURS:
        return True
    return room != "" and LEVELS[other] < LEVELS[room]


def test_no_modules_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter({module: set(ours(module)) - {module} for module in MODULES}).prepare()
    except CycleError as error:
        pytest.fail(f"A circle of imports: {' -> '.join(error.args[1])}")


def test_narrow_rooms_stay_narrow() -> None:
    wrong = [
        f"{module} imports {imported}"
        for narrow, allowed in NARROW.items()
        for module in MODULES
        for imported in ours(module)
        if is_within(module, narrow) and room_of(imported) not in allowed
    ]

    assert wrong == []


def test_each_library_stays_in_its_home() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module in MODULES
        for imported in imports_of(module)
        if (library := imported.partition(".")[0]) not in FREE
        and not any(is_within(module, home) for home in HOMES.get(library, ()))
    ]

    assert wrong == []


def test_unit_tests_mirror_the_modules() -> None:
    unit = TREE / "tests" / "unit"
    strays = []
    for file in unit.rglob("test_*.py"):
        path = file.relative_to(unit)
        mirrored = path.with_name(path.name.removeprefix("test_"))
        if not any(exists(root / mirrored) for root in (TREE, TREE / "botsched")):
            strays.append(path.as_posix())

    assert sorted(set(strays) - UNMIRRORED) == []


def exists(module: Path) -> bool:
    return module.is_file() or module.with_suffix("").is_dir()


def test_modules_and_functions_stay_small() -> None:
    large = []
    for file in SOURCES:
        text = file.read_text()
        if text.count("\n") > LONGEST_MODULE:
            large.append(f"{file}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    large.append(f"{file}: {node.name} has {lines} lines")

    assert large == []
