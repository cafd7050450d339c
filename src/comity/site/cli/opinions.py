"""``./comity opinions``: the opinion map of exported conversations, without a database."""

from argparse import ArgumentParser, Namespace

from comity.site.cli.command import Command


def arguments(parser: ArgumentParser) -> None:
    """What to read, and whether as JSON."""
    parser.add_argument("path", metavar="PATH", help="a conversation's folder (Polis export), or a folder of them")
    parser.add_argument("--json", choices=["-"], metavar="-", help="print one JSON document and nothing else")


def run(options: Namespace) -> int:
    """Draw the map of each conversation: groups, what unites and divides them, how sure that is."""
    from comity.deliberation.cli import opinions

    return opinions(options.path, as_json=options.json == "-")


COMMAND = Command(
    name="opinions",
    purpose="map the opinions of exported conversations: groups, what unites, what divides, how stable",
    example="./comity opinions ../shared/data/polis --json -",
    arguments=arguments,
    run=run,
)
