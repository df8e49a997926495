"""Starts in places that are against us: a full disk, strange names, a terminal that is gone."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest

from itsm.embedded import children, disk, location, prepare, supervisor
from itsm.embedded.logfile import open_log, tail
from itsm.embedded.options import Options
from itsm.embedded.postgres import THROWAWAY, Postgres
from itsm.embedded.report import Report
from itsm.embedded.valkey import Valkey

MEGABYTE = 2**20


@pytest.fixture
def free(monkeypatch):
    """Set how many megabytes are free on every disk."""
    found = {"megabytes": 0}
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_bavail=found["megabytes"] * MEGABYTE, f_frsize=1))
    return lambda megabytes: found.update(megabytes=megabytes)


@pytest.mark.parametrize(
    ("megabytes", "is_full", "has_room"), [(0, True, False), (19, True, False), (20, False, False), (24, False, True)]
)
def test_a_disk_is_full_before_one_file_of_the_journal_no_longer_fits(home, free, megabytes, is_full, has_room):
    free(megabytes)

    assert (disk.is_full(home), disk.has_room(home)) == (is_full, has_room)


def test_the_disk_of_a_folder_that_is_not_made_yet_is_that_of_the_one_above(home):
    assert disk.free_bytes(home / "not" / "yet") == pytest.approx(disk.free_bytes(home), rel=0.1)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_folder_on_a_full_disk_is_not_called_unwritable(home, free, number):
    trouble = location.unwritable(home, OSError(number, os.strerror(number), str(home)))

    assert str(trouble) == (
        f"The disk that holds {home} is full (0 MB free). Free some space, or name a folder on another disk: "
        "STEWARD_HOME=/path/to/folder make run"
    )


def test_a_database_that_repairs_itself_after_a_full_disk_does_not_hide_the_disk(home, free):
    free(13)

    said = prepare._sentence(psycopg2.OperationalError("FATAL: the database system is not yet accepting connections"))

    assert said == disk.sentence(home)


def test_a_disk_with_room_is_not_blamed_for_another_failure(home, free):
    free(500)

    assert prepare._sentence(psycopg2.OperationalError("FATAL: too many clients")) == "FATAL: too many clients"


def test_a_running_steward_says_once_that_the_disk_is_full_and_once_that_it_has_room(home, free, capsys):
    running = supervisor.Supervisor(Options(host="127.0.0.1", port=8000, with_sample=False))
    for megabytes in (500, 3, 2, 21, 30, 500):
        free(megabytes)
        running._watch_disk()

    assert capsys.readouterr().out == (
        f"The disk that holds {home} is full: nothing new can be saved. Free some space; Steward goes on by itself as "
        "soon as there is room.\n"
        "The disk has room again.\n"
    )


def test_a_large_log_is_cut_on_a_full_disk_though_its_copy_finds_no_room(tmp_path, monkeypatch):
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * (21 * MEGABYTE))

    def refuse(*paths: Path) -> None:
        paths[1].write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", refuse)

    open_log(log).close()

    assert (log.stat().st_size, log.with_name("web.log.1").exists()) == (0, False)


def test_a_quoted_log_shows_the_beginning_of_a_long_line(tmp_path):
    log = tmp_path / "worker.log"
    log.write_text("error " + "x" * 5000)

    assert tail(log) == f"  error {'x' * 294} …"


def test_a_terminal_that_is_gone_does_not_keep_us_from_stopping(monkeypatch):
    class Gone:
        def write(self, text: str) -> None:
            raise BrokenPipeError

        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Gone())

    Report().say("Stopping …")
    with Report().step("Valkey"):
        pass


@pytest.mark.parametrize("name", ["with spaces", "Größe und Maß, 2. Versuch", 'it\'s 100% "ready"', "back\\slash"])
def test_both_servers_run_below_a_folder_with_an_awkward_name(home, monkeypatch, name):
    awkward = home / name
    awkward.mkdir(mode=0o711)
    monkeypatch.setenv("STEWARD_HOME", str(awkward))
    postgres, valkey = Postgres(awkward, settings=THROWAWAY), Valkey(awkward)
    try:
        postgres.start()
        valkey.start()

        connection = psycopg2.connect(location.database_url())
        with connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            assert cursor.fetchone() == (str(postgres.data),)
        connection.close()
        assert valkey.process is not None
        assert children.works_in(valkey.process.pid, valkey.data)
    finally:
        valkey.stop()
        postgres.stop()


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_sample_whose_telling_was_killed_is_removed_and_told_again(home, monkeypatch, is_empty):
    done = []

    def told_until_killed(*words, **options):
        done.append((*words, *(["--remove"] if options.get("remove") else [])))
        if len(done) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(prepare, "call_command", told_until_killed)
    monkeypatch.setattr(prepare, "needs_sample", lambda: is_empty or not done)
    with pytest.raises(KeyboardInterrupt):
        prepare.tell_sample()
    assert prepare.unfinished().exists()

    prepare.tell_sample()

    assert done[1:] == ([("seed",)] if is_empty else [("seed", "--remove"), ("seed",)])
    assert not prepare.unfinished().exists()
