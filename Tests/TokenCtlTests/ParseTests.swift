import Casework
import Expectations
import Paperwork
import Testing
import WorkingDays

@testable import TokenCtl

/// Splits at blanks; a word in single quotes may have some.
private func words(_ line: String) -> [String] {
    var words: [String] = []
    var word: String? = nil
    var isQuoted = false
    for character in line {
        switch character {
        case "'":
            isQuoted.toggle()
            word = word ?? ""
        case " " where !isQuoted:
            if let done = word { words.append(done) }
            word = nil
        default: word = (word ?? "") + String(character)
        }
    }
    if let word { words.append(word) }
    return words
}

struct Understood: Sendable, CustomTestStringConvertible {
    let line: String
    let invocation: Invocation
    init(_ line: String, _ command: Command) {
        self.line = line
        invocation = Invocation(command: command)
    }
    init(_ line: String, _ invocation: Invocation) {
        self.line = line
        self.invocation = invocation
    }
    var testDescription: String { line }
}

private let request = CaseOrder(
    requestNumber: "45/SYT", managingBody: "Sở Y tế", holder: "Bình", deviceNumber: "7")
private let requestWords = "--request 45/SYT --body 'Sở Y tế' --holder Bình --device 7"

@Suite struct ParseTests {
    @Test func anOfficerSignsInForAnyCommandOneWay() throws {
        #expect(
            try Invocation(["case", "due", "--officer", "lan"]).signIn == .password(officer: "lan"))
        #expect(
            try Invocation(["--officer-token=R 1", "status"]).signIn == .token(reader: "R 1"))
        #expect(try Invocation(["status"]).signIn == nil)
        #expect(throws: UsageError.self) {
            try Invocation(["status", "--officer", "lan", "--officer-token", "R"])
        }
        #expect(throws: UsageError.self) { try Invocation(["status", "--password", "x"]) }
    }

    private static let understood: [Understood] = [
        Understood("status", .status),
        Understood("readers", .readers),
        Understood("watch", .watch),
        Understood("doctor", .doctor),
        Understood("version", .version),
        Understood("--version", .version),
        Understood("inspect", .inspect(reader: nil)),
        Understood("inspect 'Virtual PCD 00 00'", .inspect(reader: "Virtual PCD 00 00")),
        Understood("inspect -- --odd", .inspect(reader: "--odd")),
        Understood("reader R", .reader(ReaderOrder(reader: "R"))),
        Understood("reader R --measure 5", .reader(ReaderOrder(reader: "R", measure: 5))),
        Understood("reader R --give pcsc", .reader(ReaderOrder(reader: "R", give: .pcsc))),
        Understood(
            "reader 1-2.1 --give raw --this-one --rules ./f",
            .reader(
                ReaderOrder(reader: "1-2.1", give: .raw, thisOne: true, rules: "./f"))),
        Understood(
            "restore --case 2026-000001",
            .restore(RestoreOrder(subject: .existing("2026-000001")))),
        Understood(
            "restore R \(requestWords) --pin-forgotten --compared body --compared mail --last-try",
            .restore(
                RestoreOrder(
                    subject: .new(request), reader: "R", pinForgotten: true,
                    compared: ["body", "mail"], lastTry: true))),
        Understood("restores", .listRestores),
        Understood("restores list", .listRestores),
        Understood("restores follow r-1", .followRestore("r-1")),
        Understood("restores cancel r-1", .cancelRestore("r-1")),
        Understood("check-key", .checkKey(KeyCheckOrder())),
        Understood("check-key R --at-pad", .checkKey(KeyCheckOrder(reader: "R", atPad: true))),
        Understood(
            "check-key --challenges 50", .checkKey(KeyCheckOrder(challenges: 50))),
        Understood("timing", .timing(reader: nil, challenges: 20, atPad: false)),
        Understood(
            "timing R --at-pad --challenges=7", .timing(reader: "R", challenges: 7, atPad: true)),
        Understood(
            "check-key R --restore r-1", .checkKey(KeyCheckOrder(reader: "R", restore: "r-1"))),
        Understood(
            "commission --technician Lan", .commission(CommissionOrder(technician: "Lan"))),
        Understood(
            "commission R --technician Lan --way puk --way so-pin --serial 7 --name n --title T "
                + "--wrong-pins 5 --challenges 9 --out f --yes",
            .commission(
                CommissionOrder(
                    reader: "R", technician: "Lan", ways: ["puk", "so-pin"], serial: "7",
                    name: "n", title: "T", wrongPINs: 5, challenges: 9, file: "f",
                    isDecided: true))),
        Understood("apdu 00F80000", .apdu(ExchangeOrder(command: "00F80000"))),
        Understood(
            "apdu R 00f8000000 --aid A000000308 --serial 7",
            .apdu(
                ExchangeOrder(reader: "R", command: "00f8000000", aid: "A000000308", serial: "7"))),
        Understood("apdu -", .apdu(ExchangeOrder(command: nil))),
        Understood("case open \(requestWords)", .openCase(request)),
        Understood("case list", .listCases(openOnly: true)),
        Understood("case list --all", .listCases(openOnly: false)),
        Understood("case show 7", .showCase("7")),
        Understood("case history 7", .showHistory("7")),
        Understood(
            "case refuse 7 --reason a --reason 'b c'", .refuseCase("7", reasons: ["a", "b c"])),
        Understood("case close 7 --reason=done", .closeCase("7", reason: "done")),
        Understood("journal show", .showJournal(JournalOrder())),
        Understood(
            "journal show --from -5 --count 3 --raw",
            .showJournal(JournalOrder(from: -5, count: 3, raw: true))),
        Understood("journal verify", .verifyJournal(file: nil)),
        Understood("journal verify ./j", .verifyJournal(file: "./j")),
        Understood("bodies check a.json5", .checkBodies(["a.json5"])),
        Understood("officer check a.json5", .checkOfficers("a.json5")),
        Understood("officer password", .hashPassword),
        Understood("officer list", .listOfficers),
        Understood("request check a.csv", .checkRequests(file: "a.csv", bodies: nil)),
        Understood(
            "request check a.csv --bodies b.json5",
            .checkRequests(file: "a.csv", bodies: "b.json5")),
        Understood("journal export", .exportJournal(ExportOrder())),
        Understood(
            "journal export ./j --from 2026-11-01 --to 2026-11-30 --kind restore --kind case.closed "
                + "--case 2026-000001",
            .exportJournal(
                ExportOrder(
                    from: Timestamp("2026-10-31T17:00:00.000Z"),
                    to: Timestamp("2026-11-30T16:59:59.999Z"),
                    kinds: ["restore", "case.closed"], caseNumber: "2026-000001", file: "./j"))),
        Understood("report", .report(ReportOrder())),
        Understood(
            "report ./j --from 2026-11-01 --to 2026-11-30 --calendar c --html",
            .report(
                ReportOrder(
                    file: "./j", from: CivilDate("2026-11-01"), to: CivilDate("2026-11-30"),
                    calendar: "c", form: .page))),
        Understood("report --csv", .report(ReportOrder(form: .csv))),
        Understood("profile list", .listProfiles),
        Understood("template check a b/", .checkTemplates(["a", "b/"])),
        Understood("template preview refusal", .previewTemplate(PreviewOrder(kind: .refusal))),
        Understood(
            "template preview form-07 --templates a --office b --qr c --training",
            .previewTemplate(
                PreviewOrder(
                    kind: .form07, templates: "a", office: "b", qr: "c", isTraining: true))),
        Understood("office check a.json5", .checkOffice("a.json5")),
        Understood("profile check a.json5 ./b", .checkProfiles(["a.json5", "./b"])),
        Understood("interface", .interface(name: nil)),
        Understood("interface Restore", .interface(name: "Restore")),
        Understood("interface --markdown", .socketDocument),
        Understood("calendar check a b", .checkCalendars(["a", "b"])),
        Understood(
            "calendar show 2026",
            .showCalendar(year: 2026, path: "/etc/token-station/calendars")),
        Understood("calendar show 2026 --calendar f", .showCalendar(year: 2026, path: "f")),
        Understood(
            "calendar due 2026-11-23 '2026-11-20 16:59' --days 5 --calendar f",
            .dueDates(
                TermOrder(
                    received: ["2026-11-23", "2026-11-20"].compactMap { CivilDate($0) }, days: 5,
                    path: "f"))),
        Understood(
            "calendar due 2026-11-23 --calendar-days 30 --calendar f",
            .dueDates(
                TermOrder(
                    received: ["2026-11-23"].compactMap { CivilDate($0) }, days: 30,
                    countsAllDays: true, path: "f"))),
        Understood("help", .help(nil)),
        Understood("--help", .help(nil)),
        Understood("-h", .help(nil)),
        Understood("help restore", .help("restore")),
        Understood("case due", .listDue),
        Understood("case route C hsm", .routeCase("C", carrier: "hsm")),
        Understood("case record C", .recordCase("C")),
        Understood(
            "case notice C --to provider --reference 45/SKHCN",
            .sendNotice("C", to: "provider", reference: "45/SKHCN")),
        Understood("request show R --whole", .showRequest("R", whole: true)),
        Understood("request forget R", .removePersonal("R")),
        Understood("request forget --expired", .removeExpired),
        Understood("request expired", .listExpired),
        Understood(
            "request complete R a.json --accept missing",
            .receiveRequests(
                ReceiveOrder(file: "a.json", accepted: ["missing"], completing: "R"))),
        Understood(
            "restore R --case C --approve-by hai",
            .restore(
                RestoreOrder(
                    subject: .existing("C"), reader: "R", approver: .password(officer: "hai")))),
        Understood(
            "restore R --case C --approve-token S",
            .restore(
                RestoreOrder(
                    subject: .existing("C"), reader: "R", approver: .token(reader: "S")))),
        Understood("request receive a.csv", .receiveRequests(ReceiveOrder(file: "a.csv"))),
        Understood(
            "request receive a.json --accept device-unusual --accept missing",
            .receiveRequests(
                ReceiveOrder(file: "a.json", accepted: ["device-unusual", "missing"]))),
        Understood(
            "case paper C receipt",
            .fetchPaper(PaperOrder(caseNumber: "C", paper: "receipt"))),
        Understood(
            "case paper C receipt --out r.html --force --qr q.svg",
            .fetchPaper(
                PaperOrder(
                    caseNumber: "C", paper: "receipt", file: "r.html", replaces: true,
                    qr: "q.svg"))),
        Understood(
            "check-key R --case C --compared mail",
            .checkKey(KeyCheckOrder(reader: "R", caseNumber: "C", compared: ["mail"]))),
        Understood("inspect R --case C", .inspect(reader: "R", caseNumber: "C")),
        Understood("help case open", .help("case")),
        Understood("restore --help", .help("restore")),
        Understood("case --help", .help("case")),
        Understood("case refuse --help", .help("case refuse")),
        Understood(
            "--json --socket /s --timeout 5 status",
            Invocation(command: .status, socket: "/s", json: true, timeout: 5)),
        Understood(
            "status --timeout=5 --socket=/s --json",
            Invocation(command: .status, socket: "/s", json: true, timeout: 5)),
    ]

    @Test(arguments: understood)
    func commandLinesAreUnderstood(_ row: Understood) throws {
        #expect(try Invocation(words(row.line)) == row.invocation)
    }

    private static let mistakes: [(line: String, message: String, command: String?)] = [
        ("", "no command", nil),
        ("frobnicate", "there is no command \"frobnicate\"", nil),
        (
            "case",
            "case needs a word more: open, list, show, history, due, route, record, notice, "
                + "paper, refuse or close",
            "case"
        ),
        ("journal", "journal needs a word more: show, verify or export", "journal"),
        ("profile", "profile needs a word more: list or check", "profile"),
        ("profile check", "profile check needs a FILE", "profile check"),
        ("template check", "template check needs a FILE or FOLDER", "template check"),
        ("template preview", "template preview needs the KIND of a paper", "template preview"),
        (
            "template preview letter",
            "there is no paper \"letter\", only "
                + DocumentKind.allCases.map(\.rawValue).joined(separator: ", "),
            "template preview"
        ),
        ("office check", "office check needs a FILE", "office check"),
        (
            "case eat 7",
            "case cannot \"eat\", only open, list, show, history, due, route, record, notice, "
                + "paper, refuse or close",
            "case"
        ),
        ("status now", "one word too many: \"now\"", "status"),
        ("case show", "needs one word more", "case show"),
        ("case show 7 8", "one word too many: \"8\"", "case show"),
        ("status --colour", "status has no option --colour", "status"),
        ("status --json=yes", "--json takes no value", "status"),
        ("status --socket", "--socket needs a value", "status"),
        ("status --socket=", "--socket needs a value", "status"),
        ("status --socket a --socket b", "--socket is given twice", "status"),
        ("status --timeout 0", "--timeout is whole seconds", "status"),
        ("status --timeout soon", "--timeout is whole seconds", "status"),
        ("restore", "a restore needs its case", "restore"),
        ("commission R", "a commissioning needs --technician", "commission"),
        (
            "commission --technician L --wrong-pins 16", "--wrong-pins is how many, from 1 to 15",
            "commission"
        ),
        ("restore --case 1 --holder Bình", "--holder is of a new one", "restore"),
        ("restore --request 1 --body b --holder h", "needs --device", "restore"),
        ("restore --pin 123456", "a code is never an argument", "restore"),
        ("restore --case 1 --puk=12345678", "a code is never an argument", "restore"),
        ("timing --challenges 0", "--challenges is how many signatures, from 1 to 50", "timing"),
        ("check-key --challenges x", "--challenges is how many signatures", "check-key"),
        ("check-key --pin=123456", "a code is never an argument", "check-key"),
        ("--bogus", "there is no option --bogus", nil),
        ("--json", "no command was given", nil),
        ("reader", "reader needs the NAME of a reader", "reader"),
        ("reader R --measure 0", "from 1 to 1000", "reader"),
        ("reader R --measure 1001", "from 1 to 1000", "reader"),
        ("reader R --give me", "raw or pcsc", "reader"),
        ("reader R --this-one", "belongs to --give", "reader"),
        ("reader R --rules f", "belongs to --give", "reader"),
        ("reader R --give raw --measure 3", "one at a time", "reader"),
        ("apdu", "needs one word more", "apdu"),
        ("apdu 00F8", "4 to 128 bytes", "apdu"),
        ("apdu 00F800001", "4 to 128 bytes", "apdu"),
        ("apdu 00F8000G", "4 to 128 bytes", "apdu"),
        ("apdu R 'some thing'", "4 to 128 bytes", "apdu"),
        ("case refuse 7", "needs a --reason", "case refuse"),
        ("case close 7 --reason a --reason b", "--reason is given twice", "case close"),
        ("case paper C", "case paper needs an ID and a KIND of paper", "case paper"),
        ("case paper C receipt --force", "--force belongs to --out", "case paper"),
        ("request receive", "request receive needs a FILE", "request receive"),
        ("request receive F --accept nonsense", "no finding has the rule", "request receive"),
        ("request complete R F --accept mising", "did you mean missing?", "request complete"),
        ("journal show --count 0", "--count is how many", "journal show"),
        ("journal show --from x", "--from is the number", "journal show"),
        ("journal export --to 2026-02-30", "--to is a day such as", "journal export"),
        ("journal export --from 2026-02-02 --to 2026-02-01", "--to is before", "journal export"),
        ("report --from today", "--from is a day such as", "report"),
        ("report --from 2026-11-02 --to 2026-11-01", "--to is before --from", "report"),
        ("report --csv --html", "--csv and --html are two forms", "report"),
        ("report --html --json", "are two forms", "report"),
        ("journal show --follow", "has no option --follow", "journal show"),
        ("interface Restore --markdown", "name none", "interface"),
        ("calendar", "calendar needs a word more: check, show or due", "calendar"),
        ("calendar check", "calendar check needs a FILE or FOLDER", "calendar check"),
        ("calendar show", "calendar show needs a YEAR", "calendar show"),
        ("calendar show soon", "a year is 1 to 9999, not \"soon\"", "calendar show"),
        ("calendar due 2026-02-30 --days 1", "\"2026-02-30\" is no day", "calendar due"),
        ("calendar due 2026-02-03", "a term needs --days N", "calendar due"),
        (
            "calendar due 2026-02-03 --days 1 --calendar-days 1", "and not both", "calendar due"
        ),
        ("calendar due 2026-02-03 --days 0", "a term is 1 to 1000 days", "calendar due"),
        ("help frobnicate", "there is no command", nil),
    ]

    @Test(arguments: mistakes)
    func mistakesAreNamed(_ line: String, _ message: String, _ command: String?) {
        let error = caught(UsageError.self) { try Invocation(words(line)) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.command == command)
    }

    @Test func aCodeGivenAsAnArgumentIsNotRepeated() {
        let error = caught(UsageError.self) {
            try Invocation(["restore", "--case", "1", "--pin", "123456"])
        }
        #expect(error?.message.contains("123456") == false)
    }

    @Test func theEnvironmentNamesTheSocketUnlessAnOptionDoes() throws {
        #expect(try Invocation(["status"], environmentSocket: "/e").socket == "/e")
        #expect(try Invocation(["status"], environmentSocket: "").socket == nil)
        #expect(
            try Invocation(["status", "--socket", "/o"], environmentSocket: "/e").socket == "/o")
    }
}

@Suite struct HelpTests {
    @Test(arguments: CommandShape.all.map(\.name))
    func everyCommandHasAPageWithAllItsOptions(_ name: String) throws {
        let shape = try #require(CommandShape.all.first { $0.name == name })
        let page = Help.page(name)
        #expect(page != Help.general)
        #expect(page.contains("tokenctl \(name.split(separator: " ")[0])"))
        for option in shape.values + shape.lists + shape.flags {
            #expect(page.contains(option), "\(option) is missing in the page of \(name)")
        }
    }

    @Test func thePagesFitATerminal() {
        for page in [Help.general] + Help.pages.values {
            for line in page.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
        }
    }

    /// The commands that the general page's lines begin with: `case open|list` are two.
    private static let named: [String] = Help.general.split(separator: "\n").flatMap { line in
        let words = line.split(separator: " ", maxSplits: 2)
        guard line.hasPrefix("  "), !line.hasPrefix("   "), let first = words.first else {
            return [String]()
        }
        let isGroup = CommandShape.groups.contains { $0.name == first }
        guard isGroup, words.count > 1 else { return [String(first)] }
        return words[1].split(whereSeparator: { "|[]".contains($0) }).map { "\(first) \($0)" }
    }

    @Test func theGeneralPageNamesEveryCommandAndExitCode() {
        let all = Set(CommandShape.all.map(\.name)).subtracting(["help"])
        #expect(all.subtracting(Self.named).sorted() == [])
        let groups = Set(CommandShape.groups.map(\.name))
        let strangers = Self.named.filter { name in
            groups.contains { name.hasPrefix($0 + " ") } && !all.contains(name)
        }
        #expect(strangers == [])
        for status in ExitCode.allCases {
            #expect(Help.general.contains("\n  \(status.rawValue)  \(status.meaning)\n"))
        }
        for option in CommandShape.everywhere { #expect(Help.general.contains(option)) }
    }
}
