"""Are frozen reports still what was issued? The document, the rows behind each figure, and the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from common.fingerprints import fingerprint_of

from .keeping import is_genuine
from .models import ReportFile, ServiceReport


@dataclass(frozen=True)
class Fault:
    """Something that does not fit: part is `document`, `rows` or `file`; `key` the figure."""

    report: ServiceReport
    part: str
    key: str = ""


def is_document_genuine(report: ServiceReport) -> bool:
    """Whether the figures are those that were issued."""
    return fingerprint_of(report.document) == report.fingerprint


def faults_of(report: ServiceReport, *, has_file: bool = True) -> Iterator[Fault]:
    """Everything about a frozen report that does not fit its fingerprints. :param has_file: look at the file, too."""
    if not is_document_genuine(report):
        yield Fault(report, "document")
    told = report.document["evidence"]
    kept = {each.key: each for each in report.evidence.all()}
    for key in sorted({*told, *kept}):
        row = kept.get(key)
        if row is None or key not in told or fingerprint_of(row.ids) != told[key]["sha256"]:
            yield Fault(report, "rows", key)
    file = ReportFile.objects.filter(report=report, made_at__isnull=False).first() if has_file else None
    if file is not None and not is_genuine(file):
        yield Fault(report, "file")


def all_faults() -> Iterator[Fault]:
    """The faults of every frozen report, one report at a time."""
    for report in ServiceReport.objects.frozen().select_related("organization").order_by("pk").iterator(chunk_size=50):
        yield from faults_of(report)
