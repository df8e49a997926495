"""Service credits as data: what part of the monthly fee is given back for which shortfall."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ...models import Agreement
from ..enums import PartMonth, Promise


class CreditTerms(models.Model):
    """The fee of an agreement for one month and one customer, and the most that is given back of it."""

    agreement = models.OneToOneField(Agreement, on_delete=models.CASCADE, related_name="credit_terms")
    monthly_fee = models.DecimalField(
        _("monthly fee"), max_digits=13, decimal_places=3, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(
        _("currency"), max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Write three capital letters, such as EUR."))],
    )  # fmt: skip
    cap_percent = models.DecimalField(
        _("at most, % of the fee"), max_digits=5, decimal_places=2, default=100,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    part_month = models.CharField(
        _("fee of a month in part"), max_length=5, choices=PartMonth.choices, default=PartMonth.DAYS
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("service credits of an agreement")
        verbose_name_plural = _("service credits of agreements")
        constraints = [
            models.CheckConstraint(condition=Q(monthly_fee__gte=0), name="reports_credit_fee_not_negative"),
            models.CheckConstraint(condition=Q(cap_percent__range=(0, 100)), name="reports_credit_cap_in_range"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="reports_credit_currency_code"),
            models.CheckConstraint(condition=Q(part_month__in=PartMonth.values), name="reports_credit_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.monthly_fee} {self.currency}"


class CreditStep(models.Model):
    """One step: what is promised came out below so much, so many percent of the fee are given back."""

    terms = models.ForeignKey(CreditTerms, on_delete=models.CASCADE, related_name="steps")
    promise = models.CharField(_("promise"), max_length=12, choices=Promise.choices)
    below_percent = models.DecimalField(
        _("below, %"), max_digits=6, decimal_places=3, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    credit_percent = models.DecimalField(
        _("credit, % of the fee"), max_digits=5, decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip

    class Meta:
        ordering = ["terms", "promise", "-below_percent"]
        verbose_name = _("step of service credits")
        constraints = [
            models.UniqueConstraint(fields=["terms", "promise", "below_percent"], name="reports_credit_step_once"),
            models.CheckConstraint(
                condition=Q(below_percent__range=(0, 100), credit_percent__range=(0, 100)),
                name="reports_credit_step_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise} < {self.below_percent}: {self.credit_percent}"
