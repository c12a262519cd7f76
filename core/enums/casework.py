"""Cases, inquiries, questions and statements."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PressKind(TextChoices):
    DAILY = "daily", _("Daily newspaper")
    ONLINE = "online", _("Online newspaper")
    WEEKLY = "weekly", _("Weekly newspaper")
    MAGAZINE = "magazine", _("Magazine")
    RADIO_TV = "radio_tv", _("Radio and television")
    NEWS_AGENCY = "news_agency", _("News agency")


class Secrecy(TextChoices):
    """Who normally sees a case. State secrets never enter the system at all."""

    ORDINARY = "ordinary", _("Ordinary")
    RESTRICTED = "restricted", _("Restricted to the people who take part")


class Channel(TextChoices):
    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    IN_PERSON = "in_person", _("In person")
    PRESS_CONFERENCE = "press_conference", _("Press conference")
    WEB_FORM = "web_form", _("Web form")


class InquiryKind(TextChoices):
    INFORMATION = "information", _("Information request")
    INTERVIEW = "interview", _("Interview request")
    REPLY_ON_PRESS = "reply_on_press", _("Reply on the press, asked by the head of a press agency")
    FORWARDED_OPINION = "forwarded_opinion", _("Forwarded opinion")
    FORWARDED_COMPLAINT = "forwarded_complaint", _("Forwarded complaint")
    FORWARDED_DENUNCIATION = "forwarded_denunciation", _("Forwarded denunciation")


class CredentialKind(TextChoices):
    """Either suffices (Law 126/2025 art 27); none shown never blocks registering."""

    PRESS_CARD = "press_card", _("Press card")
    INTRODUCTION = "introduction", _("Letter of introduction")
    NONE_SHOWN = "none_shown", _("None shown")


class Urgency(TextChoices):
    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")


class Competence(TextChoices):
    UNDECIDED = "undecided", _("Not triaged yet")
    OURS = "ours", _("Ours")
    OTHER_AGENCY = "other_agency", _("Another agency's")
    STATE_SECRET = "state_secret", _("Contains state secrets: handled off-system")


class QuestionOutcome(TextChoices):
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    REDIRECTED = "redirected", _("Redirected")
    REFUSED = "refused", _("Refused")
    WITHHELD = "withheld", _("Considered, not provided yet")
    OFF_SYSTEM = "off_system", _("Handled off-system")
    NOT_ANSWERED = "not_answered", _("Not answered")


class InquiryOutcome(TextChoices):
    """The named end an inquiry reached; blank while it runs."""

    ANSWERED = "answered", _("Answered")
    PARTLY_ANSWERED = "partly_answered", _("Partly answered")
    REFUSED = "refused", _("Refused")
    PARTLY_REFUSED = "partly_refused", _("Partly refused")
    WITHHELD = "withheld", _("Considered, not provided yet")
    REDIRECTED = "redirected", _("Redirected")
    ADVICE_GIVEN = "advice_given", _("Advice given")
    WITHDRAWN = "withdrawn", _("Withdrawn by the journalist")
    NOT_A_REQUEST = "not_a_request", _("Not a request for information")
    FOREIGN_PRESS = "foreign_press", _("Foreign press: handled under another decree")
    OFF_SYSTEM = "off_system", _("Handled off-system")


class ReplyForm(TextChoices):
    """How the reply will leave; only a letter is a numbered document."""

    LETTER = "letter", _("Official letter")
    EMAIL = "email", _("E-mail text")
    PORTAL = "portal", _("Text on the portal or an official account")
    INTERVIEW = "interview", _("Interview")


class StatementForm(TextChoices):
    """The five legal forms of speaking (Decree 244/2026 art 5)."""

    PRESS_CONFERENCE = "press_conference", _("Press conference")
    PORTAL = "portal", _("Portal, site or official account")
    DIRECT = "direct", _("Direct statement or interview")
    PRESS_RELEASE_OR_REPLY = "press_release_or_reply", _("Press release, reply by document or e-mail")
    BRIEFING = "briefing", _("Direct exchange at a press briefing")


# A reply prepared in a form is released in one of these.
FORMS_OF_RELEASE = {
    ReplyForm.LETTER: (StatementForm.PRESS_RELEASE_OR_REPLY,),
    ReplyForm.EMAIL: (StatementForm.PRESS_RELEASE_OR_REPLY,),
    ReplyForm.PORTAL: (StatementForm.PORTAL,),
    ReplyForm.INTERVIEW: (
        StatementForm.DIRECT,
        StatementForm.PRESS_CONFERENCE,
        StatementForm.BRIEFING,
    ),
}


def settled_form(form: ReplyForm) -> StatementForm | None:
    """In which form a reply will be spoken, where the form it is prepared in leaves no choice."""
    forms = FORMS_OF_RELEASE[form]
    return forms[0] if len(forms) == 1 else None


class MailStatus(TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")


class PurgeRemains(TextChoices):
    """What a purge cannot reach and names for cleaning by hand; the label is filled with what it is."""

    MAILBOX = "mailbox", _("in the mailbox and on its server: the mail %(what)s")
    ELSEWHERE = "elsewhere", _("the same file or mail, kept for %(what)s")
    DOCUMENT = "document", _("copies of the document %(what)s, printed or sent")
    RELEASED = "released", _("released and therefore kept: %(what)s")
    REASON = "reason", _("a reason typed into the trail, which nothing can change: entry %(what)s")
