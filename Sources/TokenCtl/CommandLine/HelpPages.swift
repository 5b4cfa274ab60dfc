import Paperwork
import WorkingDays

extension Help {
    /// One page a command; `case`, `journal` and `restores` have one each for all they do.
    static let pages: [String: String] = [
        "status": """
        tokenctl status

        How the station stands: version and mode (office or training), clock, pcscd, USB,
        readers, open cases, restores whose end is not known, the journal's last line and
        whether it takes new ones, and the roles the station gives you.

        """,
        "readers": """
        tokenctl readers

        The readers as the station last saw them. Asking never waits for a reader. SEEN counts
        the cards put in: a token taken out and put back has another number.

        States: empty, present, mute (the card does not answer its reset), busy (somebody else
        has it, named as far as can be known), stuck (it owes an answer), unavailable.

        """,
        "reader": """
        tokenctl reader NAME [--measure N]
        tokenctl reader NAME --give raw|pcsc [--this-one] [--rules FILE]

        How a reader is built (its class descriptor in words), how it is driven and why, its
        slot, who has it open, and whose it is. NAME is one of tokenctl readers, a port as the
        kernel names it (1-2.1), or a model (08e6:3437), which can be given without one plugged
        in.

          --measure N    times N round trips (1 to 1000) to the reader, and N to the card in it
                         by SELECT of the PIV application; spends no try; for technicians

        Who has a reader is decided once, by udev, when it is plugged in: raw gives it to the
        station itself, pcsc leaves it to pcscd.

          --give OWNER   writes that into /etc/udev/rules.d/71-token-station-local.rules, as
                         root; other lines of the file are kept. It covers every reader of the
                         model, also those plugged in later; it says which those are now.
          --this-one     covers this reader alone: by its serial number where it has one of
                         its own, else by the port it is plugged into
          --rules FILE   writes into FILE instead, and does nothing else

        It then says what is left to do: a reader must be unplugged and plugged in again, and a
        pcscd older than pcsc-lite 2.3.2 (Debian 12 has 1.9.9) must be told by name.

        EXAMPLES
          tokenctl reader 'Gemalto PC Twin Reader 00 00' --measure 100
          tokenctl reader 1-2.1 --give raw --this-one

        """,
        "watch": """
        tokenctl watch

        The readers at once, and again after each change, until ^C. With --json one document
        a line and a change.

        """,
        "inspect": """
        tokenctl inspect [READER] [--case ID]

        What the token says of itself without a code: numbers, certificates, tries left, and
        whether it can be helped. It takes the reader for that time and powers the token down
        afterwards. It spends no try. `unknown` means that the token does not show a number,
        or was not asked because asking is not safe.

          --case ID   holds the token against the request of that case as well

        """,
        "restore": """
        tokenctl restore [READER] --case ID [OPTIONS]
        tokenctl restore [READER] --request N --body B --holder H --device D [OPTIONS]

        Restores a locked token: takes in the request or takes up its case, has the token read
        and compared with it, shows the permit, asks for the codes, unblocks, has the key
        proven with the new PIN, and shows result, tries and what to do next.

          --case ID          the case the restore belongs to
          --request N        or a new one: the number of the managing body's letter,
          --body B             the body that asks,
          --holder H           the token's holder,
          --device D           and the device number the letter names
          --pin-forgotten    you record that the holder forgot the PIN, so that a token which
                             is not locked may be restored too
          --compared FIELD   you held what the request and the token say there side by side,
                             and it means the same; once for each field that the station
                             cannot decide (device_number: the number printed on the token;
                             certificate_name, body, mail). The decision goes on record
          --by WAY           the way to unblock, of those that inspect shows (puk,
                             resetting-code, admin-pin, so-pin, admin-key; so-pin-counter gives
                             the tries back and keeps the old PIN; admin-key-response takes the
                             answer of a key that is held elsewhere to a challenge that is
                             shown); without it the first that may lead somewhere
          --last-try         the last try of the unblocking code, or one of an unknown number,
                             may be spent; needs the right last_try
          --provisional      a token whose model is provisional is taken on; needs the right
                             provisional
          --approve-by ID    the second officer, where the station wants two: the act is shown,
                             and the officer's password is asked for before the codes
          --approve-token READER
                             or their own token in another reader: it signs the act, which
                             stands in the record; its PIN is asked for before the codes
          --at-pad           the codes are entered at the reader's own pad, and go from there to
                             the token: neither this program nor the station has them. Where
                             inspect shows a pad that can unblock this token. The pad asks
                             for the new PIN once more, for the key check

        At a terminal it asks for the unblocking code, the new PIN, and the new PIN again; the
        holder types the latter two. Nothing is shown. A code that cannot be this token's is
        asked for again; it was not sent. Where standard input is no terminal it takes from
        it: first line the unblocking code, second line the new PIN, and, if there is a third,
        the new PIN again, which must be the same. It reads to the third line or to the end.

        ^C before the codes are sent cancels the restore, and nothing was sent. Afterwards it
        asks the station to stop, which it does only as long as no code went to the token:
        what writes in a token is finished. The restore belongs to the station: should the
        connection break, `tokenctl restores follow ID` finds it again.

        Exit status: 0 restored; 1 refused or failed; 5 unblocked but not proven, or its end
        is not known.

        EXAMPLE
          tokenctl restore --request 45/SYT --body 'Sở Y tế' --holder 'Trần Văn Bình' \\
              --device 12345678

        """,
        "restores": """
        tokenctl restores [list]
        tokenctl restores follow ID
        tokenctl restores cancel ID

        A restore belongs to the station, not to the program that began it. list shows those
        of this run, and earlier ones whose end nobody saw; follow shows one's progress to its
        end; cancel stops one as long as no code was sent to the token.

        Exit status of follow: as of restore. Of cancel: 0 it is stopped; 5 it cannot be
        stopped any more, or its end is not known; 1 it had ended before.

        """,
        "check-key": """
        tokenctl check-key [READER] [--restore ID | --case ID [--compared FIELD]...]
                   [--challenges N] [--at-pad]

        Whether the certificate's private key is in the device: the token signs fresh
        challenges with the holder's PIN, and each signature must verify under the
        certificate. What else is known of the key, each with how it was found, and how long
        the signatures took. The PIN is asked for and not shown, or is the first line of
        standard input. It is sent once, or once for each signature where the key wants that,
        and never when one try is left.

          --case ID       the hand-over whose device it is; proven, it can be recorded
          --compared FIELD
                          as for restore, with --case
          --restore ID    completes a restore that ended unblocked-unproven, if the key is
                          proven
          --challenges N  signatures to make and time, 1 to 50; 5 if not said
          --at-pad        the PIN is entered at the reader's own pad, where inspect shows one

        Exit status: 0 proven; 1 not proven, or the PIN was refused.

        """,
        "timing": """
        tokenctl timing [READER] [--challenges N] [--at-pad]

        How long a token takes to sign, as check-key finds out, and how long its reader takes
        for a round trip without a signature. The bars show how many signatures took so long:
        a chip's lie close together, those of a key that is elsewhere are spread like the
        network in between. For technicians; the PIN is used as in check-key.

          --challenges N  signatures to make, 1 to 50, and round trips of each kind; 20 if not
                          said
          --at-pad        the PIN is entered at the reader's own pad

        Exit status: as of check-key.

        """,
        "apdu": """
        tokenctl apdu [READER] HEX [--aid AID] [--serial N]

        Sends one command APDU and prints the response: data, status word, time. HEX is the
        command in hexadecimal, at most 128 bytes, or - to read it from standard input.

          --aid AID    this application is selected first (hexadecimal)
          --serial N   the token's number, typed in: needed for what is not on the list

        Always allowed are reading commands: SELECT, READ BINARY and RECORD, GET DATA, GET
        RESPONSE, GET VERSION, GET SERIAL, GET METADATA, and the empty VERIFY where asking is
        known to be safe. A command that carries a code or a key is refused, always and in
        every class (VERIFY, CHANGE, RESET RETRY COUNTER, EXTERNAL AUTHENTICATE, PUT KEY, what
        initialises a token), and so is ENVELOPE, which can hold any. Anything else needs the
        right "raw", the token's number, and no open case of the token; it stands in the
        journal before it is sent.

        EXAMPLES
          tokenctl apdu 00CB3FFF055C035FC10200 --aid A000000308
          tokenctl apdu 'Virtual PCD 00 00' 00F80000 --aid A000000308

        """,
        "case": """
        tokenctl case open --request N --body B --holder H --device D
        tokenctl case list [--all]
        tokenctl case show ID
        tokenctl case history ID
        tokenctl case due
        tokenctl case refuse ID --reason R [--reason R ...]
        tokenctl case route ID CARRIER
        tokenctl case record ID
        tokenctl case notice ID --to WHO --reference R
        tokenctl case paper ID KIND [--out FILE [--force]] [--qr FILE]
        tokenctl case close ID --reason R

        Each device of a request is a case: restore, hand-over, return, lost or misuse. open
        takes a restore in with no more than is needed to begin: the number of the managing
        body's letter, that body, the token's holder, and the device number. list shows those
        not done, newest first, or with --all the newest 200; due what is still to be done,
        notices counted, due first, each with its last day. show lists what can be done with
        a case now (acts); history what was done, by whom, and what tries it took, as the
        journal has it.

          refuse    states its reasons for the managing body, each a sentence, a code as
                    mail-private, or a code, a colon and a sentence (docs/requests.md). The
                    record has the codes; sentences lie beside it, as all that is written at
                    these acts
          route     the key is in no PKI token: the Cục's. CARRIER: sim-pki, hsm, centralised,
                    other
          record    the record of a hand-over, return, loss or misuse is made. A hand-over
                    needs the key proven first: check-key --case ID
          notice    a notice has gone. WHO: managing-body, provider (the Cục), authority,
                    technology-unit. R: the letter's number, or how it was told
          paper     what is printed for it now (show lists the KINDs), as HTML on standard
                    output or in FILE, which its owner alone may read: it names people. A file
                    that is there stays, unless --force is said. --qr: a QR code for it, as
                    qrencode -t SVG writes it
          close     ends a case that nothing more is done for

        What is taken in, refused or closed gives a line in the journal, as a restore's end
        does. A receipt has the number of the end's line and the first digits of its hash, as
        they were told then, and beside them the journal's last line when it is printed: other
        cases' lines may lie between the two. A QR code on it has that last one.

        """,
        "journal": """
        tokenctl journal show [--from N] [--count N] [--raw]
        tokenctl journal verify [FILE]
        tokenctl journal export [FILE] [--from DAY] [--to DAY] [--kind K ...] [--case ID]

        show prints the record: the last 20 lines, or --count lines from line --from (1 is
        the first; negative counts from the end). With --raw the lines stand byte for byte as
        they are in the file, so that sha256sum can judge them. It shows what there is and
        ends.

        verify checks every link of the chain: each line holds the SHA-256 of the one before.
        It prints the first line that does not fit and why. Without FILE the station checks
        its own journal; with FILE nothing but that file is needed. What a power cut left
        behind the last whole line is reported and is no damage.

        export gives lines out as they stand in the file, one JSON object a line: of a
        period (days at the counter, the last one counted, or moments as the lines have
        them), of kinds (restore.outcome, or restore for all of restore), of a case. Personal
        data never stand in the journal. What stands in the file and is no line of a journal
        comes too, its control characters written out. A part of it cannot be verified: for
        that, keep the file whole.

        Exit status of verify: 0 it holds; 6 it does not. Of export: 0 what was asked for was
        given out, though a period may have none of it; 1 the record has no such case, or there
        is no such kind.

        """,
        "commission": """
        tokenctl commission [READER] --technician NAME [OPTIONS]

        Tries a model on a token that may be lost, and writes its profile. It blocks that token
        on purpose: never take one that is somebody's. For each way of unblocking: wrong PINs
        until the token is locked, the unblocking code, the PIN with signatures that are held
        against the certificate, a cold reset; and the counters before and after each.
        Signatures after the last way are timed. What was found out goes into the profile:
        lengths and references as the token tells them, whether asking for the tries spends one,
        the ways that worked, and the times. For technicians with the right commission.

          --technician NAME  who answers for the result; it stands in the profile
          --way WAY          a way to try, of those that inspect shows (puk, so-pin, ...); more
                             than once for more, tried in that order; all of them if not said
          --wrong-pins N     wrong PINs that may be sent for each way at most, 1 to 15; as many
                             as the PIN has tries if not said and the token shows them
          --challenges N     signatures to time, 1 to 50; 20 if not said
          --name NAME        the profile's name; that of the profile the token fits if not said,
                             which is then written anew with its match
          --title TITLE      the model's name for people
          --serial N         the token's number, typed in; asked for if not said
          --out FILE         where the profile goes; NAME.json5 if not said; never over a file
          --yes              blocking it is decided on; else that is asked for

        A wrong PIN is drawn at random; should it be the right one, that is told and it ends.
        The station refuses a token whose certificate leads to a root that is installed and has
        not ended, one of an open case, and another than was typed in.

        At a terminal it asks, for each way, for the unblocking code, the PIN the token is to
        have afterwards (the old one where that stays), and the PIN again; nothing is shown.
        Where standard input is no terminal it takes from it one line each: unblocking code and
        PIN of the first way, of the second, and so on; then --serial and --yes are needed.

        ^C stops it before its next code. What went to the token stands in the journal.

        Exit status: 0 commissioned; 1 refused, failed or stopped; 2 something is not decided;
        5 a code was sent and its end is not known.

        EXAMPLE
          tokenctl commission --technician 'Trần Thị Lan' --way puk --name example

        """,
        "report": """
        tokenctl report [FILE] [--from DAY] [--to DAY] [--calendar FILE|FOLDER] [--csv|--html]

        Counts a period from the record: what was carried over, received and taken up again;
        what is done and open, in time or late; what it came to; the working days it took;
        reasons of refusal as they are written; restores by token family. By kind of request
        and by managing body; each total is the sum of its parts. docs/report.md says how each
        is counted. Nothing in it is about a person.

        Without FILE the station's record is read, for those who may read it (auditor,
        technician); with FILE, a journal, no station is needed, and one that does not hold is
        not counted. The station's own is counted as the station gives its lines out: whether
        it holds, tokenctl journal verify says.

          --from DAY, --to DAY  days at the counter, such as 2026-11-01, both counted; without
                                them all
          --calendar PATH       a calendar's file or folder, for due dates and working days;
                                without it the station's own, and where no station answers
                                \(WorkingCalendar.usualFolder)
          --csv                 one count a line: table, name, measure, count
          --html                one page in Vietnamese with charts, for the office
          --json                one document

        Exit status: 0 it was counted; 1 the file or the calendar cannot be read; 6 the file
        does not hold.

        EXAMPLES
          tokenctl report --from 2026-11-01 --to 2026-11-30
          tokenctl report --from 2026-11-01 --to 2026-11-30 --html > november.html
          tokenctl report /backup/journal.ndjson --csv > all.csv

        """,
        "profile": """
        tokenctl profile list
        tokenctl profile check FILE...

        list shows the profiles of token models that the station has loaded, and what each is
        worth: published, commissioned, provisional (its tokens are refused unless the right
        provisional is used: tokenctl restore --provisional) or refused.

        check reads files as the station would. Of a right one it says in plain words what it
        means; of another, every mistake: line and column, the key, what is wrong, and what may
        stand there. Files given together are also held against each other: two profiles that one
        token could fit, of which neither is the narrower, are a mistake. docs/profiles.md has
        every key. Of a file that a commissioning wrote it says whether it is as it was sealed,
        and, where a station answers, whether that was here. It needs no station and changes
        nothing.

        Exit status of check: 0 all are right; 1 one is not.

        EXAMPLE
          tokenctl profile check /etc/token-station/profiles/*.json5

        """,
        "calendar": """
        tokenctl calendar check FILE|FOLDER...
        tokenctl calendar show YEAR [--calendar FILE|FOLDER]
        tokenctl calendar due DATE... --days N [--calendar FILE|FOLDER]
        tokenctl calendar due DATE... --calendar-days N [--calendar FILE|FOLDER]

        Which days are worked stands in files that the office writes, one a year;
        docs/calendar.md has every key and how to change them. None of these needs a station or
        changes anything. Of a folder the files whose names end in .json5 are read.

        check reads files as the station would. Of a right one it says what it covers and which
        of its days are not confirmed; of another, every mistake: line and column, the key, what
        is wrong, and what may stand there. Files given together are also held against each
        other: days that two of them cover, and days between them that none does.

        show draws a year: . day of rest, * holiday, - swapped off, + worked instead, ? not
        confirmed; and below, each of these days by name.

        due says when a term ends. DATE is the day of receipt, or the time label of the document
        system ('2026-11-20 16:59'); it is not counted. A day of the term that is not confirmed
        is named: decided otherwise, the term would end on another day. A term that runs beyond
        what the calendar covers is an error, and never a guess.

          --days N              N working days (1 to 1000)
          --calendar-days N     N days of the calendar; a day of rest at their end gives way to
                                the next working day
          --calendar PATH       another calendar than \(WorkingCalendar.usualFolder)

        Exit status: 0 all are right, or the term ends on the day that is shown; 1 otherwise.

        EXAMPLES
          tokenctl calendar check /etc/token-station/calendars
          tokenctl calendar due 2026-11-23 --days 5

        """,
        "bodies": """
        tokenctl bodies check FILE...

        Reads tables of old and new names as the station would (docs/bodies.md). Of a right one
        it says what it holds; of another, every mistake: line and column, what is wrong and
        what to do. It needs no station and changes nothing.

        Exit status: 0 all are right; 1 one is not.

        EXAMPLE
          tokenctl bodies check /etc/token-station/bodies.json5

        """,
        "request": """
        tokenctl request check FILE [--bodies FILE]
        tokenctl request receive FILE [--accept RULE ...]
        tokenctl request complete ID FILE [--accept RULE ...]
        tokenctl request show ID [--whole]
        tokenctl request expired
        tokenctl request forget ID | --expired

        show prints a request with its cases. Of a personal number it shows the last three
        digits, and nothing of what officers wrote, unless --whole is said by somebody with the
        right personal. forget ID removes what the request said of people and what officers
        wrote in its cases, at once: its cases must be done and their notices gone, but no
        retention time is heeded, so when is for you to decide. The record stays and still
        verifies. expired lists the requests whose time is over (retention_days of the
        station's configuration), and forget --expired removes of those alone; a timer may do
        it.

        receive takes the requests of a file in. The station checks all of them first and
        again before each; where it finds anything, nothing more is taken in until every
        finding's rule is named by --accept (mail-not-office, say). A request that is not
        valid is then on record, and its term begins once it is completed. What is on record
        already stays once there: after a lost answer the same file can be given again.

        complete takes the one request of a file in again for a request that is incomplete,
        with what was missing: as many rows in the same order.

        check looks at a file, not at the station.
        Reads requests from a table (CSV) or JSON as the station would take them in, and says
        of each what keeps it from being valid and what a person should look at; of a file
        that cannot be read, every mistake with line and column. --bodies names the table of
        old and new names to hold them against. What is open at the station is not looked at.
        With --json, all that was read is shown, personal numbers too. docs/requests.md has
        the columns. It needs no station and changes nothing.

        Exit status of check: 0 all are valid; 1 one is not, or the file cannot be read. Of
        receive: 0 all are on record; 1 one is not.

        EXAMPLES
          tokenctl request check requests.csv --bodies /etc/token-station/bodies.json5
          tokenctl request receive requests.csv --accept mail-not-office

        """,
        "template": """
        tokenctl template check FILE|FOLDER...
        tokenctl template preview KIND [--templates FOLDER] [--office FILE] [--qr FILE]
                                  [--training]

        check reads the templates of papers as the station would, and says every mistake:
        file, line, column, what is wrong, and what to do about it. Of a folder it checks all,
        and that none is missing; a file is checked with the parts beside it.
        docs/templates.md has every paper and every placeholder.

        preview writes one paper with invented data to standard output, as HTML:

        \(Help.kinds)

          --templates FOLDER  instead of \(TemplateFile.usualFolder)
          --office FILE       instead of \(Office.usualFile)
          --qr FILE           a QR code, as qrencode -t SVG writes it
          --training          with the mark that papers of training bear

        Both need no station and change nothing. Exit status of check: 0 all are right; 1 one
        is not.

        EXAMPLES
          tokenctl template check /etc/token-station/templates
          tokenctl template preview receipt > receipt.html
          tokenctl template preview refusal | weasyprint - refusal.pdf

        """,
        "office": """
        tokenctl office check FILE

        Reads the office's file as the station would: who writes the papers, who signs them,
        and on what legal bases. Of a right one it says what it means, and which bases are
        cited where: a draft never is. Of another, every mistake: line and column, the key,
        what is wrong, and what may stand there. docs/office.md has every key. It needs no
        station and changes nothing.

        Exit status: 0 it is right; 1 it is not.

        EXAMPLE
          tokenctl office check /etc/token-station/office.json5

        """,
        "officer": """
        tokenctl officer list
        tokenctl officer check FILE
        tokenctl officer password

        list shows who may sign in at the station and by what, and which roles and rights
        count only under a sign-in.

        check reads the list of officers as the station would: who may sign in, by what, and
        for which roles and rights. Of a right one it says what it means; of another, every
        mistake: line and column, the key, what is wrong, and what may stand there.
        docs/officers.md has every key.

        password asks for a new password, twice at a terminal, and prints what belongs under
        "password" in that list: its hash by scrypt, from which nobody gets the password.
        Without a terminal it takes the first line of standard input. Standard output has the
        hash alone, for scripts; what to do with the line is said on standard error, where that
        is a terminal. A password has 8 to 64 bytes. Neither check nor password needs a station
        or changes anything.

        Any command signs in first where --officer ID (password) or --officer-token READER
        (the officer's own token) is given, and is signed off at its end: the record then names
        the officer. A wrong PIN costs one try of the token; its last is never spent.

        Exit status: 0 it is right; 1 it is not; 2 the password is too short or too long, or
        was not entered twice alike.

        EXAMPLE
          tokenctl officer check /etc/token-station/officers.json5
          tokenctl --officer lan case close 2026-000017 --reason 'Withdrawn by the sender'

        """,
        "doctor": """
        tokenctl doctor

        Looks at what a station needs, from the outside: the socket and who may use it, you
        and your groups, the service, pcscd, the configuration, locked memory, and a virtual
        reader driver listening on an office box; the udev rules; and each reader on USB:
        whether both the station and pcscd would claim it, or none of them, who has it open,
        and whether it may be put to sleep. Then the station is asked for what it finds from
        the inside, if it answers and you are a technician to it. Each thing that is wrong
        comes with what to do. It executes no program and changes nothing. Root sees who has a
        reader open; others only among their own programs.

        Exit status: 0 nothing is wrong (warnings are no fault); 1 something is.

        """,
        "interface": """
        tokenctl interface [NAME]
        tokenctl interface --markdown

        The socket's interfaces as this program knows them: all their texts, or the one of
        that name (vn.tokenstation.Restore, or Restore for short). With --markdown the whole
        of docs/socket.md: how to connect, who may do what, a restore step by step, and every
        method, type and error. It needs no station.

        """,
        "completion": """
        tokenctl completion bash|zsh

        A script by which that shell completes commands, options and files behind tokenctl. The
        package installs both; elsewhere:

          . <(tokenctl completion bash)

        """,
        "version": """
        tokenctl version

        The version of this program, and that of the station if one answers.

        """,
        "help": """
        tokenctl help [COMMAND]

        The page of a command, or the general one.

        """,
    ]
}

extension Help {
    /// The kinds of papers, one a line.
    fileprivate static var kinds: String {
        DocumentKind.allCases.map { kind in
            let gap = String(repeating: " ", count: 20 - kind.rawValue.count)
            return "  \(kind.rawValue)\(gap)\(kind.title)"
        }.joined(separator: "\n")
    }
}
