"""SQL that keeps event tables append-only, against raw statements too."""

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
