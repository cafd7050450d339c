"""What belongs to an entry about a joint text: its words with all dissent, and the clauses that were fingerprinted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _

from comity.plain.belongings import Belonging, belongs_to
from comity.plain.place import Place
from comity.record.core import jcs
from comity.record.core.sshsig import NAMESPACE
from comity.texts import words
from comity.texts.exports import hashed, plain
from comity.texts.kinds import TEXT
from comity.texts.queries import Signed, edition_of, signatures_on


def _of_text(public_id: str, facts: Mapping[str, Any], place: Place) -> Iterable[Belonging]:
    text = TEXT.seen(place).filter(public_id=public_id).first()
    if text is None:
        return
    own = replace(place, language=text.language)
    edition = edition_of(text, language=own.language, actor=own.actor, known_by=own.at)
    if edition is None:
        return
    yield Belonging(
        "text.txt",
        plain(edition, own).encode(),
        _("the text as it stands now, with who stands behind it and every statement of dissent"),
    )
    version = text.versions.filter(sha256=str(facts.get("sha256", ""))).first()
    if version is not None:
        yield Belonging(
            "clauses.json",
            jcs.encode(hashed(version)),
            _("the clauses that the entry seals, without what was said beside them: their SHA-256 is its value sha256"),
            ("sha256sum clauses.json",),
        )


def _signatures(public_id: str, facts: Mapping[str, Any], place: Place) -> Iterable[Belonging]:
    """The words that parties signed and their signatures: the one that the entry is about, or all."""
    text = TEXT.seen(place).filter(public_id=public_id).first()
    asked = facts.get("signature")
    for signed in signatures_on(text, place.at) if text is not None else ():
        if asked in {None, signed.made.sha256}:
            yield from _signature(signed)


def _signature(signed: Signed) -> Iterable[Belonging]:
    made = signed.made
    name = f"{made.organisation}.txt"
    told = {"party": signed.row.organisation.name, "what": words.signature(signed)}
    yield Belonging(name, made.paper.encode(), _("the words that %(party)s signed, byte for byte") % told)
    when = made.at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")
    command = f"ssh-keygen -Y verify -f allowed_signers -I {made.organisation} -n {NAMESPACE} -Overify-time={when}"
    says = _("the signature of %(party)s: %(what)s") % told
    if not made.key.line:
        says = _("%(says)s (its key was erased: it cannot be checked against the keys of the party)") % {"says": says}
    check = (f"{command} -s {name}.sig < {name}",) if made.key.line else ()
    yield Belonging(f"{name}.sig", made.armored.encode(), says, check)


belongs_to("text", _of_text)
belongs_to("text", _signatures)
