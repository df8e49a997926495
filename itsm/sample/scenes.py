"""What breaks at the sample customers: subjects, words of the conversation, how it usually ends."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """A kind of trouble. `weight` is how often it comes up; `minutes` the usual working time until it is solved."""

    service: str
    subject: str
    description: str
    cause: str
    fix: str
    code: str = "fixed"
    impact: int = 3
    urgency: int = 2
    weight: int = 3
    minutes: int = 120
    item: int | None = None
    tags: tuple[str, ...] = ()


SCENES = (
    Scene("Network and VPN", "VPN drops every 20 minutes on home network",
          "The VPN client drops after about 20 minutes and I have to sign in again.",
          "Gateway 2 runs out of memory.", "Moved the session to gateway 1.", "workaround",
          weight=8, minutes=150, item=1, tags=("vpn",)),
    Scene("Network and VPN", "Wi-Fi slow in room Bergen", "Video calls freeze in room Bergen since this morning.",
          "The access point was on a crowded channel.", "Changed the channel of the access point.",
          weight=5, minutes=200),
    Scene("Network and VPN", "No network on floor 3", "Nobody on floor 3 can reach anything.",
          "A loop behind the meeting room switch.", "Removed the loop and protected the port.",
          impact=2, urgency=1, weight=2, minutes=90, item=2),
    Scene("E-mail and calendar", "Mailbox full, can't send", "Outlook says that my mailbox is full.",
          "Quota of the old plan.", "Raised the quota to the new plan.", "advice", weight=5, minutes=30),
    Scene("E-mail and calendar", "Shared calendar shows no free times", "Our team calendar is empty for everybody.",
          "The calendar permission was lost with the last update.", "Restored the permission.",
          impact=2, weight=3, minutes=140),
    Scene("E-mail and calendar", "Mail to a customer comes back", "My mail to a customer comes back with an error.",
          "Their address was mistyped in the address book.", "Corrected the address.", "advice", weight=3, minutes=40),
    Scene("Finance (SAP)", "Payroll export fails", "The payroll export stops with a time-out. It must run today.",
          "A lock on the posting table.", "Released the lock and ran the export again.",
          impact=1, urgency=1, weight=2, minutes=180, item=0, tags=("payroll",)),
    Scene("Finance (SAP)", "Can't post invoices after the month end", "Posting an invoice says the period is closed.",
          "The period was closed a day early.", "Opened the period until noon.", impact=2, weight=4, minutes=160),
    Scene("Finance (SAP)", "Report shows last month's figures", "The cost report still shows last month.",
          "The nightly load did not run.", "Ran the load by hand; watching it.", weight=3, minutes=240, item=0),
    Scene("Workplace", "Laptop does not wake from sleep", "After lunch the screen stays black.",
          "A driver from last week's update.", "Rolled the driver back.", weight=6, minutes=90),
    Scene("Workplace", "Second screen flickers", "The second screen flickers when the laptop is in the dock.",
          "A worn cable.", "Replaced the cable.", urgency=3, weight=4, minutes=300),
    Scene("Workplace", "Headset has no sound in calls", "I hear nothing in calls, music works.",
          "The call program used another output.", "Showed where to choose the output.", "advice",
          urgency=3, weight=4, minutes=25),
    Scene("Customer portal", "Orders from the portal arrive twice", "Since 10:00 each portal order arrives twice.",
          "A retry without a check for repeats.", "Switched the retry off; repair planned.", "workaround",
          impact=2, urgency=1, weight=2, minutes=220, item=0),
    Scene("Customer portal", "Portal is slow for customers", "Customers say that pages need ten seconds.",
          "The database was missing an index after the release.", "Added the index.",
          impact=1, urgency=2, weight=2, minutes=260, item=1),
    Scene("Customer portal", "Customer can't reset a password", "A customer gets no reset mail.",
          "The mail was in their junk folder.", "Told the customer where to look.", "no_fault", weight=3, minutes=45),
    Scene("Printing", "Printer on floor 3 jams", "Each page jams in the printer by the kitchen.",
          "Paper rolls worn out.", "Replaced the rolls.", urgency=3, weight=4, minutes=420, item=0),
    Scene("Printing", "Scans don't arrive", "Scans to mail don't arrive since yesterday.",
          "The certificate of the scanner had expired.", "Renewed the certificate.", weight=3, minutes=180, item=1),
)  # fmt: skip
QUESTIONS = (
    "Does it happen on another network as well?",
    "Which version does the about page show?",
    "When did it last work?",
    "May we restart it at 12:00 today?",
)
ANSWERS = (
    "Yes, on the train too.",
    "No, only here.",
    "Last Friday it still worked.",
    "Yes, go ahead.",
)
NOTES = (
    "Looks like the case of last week; comparing the logs.",
    "Checked with the supplier's status page: nothing known.",
    "Gateway 2 shows packet loss.",
    "Will try it with the spare device first.",
)
