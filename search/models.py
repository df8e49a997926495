"""What is searched: two documents a record, one with what its requester may read and one with the work notes."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models


class Document(models.Model):
    """The words of one record for one audience. The vector is computed by PostgreSQL from the stored text."""

    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, related_name="documents")
    is_public = models.BooleanField()
    title = models.TextField()
    body = models.TextField()
    vector = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="simple")
        + SearchVector("body", weight="B", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "is_public"], name="search_document_once")]
        indexes = [
            GinIndex(fields=["vector"], name="search_document_words"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="search_document_title_typed"),
        ]

    def __str__(self) -> str:
        return self.title
