"""Who is hit if something fails, and what something needs: walks over items and services."""

from .edges import Edge, edges_between
from .people import Reach, reach_of
from .walking import DEEPEST, MOST_HITS, Direction, Walk, next_to, walk

__all__ = [
    "DEEPEST",
    "MOST_HITS",
    "Direction",
    "Edge",
    "Reach",
    "Walk",
    "edges_between",
    "next_to",
    "reach_of",
    "walk",
]
