"""SQL that keeps event tables append-only, against raw statements too.

Triggers refuse what changes a row; in production the tables belong to another role than the
application's, which so cannot take the triggers away.
"""

from django.db import connection, transaction

FUNCTIONS = """
CREATE FUNCTION workflow_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.words = '{}'::jsonb AND NEW.salt = ''
           AND to_jsonb(NEW) - 'words' - 'salt' = to_jsonb(OLD) - 'words' - 'salt' THEN
            RETURN NEW;  -- lawful erasure of personal words; their digest stays in the chain
        END IF;
    END IF;
    RAISE EXCEPTION 'The log is append-only.';
END $$;
"""
REVERSE = "DROP FUNCTION workflow_event_stays();"


def guard(table: str) -> str:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE of an event table."""
    return f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION workflow_event_stays();
CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION workflow_event_stays();
"""


def unguard(table: str) -> str:
    return f"""
DROP TRIGGER {table}_stays ON {table};
DROP TRIGGER {table}_stays_whole ON {table};
"""


# The guarded tables that a role could change: as owner of table or schema, or by a grant. A member
# of the owner, and so a superuser, counts as owner; so does the owner of the whole database.
ALTERABLE = """
SELECT kept.relname FROM pg_class kept JOIN pg_namespace space ON space.oid = kept.relnamespace,
     COALESCE(%(role)s::name, current_user) AS role
WHERE kept.oid IN (SELECT tgrelid FROM pg_trigger WHERE tgfoid = to_regproc('workflow_event_stays'))
  AND (pg_has_role(role, kept.relowner, 'MEMBER')
       OR pg_has_role(role, space.nspowner, 'MEMBER')
       OR has_table_privilege(role, kept.oid, 'DELETE, TRUNCATE, TRIGGER')
       OR has_any_column_privilege(role, kept.oid, 'UPDATE'))
ORDER BY 1
"""
GUARDED = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
WHERE tgfoid = to_regproc('workflow_event_stays') ORDER BY 1
"""
GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE UPDATE, DELETE ON {guarded} FROM {role};
"""


def alterable(role: str | None = None) -> list[str]:
    """The guarded tables whose rows the role (None: our own) could change, triggers or not."""
    with connection.cursor() as cursor:
        cursor.execute(ALTERABLE, {"role": role})
        return [name for (name,) in cursor.fetchall()]


@transaction.atomic
def grant_work(role: str) -> list[str]:
    """Let a role do the application's work, but only add to guarded tables; names these."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDED)
        tables = [name for (name,) in cursor.fetchall()]
        name = connection.ops.quote_name(role)
        cursor.execute(GRANTS.format(role=name, guarded=", ".join(tables)))
    return tables


def role_exists(role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None
