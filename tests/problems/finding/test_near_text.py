"""Likeness of subjects: languages, typing errors, numbers, floods."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.finding import text
from problems.finding.grouping import Grouper
from problems.finding.text import Signer, Weights

VPN = "VPN drops every 20 minutes on home network"


def grouped(*subjects: str, **said: object) -> list[tuple[str, list[int]]]:
    """Clusters of these subjects, numbered from 0: the typical subject and the members in order."""
    weights = Weights()
    for subject in subjects:
        weights.count(text.words_of(subject))
    found = Grouper(weights).clusters(enumerate(subjects), **said)  # type: ignore[arg-type]
    return sorted((each.subject, sorted(each.members)) for each in found)


def test_words_have_no_case_accents_or_punctuation() -> None:
    assert text.words_of("  Čan't REACH: the Ïntranet!! ") == ["can", "t", "reach", "the", "intranet"]


@pytest.mark.parametrize(
    ("subject", "typed"),
    [
        (VPN, "vpn drops evry 20 minutes on home netwrok"),
        ("Papierstau im Drucker", "Papirestau im Drucker!!"),
        ("Не приходит почта", "не приходит пчота"),
        ("邮件无法发送附件", "邮件无法发送附件了"),
        ("Cannot log in to payroll", "URGENT: cannot login to payroll 2231"),
    ],
)
def test_typing_errors_do_not_part_what_belongs_together(subject: str, typed: str) -> None:
    assert grouped(subject, subject, typed) == [(subject, [0, 1, 2])]


def test_languages_stay_apart() -> None:
    found = grouped("Printer does not print", "Drucker druckt nicht", "打印机无法打印", "Принтер не печатает")

    assert sorted(members for _subject, members in found) == [[0], [1], [2], [3]]


def test_codes_that_differ_by_a_digit_stay_apart_in_a_log_full_of_codes() -> None:
    codes = [f"Symptom {number}" for number in range(1, 1500) for _time in range(2)]

    found = grouped(*codes)

    assert {len(members) for _subject, members in found} == {2}


def test_a_number_that_stands_once_says_nothing() -> None:
    alerts = [f"Disk almost full, alert {number}" for number in range(1000, 1020)]

    assert len(grouped(*alerts)) == 1


def test_words_of_the_coded_fields_say_nothing() -> None:
    subjects = ["Category 42, Subcategory 223: Symptom 534"] * 3 + ["Category 42, Subcategory 223: Symptom 491"] * 2
    subjects += ["Category 42, Subcategory 223"]

    found = grouped(*subjects, coded=["Category 42", "Subcategory 223"])

    assert ("", [5]) in found


def test_subjects_without_words_belong_together_by_their_fields() -> None:
    assert grouped("???", "", "!!") == [("", [0, 1, 2])]


def test_subjects_without_words_are_no_cluster_where_nothing_is_coded() -> None:
    assert grouped("???", "", "VPN down", by_fields=False) == [("VPN down", [2])]


def test_similarity_is_no_chain() -> None:
    near = "VPN drops in the morning"
    further = "Mail client freezes in the morning"
    far = "Mail client freezes at start"

    found = grouped(near, near, near, further, far)

    assert not any({0, 4} <= set(members) for _subject, members in found)


def test_a_known_cluster_keeps_its_subject() -> None:
    weights = Weights()
    for subject in (VPN, VPN.upper()):
        weights.count(text.words_of(subject))

    found = Grouper(weights).clusters(
        [(number, "VPN drops every 20 minutes at home") for number in range(9)], known=[(7, VPN)]
    )

    assert [(each.key, each.subject, len(each.members)) for each in found] == [(7, VPN, 9)]


def test_a_flood_of_one_subject_is_one_cluster() -> None:
    found = grouped(*[VPN] * 100_000)

    assert [(subject, len(members)) for subject, members in found] == [(VPN, 100_000)]


@pytest.mark.slow
def test_many_different_subjects_of_one_service_are_compared_without_comparing_all() -> None:
    draw = random.Random(11)
    words = ["".join(draw.choices(string.ascii_lowercase, k=7)) for _ in range(4_000)]
    subjects = [" ".join(draw.choices(words, k=5)) for _ in range(15_000)]
    planted = [f"{subject}x" for subject in subjects[:200]]
    compared = []
    likeness = text.likeness

    def counted(*said: object) -> float:
        compared.append(said)
        return likeness(*said)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "likeness", counted)
        found = grouped(*subjects, *planted)

    together = sum(any(at in members and at + 15_000 in members for at in members[:1]) for _subject, members in found)
    assert together >= 195
    assert len(compared) < 60 * len(subjects)


@given(st.text(max_size=120), st.text(max_size=120))
@settings(max_examples=200)
def test_likeness_is_fair_whatever_is_typed(one: str, other: str) -> None:
    weights = Weights()
    keys = [text.keys_of(text.words_of(each)) for each in (one, other)]
    first, second = (weights.features(each) for each in keys)

    assert 0 <= text.likeness(first, second) <= 1
    assert text.likeness(first, second) == pytest.approx(text.likeness(second, first))
    assert text.likeness(first, first) == pytest.approx(1.0 if first.weights else 0.0)


def test_signatures_meet_where_half_is_shared() -> None:
    signer, draw = Signer(), random.Random(3)
    met = 0
    for _ in range(300):
        shared, rest = draw.sample(range(10**6), 20), draw.sample(range(10**6, 2 * 10**6), 20)
        one, other = shared + rest[:10], shared + rest[10:]
        met += bool(set(signer.bands(one)) & set(signer.bands(other)))

    assert met > 270
    assert signer.bands([]) == []
