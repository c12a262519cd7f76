"""A department staffed since January 2026, so under both laws, and the hand that makes and publishes mandates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group

from core.actions import deadlines, mandates, people
from core.actions.mandates import Letter
from core.enums import AgencyKind, Circumstance, PostKind, Role, Secrecy
from core.models import Agency, Case, Deadline, Mandate, Person, RoleAssignment
from core.queries import deadlines as queries
from core.rules.delegations import Proposal
from tests import factories
from tests.desk import at
from tests.law import load_law
from tests.walk import load_roles

PAGE = "https://snv.example/nguoi-phat-ngon"


@dataclass
class Bureau:
    """Each method is one act, done by the right person unless told otherwise."""

    agency: Agency
    case: Case
    head: Person
    deputy: Person
    contact: Person
    clerk: Person
    chief: Person
    auditor: Person
    bystander: Person
    stranger: Person

    def delegate(self, signed: str, *, known: str = "", number: str = "12/GUQ-SNV", **given: Any) -> Mandate:
        """The head delegates the deputy, for two days unless told otherwise; on paper where it is known later."""
        signed_at = at(signed)
        facts: dict[str, Any] = {
            "case": self.case,
            "to": self.deputy,
            "valid_from": signed_at,
            "valid_until": signed_at + timedelta(days=2),
            "circumstance": Circumstance.HEAD_UNABLE,
            "reason": "Giám đốc đi công tác.",
            "overlap_note": "x",
        }
        letter = Letter(number=number, on=signed_at.date(), signed_at=signed_at, is_on_paper=bool(known))
        return mandates.delegate(
            proposal=Proposal(**{**facts, **given}), letter=letter, signed_by=self.head, by=self.head,
            at=at(known) if known else signed_at,
        )  # fmt: skip

    def assign(self, dated: str, *, now: str = "", number: str = "128/QĐ-SNV", **given: Any) -> Mandate:
        """The deputy becomes standing spokesperson by a decision of a day."""
        begun = at(f"{dated}T00:00")
        return mandates.assign_standing_spokesperson(
            person=self.deputy, agency=self.agency, document_number=number, document_date=begun.date(),
            valid_from=begun, by=self.head, at=at(now) if now else begun + timedelta(hours=12), **given,
        )  # fmt: skip

    def publish(self, deadline: Deadline, when: str | datetime, **given: Any) -> None:
        published_at = at(when) if isinstance(when, str) else when
        facts: dict[str, Any] = {"address": PAGE, "by": self.contact, "at": published_at, **given}
        deadlines.publish(deadline=deadline, published_at=published_at, **facts)
        deadline.refresh_from_db()

    def restrict(self) -> None:
        self.case.secrecy = Secrecy.RESTRICTED
        self.case.save()

    def counted(self) -> tuple[int, int, int]:
        """Legal deadlines of 2026 met, done late and overdue at its end."""
        found = queries.legal_statistics(
            self.agency, since=at("2026-01-01T00:00"), until=at("2027-01-01T00:00"), at=at("2026-12-31T12:00")
        )
        return found.met, found.late, found.overdue


def one(mandate: Mandate) -> Deadline:
    return mandate.deadlines.get()


def make_bureau(*, code: str = "SNV-B", kind: AgencyKind = AgencyKind.DEPARTMENT) -> Bureau:
    load_law()
    load_roles()
    agency = factories.make_agency(code=code, kind=kind)
    other = factories.make_agency(code=f"{code}-OTHER")

    def person(name: str, *roles: Role, kind: PostKind = PostKind.STAFF, where: Agency = agency) -> Person:
        made = factories.make_person(
            username=f"{code}.{name}".lower(),
            full_name=f"{name.title()} of {code}",
            email=f"{name}@{code.lower()}.example",
        )
        if kind == PostKind.HEAD:
            people.appoint(
                person=made, agency=where, kind=kind, title="Giám đốc", valid_from=factories.LONG_AGO, by=None,
                at=factories.LONG_AGO,
            )  # fmt: skip
        else:
            factories.make_post(person=made, agency=where, kind=kind)
        RoleAssignment.objects.bulk_create(
            RoleAssignment(
                person=made, group=Group.objects.get(name=role), agency=where, valid_from=factories.LONG_AGO
            )
            for role in roles
        )
        return made

    return Bureau(
        agency=agency,
        case=factories.make_case(agency=agency, title="Vụ việc kín tiếng"),
        head=person("head", Role.HEAD, kind=PostKind.HEAD),
        deputy=person("deputy", kind=PostKind.DEPUTY_RUNNING),
        contact=person("contact", Role.PRESS_CONTACT),
        clerk=person("clerk", Role.CLERK),
        chief=person("chief", Role.CHIEF_OF_OFFICE),
        auditor=person("auditor", Role.AUDITOR),
        bystander=person("bystander", Role.SPECIALIST),
        stranger=person("stranger", *Role, where=other),
    )
