"""What the types of entries say, in the reader's language. A type that is not listed stands as it is written."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TYPES: dict[str, str | Promise] = {
    "commitments.evidence_filed": _("evidence was filed"),
    "commitments.evidence_verified": _("evidence was verified"),
    "commitments.missed_admitted": _("a missed promise was admitted"),
    "commitments.opened": _("a promise was opened"),
    "commitments.postponed": _("a promise was postponed"),
    "commitments.postponement_asked": _("a postponement was asked"),
    "decisions.cast": _("votes were cast"),
    "decisions.closed": _("a vote was closed"),
    "decisions.opened": _("a vote was opened"),
    "deliberation.admitted": _("participants were admitted"),
    "deliberation.closed": _("a conversation was closed"),
    "deliberation.minority_report_filed": _("a minority report was filed"),
    "deliberation.opened": _("a conversation was opened"),
    "deliberation.principle_drawn": _("a principle was drawn"),
    "deliberation.statement_proposed": _("a statement was proposed"),
    "deliberation.statement_silenced": _("a statement was taken out of the conversation"),
    "deliberation.votes_sealed": _("opinion votes were sealed"),
    "engagements.convened": _("a meeting was convened"),
    "engagements.delegation_registered": _("a delegation was registered"),
    "engagements.reported": _("a meeting was reported"),
    "people.seat_granted": _("a seat was given"),
    "people.seat_revoked": _("a seat was taken back"),
    "record.erased": _("a value was erased"),
    "record.pseudonym_forgotten": _("a pseudonym was forgotten"),
    "registry.correction_decided": _("a correction was decided"),
    "registry.correction_proposed": _("a correction was proposed"),
    "registry.lineage_recorded": _("a lineage was recorded"),
    "registry.link_ended": _("a link ended"),
    "registry.link_restated": _("a link was restated"),
    "registry.link_stated": _("a link was stated"),
    "registry.network_founded": _("a network was founded"),
    "registry.organ_established": _("an organ was established"),
    "registry.organisation_listed": _("an organisation was listed"),
    "registry.organisation_restated": _("an organisation was restated"),
    "registry.refiled": _("something was filed under other topics"),
    "registry.region_scheme_adopted": _("a scheme of regions was adopted"),
    "registry.reply_filed": _("a reply was filed"),
    "registry.standing_changed": _("a standing changed"),
    "registry.territory_named": _("the naming of a territory was decided"),
    "rules.adopted": _("rules were adopted"),
    "texts.adopted": _("a text was adopted"),
    "texts.amendment_left_aside": _("an amendment was left aside"),
    "texts.amendment_proposed": _("an amendment was proposed"),
    "texts.amendment_restated": _("an amendment was restated"),
    "texts.amendment_withdrawn": _("an amendment was withdrawn"),
    "texts.amendments_merged": _("amendments were merged"),
    "texts.board_answered": _("a board answered"),
    "texts.board_awaited": _("the answer of a board is awaited"),
    "texts.dissent_filed": _("dissent was filed"),
    "texts.drafted": _("a text was drafted"),
    "texts.revised": _("a text was revised"),
    "texts.translated": _("a text was translated"),
}


def type_in_words(entry_type: str) -> str:
    """What an entry of that type says."""
    return str(TYPES.get(entry_type, entry_type))
