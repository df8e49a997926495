"""Files: handed out only to those who may see them, and never so that their content runs."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents.models import Incident
from records import operations
from records.models import Attachment
from records.operations.files import path_of
from tests.conftest import moment

TEN = moment("2026-03-02 10:00")


@pytest.fixture
def incident(log_incident: Any) -> Incident:
    return log_incident()


@pytest.fixture
def attach(house: Any, incident: Incident) -> Any:
    def add(name: str = "trace.log", content: bytes = b"0123456789", *, kind: str = "text/plain", public: bool = True):
        upload = SimpleUploadedFile(name, content, content_type=kind)
        return operations.attach(record=incident, by=house.tom, at=TEN, upload=upload, is_public=public)

    return add


def address(attachment: Attachment) -> str:
    return f"/r/{attachment.record_id}/files/{attachment.pk}/"


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript", "text/plain"])
def test_whatever_could_run_is_saved_and_sandboxed(client, house, attach, kind):
    client.force_login(house.maria)

    answer = client.get(address(attach("page.html", b"<script>alert(1)</script>", kind=kind)))

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert b"".join(answer) == b"<script>alert(1)</script>"


def test_a_raster_picture_is_shown(client, house, attach):
    client.force_login(house.maria)

    answer = client.get(address(attach("shot.png", b"\x89PNG", kind="image/png")))

    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("extra", [{}, {"HTTP_RANGE": "bytes=0-3"}])
def test_the_right_is_asked_for_every_way_of_reading(client, house, attach, method, extra):
    attachment = attach(public=False)

    for stranger in (house.maria, house.otto, house.max):
        client.force_login(stranger)
        assert getattr(client, method)(address(attachment), **extra).status_code == 404
    client.force_login(house.tom)
    assert getattr(client, method)(address(attachment), **extra).status_code in (200, 206)


def test_the_number_of_another_record_does_not_open_a_file(client, house, attach, log_incident):
    attachment, other = attach(), log_incident(title="Other")
    client.force_login(house.tom)

    assert client.get(f"/r/{other.pk}/files/{attachment.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "status", "got", "said"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=4-99", 206, b"4567" + b"89", "bytes 4-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_parts_of_a_file(client, house, attach, wanted, status, got, said):
    client.force_login(house.maria)

    answer = client.get(address(attach()), HTTP_RANGE=wanted)

    assert answer.status_code == status
    assert b"".join(answer) == got
    assert answer.get("Content-Range") == said


def test_a_missing_content_breaks_nothing_around_it(client, house, attach, incident):
    attachment = attach()
    path_of(attachment.sha256).unlink()
    client.force_login(house.tom)

    assert client.get(address(attachment)).status_code == 404
    assert "trace.log" in client.get(incident.get_absolute_url()).content.decode()


def test_files_of_requesters_are_public_whatever_they_say(client, house, incident):
    client.force_login(house.maria)

    client.post(f"/r/{incident.pk}/files/", {"files": SimpleUploadedFile("a.txt", b"x"), "audience": "team"})

    assert Attachment.objects.get().is_public is True


def test_files_of_staff_are_for_the_team_unless_they_say_otherwise(client, house, incident):
    client.force_login(house.tom)

    client.post(f"/r/{incident.pk}/files/", {"files": SimpleUploadedFile("a.txt", b"x")})

    assert Attachment.objects.get().is_public is False


def test_an_empty_file_is_refused_with_a_sentence(client, house, incident):
    client.force_login(house.tom)

    client.post(f"/r/{incident.pk}/files/", {"files": SimpleUploadedFile("a.txt", b"")})

    assert not Attachment.objects.exists()
    assert "The file is empty." in client.get(incident.get_absolute_url()).content.decode()
