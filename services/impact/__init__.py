"""Who is hit if something fails, and what something needs: walks over items and services."""

from .edges import Edge, edges_between
from .people import Reach, reach_of
from .walking import DEEPEST, MOST_HITS, Direction, Walk, walk, walk_each

__all__ = [
    "DEEPEST",
    "MOST_HITS",
    "Direction",
    "Edge",
    "Reach",
    "Walk",
    "edges_between",
    "reach_of",
    "walk",
    "walk_each",
]
