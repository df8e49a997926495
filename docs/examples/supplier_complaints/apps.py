from pathlib import Path

from django.apps import AppConfig


class SupplierComplaintsConfig(AppConfig):
    name = "supplier_complaints"

    def ready(self) -> None:
        from procedures import defaults
        from records import practices

        from . import permissions  # noqa: F401 - declares the operations
        from .clocks import declare_clocks
        from .measures import declare_measures
        from .practice import PRACTICE
        from .sentences import declare_sentences

        practices.register(PRACTICE)
        declare_clocks()
        declare_measures()
        declare_sentences()
        defaults.bring("agree", Path(self.path) / "procedures.yaml")
