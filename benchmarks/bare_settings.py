"""Settings of the bare site: our database and sessions, Django's own middleware for signed-in people, nothing more."""

from itsm.settings.base import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare_site"
WSGI_APPLICATION = None
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # the installed app insists on it
]
