"""What happens to cases, inquiries, drafts, documents, statements, mails and jobs."""

from django.utils.translation import gettext_lazy as _

from .registry import event

# The case
CASE_OPENED = event("case.opened", _("opened the case %(reference)s"), "case reference agency secrecy")
CASE_CLOSED = event("case.closed", _("closed the case %(reference)s"), "case reference")
CASE_REOPENED = event("case.reopened", _("opened the case %(reference)s again"), "case reference")
CASE_ACCESS_GRANTED = event(
    "case.access_granted",
    _("let %(person_name)s into the case"),
    "case reference person person_name permission",
)
CASE_ACCESS_REVOKED = event(
    "case.access_revoked",
    _("took back the access of %(person_name)s to the case"),
    "case reference person person_name permission",
)

# The inquiry
INQUIRY_RECEIVED = event(
    "inquiry.received",
    _("took in the inquiry %(reference)s"),
    "inquiry reference mail channel questions attachments mail_dated_at raw_sha256",
    personal="sender",
)
INQUIRY_REGISTERED = event(
    "inquiry.registered",
    _("registered the inquiry %(reference)s"),
    "inquiry reference channel kind credential press_agency journalist received_at mail_dated_at questions"
    " question_hashes attachments follows confirmed_new mail",
    personal="asker asker_email asker_phone credential_number",
)
INQUIRY_JOINED_CASE = event(
    "inquiry.joined_case",
    _("joined the inquiry %(reference)s to the case %(case_reference)s"),
    "inquiry reference case case_reference",
)
INQUIRY_MOVED_AWAY = event(
    "inquiry.moved_away",
    _("moved the inquiry %(reference)s away to the case %(case_reference)s"),
    "inquiry reference case case_reference",
)
INQUIRY_MOVED_HERE = event(
    "inquiry.moved_here",
    _("moved the inquiry %(reference)s here from the case %(case_reference)s"),
    "inquiry reference case case_reference",
)
INQUIRY_LINKED = event(
    "inquiry.linked",
    _("linked the inquiry %(reference)s as a follow-up to %(follows_reference)s"),
    "inquiry reference follows follows_reference",
)
INQUIRY_ACKNOWLEDGED = event(
    "inquiry.acknowledged",
    _("acknowledged the inquiry %(reference)s"),
    "inquiry reference mail due text_hash",
    personal="recipient",
)
INQUIRY_ACKNOWLEDGEMENT_IMPOSSIBLE = event(
    "inquiry.acknowledgement_impossible",
    _("could not acknowledge the inquiry %(reference)s: no e-mail address is known"),
    "inquiry reference",
)
INQUIRY_ACKNOWLEDGEMENT_WITHHELD = event(
    "inquiry.acknowledgement_withheld",
    _("did not acknowledge the inquiry %(reference)s: its mail was sent by a machine"),
    "inquiry reference",
)
INQUIRY_TRIAGED = event(
    "inquiry.triaged",
    _("triaged the inquiry %(reference)s"),
    "inquiry reference exit not_a_request topic lead_unit coordinating_units redirected_to urgency ours"
    " redirected secret statement",
)
INQUIRY_ASSIGNED = event(
    "inquiry.assigned",
    _("assigned the inquiry %(reference)s to %(person_name)s"),
    "inquiry reference unit person person_name task",
)
ASSIGNMENT_ACCEPTED = event(
    "assignment.accepted",
    _("accepted the assignment of the inquiry %(reference)s"),
    "inquiry reference assignment task",
)
ASSIGNMENT_RETURNED = event(
    "assignment.returned",
    _("sent the assignment of the inquiry %(reference)s back to be given anew"),
    "inquiry reference assignment task",
)
QUESTION_PURGED = event(
    "question.purged",
    _("purged question %(number)s of the inquiry %(reference)s as containing state secrets"),
    "inquiry reference question number purge places told backups mails attachments drafts",
)

# The draft
DRAFT_SUBMITTED = event(
    "draft.submitted",
    _("submitted version %(version)s of the draft for %(reference)s"),
    "inquiry reference draft version reply_form questions text_hash",
)
DRAFT_APPROVED_IN_REVIEW = event(
    "draft.approved_in_review",
    _("approved the content of version %(version)s for %(reference)s"),
    "inquiry reference draft version text_hash",
)
DRAFT_RETURNED_IN_REVIEW = event(
    "draft.returned_in_review",
    _("returned version %(version)s for %(reference)s to the drafter"),
    "inquiry reference draft version text_hash",
)
DRAFT_REVIEW_SKIPPED = event(
    "draft.review_skipped",
    _("skipped the review of version %(version)s for %(reference)s"),
    "inquiry reference draft version text_hash task",
)
DRAFT_CLEARED = event(
    "draft.cleared",
    _("cleared version %(version)s for %(reference)s"),
    "inquiry reference draft version text_hash",
)
DRAFT_RETURNED_IN_CLEARANCE = event(
    "draft.returned_in_clearance",
    _("returned version %(version)s for %(reference)s to the drafter at clearance"),
    "inquiry reference draft version text_hash",
)
DRAFT_CLEARANCE_SKIPPED = event(
    "draft.clearance_skipped",
    _("skipped the clearance of version %(version)s for %(reference)s"),
    "inquiry reference draft version text_hash task",
)
REFUSALS_SETTLED = event(
    "refusals.settled",
    _("took the decided refusals into the reply to %(reference)s"),
    "inquiry reference draft version refusals",
)

# The decision
REPLY_APPROVED = event(
    "reply.approved",
    _("approved version %(version)s of the reply to %(reference)s"),
    "inquiry reference draft version approval content_sha256 text_hash capacity reply_form",
)
REPLY_CORRECTED_AND_APPROVED = event(
    "reply.corrected_and_approved",
    _("corrected the reply to %(reference)s and approved it as version %(version)s"),
    "inquiry reference draft version corrected_version approval content_sha256 text_hash difference_hash"
    " capacity reply_form",
)
REPLY_RETURNED = event(
    "reply.returned",
    _("returned version %(version)s of the reply to %(reference)s"),
    "inquiry reference draft version text_hash",
)

# The document
DOCUMENT_NUMBER_ENTERED = event(
    "document.number_entered",
    _("entered the document number %(number)s for %(reference)s"),
    "inquiry reference document number date",
)
DOCUMENT_NUMBERED = event(
    "document.numbered",
    _("gave the document for %(reference)s the number %(number)s"),
    "inquiry reference document number series year date",
)
DOCUMENT_ISSUED = event(
    "document.issued",
    _("issued the document %(number)s"),
    "inquiry reference document number date kind sha256 size pages template software draft version",
)
DOCUMENT_SIGNED = event(
    "document.signed",
    _("signed the document %(number)s"),
    "inquiry reference document number sha256 capacity authority_line title_line",
)
DOCUMENT_STAMPED = event(
    "document.stamped",
    _("applied the agency's signature to the document %(number)s"),
    "inquiry reference document number sha256",
)
DOCUMENT_PURGED = event(
    "document.purged",
    _("removed the text of the document %(number)s, which contained state secrets"),
    "inquiry reference document number",
)

# Speaking and what became of it
STATEMENT_RELEASED = event(
    "statement.released",
    _("released the statement on %(reference)s: %(form)s"),
    "inquiry reference statement form number sha256 text_hash content_sha256 draft version mandate document"
    " mail address",
    personal="recipient",
)
PUBLICATION_RECORDED = event(
    "publication.recorded",
    _("recorded what was published on %(reference)s"),
    "inquiry reference publication address published_on quoted_correctly shown_before",
)
PUBLICATION_NONE_FOUND = event(
    "publication.none_found",
    _("recorded that nothing was published on %(reference)s within %(days)s days"),
    "inquiry reference days",
)

# Beside the path
CLOCK_STOPPED = event(
    "clock.stopped",
    _("stopped the clock of the inquiry %(reference)s"),
    "inquiry reference stop",
)
CLOCK_RESTARTED = event(
    "clock.restarted",
    _("restarted the clock of the inquiry %(reference)s"),
    "inquiry reference stop",
)
OPINION_ASKED = event(
    "opinion.asked",
    _("asked %(asked_agency)s for its opinion on %(reference)s"),
    "inquiry reference opinion asked_agency text_hash",
)
OPINION_ANSWERED = event(
    "opinion.answered",
    _("recorded the opinion of %(asked_agency)s on %(reference)s"),
    "inquiry reference opinion asked_agency text_hash document_number",
)
INQUIRY_ENDED = event(
    "inquiry.ended",
    _("ended the inquiry %(reference)s: %(outcome)s"),
    "inquiry reference outcome answer_owed answered redirected refused withheld off_system not_answered",
)
INQUIRY_WITHDRAWN = event(
    "inquiry.withdrawn",
    _("recorded that the journalist withdrew the inquiry %(reference)s"),
    "inquiry reference step tasks",
)
INQUIRY_REOPENED = event(
    "inquiry.reopened",
    _("reopened the inquiry %(reference)s"),
    "inquiry reference process previous_outcome",
)
TASK_TAKEN = event(
    "task.taken", _("took the step “%(step)s” of %(reference)s"), "inquiry reference task step"
)
TASK_PUT_BACK = event(
    "task.put_back", _("put the step “%(step)s” of %(reference)s back"), "inquiry reference task step"
)

# Mail and jobs
MAIL_RECEIVED = event(
    "mail.received",
    _("received a mail"),
    "mail raw_sha256 attachments size problem mailbox",
    personal="sender message_id",
)
MAIL_JOINED = event(
    "mail.joined",
    _("joined a mail to the inquiry %(reference)s"),
    "mail inquiry reference raw_sha256 attachments",
    personal="sender message_id",
)
MAIL_QUEUED = event(
    "mail.queued",
    _("put a mail about %(reference)s in line to be sent"),
    "mail inquiry reference purpose text_hash attachments",
    personal="recipient",
)
MAIL_SENT = event(
    "mail.sent",
    _("sent the mail about %(reference)s"),
    "mail inquiry reference purpose attempts",
    personal="recipient",
)
MAIL_RESENT = event(
    "mail.resent",
    _("put the mail about %(reference)s in line again"),
    "mail inquiry reference purpose",
    personal="recipient",
)
MAIL_READ = event(
    "mail.read",
    _("read the mail that came to the inquiry %(reference)s"),
    "mail inquiry reference",
)
MAIL_FAILED = event(
    "mail.failed",
    _("could not send the mail about %(reference)s"),
    "mail inquiry reference purpose attempts error",
    personal="recipient",
)
JOB_FAILED = event(
    "job.failed",
    _("could not finish the job “%(step)s” of %(reference)s"),
    "inquiry reference task step error attempts",
)
ADVICE_SENT = event(
    "advice.sent",
    _("sent advice upward on %(reference)s to %(superior)s"),
    "inquiry reference advice superior text_hash document_number",
)
