"""
When a step is decided, worked out the slow way: try every way in which the seats that are silent could still vote.

A step is approved when it would be approved whatever they say, and rejected when nothing they say could approve it. It
knows nothing of counting ahead; it only knows when a step in which everybody has spoken is approved.
"""

from itertools import product

from approvals.enums import Choice, Quorum


def approved_in_the_end(rule, ballots):
    """Everybody has spoken: is it approved?"""
    said = [each.choice for each in ballots]
    approvals, rejections = said.count(Choice.APPROVE), said.count(Choice.REJECT)
    if any(each.is_mandatory and each.choice != Choice.APPROVE for each in ballots):
        return False
    if len(ballots) < rule.least_votes or not approvals:
        return False
    return {
        Quorum.ANY: True,
        Quorum.ALL: rejections == 0,
        Quorum.COUNT: approvals >= rule.needed,
        Quorum.PERCENT: approvals * 100 >= rule.needed * (approvals + rejections),
    }[rule.quorum]


def verdict(rule, ballots):
    """`open`, `approved` or `rejected`, by trying everything."""
    ends = []
    ways = [
        [each.choice]
        if each.choice is not None
        else [Choice.APPROVE, Choice.REJECT] + ([] if each.is_mandatory else [Choice.ABSTAIN])
        for each in ballots
    ]
    for way in product(*ways):
        ended = [type(each)(choice, is_mandatory=each.is_mandatory) for each, choice in zip(ballots, way, strict=True)]
        ends.append(approved_in_the_end(rule, ended))
    if not any(ends):
        return "rejected"
    spoken = sum(each.choice is not None for each in ballots)
    return "approved" if all(ends) and spoken >= rule.least_votes else "open"
