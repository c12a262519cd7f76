"""Signing with a password, registering paper, publishing, revoking, confirming."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid
from core.models import Person
from core.queries import delegations as delegation_queries
from core.queries.mandates import head_at
from core.rules import attachments
from documents.actions.issuing import EnteredNumber
from workflows.delegation.actions.filing import PaperLetter
from workflows.fields import CleanLine, Day, Instant, reason_field

from .drafting import CaseForm, DraftFields

SIGN, RETURN, REGISTER, CONFIRM, REVOKE = "sign", "return", "register", "confirm", "revoke"


class SignForm(CaseForm):
    """Sign exactly the bytes the page offered; the password proves who holds the phone."""

    pdf_sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        required=False,
        strip=False,
        help_text=gettext_lazy("Asked again for the signature. It is not kept."),
    )
    reason = reason_field(label=gettext_lazy("Why it goes back to be drafted anew"))
    action = forms.ChoiceField(choices=((SIGN, SIGN), (RETURN, RETURN)), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (
            self.signs
            and authenticate(username=self.person.get_username(), password=data.get("password", ""))
            != self.person
        ):
            self.add_error("password", _("The password is not right. Nothing was signed; try again."))
        if not self.signs and not data.get("reason", "").strip():
            self.add_error("reason", _("Give the reason."))
        return data

    @property
    def signs(self) -> bool:
        return self.data.get("action") != RETURN


class StampForm(CaseForm):
    pdf_sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    has_read = forms.BooleanField(
        label=gettext_lazy("I have opened the document and it is the signed one."),
        error_messages={"required": gettext_lazy("Open the document first, then tick this.")},
    )


class PaperFields(CaseForm):
    signed_by = forms.ModelChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Who signed"),
        error_messages={"required": gettext_lazy("Choose who signed.")},
    )
    number = forms.IntegerField(
        label=gettext_lazy("Number of the letter"),
        min_value=1,
        max_value=2_000_000_000,
        error_messages={"required": gettext_lazy("Write the number.")},
    )
    notation = CleanLine(
        label=gettext_lazy("Number and symbol"),
        limit=60,
        required=False,
        help_text=gettext_lazy("Only where it differs from the usual form, for example 05/GUQ-SNV."),
    )
    issued_on = Day(
        label=gettext_lazy("Date of the letter"),
        error_messages={"required": gettext_lazy("Write the date.")},
    )
    signed_at = Instant(
        label=gettext_lazy("Signed at, as stated"),
        help_text=gettext_lazy("The law of this instant decides. The letter counts as known only from now."),
        error_messages={"required": gettext_lazy("Say when the head signed.")},
    )
    scan = forms.FileField(
        label=gettext_lazy("Scan of the signed letter"),
        help_text=gettext_lazy("PDF, JPEG or PNG."),
        error_messages={"required": gettext_lazy("Choose the file of the scan.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["signed_by"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = delegation_queries.possible_signers(self.case.agency)
        head = head_at(self.case.agency, at=self.at)
        self.initial.setdefault("signed_by", head.person_id if head else None)

    def clean_scan(self) -> tuple[str, bytes]:
        upload = self.cleaned_data["scan"]
        data = upload.read()
        try:
            attachments.check(upload.name, data)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error
        return upload.name, data

    def paper(self) -> PaperLetter:
        given = self.cleaned_data
        entered = EnteredNumber(
            number=given["number"], issued_on=given["issued_on"], notation=given["notation"]
        )
        return PaperLetter(
            entered=entered, signed_by=given["signed_by"], signed_at=given["signed_at"], scan=given["scan"]
        )


class RegisterPaperForm(PaperFields):
    pass


class ReturnForm(CaseForm):
    reason = reason_field(label=gettext_lazy("Why it goes back to be drafted anew"))


class FilePaperForm(PaperFields, DraftFields):
    """A letter of which the system knows nothing yet: what it says, and what the paper shows."""

    def people(self) -> QuerySet[Person]:
        return delegation_queries.once_possible_delegates(self.case.agency)


class PublishForm(CaseForm):
    published_at = Instant(
        label=gettext_lazy("Published at"),
        error_messages={"required": gettext_lazy("Say when it was published.")},
    )
    address = CleanLine(label=gettext_lazy("Address of the page on the portal"), limit=500, required=False)
    is_posted = forms.BooleanField(
        label=gettext_lazy("Posted at headquarters, by a commune without a site"), required=False
    )


class RevokeForm(CaseForm):
    reason = reason_field(required=True, error_messages={"required": gettext_lazy("Give the reason.")})
    effective_from = Instant(
        label=gettext_lazy("With effect from earlier"),
        required=False,
        help_text=gettext_lazy("Empty: at once. What was said meanwhile, as known then, stays a statement."),
    )


class ConfirmForm(CaseForm):
    action = forms.ChoiceField(choices=((CONFIRM, CONFIRM), (REVOKE, REVOKE)), required=False)
    reason = reason_field(label=gettext_lazy("Why it is revoked"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("action"):
            raise forms.ValidationError(
                _("Choose whether it stays in force or is revoked. Nothing was done.")
            )
        if data["action"] == REVOKE and not data.get("reason", "").strip():
            self.add_error("reason", _("Give the reason."))
        return data


class LetterNumberForm(CaseForm):
    number = PaperFields.base_fields["number"]
    issued_on = PaperFields.base_fields["issued_on"]
    notation = PaperFields.base_fields["notation"]
