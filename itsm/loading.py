"""
What processes that fork load before they do, so that their children share it instead of each holding its own.

Whatever a request or a task is the first to need is otherwise loaded by every child for itself.
"""

import gc
from importlib import import_module

from django.apps import apps
from django.urls import get_resolver


def for_tasks() -> None:
    """Load what any task touches: the client of broker and cache, and how the models hang together."""
    import_module("kombu.transport.redis")
    for model in apps.get_models(include_auto_created=True):
        # The first query that names a field looks here.
        assert model._meta.fields_map is not None


def for_requests() -> None:
    """Load the pages and the API as well, with their forms and shapes."""
    for_tasks()
    assert get_resolver().url_patterns


def freeze() -> None:
    """Move what is loaded out of the garbage collector's sight: collecting would unshare its pages."""
    gc.collect()
    gc.freeze()
