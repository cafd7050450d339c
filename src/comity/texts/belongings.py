"""What belongs to an entry about a joint text: its words with all dissent, and the clauses that were fingerprinted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from comity.plain.belongings import Belonging, belongs_to
from comity.plain.place import Place
from comity.record.core import jcs
from comity.texts.exports import hashed, plain
from comity.texts.kinds import TEXT
from comity.texts.queries import edition_of


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


belongs_to("text", _of_text)
