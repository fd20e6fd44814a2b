#!/bin/sh
# Run by the image's entrypoint once, when the database has just been made; later: docs/replicas.md, Containers.
set -e
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --single-transaction \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file /usr/local/share/pymap.sql
