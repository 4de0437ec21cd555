"""How large the database is."""

from typing import Any, Final

from sqlalchemy import Connection, Integer, Table, func, literal_column, select, text

from botsched.store.schema import Schema

_COUNTED: Final = 100_000
_SIZES: Final = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
    "mysql": (
        "SELECT sum(data_length + index_length) FROM information_schema.tables "
        "WHERE table_schema = database()"
    ),
}
_ESTIMATES: Final = {
    "postgresql": "SELECT reltuples FROM pg_class WHERE oid = to_regclass(:table)",
    "mysql": (
        "SELECT table_rows FROM information_schema.tables "
        "WHERE table_schema = database() AND table_name = :table"
    ),
}


class Vitals:
    """Figures that cost little, whatever the size of the tables."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._connection = connection
        self._schema = schema
        kind = connection.dialect.name
        self._kind = "mysql" if kind == "mariadb" else kind

    def version(self) -> str:
        """The version of the database's software."""
        known = getattr(self._connection.dialect, "server_version_info", None) or ()
        return ".".join(map(str, known))

    def size(self) -> int:
        """How many bytes it takes on the disk, without logs."""
        return int(self._scalar(text(_SIZES[self._kind])) or 0)

    def rows(self) -> dict[str, tuple[int, bool]]:
        """By the name of each table: how many rows it has, and whether that is exact."""
        return {table.name: self._rows(table) for table in self._schema.metadata.sorted_tables}

    def _rows(self, table: Table) -> tuple[int, bool]:
        some = select(next(iter(table.primary_key))).limit(_COUNTED + 1).subquery()
        counted = int(self._scalar(select(func.count()).select_from(some)))
        if counted <= _COUNTED:
            return counted, True
        return max(int(self._scalar(self._estimate(table)) or 0), counted), False

    def _estimate(self, table: Table) -> Any:
        """What the database knows without counting."""
        if self._kind == "sqlite":
            number = literal_column("rowid", Integer)
            return select(func.max(number) - func.min(number) + 1).select_from(table)
        quoted = self._connection.dialect.identifier_preparer.format_table(table)
        name = quoted if self._kind == "postgresql" else table.name
        return text(_ESTIMATES[self._kind]).bindparams(table=name)

    def _scalar(self, query: Any) -> Any:
        return self._connection.execute(query).scalar_one_or_none()
