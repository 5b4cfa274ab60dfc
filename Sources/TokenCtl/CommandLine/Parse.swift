import Casework
import Paperwork
import StationInterface
import WorkingDays

extension Invocation {
    /// Understands a command line.
    ///
    /// - Parameters:
    ///   - arguments: without the program's own name.
    ///   - socket: what TOKEN_STATION_SOCKET says; an option goes before it.
    init(_ arguments: [String], environmentSocket: String? = nil) throws(UsageError) {
        let parsed = try ParsedWords(arguments)
        command = try Command(parsed)
        json = parsed.flags.contains("--json")
        socket = parsed.values["--socket"] ?? environmentSocket.flatMap { $0.isEmpty ? nil : $0 }
        switch (parsed.values["--officer"], parsed.values["--officer-token"]) {
        case (nil, nil): break
        case (let officer?, nil): signIn = .password(officer: officer)
        case (nil, let reader?): signIn = .token(reader: reader)
        case (.some, .some):
            throw UsageError(
                message: "an officer signs in by password (--officer) or by token "
                    + "(--officer-token), not both", command: parsed.command)
        }
        if let text = parsed.values["--timeout"] {
            guard let seconds = Int(text), (1...3600).contains(seconds) else {
                throw UsageError(
                    message: "--timeout is whole seconds from 1 to 3600, not \"\(text)\"",
                    command: parsed.command)
            }
            timeout = seconds
        }
    }
}

extension Command {
    init(_ parsed: ParsedWords) throws(UsageError) {
        let name = parsed.command ?? "help"
        if parsed.flags.contains("--help"), name != "help" {
            self = .help(name)
            return
        }
        let first = parsed.words.first
        switch name {
        case "status": self = .status
        case "readers": self = .readers
        case "reader": self = .reader(try ReaderOrder(parsed))
        case "watch": self = .watch
        case "inspect": self = .inspect(reader: first, caseNumber: parsed.values["--case"])
        case "restore": self = .restore(try RestoreOrder(parsed))
        case "restores list": self = .listRestores
        case "restores follow": self = .followRestore(first ?? "")
        case "restores cancel": self = .cancelRestore(first ?? "")
        case "check-key":
            self = .checkKey(
                KeyCheckOrder(
                    reader: first, restore: parsed.values["--restore"],
                    caseNumber: parsed.values["--case"],
                    compared: parsed.lists["--compared"] ?? [],
                    challenges: try parsed.challenges(),
                    atPad: parsed.flags.contains("--at-pad")))
        case "timing":
            self = .timing(
                reader: first, challenges: try parsed.challenges() ?? Self.timedChallenges,
                atPad: parsed.flags.contains("--at-pad"))
        case "apdu": self = .apdu(try ExchangeOrder(parsed))
        case "case open": self = .openCase(try CaseOrder(parsed))
        case "case list": self = .listCases(openOnly: !parsed.flags.contains("--all"))
        case "case show": self = .showCase(first ?? "")
        case "case history": self = .showHistory(first ?? "")
        case "case due": self = .listDue
        case "case route": self = .routeCase(first ?? "", carrier: parsed.words.last ?? "")
        case "case record": self = .recordCase(first ?? "")
        case "case notice":
            guard let to = parsed.values["--to"], let reference = parsed.values["--reference"]
            else {
                throw UsageError(message: "a notice needs --to and --reference", command: name)
            }
            self = .sendNotice(first ?? "", to: to, reference: reference)
        case "case paper": self = .fetchPaper(try PaperOrder(parsed))
        case "request receive":
            self = .receiveRequests(try ReceiveOrder(parsed))
        case "request complete":
            self = .receiveRequests(try ReceiveOrder(parsed, completing: first))
        case "request expired": self = .listExpired
        case "request show":
            self = .showRequest(first ?? "", whole: parsed.flags.contains("--whole"))
        case "request forget":
            guard (first == nil) == parsed.flags.contains("--expired") else {
                throw UsageError(
                    message: "name the request, or all that are over with --expired",
                    command: name)
            }
            self = first.map { .removePersonal($0) } ?? .removeExpired
        case "case refuse":
            guard let reasons = parsed.lists["--reason"] else {
                throw UsageError(message: "a refusal needs a --reason", command: name)
            }
            self = .refuseCase(first ?? "", reasons: reasons)
        case "case close":
            guard let reason = parsed.values["--reason"] else {
                throw UsageError(message: "closing needs a --reason", command: name)
            }
            self = .closeCase(first ?? "", reason: reason)
        case "journal show": self = .showJournal(try JournalOrder(parsed))
        case "journal verify": self = .verifyJournal(file: first)
        case "journal export": self = .exportJournal(try ExportOrder(parsed))
        case "commission": self = .commission(try CommissionOrder(parsed))
        case "report": self = .report(try ReportOrder(parsed))
        case "profile list": self = .listProfiles
        case "profile check": self = .checkProfiles(parsed.words)
        case "calendar check": self = .checkCalendars(parsed.words)
        case "calendar show":
            guard let year = Int(first ?? ""), (1...9999).contains(year) else {
                throw UsageError(
                    message: "a year is 1 to 9999, not \"\(first ?? "")\"", command: name)
            }
            self = .showCalendar(year: year, path: parsed.calendar)
        case "calendar due": self = .dueDates(try TermOrder(parsed))
        case "bodies check": self = .checkBodies(parsed.words)
        case "request check":
            self = .checkRequests(file: first ?? "", bodies: parsed.values["--bodies"])
        case "template check": self = .checkTemplates(parsed.words)
        case "template preview": self = .previewTemplate(try PreviewOrder(parsed))
        case "office check": self = .checkOffice(first ?? "")
        case "officer check": self = .checkOfficers(first ?? "")
        case "officer password": self = .hashPassword
        case "officer list": self = .listOfficers
        case "doctor": self = .doctor
        case "interface":
            self = parsed.flags.contains("--markdown") ? .socketDocument : .interface(name: first)
            if self == .socketDocument, first != nil {
                throw UsageError(
                    message: "--markdown prints all interfaces; name none", command: name)
            }
        case "completion":
            guard let shell = Completion(rawValue: first ?? "") else {
                throw UsageError(
                    message: "completion is for bash or zsh, not \"\(first ?? "")\"", command: name)
            }
            self = .completion(shell)
        case "version": self = .version
        default: self = .help(try Help.topic(parsed.words))
        }
    }
}

extension Command {
    /// Enough for a median and a tail, and few enough to wait for.
    static let timedChallenges = 20
}

extension ParsedWords {
    fileprivate func challenges() throws(UsageError) -> Int? {
        guard let text = values["--challenges"] else { return nil }
        let most = Station.CheckKey.mostChallenges
        guard let number = Int(text), (1...most).contains(number) else {
            throw UsageError(
                message: "--challenges is how many signatures, from 1 to \(most)",
                command: command)
        }
        return number
    }
}

extension ParsedWords {
    fileprivate var calendar: String { values["--calendar"] ?? WorkingCalendar.usualFolder }
}

extension TermOrder {
    fileprivate init(_ parsed: ParsedWords) throws(UsageError) {
        received = []
        for text in parsed.words {
            guard let date = CivilDate(text) ?? TimeLabel(text)?.date else {
                throw UsageError(
                    message: "\"\(text)\" is no day: YYYY-MM-DD, or with its time, "
                        + "'YYYY-MM-DD hh:mm'", command: parsed.command)
            }
            received.append(date)
        }
        guard (parsed.values["--days"] == nil) != (parsed.values["--calendar-days"] == nil) else {
            throw UsageError(
                message: "a term needs --days N (working days) or --calendar-days N, and not both",
                command: parsed.command)
        }
        countsAllDays = parsed.values["--days"] == nil
        let text = parsed.values[countsAllDays ? "--calendar-days" : "--days"] ?? ""
        let most = WorkingCalendar.longestTerm
        guard let number = Int(text), (1...most).contains(number) else {
            throw UsageError(
                message: "a term is 1 to \(most) days, not \"\(text)\"", command: parsed.command)
        }
        days = number
        path = parsed.calendar
    }
}

extension ReaderOrder {
    fileprivate init(_ parsed: ParsedWords) throws(UsageError) {
        reader = parsed.words.first ?? ""
        thisOne = parsed.flags.contains("--this-one")
        rules = parsed.values["--rules"]
        if let text = parsed.values["--measure"] {
            guard let times = Int(text), (1...Station.MeasureReader.most).contains(times) else {
                throw UsageError(
                    message: "--measure is how many times, from 1 to \(Station.MeasureReader.most)",
                    command: "reader")
            }
            measure = times
        }
        if let text = parsed.values["--give"] {
            guard let owner = Owner(rawValue: text) else {
                throw UsageError(message: "--give is raw or pcsc", command: "reader")
            }
            guard measure == nil else {
                throw UsageError(
                    message: "--give and --measure are two things: one at a time",
                    command: "reader")
            }
            give = owner
        } else if thisOne || rules != nil {
            throw UsageError(
                message: "\(thisOne ? "--this-one" : "--rules") belongs to --give",
                command: "reader")
        }
    }
}

extension CaseOrder {
    fileprivate init(_ parsed: ParsedWords) throws(UsageError) {
        func need(_ option: String) throws(UsageError) -> String {
            guard let value = parsed.values[option] else {
                throw UsageError(message: "a request needs \(option)", command: parsed.command)
            }
            return value
        }
        requestNumber = try need("--request")
        managingBody = try need("--body")
        holder = try need("--holder")
        deviceNumber = try need("--device")
    }
}

extension RestoreOrder {
    fileprivate init(_ parsed: ParsedWords) throws(UsageError) {
        let ofRequest = ["--request", "--body", "--holder", "--device"]
        if let number = parsed.values["--case"] {
            if let other = ofRequest.first(where: { parsed.values[$0] != nil }) {
                throw UsageError(
                    message: "--case names a request that is there; \(other) is of a new one",
                    command: "restore")
            }
            subject = .existing(number)
        } else {
            guard ofRequest.contains(where: { parsed.values[$0] != nil }) else {
                throw UsageError(
                    message: "a restore needs its case: --case, or --request --body --holder "
                        + "--device for a new one", command: "restore")
            }
            subject = .new(try CaseOrder(parsed))
        }
        reader = parsed.words.first
        pinForgotten = parsed.flags.contains("--pin-forgotten")
        compared = parsed.lists["--compared"] ?? []
        form = parsed.values["--by"]
        switch (parsed.values["--approve-by"], parsed.values["--approve-token"]) {
        case (nil, nil): break
        case (let officer?, nil): approver = .password(officer: officer)
        case (nil, let reader?): approver = .token(reader: reader)
        case (.some, .some):
            throw UsageError(
                message: "the second officer approves by password (--approve-by) or by token "
                    + "(--approve-token), not both", command: "restore")
        }
        lastTry = parsed.flags.contains("--last-try")
        provisional = parsed.flags.contains("--provisional")
        atPad = parsed.flags.contains("--at-pad")
    }
}

extension CommissionOrder {
    fileprivate init(_ parsed: ParsedWords) throws(UsageError) {
        guard let technician = parsed.values["--technician"] else {
            throw UsageError(
                message: "a commissioning needs --technician: who answers for it",
                command: "commission")
        }
        self.init(
            reader: parsed.words.first, technician: technician, ways: parsed.lists["--way"] ?? [],
            serial: parsed.values["--serial"], name: parsed.values["--name"],
            title: parsed.values["--title"], wrongPINs: nil,
            challenges: try parsed.challenges() ?? Command.timedChallenges,
            file: parsed.values["--out"], isDecided: parsed.flags.contains("--yes"))
        if let text = parsed.values["--wrong-pins"] {
            let most = Station.Commission.mostWrongPINs
            guard let number = Int(text), (1...most).contains(number) else {
                throw UsageError(
                    message: "--wrong-pins is how many, from 1 to \(most)", command: "commission")
            }
            wrongPINs = number
        }
    }
}

extension ReceiveOrder {
    fileprivate init(_ parsed: ParsedWords, completing: String? = nil) throws(UsageError) {
        let rules = parsed.lists["--accept"] ?? []
        for rule in rules where RefusalReason(rawValue: rule) == nil {
            let meant = RefusalReason.nearest(to: rule).map { "; did you mean \($0)?" } ?? ""
            throw UsageError(
                message: "no finding has the rule \"\(rule)\"\(meant)", command: parsed.command)
        }
        self.init(
            file: parsed.words.last ?? "", accepted: Set(rules), completing: completing)
    }
}

extension ExchangeOrder {
    fileprivate init(_ parsed: ParsedWords) throws(UsageError) {
        reader = parsed.words.count == 2 ? parsed.words.first : nil
        aid = parsed.values["--aid"]
        serial = parsed.values["--serial"]
        let text = parsed.words.last ?? ""
        command = text == "-" ? nil : text
        if let command, !Self.isCommand(command) {
            throw UsageError(
                message: "a command APDU is 4 to 128 bytes in hexadecimal, without spaces",
                command: "apdu")
        }
    }

    static func isCommand(_ text: String) -> Bool {
        text.utf8.count % 2 == 0 && (8...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { UnicodeScalar($0).properties.isASCIIHexDigit }
    }
}

extension PreviewOrder {
    fileprivate init(_ parsed: ParsedWords) throws(UsageError) {
        let named = parsed.words.first ?? ""
        guard let kind = DocumentKind(rawValue: named) else {
            throw UsageError(
                message: "there is no paper \"\(named)\", only "
                    + DocumentKind.allCases.map(\.rawValue).joined(separator: ", "),
                command: "template preview")
        }
        self.init(
            kind: kind, templates: parsed.values["--templates"], office: parsed.values["--office"],
            qr: parsed.values["--qr"], isTraining: parsed.flags.contains("--training"))
    }
}

extension JournalOrder {
    fileprivate init(_ parsed: ParsedWords) throws(UsageError) {
        func number(_ option: String, _ range: ClosedRange<Int>, _ words: String)
            throws(UsageError) -> Int?
        {
            guard let text = parsed.values[option] else { return nil }
            guard let number = Int(text), range.contains(number) else {
                throw UsageError(message: "\(option) is \(words)", command: parsed.command)
            }
            return number
        }
        from = try number(
            "--from", -1_000_000...Int(Int32.max),
            "the number of a line, or negative, counted from the end")
        count = try number("--count", 1...1_000_000, "how many lines, from 1 to 1000000")
        raw = parsed.flags.contains("--raw")
    }
}
