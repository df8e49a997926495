"""Who is hit if something fails, and what something needs: walks over items and services."""

from .edges import Edge, edges_between
from .nearby import Nearby, next_to
from .people import Reach, reach_of
from .walking import DEEPEST, MOST_HITS, Direction, Walk, walk

__all__ = [
    "DEEPEST",
    "MOST_HITS",
    "Direction",
    "Edge",
    "Nearby",
    "Reach",
    "Walk",
    "edges_between",
    "next_to",
    "reach_of",
    "walk",
]
