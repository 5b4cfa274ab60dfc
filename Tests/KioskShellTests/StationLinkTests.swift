import Foundation
import StationInterface
import Synchronization
import System
import Testing

@testable import KioskShell

/// A service of canned answers on a socket of its own: one for each method, by its last name.
private final class CannedAgent: Sendable {
    let path: String
    private let folder: URL
    private let answers: [String: String]
    private let calls = Mutex<[String]>([])
    private let open = Mutex<[Int32]>([])
    private let listener: FileDescriptor

    /// - Parameter answers: JSON of whole replies, several separated by line ends; "HANG UP"
    ///   closes the connection.
    init(_ answers: [String: String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "kiosk-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path + "/s"
        self.answers = answers
        listener = try UnixSocket.listen(at: path, mode: 0o600)
        try listener.setNonBlocking(false)
        try Thread.start(name: "canned") { [self] in serve() }
    }

    var asked: [String] { calls.withLock { $0 } }

    func end() {
        listener.shutDown()
        try? FileManager.default.removeItem(at: folder)
    }

    private func serve() {
        while let connection = try? listener.accept(nonBlocking: false) {
            let number = connection.release()
            try? Thread.start(name: "canned") { [self] in answer(FileDescriptor(owning: number)) }
        }
    }

    private func answer(_ connection: consuming FileDescriptor) {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4096)
        while let count = try? room.withUnsafeMutableBytes({ try connection.read(into: $0) }),
            count > 0
        {
            bytes += room.prefix(count)
            while let end = bytes.firstIndex(of: 0) {
                let call = String(decoding: bytes[..<end], as: UTF8.self)
                bytes.removeFirst(end + 1)
                calls.withLock { $0.append(call) }
                let name = answers.keys.first { call.contains(".\($0)\"") } ?? ""
                for line in (answers[name] ?? "").split(separator: "\n") {
                    if line == "HANG UP" { return }
                    try? Array((line + "\0").utf8).withUnsafeBytes { try connection.writeAll($0) }
                }
            }
        }
    }
}

@Suite struct StationLinkTests {
    static let status = """
        {"parameters":{"version":"0.1","mode":"training","pid":1,"uptime_s":1,"clock":"synced",\
        "pcscd":"absent","usb":"absent","readers":1,"open_cases":0,"unresolved_restores":0,\
        "journal_seq":1,"journal_head":"aa","journal_problem":null,"memory_locked":true,"real_time":false,\
        "roles":["counter"]}}
        """
    static let officers = """
        {"parameters":{"officers":[{"id":"lan","name":"Trần Thị Lan","password":true,"token":false}],\
        "required":["counter"],"two_person":true,"idle_minutes":10}}
        """
    static let readers = """
        {"parameters":{"readers":[{"name":"R 1","path":"virtual","state":"busy","insertion":2,\
        "atr":null,"detail":null,"holders":[{"pid":7,"program":"scdaemon"}]}]},"continues":true}
        """

    private static func result(_ state: String, outcome: String) -> String {
        """
        {"restore":"R","case":"C","reader":"R 1","device_number":"1","state":"\(state)",\
        "outcome":\(outcome),"reason":null,"step":"unblock","steps":[{"name":"unblock",\
        "budget_ms":5000,"time_us":null,"state":"running"}],"pin_spent":{"least":0,"most":0},\
        "unblocking_spent":{"least":0,"most":1},"pin_left":null,"unblocking_left":2,\
        "verdict":null,"message":"m","next":"n","journal_seq":5,"journal_head":"abcd"}
        """
    }

    /// Runs the link until it said `count` things, as the screen process would.
    private func messages(
        _ count: Int, _ agent: CannedAgent?, path: String = "/nonexistent/socket",
        _ ask: (StationLink) -> Void = { _ in }
    ) throws -> [AgentMessage] {
        let events = try EventLoop()
        let link = StationLink(path: agent?.path ?? path, events: events)
        link.connect()
        ask(link)
        var messages = link.takeMessages()
        while messages.count < count {
            let ready = try events.wait(.seconds(10))
            guard !ready.isEmpty else { break }
            for token in ready { link.ready(token) }
            messages += link.takeMessages()
        }
        return messages
    }

    /// As many devices as a paper may have, in one call.
    @Test func aLongRequestGoesOut() throws {
        let checked = #"{"parameters":{"valid":true,"findings":[]}}"#
        let agent = try CannedAgent([
            "Status": Self.status, "Officers.List": Self.officers, "Watch": Self.readers,
            "Check": checked,
        ])
        defer { agent.end() }
        var row = Station.DeviceRow()
        row.certificateName = String(repeating: "Nguyễn ", count: 20)
        row.workplace = row.certificateName
        let form = Station.RequestForm(
            kind: "restore", requestNumber: "1", managingBody: "A",
            devices: Array(repeating: row, count: RequestDraft.mostDevices))
        let ticket = Ticket(number: 1)
        let messages = try messages(3, agent) { $0.call(ticket, .checkRequest(form)) }
        #expect(
            messages.contains(.reply(ticket, .checked(Station.RequestChecked(findings: [])))))
    }

    /// A call that no message holds is told to whoever made it, and the connection stays.
    @Test func aRequestThatIsTooLongIsAFaultAndNoLoss() throws {
        let agent = try CannedAgent([
            "Status": Self.status, "Officers.List": Self.officers, "Watch": Self.readers,
        ])
        defer { agent.end() }
        let form = Station.RequestForm(
            kind: "lost", requestNumber: "1", managingBody: "A", devices: [],
            report: String(repeating: "a", count: 100_000))
        let ticket = Ticket(number: 1)
        let messages = try messages(3, agent) { $0.call(ticket, .checkRequest(form)) }
        #expect(messages.count == 3)
        #expect(!messages.contains { if case .lost = $0 { true } else { false } })
        #expect(
            messages.contains {
                guard case .reply(ticket, .fault(let fault)) = $0 else { return false }
                return fault.code == .fieldInvalid
            })
    }

    @Test func connectingTellsTheStationAndItsReaders() throws {
        let agent = try CannedAgent([
            "Status": Self.status, "Officers.List": Self.officers, "Watch": Self.readers,
        ])
        defer { agent.end() }
        let messages = try messages(2, agent)
        #expect(
            messages.contains(
                .connected(
                    StationInfo(
                        training: true, version: "0.1",
                        office: Office(
                            officers: [
                                Station.Officer(
                                    id: "lan", name: "Trần Thị Lan", password: true, token: false)
                            ], isObliged: true, wantsTwo: true, idleLimit: 600_000)))))
        #expect(
            messages.contains(
                .readers([
                    ReaderStatus(name: "R 1", state: .busy, insertion: 2, holders: ["scdaemon"])
                ])))
    }

    @Test func nobodyListeningIsAbsence() throws {
        #expect(try messages(1, nil) == [.lost(.absent)])
    }

    /// The kernel keeps who connects to a full queue waiting; a backlog of 0 is a queue of one.
    @Test func whoeverTakesNoConnectionIsAbsent() throws {
        let path = "@kiosk-\(UUID().uuidString)"
        let listener = try UnixSocket.listen(at: path, mode: 0o600, backlog: 0)
        let first = try UnixSocket.connect(to: path, timeout: .seconds(30))
        #expect(try messages(1, nil, path: path) == [.lost(.absent)])
        let came = try listener.accept() != nil
        #expect(came)
        _ = first
    }

    /// The longest numbers that fit: whatever is reckoned with them later must fit, too.
    @Test func noNumberOfTheAgentsIsTooLarge() throws {
        let officers = Station.Officers(
            officers: [], required: [], twoPerson: false, idleMinutes: .max, signedIn: nil)
        #expect(Office(officers).idleLimit == 86_400_000)
        let step = Station.Step(
            name: "unblock", budgetMilliseconds: .max, timeMicroseconds: .max, state: .running)
        #expect(StepReport(step).budget == 86_400_000)
    }

    @Test(arguments: [
        ("HANG UP", AgentLoss.hungUp), ("{\"parameters\":{}}", .foreign), ("[]", .foreign),
        ("{\"error\":\"org.varlink.service.PermissionDenied\"}", .refused),
        ("{\"error\":\"org.varlink.service.MethodNotFound\"}", .foreign),
    ])
    func whatIsNotTheStationIsSaidSo(_ answer: String, _ loss: AgentLoss) throws {
        let agent = try CannedAgent(["Status": answer])
        defer { agent.end() }
        #expect(try messages(1, agent) == [.lost(loss)])
    }

    @Test func aRestoreIsFollowedToItsEnd() throws {
        let agent = try CannedAgent([
            "Status": Self.status, "Officers.List": Self.officers, "Watch": Self.readers,
            "Attach": """
            {"parameters":{"result":\(Self.result("running", outcome: "null"))},"continues":true}
            {"parameters":{"result":\(Self.result("overdue", outcome: "null"))},"continues":true}
            {"parameters":{"result":\(Self.result("finished", outcome: "\"unknown\""))}}
            """,
        ])
        defer { agent.end() }
        let ticket = Ticket(number: 3)
        let messages = try messages(5, agent) { $0.call(ticket, .attach(restore: "R")) }
        let followed = messages.filter {
            switch $0 {
            case .progress, .reply: true
            default: false
            }
        }
        let step = StepReport(name: "unblock", budget: 5_000, time: nil, state: .running)
        #expect(
            followed == [
                .progress(ticket, steps: [step], overdue: false),
                .progress(ticket, steps: [step], overdue: true),
                .reply(
                    ticket,
                    .finished(
                        RestoreResult(
                            outcome: .unknown, unblockingSpent: Spent(least: 0, most: 1),
                            pinTries: nil, unblockingTries: 2, fault: nil, detail: "m",
                            journalHead: "abcd"))),
            ])
    }

    @Test func typedErrorsAreFaultsOrOutcomes() throws {
        let agent = try CannedAgent([
            "Status": Self.status, "Officers.List": Self.officers, "Watch": Self.readers,
            "Begin": """
            {"error":"vn.tokenstation.Restore.Refused","parameters":{"case":"C","reader":"R 1",\
            "reasons":["not-locked"],"message":"m","next":"n"}}
            """,
            "Attach": """
            {"error":"vn.tokenstation.Restore.WrongUnblockingCode","parameters":{"result":\
            \(Self.result("finished", outcome: "\"failed\"")),"message":"m","next":"n"}}
            """,
        ])
        defer { agent.end() }
        let messages = try messages(4, agent) {
            $0.call(
                Ticket(number: 1),
                .begin(caseID: "C", reader: "R 1", pinForgotten: true, compared: ["mail"]))
            $0.call(Ticket(number: 2), .attach(restore: "R"))
        }
        #expect(
            messages.contains(
                .reply(
                    Ticket(number: 1), .fault(AgentFault(.notLocked, detail: "m (not-locked)")))))
        let outcomes = messages.compactMap { message -> RestoreResult? in
            if case .reply(Ticket(number: 2), .finished(let result)) = message {
                result
            } else {
                nil
            }
        }
        #expect(outcomes.map(\.outcome) == [.failed])
        #expect(outcomes.first?.fault?.code == .wrongUnblockingCode)
        #expect(agent.asked.contains { $0.contains("\"pin_forgotten\":true") })
    }

    @Test(
        arguments: [
            (["last-try"], .lastTry), (["not-locked", "last-try"], .lastTry),
            (["certificate-expired", "last-try"], .cannotHelp),
            (["unblocking-code-blocked"], .cannotHelp), (["not-locked"], .notLocked),
            (["model-provisional"], .modelProvisional), (["model-refused"], .cannotHelp),
            (["not-locked", "model-provisional"], .notLocked), ([], .cannotHelp),
        ] as [([String], AgentFault.Code)])
    func aRefusalIsForItsGravestReason(_ reasons: [String], _ code: AgentFault.Code) {
        let error = StationError.refused(
            caseNumber: "C", reader: "R", reasons: reasons, "m", next: "n")
        #expect(AgentFault.Code(error) == code)
    }

    @Test(
        arguments: [
            (.newPIN, "published_default", .newCodeCommon),
            (.newPIN, "same_as_other", .newCodeSame), (.newPIN, "too_short", .newCodeRefused),
            (.unblockingCode, "same_as_other", .unblockingCodeUnfit),
        ] as [(StationError.CodeField, String, AgentFault.Code)])
    func anUnfitCodeIsToldByFieldAndReason(
        _ field: StationError.CodeField, _ reason: String, _ code: AgentFault.Code
    ) {
        let rule = Station.CodeRule(minimum: 6, maximum: 8, characters: .digits)
        let error = StationError.codeUnfit("R", field, reason: reason, rule: rule, "m", next: "n")
        #expect(AgentFault.Code(error) == code)
    }

    @Test(arguments: [(1, .lastTry), (nil, .triesUnknown)] as [(Int?, AgentFault.Code)])
    func theLastTryIsToldFromAnUnknownNumber(_ left: Int?, _ code: AgentFault.Code) {
        #expect(AgentFault.Code(StationError.lastTry("R", left: left, "m", next: "n")) == code)
        #expect(AgentFault.Code(reason: "last-try") == .lastTry)
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-21T04:10:00Z", 1_795_234_200),
            ("2024-02-29T23:59:59.5Z", 1_709_251_199), ("2024-13-01T00:00:00Z", nil),
            ("2024-02-29 23:59:59Z", nil), ("", nil), ("2024-02-29T23:59:59+07:00", nil),
            ("99999999999999999999Z", nil), ("é024-02-29T23:59:59Z", nil),
        ] as [(String, Int64?)])
    func timesAreReadStrictly(_ text: String, _ seconds: Int64?) {
        #expect(Dates.seconds(text) == seconds)
    }
}
