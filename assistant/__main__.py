"""`python -m assistant ask|serve|staff`."""

import argparse
import json
import sys
from collections.abc import Sequence

from assistant import Assistant, RecordsError, Settings, SettingsError, Status, UnusableQuestion
from assistant.errors import AccountError, CommandError
from assistant.render import terminal
from assistant.review import commands as staff_commands
from corpus.bank import BankError
from corpus.glossary import GlossaryError
from corpus.notice import NoticeFormatError
from corpus.translations import TranslationError
from index.errors import EncoderError, IndexFault

_FAULTS = (
    SettingsError,
    RecordsError,
    EncoderError,
    BankError,
    GlossaryError,
    TranslationError,
    NoticeFormatError,
    IndexFault,
    OSError,
)
UNUSABLE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0, 1 for a fault, 2 for unusable input."""
    for stream in (sys.stdout, sys.stderr):  # whatever the locale says
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings.read()
        return {"ask": _ask, "serve": _serve, "staff": _staff}[arguments.command](arguments, settings)
    except (UnusableQuestion, AccountError, CommandError) as unusable:
        print(unusable, file=sys.stderr)
        return UNUSABLE
    except _FAULTS as fault:
        print(fault, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant", description="Answers from a notice.")
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="one answer")
    ask.add_argument("question")
    ask.add_argument("--json", action="store_true", help="print the answer object alone")
    ask.add_argument("--history", action="append", default=[], metavar="QUESTION", help="an earlier question")
    ask.add_argument("--lang", choices=["zh", "zh-Hant", "en"], help="the language of the answer")
    serve = commands.add_parser("serve", help="the pages and the API")
    serve.add_argument("--host", help="address to listen on (ASSISTANT_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (ASSISTANT_PORT)")
    staff_commands.add_parser(commands)
    return parser


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    with Assistant.open(settings, say=_say) as assistant:
        answer = assistant.ask(arguments.question, arguments.history, arguments.lang)
    print(json.dumps(answer.as_dict(), ensure_ascii=False, indent=1) if arguments.json else terminal(answer))
    return 1 if answer.status is Status.FAILED else 0


def _serve(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.web import StaffSettings, serve  # noqa: PLC0415  (imports gradio, 2 s)

    staff = StaffSettings(settings.staff_header, settings.secure_cookies)
    with Assistant.open(settings, say=_say) as assistant:
        serve(assistant, arguments.host or settings.host, arguments.port or settings.port, staff)
    return 0


def _staff(arguments: argparse.Namespace, settings: Settings) -> int:
    return staff_commands.run(arguments, settings, print)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
