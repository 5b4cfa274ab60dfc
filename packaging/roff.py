"""Text as man(7) wants it: what the programs print as help, and the Markdown of docs/."""

import re

SUFFIX = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}


def plain(text):
    """Text that stands for itself, whatever is in it."""
    made = "".join(SUFFIX.get(character, character) for character in text)
    return r"\&" + made if made.startswith(".") else made


def bold(text):
    return rf"\fB{plain(text)}\fR"


def title(name, section, date, version, manual):
    return [f'.TH {name.upper()} {section} "{date}" "token\\-station {version}" "{manual}"']


def heading(text):
    return [f'.SH "{text.upper()}"']


def page(lines):
    """The lines of a page; a paragraph begins behind its heading without saying so."""
    return "\n".join(
        line for before, line in zip(["", *lines], lines)
        if not (line == ".PP" and before.startswith((".SH", ".SS")))) + "\n"


def verbatim(lines):
    """Lines as they stand, without their common indent."""
    width = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return [".PP", ".RS 4", ".nf", *(plain(line[width:]) for line in lines), ".fi", ".RE"]


def paragraph(lines):
    return [".PP", *(plain(line.strip()) for line in lines)]


def tagged(term, lines):
    return [".TP", term, *(plain(line) for line in lines)]


# MARK: help pages

HEADING = re.compile(r"[A-Z][A-Z ]+$")
ROW = re.compile(r"(\s*)(\S.*?)\s{2,}(\S.*)$")


def indent(line):
    return len(line) - len(line.lstrip())


def rows(lines):
    """Terms with their descriptions, of indented lines; None where they are no table."""
    first = next((match for line in lines if (match := ROW.match(line))), None)
    if first is None:
        return None
    column = first.start(3)
    table = []
    for line in lines:
        # A description that goes on stands at its column, or a little before or behind it.
        if table and indent(line) >= column - 2:
            table[-1][1].append(line.strip())
        elif match := ROW.match(line):
            table.append((match.group(2), [match.group(3)]))
        elif line[column - 1:column] == " " and line[column:column + 1].strip():
            # A term that takes all the room there is before its description.
            table.append((line[:column].strip(), [line[column:]]))
        else:
            table.append((line.strip(), []))
    return table


def runs(block):
    """Neighbouring lines that are indented, or that are not."""
    part = []
    for line in block:
        if part and (indent(line) > 0) != (indent(part[-1]) > 0):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def blocks(text):
    return [block.split("\n") for block in re.split(r"\n\s*\n", text.strip("\n")) if block.strip()]


def help_page(text, head):
    """A help page; `head` makes a heading of a line in capitals."""
    made = []
    for block in blocks(text):
        for part in runs(block):
            if indent(part[0]) > 0:
                table = rows(part)
                if table is None:
                    is_prose = part[0].strip()[0].isupper() and part[-1].endswith(".")
                    made += paragraph(part) if is_prose else verbatim(part)
                else:
                    for term, lines in table:
                        made += tagged(bold(term), lines)
            elif HEADING.match(part[0]):
                made += head(part[0])
                if len(part) > 1:
                    made += paragraph(part[1:])
            else:
                made += paragraph(part)
    return made


# MARK: Markdown, as far as docs/ uses it

INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\[([^]]+)\]\([^)]+\)")


def inline(text):
    made, at = "", 0
    for match in INLINE.finditer(text):
        made += plain(text[at:match.start()])
        code, strong, link = match.groups()
        made += inline(link) if link else bold(code or strong)
        at = match.end()
    return made + plain(text[at:])


def markdown(text):
    """Without its first heading, which is the page's name."""
    made, lines = [], text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("```"):
            end = lines.index("```", at)
            made += verbatim(lines[at:end])
            at = end + 1
        elif line.startswith("#"):
            made += heading(line.lstrip("# "))
        elif line.startswith("|"):
            table = [line]
            while at < len(lines) and lines[at].startswith("|"):
                table.append(lines[at])
                at += 1
            made += markdown_table([cells(row) for row in table])
        else:
            part = [line]
            while at < len(lines) and lines[at].strip() and lines[at][0] not in "|#`*":
                part.append(lines[at])
                at += 1
            whole = " ".join(piece.strip() for piece in part)
            if whole.startswith("* "):
                made += [r".IP \(bu 2", inline(whole[2:])]
            else:
                made += [".PP", inline(whole)]
    return made


def cells(row):
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def markdown_table(table):
    """A row is its first cell with the others below it, named by the table's head."""
    head, _, *body = table
    made = []
    for first, *others in body:
        made += [".TP", bold(first.strip("`"))]
        for number, (name, cell) in enumerate(zip(head[1:], others)):
            if cell:
                made += [".br"] if number else []
                made += [rf"\fI{plain(name)}:\fR {inline(cell)}"]
    return made
