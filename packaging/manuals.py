"""Writes the manuals from what the programs say and from docs/, so that they say the same.

    python3 packaging/manuals.py PROGRAMS FOLDER

PROGRAMS is the folder with token-agent, tokenctl, kiosk-shell and virtual-token, and
etc/agent.json5 beside them; the pages are written into FOLDER.
"""

import os
import pathlib
import re
import subprocess
import sys
import time

import roff

ROOT = pathlib.Path(__file__).resolve().parent.parent
MANUAL = "Token Station"
PAGES = [
    "token-agent(8)", "tokenctl(1)", "kiosk-shell(1)", "token-training(1)", "virtual-token(1)",
    "token-station.conf(5)", "token-profile(5)",
]


def said(program, *arguments):
    result = subprocess.run(
        [program, *arguments], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
    return result.stdout


def name(page, words):
    return [*roff.heading("name"), rf"{roff.plain(page)} \- {roff.plain(words)}"]


def see_also(this):
    others = [page for page in PAGES if page != this]
    made = roff.heading("see also")
    for page in others:
        stem, section = page.rstrip(")").split("(")
        comma = " ," if page != others[-1] else ""
        made.append(f".BR {roff.plain(stem)} ({section}){comma}")
    return made


def files(table):
    made = roff.heading("files")
    for path, words in table:
        made += roff.tagged(rf"\fI{roff.plain(path)}\fR", [words])
    return made


def small(text):
    """A heading inside of a command's page."""
    return [".PP", roff.bold(text.capitalize())]


def token_agent(programs):
    usage, _, rest = said(programs / "token-agent", "--help").partition("\n\n")
    return [
        *name("token-agent", "the Token Station's service"),
        *roff.heading("synopsis"), *roff.verbatim(usage.replace("Usage: ", "       ").split("\n")),
        *roff.heading("description"), *roff.help_page(rest, roff.heading),
        *files([
            ("/etc/token-station/agent.json5", "Its configuration, token-station.conf(5)."),
            ("/etc/token-station/profiles", "Models of tokens, token-profile(5)."),
            ("/etc/token-station/calendars", "Which days are worked, a file a year."),
            ("/etc/token-station/office.json5", "The office that the papers are in the name of."),
            ("/etc/token-station/bodies.json5", "Bodies' old and new names."),
            ("/etc/token-station/officers.json5", "Who signs in, by whose hand."),
            ("/etc/token-station/templates", "The papers."),
            ("/run/token-station/agent.sock", "Where programs connect."),
            ("/var/lib/token-station/journal.ndjson", "The record, a chained line an event."),
            ("/var/lib/token-station/vault", "What the record must not hold: personal data."),
            ("/etc/udev/rules.d/71-token-station-local.rules",
             "Which readers the station drives itself; tokenctl reader writes it."),
        ]),
    ]


def tokenctl(programs):
    program = programs / "tokenctl"
    general = said(program, "help")
    title, _, rest = general.partition("\n\n")
    pages = roff.heading("commands")
    foot = None
    for command in commands(program):
        page = said(program, "help", command)
        *parts, last = roff.blocks(page)
        assert foot in (None, last), f"the page of {command} has another foot"
        foot = last
        usage, *body = parts
        assert all(line.startswith((f"tokenctl {command}", " ")) for line in usage), command
        pages += [f'.SS "{command}"', *roff.verbatim(usage)]
        pages += roff.help_page("\n\n".join("\n".join(block) for block in body), small)
    return [
        *name("tokenctl", title.partition(" - ")[2]),
        *roff.help_page(rest.replace("USE\n", "SYNOPSIS\n", 1), roff.heading), *pages,
    ]


def commands(program):
    """The first words of all commands, as the completion has them."""
    script = said(program, "completion", "bash")
    words = re.search(r"^ *''\) echo '(.*)' ;;$", script, re.M).group(1).split()
    return [word for word in words if not word.startswith("-")]


def kiosk_shell(programs):
    usage, _, rest = said(programs / "kiosk-shell", "--help").partition("\n\n")
    return [
        *name("kiosk-shell", "the Token Station's counter screen"),
        *roff.heading("synopsis"), *roff.verbatim([usage]),
        *roff.heading("description"), *roff.help_page(rest, roff.heading),
        *roff.heading("the unit"),
        *roff.paragraph([
            "token-kiosk-display.service has foot draw it on a box with a display,",
            "token-kiosk.service gives it the first terminal. As root:",
            "systemctl enable --now token-kiosk-display",
        ]),
    ]


def token_training(_):
    usage, _, rest = said(ROOT / "training" / "token-training", "--help").partition("\n\n")
    return [
        *name("token-training", "training on simulated tokens, beside the Token Station"),
        *roff.heading("synopsis"), *roff.verbatim([usage]),
        *roff.heading("description"), *roff.help_page(rest, roff.heading),
    ]


def virtual_token(programs):
    """Its tables have tables in them: they stand as the program prints them."""
    title, use, *parts = roff.blocks(said(programs / "virtual-token", "--help"))
    made = [
        *name("virtual-token", title[0].partition(" - ")[2]),
        *roff.heading("synopsis"), *roff.verbatim(use[1:]), *roff.heading("description"),
    ]
    for part in parts:
        if match := re.match(r"([A-Z][A-Z ]+)(?: \((.*)\))?$", part[0]):
            head, remark = match.groups()
            made += roff.heading(head)
            made += roff.paragraph([remark.capitalize() + "."]) if remark else []
            part = part[1:]
        made += roff.verbatim(part) if part[0].startswith(" ") else roff.paragraph(part)
    return made


def configuration(programs):
    """The shipped file is its own manual: comments stand before the keys they are about."""
    made = [
        *name("token-station.conf", "configuration of token-agent"),
        *roff.heading("synopsis"), ".I /etc/token\\-station/agent.json5",
        *roff.heading("description"),
    ]
    text = (programs / "etc" / "agent.json5").read_text()
    head, _, body = text.partition("{\n")
    made += roff.paragraph([line.removeprefix("//") for line in head.splitlines()])
    made += roff.paragraph([
        "token-agent reads it at start. It is JSON; a key that is not known is a mistake, and so",
        "is one that stands twice. Below, each key with what the installed file says.",
    ])
    made += roff.heading("keys")
    said_before, path = [], []
    for line in body.splitlines():
        line = line.strip()
        key = re.match(r'(// )?"(\w+)": *(.*?),?(?: +// *(.*))?$', line)
        if key:
            off, word, value, remark = key.groups()
            said_before += [remark] if remark else []
            made += [".TP", roff.bold(".".join([*path, word]))]
            if value == "{":
                path.append(word)
            else:
                # Keys of one group share the words before the first of them.
                made += [("Not set; for example " if off else "") + roff.bold(value)]
                made += [".br"] if said_before else []
            made += [roff.plain(words) for words in said_before]
            said_before = []
        elif line.startswith("//"):
            said_before.append(re.sub(r"\s+", " ", line.removeprefix("//").strip()))
        elif line.rstrip(",") == "}" and path:
            path.pop()
        elif not line:
            said_before = []
    made += roff.heading("notes")
    made += roff.paragraph([
        "The folders of profiles, calendars and templates and the files of the office and of",
        "bodies are read at start; those of the office again on SIGHUP",
        "(systemctl reload token-agent).",
        "token-agent --check-config says what is wrong in any of them.",
    ])
    return made


def profile(_):
    return [
        *name("token-profile", "what is known of one model of tokens"),
        *roff.heading("description"),
        *roff.markdown((ROOT / "docs" / "profiles.md").read_text()),
    ]


MAKERS = dict(zip(PAGES, [
    token_agent, tokenctl, kiosk_shell, token_training, virtual_token, configuration, profile,
]))


def main(programs, folder):
    folder.mkdir(parents=True, exist_ok=True)
    version = said(programs / "token-agent", "--version").split()[1]
    # The changelog's, where a package is built, so that two builds give the same bytes.
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    date = time.strftime("%Y-%m-%d", time.gmtime(epoch))
    for page, make in MAKERS.items():
        stem, section = page.rstrip(")").split("(")
        lines = [
            *roff.title(stem, section, date, version, MANUAL), *make(programs), *see_also(page),
        ]
        (folder / f"{stem}.{section}").write_text(roff.page(lines))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]))
