"""What knowledge is measured by: whether articles are used, up to date, helpful, and fed by the daily work."""

from django.utils.translation import gettext_lazy as _

from measurement.declarations import KPI, Direction, Event, Family, Unit, day_of, register

CALLS = "r.kind IN ('incident', 'request')"
IS_ARTICLE = "r.kind = 'article'"
_RECORD = "records_record r"
_ARTICLE = "knowledge_article a JOIN records_record r ON r.id = a.record_ptr_id"
_VOTE = "knowledge_vote v JOIN records_record r ON r.id = v.record_id"
_VISIT = "knowledge_visit s JOIN records_record r ON r.id = s.record_id"
_REVIEW = "(a.review_date::timestamp AT TIME ZONE %(zone)s)"
_IS_LINKED = (
    "EXISTS (SELECT 1 FROM records_link l JOIN records_record k ON k.id = l.to_record_id"
    " WHERE l.from_record_id = r.id AND l.kind = 'answered_with' AND k.kind = 'article')"
)
_OUT_OF_A_CALL = (
    "EXISTS (SELECT 1 FROM records_link l JOIN records_record c ON c.id = l.to_record_id"
    " WHERE l.from_record_id = r.id AND l.kind = 'raised_from' AND c.kind IN ('incident', 'request'))"
)
_NO_CALL = (
    "NOT EXISTS (SELECT 1 FROM records_record c WHERE c.requester_id = s.user_id AND c.kind IN ('incident', 'request')"
    " AND c.opened_at >= s.at AND c.opened_at < s.at + interval '24 hours')"
)
_PUBLISHED, _RETIRED = day_of("a.published_at"), day_of("r.closed_at")
_STANDS = f"({_PUBLISHED} <= %(day)s AND (r.closed_at IS NULL OR {_RETIRED} > %(day)s))"

REUSE = Family(
    name="article.reuse",
    definition=1,
    source=_RECORD,
    amounts=("closed", "answered", "written"),
    events=(
        Event(moment="r.closed_at", where=CALLS, amounts={"closed": "1", "answered": f"({_IS_LINKED})::int"}),
        Event(moment="r.opened_at", where=f"{IS_ARTICLE} AND {_OUT_OF_A_CALL}", amounts={"written": "1"}),
    ),
)

STOCK = Family(
    name="article.stock",
    definition=1,
    source=_ARTICLE,
    amounts=("published", "fresh"),
    events=(
        Event(moment="a.published_at", amounts={"published": "1", "fresh": "1"}),
        Event(
            moment=_REVIEW,
            where=f"a.published_at IS NOT NULL AND (r.closed_at IS NULL OR a.review_date <= {_RETIRED})",
            amounts={"fresh": "-1"},
        ),
        Event(
            moment="r.closed_at",
            where="a.published_at IS NOT NULL",
            amounts={"published": "-1", "fresh": f"CASE WHEN a.review_date > {_RETIRED} THEN -1 ELSE 0 END"},
        ),
    ),
    standing={"published": _STANDS, "fresh": f"({_STANDS} AND a.review_date > %(day)s)"},
)

VOTES = Family(
    name="article.votes",
    definition=1,
    source=_VOTE,
    amounts=("votes", "helpful"),
    events=(Event(moment="v.at", amounts={"votes": "1", "helpful": "(v.is_helpful)::int"}),),
    rows="knowledge.Vote",
    row="v.id",
)

VISITS = Family(
    name="article.visits",
    definition=1,
    source=_VISIT,
    amounts=("visits", "helped"),
    events=(Event(moment="s.at", amounts={"visits": "1", "helped": f"({_NO_CALL})::int"}),),
    rows="knowledge.Visit",
    row="s.id",
)

_ON_CLOSED = _("the day on which the call was closed")

KPIS = (
    KPI(
        id="kn-reuse",
        name=_("Calls answered with an article"),
        question=_("Do we use what we know?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("article.reuse",),
        numerator="answered",
        numerator_text=_("closed calls that were answered with an article"),
        denominator="closed",
        denominator_text=_("closed calls: incidents and requests"),
        factor=100,
        target=60,
        event_text=_ON_CLOSED,
        source_text=_("incidents, requests and their links"),
    ),
    KPI(
        id="kn-freshness",
        name=_("Articles reviewed on time"),
        question=_("Is what we know still true?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("article.stock",),
        numerator="fresh",
        numerator_text=_("published articles whose review date has not come"),
        denominator="published",
        denominator_text=_("published articles"),
        factor=100,
        target=90,
        event_text=_("the end of the day; for longer periods of their last day"),
        source_text=_("articles"),
        is_stock=True,
        caveat=_(
            "An article that was confirmed late counts as reviewed on time from then on, also for the days before."
        ),
    ),
    KPI(
        id="kn-helpful",
        name=_("Readers whom an article helped"),
        question=_("Does what we write help?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("article.votes",),
        numerator="helpful",
        numerator_text=_("votes that say that it helped"),
        denominator="votes",
        denominator_text=_("all votes"),
        factor=100,
        target=75,
        event_text=_("the day of the vote"),
        source_text=_("votes of readers"),
        caveat=_("Few readers vote, and those whom it did not help do so more often."),
    ),
    KPI(
        id="kn-deflection",
        name=_("Readers who needed no call"),
        question=_("Do people help themselves?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("article.visits",),
        numerator="helped",
        numerator_text=_("days on which a requester read an article and opened no call within 24 hours"),
        denominator="visits",
        denominator_text=_("days on which a requester read an article in the portal"),
        factor=100,
        event_text=_("the day of the first article that was read"),
        source_text=_("first article a day of each signed-in requester; their calls"),
        caveat=_("An estimate: whoever gave up looks like somebody who was helped. Visitors are not counted."),
    ),
    KPI(
        id="kn-contrib",
        name=_("Articles written from calls"),
        question=_("Do we write down what we learn?"),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        families=("article.reuse",),
        numerator="written",
        numerator_text=_("articles drafted from an incident or a request"),
        denominator="closed",
        denominator_text=_("closed calls: incidents and requests"),
        factor=100,
        event_text=_("the day on which the article was drafted; the day on which the call was closed"),
        source_text=_("articles, incidents, requests and their links"),
    ),
)


def declare() -> None:
    """Called from `ready`."""
    register(REUSE, STOCK, VOTES, VISITS, *KPIS)
