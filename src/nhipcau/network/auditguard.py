"""What makes the audit log append-only in the database itself: triggers that refuse changes, whoever asks."""

from __future__ import annotations

from typing import Any, Final

TABLE: Final = "network_auditrecord"
SQLITE: Final = {
    "audit_no_update": f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "audit_no_delete": f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
}
POSTGRESQL: Final = (
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    f"CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
)


def guard(connection: Any) -> None:
    """Set the triggers."""
    with connection.cursor() as cursor:
        for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE.values():
            cursor.execute(statement)


def unguard(connection: Any) -> None:
    """Take the triggers away: for undoing the migration, and for emptying a test's database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS audit_no_change ON {TABLE}")
            cursor.execute(f"DROP TRIGGER IF EXISTS audit_no_truncate ON {TABLE}")
            return
        for name in SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def is_guarded(connection: Any) -> bool:
    """Whether the triggers are there."""
    query = (
        f"SELECT count(*) FROM pg_trigger WHERE tgrelid = '{TABLE}'::regclass AND tgname LIKE 'audit_no_%%'"  # noqa: S608
        " AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [] if connection.vendor == "postgresql" else None)
        return int(cursor.fetchone()[0]) >= 2
