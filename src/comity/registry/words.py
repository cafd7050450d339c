"""The registry's enumerations in the reader's language."""

from babel import Locale, UnknownLocaleError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.plain.time import When
from comity.registry.core.ties import Why
from comity.registry.models import LinkKind, MemberClass, NetworkKind, OrganisationKind, WingKind

Words = dict[str, Promise]

KINDS: Words = {
    OrganisationKind.NETWORK: _("Network of parties"),
    OrganisationKind.PARTY: _("Party"),
    OrganisationKind.WING: _("Wing"),
    OrganisationKind.THINK_TANK: _("Think tank"),
    OrganisationKind.FOUNDATION: _("Foundation"),
    OrganisationKind.GROUP: _("Parliamentary group"),
    OrganisationKind.OTHER: _("Other organisation"),
}
WING_KINDS: Words = {
    WingKind.YOUTH: _("youth wing"),
    WingKind.WOMEN: _("women's organisation"),
    WingKind.STUDENT: _("student organisation"),
}
NETWORK_KINDS: Words = {
    NetworkKind.INTERNATIONAL: _("party international"),
    NetworkKind.EUROPEAN_PARTY: _("European political party"),
    NetworkKind.EUROPEAN_ALLIANCE: _("European alliance"),
    NetworkKind.EP_GROUP: _("group in the European Parliament"),
    NetworkKind.REGIONAL: _("regional network"),
    NetworkKind.INTERPARLIAMENTARY: _("interparliamentary network"),
}
LINK_KINDS: Words = {
    LinkKind.MEMBERSHIP: _("membership"),
    LinkKind.PART: _("part of"),
    LinkKind.AGREEMENT: _("agreement"),
    LinkKind.COALITION: _("coalition"),
}
STANDINGS: Words = {
    MemberClass.FULL: _("full member"),
    MemberClass.ASSOCIATE: _("associate"),
    MemberClass.OBSERVER: _("observer"),
    MemberClass.CONSULTATIVE: _("consultative member"),
    MemberClass.CANDIDATE: _("candidate"),
    MemberClass.FRATERNAL: _("fraternal organisation"),
    MemberClass.PARTNER: _("partner"),
    MemberClass.AFFILIATE: _("affiliate"),
    MemberClass.MEMBER: _("member"),
    MemberClass.STATED: _("stated, without class"),
    MemberClass.SUSPENDED: _("suspended"),
    MemberClass.EXPELLED: _("expelled"),
    MemberClass.FORMER: _("former member"),
}
WHEN: Words = {
    When.IN_FORCE: _("in force"),
    When.NOT_IN_FORCE: _("not in force"),
    When.UNKNOWN: _("date unknown"),
}
THINGS: Words = {
    "engagement": _("Engagements"),
    "agreement": _("Agreements"),
    "coalition": _("Coalitions"),
    "conversation": _("Conversations"),
    "statement": _("Statements"),
    "principle": _("Principles"),
    "minority-report": _("Minority reports"),
    "text": _("Texts"),
    "amendment": _("Amendments"),
    "dissent": _("Dissent"),
    "decision": _("Decisions"),
    "vote": _("Votes"),
    "commitment": _("Promises"),
}
WHY: Words = {
    Why.NOT_BEGUN: _("not begun on that day"),
    Why.ENDED: _("ended"),
    Why.NOT_FOUNDED: _("one of the two did not exist yet"),
    Why.DISSOLVED: _("one of the two no longer existed"),
}
LINEAGE: dict[str, tuple[Promise, Promise]] = {
    "succession": (_("predecessor"), _("successor")),
    "merger": (_("merged into it"), _("it merged into")),
    "split": (_("it split from"), _("split from it")),
}


def tongue_in_words(code: str, language: str) -> str:
    """What a language is called in another, with a capital; nothing for a code that nobody knows."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(language) if code else ""
    except (UnknownLocaleError, ValueError):
        name = ""
    return f"{name[:1].upper()}{name[1:]}" if name else ""


NAME_ROLES: Words = {
    "official": _("Name"),
    "native": _("Own name"),
    "abbreviation": _("Abbreviation"),
    "former": _("Formerly"),
    "alias": _("Also"),
}
FIELDS: Words = {
    "name": _("name"),
    "abbreviation": _("abbreviation"),
    "country": _("country"),
    "founded": _("founded"),
    "dissolved": _("dissolved"),
    "membership": _("a membership or other link"),
    "other": _("something else on the page"),
}
CORRECTION_STATES: Words = {
    "open": _("open"),
    "accepted": _("accepted"),
    "not-accepted": _("not accepted; both sides stand here"),
}
IDENTIFIERS = {
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/{}"),
    "partyfacts": ("Party Facts", "https://partyfacts.herokuapp.com/data/partycodes/{}/"),
    "parlgov": ("ParlGov", "https://www.parlgov.org/party/{}/"),
    "wikipedia": ("Wikipedia", "{}"),
}
"""Registries that gave an identifier: their name, and where it leads."""
ENTRIES: Words = {
    "registry.network_founded": _("Listed as a network"),
    "registry.organisation_listed": _("Listed"),
    "registry.organisation_restated": _("Facts stated anew"),
    "registry.territory_named": _("A territory named"),
    "people.seat_granted": _("A seat granted"),
    "people.seat_revoked": _("A seat revoked"),
}
PERMANENT = (
    _("Its page, and every list and search of this house."),
    _("The feeds, and the calendars and letters of those who follow it."),
    _("The interface for machines, and the tables that anybody takes along."),
    _("An entry of the public record: a fingerprint that nobody can take out, with its time and who acted."),
    _("Archives, search engines and readers elsewhere, who keep what they once copied."),
)
"""Where something stands for good once it was public."""
