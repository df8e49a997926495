"""What the sample's desk has written down: articles at every stage, for every audience, told through the operations."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from audit.acts import acting
from audit.models import Channel
from incidents.models import Incident
from knowledge import operations
from knowledge.models import Article, SearchTerm

from .cast import Cast

ANSWERED = 9
SEARCHES = (
    # words, where, searches, found, opened
    ("badge does not open the door", "portal", 7, 0, 0),
    ("second screen stays black", "portal", 5, 0, 0),
    ("share a calendar with a customer", "portal", 4, 2, 0),
    ("sap print spool restart", "desk", 3, 0, 0),
    ("vpn profile", "portal", 21, 1, 17),
)


@dataclass(frozen=True)
class Told:
    """
    One article of the sample.

    :param days: ago it was drafted. :param review_days: from now to its next review, negative for one that is due.
    :param until: draft, in_review, published, revised, drafted_again or retired.
    :param votes: helpful ones, and others. :param source: subject of the incidents it is drafted from.
    """

    title: str
    symptom: str
    cause: str
    fix: str
    service: str
    author: str
    publisher: str
    audience: str = "public"
    customers: tuple[str, ...] = ()
    days: int = 60
    review_days: int = 120
    until: str = "published"
    votes: tuple[int, int] = (0, 0)
    missing: str = ""
    source: str = ""
    answers: str = ""


ARTICLES = (
    Told("Use the old VPN client", "You have the gray VPN icon and need to connect.", "",
         "Click the gray icon and choose *Connect*.", "Network and VPN", "jonas", "aisha", days=85, until="retired"),
    Told("Reset your VPN profile", "The VPN drops after about 20 minutes and asks you to sign in again.",
         "An old profile asks for a gateway that is often full.",
         "1. Open the VPN client\n2. Choose **Settings**, then **Reset profile**\n3. Sign in again\n\n"
         "The connection takes a minute the first time.",
         "Network and VPN", "jonas", "aisha", days=70, until="revised", votes=(11, 3),
         missing="Where is Settings on the phone?", answers="VPN drops every 20 minutes on home network"),
    Told("Make room in a full mailbox", "Outlook says that your mailbox is full, and mail can't be sent.",
         "Large attachments in *Sent items* count as well.",
         "1. Sort *Sent items* by size\n2. Delete or save what is over 10 MB\n3. Empty *Deleted items*",
         "E-mail and calendar", "mei", "luca", days=64, votes=(8, 1), answers="Mailbox full, can't send"),
    Told("Post invoices after the month end", "Posting an invoice says that the period is closed.",
         "Finance closes the period on the third working day.",
         "Ask the owner of your ledger to open the period, with the invoice number and the reason.",
         "Finance (SAP)", "priya", "ben", audience="customers", customers=("Fjord Shipping", "Meridian Foods"), days=52,
         votes=(3, 1), answers="Can't post invoices after the month end"),
    Told("Restart the payroll export", "The payroll export stops with a time-out.", "A lock on the posting table.",
         "1. `SM12`: find the lock of *PAYEXP*\n2. Ask payroll before you release it\n3. Run job *PAY_EXPORT* again",
         "Finance (SAP)", "priya", "ben", audience="internal", days=45, until="drafted_again",
         answers="Payroll export fails"),
    Told("Clear a paper jam on floor 3", "Each page jams in the printer by the kitchen.", "The paper rolls are worn.",
         "Open door B, pull the sheet toward you, close the door firmly.", "Printing", "sofia", "luca", days=80,
         review_days=-6, votes=(2, 4), missing="There is no door B any more.", answers="Printer on floor 3 jams"),
    Told("Hear the others in a call", "You hear nothing in calls although music works.",
         "The call program uses another output.",
         "In the call choose **Devices**, then your headset under **Speaker**.", "Workplace", "tom", "luca", days=6,
         until="in_review", source="Headset has no sound in calls"),
    Told("Scans that don't arrive", "Scans to mail don't arrive since yesterday.",
         "The certificate of the scanner has expired.", "Renew it in the scanner's own page, under *Security*.",
         "Printing", "sofia", "luca", audience="internal", days=3, until="draft", source="Scans don't arrive"),
)  # fmt: skip


class Shelf:
    """Tells how the articles came about, up to the present moment. The same moment and seed tell the same."""

    def __init__(self, cast: Cast, *, at: datetime, seed: int = 7) -> None:
        self.cast, self.now = cast, at
        self.dice = random.Random(seed)  # noqa: S311 - a story, no secret

    def tell(self) -> int:
        """Returns how many articles were told."""
        made = {told.title: self._article(told) for told in ARTICLES}
        self._retire(made["Use the old VPN client"], made["Reset your VPN profile"])
        for told in ARTICLES:
            self._answers(told, made[told.title])
        SearchTerm.objects.bulk_create(
            SearchTerm(
                text=text, place=place, search_count=searches, hit_count=found, click_count=opened, is_sample=True,
                first_at=self.now - timedelta(days=40), latest_at=self.now - timedelta(hours=index * 7 + 1),
            )
            for index, (text, place, searches, found, opened) in enumerate(SEARCHES)
        )  # fmt: skip
        return len(made)

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _act(self) -> Any:
        return acting(channel=Channel.WEB, is_quiet=True)

    def _article(self, told: Told) -> Article:
        author, publisher = self.cast.staff[told.author], self.cast.staff[told.publisher]
        source = Incident.objects.filter(title=told.source, is_sample=True).order_by("-id").first()
        with self._act():
            article = operations.create(
                by=author, at=self._ago(told.days), title=told.title, symptom=told.symptom, cause=told.cause,
                fix=told.fix, service=self.cast.services[told.service], source=source, is_sample=True,
            )  # fmt: skip
            if told.audience != "internal":
                article = operations.set_audience(
                    article=article, by=author, at=self._ago(told.days), audience=told.audience,
                    organizations=[self.cast.organizations[name] for name in told.customers],
                )  # fmt: skip
            if told.until == "draft":
                return article
            article = self._submit(article, author, told.days - 1)
            if told.until == "in_review":
                return article
            article = self._publish(article, publisher, told.days - 2, told.review_days)
        return self._afterwards(told, article)

    def _submit(self, article: Article, author: Any, days: float) -> Article:
        return operations.submit(article=article, by=author, at=self._ago(days), confirm_no_duplicate=True)

    def _publish(self, article: Article, publisher: Any, days: float, review_days: int) -> Article:
        review_date = (self.now + timedelta(days=review_days)).date()
        return operations.publish(article=article, by=publisher, at=self._ago(days), review_date=review_date)

    def _afterwards(self, told: Told, article: Article) -> Article:
        author, publisher = self.cast.staff[told.author], self.cast.staff[told.publisher]
        with self._act():
            if told.until == "revised":
                values = {
                    "fix": f"{told.fix}\n\nOn the phone: **Menu**, then **Profile**.",
                    "note": "The phone as well",
                }
                operations.write(article=article, by=author, at=self._ago(20), values=values)
                article = self._submit(Article.objects.get(pk=article.pk), author, 19)
                article = self._publish(article, publisher, 18, told.review_days)
            if told.until == "drafted_again":
                values = {"fix": f"{told.fix}\n4. Tell payroll when it is done", "note": "Who has to be told"}
                operations.write(article=article, by=author, at=self._ago(1), values=values)
            readers = self.dice.sample(self.cast.requesters, sum(told.votes))
            for number, reader in enumerate(readers):
                self._read(told, article, reader, is_helpful=number < told.votes[0])
            if told.review_days < 0:
                article = operations.call_review(
                    article=Article.objects.get(pk=article.pk), by=None, at=self._ago(-told.review_days),
                    reason="Its review date has come.",
                )  # fmt: skip
        return Article.objects.get(pk=article.pk)

    def _read(self, told: Told, article: Article, reader: Any, *, is_helpful: bool) -> None:
        customers = {self.cast.organizations[name].pk for name in told.customers}
        if customers and reader.organization_id not in customers:
            return
        moment = self._ago(self.dice.uniform(8, 17))
        operations.note_visit(article=article, by=reader, at=moment)
        operations.vote(
            article=article, by=reader, at=moment, is_helpful=is_helpful, reason="" if is_helpful else told.missing
        )

    def _retire(self, old: Article, new: Article) -> None:
        with self._act():
            operations.retire(
                article=old, by=self.cast.staff["aisha"], at=self._ago(40), replacement=new,
                reason="Everybody has the new client.",
            )  # fmt: skip

    def _answers(self, told: Told, article: Article) -> None:
        """Some tickets of the kind were answered with it, after it was published."""
        if not told.answers or article.published_at is None:
            return
        alike = Incident.objects.filter(
            title=told.answers, is_sample=True, opened_at__gt=article.published_at, assignee__isnull=False
        )
        for incident in alike.select_related("assignee").order_by("-id")[:ANSWERED]:
            moment = min(incident.opened_at + timedelta(minutes=20), self.now)
            with self._act():
                operations.insert(article=article, record=incident, by=incident.assignee, at=moment, way="none")
