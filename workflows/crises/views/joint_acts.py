"""The acts on a joint matter: record it, link one's own crisis, propose, agree or object, put it to the heads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions
from core.enums import Codename
from core.errors import NotFound
from core.models import Agency, Crisis
from workflows.act_page import ActPage
from workflows.crises.views.joint import matter_or_404
from workflows.crisis import permissions as crisis_permissions
from workflows.crisis.actions import joint as acts
from workflows.crisis.actions import joint_outside
from workflows.crisis.forms import joint as forms
from workflows.crisis.models import JointMatter, JointText
from workflows.crisis.queries import joint
from workflows.crisis.rules import content
from workflows.crisis.rules import joint as rules


class AboutCrisis(ActPage):
    """An act on one's own crisis that concerns a joint matter."""

    template_name = "workflows/crises/joint_act.html"
    codename = Codename.AGREE_CONTENT
    crisis: Crisis
    matter: JointMatter | None = None

    def find(self, pk: int) -> None:
        rows = Crisis.objects.select_related("agency", "case__agency", "duty", "provision")
        crisis = rows.filter(pk=pk).first()
        if crisis is None:
            raise NotFound(_("There is no such crisis, or it is not open to you."))
        permissions.check_can_see(self.person, crisis.case, at=self.at)
        self.crisis = crisis

    @property
    def agency(self) -> Agency:
        return self.crisis.agency

    def check_situation(self) -> None:
        acts.check_can_be_linked(self.crisis)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"crisis": self.crisis}

    def get_success_url(self) -> str:
        return reverse("joint_matter", args=[self.matter.pk]) if self.matter else self.back_url

    @property
    def back_url(self) -> str:
        return reverse("case", args=[self.crisis.case_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "crisis": self.crisis,
            "eyebrow": self.crisis.reference,
            "back_url": self.back_url,
        }


class OpenMatter(AboutCrisis):
    form_class = forms.OpenMatterForm
    title = gettext_lazy("Record a joint matter")
    lead = gettext_lazy(
        "An incident of two or more ministries or provinces: the lead that the Government assigned speaks, after "
        "agreeing the content with the others. The other agencies see the matter, not your case."
    )
    submit = gettext_lazy("Record the joint matter")
    done_message = gettext_lazy(
        "Recorded. The lead proposes the text; the others agree or object by paragraph."
    )

    def perform(self, form: Any) -> None:
        self.matter = acts.open_matter(crisis=self.crisis, assigned=form.assigned(), by=self.person)


class LinkMatter(AboutCrisis):
    form_class = forms.LinkForm
    title = gettext_lazy("Link the crisis to a joint matter")
    lead = gettext_lazy(
        "Another agency recorded the matter already. Once linked, only its lead speaks on this crisis, with the text "
        "that all agreed to."
    )
    submit = gettext_lazy("Link it")
    done_message = gettext_lazy("Linked.")

    def perform(self, form: Any) -> None:
        matter = form.cleaned_data["matter"]
        acts.link(matter=matter, crisis=self.crisis, by=self.person)
        self.matter = matter


class OnMatter(ActPage):
    """An act on a joint matter, on a page of its own."""

    template_name = "workflows/crises/joint_act.html"
    codename = Codename.AGREE_CONTENT
    matter: JointMatter

    def find(self, pk: int) -> None:
        self.matter = matter_or_404(self, pk)

    @property
    def agency(self) -> Agency:
        return self.matter.lead

    def get_success_url(self) -> str:
        return reverse("joint_matter", args=[self.matter.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "matter": self.matter,
            "eyebrow": self.matter.title,
            "back_url": self.get_success_url(),
        }


class ProposeText(OnMatter):
    form_class = forms.ProposeForm
    title = gettext_lazy("Propose the text")
    lead = gettext_lazy("A new version takes nothing back of an earlier one: what was agreed stays agreed.")
    submit = gettext_lazy("Propose this version")
    done_message = gettext_lazy("Proposed. The other agencies agree or object by paragraph.")

    def check_right(self) -> None:
        crisis_permissions.check_may_propose(self.person, self.matter, at=self.at)

    def get_initial(self) -> dict[str, Any]:
        latest = self.matter.texts.order_by("-number").first()
        text = content.as_text(latest.paragraphs) if latest else ""
        return {**super().get_initial(), "text": text}

    def perform(self, form: Any) -> None:
        acts.propose(matter=self.matter, text=form.cleaned_data["text"], by=self.person)


class ForAgency(OnMatter):
    """An act for one of the agencies of the matter, which the address names."""

    own: Agency

    def find(self, pk: int) -> None:
        super().find(pk)
        agencies = joint.taking_part(self.matter, at=self.at)
        found = next((agency for agency in agencies if agency.pk == self.kwargs["agency"]), None)
        if found is None:
            raise NotFound(_("There is no such joint matter, or it is not open to you."))
        self.own = found

    @property
    def agency(self) -> Agency:
        return self.own


class GiveVoice(ForAgency):
    """Agree to a version, or object to paragraphs of it."""

    template_name = "workflows/crises/joint_voice.html"
    form_class = forms.VoiceForm
    title = gettext_lazy("Agree or object")
    lead = gettext_lazy("Your agency's last word on this version counts.")
    submit = gettext_lazy("Agree to this version")
    text: JointText

    def find(self, pk: int) -> None:
        super().find(pk)
        texts = [text for text in self.matter.texts.all() if text.number == self.kwargs["number"]]
        if not texts:
            raise NotFound(_("There is no such version of the text."))
        (self.text,) = texts

    def check_right(self) -> None:
        crisis_permissions.check_may_voice(self.person, self.matter, agency=self.own, at=self.at)

    def check_situation(self) -> None:
        acts.check_unspoken(self.text)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"text": self.text}

    @property
    def objects(self) -> bool:
        return self.request.POST.get("action") == "object"

    def perform(self, form: Any) -> None:
        objections = form.objections()
        if self.objects:
            acts.object_to(text=self.text, agency=self.own, objections=objections, by=self.person)
        else:
            acts.check_nothing_typed(objections)
            acts.agree(text=self.text, agency=self.own, by=self.person)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        paragraphs = list(zip(self.text.paragraphs, context["form"].rows(), strict=True))
        return context | {"text": self.text, "own": self.own, "paragraphs": paragraphs}


class RecordVoice(GiveVoice):
    """Write down for the lead what one of the others said of a version on paper or on the phone."""

    form_class = forms.RecordVoiceForm
    title = gettext_lazy("Record what the agency said")
    lead = gettext_lazy(
        "What it said of this version on paper or on the phone. The decision trail says that you recorded it for the "
        "lead."
    )
    submit = gettext_lazy("Record that it agrees")
    done_message = gettext_lazy("Recorded as received by the lead.")

    @property
    def agency(self) -> Agency:
        return self.matter.lead

    def check_right(self) -> None:
        crisis_permissions.check_may_record_voice(self.person, self.matter, agency=self.own, at=self.at)

    def check_situation(self) -> None:
        super().check_situation()
        joint_outside.check_speaks_not_here(self.text, self.own, at=self.at)

    def perform(self, form: Any) -> None:
        objections = form.objections()
        if self.objects:
            rules.check_objections(objections, paragraphs=len(self.text.paragraphs))
        else:
            acts.check_nothing_typed(objections)
        said = replace(form.said(self.own), objections=objections)
        joint_outside.write_down(text=self.text, said=said, by=self.person)


class PutToHeads(ForAgency):
    form_class = forms.DeadlockForm
    title = gettext_lazy("Put it to the heads")
    lead = gettext_lazy(
        "The agencies cannot agree. From here on only their heads propose, agree and object. This is not taken back."
    )
    submit = gettext_lazy("Put it to the heads")
    done_message = gettext_lazy("Put to the heads, who are told by mail; from here on they alone agree.")

    def check_situation(self) -> None:
        acts.check_can_be_deadlocked(self.matter)

    def perform(self, form: Any) -> None:
        acts.put_to_heads(
            matter=self.matter, agency=self.own, reason=form.cleaned_data["reason"], by=self.person
        )
