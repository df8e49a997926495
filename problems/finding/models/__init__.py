"""What was found among the incidents, and what people made of it."""

from .bursts import DecidedBurst
from .clusters import Cluster, ClusterMember, Run

__all__ = ["Cluster", "ClusterMember", "DecidedBurst", "Run"]
