"""By which exits the record leads out, for the leak suite."""

from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import Sample, Way

ENTRY = (("index", "0"),)
SAMPLES: dict[str, Sample] = {}
WAYS = {
    "record/": Way(Exit.RECORD),
    "record/falsify": Way(Exit.RECORD),
    "entry/<int:index>": Way(Exit.RECORD, fill=ENTRY),
    "file:": Way(Exit.RECORD),
    "file:checkpoint": Way(Exit.RECORD),
    "file:leaves.jsonl": Way(Exit.RECORD),
    "file:hashes.txt": Way(Exit.RECORD),
    "file:disclosures.jsonl": Way(Exit.RECORD),
    "file:proof/<int:index>.json": Way(Exit.RECORD, fill=ENTRY),
    "file:copy.zip": Way(Exit.RECORD),
    "file:comity_verify.py": Way(facts="The program that verifies; it holds no row."),
    "api:record": Way(Exit.RECORD),
    "api:record/entries": Way(Exit.RECORD),
    "api:record/entries/<int:index>": Way(Exit.RECORD, fill=ENTRY),
}
