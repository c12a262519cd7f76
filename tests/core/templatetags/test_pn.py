"""What the pages say about time, text and state."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from pytest_django import Settings

from core.enums import Competence, InquiryOutcome, MailStatus, QuestionOutcome
from core.templatetags.pn import LOOKS, is_near, local_datetime, paragraphs, relative, time_left
from core.templatetags.pn_difference import LONGEST_COMPARED, Segment, difference

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.fixture
def noon(settings: Settings) -> datetime:
    settings.CLOCK = NOON
    return NOON


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


def render(source: str, **values: object) -> str:
    return Template("{% load pn %}" + source).render(Context(values))


def test_an_instant_late_in_the_utc_day_is_shown_on_the_next_local_day() -> None:
    assert local_datetime(datetime(2026, 11, 22, 17, 5, tzinfo=UTC)) == "00:05 on 23/11/2026"


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        (at(7, 10), "2 hours left"),
        (at(5, 1), "1 minute left"),
        (at(2), "overdue by 3 hours"),
        (NOON, "overdue by 0 minutes"),
    ],
)
def test_what_is_left_of_a_time_limit_is_said_in_its_largest_unit(
    noon: datetime, due: datetime, sentence: str
) -> None:
    assert time_left(due) == sentence


def test_an_instant_is_told_from_the_clock_of_the_site(noon: datetime) -> None:
    assert [relative(at(4, 55)), relative(NOON), relative(at(9))] == [
        "5 minutes ago",
        "just now",
        "in 4 hours",
    ]


def test_only_a_time_limit_still_ahead_is_near(noon: datetime) -> None:
    assert [is_near(at(4)), is_near(at(12)), is_near(at(14))] == [False, True, False]


def test_plain_text_becomes_escaped_paragraphs_that_keep_their_lines() -> None:
    assert paragraphs("one\r\ntwo\n\n\n<script>x</script>") == (
        "<p>one<br>two</p>\n<p>&lt;script&gt;x&lt;/script&gt;</p>"
    )


def test_a_badge_carries_its_words_and_a_sign_hidden_from_readers() -> None:
    html = render("{% status_badge value %}", value=InquiryOutcome.ANSWERED)

    assert "Answered" in html
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize("states", [InquiryOutcome, QuestionOutcome, Competence, MailStatus])
def test_every_state_has_a_look_of_its_own(states: type[InquiryOutcome]) -> None:
    assert [state for state in states if state not in LOOKS] == []


def test_a_card_escapes_its_title_and_keeps_its_body() -> None:
    html = render("{% card title %}<p>body</p>{% endcard %}", title="<b>")

    assert "&lt;b&gt;" in html
    assert "<p>body</p>" in html


def test_a_missing_time_limit_is_said_in_words() -> None:
    ordinary = render('{% include "core/components/_deadline.html" with due=None unlimited=True only %}')
    other = render('{% include "core/components/_deadline.html" with due=None unlimited=False only %}')

    assert "The law sets no time limit" in ordinary
    assert "not computed yet" in other
    assert "The law sets no time limit" not in other


def test_an_action_that_is_refused_is_described_by_the_reason() -> None:
    html = render(
        '{% include "core/components/_disabled_action.html" with label="Approve" why=why id="go" only %}',
        why="The drafter never approves.",
    )

    assert 'aria-describedby="go-why"' in html
    assert 'id="go-why"' in html
    assert "The drafter never approves." in html


def test_two_versions_differ_word_by_word() -> None:
    assert difference("Received 12 files.\n", "Received 15 files.\n") == [
        Segment("same", "Received "),
        Segment("removed", "12"),
        Segment("added", "15"),
        Segment("same", " files.\n"),
    ]


def test_a_very_long_passage_is_shown_as_replaced_whole() -> None:
    before, after = "a " * LONGEST_COMPARED, "b " * LONGEST_COMPARED

    assert difference(before, after) == [Segment("removed", before), Segment("added", after)]
