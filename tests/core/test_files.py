import hashlib
from pathlib import Path
from threading import Thread

import pytest
from pytest_django import Settings

from core import files
from core.errors import NotFound


@pytest.fixture(autouse=True)
def store_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def path_of(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256[2:]


def test_what_is_stored_is_read_back_under_its_hash() -> None:
    sha256 = files.store("Phúc đáp".encode())

    assert sha256 == hashlib.sha256("Phúc đáp".encode()).hexdigest()
    assert files.read(sha256) == "Phúc đáp".encode()


def test_the_file_is_not_readable_by_others(store_folder: Path) -> None:
    sha256 = files.store(b"%PDF")

    assert path_of(store_folder, sha256).stat().st_mode & 0o777 == 0o640


def test_storing_again_leaves_the_one_file_alone(store_folder: Path) -> None:
    sha256 = files.store(b"same")
    before = path_of(store_folder, sha256).stat().st_mtime_ns

    assert files.store(b"same") == sha256
    assert path_of(store_folder, sha256).stat().st_mtime_ns == before
    assert [path for path in store_folder.rglob("*") if path.is_file()] == [path_of(store_folder, sha256)]


def test_a_damaged_file_is_refused_and_storing_it_again_heals_it(store_folder: Path) -> None:
    sha256 = files.store(b"whole")
    path_of(store_folder, sha256).write_bytes(b"holes")

    with pytest.raises(NotFound, match=r"is damaged.*restore the file from a backup"):
        files.read(sha256)
    files.store(b"whole")
    assert files.read(sha256) == b"whole"


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63 + "/"])
def test_what_is_no_stored_hash_is_not_found(name: str) -> None:
    with pytest.raises(NotFound, match="purged or never stored"):
        files.read(name)
    assert not files.purge(name)


def test_a_purged_file_is_gone() -> None:
    sha256 = files.store(b"secret")

    assert files.purge(sha256)
    assert not files.purge(sha256)
    with pytest.raises(NotFound):
        files.read(sha256)


def test_two_writers_of_the_same_bytes_leave_one_whole_file(store_folder: Path) -> None:
    data = b"x" * 2_000_000
    writers = [Thread(target=files.store, args=(data,)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert files.read(hashlib.sha256(data).hexdigest()) == data
    assert len([path for path in store_folder.rglob("*") if path.is_file()]) == 1
