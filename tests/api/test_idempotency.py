"""A creating request with a key acts once, whatever happens around it."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from incidents.models import Incident
from records.models import Attachment, Comment, IdempotencyKey
from records.once import forget_used

BODY = {"title": "VPN drops"}


def test_the_same_request_with_the_same_key_acts_once(house, as_):
    tom = as_(house.tom)

    first = tom.post("incidents/", BODY, idempotency_key="a-1")
    second = tom.post("incidents/", {**BODY}, idempotency_key="a-1")

    assert Incident.objects.count() == 1
    assert (second.status_code, second.json()) == (201, first.json())
    assert (second["Location"], second["ETag"]) == (first["Location"], first["ETag"])
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "1"


def test_another_request_with_the_same_key_is_refused(house, as_):
    tom = as_(house.tom)
    tom.post("incidents/", BODY, idempotency_key="a-1")

    refused = tom.post("incidents/", {"title": "Something else"}, idempotency_key="a-1")

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "key_reused"
    assert Incident.objects.count() == 1


def test_the_same_key_of_another_person_is_another_key(house, as_):
    as_(house.tom).post("incidents/", BODY, idempotency_key="a-1")
    as_(house.aisha).post("incidents/", BODY, idempotency_key="a-1")

    assert Incident.objects.count() == 2


def test_a_refused_request_leaves_its_key_free(house, log_incident, as_):
    tom, incident = as_(house.tom), log_incident()

    refused = tom.post(f"incidents/{incident.pk}/links/", {"kind": "child_of", "to": incident.pk}, idempotency_key="k")
    other = log_incident()
    mended = tom.post(f"incidents/{incident.pk}/links/", {"kind": "child_of", "to": other.pk}, idempotency_key="k")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_while_the_first_runs_the_second_hears_so(house, as_):
    IdempotencyKey.objects.create(
        user=house.tom, key="a-1", fingerprint=_fingerprint_of(BODY), created_at=datetime.now(UTC)
    )

    refused = as_(house.tom).post("incidents/", BODY, idempotency_key="a-1")

    assert refused.status_code == 409
    assert refused["Retry-After"] == "1"
    assert not Incident.objects.exists()


def test_a_request_that_died_before_its_answer_blocks_nobody_for_long(house, as_):
    IdempotencyKey.objects.create(
        user=house.tom,
        key="a-1",
        fingerprint=_fingerprint_of(BODY),
        created_at=datetime.now(UTC) - timedelta(minutes=3),
    )

    made = as_(house.tom).post("incidents/", BODY, idempotency_key="a-1")

    assert made.status_code == 201
    assert Incident.objects.count() == 1


def test_an_answer_is_kept_for_a_day(house, as_):
    tom = as_(house.tom)
    tom.post("incidents/", BODY, idempotency_key="a-1")
    IdempotencyKey.objects.update(created_at=datetime.now(UTC) - timedelta(hours=25))

    assert forget_used(before=datetime.now(UTC) - timedelta(hours=24)) == 1
    tom.post("incidents/", BODY, idempotency_key="a-1")

    assert Incident.objects.count() == 2


def test_a_comment_and_a_file_sent_twice_stand_once(house, log_incident, as_):
    tom, at = as_(house.tom), f"incidents/{log_incident().pk}/"
    for _each in range(2):
        tom.post(f"{at}comments/", {"visibility": "public", "text": "Hello."}, idempotency_key="c-1")
        upload = {"file": SimpleUploadedFile("a.txt", b"x"), "visibility": "public"}
        tom.upload(f"{at}attachments/", upload, idempotency_key="f-1")

    assert (Comment.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 201])
def test_a_key_that_cannot_be_kept_is_refused(house, as_, key):
    refused = as_(house.tom).post("incidents/", BODY, idempotency_key=key)

    assert refused.status_code == 400
    assert not Incident.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_make_one_incident(house, as_):
    callers, barrier = [as_(house.tom) for _each in range(8)], Barrier(8)

    def send(caller):
        try:
            barrier.wait()
            return caller.post("incidents/", BODY, idempotency_key="a-1").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, callers))

    assert Incident.objects.count() == 1
    assert set(statuses) <= {201, 409}
    assert 201 in statuses


def _fingerprint_of(body):
    return hashlib.sha256(b"POST /api/v1/incidents/\n" + json.dumps(body, sort_keys=True).encode()).digest()
