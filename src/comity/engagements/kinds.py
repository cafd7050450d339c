"""The things of this room: the engagement, first stage of the thread, and the contact note, never public; its acts."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _in_words
from django.utils.translation import gettext_lazy as _

from comity.engagements.actions import erase_report
from comity.engagements.models import ContactNote, ContactNoteQuerySet, Engagement, EngagementQuerySet, Participation
from comity.files.circles import take_files
from comity.people.desk import Act, offer
from comity.people.models import Role
from comity.plain.actors import SYSTEM, ActorRef
from comity.plain.findings import tell
from comity.plain.kinds import Exit, Kind, called, declare
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.thread import Stage
from comity.plain.topics import BY_HAND, not_filed
from comity.record.core.jcs import Json
from comity.record.restored import repeats
from comity.registry.dates import day_in_words, span_in_words
from comity.registry.edges import here


def _visible(actor: ActorRef, at: datetime, realm: Realm) -> EngagementQuerySet:
    rows = Engagement.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related("network", "originator")


def _days(engagement: Engagement) -> tuple[date, date]:
    return engagement.first_day, engagement.last_day


ENGAGEMENT = declare(
    Kind(
        name="engagement",
        model=Engagement,
        title=lambda row: row.title,
        visible=_visible,
        realm_of=lambda row: row.realm,
        exits=frozenset(
            {
                *(Exit.PAGE, Exit.LIST, Exit.API, Exit.SEARCH, Exit.SUGGESTION, Exit.FEED, Exit.THREAD),
                *(Exit.SITEMAP, Exit.PREVIEW, Exit.METADATA),
            }
        ),
        stage=Stage.MEET,
        dated=_days,
        line=("title", "language", "starts", "ends", "zone", "network__realm"),
        language_of=lambda row: row.language,
        filed=BY_HAND,
    )
)


def _contacts(actor: ActorRef, at: datetime, realm: Realm) -> ContactNoteQuerySet:
    rows = ContactNote.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related("network", "originator", "counterpart")


def _contact_title(note: ContactNote) -> str:
    return _in_words("Contact of %(day)s") % {"day": day_in_words(note.spoken_on)}


CONTACT = declare(
    Kind(
        name="contact",
        model=ContactNote,
        title=_contact_title,
        visible=_contacts,
        realm_of=lambda row: row.realm,
        exits=frozenset({Exit.PAGE}),
        titled=False,
        line=("spoken_on", "network__realm"),
        filed=not_filed("A contact note is never public."),
    )
)

offer(Act(_("Note an informal contact"), lambda place, seat: here(place, "contact-new")))


def _where_it_takes_part(actor: ActorRef, at: datetime) -> "QuerySet[Participation, str]":
    own = Participation.objects.filter(organisation__public_id=actor.organisation, registered_at__lte=at)
    return own.values_list("engagement__public_id", flat=True)


take_files("engagement", _where_it_takes_part)

offer(
    Act(
        _("Convene a meeting"),
        lambda place, seat: here(place, "engagement-new"),
        frozenset({Role.OFFICER, Role.HEAD, Role.SECRETARIAT}),
    )
)


def _engagement_told(engagement: Engagement, place: Place) -> str:
    told = {
        "kind": engagement.get_kind_display(),
        "days": span_in_words(*_days(engagement)),
        "where": engagement.place,
        "who": called(engagement.originator, place).words,
    }
    return _in_words("%(kind)s, %(days)s, %(where)s; convened by %(who)s.") % told


tell("engagement", _engagement_told)


def _erase_report_again(ref: Ref, _erased: Mapping[str, Json], at: datetime) -> None:
    for engagement in Engagement.objects.filter(public_id=ref.id):
        erase_report(engagement, by=SYSTEM, at=at)


repeats("engagements.reported", _erase_report_again)
