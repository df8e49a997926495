"""Where the queue shows the open records behind a number of these pages."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from records.query.ast import quoted
from services.models import ConfigurationItem


def queue_url(node: Any) -> str:
    """Open records on the item, or on the service where no item is named."""
    if isinstance(node, ConfigurationItem):
        query = f"is:open ci:{quoted(node.name)}"
    else:
        query = f"is:open service:{quoted(node.slug)} ci:none"
    return f"{reverse('records:queue')}?{urlencode({'q': query})}"
