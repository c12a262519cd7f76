"""What is said in a crisis, from the draft to the act of speaking."""

from django.utils.translation import gettext_lazy as _

from .registry import event

ABOUT = "crisis reference drill statement number"

CRISIS_STATEMENT_OPENED = event(
    "crisis_statement.opened", _("opened statement %(number)s on %(reference)s"), f"{ABOUT} form initial"
)
CRISIS_STATEMENT_DRAFTED = event(
    "crisis_statement.drafted",
    _("drafted statement %(number)s on %(reference)s, version %(version)s"),
    f"{ABOUT} version_id version form text_hash",
)
CRISIS_STATEMENT_CLEARED = event(
    "crisis_statement.cleared",
    _("cleared statement %(number)s on %(reference)s, version %(version)s"),
    f"{ABOUT} version_id version form text_hash",
)
CRISIS_STATEMENT_RETURNED = event(
    "crisis_statement.returned",
    _("sent statement %(number)s on %(reference)s, version %(version)s, back to be drafted anew"),
    f"{ABOUT} version_id version form text_hash step",
)
CRISIS_STATEMENT_RELEASED = event(
    "crisis_statement.released",
    _("released statement %(number)s on %(reference)s"),
    f"{ABOUT} version_id version form text_hash ledger mandate address initial late joint_text",
)
CRISIS_STATEMENT_GIVEN_UP = event(
    "crisis_statement.given_up", _("gave up statement %(number)s on %(reference)s"), ABOUT
)
