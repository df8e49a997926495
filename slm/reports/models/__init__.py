from .credits import CreditStep, CreditTerms
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
    "ServiceReport",
    "ServiceReportQuerySet",
]
