"""What the benchmarks say of a figure must be true: nobody looks twice at a green word."""

from benchmarks.report import Figure, growth


def test_a_median_within_its_target_is_not_enough_when_the_slow_ones_miss_theirs():
    page = Figure("page", 20.0, p95=90.0, target=30, p95_target=60)

    assert page.verdict == "MISSED"


def test_too_many_statements_miss_the_target():
    page = Figure("page", 20.0, statements=9, bare_view=20.0, target=30, statements_target=8, ratio_target=1.5)

    assert page.verdict == "MISSED"


def test_on_a_busy_machine_the_multiple_of_the_bare_view_decides():
    busy = Figure("page", 120.0, bare_view=90.0, target=30, ratio_target=1.5)
    slow = Figure("page", 150.0, bare_view=90.0, target=30, ratio_target=1.5)

    assert (busy.verdict, slow.verdict) == ("met by ratio", "MISSED")


def test_a_rate_is_slower_when_it_is_lower():
    creation = Figure("create", 100.0, unit="/s", bare_view=400.0, target=150, ratio_target=2.5)

    assert creation.ratio_to(creation.bare_view) == 4.0
    assert creation.verdict == "MISSED"


def test_growth_of_a_rate_is_read_the_other_way_round():
    def document(records, milliseconds, rate):
        return {
            "facts": {"records": records},
            "figures": [
                {"name": "page", "unit": "ms", "value": milliseconds},
                {"name": "create", "unit": "/s", "value": rate},
            ],
        }

    lines = growth(document(100_000, 10.0, 200.0), document(1_000_000, 15.0, 100.0)).splitlines()

    assert [line.split()[-1] for line in lines[1:]] == ["1.50x", "2.00x"]
