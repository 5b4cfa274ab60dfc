import JSON
import StationInterface

/// One message with every member, and one with only those that must be there.
struct MessageSample: Sendable {
    /// Where its interface describes it: `Devices.Reader` is a type, `Devices.ListReaders` a reply.
    let place: String
    let full: JSONValue
    let bare: JSONValue
    /// Reads the message and writes it again.
    let reread: @Sendable (JSONValue) throws -> JSONValue
    /// Whether both samples are equal to themselves once written and read.
    let isKept: Bool

    init<M: StationMessage & Equatable>(_ place: String, full: M, bare: M) throws {
        self.place = place
        self.full = try written { full.write(into: &$0) }
        self.bare = try written { bare.write(into: &$0) }
        isKept = try M(Fields(self.full)) == full && M(Fields(self.bare)) == bare
        reread = { value in
            let message = try M(Fields(value))
            return try written { message.write(into: &$0) }
        }
    }

    init<M: StationMessage & Equatable>(_ place: String, _ message: M) throws {
        try self.init(place, full: message, bare: message)
    }
}

extension MessageSample {
    static func all() throws -> [MessageSample] {
        try devices() + restore() + others()
    }

    static let holder = Station.Holder(pid: 7, program: "scdaemon")
    static let rule = Station.CodeRule(minimum: 6, maximum: 8, characters: .digits)
    static let spent = Station.Spent(least: 0, most: 1)
    static let account = Station.Account(
        step: "unblock", pinSpent: spent, unblockingSpent: spent, pinLeft: 0, unblockingLeft: 3)
    static let bareAccount = Station.Account(
        step: "", pinSpent: spent, unblockingSpent: spent, pinLeft: nil, unblockingLeft: nil)
    static let reader = Station.Reader(
        name: "Đầu đọc 1", path: .pcsc, state: .present, insertion: 3, atr: "3b00",
        detail: "bận", holders: [holder])
    static let bareReader = Station.Reader(
        name: "", path: .virtual, state: .empty, insertion: 0)
    static let counter = Station.Counter(left: 2, limit: 3)
    static let unknown = Station.Counter(left: nil, limit: nil)

    static let certificate = Station.Certificate(
        slot: "9c", subject: "CN=Ánh", commonName: "Ánh", organization: "Sở", email: "a@b.vn",
        issuer: "CN=CA", serialNumber: "01", notBefore: "2026-01-01T00:00:00Z",
        notAfter: "2031-01-01T00:00:00Z", key: "P-256", sha256: "AB")
    static let bareCertificate = Station.Certificate(
        slot: "9c", subject: "", commonName: nil, organization: nil, email: nil, issuer: "",
        serialNumber: "", notBefore: "", notAfter: "", key: "", sha256: "")

    static let token = Station.Token(
        reader: "r", insertion: 1, family: "piv", model: "PIV", serial: "12", guid: "ab",
        deviceNumbers: ["12", "ab"], certificates: [certificate], pin: counter,
        unblockingCode: counter, pinRule: rule, unblockingCodeRule: rule, ways: [way, bareWay],
        pad: Station.Pad(verify: true, unblock: true, seconds: 30), profile: profile, locked: true,
        help: .possible, reasons: ["last-try"], advice: "…")
    static let profile = Station.Profile(
        name: "piv", title: "PIV", family: "piv", state: .commissioned, said: "…",
        seal: .elsewhere)
    static let bareProfile = Station.Profile(
        name: "etoken", title: "", family: nil, state: .refused, said: "")
    static let way = Station.UnblockingWay(
        form: "puk", setsNewPIN: true, counter: counter, rule: rule, obstacle: "not-set")
    static let bareWay = Station.UnblockingWay(
        form: "admin-key-response", takes: .response, setsNewPIN: true, counter: unknown, rule: nil,
        obstacle: nil)
    static let bareToken = Station.Token(
        reader: "r", insertion: 1, family: "piv", model: "PIV", serial: nil, guid: nil,
        deviceNumbers: [], certificates: [], pin: unknown, unblockingCode: unknown,
        pinRule: rule, unblockingCodeRule: nil, locked: nil, help: .impossible, reasons: [],
        advice: "")

    static let comparedField = Station.ComparedField(
        field: "certificate_name", asked: "Ánh", held: ["Anh"], verdict: .near,
        reason: "diacritics")
    static let bareComparedField = Station.ComparedField(
        field: "mail", asked: "", held: [], verdict: .absent, reason: nil)
    static let comparison = Station.Comparison(
        overall: .near, fields: [comparedField, bareComparedField],
        toCompare: ["certificate_name"])

    private static func devices() throws -> [MessageSample] {
        [
            try MessageSample("Devices.Holder", holder),
            try MessageSample("Devices.Reader", full: reader, bare: bareReader),
            try MessageSample("Devices.Certificate", full: certificate, bare: bareCertificate),
            try MessageSample("Devices.Counter", full: counter, bare: unknown),
            try MessageSample("Devices.CodeRule", rule),
            try MessageSample("Devices.UnblockingWay", full: way, bare: bareWay),
            try MessageSample("Devices.Profile", full: profile, bare: bareProfile),
            try MessageSample("Devices.Token", full: token, bare: bareToken),
            try MessageSample("Devices.Spent", spent),
            try MessageSample("Devices.Account", full: account, bare: bareAccount),
            try MessageSample("Devices.ListReaders", Station.Readers([reader, bareReader])),
            try MessageSample("Devices.Watch", Station.Readers([])),
            try MessageSample(
                "Devices.ComparedField", full: comparedField, bare: bareComparedField),
            try MessageSample("Devices.Comparison", comparison),
            try MessageSample(
                "Devices.Inspect", full: Station.Inspection(token, comparison),
                bare: Station.Inspection(token)),
            try MessageSample("Devices.Latency", latency),
            try MessageSample(
                "Devices.MeasureReader", Station.ReaderMeasured(status: latency, select: latency)),
            try MessageSample("Devices.CCIDReader", full: ccid, bare: Station.CCIDReader()),
            try MessageSample("Devices.USBReader", full: usb, bare: Station.USBReader()),
            try MessageSample(
                "Devices.ReaderDescription", full: description, bare: bareDescription),
            try MessageSample("Devices.DescribeReader", Station.ReaderDescribed(description)),
        ]
    }

    private static func commissionStep(_ count: Int?) -> Station.CommissionStep {
        Station.CommissionStep(
            step: .block, form: "puk", outcome: .done, sent: 3, spent: spent, pinBefore: count,
            pinAfter: count, unblockingBefore: count, unblockingAfter: count)
    }
    static let sealed = Station.SealedProfile(
        name: "a", text: "{}\n", sha256: "ab", journalSequence: 9, journalHead: "cd")
    static let commission = Station.CommissionResult(
        commission: "c-1", reader: "r", deviceNumber: "12", outcome: .unknown,
        reason: "token-removed", step: "block", steps: [commissionStep(3)], pinSpent: spent,
        unblockingSpent: spent, times: [3, 1], profile: sealed, message: "a", next: "b")
    static let bareCommission = Station.CommissionResult(
        commission: "c-1", reader: "r", deviceNumber: "12")

    static let latency = Station.Latency(of: 1, [4, 3, 2])

    static let ccid: Station.CCIDReader = {
        var ccid = Station.CCIDReader()
        ccid.level = .tpdu
        ccid.protocols = ["T=0", "T=1"]
        ccid.voltages = ["5 V"]
        ccid.features = ["chooses the voltage"]
        ccid.pinModify = true
        ccid.display = "2 x 16"
        return ccid
    }()

    static let usb: Station.USBReader = {
        var usb = Station.USBReader()
        usb.vendor = "08e6"
        usb.manufacturer = "Gemalto"
        usb.productName = "Đầu đọc"
        usb.serialNumber = "1"
        usb.speed = "12 Mbit/s"
        usb.quirks = ["a: b"]
        usb.ccid = ccid
        return usb
    }()

    static let description = Station.ReaderDescription(
        reader: reader, usb: usb, holders: [holder])
    static let bareDescription = Station.ReaderDescription(
        reader: bareReader, usb: nil, holders: [])

    static let step = Station.Step(
        name: "read", budgetMilliseconds: 5000, timeMicroseconds: 17, state: .done)
    static let bareStep = Station.Step(
        name: "read", budgetMilliseconds: 5000, timeMicroseconds: nil, state: .running)
    static let evidence = Station.Evidence(item: "origin", finding: .notShown, how: "…")
    static let verdict = Station.Verdict(
        proven: true, grade: "possession", slot: "9c", algorithm: "P-256",
        certificateSHA256: "AB", evidence: [evidence])

    static let result = Station.Result(
        restore: "r-1", caseNumber: "C-1", reader: "r", deviceNumber: "12", state: .finished,
        outcome: .unblockedUnproven, reason: "pin-not-taken", step: "verify", steps: [step],
        atPad: Station.AtPad(codes: .pin, seconds: 30),
        pinSpent: spent, unblockingSpent: spent, pinLeft: 1, unblockingLeft: 2,
        verdict: verdict, message: "a", next: "b", journalSequence: 9, journalHead: "cd")
    static let bareResult = Station.Result(
        restore: "r-1", caseNumber: "C-1", reader: "r", deviceNumber: "12")

    static let pad = Station.Pad(verify: true, unblock: false, seconds: 30)
    static let challenge = Station.Challenge(
        restore: "r-1", family: "gids", deviceNumber: "12", form: "admin-key-response",
        challenge: "0011223344556677", session: "0123456789abcdef",
        issued: "2026-01-01T00:00:00Z", expires: "2026-01-01T00:02:00Z")
    static let permit = permit(full: true)

    private static func permit(full: Bool) -> Station.Permit {
        Station.Permit(
            restore: "r-1", caseNumber: "C-1", reader: "r", expires: "2026-01-01T00:00:00Z",
            family: "piv", model: "PIV", deviceNumber: "12", matched: full ? "12" : nil,
            compared: ["mail"],
            certificateSHA256: full ? "AB" : nil, holder: full ? "Ánh" : nil,
            organization: full ? "Sở" : nil, email: full ? "a@b.vn" : nil, pin: counter,
            unblockingCode: unknown, pinRule: rule,
            unblockingCodeRule: full ? rule : nil, form: "puk", ways: [way],
            pad: full ? pad : nil, pinEachSignature: true, touch: false,
            profile: full ? "piv" : nil, rights: ["provisional"])
    }

    private static func restore() throws -> [MessageSample] {
        var all: [MessageSample] = []
        for interface in ["Restore", "KeyCheck"] {
            all += [
                try MessageSample("\(interface).Spent", spent),
                try MessageSample("\(interface).Step", full: step, bare: bareStep),
                try MessageSample("\(interface).Evidence", evidence),
                try MessageSample("\(interface).Verdict", verdict),
            ]
        }
        return try all + [
            MessageSample("Restore.Holder", holder),
            MessageSample("Restore.Counter", full: counter, bare: unknown),
            MessageSample("Restore.CodeRule", rule), MessageSample("Restore.Pad", pad),
            MessageSample("Devices.Pad", pad),
            MessageSample(
                "Restore.AtPad", Station.AtPad(codes: .unblockingCodeAndNewPIN, seconds: 90)),
            MessageSample("Restore.UnblockingWay", full: way, bare: bareWay),
            MessageSample(
                "Restore.ComparedField", full: comparedField, bare: bareComparedField),
            MessageSample("Restore.Comparison", comparison),
            MessageSample("Restore.Challenge", challenge),
            MessageSample("Restore.Permit", full: permit, bare: permit(full: false)),
            MessageSample("Restore.Result", full: result, bare: bareResult),
            MessageSample("Restore.AskChallenge", Station.ChallengeGiven(challenge)),
            MessageSample("Restore.Respond", Station.RestoreState(result)),
            MessageSample("Restore.Begin", Station.PermitGiven(permit)),
            MessageSample("Restore.Unblock", Station.RestoreState(result)),
            MessageSample("Restore.Attach", Station.RestoreState(bareResult)),
            MessageSample("Restore.Cancel", Station.RestoreState(result)),
            MessageSample("Restore.List", Station.Restores([result, bareResult])),
        ]
    }

    private static func keyChecked(left: Int?) -> Station.KeyChecked {
        Station.KeyChecked(
            deviceNumber: "12", verdict: verdict, timing: left.map { timing(jitter: $0) },
            steps: [step], pinSpent: spent, pinLeft: left,
            completed: true, message: "a", next: "b", journalSequence: 4, journalHead: "cd")
    }

    private static func timing(jitter: Int?) -> Station.Timing {
        Station.Timing(
            minimum: 1, median: 2, p90: 3, maximum: 4, jitter: jitter, times: [1, 4, 2],
            timeExtensions: jitter, judgement: .suspicious)
    }

    private static func one(_ holder: String?, _ restore: String?) -> Station.Case {
        Station.Case(
            number: "C-1", request: "R-1", kind: "restore", requestNumber: "12/SKHCN",
            managingBody: "Sở", deviceNumber: "12", holder: holder,
            opened: "2026-01-01T00:00:00Z", state: "open", restore: restore, acts: ["close"],
            papers: ["reception-slip"], awaitsNotice: restore != nil, keyIsProven: restore != nil,
            due: restore == nil ? nil : Station.Due(term: "unconfirmed"))
    }

    private static func status(problem: String?) -> Station.Status {
        Station.Status(
            version: "0.1.0", mode: .training, pid: 1, uptimeSeconds: 2, clock: "synced",
            pcscd: "absent", usb: "running", readers: 1, openCases: 2, unresolvedRestores: 0,
            journalSequence: 5, journalHead: "ab", journalProblem: problem,
            vaultProblem: problem.map { "the vault \($0)" }, calendar: problem.map {
                Station.Calendar(
                    from: "2026-01-01", to: "2026-12-31", notConfirmed: 3, folder: "f", problem: $0)
            }, officeProblem: problem, memoryLocked: true, realTime: false, roles: ["counter"])
    }

    private static let officer = Station.Officer(
        id: "lan", name: "Lan", password: true, token: false)
    private static let approved = Station.Approved(
        officer: "hai", act: "a",
        receipt: Station.Receipt(journalSequence: 5, journalHead: "ab"))
    private static let signedIn = Station.SignedIn(
        officer: "lan", name: "Lan", proof: .password, roles: ["counter"], rights: ["last_try"])

    private static let happening = Station.Happening(
        sequence: 42, time: "2026-11-21T03:40:00.123Z", clock: "synced", kind: "restore.outcome",
        user: 990, officer: "b.tran", outcome: "failed", reasons: ["code-wrong"],
        unblockingSpent: Station.Spent(least: 1, most: 1),
        pinSpent: Station.Spent(least: 0, most: 1), addressee: "provider",
        restore: "r-0123456789abcdef")
    private static let bareHappening = Station.Happening(
        sequence: 43, time: "2026-11-21T03:40:00.123Z", clock: "unsynced", kind: "case.recorded",
        user: 0)
    private static let expired = Station.Expired(
        request: "R-1", requestNumber: "45/SYT", managingBody: "Sở", done: "t")

    private static let finding = Station.IntakeFinding(
        field: "2.4[1]", rule: "private-mail", mustComplete: true, message: "a")

    private static var contact: Station.Contact {
        var contact = Station.Contact()
        contact.name = "Trần Thị Mẫu"
        contact.personalNumber = "031000000001"
        contact.issuedOn = "01/02/2022"
        contact.issuedAt = "a"
        contact.position = "b"
        contact.workplace = "c"
        contact.mobile = "0900000001"
        return contact
    }

    private static var device: Station.DeviceRow {
        var device = Station.DeviceRow()
        device.deviceNumber = "23130042"
        device.certificateName = "Ánh"
        device.workplace = "c"
        device.mail = "a@haiphong.gov.vn"
        device.certificateSerial = "2A05"
        return device
    }

    static var form: Station.RequestForm {
        Station.RequestForm(
            kind: "restore", requestNumber: "12/SKHCN", managingBody: "Sở",
            received: "2026-11-20T02:00:00.000Z", contact: contact, devices: [device],
            permission: "7/QĐ", returnReason: "revoked", noticed: "2026-11-20T02:00:00.000Z",
            report: "d")
    }

    private static var taken: Station.RequestTaken {
        Station.RequestTaken(
            request: "R-1", cases: ["C-1"], checked: Station.RequestChecked(findings: [finding]),
            receipt: Station.Receipt(journalSequence: 3, journalHead: "ab"))
    }

    private static func others() throws -> [MessageSample] {
        let receipt = Station.Receipt(journalSequence: 3, journalHead: "ab")
        return [
            try MessageSample(
                "KeyCheck.Check", full: keyChecked(left: 3), bare: keyChecked(left: nil)),
            try MessageSample(
                "KeyCheck.Timing", full: timing(jitter: 1), bare: timing(jitter: nil)),
            try MessageSample("Cases.Case", full: one("Ánh", "r-1"), bare: one(nil, nil)),
            try MessageSample("Cases.Open", Station.CaseOpened(number: "C-1", receipt: receipt)),
            try MessageSample("Cases.Get", Station.OneCase(one("Ánh", nil))),
            try MessageSample("Cases.List", Station.CaseList([one("Ánh", nil), one(nil, "r")])),
            try MessageSample("Cases.ListDue", Station.CaseList([one("Ánh", nil)])),
            try MessageSample("Cases.Spent", Station.Spent(least: 0, most: 1)),
            try MessageSample("Cases.Happening", full: happening, bare: bareHappening),
            try MessageSample(
                "Cases.GetHistory",
                Station.CaseHistory([happening, bareHappening], earlier: 3)),
            try MessageSample("Cases.Expired", expired),
            try MessageSample(
                "Cases.ListExpired",
                full: Station.ExpiredList(retentionDays: 365, problem: "a", requests: [expired]),
                bare: Station.ExpiredList(retentionDays: nil, problem: nil, requests: [])),
            try MessageSample(
                "Cases.Due",
                full: Station.Due(
                    term: "by-date", date: "2026-11-25", late: false, restsOn: ["2026-11-24"],
                    problem: "a"),
                bare: Station.Due(term: "unconfirmed")),
            try MessageSample("Cases.RequestFinding", finding),
            try MessageSample("Cases.Contact", contact),
            try MessageSample("Cases.DeviceRow", device),
            try MessageSample(
                "Cases.Request", full: form,
                bare: Station.RequestForm(
                    kind: "restore", requestNumber: "1", managingBody: "b", devices: [])),
            try MessageSample(
                "Cases.Check",
                full: Station.RequestChecked(findings: [finding], known: "R2026-000001"),
                bare: Station.RequestChecked(findings: [finding])),
            try MessageSample("Cases.Receive", taken), try MessageSample("Cases.Complete", taken),
            try MessageSample(
                "Cases.GetRequest",
                full: Station.RequestShown(
                    request: "R-1", recorded: "t", validSince: "t", missing: ["a"], form: form,
                    cases: [one("Ánh", "r")],
                    written: [Station.Written(caseNumber: "C-1", act: "close", texts: ["a"])],
                    writtenNext: 201),
                bare: Station.RequestShown(
                    request: "R-1", recorded: "t", validSince: nil, missing: [], form: nil,
                    cases: [])),
            try MessageSample(
                "Cases.Written", Station.Written(caseNumber: "C-1", act: "refuse", texts: ["a"])),
            try MessageSample("Cases.RemovePersonal", receipt),
            try MessageSample("Cases.GetPaper", Station.Paper(name: "a.html", html: "<p>")),
            try MessageSample("Cases.Route", receipt), try MessageSample("Cases.Record", receipt),
            try MessageSample("Cases.SendNotice", receipt),
            try MessageSample("Cases.Refuse", receipt), try MessageSample("Cases.Close", receipt),
            try MessageSample(
                "Journal.Show", full: Station.JournalPage(lines: ["{}"], next: 7),
                bare: Station.JournalPage(lines: [], next: nil)),
            try MessageSample(
                "Journal.Head",
                full: Station.JournalHead(sequence: 1, hash: "a", writable: false, problem: "b"),
                bare: Station.JournalHead(sequence: 1, hash: "a", writable: true, problem: nil)),
            try MessageSample(
                "Journal.Verify",
                full: Station.JournalVerified(
                    good: false, lines: 4, hash: "a", tornBytes: 3, firstBad: 2, reason: "b"),
                bare: Station.JournalVerified(
                    good: true, lines: 4, hash: "a", tornBytes: 0, firstBad: nil, reason: nil)),
            try MessageSample("Officers.Officer", officer),
            try MessageSample("Officers.SignedIn", signedIn),
            try MessageSample(
                "Officers.List",
                full: Station.Officers(
                    officers: [officer], required: ["counter"], twoPerson: true,
                    idleMinutes: 10, signedIn: signedIn),
                bare: Station.Officers(
                    officers: [], required: [], twoPerson: false, idleMinutes: 1,
                    signedIn: nil)),
            try MessageSample(
                "Officers.ShowAct", full: Station.ActShown(act: "a", approvedBy: "lan"),
                bare: Station.ActShown(act: "a", approvedBy: nil)),
            try MessageSample("Officers.Approve", approved),
            try MessageSample(
                "Officers.ApproveByToken",
                full: Station.ApprovedByToken(approved, pinSpent: spent, pinLeft: 3),
                bare: Station.ApprovedByToken(approved, pinSpent: spent, pinLeft: nil)),
            try MessageSample(
                "Officers.SignIn",
                Station.SignInDone(
                    signedIn, Station.Receipt(journalSequence: 5, journalHead: "ab"))),
            try MessageSample("Officers.Spent", spent),
            try MessageSample(
                "Officers.SignInByToken",
                full: Station.TokenSignInDone(
                    Station.SignInDone(
                        signedIn, Station.Receipt(journalSequence: 5, journalHead: "ab")),
                    pinSpent: spent, pinLeft: 3),
                bare: Station.TokenSignInDone(
                    Station.SignInDone(
                        signedIn, Station.Receipt(journalSequence: 5, journalHead: "ab")),
                    pinSpent: spent, pinLeft: nil)),
            try MessageSample(
                "Officers.SignOff", Station.Receipt(journalSequence: 5, journalHead: "ab")),
            try MessageSample("Maintenance.Spent", spent),
            try MessageSample(
                "Maintenance.Calendar",
                full: Station.Calendar(
                    from: "2026-01-01", to: "2026-12-31", notConfirmed: 3, folder: "f", problem: "a"
                ),
                bare: Station.Calendar(
                    from: "2026-01-01", to: "2026-12-31", notConfirmed: 0, folder: "f", problem: nil
                )),
            try MessageSample(
                "Maintenance.CommissionStep", full: commissionStep(3), bare: commissionStep(nil)),
            try MessageSample("Maintenance.SealedProfile", sealed),
            try MessageSample(
                "Maintenance.CommissionResult", full: commission, bare: bareCommission),
            try MessageSample("Maintenance.Commission", Station.CommissionState(commission)),
            try MessageSample(
                "Maintenance.CancelCommission", Station.CommissionCancelled(running: true)),
            try MessageSample("Maintenance.CheckSeal", Station.SealChecked(here: false)),
            try MessageSample(
                "Maintenance.Finding",
                full: Station.Finding(check: "a", state: .bad, message: "b", remedy: "c"),
                bare: Station.Finding(check: "a", state: .good, message: "b")),
            try MessageSample(
                "Maintenance.Status", full: status(problem: "full"), bare: status(problem: nil)),
            try MessageSample(
                "Maintenance.Diagnose",
                Station.Findings([Station.Finding(check: "a", state: .warning, message: "b")])),
            try MessageSample("Maintenance.Profile", full: profile, bare: bareProfile),
            try MessageSample(
                "Maintenance.ListProfiles", Station.Profiles([profile, bareProfile])),
            try MessageSample(
                "Maintenance.Exchange",
                Station.Exchanged(response: "9000", timeMicroseconds: 16)),
        ]
    }
}
