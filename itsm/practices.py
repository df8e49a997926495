"""The practices that this installation offers, in the order of the navigation. A new practice is a name here."""

PRACTICES = [
    "incidents",
    "problems",
    "problems.finding",
    "changes",
    "changes.pipelines",
    "changes.board",
    "changes.differences",
    "releases",
    "knowledge",
    "improvement",
]
