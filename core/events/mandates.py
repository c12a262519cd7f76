"""Mandates to speak: recorded, delegated, ended; what was said under them outside the system; who is published."""

from django.utils.translation import gettext_lazy as _

from .registry import event

MANDATE_RECORDED = event(
    "mandate.recorded",
    _("recorded the mandate of %(person_name)s to speak"),
    "person person_name mandate mandate_kind document_number document_date valid_from valid_until provision",
)
MANDATE_ENDED = event(
    "mandate.ended",
    _("ended the mandate of %(person_name)s to speak"),
    "person person_name mandate mandate_kind document_number valid_until cause",
)
MANDATE_DELEGATED = event(
    "mandate.delegated",
    _("recorded the delegation of %(person_name)s to speak by %(document_number)s"),
    "person person_name mandate document_number document_date document_sha256 signed_at signed_by valid_from"
    " valid_until forms questions circumstance provision local_rule outside_list overlaps on_paper",
)
MANDATE_REVOKED = event(
    "mandate.revoked",
    _("revoked %(document_number)s, the delegation of %(person_name)s"),
    "person person_name mandate document_number valid_until",
)
MANDATE_LAPSED = event(
    "mandate.lapsed",
    _("closed %(document_number)s, the delegation of %(person_name)s, whose term is over"),
    "person person_name mandate document_number valid_until",
)
DELEGATION_REPORTED = event(
    "delegation.reported",
    _("reported being unable to speak on %(reference)s"),
    "case reference delegation mandate",
)
DELEGATION_PROPOSED = event(
    "delegation.proposed", _("proposed a delegation on %(reference)s"), "case reference delegation"
)
DELEGATION_DRAFTED = event(
    "delegation.drafted",
    _("drafted the delegation of %(person_name)s on %(reference)s"),
    "case reference delegation person person_name valid_from valid_until forms questions circumstance way",
)
DELEGATION_RETURNED = event(
    "delegation.returned",
    _("sent the draft of a delegation on %(reference)s back"),
    "case reference delegation document number",
)
DELEGATION_DROPPED = event(
    "delegation.dropped",
    _("gave up the delegation on %(reference)s before it was signed"),
    "case reference delegation step",
)
DELEGATION_PUBLISHED = event(
    "delegation.published",
    _("published the delegation %(document_number)s"),
    "case reference delegation mandate document_number address published_at",
)
DELEGATION_CONFIRMED = event(
    "delegation.confirmed",
    _("confirmed %(document_number)s, given by the earlier head"),
    "case reference delegation mandate document_number",
)
SPEECH_RECORDED_LATE = event(
    "speech.recorded_late",
    _("recorded what %(person_name)s had said outside the system: %(result)s"),
    "case reference late_record person person_name form spoken_at delay_minutes result mandate statement"
    " questions recording_sha256 text_hash",
)
REGISTER_CHANGED = event(
    "register.changed",
    _("published edition %(edition)s of the register of spokespersons of %(agency)s"),
    "agency edition sha256",
)
