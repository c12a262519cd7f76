"""The database itself keeps a version from its approval on; a draft may change and go."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from core.models import Topic
from tests.workflows.crisis.walk import make_playbook
from workflows.crisis.models import PlaybookSign, PlaybookVersion

pytestmark = pytest.mark.django_db
VERSION, SIGN, STEP, LINE, TOPICS = (
    f"workflows_{name}"
    for name in ("playbookversion", "playbooksign", "playbookstep", "reportline", "playbookversion_topics")
)
CHANGES = {
    VERSION: (
        "title = 'khác'", "number = 9", "level = 3", "description = 'khác'", "approved_by_name = 'khác'",
        "approved_at = NULL", "approved_at = '2020-01-01'", "valid_from = '2020-01-01'", "change = 'khác'",
        "playbook_id = playbook_id + 1", "valid_until = NULL", "valid_until = '2031-01-01'",
    ),
    SIGN: ("text = 'khác'", "number = 9"),
    STEP: ("what = 'khác'", "minutes = 9", "part = 'head'", "after = '[]'", "min_level = 3"),
    LINE: ("minutes = 9", "part = 'police'"),
    TOPICS: ("topic_id = topic_id + 1",),
}  # fmt: skip


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "written once" in str(error)
    return False


@pytest.fixture
def version() -> PlaybookVersion:
    """An approved version with a topic, whose end is settled."""
    version = make_playbook(signs=("Đề thi lan truyền",), topics=("T-1",))
    PlaybookVersion.objects.filter(pk=version.pk).update(valid_until="2030-01-01")
    connection.check_constraints()
    return version


def test_what_was_approved_is_neither_changed_nor_removed_nor_added_to(version: PlaybookVersion) -> None:
    attacks = [f"UPDATE {table} SET {change}" for table, changes in CHANGES.items() for change in changes]  # noqa: S608
    attacks += [f"DELETE FROM {table}" for table in CHANGES]  # noqa: S608
    attacks += [
        f"INSERT INTO {SIGN} (version_id, number, text) VALUES ({version.pk}, 7, 'thêm')",  # noqa: S608
        f"INSERT INTO {LINE} (version_id, number, part, min_level, minutes) VALUES ({version.pk}, 7, 'police', 1, 5)",  # noqa: S608
        f"INSERT INTO {TOPICS} (playbookversion_id, topic_id) VALUES ({version.pk}, 9999)",  # noqa: S608
    ]
    if connection.vendor == "postgresql":
        attacks += [f"TRUNCATE {table} CASCADE" for table in CHANGES]
    else:
        attacks += [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608
            for table in CHANGES
        ]

    assert [sql for sql in attacks if not refused(sql)] == []


def test_a_draft_may_change_and_go_but_no_row_moves_into_an_approved_version(
    version: PlaybookVersion,
) -> None:
    draft = PlaybookVersion.objects.create(
        playbook=version.playbook, number=2, title="Bản mới", level=1, written_at=version.written_at
    )
    draft.topics.set(Topic.objects.all())
    sign = PlaybookSign.objects.create(version=draft, number=1, text="Dấu hiệu")
    assert refused(f"UPDATE {SIGN} SET version_id = {version.pk}, number = 9 WHERE id = {sign.pk}")  # noqa: S608

    sign.text = "Dấu hiệu khác"
    sign.save()
    draft.title = "Bản mới hơn"
    draft.save()
    draft.topics.clear()
    draft.delete()

    assert list(PlaybookVersion.objects.all()) == [version]
