import pytest

from botsched.errors import InvalidError
from botsched.moving.ndscheduler.tables import (
    EVENT_COLUMNS,
    EXECUTION_COLUMNS,
    JOB_COLUMNS,
    Tables,
    find,
)

NONE = Tables()


def present(prefix: str = "scheduler_") -> dict[str, tuple[str, ...]]:
    return {
        f"{prefix}jobs": JOB_COLUMNS,
        f"{prefix}execution": EXECUTION_COLUMNS,
        f"{prefix}jobauditlog": EVENT_COLUMNS,
    }


@pytest.mark.parametrize("prefix", ["scheduler_", "", "whatever_"])
def test_tables_are_found_by_their_columns(prefix: str) -> None:
    found = find(present(prefix) | {"other": ("id", "name")}, NONE)

    assert found == Tables(f"{prefix}jobs", f"{prefix}execution", f"{prefix}jobauditlog")


def test_some_tables_may_be_missing() -> None:
    assert find({"jobs": JOB_COLUMNS}, NONE) == Tables("jobs")
    assert find(present() | {"scheduler_files": ("filename",)}, NONE).files == "scheduler_files"


def test_of_several_one_has_to_be_chosen() -> None:
    both = present() | present("")

    with pytest.raises(InvalidError, match=r"--source-jobs-table: is needed.*jobs, scheduler_jobs"):
        find(both, NONE)
    chosen = Tables("jobs", "execution", "jobauditlog")
    assert find(both, chosen) == chosen


def test_a_chosen_table_has_to_fit() -> None:
    with pytest.raises(InvalidError, match=r"'nothing' is no such table.*scheduler_jobs"):
        find(present(), Tables(jobs="nothing"))


def test_a_database_of_something_else_is_told() -> None:
    with pytest.raises(InvalidError, match="no table of ndscheduler; its tables: a, b"):
        find({"b": ("x",), "a": ("y",)}, NONE)
    with pytest.raises(InvalidError, match="of this program itself"):
        find({"scheduler_jobs": ("id", "job_class", "schedule")}, NONE)
