"""What people write into the registry, in the order in which they are asked."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comity.plain.languages import LANGUAGES
from comity.registry.actions import LONGEST_REPLY
from comity.registry.core.names import fold
from comity.registry.edges import HouseForm
from comity.registry.models import (
    LinkKind,
    MemberClass,
    Name,
    NetworkKind,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    WingKind,
)
from comity.registry.words import FIELDS, KINDS, LINK_KINDS, NETWORK_KINDS, STANDINGS, WING_KINDS

PARTIAL = _("YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source; empty when nobody has stated it.")
NAMED = _("One of its names, or its public id.")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TONGUES = [(language.code, language.name) for language in LANGUAGES]


class OrganisationNamed(forms.CharField):
    """An organisation, given by one of its names, or by its public id where several bear the name."""

    seen: OrganisationQuerySet | None = None
    """The organisations that the writer may see; the view sets it."""

    def clean(self, value: object) -> Organisation | None:
        """The one organisation meant."""
        text = super().clean(value)
        if not text:
            return None
        assert self.seen is not None
        meant = Q(public_id=text) | Q(pk__in=Name.objects.filter(fold=fold(text)).values("organisation_id"))
        found = list(self.seen.filter(meant).order_by("name", "id")[:6])
        if not found:
            raise forms.ValidationError(_("No organisation here bears this name or id. Write it as on its page."))
        if len(found) > 1:
            told = "; ".join(f"{row.name} {row.country}: {row.public_id}" for row in found)
            raise forms.ValidationError(_("Several bear this name; give the id instead: %(told)s") % {"told": told})
        return found[0]


class CorrectionForm(HouseForm):
    """A correction anyone may propose, with its source."""

    field = forms.ChoiceField(label=_("What is not right"), choices=list(FIELDS.items()))
    proposed = forms.CharField(
        label=_("What it should say"), max_length=300, help_text=_("A fact that the source below states.")
    )
    source_url = forms.URLField(
        label=_("Address of the source"),
        max_length=600,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}),
        help_text=_("A page or document that anyone can read. Without one a correction cannot be checked."),
    )


class DecideForm(HouseForm):
    """Accepted or not; both stand in the history, with the reason."""

    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("Accept: the fact is stated anew")), ("refuse", _("Do not accept: both sides stand"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason, shown to everyone"), max_length=600)


class ReplyForm(HouseForm):
    """An organisation's own words."""

    words = forms.CharField(
        label=_("Your organisation's words"),
        max_length=LONGEST_REPLY,
        widget=forms.Textarea,
        help_text=_(
            "Shown to everyone wherever the page they answer is shown; they cannot be taken back, only followed."
        ),
    )
    language = forms.ChoiceField(label=_("Language of these words"), choices=TONGUES)


class SourceForm(HouseForm):
    """Where a fact comes from; fields are left empty only in the fiction and for a network's own acts."""

    source_title = forms.CharField(
        label=_("Source"), max_length=300, required=False, help_text=_("Title of the document or page.")
    )
    source_url = forms.URLField(label=_("Address of the source"), max_length=600, required=False, assume_scheme="https")
    source_day = forms.CharField(label=_("Stated on"), max_length=10, required=False, help_text=PARTIAL)
    source_primary = forms.BooleanField(label=_("It is a document of the organisation itself"), required=False)


class FoundNetworkForm(HouseForm):
    """A network with its own organs, rules, languages and clock."""

    name = forms.CharField(label=_("Name of the network"), max_length=300)
    name_language = forms.CharField(label=_("Language of the name"), max_length=20, initial="en")
    network_kind = forms.ChoiceField(label=_("Kind of network"), choices=[(k, NETWORK_KINDS[k]) for k in NetworkKind])
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=60, initial="UTC", help_text=_("As in the IANA database, e.g. Africa/Tunis.")
    )
    languages = forms.CharField(
        label=_("Working languages"), max_length=200, initial="en", help_text=_("Language codes with spaces: en fr ar.")
    )
    founded = forms.CharField(label=_("Founded"), max_length=10, required=False, help_text=PARTIAL)


class ListOrganisationForm(SourceForm):
    """An organisation; listing is no endorsement."""

    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[(k, KINDS[k]) for k in OrganisationKind if k != OrganisationKind.NETWORK],
    )
    wing_kind = forms.ChoiceField(
        label=_("Whom the wing gathers"),
        choices=[("", "—"), *((k, WING_KINDS[k]) for k in WingKind)],
        required=False,
    )
    name = forms.CharField(label=_("Name"), max_length=300)
    name_language = forms.CharField(label=_("Language of the name"), max_length=20, initial="en")
    abbreviation = forms.CharField(label=_("Abbreviation"), max_length=60, required=False)
    country = forms.CharField(
        label=_("Country or territory"),
        max_length=20,
        required=False,
        help_text=_("A code of a region scheme (ISO 3166, three letters), or one that a network has named."),
    )
    parent = OrganisationNamed(label=_("Part of"), required=False, help_text=NAMED)
    founded = forms.CharField(label=_("Founded"), max_length=10, required=False, help_text=PARTIAL)
    dissolved = forms.CharField(label=_("Dissolved"), max_length=10, required=False, help_text=PARTIAL)

    field_order = (
        "kind",
        "wing_kind",
        "name",
        "name_language",
        "abbreviation",
        "country",
        "parent",
        "founded",
        "dissolved",
    )


class LinkForm(SourceForm):
    """A tie to the network, with its standing and its days."""

    subject = OrganisationNamed(label=_("Organisation"), help_text=NAMED)
    kind = forms.ChoiceField(label=_("Kind of link"), choices=[(k, LINK_KINDS[k]) for k in LinkKind])
    standing = forms.ChoiceField(label=_("Standing"), choices=[(k, STANDINGS[k]) for k in MemberClass])
    start = forms.CharField(label=_("From"), max_length=10, required=False, help_text=PARTIAL)
    end = forms.CharField(label=_("Until"), max_length=10, required=False, help_text=PARTIAL)
    end_reason = forms.CharField(label=_("Why it ended"), max_length=300, required=False)
    basis = forms.CharField(label=_("Document on which it rests"), max_length=300, required=False)

    field_order = ("subject", "kind", "standing", "start", "end", "end_reason", "basis")


class StandingForm(SourceForm):
    """Another standing from a day on."""

    standing = forms.ChoiceField(label=_("New standing"), choices=[(k, STANDINGS[k]) for k in MemberClass])
    on = forms.CharField(label=_("From"), max_length=10, help_text=PARTIAL)

    field_order = ("standing", "on")


class EndLinkForm(SourceForm):
    """The end of a link; it stays visible with its reason."""

    on = forms.CharField(label=_("Last day"), max_length=10, required=False, help_text=PARTIAL)
    reason = forms.CharField(label=_("Why it ended"), max_length=300)

    field_order = ("on", "reason")


class OrganForm(HouseForm):
    """An organ of a network."""

    name = forms.CharField(label=_("Name of the organ"), max_length=200)


class TerritoryForm(HouseForm):
    """How a network names a country or territory."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("A code of a region scheme, or one of the network's own; no list limits what a network may name."),
    )
    label = forms.CharField(label=_("Name the network uses"), max_length=200)
    footnote = forms.CharField(label=_("Footnote"), max_length=600, required=False, widget=forms.Textarea)
    basis = forms.CharField(label=_("Decision on which it rests"), max_length=300, required=False)
    from_day = forms.DateField(label=_("In force from"), widget=DAY)
