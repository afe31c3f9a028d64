"""The command `nohaven`: its subcommands in one tuple, and errors as one clear line."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib import import_module

import click

from nohaven import __version__
from nohaven.cli.voice import Voice
from nohaven.errors import NohavenError

# Each is a function of the module of its name beside this one, which is imported when the command is asked for:
# what one needs takes a third of a second to import, what all need a second.
COMMANDS: tuple[str, ...] = ("demo", "sweep", "inspect", "evaluate", "train", "erase")


@dataclass(slots=True)
class _Loudness:
    """How errors are said; set by the options of the command line before anything can fail."""

    log_format: str = "text"


class _Commands(click.Group):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """Names in the order in which they are used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """A command by its name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"nohaven.cli.{cmd_name}"), cmd_name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nohaven")
@click.option("--quiet", is_flag=True, help="Say only results and errors.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of progress and error lines.",
)
@click.pass_context
def cli(context: click.Context, quiet: bool, log_format: str) -> None:
    """Find offers of illicit goods and services in crawled pages, and explain every finding.

    A machine suggests; a person decides.
    """
    context.find_object(_Loudness).log_format = log_format  # type: ignore[union-attr]
    context.obj = Voice(quiet=quiet, as_json=log_format == "json")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 checked and failed, 2 the user's mistake, 3 something outside failed."""
    loudness = _Loudness()
    try:
        cli.main(args=arguments, prog_name="nohaven", standalone_mode=False, obj=loudness)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as mistake:
        _say(" ".join(mistake.format_message().split()), loudness)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        _say("Stopped.", loudness)
        sys.exit(3)
    except NohavenError as error:
        _say(str(error), loudness)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away: nobody is left to tell
        sys.exit(3)
    sys.exit(0)


def _say(message: str, loudness: _Loudness) -> None:
    """One line on standard error."""
    line = (
        json.dumps({"level": "error", "message": message}) if loudness.log_format == "json" else f"nohaven: {message}"
    )
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
