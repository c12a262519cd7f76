"""Which mails a notice sends back; a delay, a vacation notice or a forwarded mail sends none."""

import pytest

from core.rules import bounces

NOTICE = """\
From: MAILER-DAEMON@mail.example
To: bao.chi@snv.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report_type}; boundary="b"

--b
Content-Type: text/plain

I could not deliver your message.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; truc@bo-x.example
Action: {action}
Status: 5.1.1
--b
Content-Type: {returned}

From: bao.chi@snv.example
Message-ID: <abc@snv.example>
Subject: x

--b--
"""


def notice(
    *, report_type: str = "delivery-status", action: str = "failed", returned: str = "message/rfc822"
) -> bytes:
    return NOTICE.format(report_type=report_type, action=action, returned=returned).encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize("action", ["failed", "Failed"])
def test_a_failure_names_the_mail_it_sends_back(returned: str, action: str) -> None:
    assert bounces.returned_ids(notice(returned=returned, action=action)) == ("<abc@snv.example>",)


@pytest.mark.parametrize(
    "raw",
    [
        notice(action="delayed"),
        notice(action="relayed"),
        notice(report_type="disposition-notification"),
        notice(returned="text/plain"),
        b"",
        b"\xff\x00\xfe",
        b"Subject: x\nMessage-ID: <abc@snv.example>\n\nAction: failed\n",
        notice()[:200],
    ],
)
def test_what_is_no_failure_sends_nothing_back(raw: bytes) -> None:
    assert bounces.returned_ids(raw) == ()
