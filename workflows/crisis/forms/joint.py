"""What is recorded of a joint matter, proposed as its text, and said of that text by paragraph."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Crisis
from core.rules.deadlines import local_day
from workflows.crisis.actions.joint import OBJECTION_LIMIT, PAPER_LIMIT, TITLE_LIMIT, Assigned
from workflows.crisis.actions.joint_outside import NAME_LIMIT, PHONE_LIMIT, POST_LIMIT, Said
from workflows.crisis.models import JointMatter, JointText
from workflows.crisis.queries import joint
from workflows.crisis.rules.content import TEXT_LIMIT
from workflows.crisis.rules.joint import LEADS
from workflows.fields import CleanLine, CleanText, Day, Instant, Rows, reason_field
from workflows.forms import HELP, NEEDED, ActForm

PARAGRAPH = "paragraph_"


class OpenMatterForm(ActForm):
    use_required_attribute = False

    title = CleanLine(
        label=_("What the matter is"),
        limit=TITLE_LIMIT,
        help_text=_("The other agencies read it."),
        error_messages={"required": _("Write what the matter is.")},
    )
    lead = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("The lead"),
        help_text=_("A ministry or a provincial people's committee; a department is never the lead."),
        error_messages={"required": _("Choose the lead."), "invalid_choice": _("This agency cannot lead.")},
    )
    parties = Rows(
        Agency.objects.none(),
        label=_("The other agencies"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whose agreement is needed. Your own agency is among them or is the lead."),
        error_messages={"required": _("Name at least one other agency.")},
    )
    assigned_by = CleanLine(
        label=_("Paper of the Government that assigned the lead"),
        limit=PAPER_LIMIT,
        help_text=_("Number, symbol and issuer."),
        error_messages={"required": _("Write number and issuer of the paper.")},
    )
    assigned_on = Day(label=_("Date of that paper"), error_messages={"required": _("Write the date.")})

    def __init__(self, *args: Any, crisis: Crisis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        existing = Agency.objects.at(local_day(self.at)).order_by("name")
        self._offer("lead", existing.filter(kind__in=LEADS))
        self._offer("parties", existing)
        self.initial.setdefault("title", crisis.title)

    def _offer(self, name: str, agencies: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField | Rows)
        field.queryset = agencies

    def assigned(self) -> Assigned:
        given = self.cleaned_data
        return Assigned(
            title=given["title"], lead=given["lead"], parties=list(given["parties"]),
            assigned_by=given["assigned_by"], assigned_on=given["assigned_on"],
        )  # fmt: skip


class LinkForm(ActForm):
    use_required_attribute = False

    matter = forms.ModelChoiceField(
        JointMatter.objects.none(),
        label=_("Joint matter"),
        help_text=_("Those in which your agency is the lead or one of the others."),
        error_messages={"required": _("Choose the joint matter.")},
    )

    def __init__(self, *args: Any, crisis: Crisis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["matter"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = joint.linkable(crisis, at=self.at)


class ProposeForm(ActForm):
    use_required_attribute = False

    text = CleanText(
        label=_("The text"),
        limit=TEXT_LIMIT,
        rows=14,
        help_text=_(
            "A blank line parts paragraphs; the others agree or object to each. A version is never changed."
        ),
        error_messages={"required": _("Write the text.")},
    )


class VoiceForm(ActForm):
    """A field for each paragraph; what is left empty is not objected to."""

    use_required_attribute = False

    def __init__(self, *args: Any, text: JointText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, _words in enumerate(text.paragraphs, 1):
            self.fields[f"{PARAGRAPH}{number}"] = CleanText(
                label=_("Objection to paragraph %(number)s") % {"number": number},
                limit=OBJECTION_LIMIT,
                rows=2,
                required=False,
            )

    def objections(self) -> dict[int, str]:
        return {
            int(name.removeprefix(PARAGRAPH)): words
            for name, words in self.cleaned_data.items()
            if name.startswith(PARAGRAPH) and words
        }

    def rows(self) -> list[forms.BoundField]:
        """The fields in the order of the paragraphs."""
        return [field for field in self.visible_fields() if field.name.startswith(PARAGRAPH)]

    def others(self) -> list[forms.BoundField]:
        """What is asked besides the paragraphs."""
        return [field for field in self.visible_fields() if not field.name.startswith(PARAGRAPH)]


class RecordVoiceForm(VoiceForm):
    """Who said it for the agency, when, and by which paper or call; then as where an agency speaks for itself."""

    name = CleanLine(
        label=_("Full name"), limit=NAME_LIMIT, error_messages={"required": _("Write who said it.")}
    )
    post = CleanLine(label=_("Post"), limit=POST_LIMIT, error_messages={"required": _("Write the post.")})
    is_head = forms.BooleanField(label=_("It is the word of the head of that agency"), required=False)
    given_at = Instant(label=_("Said at"), error_messages={"required": _("Say when.")})
    paper = CleanLine(
        label=_("Number and symbol of the paper"),
        limit=PAPER_LIMIT,
        required=False,
        help_text=_("Where it came on paper."),
    )
    phone = CleanLine(
        label=_("Number of the call"),
        limit=PHONE_LIMIT,
        required=False,
        help_text=_("Where it came by phone. The trail keeps a digest of it alone."),
    )

    def said(self, agency: Agency) -> Said:
        given = self.cleaned_data
        return Said(
            agency=agency, name=given["name"], post=given["post"], given_at=given["given_at"], paper=given["paper"],
            phone=given["phone"], is_head=given["is_head"],
        )  # fmt: skip


class DeadlockForm(ActForm):
    use_required_attribute = False

    reason = reason_field(
        label=_("On what you cannot agree"), required=True, help_text=HELP, error_messages=NEEDED
    )
