from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core import files
from core.actions import purging
from core.enums import Channel
from core.errors import NotFound
from core.models import Attachment, Inquiry, PendingPurge
from core.tasks import sweep_purges
from tests import factories
from tests.factories import LONG_AGO as AT


@pytest.fixture(autouse=True)
def store_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.mark.django_db(transaction=True)
def test_bytes_wait_for_the_commit_and_a_rollback_keeps_them() -> None:
    kept, gone = files.store(b"kept"), files.store(b"gone")

    with transaction.atomic():
        purging.purge_file(kept, at=AT)
        transaction.set_rollback(True)
    with transaction.atomic():
        purging.purge_file(gone, at=AT)
        assert files.read(gone) == b"gone"

    assert files.read(kept) == b"kept"
    with pytest.raises(NotFound):
        files.read(gone)
    assert not PendingPurge.objects.exists()


@pytest.mark.django_db
def test_bytes_whose_process_was_killed_after_the_commit_go_with_the_next_sweep() -> None:
    gone = files.store(b"gone")
    purging.purge_file(gone, at=AT)
    assert files.read(gone) == b"gone"

    sweep_purges()

    with pytest.raises(NotFound):
        files.read(gone)
    assert not PendingPurge.objects.exists()


@pytest.mark.django_db
def test_bytes_that_a_row_still_names_stay() -> None:
    sha256 = files.store(b"shared")
    case = factories.make_case()
    inquiry = Inquiry.objects.create(
        case=case,
        agency=case.agency,
        reference="YC-1",
        channel=Channel.EMAIL,
        received_at=AT,
        created_at=AT,
    )
    Attachment.objects.create(
        inquiry=inquiry, name="a.txt", media_type="text/plain", size=6, sha256=sha256, added_at=AT
    )
    purging.purge_file(sha256, at=AT)

    sweep_purges()

    assert files.read(sha256) == b"shared"
    assert not PendingPurge.objects.exists()


@pytest.mark.django_db
def test_bytes_that_cannot_be_removed_are_tried_again_and_hold_nothing_up(store_folder: Path) -> None:
    stuck, gone = files.store(b"stuck"), files.store(b"gone")
    path = store_folder / stuck[:2] / stuck[2:]
    path.unlink()
    path.mkdir()
    for sha256 in (stuck, gone):
        purging.purge_file(sha256, at=AT)

    sweep_purges()

    assert [row.sha256 for row in PendingPurge.objects.all()] == [stuck]
    path.rmdir()
    sweep_purges()
    assert not PendingPurge.objects.exists()


@pytest.mark.django_db
def test_a_purge_that_fails_does_not_take_the_decision_back(
    store_folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    stuck = files.store(b"stuck")
    path = store_folder / stuck[:2] / stuck[2:]
    path.unlink()
    path.mkdir()

    with django_capture_on_commit_callbacks(execute=True):
        purging.purge_file(stuck, at=AT)

    assert PendingPurge.objects.get().sha256 == stuck
