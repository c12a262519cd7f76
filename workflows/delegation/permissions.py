"""In which situation an act of this procedure is possible: the button asks the same as the act."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import permissions
from core.errors import Refused
from core.models import Case, Mandate, Person


def check_can_report(person: Person, case: Case, *, at: datetime) -> Mandate:
    """Who reports being unable to speak may speak, and is not the head (Decree 244/2026 art 3.4)."""
    mandate = permissions.check_may_speak(person, agency=case.agency, case=case, form=None, at=at)
    if mandate.post_id is not None:
        raise Refused(_("The head reports to nobody here: delegate somebody at once."))
    return mandate
