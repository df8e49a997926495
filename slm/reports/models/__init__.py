from .credits import CreditStep, CreditTerms
from .meetings import ReviewAction, ReviewAttendee, ReviewItem, ReviewMeeting
from .plans import ReportPlan
from .reports import Evidence, Remark, ReportFile, ReportMail, ServiceReport, ServiceReportQuerySet

__all__ = [
    "CreditStep",
    "CreditTerms",
    "Evidence",
    "Remark",
    "ReportFile",
    "ReportMail",
    "ReportPlan",
    "ReviewAction",
    "ReviewAttendee",
    "ReviewItem",
    "ReviewMeeting",
    "ServiceReport",
    "ServiceReportQuerySet",
]
