from django.db import migrations

# Whoever edits a boundary, a grid or the name of a unit gives the ground a new version. A code
# that was given stays given: grids are closed, not deleted.
SQL = """
CREATE FUNCTION grids_ground_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO grids_ground (id, version, changed) VALUES (1, gen_random_uuid(), now())
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, changed = excluded.changed;
    RETURN NULL;
END $$;
CREATE TRIGGER grids_boundary_moved AFTER INSERT OR UPDATE OR DELETE ON grids_boundary
    FOR EACH STATEMENT EXECUTE FUNCTION grids_ground_moved();
CREATE TRIGGER grids_grid_moved AFTER INSERT OR UPDATE ON grids_grid
    FOR EACH STATEMENT EXECUTE FUNCTION grids_ground_moved();
CREATE TRIGGER grids_unit_moved AFTER UPDATE OF code, name, short, kind ON organization_unit
    FOR EACH STATEMENT EXECUTE FUNCTION grids_ground_moved();

CREATE FUNCTION grids_grid_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A grid is closed by its dates, never deleted: its code is not given again.';
END $$;
CREATE TRIGGER grids_grid_stays BEFORE DELETE ON grids_grid
    FOR EACH ROW EXECUTE FUNCTION grids_grid_stays();
"""
REVERSE = """
DROP TRIGGER grids_grid_stays ON grids_grid;
DROP FUNCTION grids_grid_stays();
DROP TRIGGER grids_unit_moved ON organization_unit;
DROP TRIGGER grids_grid_moved ON grids_grid;
DROP TRIGGER grids_boundary_moved ON grids_boundary;
DROP FUNCTION grids_ground_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("grids", "0001_initial")]
    operations = [migrations.RunSQL(SQL, REVERSE)]
