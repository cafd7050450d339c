"""All commands together: reads the words, runs the command, turns refusals into one clear line."""

import argparse
import sys
from collections.abc import Sequence

from comity.plain.refusals import BadInput, Refusal
from comity.site.cli import (
    bench,
    check,
    createoperator,
    decide,
    demo,
    docs,
    import_,
    lock,
    messages,
    migrate,
    opinions,
    record,
    search,
    serve,
    test,
    tick,
    worker,
)
from comity.site.cli.command import BAD_USAGE, Command, CommandError, tell
from comity.site.cli.compiling import compile_stale

COMMANDS: tuple[Command, ...] = (
    demo.COMMAND,
    serve.COMMAND,
    migrate.COMMAND,
    createoperator.COMMAND,
    tick.COMMAND,
    worker.COMMAND,
    import_.COMMAND,
    record.COMMAND,
    search.COMMAND,
    opinions.COMMAND,
    decide.COMMAND,
    test.COMMAND,
    check.COMMAND,
    bench.COMMAND,
    messages.COMMAND,
    lock.COMMAND,
    docs.COMMAND,
)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="./comity",
        description="Comity: networks of political parties working together across borders, in the open.",
        epilog="Start with: ./comity demo",
    )
    words = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        word = words.add_parser(
            command.name,
            help=command.purpose,
            description=command.purpose,
            epilog=f"example:\n  {command.example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.arguments(word)
        word.set_defaults(of=command)
    return top


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    top = parser()
    options, rest = top.parse_known_args(arguments)
    command: Command = options.of
    if rest and not command.passes_on:
        top.error(f"{command.name} does not know {' '.join(rest)}")
    options.rest = rest
    try:
        compile_stale()
        return command.run(options)
    except (CommandError, Refusal) as error:
        tell(f"comity {command.name}: {in_one_line(error)}")
        return BAD_USAGE
    except KeyboardInterrupt:
        tell("")
        return 128 + 2
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has enough
        return 0


def in_one_line(error: CommandError | Refusal) -> str:
    """The refusal for a terminal: what could not be read and what to do, or the rule that said no."""
    if not isinstance(error, BadInput) or "remedy" not in error.parameters:
        return str(error)
    told = ", ".join(f"{name} {value}" for name, value in error.parameters.items() if name != "remedy")
    return f"cannot read {told}: {error.parameters['remedy']}"
