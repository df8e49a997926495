"""Boards: who decides together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import log
from common.refusals import Refused, Stale
from common.slugs import free_slug
from people.access import require
from people.models import User
from records.operations.editing import check_fields

from ..models import Board, BoardMember


@dataclass(frozen=True)
class Member:
    user: User
    is_chair: bool = False
    is_mandatory: bool = False


def ensure_board(*, name: str, slug: str, at: datetime, is_sample: bool = False) -> Board:
    """A board of this short name, made without members if there is none."""
    board, is_new = Board.objects.get_or_create(slug=slug, defaults={"name": name, "is_sample": is_sample})
    if is_new:
        _log("created", board, by=None, at=at)
    return board


@transaction.atomic
def create_board(*, by: Any, at: datetime, name: str, members: Sequence[Member] = (), is_sample: bool = False) -> Board:
    """:raises NotAllowed: :raises Refused: a name that is taken or unfit, or members that don't go together."""
    if by is not None:
        require(by, "approval_policy.edit")
    board = Board(name=" ".join(name.split()), is_sample=is_sample)
    _check(board, members)
    board.slug = free_slug(Board.objects, board.name, otherwise="board")
    board.save(force_insert=True)
    _write(board, members)
    _log("created", board, by=by, at=at, members=_as_plain(members))
    return board


@transaction.atomic
def revise_board(
    *,
    board: Board,
    by: Any,
    at: datetime,
    name: str,
    members: Sequence[Member],
    is_active: bool = True,
    version: int | None = None,
) -> Board:
    """
    Change a board. Running approvals keep the seats they started with.

    :raises NotAllowed: :raises Stale: :raises Refused: a name or members that don't fit.
    """
    if by is not None:
        require(by, "approval_policy.edit")
    locked = Board.objects.select_for_update().get(pk=board.pk)
    if version is not None and version != locked.version:
        raise Stale.because("stale", _("The board was changed by somebody else. Compare, then save again."))
    locked.name, locked.is_active = " ".join(name.split()), is_active
    _check(locked, members)
    locked.version += 1
    locked.save(update_fields=["name", "is_active", "version"])
    locked.members.all().delete()
    _write(locked, members)
    _log("edited", locked, by=by, at=at, members=_as_plain(members))
    return locked


def _check(board: Board, members: Sequence[Member]) -> None:
    check_fields(board, ["name"])
    if Board.objects.filter(name=board.name).exclude(pk=board.pk).exists():
        raise Refused.because("name_taken", _("There is a board of this name. Choose another one."), "name")
    people = [each.user.pk for each in members]
    if len(people) != len(set(people)):
        raise Refused.because("twice", _("Somebody is on the board twice. Leave one out."), "members")
    if sum(each.is_chair for each in members) > 1:
        raise Refused.because("chairs", _("A board has one chair. Choose one."), "members")


def _write(board: Board, members: Sequence[Member]) -> None:
    BoardMember.objects.bulk_create(
        BoardMember(board=board, user=each.user, is_chair=each.is_chair, is_mandatory=each.is_mandatory)
        for each in members
    )


def _as_plain(members: Sequence[Member]) -> list[dict[str, Any]]:
    return [{"user": m.user.pk, "is_chair": m.is_chair, "is_mandatory": m.is_mandatory} for m in members]


def _log(act: str, board: Board, *, by: Any, at: datetime, **data: Any) -> None:
    log.record(
        f"board.{act}", subject_kind="board", subject_id=board.pk, subject_label=board.name, by=by, at=at, data=data
    )
