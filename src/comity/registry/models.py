"""Organisations and what ties them: facts with their sources, valid time and recorded time apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from comity.plain.actors import ActorKind, ActorRef
from comity.plain.ids import ID_LENGTH, new_id
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.time import PartialDate, Period
from comity.record.prepared import Prepared

GovernedRow = TypeVar("GovernedRow", bound="Governed")


def public_id_field() -> models.CharField[str, str]:
    """The public id every addressable row bears."""
    return models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)


@lru_cache(maxsize=8192)
def partial(text: str) -> PartialDate | None:
    """A stored partial date, or None where nobody stated one."""
    return PartialDate.parse(text) if text else None


class Standing(models.TextChoices):
    """How an outside fact is known."""

    VERIFIED = "verified"
    STATED = "stated"
    SELF_REPORTED = "self-reported"


class Source(models.Model):
    """Where facts come from: one page, data set or document, as of one day."""

    public_id = public_id_field()
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=600, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    stated_on = models.CharField(max_length=10)
    """The partial date on which the source said so."""
    standing = models.CharField(max_length=20, choices=Standing.choices, default=Standing.STATED)
    primary = models.BooleanField(default=False)
    """A document of the organisation or authority that the fact is about."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["title", "url", "stated_on", "standing", "primary"], name="one_row_per_source"
            )
        ]

    def __str__(self) -> str:
        return self.title


class RegionScheme(models.Model):
    """A dated division of the world: UN M49 with former states, or a network's own."""

    public_id = public_id_field()
    code = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    network = models.ForeignKey(
        "registry.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="region_schemes"
    )
    in_force_from = models.DateField()
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_scheme_per_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Region(models.Model):
    """An area or country of a scheme, with the years in which its code named it."""

    scheme = models.ForeignKey(RegionScheme, on_delete=models.PROTECT, related_name="regions")
    code = models.CharField(max_length=20)
    """Alpha-3 for countries (ISO 3166-1, or -3 for former ones), M49 number for areas, or the network's own."""
    alpha2 = models.CharField(max_length=2, blank=True)
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[("country", "country"), ("area", "area")])
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.CharField(max_length=10, blank=True)
    valid_to = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=300, blank=True)
    footnote = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="one_region_per_code")]
        indexes = [models.Index(fields=["code"], name="region_by_code")]

    def __str__(self) -> str:
        return self.code


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    NETWORK = "network"
    PARTY = "party"
    WING = "wing"
    THINK_TANK = "think-tank"
    FOUNDATION = "foundation"
    GROUP = "group"
    OTHER = "other"


class NetworkKind(models.TextChoices):
    """What kind of network."""

    INTERNATIONAL = "international"
    EUROPEAN_PARTY = "european-party"
    EUROPEAN_ALLIANCE = "european-alliance"
    EP_GROUP = "ep-group"
    REGIONAL = "regional"
    INTERPARLIAMENTARY = "interparliamentary"


class WingKind(models.TextChoices):
    """Whom a wing gathers."""

    YOUTH = "youth"
    WOMEN = "women"
    STUDENT = "student"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations; a listed organisation is public unless its existence is protected."""

    def in_realm(self, realm: Realm) -> Self:
        """Only the real, or only the fictional."""
        return self.filter(realm=realm)

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant."""
        return self.filter(Q(level=Level.PUBLIC) | Q(public_id=actor.organisation or None))

    def protected(self) -> Self:
        """Those of which not everybody may know: they are few, and so lists leave out what names one of them."""
        return self.filter(level__gt=Level.PUBLIC)


class Organisation(models.Model):
    """A party, a network, a wing, a think tank. Networks are organisations of that kind."""

    public_id = public_id_field()
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    network_kind = models.CharField(max_length=20, choices=NetworkKind.choices, blank=True)
    wing_kind = models.CharField(max_length=20, choices=WingKind.choices, blank=True)
    realm = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Realm])
    level = models.PositiveSmallIntegerField(default=Level.PUBLIC)
    name = models.CharField(max_length=300)
    """The name shown by default; all names with dates stand in ``Name``."""
    name_language = models.CharField(max_length=20, default="en")
    abbreviation = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=20, blank=True)
    """A region code of the scheme in force; what it is called is each network's decision."""
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    founded = models.CharField(max_length=10, blank=True)
    dissolved = models.CharField(max_length=10, blank=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT)
    time_zone = models.CharField(max_length=60, default="UTC")
    languages = models.JSONField(default=list, blank=True)
    """A network's working languages, BCP 47."""
    recorded_at = models.DateTimeField()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["realm", "kind", "name"], name="organisation_list"),
            models.Index(fields=["realm", "name", "id"], name="organisation_in_order"),
            models.Index(fields=["realm", "level", "kind", "country"], name="organisation_facets"),
            models.Index(fields=["country"], name="organisation_country"),
            models.Index(fields=["level"], name="organisation_level"),
        ]

    def __str__(self) -> str:
        return self.name


class Restatement(models.Model):
    """A fact about an organisation that a later statement replaced: what was known before stays known."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="restatements")
    field = models.CharField(max_length=30)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    source_before = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "recorded_at"], name="restatement_by_organisation")]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} -> {self.after}"


class Name(models.Model):
    """One name in one language and script, with the days it was borne."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="names")
    text = models.CharField(max_length=300)
    fold = models.CharField(max_length=300, db_index=True)
    """Lower case, without accents, other signs as one space: for search."""
    language = models.CharField(max_length=20, blank=True)
    role = models.CharField(
        max_length=20,
        choices=[(r, r) for r in ("official", "native", "abbreviation", "former", "alias")],
    )
    valid_from = models.CharField(max_length=10, blank=True)
    valid_to = models.CharField(max_length=10, blank=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()
    recorded_exactly = models.BooleanField(default=True)
    """False of names older than this column: they were recorded by that instant, and nobody kept when."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "text", "role"], name="one_row_per_name")]

    def __str__(self) -> str:
        return self.text


class Identifier(models.Model):
    """An id that another registry gave."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=30)
    """``registry-file``, ``wikidata``, ``partyfacts``, ``parlgov``, ``facts``."""
    value = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "scheme", "value"], name="one_row_per_identifier")
        ]
        indexes = [models.Index(fields=["scheme", "value"], name="identifier_lookup")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class LinkKind(models.TextChoices):
    """What ties two organisations."""

    MEMBERSHIP = "membership"
    PART = "part"
    AGREEMENT = "agreement"
    COALITION = "coalition"


class MemberClass(models.TextChoices):
    """Classes of standing in a network; which rights each has is a rule of that network."""

    FULL = "full"
    ASSOCIATE = "associate"
    OBSERVER = "observer"
    CONSULTATIVE = "consultative"
    CANDIDATE = "candidate"
    FRATERNAL = "fraternal"
    PARTNER = "partner"
    AFFILIATE = "affiliate"
    MEMBER = "member"
    """A source says "member" without a class."""
    STATED = "stated"
    """A source names the tie, without date or standing."""
    SUSPENDED = "suspended"
    EXPELLED = "expelled"
    FORMER = "former"


OUTSIDE = (MemberClass.SUSPENDED, MemberClass.EXPELLED, MemberClass.FORMER)
"""Standings that open nothing of a network, whatever they are called."""


class Link(models.Model):
    """A tie from one organisation (``subject``) to another (``object``), of one kind; its spells say how and when."""

    public_id = public_id_field()
    subject = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links_out")
    object = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    basis = models.CharField(max_length=300, blank=True)
    """The document on which it rests."""
    recorded_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    """Since when it is shown to nobody, for the safety of a party; what it opens to the two parties stays open."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "object", "kind"], name="one_link_per_pair_and_kind")]

    def __str__(self) -> str:
        return f"{self.subject_id} -> {self.object_id} ({self.kind})"


class Spell(models.Model):
    """One standing of a link during one period. Nothing is overwritten: an ended spell stays, with its reason."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="spells")
    standing = models.CharField(max_length=20, choices=MemberClass.choices)
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10, blank=True)
    ended = models.BooleanField(default=False)
    """A source says that it ended, even where no day is stated."""
    end_reason = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT)
    unverified = models.BooleanField(default=False)
    """Suspended or expelled without a dated primary source: reported by, unverified."""
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    """When a later statement about the same spell replaced this row; what was known before stays known."""

    class Meta:
        indexes = [models.Index(fields=["link", "recorded_at"], name="spell_by_link")]

    def __str__(self) -> str:
        return f"{self.standing} {self.start}..{self.end}"

    def period(self) -> Period:
        """Its valid time."""
        return Period(partial(self.start), partial(self.end), ended=self.ended)


class Lineage(models.Model):
    """One organisation follows, merges into or splits from another."""

    earlier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="later_links")
    later = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="earlier_links")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in ("succession", "merger", "split")])
    at = models.CharField(max_length=10, blank=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["earlier", "later", "kind"], name="one_row_per_lineage")]

    def __str__(self) -> str:
        return f"{self.earlier_id} -> {self.later_id}"


class NamingNote(models.Model):
    """How one network names a country or territory, with its footnote: recognition is each network's decision."""

    network = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="naming_notes")
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=200)
    footnote = models.CharField(max_length=600, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    in_force_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "code", "in_force_from"], name="one_note_per_day")]

    def __str__(self) -> str:
        return self.label


class TakenRow(models.Model):
    """A row of an import that went in, with the digest of its cells: a second run changes nothing."""

    file = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    spell = models.ForeignKey(Spell, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "key"], name="one_row_per_key")]

    def __str__(self) -> str:
        return f"{self.file} {self.key}"


class Organ(models.Model):
    """An organ of a network: congress, council, bureau."""

    public_id = public_id_field()
    network = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="organs")
    name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "name"], name="one_organ_per_name")]

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """A proposed correction of a fact about an organisation, with its source; decided or not, it stays."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=60)
    stated = models.CharField(max_length=300, blank=True)
    proposed = models.CharField(max_length=300)
    source_url = models.URLField(max_length=600)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=60, blank=True)
    """The actor that proposed it, as the record names it; empty for anybody without an account."""
    state = models.CharField(
        max_length=20, choices=[(s, s) for s in ("open", "accepted", "not-accepted")], default="open"
    )
    reason = models.CharField(max_length=600, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.field}: {self.proposed}"


class Reply(models.Model):
    """An organisation's own words about what its page says; shown wherever that is shown."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="replies")
    words = models.TextField(max_length=3000)
    language = models.CharField(max_length=20, default="en")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.words[:60]


class GovernedQuerySet(models.QuerySet[GovernedRow]):
    """Rows that a network governs. Every reading starts at ``visible_to``."""

    def in_realm(self, realm: Realm) -> Self:
        """Only the real, or only the fictional."""
        return self.filter(network__realm=realm)


class Governed(models.Model):
    """What a network governs: level, attribution and embargo stand on every row and are never inherited silently."""

    public_id = public_id_field()
    network = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Level])
    attribution = models.CharField(
        max_length=20, choices=[(a.value, a.value) for a in Attribution], default=Attribution.ORGANISATION
    )
    embargo_until = models.DateTimeField(null=True, blank=True)
    embargo_zone = models.CharField(max_length=60, default="UTC")
    """The IANA zone in which the embargo was entered, kept and shown with it."""
    originator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    safety_flag = models.BooleanField(default=False)
    review_on = models.DateField(null=True, blank=True)
    retain_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True

    def entered_as(self, at: datetime) -> Level:
        """The level of an entry of the record about it: under embargo or a safety flag it is a bare seal too."""
        if self.safety_flag:
            return Level.SEALED
        waits = self.embargo_until is not None and self.embargo_until > at
        return max(Level(self.level), Level.ORGANISATION) if waits else Level(self.level)


def spells_in_force(at: datetime) -> Q:
    """The spells that are surely in force on the day of an instant, as far as was recorded by then.

    The same answer as ``Spell.period().on(day) is IN_FORCE``, written as a condition of the query: stored dates are
    YYYY, YYYY-MM or YYYY-MM-DD, and a partial date counts only where every day it may mean agrees.
    """
    return _in_force(at, **_days(at))


def _days(at: datetime) -> dict[str, str]:
    """The day of an instant, and its month and year where these surely begin before it, or surely end after it.

    Where they do not, a sign that no date is: so the condition has one shape, whatever the day.
    """
    day = at.astimezone(UTC).date()
    tomorrow, yesterday = day + timedelta(days=1), day - timedelta(days=1)
    month, year = f"{day:%Y-%m}", f"{day:%Y}"
    return {
        "text": day.isoformat(),
        "unsure_month": month if month == f"{tomorrow:%Y-%m}" else "-",
        "unsure_year": year if year == f"{tomorrow:%Y}" else "--",
        "sure_month": month if month != f"{yesterday:%Y-%m}" else "-",
        "sure_year": year if year != f"{yesterday:%Y}" else "--",
    }


def _in_force(at: datetime, *, text: str, unsure_month: str, unsure_year: str, sure_month: str, sure_year: str) -> Q:
    begun = Q(start__gt="", start__lte=text) & ~Q(start__in=[unsure_month, unsure_year])
    still = Q(end="", ended=False) | Q(end__gte=text) | Q(end__in=[sure_month, sure_year])
    recorded = Q(recorded_at__lte=at) & (Q(replaced_at=None) | Q(replaced_at__gt=at))
    return begun & still & recorded & ~Q(standing__in=OUTSIDE)


_OWN = Prepared(
    lambda organisation: Organisation.objects.filter(public_id=organisation).values_list("pk"), organisation=str
)
_INSIDE = Prepared(
    lambda organisation, at, **days: (
        Spell.objects.filter(
            _in_force(at, **days),
            link__subject__public_id=organisation,
            link__kind__in=[LinkKind.MEMBERSHIP, LinkKind.PART],
        )
        .values_list("link__object_id")
        .distinct()
    ),
    organisation=str,
    at=datetime,
    text=str,
    unsure_month=str,
    unsure_year=str,
    sure_month=str,
    sure_year=str,
)


def inside_of(organisation: str, at: datetime) -> list[int]:
    """The organisations (their keys) inside which one is at an instant, through ties surely in force."""
    return [pk for (pk,) in _INSIDE(organisation=organisation, at=at, **_days(at))] if organisation else []


def public(at: datetime) -> Q:
    """The governed rows that anybody may read at an instant: level, embargo and safety flag all let them."""
    released = Q(embargo_until=None) | Q(embargo_until__lte=at)
    return Q(level=Level.PUBLIC, safety_flag=False) & released


def visible(actor: ActorRef, at: datetime, *, body: Q | None = None, room: Q | None = None) -> Q:
    """The rows of a governed model that a reader may see at an instant, as a condition of the query itself.

    ``body`` says whose rows at level BODY the reader shares (sub-selects only, never per row), ``room`` the same for
    ROOM and SEALED; a model without such circles passes None and then nobody but the originator sees them. NETWORK
    rows are open to the network itself and to those whose tie to it is surely in force on that day: a membership that a
    source merely states, without a date, opens nothing. A ``safety_flag`` closes a row to all but its originator. The
    operator's pages see no more than a reader's: whoever runs the machine has the database, and the pages say so.
    """
    if actor.kind is not ActorKind.SEAT or not actor.organisation:
        return public(at)
    released = Q(embargo_until=None) | Q(embargo_until__lte=at)
    own = [pk for (pk,) in _OWN(organisation=actor.organisation)]
    circle = Q(network__in=[*own, *inside_of(actor.organisation, at)])
    condition = public(at) | Q(originator__in=own, level__lte=Level.ORGANISATION)
    condition |= Q(level=Level.NETWORK, safety_flag=False) & released & circle
    if body is not None:
        condition |= Q(level=Level.BODY, safety_flag=False) & body
    if room is not None:
        condition |= Q(level__gte=Level.ROOM, safety_flag=False) & room
    return condition


class FilingQuerySet(models.QuerySet["Filing"]):
    """Filings. None is read but through the thing it files: ``registry.topics.queries`` asks who may see that."""

    def standing(self, realm: Realm, known_by: datetime) -> Self:
        """Those of a realm that stood at an instant."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=known_by), realm=realm, filed_at__lte=known_by)


class Filing(models.Model):
    """One thing under one topic. Refiled, it ends with a reason and stays."""

    realm = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Realm])
    kind = models.CharField(max_length=40)
    thing = models.CharField(max_length=ID_LENGTH)
    """The public id of the thing."""
    topic = models.CharField(max_length=40)
    """A code of ``data/topics.csv``."""
    filed_for = models.CharField(max_length=ID_LENGTH, blank=True)
    """The public id of the organisation for which somebody filed it."""
    filed_at = models.DateTimeField()
    reason = models.CharField(max_length=600, blank=True)
    """Why it was refiled under this topic; empty where the thing began under it."""
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=600, blank=True)

    objects = FilingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "thing", "topic"], condition=Q(ended_at=None), name="filed_once_under_a_topic"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "thing"], name="filing_by_thing"),
            models.Index(fields=["topic", "kind"], name="filing_by_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.thing} under {self.topic}"


class SearchKey(models.Model):
    """A name as it is searched, in Latin letters; only names of organisations that everyone may see stand here.

    So nothing that is counted or cut off over these rows can tell of an organisation that a reader may not see.
    """

    name = models.ForeignKey(Name, on_delete=models.PROTECT, related_name="search_keys")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="search_keys")
    key = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="one_row_per_search_key")]

    def __str__(self) -> str:
        return self.key


class SearchGram(models.Model):
    """One trigram of one key, beside the key's length: those of like length are read without the others."""

    pk = models.CompositePrimaryKey("gram", "length", "key_id")
    gram = models.IntegerField()
    """``registry.core.search.grams_of``; those of the fiction follow those of the real realm."""
    length = models.SmallIntegerField()
    key = models.ForeignKey(
        SearchKey, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )

    def __str__(self) -> str:
        return f"{self.gram}: {self.key_id}"


class SearchCount(models.Model):
    """How many keys of one length have a trigram: the rare ones are read first."""

    pk = models.CompositePrimaryKey("gram", "length")
    gram = models.IntegerField()
    length = models.SmallIntegerField()
    keys = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.gram}: {self.keys}"
