"""The whole way of an inquiry, as the right people go it, with a keyboard and no mouse."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.enums import Competence, InquiryOutcome, MailStatus, ReplyForm
from core.models import Inquiry, OutgoingMail, Person
from core.queries.trail import Verification
from tests.browser.conftest import NARROW, WIDE, Engage
from tests.browser.official import Official
from tests.walk import Walk
from workflows.press_inquiry.models import Quotation

pytestmark = pytest.mark.browser

SUBJECT = "Kết quả kỳ thi tuyển công chức (giả định)"
QUESTIONS = (
    "Bao giờ công bố kết quả kỳ thi?",
    "Vì sao đường dẫn https://sonoivu.example/" + "ket-qua-ky-thi-" * 12 + " không mở được?",
)
ANSWERS = ("Kết quả được công bố ngày 20/7/2026.", "Cổng thông tin đã hoạt động trở lại.")


class Journey:
    """Each method is one step: its person signs in, finds it in the work list, does it and signs out."""

    def __init__(self, official: Official, walk: Walk) -> None:
        self.official = official
        self.walk = walk

    def by(self, person: Person, step: str) -> Official:
        self.walk.tick()
        self.official.sign_in(person)
        self.official.follow(SUBJECT, step)
        return self.official

    def done(self, *words: object) -> None:
        """The page that follows says so; the worker does what was queued; the person goes home."""
        self.official.reads(*words)
        self.official.context.clear_cookies()
        self.walk.inquiry.refresh_from_db()
        self.walk.run_jobs()

    def register(self) -> None:
        at_desk = self.official
        at_desk.sign_in(self.walk.cast.contact)
        at_desk.follow("Register new", "register")
        at_desk.type("Who asks", "Phóng viên A (giả định)")
        at_desk.type(at_desk.say("Question %(number)s", number=1), QUESTIONS[0])
        at_desk.type(at_desk.say("Question %(number)s", number=2), QUESTIONS[1])
        at_desk.reach(at_desk.find("textbox", at_desk.say("Question %(number)s", number=1)), key="Shift+Tab")
        at_desk.type("Subject", SUBJECT)
        at_desk.type("E-mail", "phongvien@bao.example")
        at_desk.leave("Register", "registered")
        self.walk.inquiry = Inquiry.objects.get()
        at_desk.reads(SUBJECT, *QUESTIONS)
        at_desk.sign_out()
        self.walk.run_jobs()

    def triage(self) -> None:
        at_desk = self.by(self.walk.cast.chief, "triage")
        for number in (1, 2):
            whose = at_desk.say("Whose question %(number)s is", number=number)
            at_desk.choose(whose, Competence.OURS.label)
        at_desk.pick("Unit that leads the reply", str(self.walk.cast.division))
        at_desk.leave("Record the triage", "triaged")
        self.done(self.walk.cast.division.name)

    def assign(self) -> None:
        at_desk = self.by(self.walk.cast.unit_head, "assign")
        at_desk.choose("Who writes the draft", self.walk.cast.specialist.full_name)
        at_desk.leave("Assign", "assigned")
        self.done("Assigned. The step now stands in that person's work.")

    def draft(self) -> None:
        at_desk = self.by(self.walk.cast.specialist, "draft")
        at_desk.leave("Accept the draft", "draft-accepted")
        at_desk.reads("You have accepted the draft.")
        at_desk.choose("Form of the reply", ReplyForm.LETTER.label)
        for number, answer in enumerate(ANSWERS, start=1):
            at_desk.type(at_desk.say("Answer to question %(number)s", number=number), answer)
        at_desk.leave("Hand in for review", "drafted")
        self.done("Handed in for review.")

    def approve(self, person: Person, step: str, button: str, then: str) -> None:
        at_desk = self.by(person, step)
        at_desk.reads(*ANSWERS)
        at_desk.leave(button, f"{step}-done")
        self.done(then)

    def endorse(self, person: Person, step: str, button: str) -> None:
        at_desk = self.by(person, step)
        self.reads_the_document()
        at_desk.tick("I have opened and read the document; it is the one I mean.")
        at_desk.leave(button, f"{step}-done")
        self.done(SUBJECT)

    def reads_the_document(self) -> None:
        """The link is in reach of the keyboard and leads to the PDF."""
        link = self.official.page.locator("main a[target=_blank]")
        self.official.reach(link)
        answer = self.official.page.request.get(self.official.address + str(link.get_attribute("href")))
        assert answer.ok
        assert answer.body().startswith(b"%PDF-")

    def release(self) -> None:
        at_desk = self.by(self.walk.cast.spokesperson, "release")
        at_desk.press(at_desk.find("button", "Release"))
        expect(at_desk.page.get_by_role("dialog")).to_contain_text(
            at_desk.say("Release it now? It cannot be taken back.")
        )
        at_desk.leave("Yes, go on", "released")
        self.done("Everything said so far on this case", *ANSWERS)

    def follow_up(self) -> None:
        self.walk.tick(days=26)
        at_desk = self.by(self.walk.cast.contact, "follow-up")
        at_desk.choose("What was published", Quotation.CORRECT.label)
        at_desk.type("Address of the article", "https://bao.example/ket-qua-ky-thi")
        at_desk.type_date("Published on", self.walk.at.date())
        at_desk.leave("Record and close the inquiry", "followed-up")
        self.done(InquiryOutcome.ANSWERED.label)

    def whole(self) -> None:
        cast = self.walk.cast
        self.register()
        self.triage()
        self.assign()
        self.draft()
        approved = "The content is approved. Clearance comes next."
        self.approve(cast.unit_head, "review", "Approve the content", approved)
        self.approve(cast.legal, "clear", "Clear it", "Cleared. The decision comes next.")
        decided = "Decided: this exact text is approved."
        self.approve(cast.head, "decide", "Approve this text", decided)
        self.endorse(cast.head, "sign", "Sign the document")
        self.endorse(cast.clerk, "stamp", "Apply the agency's signature")
        self.release()
        self.follow_up()


@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (NARROW, "vi")], ids=["1280", "390"])
def test_an_inquiry_goes_its_whole_way_by_keyboard(
    engage: Engage, walk: Walk, size: tuple[int, int], language: str
) -> None:
    official = engage(size=size, language=language)

    Journey(official, walk).whole()

    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED
    assert not walk.steps
    reply = OutgoingMail.objects.exclude(attachment_sha256="").get()
    assert (reply.recipient, reply.status) == ("phongvien@bao.example", MailStatus.PENDING)
    assert reply.attachment_name.endswith(".pdf")
    assert list(Verification().findings()) == []
    the_auditor_reads_the_story(official, walk)


def the_auditor_reads_the_story(official: Official, walk: Walk) -> None:
    cast = walk.cast
    official.sign_in(cast.auditor)
    official.follow("Audit", "audit")
    official.follow(SUBJECT, "audit-case")
    official.reads(
        cast.contact.full_name, cast.chief.full_name, cast.head.full_name, cast.spokesperson.full_name
    )
    exact = official.page.locator("main summary").first
    official.press(exact)
    official.reads(*ANSWERS)
    assert official.page.url.endswith(reverse("audit_case", args=[walk.inquiry.case_id]))
