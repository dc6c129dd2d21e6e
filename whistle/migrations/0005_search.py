"""Words of two characters, as most Chinese ones are, found by an index.

A trigram index cannot serve them: it reads every row. The index holds each pair of neighbouring
characters of title and address; what it finds is compared with the words once more.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION whistle_pairs(words text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(array_agg(DISTINCT substr(words, i, 2)), '{}')
            FROM generate_series(1, length(words) - 1) AS i);
CREATE INDEX workorder_words ON whistle_workorder USING gin
    (whistle_pairs(title || ' ' || address));
"""
DROP = """
DROP INDEX workorder_words;
DROP FUNCTION whistle_pairs(text);
"""


class Migration(migrations.Migration):
    dependencies = [("whistle", "0004_whistle_photos")]
    operations = [migrations.RunSQL(CREATE, DROP)]
