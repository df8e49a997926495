"""`manage.py check_templates`: compile every template of ours."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError
from django.template.loader import get_template


class Command(BaseCommand):
    help = "Compile every template of this project, so that a typing error shows before a person opens the page."

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile them all, then fail with all that is wrong."""
        own: Path = settings.BASE_DIR
        folders = [Path(str(folder)) for folder in settings.TEMPLATES[0]["DIRS"]]
        folders += [
            Path(config.path) / "templates" for config in apps.get_app_configs() if Path(config.path).parent == own
        ]
        names = [
            str(path.relative_to(folder)) for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()
        ]
        wrong = []
        for name in names:
            try:
                get_template(name)
            except (TemplateSyntaxError, UnicodeDecodeError) as problem:
                wrong.append(f"{name}: {problem}")
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write(f"{len(names)} templates compile.")
