#!/bin/sh
# Run once by the image of PostgreSQL, when the database is made: the role of web, worker, beat,
# stream and standby. What it may do is granted by `prepare` (docs/deployment.md).
set -e
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/database_password)" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<SQL
CREATE ROLE govcenter LOGIN PASSWORD :'password';
SQL
