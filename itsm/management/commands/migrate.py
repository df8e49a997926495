"""
`manage.py migrate`, several times as quick where many migrations are to run.

Django makes every model that is related to a changed one anew, in memory, after each operation. Ours are all related,
by people and records, and nearly the whole time of making the tables went there.

It also notes that a migration was made only after what that one changed is kept. Who kills it between the two has
tables that the next start tries to make again, and never gets past.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Their SQL is written from the model itself and from names of tables and keys that it refers to.
_NEEDS_ITSELF_ONLY = (
    operations.CreateModel,
    operations.AddField,
    operations.AddIndex,
    operations.AddConstraint,
    operations.RemoveIndex,
    operations.RemoveConstraint,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.RunSQL,
)


class Executor(MigrationExecutor):
    """
    Make only the changed model anew, within migrations that need no more; keep what was made and its note together.

    Every other migration, and each function that is run over rows, finds all models made anew and agreeing.
    """

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if all(needs_itself_only(each) for each in migration.operations):
            _make_alone(state)
        else:
            _make_together(state)
        if not migration.atomic:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)


def needs_itself_only(operation: Operation) -> bool:
    """Tell whether an operation touches one table and looks at none of those that refer to it."""
    if isinstance(operation, operations.AlterField):
        field = operation.field
        # Only a unique column can be referred to.
        return not (field.is_relation or field.unique)
    return isinstance(operation, _NEEDS_ITSELF_ONLY)


def _make_alone(state: ProjectState) -> None:
    def find(app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
        # What Django says of a state whose related models are behind; it makes them anew before functions run.
        state.is_delayed = True
        return {(app_label, model_name)}

    vars(state)["_find_reload_model"] = find


def _make_together(state: ProjectState) -> None:
    vars(state).pop("_find_reload_model", None)
    state.clear_delayed_apps_cache()
    state.is_delayed = False
    # Once for both sides of the first operation.
    _ = state.apps


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        vars(migrate)["MigrationExecutor"] = Executor
        super().handle(*args, **options)
