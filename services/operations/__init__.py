"""The acts on configuration items and their relations."""

from .items import create_item, edit_item, put_live, retire
from .relations import relate, unrelate

__all__ = ["create_item", "edit_item", "put_live", "relate", "retire", "unrelate"]
