import Glibc
import Secrets
import StationInterface
import Synchronization

// A terminal, a finger and an agent that do anything in any order: the shell goes on, every screen
// fits its size and names a key, what can be touched lies on it and types nothing but the pad's
// digits into a code, and the line mode writes text alone. Wherever it ends, in the middle of a
// sequence too, the terminal has its modes back. The first byte chooses the line mode.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/WorkingDays Sources/Requests Sources/Varlink Sources/StationInterface Sources/KioskShell
// options: -len_control=0 -max_len=1024 -timeout=60
// seed: 0000010D0601010100010D00010D00010D0008313233343536373800010D000635383032363400010D000635383032363400010D
// seed: 010601020100020D0D0400140A03030231370564320B07FF0602060300010A
// seed: 0003000331377E0300043230307E000361C3A90307000003021B5B05640B0700
@testable import KioskShell

/// What the shell was fed, by all inputs together.
private struct Fed: ~Copyable {
    /// Keys that are no escape sequence.
    let keys = Atomic(0)
    let mouse = Atomic(0)
    /// Begun by an escape byte, whatever became of them.
    let escapes = Atomic(0)
    let resizes = Atomic(0)
    /// Of the agent.
    let messages = Atomic(0)

    func tell() {
        let kinds = [
            ("keys", keys.load(ordering: .relaxed)),
            ("reports of the mouse", mouse.load(ordering: .relaxed)),
            ("escape sequences", escapes.load(ordering: .relaxed)),
            ("resizes", resizes.load(ordering: .relaxed)),
            ("messages of the agent", messages.load(ordering: .relaxed)),
        ]
        let all = kinds.reduce(0) { $0 + $1.1 }
        let words = kinds.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        print("fed: \(all): \(words)")
    }
}

private let fed = Fed()
/// Said when the fuzzer ends.
private let isTold = atexit { fed.tell() } == 0

extension Atomic<Int> {
    fileprivate func count(_ more: Int = 1) { add(more, ordering: .relaxed) }
}

/// What a terminal's modes are after some bytes; text, colours and places are nothing to it.
private struct Modes: Equatable {
    enum Within: Equatable {
        case text, escape, string
        case control(String)
    }

    /// Private modes that are on (DECSET).
    var on: Set<String> = ["7", "25"]
    var isPlain = true
    var within = Within.text

    mutating func take(_ bytes: some Sequence<UInt8>) { for byte in bytes { take(byte) } }

    private mutating func take(_ byte: UInt8) {
        switch (within, byte) {
        case (_, 0x18): within = .text
        case (_, 0x1B): within = .escape
        case (.text, _), (.string, _): break
        case (.escape, UInt8(ascii: "[")): within = .control("")
        case (.escape, UInt8(ascii: "\\")): within = .text
        case (.escape, _): preconditionFailure("a sequence that nobody takes back")
        case (.control(let parameters), 0x40...0x7E):
            within = .text
            end(parameters, byte)
        case (.control(let parameters), _):
            within = .control(parameters + String(Unicode.Scalar(byte)))
        }
    }

    private mutating func end(_ parameters: String, _ byte: UInt8) {
        switch Character(Unicode.Scalar(byte)) {
        case "H", "J": break
        case "m": isPlain = parameters == "0"
        case "h" where parameters.first == "?": on.insert(String(parameters.dropFirst()))
        case "l" where parameters.first == "?": on.remove(String(parameters.dropFirst()))
        default: preconditionFailure("\(parameters) \(byte): nobody takes it back")
        }
    }
}

private func bytes(_ text: StaticString) -> [UInt8] { text.withUTF8Buffer { Array($0) } }

/// How escape sequences begin: whole, cut off, of every kind that a terminal may send.
private let beginnings = ["[", "O", "]", "P", "[<", "[[", "", "[200~"]

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
        let found = (1...15).map { number in
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
        fed.messages.count(waiting.count)
        return waiting
    }
}

private func check(_ desk: Desk, _ size: Size) {
    let grid = ScreenView.draw(desk.counter, size: size, pad: CodePad())
    precondition(grid.size == size.clamped, "another size")
    precondition(!desk.counter.keyHints.isEmpty, "no key leads on")
    precondition(grid.targets.count <= Target.most)
    if let kept = desk.counter.kept {
        precondition(Kept(bytes: kept.bytes) == kept, "another process reads something else")
    }
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

/// What is left of an input.
private struct Input {
    var rest: ArraySlice<UInt8>

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// As many bytes as the next one says.
    mutating func bytes(_ most: UInt8) -> [UInt8] {
        let taken = Array(rest.prefix(Int(byte() & most)))
        rest = rest.dropFirst(taken.count)
        return taken
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    precondition(isTold)
    var input = Input(rest: Array(UnsafeRawBufferPointer(start: start, count: count))[...])
    let isPlain = input.byte() & 7 == 1
    // Who leaves is followed by the next.
    while !input.rest.isEmpty { run(&input, isPlain: isPlain) }
    return 0
}

private func run(_ input: inout Input, isPlain: Bool) {
    var size = Size.smallest
    var now: Milliseconds = 0
    let agent = Agent()
    guard
        let desk = try? Desk(
            language: .vietnamese, link: agent, renderer: Renderer(palette: Palette(depth: .many)),
            blankAfter: 30_000, imports: ["/nonexistent"], isPlain: isPlain, size: size, now: now)
    else { preconditionFailure("no locked memory") }
    // The same bytes once more, to know what they are.
    var counter = KeyDecoder()
    var isEscaped = false
    func type(_ typed: [UInt8]) {
        _ = desk.read(at: now) { room in
            room.copyBytes(from: typed)
            return typed.count
        }
        for byte in typed {
            if byte == 0x1B {
                fed.escapes.count()
                isEscaped = true
            }
            guard let key = counter.feed(byte) else { continue }
            if case .pointer = key {
                fed.mouse.count()
                fed.escapes.count(-1)
            } else if !isEscaped {
                fed.keys.count()
            }
            isEscaped = false
        }
        guard desk.hasPendingEscape else { return }
        now += 50
        desk.endTyping(at: now)
        _ = counter.flush()
        isEscaped = false
    }
    desk.start(at: now)
    var before = Modes()
    if !isPlain { before.take(bytes(Renderer.enter)) }
    var last: [UInt8] = []
    var records = 0
    while !input.rest.isEmpty, !desk.hasQuit {
        records += 1
        let record = input.byte()
        // Of some kinds several come at once.
        let more = record >> 3 & 7
        switch record & 7 {
        case 0...2: type(input.bytes(63))
        case 3:
            for _ in 0...more where !desk.hasQuit {
                let beginning = beginnings[Int(input.byte() & 7)]
                type([0x1B] + Array(beginning.utf8) + input.bytes(15))
            }
        case 4:
            for _ in 0...more where !desk.hasQuit {
                let end = input.byte()
                let place = "\(input.byte());\(input.byte())"
                type(Array("\u{1B}[<\(end & 0x41);\(place)\(end & 2 == 0 ? "M" : "m")".utf8))
            }
        case 5:
            size = Size(columns: 70 + Int(input.byte()) / 4, rows: 20 + Int(input.byte()) / 16)
            fed.resizes.count()
            desk.resize(size)
        case 6:
            let states = ReaderState.allCases
            switch input.byte() & 3 {
            case 0: agent.say(.lost(.hungUp))
            case 1:
                agent.say(
                    .readers([
                        ReaderStatus(
                            name: "A", state: states[Int(input.byte()) % states.count],
                            insertion: Int64(input.byte() & 1))
                    ]))
            case 2: agent.connect()
            default: desk.repaint()
            }
        default:
            now += Milliseconds(input.byte()) * 500
            if let due = desk.typingDeadline, due <= now {
                desk.endTyping(at: now)
                precondition(desk.typingDeadline == nil, "deaf")
                _ = counter.flush()
                isEscaped = false
            }
            desk.tick(at: now)
        }
        desk.takeMessages(at: now)
        // What comes faster than it is painted is painted together.
        if record >> 6 != 0, records & 7 != 0 { continue }
        let painted = desk.paint()
        if isPlain {
            precondition(!painted.contains(0x1B), "the line mode steers the terminal")
        } else if !painted.isEmpty {
            before.take(last)
            last = painted
        }
        if records & 7 == 0 { check(desk, size) }
    }
    if !isPlain { checkEnd(after: last, before, cutAt: records) }
    _ = desk.paint()
    precondition(desk.paint().isEmpty, "painted twice")
    check(desk, size)
}

/// The way out, after the whole of what was painted last and from within it.
private func checkEnd(after last: [UInt8], _ before: Modes, cutAt place: Int) {
    for length in [last.count, last.isEmpty ? 0 : place * 37 % last.count] {
        var modes = before
        modes.take(last.prefix(length))
        modes.take(bytes(Renderer.leave))
        precondition(modes == Modes(), "the terminal is left in \(modes)")
    }
}
