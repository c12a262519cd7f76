"""Mandates to speak, what ends them, and in what capacity somebody signs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MandateKind(TextChoices):
    EX_OFFICIO = "ex_officio", _("Head, ex officio")
    STANDING = "standing", _("Standing spokesperson")
    DELEGATED = "delegated", _("Delegated")


class MandateEndCause(TextChoices):
    """What ended a mandate before its term; the end of its term is no act and leaves no row."""

    POST_ENDED = "post_ended", _("The post ended")
    DECISION_ENDED = "decision_ended", _("The assignment ended")
    REVOKED = "revoked", _("Revoked")
    CASE_CLOSED = "case_closed", _("The case was closed")
    LEFT_POST = "left_post", _("The delegate left the post")


class Circumstance(TextChoices):
    """Why the head does not speak himself; the law or a local rule may allow only some of them."""

    HEAD_UNABLE = "head_unable", _("The head cannot speak")
    UNEXPECTEDLY_BUSY = "unexpectedly_busy", _("The head is unexpectedly busy")
    ASSIGNED = "assigned", _("The head gives the matter to the delegate")


class LateResult(TextChoices):
    """What speech outside the system was, judged at its own instant with what was known then. Final."""

    STATEMENT = "statement", _("Statement, recorded late")
    PERSONAL = "personal", _("Information given by an individual, not the agency's official view")


class Capacity(TextChoices):
    """In what capacity a person signs (Decree 30/2020 art 13); another grant than a mandate to speak."""

    DIRECT = "DIRECT", _("Head, in his own right")
    TM = "TM", _("On behalf of the collective (TM.)")
    Q = "Q", _("Acting head (Q.)")
    KT = "KT", _("Deputy for the head (KT.)")
    TL = "TL", _("By order (TL.)")
    TUQ = "TUQ", _("By delegated authority (TUQ.)")
