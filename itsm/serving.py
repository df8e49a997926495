"""How gunicorn serves the product, here and in production: `gunicorn -c python:itsm.serving`."""

import os
from pathlib import Path
from typing import Any

wsgi_app = "itsm.wsgi:application"
bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"  # in a container; elsewhere --bind says otherwise
worker_class = "gthread"
workers = int(os.environ.get("STEWARD_WEB_WORKERS") or 2)
threads = int(os.environ.get("STEWARD_WEB_THREADS") or 4)
# One loading of the code for all workers: they share its memory and start at once.
preload_app = True
# A thread that hangs longer than this costs its worker; the database cuts statements off far earlier.
timeout = 60
graceful_timeout = 10
keepalive = 2
control_socket_disable = True
# Gunicorn's heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "common.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


def pre_fork(server: Any, worker: Any) -> None:
    """Load once what every worker needs."""
    from itsm import loading  # the application has set Django up only now

    loading.for_requests()
    loading.freeze()
