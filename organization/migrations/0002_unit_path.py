from django.db import migrations

# The path of a unit (its ancestors' keys, itself last) is kept by the database, so that bulk
# loading and a move of a whole branch cannot leave it wrong.
SQL = """
CREATE FUNCTION organization_unit_path() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.path := COALESCE(
        (SELECT path FROM organization_unit WHERE id = NEW.parent_id), ARRAY[]::bigint[]
    ) || NEW.id;
    RETURN NEW;
END $$;
CREATE TRIGGER organization_unit_path BEFORE INSERT OR UPDATE OF parent_id
    ON organization_unit FOR EACH ROW EXECUTE FUNCTION organization_unit_path();

CREATE FUNCTION organization_unit_branch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE organization_unit SET parent_id = parent_id WHERE parent_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER organization_unit_branch AFTER UPDATE OF parent_id
    ON organization_unit FOR EACH ROW EXECUTE FUNCTION organization_unit_branch();
"""
REVERSE = """
DROP TRIGGER organization_unit_branch ON organization_unit;
DROP TRIGGER organization_unit_path ON organization_unit;
DROP FUNCTION organization_unit_branch();
DROP FUNCTION organization_unit_path();
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0001_initial")]
    operations = [migrations.RunSQL(SQL, REVERSE)]
