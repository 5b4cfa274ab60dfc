import JSON
import StationInterface

/// One restore, call by call. The messages are made by the types both sides use, so the example
/// cannot drift from what goes over the socket.
enum SocketExample {
    /// One message of the example, and what a test holds it against.
    struct Message: Sendable {
        enum Direction: Sendable { case call, reply }
        let direction: Direction
        let method: String
        let document: JSONValue
    }

    private enum Part {
        case words(String)
        case message(Message)
    }

    static var messages: [Message] {
        parts.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    static var lines: [String] {
        var lines = ["## A restore, step by step", ""]
        for part in parts {
            switch part {
            case .words(let words): lines += wrapped(words, 96) + [""]
            case .message(let message):
                lines += ["```json"] + message.document.folded(width: 96) + ["```", ""]
            }
        }
        return lines
    }

    private static func call(_ method: String, _ parameters: JSONValue, more: Bool = false) -> Part
    {
        var members: [(String, JSONValue)] = [
            ("method", .string(method)), ("parameters", parameters),
        ]
        if more { members.append(("more", true)) }
        return .message(Message(direction: .call, method: method, document: .object(members)))
    }

    private static func reply<R: StationRequest & ~Copyable>(
        _ request: R.Type, _ message: R.Reply, continues: Bool = false
    ) -> Part {
        var members: [(String, JSONValue)] = [("parameters", JSONValue(message))]
        if continues { members.append(("continues", true)) }
        return .message(
            Message(direction: .reply, method: R.method, document: .object(members)))
    }

    private static var parts: [Part] {
        [
            .words(
                "A letter has come: the Department of Health asks that a locked token be "
                    + "restored. The request is taken in."),
            call(Station.OpenCase.method, JSONValue(parametersOf: request)),
            reply(
                Station.OpenCase.self,
                Station.CaseOpened(
                    number: number,
                    receipt: Station.Receipt(journalSequence: 41, journalHead: head(41)))),
            .words(
                "The token is put in. Begin reads it, compares it with the request, and says "
                    + "whether it can be helped; nobody was asked for a code yet. The permit is for "
                    + "this token as it is now, once, until it expires."),
            call(
                Station.BeginRestore.method,
                JSONValue(parametersOf: Station.BeginRestore(caseNumber: number, reader: reader))),
            reply(Station.BeginRestore.self, Station.PermitGiven(permit)),
            .words(
                "No session with the token is held while people type. The permit says what the "
                    + "codes must look like. Then both go out in one call; with \"more\", each step "
                    + "is a reply."),
            call(
                Station.Unblock.method,
                [
                    "restore": .string(restore), "unblocking_code": "24681357",
                    "new_pin": "135790",
                ], more: true),
            reply(Station.Unblock.self, Station.RestoreState(running), continues: true),
            .words(
                "More of these follow. Should the time of a step be over while a command that "
                    + "writes is still out, the call ends with the error StillWorking; Attach with "
                    + "\"more\" follows the restore to its end, from any connection. The last reply:"
            ),
            reply(Station.Unblock.self, Station.RestoreState(restored)),
            .words(
                "The tries left of both codes were read after a cold reset. The outcome stands in the "
                    + "journal under that line, and its hash's first digits go on the receipt. Had "
                    + "the code been wrong, the call had ended with this error, which holds the "
                    + "whole result too:"),
            .message(
                Message(
                    direction: .reply, method: Station.Unblock.method,
                    document: .object([
                        ("error", .string(StationError.Kind.wrongUnblockingCode.rawValue)),
                        ("parameters", parameters(of: .ended(.wrongUnblockingCode, refused))),
                    ]))),
        ]
    }

    private static func parameters(of error: StationError) -> JSONValue {
        JSONValue { error.write(into: &$0) }
    }
}

// MARK: - The people and the token in it, who do not exist

extension SocketExample {
    private static let number = "2026-000017"
    private static let restore = "r-5d1f0c2a9b7e4836"
    private static let reader = "Gemalto PC Twin Reader 00 00"
    private static let device = "70001234"
    private static let fingerprint =
        "3E3261E896D193F08945599E886E7DE1F079AABE23115944A5AA677BEF538B81"

    private static func head(_ line: Int) -> String {
        line == 41
            ? "8d40f0e5a2c6b97134d8e1f05b6a7c92e3d4f5061728394a5b6c7d8e9fa0b1c2"
            : "53ce329bcf647692427ca6098188035d64fbd48eb8f84eba2cc11315f086c501"
    }

    private static let request = Station.OpenCase(
        requestNumber: "45/SYT-VP", managingBody: "Sở Y tế", holder: "Trần Văn Bình",
        deviceNumber: device)

    private static let permit = Station.Permit(
        restore: restore, caseNumber: number, reader: reader,
        expires: "2026-11-21T02:41:07.512Z", family: "piv", model: "PIV with extensions 5.4.3",
        deviceNumber: device, matched: device,
        certificateSHA256: fingerprint,
        holder: "Trần Văn Bình", organization: "Sở Y tế", email: "binhtv@example.gov.vn",
        pin: Station.Counter(left: 0, limit: 3), unblockingCode: Station.Counter(left: 3, limit: 3),
        pinRule: Station.CodeRule(minimum: 6, maximum: 8, characters: .printable),
        unblockingCodeRule: Station.CodeRule(minimum: 6, maximum: 8, characters: .any),
        form: "puk",
        ways: [
            Station.UnblockingWay(
                form: "puk", setsNewPIN: true, counter: Station.Counter(left: 3, limit: 3),
                rule: Station.CodeRule(minimum: 6, maximum: 8, characters: .any), obstacle: nil)
        ],
        pinEachSignature: true, touch: false)

    private static func step(
        _ name: String, _ budget: Int, _ time: Int?, failed: Bool = false
    ) -> Station.Step {
        Station.Step(
            name: name, budgetMilliseconds: budget, timeMicroseconds: time,
            state: time == nil ? .running : failed ? .failed : .done)
    }

    private static var running: Station.Result {
        Station.Result(
            restore: restore, caseNumber: number, reader: reader, deviceNumber: device,
            state: .running, step: "unblock",
            steps: [
                step("connect", 10000, 21408), step("read", 5000, 38115),
                step("record", 10000, 1894), step("unblock", 10000, nil),
            ], pinLeft: 0, unblockingLeft: 3, message: "The restore is running.",
            next: "Wait; do not pull the token.")
    }

    private static var restored: Station.Result {
        var result = running
        result.state = .finished
        result.outcome = .restored
        result.step = "reset"
        result.steps = [
            step("connect", 10000, 21408), step("read", 5000, 38115), step("record", 10000, 1894),
            step("unblock", 10000, 52770), step("verify", 10000, 24306),
            step("sign", 20000, 141_882), step("reset", 5000, 187_450),
        ]
        result.pinLeft = 3
        result.verdict = Station.Verdict(
            proven: true, grade: "possession", slot: "9c", algorithm: "RSA-2048",
            certificateSHA256: fingerprint,
            evidence: [
                Station.Evidence(
                    item: "possession", finding: .shown,
                    how: "a signature over a fresh 32-byte challenge, verified under the "
                        + "certificate"),
                Station.Evidence(
                    item: "origin", finding: .notShown,
                    how: "the device does not say where the key was made"),
            ])
        result.message = "The token is unlocked with the new PIN, and its key is in it."
        result.next = "Hand the token over and send the notice to the managing body."
        result.journalSequence = 44
        result.journalHead = head(44)
        return result
    }

    private static var refused: Station.Result {
        var result = running
        result.state = .finished
        result.outcome = .failed
        result.reason = "wrong-unblocking-code"
        result.steps = [
            step("connect", 10000, 21408), step("read", 5000, 38115), step("record", 10000, 1894),
            step("unblock", 10000, 50316, failed: true),
        ]
        result.unblockingSpent = Station.Spent(least: 1, most: 1)
        result.unblockingLeft = 2
        result.message = "The token refused the unblocking code. It has 2 tries left."
        result.next = "Make sure of the code before another try."
        result.journalSequence = 44
        result.journalHead = head(44)
        return result
    }
}
