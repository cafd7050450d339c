"""The things of this room: the agreement of two parties and the coalition of many; the acts they put on desks."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _in_words
from django.utils.translation import gettext_lazy as _

from comity.agreements import sheet
from comity.agreements.models import Adhesion, Agreement, AgreementQuerySet, Coalition, CoalitionQuerySet
from comity.files.circles import take_files
from comity.people.desk import Act, offer
from comity.people.models import Role
from comity.plain.actors import ActorRef
from comity.plain.blocks import block_on
from comity.plain.findings import tell
from comity.plain.kinds import Exit, Kind, called, declare
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.thread import Stage
from comity.plain.topics import BY_HAND
from comity.registry.edges import here

EXITS = frozenset(
    {
        *(Exit.PAGE, Exit.LIST, Exit.API, Exit.EXPORT, Exit.SEARCH, Exit.SUGGESTION, Exit.FEED, Exit.THREAD),
        *(Exit.SITEMAP, Exit.PREVIEW, Exit.METADATA),
    }
)
SPEAKING = frozenset({Role.OFFICER, Role.HEAD})


def _agreements(actor: ActorRef, at: datetime, realm: Realm) -> AgreementQuerySet:
    rows = Agreement.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related("network", "originator", "counterpart")


def _coalitions(actor: ActorRef, at: datetime, realm: Realm) -> CoalitionQuerySet:
    return Coalition.objects.visible_to(actor, at).in_realm(realm).select_related("network", "originator")


def _days_of(row: Agreement) -> tuple[date, date]:
    return row.starts, row.expires or row.starts


AGREEMENT = declare(
    Kind(
        name="agreement",
        model=Agreement,
        title=lambda row: row.title,
        visible=_agreements,
        realm_of=lambda row: row.realm,
        exits=EXITS,
        stage=Stage.MEET,
        dated=_days_of,
        line=("title", "language", "starts", "expires", "originator__realm"),
        filed=BY_HAND,
        language_of=lambda row: row.language,
    )
)
COALITION = declare(
    Kind(
        name="coalition",
        model=Coalition,
        title=lambda row: row.title,
        visible=_coalitions,
        realm_of=lambda row: row.realm,
        exits=EXITS,
        stage=Stage.MEET,
        dated=lambda row: (row.starts, row.until or row.starts),
        line=("title", "language", "starts", "until", "originator__realm"),
        filed=BY_HAND,
        language_of=lambda row: row.language,
    )
)


def _agreed_by(actor: ActorRef, at: datetime) -> "QuerySet[Agreement, str]":
    asked = actor.organisation
    own = Agreement.objects.filter(
        Q(originator__public_id=asked) | Q(counterpart__public_id=asked), recorded_at__lte=at
    )
    return own.values_list("public_id", flat=True)


def _joined_by(actor: ActorRef, at: datetime) -> "QuerySet[Coalition, str]":
    own = Coalition.objects.filter(adhesions__organisation__public_id=actor.organisation, adhesions__at__lte=at)
    return own.values_list("public_id", flat=True)


take_files("agreement", _agreed_by)
take_files("coalition", _joined_by)
offer(Act(_("Propose an agreement to another party"), lambda place, seat: here(place, "agreement-new"), SPEAKING))
offer(Act(_("Found a coalition on an issue"), lambda place, seat: here(place, "coalition-new"), SPEAKING))
block_on("organisation", sheet.ON_ORGANISATION, Agreement, Adhesion)


def _agreement_told(row: Agreement, place: Place) -> str:
    one, other = (called(party, place).words for party in row.parties)
    told = {"one": one, "other": other, "standing": sheet.sheet_of(row, place).told}
    return _in_words("Between %(one)s and %(other)s. %(standing)s") % told


def _coalition_told(row: Coalition, place: Place) -> str:
    told = sheet.gathering_of(row, place)
    words = {"who": called(told.convenor, place).words, "standing": told.told}
    return _in_words("A coalition convened by %(who)s. %(standing)s") % words


tell("agreement", _agreement_told)
tell("coalition", _coalition_told)
