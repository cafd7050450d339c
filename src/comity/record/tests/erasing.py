"""One process of an instance that erases: ``python -m comity.record.tests.erasing STEP``, with JSON on stdout.

Each step is a process of its own, as an operator's would be; between them a test looks at the bytes on the disk.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

WORD = "qzerasedqz"
"""In every value of the planted entries: pseudo-words of no alphabet that is compressed away."""
MANY = 40


def played() -> dict[str, Any]:
    """Play the story and publish it; keep each entry's proof beside the database, and give the salts."""
    from comity.plain.levels import Realm
    from comity.record import published, queries
    from comity.record.publishing import publish
    from comity.site import story

    list(story.play())
    publish(Realm.FICTION, at=datetime.now(UTC))
    head = queries.checkpoint(Realm.FICTION)
    assert head is not None
    proofs = [bytes(published.proof(Realm.FICTION, index)).decode() for index in range(head.size)]
    _proofs().write_text(json.dumps(proofs))
    return {"salts": _salts()}


def _proofs() -> Path:
    from django.conf import settings

    return Path(settings.HOME) / "proofs.json"


def still_proved() -> dict[str, Any]:
    """Verify every proof that was kept, against the leaf that stands now, and one of today of every entry."""
    from comity.plain.levels import Realm
    from comity.record import published, queries
    from comity.record.core.tlog_proof import proved
    from comity.record.publishing import publish

    publish(Realm.FICTION, at=datetime.now(UTC))
    policy, kept = published.policy(Realm.FICTION), json.loads(_proofs().read_text())
    leaves = list(queries.leaves(Realm.FICTION, published.numbered(Realm.FICTION)))
    for index, content in enumerate(kept):
        proved(content.encode(), leaves[index], policy)
    for index, leaf in enumerate(leaves):
        proved(bytes(published.proof(Realm.FICTION, index)), leaf, policy)
    return {"kept": len(kept), "now": len(leaves)}


def _salts() -> list[str]:
    from comity.record.models import Disclosure

    kept = Disclosure.objects.values_list("fields", flat=True)
    return [salt for fields in kept for salt, _text in fields.values()]


def everything_erased() -> dict[str, Any]:
    """Erase every value of every entry, those of restricted entries too; give the longest time and what is wrong."""
    from comity.plain.levels import Realm
    from comity.record.models import Disclosure
    from comity.record.queries import check

    slowest, count = 0.0, 0
    for kept in list(Disclosure.objects.select_related("entry")):
        for field in sorted(kept.fields, key=lambda name: name == "entry"):
            slowest, count = max(slowest, _erased(kept.entry, field)), count + 1
    due = _what_is_due()
    faults = [str(fault) for fault in check(Realm.FICTION)]
    return {"slowest": slowest, "count": count, "due": due, "faults": faults}


def _erased(entry: Any, field: str) -> float:
    from comity.plain.actors import SYSTEM
    from comity.plain.levels import Realm
    from comity.record.actions import erase
    from comity.site.clock import now

    began = time.monotonic()
    erase(entry, field, legal_basis="GDPR art. 17(1)", by=SYSTEM, at=now(Realm.FICTION))
    return time.monotonic() - began


def _what_is_due() -> list[str]:
    from comity.site.periodic import do_what_is_due

    return list(do_what_is_due())


def planted() -> dict[str, Any]:
    """Entries whose values hold a word, long and short, one of them restricted, and a pseudonym."""
    from comity.plain.actors import ActorKind, ActorRef
    from comity.plain.levels import Level, Realm
    from comity.plain.refs import Ref
    from comity.record.actions import append, close_batch

    amina = ActorRef(ActorKind.SEAT, "s" * 16, "p" * 16)
    at = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    for number in range(MANY):
        append(
            "texts.revised",
            realm=Realm.FICTION,
            subject=Ref("text", "abcd"[number % 4] * 16),
            by=amina,
            at=at,
            level=Level.PUBLIC if number % 5 else Level.ROOM,
            facts={"kept": number, "words": f"{WORD}{number:03} " * (1 + number % 7 * 60)},
        )
    close_batch(Realm.FICTION, at)
    return {}


def words_erased() -> dict[str, Any]:
    """Erase the planted words, one by one, and the pseudonym; then the periodic work."""
    from comity.plain.actors import SYSTEM
    from comity.plain.levels import Realm
    from comity.plain.refs import Ref
    from comity.record.actions import forget_pseudonym
    from comity.record.models import Disclosure
    from comity.site.clock import now

    for kept in list(Disclosure.objects.select_related("entry").order_by("?")):
        if "words" in kept.fields:
            _erased(kept.entry, "words")
    gone = Ref("organisation", "p" * 16)
    forget_pseudonym(gone, realm=Realm.FICTION, legal_basis="GDPR art. 17(1)", by=SYSTEM, at=now(Realm.FICTION))
    return {"due": _what_is_due()}


def audited() -> dict[str, Any]:
    """What is wrong with the log, where what stands in the database."""
    from django.db import connection

    from comity.plain.levels import Realm
    from comity.record.models import Pseudonym
    from comity.record.queries import check

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
    names = Pseudonym.objects.filter(subject=f"organisation:{'p' * 16}").count()
    return {"faults": [str(fault) for fault in check(Realm.FICTION)], "names": names}


STEPS: dict[str, Callable[[], dict[str, Any]]] = {
    step.__name__: step for step in (played, still_proved, everything_erased, planted, words_erased, audited)
}


def main() -> None:
    """Open the instance and do the step."""
    from comity.site.cli import instance

    instance.open_instance()
    print(json.dumps(STEPS[sys.argv[1]]()))


if __name__ == "__main__":
    main()
