from email import message_from_bytes, policy
from pathlib import Path

from django.core.mail import EmailMessage
from pytest_django import Settings

from config.mail import EmlFolderBackend


def test_mail_sent_again_is_the_same_readable_file(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "out"
    identity = {"Message-ID": "<../../etc/PN-1@example.vn>"}
    email = EmailMessage(
        "Trả lời báo chí", "Đã nhận câu hỏi.", "a@example.vn", ["b@example.vn"], headers=identity
    )

    EmlFolderBackend().send_messages([email])
    EmlFolderBackend().send_messages([email])

    (written,) = (tmp_path / "out").iterdir()
    message = message_from_bytes(written.read_bytes(), policy=policy.default)
    assert written.name == ".._.._etc_PN-1@example.vn.eml"
    assert message["Subject"] == "Trả lời báo chí"
    assert message.get_content().strip() == "Đã nhận câu hỏi."
