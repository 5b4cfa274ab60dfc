import Secrets
import StationInterface
import Synchronization

// A terminal, a finger and an agent that do anything in any order: the shell goes on, every screen
// fits its size and names a key, what can be touched lies on it and types nothing but the pad's
// digits into a code, and the line mode writes text alone. The first byte chooses the mode.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/WorkingDays Sources/Requests Sources/Varlink Sources/StationInterface Sources/KioskShell
// seed: 000001000D060100010D00010D00010D001031323334353637380D38363432303938363432303900010D
// seed: 0106010000020D0A04031417040A1704281700031B5B42000444442D5505643207FF0601020713
// seed: 02060103000C1B5B3230307E61C3A90A1B5B3230317E00061B5B31377E62
@testable import KioskShell

/// Keys, touches, resizes, messages and waits of all inputs together.
private let sequences = Atomic(0)

/// Answers every call at once with something that leads on.
private final class Agent: AgentLink {
    private var waiting: [AgentMessage] = []
    static let row = CaseRow(
        id: "C-1", requestNumber: "12/QĐ", managingBody: "UBND phường Gia Viên",
        holder: "Nguyễn Văn Ân", deviceNumber: "0123456789")

    func say(_ message: AgentMessage) { waiting.append(message) }

    func connect() {
        waiting.append(.connected(StationInfo(training: true, version: "0")))
        waiting.append(.readers([ReaderStatus(name: "A", state: .present, insertion: 1)]))
    }

    func call(_ ticket: Ticket, _ call: AgentCall) {
        let row = Agent.row
        let found = (1...40).map { number in
            Station.Case(
                number: "C-\(number)", request: "Y", kind: "restore",
                requestNumber: row.requestNumber, managingBody: row.managingBody,
                deviceNumber: row.deviceNumber, holder: row.holder, opened: "", state: "open",
                restore: nil, acts: ["refuse"], papers: [], due: nil)
        }
        let reply: AgentReply
        switch call {
        case .listDue: reply = .due(found)
        case .findCases: reply = .found(found)
        case .getCase: reply = .oneCase(found[0])
        case .openCase: reply = .opened(row)
        case .inspect: reply = .report(report)
        case .begin:
            reply = .permit(
                Permit(
                    restore: "R", validFor: 600_000, pinTries: 0, unblockingTries: 3,
                    pinRule: rule, unblockingRule: rule, touch: false))
        case .cancel, .attach: reply = .cancelled
        case .signOff: reply = .signedOff
        default: reply = .fault(AgentFault(.other, detail: "x"))
        }
        waiting.append(.reply(ticket, reply))
    }

    private let rule = CodeRule(minimum: 6, maximum: 8, characters: .digits)

    private var report: TokenReport {
        TokenReport(
            insertion: 1, family: "piv", model: "\u{1B}[2J漢e\u{301}\u{302}", compared: [],
            certificates: [], pinTries: 0, pinLimit: 3, unblockingTries: 3, unblockingLimit: 3,
            pinRule: rule, unblockingRule: rule, locked: true, help: .possible, reasons: [],
            advice: "")
    }

    func unblock(
        _ ticket: Ticket, restore: String, unblockingCode: consuming Secret,
        newPIN: consuming Secret
    ) {
        waiting.append(
            .progress(
                ticket, steps: [StepReport(name: "unblock", budget: 9, time: nil, state: .running)],
                overdue: false))
        waiting.append(
            .reply(
                ticket,
                .finished(
                    RestoreResult(
                        outcome: .restored, unblockingSpent: .none, pinTries: 3,
                        unblockingTries: 3))))
    }

    func prove(_ ticket: Ticket, _ call: ProvingCall, _ code: consuming Secret) {
        waiting.append(.reply(ticket, .fault(AgentFault(.wrongPIN, detail: "x"))))
    }

    func takeMessages() -> [AgentMessage] {
        defer { waiting = [] }
        return waiting
    }
}

private func check(_ desk: Desk, _ size: Size) {
    let grid = ScreenView.draw(desk.counter, size: size, pad: CodePad())
    precondition(grid.size == size.clamped, "another size")
    precondition(!desk.counter.keyHints.isEmpty, "no key leads on")
    precondition(grid.targets.count <= Target.most)
    for target in grid.targets {
        precondition(target.row >= 0 && target.row + target.height <= grid.size.rows, "\(target)")
        precondition(
            target.column >= 0 && target.column + target.width <= grid.size.columns, "\(target)")
        switch target.effect {
        case .key(.character), .key(.pasted), .key(.pointer): preconditionFailure("it types")
        case .key, .wheel: break
        case .pad: precondition(desk.counter.padScreen != nil, "a pad without a code")
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    var rest = Array(UnsafeRawBufferPointer(start: start, count: min(count, 512)))[...]
    func byte() -> UInt8 { rest.popFirst() ?? 0 }
    let isPlain = byte() & 1 == 1
    var size = Size.smallest
    var now: Milliseconds = 0
    let agent = Agent()
    guard
        let desk = try? Desk(
            language: .vietnamese, link: agent, renderer: Renderer(palette: Palette(depth: .many)),
            blankAfter: 30_000, imports: ["/nonexistent"], isPlain: isPlain, size: size, now: now)
    else { return 0 }
    desk.start(at: now)
    var records = 0
    while !rest.isEmpty, !desk.hasQuit {
        records += 1
        switch byte() & 7 {
        case 0...3:
            var typed = rest.prefix(Int(byte() & 31))
            rest.removeFirst(min(typed.count, rest.count))
            _ = desk.read(at: now) { room in
                room.copyBytes(from: typed)
                defer { typed = [] }
                return typed.count
            }
            if desk.hasPendingEscape { desk.escapeTimedOut(at: now) }
        case 4:
            let touch = Array("\u{1B}[<\(byte() & 0x41);\(byte());\(byte())M".utf8)
            _ = desk.read(at: now) { room in
                room.copyBytes(from: touch)
                return touch.count
            }
        case 5:
            size = Size(columns: 70 + Int(byte()) / 4, rows: 20 + Int(byte()) / 16)
            desk.resize(size)
        case 6:
            let states = ReaderState.allCases
            switch byte() & 3 {
            case 0: agent.say(.lost(.hungUp))
            case 1:
                agent.say(
                    .readers([
                        ReaderStatus(
                            name: "A", state: states[Int(byte()) % states.count],
                            insertion: Int64(byte() & 1))
                    ]))
            case 2: agent.connect()
            default: desk.repaint()
            }
        default:
            now += Milliseconds(byte()) * 500
            desk.tick(at: now)
        }
        desk.takeMessages(at: now)
        let painted = desk.paint()
        if isPlain {
            precondition(!painted.contains(0x1B), "the line mode steers the terminal")
        }
        if records & 7 == 0 { check(desk, size) }
    }
    _ = desk.paint()
    precondition(desk.paint().isEmpty, "painted twice")
    check(desk, size)
    let all = sequences.add(records, ordering: .relaxed)
    if all.oldValue / 10_000 != all.newValue / 10_000 { print("sequences: \(all.newValue)") }
    return 0
}
