"""What meetings of boards are measured by: whether what they decide is done."""

from slm import actions

# As a record would have them: an action of a board belongs to no customer, service or team. The key is negative, so
# that a mark of a record with the same number is not taken for one of these rows.
_ACTIONS = (
    "(SELECT -a.id AS id, a.id AS row_id, NULL::bigint AS service_id, NULL::bigint AS team_id,"
    " NULL::bigint AS organization_id, 0 AS priority, m.is_sample, a.made_at, a.due_date, a.done_at AS ended_at"
    " FROM changes_board_boardaction a JOIN changes_board_meeting m ON m.id = a.meeting_id) r"
)
ACTIONS = actions.family_of(name="board.actions", rows="changes_board.BoardAction", source=_ACTIONS)


def declare() -> None:
    """Called from `ready`."""
    actions.measure(ACTIONS)
