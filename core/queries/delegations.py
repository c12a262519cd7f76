"""What decides whether a delegation may be given: the law and local rules of an instant, posts, other delegations."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from core.enums import PostKind
from core.models import Agency, LocalRule, Person, Post, RuleKey
from core.queries import law
from core.queries import mandates as mandate_queries
from core.rules import mandates as mandate_rules
from core.rules.deadlines import local_day
from core.rules.delegations import Delegate, Regime

TO = "delegation_to"
WHEN = "delegation_when"
RESPONSIBLE = "responsible_posts"
LONGEST = "delegation_term"
BACKDATED = "delegation_backdating"
TYPES = "speaker_types"
CITED = ("delegation_to", "delegation_form", "delegation_onward")


def regime(agency: Agency, *, at: datetime) -> Regime:
    """Raises NoRuleSet, UnknownRule or UnknownDuty where the law of the day is not on record."""
    on = local_day(at)

    def local(code: str) -> LocalRule | None:
        key = RuleKey.objects.filter(code=code).first()
        return law.local_rule(key, agency=agency, on=on) if key else None

    return Regime(
        rule_set=law.rule_set(on),
        to=law.rule_value(law.rule_key(TO), agency=agency, on=on),
        when=law.rule_value(law.rule_key(WHEN), agency=agency, on=on),
        local_to=local(TO),
        local_when=local(WHEN),
        responsible=local(RESPONSIBLE),
        longest=local(LONGEST),
        backdated=local(BACKDATED),
    )


def delegate(person: Person, *, agency: Agency, at: datetime) -> Delegate:
    """Whom the letter would name, as he stands at the instant."""
    return Delegate(
        person=person,
        posts=list(mandate_queries.posts_of(person, agency=agency, at=at)),
        is_closed=mandate_rules.is_closed(mandate_queries.closures_of([person])[person.pk], at=at),
    )


def possible_delegates(agency: Agency, *, at: datetime) -> QuerySet[Person]:
    """Everybody with a post in the agency and an open account, but the head."""
    head = mandate_queries.head_at(agency, at=at)
    posts = Post.objects.at(at).filter(agency=agency)
    people = Person.objects.filter(is_active=True, pk__in=posts.values("person"))
    if head is not None:
        people = people.exclude(pk=head.person_id)
    return people.order_by("full_name", "pk")


def once_possible_delegates(agency: Agency) -> QuerySet[Person]:
    """Everybody who ever held a post in the agency other than the head's, also who has left or whose account is closed.

    A letter signed on paper may name any of them; the rule decides by the instant of its signing.
    """
    posts = Post.objects.filter(agency=agency).exclude(kind=PostKind.HEAD)
    return Person.objects.filter(pk__in=posts.values("person")).order_by("full_name", "pk")


def post_titles(agency: Agency, *, at: datetime) -> dict[int, str]:
    """By person, in one query: the posts held in the agency at the instant, or else the last one held or to come."""
    titles: dict[int, list[str]] = {}
    last: dict[int, str] = {}
    for post in Post.objects.filter(agency=agency).order_by("valid_from", "pk"):
        last[post.person_id] = post.title
        if post.covers(at):
            titles.setdefault(post.person_id, []).append(post.title)
    return {person: "; ".join(titles.get(person, [title])) for person, title in last.items()}


def possible_signers(agency: Agency) -> QuerySet[Person]:
    """Whoever held a post in the agency at some time; whether as its head, the instant of signing says."""
    return Person.objects.filter(pk__in=Post.objects.filter(agency=agency).values("person")).order_by(
        "full_name"
    )


def bases(agency: Agency, *, at: datetime) -> tuple[str, ...]:
    """What a letter cites: the provisions on form, delegate and onward delegation, and the agency's stricter rules."""
    on = local_day(at)
    legal = [law.rule_value(law.rule_key(code), agency=agency, on=on) for code in CITED]
    local = [law.local_rule(law.rule_key(code), agency=agency, on=on) for code in (TO, WHEN)]
    cited = [rule.provision.citation_in_full for rule in legal] + [rule.citation for rule in local if rule]
    return tuple(dict.fromkeys(cited))
