# The image listens on all addresses, and therefore starts only with an access key of 32 characters or more:
# docker run -e LODESTONE_ACCESS_KEY=… -v lodestone:/data -p 8000:8000 lodestone. compose.yaml does it with PostgreSQL.
# It migrates its database, and makes a signing key in /data unless LODESTONE_SIGNING_KEY_FILE names one that is mounted.
# `make image-test` runs the commands below without Docker.

FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements/runtime.lock requirements/
RUN python -m venv /opt/lodestone \
 && /opt/lodestone/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements/runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY alembic alembic
COPY docs/glossary.md docs/
COPY openapi openapi
COPY seeds seeds
COPY service service
# The build backend is in the lock, so this asks no registry.
RUN /opt/lodestone/bin/pip install --no-deps --no-index --no-build-isolation .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Lodestone" org.opencontainers.image.licenses="Apache-2.0"
# By number, so that an orchestrator can see that it is not root.
RUN groupadd --gid 10001 lodestone \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin lodestone \
 && install --directory --owner=10001 --group=10001 /data
COPY --from=build /opt/lodestone /opt/lodestone
ENV PATH=/opt/lodestone/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LODESTONE_PORT=8000 \
    LODESTONE_DATABASE_URL=sqlite:////data/lodestone.db \
    LODESTONE_SIGNING_KEY_FILE=/data/signing-key
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Ready, and not only alive: the database answers, and has its tables.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"LODESTONE_PORT\"]}/health/ready', timeout=2)"]
CMD ["lodestone", "serve", "--upgrade", "--host", "0.0.0.0"]
