"""Migrations run as Django runs them, only quicker: what they make, and what their functions find, is the same."""

from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import AddField, AlterField, CreateModel, Migration, RemoveField, RunPython
from django.db.migrations.state import ProjectState

from itsm.management.commands.migrate import Executor, needs_itself_only

ID = ("id", models.BigAutoField(primary_key=True))
FOUND: list[Any] = []


def look(apps: Any, _editor: Any) -> None:
    author, book = apps.get_model("library", "Author"), apps.get_model("library", "Book")
    book.objects.create(title="Emma", author=author.objects.create(), reader=author.objects.create())
    FOUND.append(author.objects.filter(books__title="Emma", reads=None).count())
    FOUND.append([each.name for each in author._meta.related_objects])


def points_at_authors(back: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey("library.Author", models.CASCADE, related_name=back)


def migration(name: str, *operations: Any) -> Migration:
    made = Migration(name, "library")
    vars(made)["operations"] = list(operations)
    return made


@pytest.fixture
def migrated(db: None) -> ProjectState:
    FOUND.clear()
    state = ProjectState()
    assert state.apps is not None
    for each in (
        migration("0001_authors", CreateModel("Author", [ID]), CreateModel("Book", [ID])),
        migration("0002_titles", AddField("Book", "title", models.CharField(max_length=10, default=""))),
        migration("0003_of", AddField("Book", "author", points_at_authors("books"))),
        migration("0004_by", AddField("Book", "reader", points_at_authors("reads"))),
        migration("0005_look", RunPython(look)),
        migration("0006_long", AlterField("Book", "title", models.CharField(max_length=99))),
        migration("0007_no_reader", RemoveField("Book", "reader")),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        state = Executor(connection).apply_migration(state, each)
    return state


def test_a_function_over_rows_finds_what_was_added_to_other_models(migrated: ProjectState) -> None:
    assert FOUND == [1, ["books", "reads"]]


def test_tables_are_as_the_migrations_say(migrated: ProjectState) -> None:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "library_book")

    assert [(each.name, each.display_size) for each in columns] == [("id", 8), ("title", 99), ("author_id", 8)]


def test_a_state_is_whole_again_where_a_migration_needs_more(migrated: ProjectState) -> None:
    author = migrated.apps.get_model("library", "Author")

    assert [each.name for each in author._meta.related_objects] == ["books"]
    assert not migrated.is_delayed


def test_keys_and_what_may_be_referred_to_need_the_other_models() -> None:
    assert not needs_itself_only(AlterField("Book", "id", models.UUIDField(primary_key=True)))
    assert not needs_itself_only(AlterField("Book", "number", models.IntegerField(unique=True)))
    assert not needs_itself_only(RunPython(look))
    assert needs_itself_only(AlterField("Book", "title", models.TextField()))


@pytest.mark.django_db(transaction=True)
def test_killed_before_it_is_noted_a_migration_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    executor = Executor(connection)
    key = AddField("Book", "author", points_at_authors("books"))  # makes Django put its note off
    made = migration("0001_books", CreateModel("Author", [ID]), CreateModel("Book", [ID]), key)

    def killed(_migration: Migration) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(executor, "record_migration", killed)
    with pytest.raises(KeyboardInterrupt):
        executor.apply_migration(ProjectState(), made)

    assert "library_book" not in connection.introspection.table_names()
