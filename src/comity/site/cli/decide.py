"""``./comity decide``: count a published decision file with the product's own code, without a database."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from comity.site.cli.command import ANSWERED, SAID_NO, Command, CommandError


def arguments(parser: ArgumentParser) -> None:
    """What to count, and whether as JSON."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a decision file, as a decision's page offers it")
    parser.add_argument("--json", choices=["-"], metavar="-", help="print one JSON document and nothing else")


def run(options: Namespace) -> int:
    """Count again; exit 1 and name the step when the count differs from the published result."""
    from comity.decisions.published import decide_file
    from comity.plain.refusals import Refusal

    try:
        counted = decide_file(options.file)
    except Refusal as refusal:
        raise CommandError(str(refusal)) from refusal
    verdict = "agrees with the published result" if counted.agrees else f"differs: {counted.differs}"
    if options.json:
        told = {"title": counted.title, "outcome": counted.outcome.name, "agrees": counted.agrees}
        print(json.dumps({**told, "differs": counted.differs}, ensure_ascii=False))
    else:
        print(f"{counted.title}: {counted.outcome.name}; {verdict}")
    return ANSWERED if counted.agrees else SAID_NO


COMMAND = Command(
    name="decide",
    purpose="count a published decision file again, with the product's own code",
    example="./comity decide decision-2.json",
    arguments=arguments,
    run=run,
)
