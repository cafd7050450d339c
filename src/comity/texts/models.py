"""Joint texts and everything that travels with them: versions, amendments, adoption, dissent, boards' answers.

Nothing here holds a state: what a text, an amendment or a signature is on a day follows from dated acts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comity.decisions.models import Decision
from comity.plain.actors import ActorKind, ActorRef
from comity.plain.ids import ID_LENGTH
from comity.plain.levels import Realm
from comity.plain.refusals import Refusal
from comity.registry.models import Governed, GovernedQuerySet, Organisation, Standing, public_id_field, visible
from comity.texts.core.clauses import Clause, ClauseKind

SHA256 = 64
PermanentRow = TypeVar("PermanentRow", bound="Permanent")


class SignatureStands(Refusal):
    """A signature was given on a day and stays so; a party that stands behind it no more withdraws it with a reason."""

    code = "signature-stands"


class DissentStands(Refusal):
    """What a party has said of a text stands with it; nobody can change it or take it off, the secretariat included."""

    code = "dissent-stands"


class TextKind(models.TextChoices):
    """What a joint text is."""

    DECLARATION = "declaration", _("Joint declaration")
    RESOLUTION = "resolution", _("Resolution")
    STATEMENT = "statement", _("Joint statement")
    PROPOSAL = "proposal", _("Proposal")
    AGREEMENT = "agreement", _("Agreement")


class TextQuerySet(GovernedQuerySet["Text"]):
    """Texts. Every reading starts at ``visible_to``."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant; what a party has signed its own seats go on seeing."""
        seen = visible(actor, at)
        if actor.kind is ActorKind.SEAT and actor.organisation:
            signed = PartySignature.objects.filter(organisation__public_id=actor.organisation, at__lte=at)
            seen |= Q(pk__in=signed.values("text"), safety_flag=False)
        return self.filter(seen, recorded_at__lte=at)


class Text(Governed):
    """A joint text, from its first draft on."""

    title = models.CharField(max_length=300)
    language = models.CharField(max_length=20)
    """The language it is drafted in; amendments are to these words."""
    authentic = models.JSONField(default=list)
    """Languages whose versions bind equally, the drafting language among them."""
    kind = models.CharField(max_length=20, choices=TextKind.choices)

    objects = TextQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["network", "-recorded_at"], name="text_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def realm(self) -> Realm:
        """The realm of the network that governs it."""
        return Realm(self.network.realm)


class TextVersion(models.Model):
    """One version: numbered, hashed, never altered."""

    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=SHA256)
    note = models.CharField(max_length=300, blank=True)
    """Why it differs from the one before, in the drafters' words."""
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="one_version_per_number")]
        ordering = ["text", "number"]

    def __str__(self) -> str:
        return f"{self.text_id} version {self.number}"

    def clauses(self) -> tuple[Clause, ...]:
        """Its clauses as the algebra takes them."""
        fetched = "blocks" in getattr(self, "_prefetched_objects_cache", {})
        blocks = self.blocks.all() if fetched else self.blocks.prefetch_related("addressees")
        return tuple(block.clause() for block in blocks)


class Block(models.Model):
    """One clause of one version."""

    version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="blocks")
    uuid = models.CharField(max_length=36)
    """Stays the same through all versions."""
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in ClauseKind])
    label = models.CharField(max_length=20, blank=True)
    """Its number as printed."""
    words = models.TextField()
    due = models.DateField(null=True, blank=True)
    addressees = models.ManyToManyField(Organisation, blank=True, related_name="+")
    """To whom a promise is addressed; none means every party."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "uuid"], name="one_block_per_uuid"),
            models.UniqueConstraint(fields=["version", "order"], name="one_block_per_place"),
            models.CheckConstraint(
                condition=~Q(kind=ClauseKind.PROMISE.value) | Q(due__isnull=False), name="promise_has_a_day"
            ),
        ]
        ordering = ["version", "order"]

    def __str__(self) -> str:
        return f"{self.label} {self.words[:40]}"

    def clause(self) -> Clause:
        """The clause as the algebra takes it."""
        named = tuple(sorted(organisation.public_id for organisation in self.addressees.all()))
        return Clause(self.uuid, ClauseKind(self.kind), self.label, self.words, self.due, named)


class Citation(models.Model):
    """Where a statement of a clause comes from, set after its words: an outside source, or a thing of ours."""

    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="citations")
    number = models.PositiveIntegerField(null=True)
    """As printed; none for a link to a thing of ours or for "no data"."""
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=600, blank=True)
    stated_on = models.CharField(max_length=10, blank=True)
    standing = models.CharField(
        max_length=20, choices=[*Standing.choices, ("no-data", "no data"), ("internal", "a thing of this house")]
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    """Tokens of the clause that it supports; the mark stands after them."""
    thing = models.CharField(max_length=60, blank=True)
    """``kind:id`` of a thing of ours."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(end__gte=F("start")), name="citation_after_its_words")]
        ordering = ["block", "end", "id"]

    def __str__(self) -> str:
        return self.title


class Translation(models.Model):
    """The words of a clause, of a title or of a dissent in another language, with the digest of what was translated."""

    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="translations")
    of = models.CharField(max_length=60)
    """``title``, ``block:{uuid}`` or ``dissent:{id}``."""
    language = models.CharField(max_length=20)
    words = models.TextField()
    effect = models.CharField(max_length=300, blank=True)
    spans = models.JSONField(default=dict, blank=True)
    """Where marks stand in these words: ``{"a": [start, end], "2": [start, end]}`` by letter or number."""
    source_sha256 = models.CharField(max_length=SHA256)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["text", "language"], name="translation_by_language")]

    def __str__(self) -> str:
        return f"{self.of} ({self.language})"


class AmendmentQuerySet(GovernedQuerySet["Amendment"]):
    """Amendments. Every reading starts at ``visible_to``."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant: the amendment and the text that it amends."""
        texts = Text.objects.visible_to(actor, at).values("id")
        return self.filter(visible(actor, at), text__in=texts, recorded_at__lte=at)


class Amendment(Governed):
    """A proposal to change a version, as operations on its spans. ``originator`` is its sponsor."""

    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="amendments")
    version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="amendments")
    """The version that its spans count in."""
    number = models.PositiveIntegerField()
    operations = models.JSONField()
    reason = models.TextField(max_length=2000, blank=True)
    language = models.CharField(max_length=20)
    decision = models.OneToOneField(Decision, null=True, on_delete=models.PROTECT, related_name="amendment")
    merged_into = models.ForeignKey(TextVersion, null=True, on_delete=models.PROTECT, related_name="merged")
    merged_as = models.CharField(max_length=300, blank=True)
    """How it was taken up, e.g. "compromise with amendment 5"."""
    not_put_at = models.DateTimeField(null=True)
    not_put_because = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="one_amendment_per_number"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(not_put_at=None) & Q(withdrawn_at=None)),
                name="merged_or_left_aside",
            ),
        ]
        ordering = ["text", "number"]

    @property
    def title_at_vote(self) -> str:
        """The title of the decision that takes it up, unless somebody wrote another."""
        return f"Amendment {self.number} to “{self.text.title}”"

    def __str__(self) -> str:
        return f"amendment {self.number}"


class Poll(models.Model):
    """A text put to the vote: which version, in which decision."""

    version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="polls")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="poll")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"vote on {self.version}"


class Adoption(models.Model):
    """The text was adopted, in exactly this version, by exactly this decision."""

    public_id = public_id_field()
    text = models.OneToOneField(Text, on_delete=models.PROTECT, related_name="adoption")
    version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="adoption")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"adoption of {self.text}"


class Permanent(models.Model):
    """A row that is written once: no save, update or delete reaches it again."""

    stands: ClassVar[type[Refusal]] = DissentStands
    """What says no to whoever tries."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it; refuse to write it twice."""
        if self.pk is not None:
            raise self.stands(about=str(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise self.stands(about=str(self))


class PermanentQuerySet(models.QuerySet[PermanentRow]):
    """Rows that nobody changes or deletes in bulk either."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise self.model.stands(about=self.model.__name__)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise self.model.stands(about=self.model.__name__)


class DissentKind(models.TextChoices):
    """The forms in which a party says that it does not stand behind all of a text, or why."""

    RESERVATION = "reservation", _("Reservation")
    MINORITY_STATEMENT = "minority-statement", _("Minority statement")
    EXPLANATION = "explanation-of-vote", _("Explanation of vote")
    ABSTENTION = "abstention-reason", _("Reason for abstaining")
    NON_PARTICIPATION = "non-participation", _("Reason for not taking part")


class Dissent(Permanent):
    """A party's own words about a version of a text, on a clause or on the whole; it travels with the text for ever."""

    public_id = public_id_field()
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="dissent")
    version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="dissent")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="dissent")
    kind = models.CharField(max_length=20, choices=DissentKind.choices)
    block_uuid = models.CharField(max_length=36, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    letter = models.CharField(max_length=3, blank=True)
    """The mark under which the phrase and the words find each other."""
    words = models.TextField(max_length=6000)
    language = models.CharField(max_length=20)
    effect = models.CharField(max_length=300, blank=True)
    """Legal effect in one line, as the party states it."""
    at = models.DateTimeField()

    objects = PermanentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="reservation") | ~Q(block_uuid=""), name="reservation_names_its_clause"
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__isnull=False, end__gt=F("start")), name="dissent_span"
            ),
        ]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id}"


class AdReferendum(Permanent):
    """A delegation agreed subject to its board: until the board answers, the clauses named do not bind its party."""

    public_id = public_id_field()
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="ad_referendum")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ad_referendum")
    article = models.CharField(max_length=200, blank=True)
    """The party's own rule that requires its board."""
    board_meets = models.DateField(null=True)
    clauses = models.JSONField(default=list)
    """Identifiers of the clauses that await the board; none means the whole text."""
    words = models.TextField(max_length=6000)
    language = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects = PermanentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["adoption", "organisation"], name="one_board_awaited_per_party")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.organisation_id} ad referendum"


class BoardAnswer(Permanent):
    """What the board said."""

    public_id = public_id_field()
    awaited = models.OneToOneField(AdReferendum, on_delete=models.PROTECT, related_name="answer")
    agrees = models.BooleanField()
    words = models.TextField(max_length=6000, blank=True)
    language = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects = PermanentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"answer to {self.awaited_id}"


class SignOff(models.Model):
    """A version of a joint statement put before parties for signature; while it stands the text has no new version."""

    version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="sign_offs")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    """When it went back into negotiation."""

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"sign-off of {self.version}"


class Publication(models.Model):
    """From which minute a signed statement is public; the entry that everybody reads is written once it has come."""

    sign_off = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="publication")
    at = models.DateTimeField()
    set_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"publication of {self.sign_off_id}"


class PartySignature(Permanent):
    """A party signed exactly these words. The signature itself lies in the record."""

    public_id = public_id_field()
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="signatures")
    version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="text_signatures")
    signature = models.CharField(max_length=ID_LENGTH)
    """The public id of the signature in the record."""
    paper_sha256 = models.CharField(max_length=SHA256)
    """Of the words signed: the version with what stood beside it then."""
    ad_referendum = models.BooleanField(default=False)
    """Signed subject to the party's board: it does not bind before the board has agreed."""
    board_meets = models.DateField(null=True)
    at = models.DateTimeField()

    objects = PermanentQuerySet.as_manager()
    stands: ClassVar[type[Refusal]] = SignatureStands

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"signature of {self.organisation_id}"


class SignatureAnswer(Permanent):
    """What the board of a party said of a signature given ad referendum."""

    signature = models.OneToOneField(PartySignature, on_delete=models.PROTECT, related_name="answer")
    agrees = models.BooleanField()
    words = models.TextField(max_length=6000, blank=True)
    language = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects = PermanentQuerySet.as_manager()
    stands: ClassVar[type[Refusal]] = SignatureStands

    def __str__(self) -> str:
        return f"answer on {self.signature_id}"


class SignatureWithdrawal(Permanent):
    """A party withdrew its signature: its name is struck from that day on, and stays."""

    signature = models.OneToOneField(PartySignature, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField(max_length=6000)
    language = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects = PermanentQuerySet.as_manager()
    stands: ClassVar[type[Refusal]] = SignatureStands

    def __str__(self) -> str:
        return f"withdrawal of {self.signature_id}"
