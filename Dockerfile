# One image for every process; docker-compose.yml says which one a container runs.
FROM python:3.12-slim AS packages

# Only what the lock file lists, and only what its hashes allow. No package is built: every one has a wheel.
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: \
        --require-hashes --requirement /tmp/requirements.lock


FROM python:3.12-slim

# Pango lays out the text of PDF files; DejaVu stands in where the bundled font lacks a character.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*

# A volume mounted on the storage folder takes over its owner.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin dray \
    && install --directory --owner=dray --group=dray --mode=0700 /var/lib/dray/storage

COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY celeryconfig.py LICENSE ./
COPY api/ api/
COPY cli/ cli/
COPY contracts/ contracts/
COPY db/ db/
COPY engines/ engines/
COPY exporters/ exporters/
COPY providers/ providers/
COPY schedules/ schedules/
COPY tasks/ tasks/
COPY workers/ workers/
COPY docker/health.py docker/health.py
COPY --chmod=0755 docker/dray /usr/local/bin/dray

# The file system may be mounted read-only, so that bytecode is written now and fontconfig keeps its cache in /tmp.
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp \
    DRAY_STORAGE_DIR=/var/lib/dray/storage
RUN python -m compileall -q /app

USER dray
CMD ["dray", "--help"]
