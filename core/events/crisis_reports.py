"""Reports upward and beside, who acknowledged them, the ladder, directions that came back."""

from django.utils.translation import gettext_lazy as _

from .registry import event

ABOUT = "crisis reference drill"
OF_DISPATCH = f"{ABOUT} report dispatch recipient recipient_name"

CRISIS_REPORT_PREPARED = event(
    "crisis_report.prepared",
    _("prepared report %(number)s of %(reference)s"),
    f"{ABOUT} report number kind level recipients left_out text_hash",
)
CRISIS_REPORT_SENT = event(
    "crisis_report.sent",
    _("sent report %(number)s of %(reference)s to %(recipient_name)s"),
    f"{OF_DISPATCH} number means paper due rungs",
)
CRISIS_REPORT_DELIVERED = event(
    "crisis_report.delivered",
    _("saw report %(number)s of %(reference)s delivered to %(recipient_name)s"),
    f"{OF_DISPATCH} number how",
)
CRISIS_REPORT_BOUNCED = event(
    "crisis_report.bounced",
    _("got report %(number)s of %(reference)s to %(recipient_name)s back"),
    f"{OF_DISPATCH} number mail",
)
CRISIS_REPORT_REPLIED = event(
    "crisis_report.replied",
    _(
        "kept a mail that answers report %(number)s of %(reference)s to %(recipient_name)s; its sender is not "
        "verified and it confirms nothing"
    ),
    f"{OF_DISPATCH} number mail reply raw_sha256 told",
)
CRISIS_REPORT_AUTO_REPLIED = event(
    "crisis_report.auto_replied",
    _(
        "kept an automatic mail that answers report %(number)s of %(reference)s to %(recipient_name)s; a machine "
        "wrote it and it confirms nothing"
    ),
    f"{OF_DISPATCH} number mail reply raw_sha256",
)
CRISIS_REPORT_ACKNOWLEDGED = event(
    "crisis_report.acknowledged",
    _("recorded that %(recipient_name)s acknowledged report %(number)s of %(reference)s"),
    f"{OF_DISPATCH} number acknowledgement means name post first",
    personal="phone",
)
CRISIS_REPORT_GIVEN_UP = event(
    "crisis_report.given_up",
    _("gave up waiting for %(recipient_name)s to acknowledge report %(number)s of %(reference)s"),
    f"{OF_DISPATCH} number",
)
CRISIS_REPORT_OVER_HEAD = event(
    "crisis_report.over_head",
    _("reported %(reference)s over the head of %(passed_over)s to %(recipient_name)s"),
    f"{OF_DISPATCH} number passed_over",
)
CRISIS_REPORT_RUNG_CLIMBED = event(
    "crisis_report.rung_climbed",
    _("climbed rung %(rung)s for report %(number)s of %(reference)s to %(recipient_name)s: %(kind)s"),
    f"{OF_DISPATCH} number rung kind due contact told step reached",
)
CRISIS_REPORT_DIRECTION_RECEIVED = event(
    "crisis_report.direction_received",
    _("recorded a direction of %(from_name)s on %(reference)s"),
    f"{OF_DISPATCH} number direction from_name from_post step text_hash",
)
CRISIS_REPORT_PAPER_OPENED = event(
    "crisis_report.paper_opened",
    _(
        "took up the %(kind)s that follows report %(number)s of %(reference)s, to be signed by %(signer_name)s"
    ),
    f"{ABOUT} report number paper kind signer signer_name opens_at",
)
CRISIS_REPORT_PAPER_BOUNCED = event(
    "crisis_report.paper_bounced",
    _("got the %(kind)s that follows report %(number)s of %(reference)s back from %(recipient_name)s"),
    f"{OF_DISPATCH} number paper kind mail sent_again",
)
