"""By which exits the record leads out, for the leak suite."""

from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import Sample, Way

ENTRY = (("index", "0"),)
ENDED = (("ended", "1"),)
SAMPLES: dict[str, Sample] = {}
WAYS = {
    "record/": Way(Exit.RECORD),
    "record/falsify": Way(Exit.RECORD),
    "entry/<int:index>": Way(Exit.RECORD, fill=ENTRY),
    "file:": Way(Exit.RECORD),
    "file:checkpoint": Way(Exit.RECORD),
    "file:disclosures.jsonl": Way(Exit.RECORD),
    "file:tile/<path:rest>": Way(Exit.RECORD, fill=(("rest", "entries/000.p/1"),)),
    "file:policy": Way(facts="Who must cosign the log; it holds no row."),
    "file:vkeys": Way(facts="The keys of the log and of its witnesses; it holds no row."),
    "file:controllers": Way(facts="Who runs each witness, in the operator's words; it holds no row."),
    "file:proof/<int:index>.tlog-proof": Way(Exit.RECORD, fill=ENTRY),
    "file:allowed_signers": Way(Exit.RECORD),
    "file:signatures/<str:name>": Way(Exit.RECORD, fill=(("name", f"{'0' * 64}.txt"),)),
    "file:disclosed/<int:index>.json": Way(Exit.RECORD, fill=ENTRY),
    "file:evidence/<int:index>.zip": Way(Exit.RECORD, fill=ENTRY),
    "file:copy.zip": Way(Exit.RECORD),
    "file:<int:ended>/checkpoint": Way(Exit.RECORD, fill=ENDED),
    "file:<int:ended>/tile/<path:rest>": Way(Exit.RECORD, fill=(*ENDED, ("rest", "entries/000.p/1"))),
    "file:<int:ended>/policy": Way(facts="Who had to cosign a log that has ended; it holds no row."),
    "file:<int:ended>/vkeys": Way(facts="The keys of a log that has ended, and of its witnesses; it holds no row."),
    "file:<int:ended>/controllers": Way(facts="Who ran each witness, in the operator's words; it holds no row."),
    "file:comity_verify.py": Way(facts="The program that verifies; it holds no row."),
    "api:record": Way(Exit.RECORD),
    "api:record/entries": Way(Exit.RECORD),
    "api:record/entries/<int:index>": Way(Exit.RECORD, fill=ENTRY),
}
