"""Rules and rights as JSON."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refusals import BadInput
from comity.registry.edges import network_named, organ_named
from comity.rules import queries, words
from comity.rules.core import Right
from comity.rules.kinds import RULE
from comity.rules.models import RuleVersion

router = Router()


class ArticleOut(Schema):
    """One article."""

    article: str
    text: str
    language: str


class RuleOut(Schema):
    """One version of a rule."""

    fictional: bool
    id: str
    address: str
    network: str
    organ: str
    kind: str
    title: str
    number: int
    adopted_by: str
    adopted_on: date
    in_force_from: date
    in_force_until: date | None
    review_by: date | None
    sha256: str
    prose: list[ArticleOut]
    parameters: dict[str, Any]


class RulesOut(Schema):
    """A network's rules on a day."""

    fictional: bool
    id: str
    on: date
    rules: list[RuleOut]


class ClassOut(Schema):
    """What one class may do, and why it has a vote or none."""

    member_class: str
    may: list[str]
    must: list[str]
    article: str
    vote: bool
    reason: str


class RightsOut(Schema):
    """Who may do what in an organ on a day."""

    fictional: bool
    id: str
    on: date
    organ: str
    rule: str
    classes: list[ClassOut]


def rule_out(version: RuleVersion, place: Place) -> dict[str, Any]:
    """One version as JSON."""
    document = version.document
    return {
        "fictional": document.network.realm == Realm.FICTION,
        "id": version.public_id,
        "address": RULE.address(version, place.language),
        "network": document.network.public_id,
        "organ": document.organ.public_id if document.organ else "",
        "kind": document.kind,
        "title": document.title,
        "number": version.number,
        "adopted_by": version.adopted_by,
        "adopted_on": version.adopted_on,
        "in_force_from": version.in_force_from,
        "in_force_until": version.in_force_until_known(place.known_by),
        "review_by": version.review_by,
        "sha256": version.sha256,
        "prose": version.prose,
        "parameters": version.parameters,
    }


@router.get("/networks/{public_id}/rules", response=RulesOut, summary="A network's rules on a day")
def network_rules(request: HttpRequest, public_id: str, on: date | None = None) -> dict[str, Any]:
    """The version of each rule document in force on the day, as recorded by then."""
    place = place_of(request)
    network = network_named(place, public_id)
    rows = queries.rules_in_force(network, place.as_of, place.known_by)
    return {
        "fictional": place.realm is Realm.FICTION,
        "id": network.public_id,
        "on": place.as_of,
        "rules": [rule_out(row.version, place) for row in rows],
    }


@router.get("/networks/{public_id}/rights", response=RightsOut, summary="Who may do what in an organ on a day")
def network_rights(request: HttpRequest, public_id: str, organ: str = "", on: date | None = None) -> dict[str, Any]:
    """Rights by class of membership, each with the reason why it has a vote or none."""
    place = place_of(request)
    network = network_named(place, public_id)
    chosen = organ_named(network, organ)
    matrix = queries.matrix_on(network, place.as_of, chosen, known_by=place.known_by)
    if matrix is None:
        raise NoRightsStated(network=network.name, on=place.as_of.isoformat())
    return {
        "fictional": place.realm is Realm.FICTION,
        "id": network.public_id,
        "on": place.as_of,
        "organ": organ,
        "rule": matrix.version.public_id,
        "classes": [
            {
                "member_class": row.member_class,
                "may": [str(right) for right in Right if right in row.may],
                "must": list(row.must),
                "article": row.article,
                "vote": Right.VOTE in row.may,
                "reason": words.reason(matrix.may(row.member_class, Right.VOTE)),
            }
            for row in matrix.rows
        ],
    }


@router.get("/rules/{public_id}", response=RuleOut, summary="One version of a rule")
def rule(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """One version of a rule, with its articles and parameters."""
    place = place_of(request)
    version: RuleVersion = RULE.one_of(RULE.seen(place), public_id)
    return rule_out(version, place)


class NoRightsStated(BadInput):
    """No rule in force on that day says who may do what; the network's secretariat can enter one."""

    code = "no-rights-stated"
    status = 404
