# The portal for production: web, worker, beat and migrations run from this one image.
# PostgreSQL and the broker are servers of their own: see compose.yaml and docs/operations.md.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
# Alone first: it changes less often than the code.
COPY requirements/base.txt requirements/s3.txt requirements/
# EXTRA=s3: what uploaded files in a bucket need, too.
ARG EXTRA=
RUN pip install --require-hashes --only-binary=:all: -r requirements/base.txt \
        ${EXTRA:+-r "requirements/$EXTRA.txt"}
COPY . .
# Both need settings, not servers: none of these values reaches the final image.
RUN export DEBUG=0 SECRET_KEY=only-while-building ALLOWED_HOSTS=localhost \
        DATABASE_URL=postgres://nobody@localhost/nothing \
    && python manage.py compile_messages_po \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q cjops people tags content journeys governance

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent portal \
    && install -d -o portal -g portal /data/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DEBUG=0 LOG_FORMAT=json MEDIA_ROOT=/data/media
WORKDIR /app
USER portal
VOLUME /data/media
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "tools/probe.py", "/health/live"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--no-ws", "--backpressure", "64", "--backlog", "512", \
     "--http1-buffer-size", "65536", "--http1-header-read-timeout", "10000", "--log-level", "warning", \
     "--respawn-failed-workers", "cjops.wsgi:application"]
