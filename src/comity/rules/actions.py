"""Entering a rule: one more dated version, with the organ that adopted it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from comity.plain.actors import ActorRef, require
from comity.plain.languages import CODES
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.record import actions as record
from comity.registry.core.names import require_honest
from comity.registry.models import NetworkKind, Organ, Organisation, OrganisationKind
from comity.rules import access, core
from comity.rules.models import RuleDocument, RuleKind, RuleVersion


class NotARuleMaker(Refusal):
    """Rules belong to a network; other organisations have none here."""

    code = "not-a-rule-maker"


class OrganOfAnotherNetwork(Refusal):
    """A network rules its own organs only."""

    code = "organ-of-another-network"


class RuleBeforeItsAdoption(Refusal):
    """A rule comes into force on the day of its adoption or later."""

    code = "rule-before-its-adoption"
    status = 422


class RuleOutOfOrder(Refusal):
    """A new version comes into force after every earlier one; what was in force stays as it was."""

    code = "rule-out-of-order"


class VotesForNobody(Refusal):
    """A votes key gives votes to organisations of the same realm, by public id."""

    code = "votes-for-nobody"
    status = 422


class OnlyInternationalsAreExclusive(BadInput):
    """Only an international may rule that its members belong to no other one; other networks are joined beside it."""

    code = "only-internationals-are-exclusive"


class RulesNotSpelledOut(BadInput):
    """A rule has prose for people: at least one article, each with its number and its text."""

    code = "rules-not-spelled-out"


@transaction.atomic
def adopt_rules(
    *,
    network: Organisation,
    organ: Organ | None = None,
    kind: str,
    title: str,
    prose: Sequence[Mapping[str, str]],
    parameters: Mapping[str, Any],
    adopted_by: str,
    adopted_on: date,
    in_force_from: date,
    review_by: date | None = None,
    by: ActorRef,
    at: datetime,
) -> RuleVersion:
    """Enter a version of a rule that an organ adopted; it closes the one before on the eve of its first day."""
    require(access.may_adopt(by, network, at))
    _check_place(network, organ)
    _check_days(adopted_on, in_force_from, review_by)
    _check_named(kind, title, adopted_by)
    articles = _articles(prose)
    _check_parameters(network, kind, parameters)
    document = _document(network, organ, kind, title, at)
    last = document.versions.order_by("-in_force_from").first()
    if last is not None and in_force_from <= last.in_force_from:
        raise RuleOutOfOrder(in_force_from=str(in_force_from), version=last.number, since=str(last.in_force_from))
    version = RuleVersion.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        prose=articles,
        parameters=parameters,
        sha256=core.fingerprint(articles, parameters),
        adopted_by=adopted_by,
        adopted_on=adopted_on,
        in_force_from=in_force_from,
        review_by=review_by,
        recorded_at=at,
    )
    _enter(version, last, by, at)
    return version


def _enter(version: RuleVersion, last: RuleVersion | None, by: ActorRef, at: datetime) -> None:
    document = version.document
    record.append(
        "rules.adopted",
        realm=Realm(document.network.realm),
        subject=Ref("rule", version.public_id),
        by=by,
        at=at,
        facts={
            "kind": document.kind,
            "network": document.network.public_id,
            "organ": document.organ.public_id if document.organ else "",
            "number": version.number,
            "sha256": version.sha256,
            "adopted_on": version.adopted_on.isoformat(),
            "in_force_from": version.in_force_from.isoformat(),
        },
        because=[Ref("rule", last.public_id)] if last else [],
    )


def _document(network: Organisation, organ: Organ | None, kind: str, title: str, at: datetime) -> RuleDocument:
    document, _new = RuleDocument.objects.get_or_create(
        network=network, organ=organ, kind=kind, defaults={"title": title.strip(), "recorded_at": at}
    )
    return document


def _check_place(network: Organisation, organ: Organ | None) -> None:
    if network.kind != OrganisationKind.NETWORK:
        raise NotARuleMaker(organisation=network.name)
    if organ is not None and organ.network_id != network.pk:
        raise OrganOfAnotherNetwork(organ=organ.name, network=network.name)


def _check_days(adopted_on: date, in_force_from: date, review_by: date | None) -> None:
    if in_force_from < adopted_on:
        raise RuleBeforeItsAdoption(field="in_force_from", adopted_on=str(adopted_on), in_force_from=str(in_force_from))
    if review_by is not None and review_by <= in_force_from:
        remedy = "name a day after it comes into force"
        raise BadInput(field="review_by", value=str(review_by), remedy=remedy)


def _check_named(kind: str, title: str, adopted_by: str) -> None:
    if kind not in RuleKind.values:
        raise BadInput(field="kind", value=kind, remedy=f"use one of {', '.join(RuleKind.values)}")
    if not title.strip():
        raise BadInput(field="title", value=title, remedy="name the document, e.g. Standing orders of the congress")
    require_honest(title, "title", longest=200)
    if not adopted_by.strip():
        raise BadInput(field="adopted_by", value=adopted_by, remedy="name the organ that adopted it, e.g. 8th Congress")
    require_honest(adopted_by, "adopted_by", longest=200)


def _articles(prose: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    articles = []
    for place, article in enumerate(prose, start=1):
        if not article.get("article", "").strip() or not article.get("text", "").strip():
            raise RulesNotSpelledOut(
                field="prose", article=place, remedy="give the number and the text of each article"
            )
        language = article.get("language", "en")
        if not language.replace("-", "").isalnum():
            raise RulesNotSpelledOut(field="prose", article=place, language=language, remedy=f"e.g. {', '.join(CODES)}")
        articles.append({"article": article["article"].strip(), "text": article["text"].strip(), "language": language})
    if not articles:
        raise RulesNotSpelledOut(field="prose", remedy="write at least one article")
    if len({article["article"] for article in articles}) < len(articles):
        raise RulesNotSpelledOut(field="prose", remedy="give each article its own number")
    return articles


def _check_parameters(network: Organisation, kind: str, parameters: Mapping[str, Any]) -> None:
    core.refuse_fractions(parameters)
    if kind != RuleKind.VOTES_KEY:
        rules = core.parse_parameters(parameters)
        if kind == RuleKind.RIGHTS and not rules.rights:
            raise core.UnreadableRule(where="rights", what="no class has rights", remedy="name at least one class")
        if rules.exclusive is not None and network.network_kind != NetworkKind.INTERNATIONAL:
            raise OnlyInternationalsAreExclusive(field="parameters", network=network.name)
        return
    key = core.parse_votes_key(parameters)
    known = set(
        Organisation.objects.in_realm(Realm(network.realm))
        .filter(public_id__in=list(key.allocations))
        .values_list("public_id", flat=True)
    )
    if unknown := sorted(set(key.allocations) - known):
        raise VotesForNobody(field="parameters", organisation=unknown[0])
