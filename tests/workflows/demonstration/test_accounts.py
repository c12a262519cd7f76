from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from core.models import Person


@pytest.mark.usefixtures("demonstration")
def test_the_accounts_shown_sign_in_with_the_password_shown() -> None:
    shown = StringIO()

    call_command("demo_accounts", stdout=shown)

    head = Person.objects.get(username="mau.giamdoc")
    assert "shown-to-all" in shown.getvalue()
    assert "mau.giamdoc" in shown.getvalue()
    assert head.check_password("shown-to-all")
