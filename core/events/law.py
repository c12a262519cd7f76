"""The governing law, the agency's own rules, the working calendar and the clocks."""

from django.utils.translation import gettext_lazy as _

from .registry import event

RULE_SET_CHOSEN = event(
    "rule_set.chosen",
    _("chose %(chosen)s as the law that governs %(reference)s"),
    "inquiry reference choice act_at proposed chosen",
)
VERBATIM_ENTERED = event(
    "verbatim.entered",
    _("entered the verbatim text of %(citation)s"),
    "provision citation sha256",
)
VERBATIM_CHECKED = event(
    "verbatim.checked",
    _("checked the verbatim text of %(citation)s"),
    "provision citation sha256",
)
LOCAL_REGULATION_RECORDED = event(
    "local_regulation.recorded",
    _("recorded the local regulation %(number)s"),
    "regulation number date",
)
LOCAL_RULE_RECORDED = event(
    "local_rule.recorded",
    _("recorded the local rule %(key)s of the regulation %(number)s"),
    "local_rule regulation number key value unit article valid_from valid_until",
)
LOCAL_RULE_ENDED = event(
    "local_rule.ended",
    _("ended the local rule %(key)s of the regulation %(number)s"),
    "local_rule regulation number key valid_until",
)
CALENDAR_PUBLISHED = event(
    "calendar.published",
    _("published version %(version)s of the working calendar under %(decision)s"),
    "version decision decision_date issuer first_year last_year changed_days sha256",
)
EVENT_RECORDED = event(
    "event.recorded",
    _("recorded a starting event of %(reference)s: %(kind)s"),
    "inquiry crisis reference recorded_event kind",
)
ORDER_RECORDED = event(
    "order.recorded",
    _("recorded the order %(number)s of %(issuer)s on %(reference)s"),
    "inquiry reference order number date issuer before",
)
DEADLINE_STARTED = event(
    "deadline.started",
    _("started the deadline “%(key)s” of %(reference)s"),
    "inquiry mandate crisis reference deadline key source start started_at due last_day provision calendar"
    " missing_year",
)
DEADLINE_MOVED = event(
    "deadline.moved",
    _("moved the deadline “%(key)s” of %(reference)s from %(old_due)s to %(new_due)s: %(decision)s"),
    "inquiry mandate crisis reference deadline key kind old_due new_due calendar decision",
)
DEADLINE_EXTENDED = event(
    "deadline.extended",
    _("extended the deadline “%(key)s” of %(reference)s"),
    "inquiry mandate crisis reference deadline key extension until basis_hash",
)
DEADLINE_ENDED = event(
    "deadline.ended",
    _("ended the deadline “%(key)s” of %(reference)s: %(outcome)s"),
    "inquiry mandate crisis reference deadline key outcome due address posted",
)
DEADLINE_REMINDED = event(
    "deadline.reminded",
    _("reminded %(person_name)s of the deadline “%(key)s” of %(reference)s: %(stage)s"),
    "inquiry mandate crisis reference deadline key stage due person person_name mail",
)
FEED_OPENED = event("feed.opened", _("opened an own calendar feed"), "feed")
FEED_REVOKED = event("feed.revoked", _("revoked an own calendar feed"), "feed")
