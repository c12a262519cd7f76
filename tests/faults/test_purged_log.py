"""What was purged is not readable in the database's own log either."""

from pathlib import Path

import pytest
from django.db import connection

from core.enums import Competence
from tests.walk import Walk
from workflows.press_inquiry.actions.triaging import Finding

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "Phương án XYZ-TUYETMAT-91"


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL's log is among the backups cleaned by hand"
)
def test_the_text_is_gone_from_the_bytes_of_the_database_and_its_log(walk: Walk) -> None:
    walk.questions = (SECRET, "Bao giờ?")
    walk.to("triage")
    database = Path(connection.settings_dict["NAME"])
    files = [database, database.with_name(f"{database.name}-wal")]
    assert any(SECRET.encode() in file.read_bytes() for file in files if file.exists())

    walk.triage(
        findings={
            1: Finding(competence=Competence.STATE_SECRET, told="PA03", backups="Không có"),
            2: Finding(competence=Competence.OURS),
        },
        neutral_subject="Ngoài hệ thống",
    )

    assert not any(SECRET.encode() in file.read_bytes() for file in files if file.exists())
