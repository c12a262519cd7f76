"""A browser without JavaScript does the work too."""

from __future__ import annotations

import pytest

from core.enums import Competence
from core.models import Inquiry
from tests.browser.conftest import NARROW, Engage
from tests.walk import Walk

pytestmark = pytest.mark.browser

SUBJECT = "Giờ mở cửa (giả định)"


def test_an_inquiry_is_registered_and_triaged_without_javascript(engage: Engage, walk: Walk) -> None:
    cast = walk.cast
    official = engage(size=NARROW, java_script_enabled=False)
    page = official.page
    official.enter(cast.contact, "/")
    official.find("link", "Register new").click()
    official.field("Who asks").fill("Phóng viên B (giả định)")
    official.field(official.say("Question %(number)s", number=1)).fill("Mấy giờ mở cửa?")
    official.find("button", "More boxes").click()
    official.field(official.say("Question %(number)s", number=6)).fill("Thứ bảy có làm việc không?")
    official.field("Subject").fill(SUBJECT)
    page.get_by_role("main").get_by_role("button", name=official.say("Register"), exact=True).click()
    official.reads(SUBJECT, "Thứ bảy có làm việc không?")

    walk.inquiry = Inquiry.objects.get()
    walk.run_jobs()
    official.enter(cast.chief, "/")
    official.find("link", SUBJECT).click()
    for number in (1, 2):
        whose = official.find("group", official.say("Whose question %(number)s is", number=number))
        whose.get_by_label(str(Competence.OURS.label)).check()
    official.find("combobox", "Unit that leads the reply").select_option(label=str(cast.division))
    official.find("button", "Record the triage").click()
    official.reads(cast.division.name)

    assert walk.steps == {"assign"}
    assert [question.competence for question in walk.inquiry.questions.all()] == [Competence.OURS] * 2


def test_a_release_needs_no_dialog_without_javascript(engage: Engage, walk: Walk) -> None:
    walk.to("release")
    official = engage(java_script_enabled=False)
    official.enter(walk.cast.spokesperson, f"/viec/{walk.task('release').pk}/")

    official.find("button", "Release").click()

    official.reads("Everything said so far on this case")
    assert walk.steps == {"follow_up"}
