# PostgreSQL that installs pymap into its database when it starts for the first time. See compose.yaml.
ARG POSTGRES=18
FROM python:3.13-slim AS bundle
COPY . /pymap
RUN pip install --no-cache-dir /pymap && pymap bundle > /pymap.sql

FROM postgres:${POSTGRES}
COPY --from=bundle /pymap.sql /usr/local/share/pymap.sql
COPY docker/install-pymap.sh /docker-entrypoint-initdb.d/
