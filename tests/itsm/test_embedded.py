"""The embedded servers and what they say when something is in their way."""

import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import psycopg2
import pytest
from django.db import ProgrammingError

from itsm.embedded import children, entry, location, lock, options, passwords, ports
from itsm.embedded.logfile import tail
from itsm.embedded.postgres import THROWAWAY, Postgres, memory_mb, shared_buffers_mb
from itsm.embedded.servers import Servers, prepare_home
from itsm.embedded.trouble import Trouble
from itsm.embedded.valkey import Valkey


@pytest.fixture
def postgres(home):
    server = Postgres(home, settings=THROWAWAY)
    server.start()
    yield server
    server.stop()


def connect(server: Postgres):
    return psycopg2.connect(
        host=str(server.sockets), port=location.POSTGRES_PORT, user=location.DATABASE_ROLE, dbname="steward"
    )


# -- Addresses ----------------------------------------------------------------------------------------------------


def test_socket_folder_stays_below_the_kernels_limit_however_long_home_is(home):
    short = location.socket_folder(home)
    long = location.socket_folder(home / ("x" * 90))

    assert len(os.fsencode(long / ".s.PGSQL.5432.lock")) < 107
    assert long.parent == Path("/tmp")
    assert short == home / "run"


def test_two_long_homes_have_two_socket_folders(home):
    one = location.socket_folder(home / ("x" * 90) / "one")
    two = location.socket_folder(home / ("x" * 90) / "two")

    assert one != two


@pytest.mark.parametrize(
    ("url", "cache", "broker"),
    [
        ("unix:///run/v.sock", "unix:///run/v.sock?db=1", "redis+socket:///run/v.sock?virtual_host=0"),
        ("unix:///run/v.sock?db=4", "unix:///run/v.sock?db=4", "redis+socket:///run/v.sock?virtual_host=4"),
        ("redis://cache.example:6379", "redis://cache.example:6379/1", "redis://cache.example:6379"),
        ("redis://:secret@cache.example/3", "redis://:secret@cache.example/3", "redis://:secret@cache.example/3"),
    ],
)
def test_one_address_serves_cache_and_broker(url, cache, broker):
    assert location.as_cache_url(url) == cache
    assert location.as_broker_url(url) == broker


def test_secret_key_is_made_once_and_only_its_owner_can_read_it(home):
    first = location.secret_key()

    assert location.secret_key() == first
    assert len(first) >= 50
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600


def test_secret_key_that_others_can_read_is_refused_with_the_remedy(home):
    location.secret_key()
    (home / "secret.key").chmod(0o644)

    with pytest.raises(Trouble, match=f"chmod 600 {home}/secret.key"):
        location.secret_key()


def test_secret_key_cut_short_by_a_full_disk_is_refused(home):
    (home / "secret.key").touch(0o600)

    with pytest.raises(Trouble, match="cut short"):
        location.secret_key()


# -- Who runs them ------------------------------------------------------------------------------------------------


def test_second_start_says_who_holds_the_folder(home):
    holder = lock.ServerLock(home).take(purpose="make run, at http://127.0.0.1:8000")

    with pytest.raises(Trouble) as refused:
        lock.ServerLock(home).take(purpose="another")

    assert "make run, at http://127.0.0.1:8000" in str(refused.value)
    assert f"process {os.getpid()}" in str(refused.value)
    assert "PORT=8001 make run" in str(refused.value)
    holder.release()


def test_lock_of_a_process_that_is_gone_holds_nobody_up(home):
    (home / "steward.lock").write_text('{"pid": 4194000, "purpose": "make run"}')

    lock.ServerLock(home).take(purpose="the next start").release()


def test_command_leaves_the_servers_alone_until_other_users_are_gone(home):
    with lock.using(home) as first:
        other = lock.UserLock(home)
        other.share()
        with pytest.raises(BlockingIOError):
            fcntl.flock(first._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        other.release()
        first.wait_until_alone()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("manage.py", False),
        ("manage.py --version", False),
        ("manage.py help", False),
        ("manage.py migrate --help", False),
        ("manage.py makemessages -l nb", False),
        ("manage.py collectstatic --noinput", False),
        ("manage.py makemigrations --check", False),
        ("manage.py up", False),
        ("manage.py migrate", True),
        ("manage.py shell -c 1", True),
        ("manage.py import_log file.csv --mapping m.toml", True),
    ],
)
def test_only_commands_that_talk_to_the_database_start_servers(line, expected):
    assert entry.needs_servers(line.split()) is expected


@pytest.mark.parametrize("is_behind", [True, False])
@pytest.mark.parametrize("mistake", [ProgrammingError, psycopg2.ProgrammingError])
def test_a_command_on_older_tables_says_what_comes_first_and_another_mistake_shows_itself(
    monkeypatch, capsys, is_behind, mistake
):
    def fail(argv):
        raise mistake("no such column")

    monkeypatch.setattr("django.core.management.execute_from_command_line", fail)
    monkeypatch.setattr(entry, "_servers_for", lambda argv: nullcontext())
    monkeypatch.setattr(entry, "_tables_are_behind", lambda: is_behind)

    with pytest.raises(SystemExit if is_behind else mistake):
        entry.run_command(["manage.py", "seed"])

    assert ("python3 manage.py migrate" in capsys.readouterr().err) is is_behind


# -- In the way ---------------------------------------------------------------------------------------------------


def test_port_in_use_names_the_program_and_another_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Trouble) as refused:
            ports.check_free("127.0.0.1", port)

    assert f"Port {port} is in use by " in str(refused.value)
    assert f"(process {os.getpid()})" in str(refused.value)
    assert f"PORT={port + 1} make run" in str(refused.value)


@pytest.mark.parametrize("value", ["0", "65536", "eighty", ""])
def test_port_that_is_none_is_refused_with_an_example(value):
    with pytest.raises(Trouble, match="PORT=8001 make run"):
        options.parse(["--port", value])


def test_folder_that_cannot_be_written_is_named_with_the_remedy(monkeypatch, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    monkeypatch.setenv("STEWARD_HOME", str(in_the_way / "var"))

    with pytest.raises(Trouble) as refused:
        prepare_home()

    assert str(in_the_way / "var") in str(refused.value)
    assert "STEWARD_HOME=/path/to/folder make run" in str(refused.value)


def test_database_of_another_version_is_left_alone(home):
    server = Postgres(home)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("12\n")

    with pytest.raises(Trouble, match=r"made by PostgreSQL 12; .* cannot read it"):
        server.start()

    assert [path.name for path in server.data.iterdir()] == ["PG_VERSION"]


def test_socket_folder_of_somebody_else_is_refused(home):
    stranger = home / "run"
    stranger.symlink_to("/tmp")

    with pytest.raises(Trouble, match=f"{stranger} belongs to "):
        Postgres(home).start()


def test_failed_start_of_the_second_server_stops_the_first(home, monkeypatch):
    servers = Servers(home, throwaway=True)
    monkeypatch.setenv("STEWARD_VALKEY_BIN", "/nowhere/valkey-server")
    servers.take_lock(purpose="the test")

    with pytest.raises(Trouble, match="STEWARD_VALKEY_BIN"):
        servers.start()

    assert servers.all[0].process is None
    lock.ServerLock(home).take(purpose="the next start").release()


# -- Healing ------------------------------------------------------------------------------------------------------


def test_committed_data_survives_a_killed_server(home):
    first = Postgres(home)
    first.start()
    with connect(first) as connection:
        connection.cursor().execute("CREATE TABLE kept AS SELECT 42 AS answer")
    connection.close()
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()

    again = Postgres(home)
    again.start()

    with connect(again) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM kept")
        assert cursor.fetchall() == [(42,)]
    connection.close()
    again.stop()


def test_pid_file_that_now_names_another_program_does_not_stop_the_start(home, postgres):
    pid_file = postgres.data / "postmaster.pid"
    content = pid_file.read_text()
    postgres.stop()
    pid_file.write_text(content.replace(content.split("\n")[0], str(os.getpid()), 1))

    again = Postgres(home, settings=THROWAWAY)
    again.start()

    connect(again).close()
    again.stop()


def test_server_left_behind_by_another_supervisor_is_ended_first(home, postgres):
    orphan = postgres.process

    again = Postgres(home, settings=THROWAWAY)
    again.start()

    assert orphan.poll() == 0
    connect(again).close()
    again.stop()


def test_half_made_database_is_made_anew(home):
    draft = Postgres(home).data.with_name("postgres.new")
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")

    server = Postgres(home, settings=THROWAWAY)
    server.start()

    assert not draft.exists()
    server.stop()


def test_valkey_starts_empty_when_its_files_are_damaged(home):
    server = Valkey(home)
    server.start()
    server.stop()
    for part in (server.data / "appendonlydir").iterdir():
        part.write_bytes(b"\xff" * 200)
    said: list[str] = []

    server.start(said.append)

    assert server.process is not None
    assert said == ["Valkey's files were damaged; they are set aside and it starts empty"]
    assert len(list(server.data.glob("unreadable-*"))) == 1
    server.stop()


def test_log_tail_of_a_missing_file_says_so(tmp_path):
    assert tail(tmp_path / "none.log") == "  (no log)"


def test_sample_password_is_kept_until_a_setting_names_another(home, monkeypatch):
    monkeypatch.delenv("STEWARD_SAMPLE_PASSWORD", raising=False)
    made = passwords.for_sample_people(home)

    assert passwords.for_sample_people(home) == made
    assert stat.S_IMODE((home / "sample-password").stat().st_mode) == 0o600
    monkeypatch.setenv("STEWARD_SAMPLE_PASSWORD", "named by a setting")
    assert passwords.for_sample_people(home) == "named by a setting"


# -- Nothing is left behind ---------------------------------------------------------------------------------------

_KEEP_SERVERS = """
import sys, time
from itsm.embedded.servers import Servers, prepare_home
servers = Servers(prepare_home(), throwaway=True)
servers.take_lock(purpose="the test")
servers.start()
print(*(server.process.pid for server in servers.all), flush=True)
time.sleep(60)
"""


def test_killed_supervisor_leaves_no_server_behind(home):
    holder = subprocess.Popen(
        [sys.executable, "-c", _KEEP_SERVERS], stdout=subprocess.PIPE, text=True, cwd=location.REPOSITORY
    )
    assert holder.stdout is not None
    pids = [int(pid) for pid in holder.stdout.readline().split()]
    assert len(pids) == 2

    holder.kill()
    holder.wait()
    holder.stdout.close()

    until = time.monotonic() + 30
    while any(children.is_alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    assert [pid for pid in pids if children.is_alive(pid)] == []


@pytest.mark.parametrize(("memory", "buffers"), [(1_000, 128), (8_192, 512), (24_000, 1_024), (512_000, 1_024)])
def test_postgresql_takes_a_sixteenth_of_the_memory_within_bounds(memory, buffers):
    assert shared_buffers_mb(memory) == buffers


def test_memory_is_told_in_megabytes():
    assert memory_mb() > 100
