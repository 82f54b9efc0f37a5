# One image, several commands: docker-compose.yml starts it as web, worker, beat and migrate.

FROM node:20-bookworm-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev


FROM python:3.11-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev gettext \
    && rm -rf /var/lib/apt/lists/*
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/base.txt
WORKDIR /app
COPY . .
COPY --from=front-end /app/node_modules node_modules
RUN find . -name '*.po' -not -path './node_modules/*' -exec sh -c 'msgfmt -o "${1%.po}.mo" "$1"' _ {} \;
# Hashed names and gzip. The key is good for this one command and is kept nowhere.
RUN SECRET_KEY="$(head -c 64 /dev/urandom | base64 -w 0)" ALLOWED_HOSTS=build STATIC_ROOT=/app/staticfiles \
    /venv/bin/python manage.py collectstatic --no-input


FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpq5 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin perspective \
    && install -d -o perspective -g perspective /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATIC_ROOT=/app/staticfiles \
    VAR_DIR=/data \
    XDG_CACHE_HOME=/tmp/cache
USER perspective
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--no-control-socket", "--bind", "0.0.0.0:8000", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
