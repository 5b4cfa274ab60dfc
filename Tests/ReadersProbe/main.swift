// Drives the readers' room from a script: one command a line on standard input, one event a
// line on standard output. For the integration tests only.
import APDU
import Readers
import Synchronization
import System

let output = Mutex(())

func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    output.withLock { _ in
        bytes.withUnsafeBytes { all in
            var rest = all
            while !rest.isEmpty {
                let stdout = FileDescriptor(owning: 1)
                let sent = (try? stdout.writeAll(rest)) != nil
                _ = stdout.release()
                rest = sent ? UnsafeRawBufferPointer(start: nil, count: 0) : rest
                if !sent { return }
            }
        }
    }
}

func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func bytes(_ hex: Substring) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(digits[$0...($0 + 1)]), radix: 16)
    }
}

func words(_ state: ReaderState) -> String {
    switch state {
    case .empty: "empty"
    case .present(let atr): "present:" + hex(atr)
    case .mute: "mute"
    case .busy(let holders):
        "busy:" + holders.map { "\($0.program)/\($0.process)" }.joined(separator: ",")
    case .stuck(_, let what): "stuck:" + what
    case .unavailable: "unavailable"
    }
}

func words(_ fault: CardFault) -> String {
    switch fault {
    case .removed: "removed"
    case .reset: "reset"
    case .mute: "mute"
    case .deadline: "deadline"
    case .cancelled: "cancelled"
    case .malformedResponse: "malformed"
    case .transport(let code): "transport " + String(UInt32(bitPattern: code), radix: 16)
    }
}

func descriptors() -> Int { (try? File.names(in: "/proc/self/fd").count) ?? -1 }

/// apdu READER-INDEX INSERTION BUDGET-MS HARDCAP-MS r|w COMMAND,COMMAND… ("cold" resets)
func perform(_ parts: [Substring], on hub: ReaderHub) {
    let readers = hub.snapshot()
    guard parts.count == 7, let index = Int(parts[1]), let insertion = UInt64(parts[2]),
        let budget = Int(parts[3]), let cap = Int(parts[4])
    else { return say("error usage") }
    guard readers.indices.contains(index) else { return say("refused no reader \(index)") }
    let writes = parts[5] == "w"
    let commands = parts[6].split(separator: ",").map { $0 == "cold" ? nil : bytes($0) }
    let clock = StepClock(
        timekeeper: hub.timekeeper, hardCap: .milliseconds(cap),
        onOverdue: { step, lateness in say("overdue \(step.name) \(lateness)") },
        onHardCap: { say("hardcap \($0.name)") })
    let procedure = Procedure(
        activity: "probe", insertion: insertion == 0 ? nil : insertion, clock: clock,
        connectBudget: .milliseconds(budget),
        body: { session in
            say(
                "opened \(hex(session.atr)) \(session.protocolName) "
                    + "extended=\(session.takesExtended) insertion=\(session.insertion)")
            var response = ResponseBuffer()
            for (number, command) in commands.enumerated() {
                session.clock.begin("step \(number)", budget: .milliseconds(budget), writes: writes)
                do throws(CardFault) {
                    guard let command else {
                        try session.resetCold()
                        say("cold " + hex(session.atr))
                        continue
                    }
                    let copy = UnsafeMutableRawBufferPointer.allocate(
                        byteCount: command.count, alignment: 1)
                    defer { copy.deallocate() }
                    copy.copyBytes(from: command)
                    try session.transmit(
                        UnsafeRawBufferPointer(copy), writes: writes, into: &response)
                    say("answer " + response.withBytes { hex(Array($0)) })
                } catch {
                    say("fault " + words(error))
                }
            }
        },
        unopened: { say("unopened \($0)") },
        closed: {
            let times = clock.steps.map { "\(($0.took ?? .zero).inMilliseconds)" }
            say("times " + times.joined(separator: ","))
            say("closed " + clock.steps.map(\.name).joined(separator: ","))
        })
    do throws(ReaderError) {
        try hub.perform(procedure, on: readers[index].name)
        say("queued")
    } catch {
        say("refused \(error)")
    }
}

let before = descriptors()
let hub = ReaderHub(
    configuration: .init(
        pcsc: CommandLine.arguments.contains("--pcsc"),
        virtualSocket: CommandLine.arguments.last.flatMap {
            $0.hasPrefix("/") && CommandLine.arguments.count > 1
                && CommandLine.arguments.contains("--virtual")
                ? ReaderHub.VirtualSocket(path: $0) : nil
        }))
try hub.start()
let observation = hub.observe { list in
    let readers = list.readers.map {
        "\($0.name)|\(words($0.state))|\($0.insertion)|\($0.activity ?? "")"
    }
    say("list \(list.generation) " + readers.joined(separator: ";"))
}
say("ready")
while let line = readLine() {
    let parts = line.split(separator: " ")
    switch parts.first {
    case "apdu": perform(parts, on: hub)
    case "pcsc": say("pcsc \(hub.pcscState)")
    case "holders": say("holders \(hub.holders())")
    case "quit":
        observation.end()
        let left = hub.stop()
        // What a thread held it gives back at its end, a moment behind its word that it is done.
        let patience = Instant.now + .seconds(2)
        while descriptors() > before, Instant.now < patience { Thread.pause(.milliseconds(5)) }
        say("stopped left=\(left) descriptors=\(descriptors() - before)")
        Process.exit(0)
    default: say("error \(line)")
    }
}
