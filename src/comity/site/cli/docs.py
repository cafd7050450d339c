"""``./comity docs``: the documentation on the terminal."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from comity.site.cli.command import ANSWERED, Command, CommandError

DOCS = Path(__file__).resolve().parents[4] / "docs"


def arguments(parser: ArgumentParser) -> None:
    """One page, or none for the list."""
    parser.add_argument("page", nargs="?", metavar="PAGE", help="the page to print; without it, the list of pages")


def run(options: Namespace) -> int:
    """Print one page, or every page's name and title."""
    pages = {str(path.relative_to(DOCS).with_suffix("")): path for path in sorted(DOCS.rglob("*.md"))}
    if options.page is None:
        for name, path in pages.items():
            print(f"{name:<40} {path.read_text(encoding='utf-8').splitlines()[0].lstrip('# ')}")
    elif options.page in pages:
        print(pages[options.page].read_text(encoding="utf-8"), end="")
    else:
        raise CommandError(f"there is no page {options.page!r}; ./comity docs lists them")
    return ANSWERED


COMMAND = Command(
    name="docs",
    purpose="list the documentation, or print one page of it",
    example="./comity docs commands",
    arguments=arguments,
    run=run,
)
