"""The query language as text and tree: what is typed, what it means, what is refused and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.query import Query, QueryProblem, Sort, Term, Value, Words, parse, render

texts = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), min_size=1, max_size=20)
shown_texts = texts.filter(lambda text: text.strip())
names = st.from_regex(r"[a-z][a-z_]{0,10}", fullmatch=True).filter(lambda name: name != "sort")
single = st.builds(Value, text=texts, operator=st.sampled_from(["", "<", ">", "<=", ">="]))
ranges = st.builds(Value, text=texts, upto=texts | st.just("")) | st.builds(Value, text=st.just(""), upto=texts)
terms = st.builds(
    Term,
    field=names,
    values=st.lists(single | ranges, min_size=1, max_size=4).map(tuple),
    is_negated=st.booleans(),
)
words = st.builds(Words, text=shown_texts, is_negated=st.booleans())
sorts = st.none() | st.builds(Sort, field=names, is_descending=st.booleans())
queries = st.builds(Query, parts=st.lists(terms | words, max_size=5).map(tuple), sort=sorts)


@given(queries)
def test_what_is_rendered_reads_back_as_the_same_query(query):
    text = render(query)
    if len(text) <= 1000:
        assert parse(text) == query


@given(st.text(max_size=300))
def test_hostile_input_raises_nothing_but_a_problem_with_its_position(text):
    try:
        query = parse(text)
    except QueryProblem as problem:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert str(problem.message)
    else:
        assert parse(render(query)) == query


def test_a_query_of_every_form_is_read():
    query = parse('team:@mine,networks -is:waiting prio:1..2 updated:<2h "gateway down" -vpn sort:-updated')

    assert query == Query(
        parts=(
            Term("team", (Value("@mine"), Value("networks"))),
            Term("is", (Value("waiting"),), is_negated=True),
            Term("prio", (Value("1", upto="2"),)),
            Term("updated", (Value("2h", operator="<"),)),
            Words("gateway down"),
            Words("vpn", is_negated=True),
        ),
        sort=Sort("updated", is_descending=True),
    )


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ('who:"Tom', 4, 8),
        ("is:open who:", 8, 12),
        ("prio:..", 0, 7),
        ('""', 0, 2),
        ('who:"a"b', 0, 8),
        ("sort:", 0, 5),
        ("x" * 1001, 1000, 1001),
    ],
)
def test_a_problem_says_where_it_stands(text, start, end):
    with pytest.raises(QueryProblem) as caught:
        parse(text)

    assert (caught.value.start, caught.value.end) == (start, end)


def test_a_problem_repairs_the_text_with_its_suggestion():
    problem = QueryProblem("There is no field.", start=8, end=16, suggestion="team:@mine")

    assert problem.repaired("is:open taem:@me vpn") == "is:open team:@mine vpn"


def test_a_time_of_day_and_a_lone_minus_are_words():
    assert parse("10:30 - a-b").parts == (Words("10:30"), Words("-"), Words("a-b"))
