import Foundation
import JSON
import StationInterface
import Testing

@testable import TokenCtl

private func lines(_ width: Int? = nil, _ fill: (inout Page) -> Void) -> [String] {
    var page = Page(width: width)
    fill(&page)
    return page.lines.map(\.text)
}

@Suite struct IncompleteCaseTests {
    private func found(_ state: String, _ request: String) -> Station.Case {
        Station.Case(
            number: "2026-000001", request: request, kind: "restore", requestNumber: "12/UBND",
            managingBody: "UBND", deviceNumber: "1", holder: nil, opened: "", state: state,
            restore: nil)
    }

    @Test func whereWhatIsMissingStandsIsSaidOnceARequest() {
        let due = lines { page in
            page.add(due: [
                found("incomplete", "R2026-000007"), found("incomplete", "R2026-000007"),
                found("open", "R2026-000008"), found("incomplete", "R2026-000009"),
            ])
        }
        #expect(due.filter { $0.contains("request show") }.count == 2)
        #expect(due.contains("What R2026-000007 lacks: tokenctl request show R2026-000007"))
        let one = lines { $0.add(found("incomplete", "R2026-000007")) }
        #expect(one.contains { $0.contains("see tokenctl request show R2026-000007") })
        let open = lines { $0.add(found("open", "R2026-000007")) }
        #expect(!open.contains { $0.contains("request show") })
    }

    @Test func allOfWhatIsMissingIsTold() {
        let codes = (1...20).map { "devices[\($0)].mail:mail-private" }
        let shown = lines { page in
            page.add(
                Station.RequestShown(
                    request: "R2026-000007", recorded: "", validSince: nil, missing: codes,
                    form: nil, cases: []))
        }
        for code in codes { #expect(shown.contains { $0.contains(code) }) }
    }
}

@Suite struct VisibleTests {
    @Test(arguments: [
        ("Trần Văn Bình", "Trần Văn Bình"),
        ("a\u{1B}[31mb", "a\\u{1B}[31mb"),
        ("a\u{07}\n\r\tb", "a\\u{7}\\u{A}\\u{D}\\u{9}b"),
        ("a\u{9B}2Jb\u{7F}", "a\\u{9B}2Jb\\u{7F}"),
        ("a\u{202E}b\u{200B}c\u{FEFF}", "a\\u{202E}b\\u{200B}c\\u{FEFF}"),
        ("e\u{301}", "e\u{301}"),
    ])
    func whatCouldDriveATerminalIsSpeltOut(_ text: String, _ shown: String) {
        #expect(visible(text) == shown)
        #expect(TextLine(text).text == shown)
        #expect(visible(shown) == shown)
    }

    @Test(arguments: ["a\u{1B}[31mb", "\u{9B}\u{202E}\u{E0001}", "plain", "Trần"])
    func jsonStaysTheSameDocument(_ text: String) throws {
        let document = try #require(
            String(data: JSONSerialization.data(withJSONObject: [text]), encoding: .utf8))
        let shown = visibleJSON(document)
        let isTreacherous = shown.unicodeScalars.contains { $0.isTreacherous }
        #expect(!isTreacherous)
        let back = try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String]
        #expect(back == [text])
    }

    @Test func everyPieceOfAPageIsMadeVisible() {
        let evil = "x\u{1B}]0;y\u{07}\n"
        let shown = lines {
            $0.text(evil)
            $0.title(evil)
            $0.field("label", evil)
            $0.table(["A"], [[(evil, .good)]])
            $0.add(journalLine: "{\"seq\":1,\"kind\":\"k\",\"what\":{\"a\":\"\\u001b\"}}")
            $0.add(journalLine: evil)
        }
        #expect(shown.count == 7)
        for line in shown {
            let isTreacherous = line.unicodeScalars.contains { $0.isTreacherous }
            #expect(!isTreacherous, "\(line)")
        }
    }
}

@Suite struct PageTests {
    @Test func longValuesGoOnUnderTheValue() {
        #expect(
            lines(30) { $0.field("label", "one two three four", column: 14) } == [
                "  label         one two three", "                four",
            ])
        #expect(lines { $0.field("label", "one two", column: 8) } == ["  label   one two"])
    }

    @Test func wordsLongerThanTheLineStandAlone() {
        #expect(wrapped("a bbbbbbbb c", 4) == ["a", "bbbbbbbb", "c"])
        #expect(wrapped("", 4) == [""])
    }

    @Test func tablesAreAlignedByCharacters() {
        #expect(
            lines {
                $0.table(
                    ["A", "B"],
                    [[("ệệệ", .plain), ("1", .plain)], [("x", .plain), ("22", .plain)]])
            }
                == ["A    B", "ệệệ  1", "x    22"])
    }

    @Test(arguments: [
        (0, 0, "0"), (1, 1, "1"), (0, 1, "0 or 1"), (0, 3, "0 to 3"),
    ])
    func triesSpentAreWhatIsKnown(_ least: Int, _ most: Int, _ words: String) {
        #expect(Words.spent(Station.Spent(least: least, most: most)) == words)
    }

    @Test func counters() {
        #expect(Words.left(nil) == "unknown")
        #expect(Words.left(nil, of: 3) == "unknown")
        #expect(Words.left(2, of: 3) == "2 of 3")
        #expect(Words.left(2) == "2")
        #expect(Words.left(0, of: 3) == "0 of 3 (blocked)")
    }

    @Test(
        "people read the counter's clock, and how far it is from UTC",
        arguments: [
            ("2026-11-21T03:40:00.123Z", "2026-11-21 10:40:00 +07:00"),
            ("2026-12-31T17:00:00Z", "2027-01-01 00:00:00 +07:00"),
            ("2026-11-21T03:40:00+07:00", "2026-11-21T03:40:00+07:00"), ("", ""), ("soon", "soon"),
        ])
    func moments(_ text: String, _ words: String) {
        #expect(Words.moment(text) == words)
    }

    @Test(arguments: [(7, "7 µs"), (1250, "1.2 ms"), (2_570_000, "2.5 s")])
    func times(_ microseconds: Int, _ words: String) {
        #expect(Words.time(microseconds: microseconds) == words)
    }
}

private func result(_ outcome: Station.Result.Outcome?) -> Station.Result {
    Station.Result(
        restore: "r-1", caseNumber: "2026-000001", reader: "R", deviceNumber: "7",
        state: outcome == nil ? .overdue : .finished, outcome: outcome, reason: "why",
        step: "unblock", pinSpent: Station.Spent(least: 0, most: 0),
        unblockingSpent: Station.Spent(least: 0, most: 1), pinLeft: 0, unblockingLeft: nil,
        message: "What happened.", next: "What to do.", journalSequence: 9,
        journalHead: "0123456789abcdef0123")
}

@Suite struct RenderTests {
    @Test func aResultSaysStepTriesAndWhatToDo() {
        #expect(
            lines { $0.add(result(.unknown)) } == [
                "Restore r-1: its end is unknown",
                "  token              7",
                "  case               2026-000001",
                "  step               unblock",
                "  reason             why",
                "  tries spent        unblocking code 0 or 1, PIN 0",
                "  tries left         unblocking code unknown, PIN 0 (blocked)",
                "  journal            line 9, 0123456789abcdef",
                "",
                "What happened.",
                "Next: What to do.",
            ])
    }

    @Test(arguments: [
        (Station.Result.Outcome?.some(.restored), ExitCode.good), (.some(.failed), .failed),
        (.some(.refused), .failed), (.some(.unknown), .attention),
        (.some(.unblockedUnproven), .attention), (nil, .attention),
    ])
    func outcomesHaveTheirExitCode(_ outcome: Station.Result.Outcome?, _ status: ExitCode) {
        #expect(ExitCode(result(outcome)) == status)
    }

    @Test func anErrorWithAnAccountShowsIt() {
        let account = Station.Account(
            step: "read", pinSpent: Station.Spent(least: 0, most: 0),
            unblockingSpent: Station.Spent(least: 0, most: 0), pinLeft: 3, unblockingLeft: nil)
        let error = StationError.token(
            .fault, "R", account: account, status: "6F00", "The token refused.", next: "Inspect it."
        )
        #expect(
            lines { $0.add(.station(error, [:])) } == [
                "The token refused.",
                "  step               read",
                "  tries spent        unblocking code 0, PIN 0",
                "  tries left         unblocking code unknown, PIN 3",
                "  status word        6F00",
                "Next: Inspect it.",
            ])
    }

    @Test func readersThatChangedAreNamed() {
        func reader(_ name: String, _ state: Station.Reader.State, _ insertion: Int = 0)
            -> Station.Reader
        {
            Station.Reader(name: name, path: .pcsc, state: state, insertion: insertion)
        }
        let before = [reader("A", .empty), reader("B", .present, 4), reader("C", .empty)]
        let after = [reader("A", .present, 1), reader("C", .empty), reader("D", .empty)]
        #expect(
            lines { $0.add(after, since: before) } == [
                "A  present, card 1", "D  is new: empty", "B  is gone",
            ])
    }

    @Test func theOnlyReaderWithATokenIsFound() throws {
        func reader(_ name: String, _ state: Station.Reader.State) -> Station.Reader {
            Station.Reader(name: name, path: .pcsc, state: state, insertion: 0)
        }
        #expect(try Run.onlyReader([reader("A", .empty), reader("B", .present)]) == "B")
        #expect(try Run.onlyReader([reader("A", .busy), reader("B", .present)]) == "B")
        #expect(try Run.onlyReader([reader("A", .stuck), reader("B", .empty)]) == "A")
        #expect(throws: Failure.self) { try Run.onlyReader([]) }
        #expect(throws: Failure.self) { try Run.onlyReader([reader("A", .empty)]) }
        #expect(throws: Failure.self) {
            try Run.onlyReader([reader("A", .present), reader("B", .present)])
        }
    }

    @Test(arguments: [
        (0, "j holds: it has no lines yet."),
        (1, "j holds: its one line is as it was written."),
        (2, "j holds: all 2 lines are linked, each to the one before it."),
    ])
    func aGoodJournalIsSaidInASentence(_ count: Int, _ words: String) {
        let verified = Station.JournalVerified(
            good: true, lines: count, hash: "00", tornBytes: 1, firstBad: nil, reason: nil)
        let shown = lines { $0.add(verified, what: "j") }
        #expect(shown[0] == words)
        #expect(shown[2].hasPrefix("  behind the end     1 byte of a line"))
    }

    @Test(arguments: [
        (StationError.CodeField.newPIN, "  new PIN            6 to 8 digits"),
        (.unblockingCode, "  unblocking code    6 to 8 digits"),
    ])
    func aCodeThatDoesNotFitIsNamedWithItsRule(_ which: StationError.CodeField, _ words: String) {
        let error = StationError.codeUnfit(
            "r-1", which, reason: "too_short",
            rule: Station.CodeRule(minimum: 6, maximum: 8, characters: .digits), "Too short.",
            next: "Choose another.")
        #expect(
            lines { $0.add(.station(error, [:])) } == [
                "Too short.", words, "Next: Choose another.",
            ])
    }

    @Test func aDamagedJournalNamesTheLine() {
        let verified = Station.JournalVerified(
            good: false, lines: 3, hash: "00", tornBytes: 0, firstBad: 4,
            reason: "line 4 is no journal line")
        let shown = lines { $0.add(verified, what: "j") }
        #expect(shown[0] == "j does NOT hold.")
        #expect(shown.contains("  first bad line     4"))
        #expect(shown.contains("  reason             line 4 is no journal line"))
    }

    @Test func coloursAreOnlyForThoseWhoAsk() {
        let line = TextLine("bad", .bad)
        #expect(line.coloured() == "\u{1B}[1;31mbad\u{1B}[0m")
        #expect(line.text == "bad")
    }
}

@Suite struct CommissionDecisionTests {
    @Test(arguments: [
        ("12", nil, "serial number, as it stands on the one that may be lost"),
        ("12", "ab", "serial number, as it stands on the one that may be lost"),
        (nil, "ab", "no serial number. Type its GUID"), (nil, nil, "no serial number. Type its n"),
    ] as [(String?, String?, String)])
    func theNumberToBeTypedIsNamed(_ serial: String?, _ guid: String?, _ words: String) throws {
        let rule = Station.CodeRule(minimum: 6, maximum: 8, characters: .digits)
        let counter = Station.Counter(left: 3, limit: 3)
        let token = Station.Token(
            reader: "r", insertion: 1, family: "piv", model: "PIV", serial: serial, guid: guid,
            deviceNumbers: [], certificates: [], pin: counter, unblockingCode: counter,
            pinRule: rule, unblockingCodeRule: rule,
            ways: [
                Station.UnblockingWay(
                    form: "puk", setsNewPIN: true, counter: counter, rule: rule, obstacle: nil)
            ],
            pad: nil, profile: nil, locked: false, help: .notLocked, reasons: [], advice: "")
        var order = CommissionOrder(technician: "lan")
        order.name = "piv"
        #expect(try CommissionDecision(order, token).askedNumber.contains(words))
    }
}

@Suite struct FailureTests {
    @Test(arguments: [
        (Failure.notRunning(path: "/s"), ExitCode.notReachable, "tokenctl.NotReachable"),
        (.notAccepting(path: "/s"), .notReachable, "tokenctl.NotAccepting"),
        (.forbidden(path: "/s"), .permissionDenied, "tokenctl.Forbidden"),
        (.broken("x"), .notReachable, "tokenctl.ConnectionBroken"),
        (
            .service("org.varlink.service.PermissionDenied", [:]), .permissionDenied,
            "org.varlink.service.PermissionDenied"
        ),
        (
            .service("org.varlink.service.MethodNotFound", ["method": "x"]), .failed,
            "org.varlink.service.MethodNotFound"
        ),
        (.outOfTouch("r-1"), .attention, "tokenctl.OutOfTouch"),
        (Failure(.interrupted), .failed, "tokenctl.Cancelled"),
        (Failure(.ended), .usage, "tokenctl.CodesUnread"),
        (Failure(.tooLong), .usage, "tokenctl.CodesUnread"),
    ])
    func eachHasItsExitCodeAndItsName(_ failure: Failure, _ exit: ExitCode, _ name: String) {
        #expect(failure.exit == exit)
        #expect(failure.document["error"]?.string == name)
        #expect(!failure.message.isEmpty && !failure.next.isEmpty)
    }

    @Test(arguments: [
        (
            Failure.station(
                .signInRequired("M", "m", next: "Sign in (Officers.SignIn)."), [:]),
            "Sign in for it: tokenctl --officer ID COMMAND."
        ),
        (
            .service("org.varlink.service.PermissionDenied", [:]),
            "sudo adduser NAME token-counter (or token-technician, token-auditor), then log in "
                + "again. tokenctl doctor shows your roles; an officer's stand in the list of "
                + "officers."
        ),
        (.broken("x"), "Run tokenctl doctor: it says what is wrong."),
    ])
    func whatIsToBeDoneIsSaidInTokenctlsOwnWords(_ failure: Failure, _ next: String) {
        #expect(lines { $0.add(failure) }.last == "Next: " + next)
    }

    @Test func onlyErrorsWithACodeOutstandingWantAttention() {
        #expect(Failure.station(.ended(.outcomeUnknown, result(.unknown)), [:]).exit == .attention)
        #expect(Failure.station(.ended(.failed, result(.failed)), [:]).exit == .failed)
        #expect(Failure.station(.noToken("R", "m", next: "n"), [:]).exit == .failed)
    }
}
