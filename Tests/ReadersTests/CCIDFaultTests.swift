import APDU
import System
import Testing
import VirtualToken

@testable import Readers

/// Everything that may go wrong between host and card, once: what it is told as, that no try is
/// spent, and that the next session works.
@Suite struct CCIDFaultTests {
    enum Level: String, CaseIterable, Sendable {
        case extended, short, blocks, characters

        func apply(_ design: inout ReaderDesign) {
            switch self {
            case .extended: design.level = .extended
            case .short: design.level = .short
            case .blocks: design.level = .tpdu
            case .characters:
                design.level = .tpdu
                design.cardProtocol = .t0
            }
        }
    }

    /// What comes of it.
    enum End: Equatable, Sendable, CustomStringConvertible {
        case answered
        case fault(CardFault)

        var description: String {
            switch self {
            case .answered: "answered"
            case .fault(let fault): "\(fault)"
            }
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let fault: String
        let end: End
        var levels = Level.allCases
        var within: Duration = .milliseconds(80)
        var testDescription: String { fault }
    }

    private static let stall = CardFault.transport(-9)
    private static let overflow = CardFault.transport(-8)
    private static let others: [Level] = [.extended, .short, .characters]

    /// At the exchange of one reading command.
    static let rows: [Row] = [
        Row(fault: "msg=6F,kind=pull-before", end: .fault(.removed)),
        Row(fault: "msg=6F,kind=pull-mute", end: .fault(.removed)),
        Row(fault: "msg=6F,kind=mute", end: .fault(.deadline), levels: others),
        Row(fault: "msg=6F,kind=mute-after", end: .fault(.deadline), levels: others),
        Row(fault: "msg=6F,kind=mute", end: .fault(.deadline), levels: [.blocks]),
        Row(fault: "msg=6F,kind=error:FE", end: .fault(.mute), levels: others),
        Row(fault: "msg=6F,kind=error:FD", end: .fault(.transport(0xFD)), levels: others),
        Row(fault: "msg=6F,kind=error:FB", end: .fault(.transport(0xFB))),
        Row(fault: "msg=6F,kind=error:E0", end: .fault(.transport(0xE0))),
        Row(fault: "msg=6F,kind=error-after:FB", end: .fault(.transport(0xFB))),
        Row(fault: "msg=6F,kind=seq", end: .fault(.deadline)),
        Row(fault: "msg=6F,kind=slot", end: .fault(.deadline)),
        Row(fault: "msg=6F,kind=long:1", end: .fault(.malformedResponse)),
        Row(fault: "msg=6F,kind=short:1", end: .fault(.malformedResponse)),
        Row(fault: "msg=6F,kind=long:60000", end: .fault(.malformedResponse)),
        Row(fault: "msg=6F,kind=zlp-before", end: .answered),
        Row(fault: "msg=6F,kind=zlp-after", end: .answered),
        Row(fault: "msg=6F,kind=no-zlp", end: .answered),
        Row(fault: "msg=6F,kind=extend:3", end: .answered),
        Row(fault: "msg=6F,kind=extend:3/FF", end: .answered),
        Row(fault: "msg=6F,kind=extend:3/00", end: .answered),
        Row(fault: "msg=6F,kind=extend-forever", end: .fault(.deadline)),
        Row(fault: "msg=6F,kind=extend-forever:FF", end: .fault(.deadline)),
        Row(fault: "msg=6F,kind=stall-in", end: .fault(stall)),
        Row(fault: "msg=6F,kind=stall-out", end: .fault(stall)),
        Row(fault: "msg=6F,kind=deaf", end: .fault(.deadline)),
        Row(fault: "msg=6F,kind=babble", end: .fault(overflow)),
        // The card is told to say it again, and nobody notices.
        Row(fault: "msg=6F,kind=error:FE", end: .answered, levels: [.blocks]),
        Row(fault: "msg=6F,kind=error:FD", end: .answered, levels: [.blocks]),
        Row(fault: "msg=6F,kind=error:FC", end: .answered, levels: [.blocks]),
        Row(fault: "block=1,kind=edc", end: .answered, levels: [.blocks]),
        Row(fault: "block=1,kind=parity", end: .answered, levels: [.blocks]),
        Row(fault: "block=1,kind=drop", end: .answered, levels: [.blocks]),
        Row(fault: "sent=1,kind=edc", end: .answered, levels: [.blocks]),
        Row(fault: "sent=1,kind=parity", end: .answered, levels: [.blocks]),
        Row(fault: "sent=1,kind=drop", end: .answered, levels: [.blocks]),
        Row(fault: "sent=1,kind=wtx:2", end: .answered, levels: [.blocks]),
        Row(fault: "sent=1,kind=ifs:10", end: .answered, levels: [.blocks]),
        Row(fault: "sent=1,kind=len", end: .answered, levels: [.blocks]),
        Row(fault: "sent=1,kind=nad", end: .answered, levels: [.blocks]),
        Row(fault: "sent=1,kind=number", end: .answered, levels: [.blocks]),
        Row(fault: "sent=1,kind=abort", end: .fault(.malformedResponse), levels: [.blocks]),
        // Ends by its number, which a busy machine takes its time to count.
        Row(
            fault: "sent=1,kind=wtx:0", end: .fault(.malformedResponse), levels: [.blocks],
            within: .seconds(30)),
    ]

    private static let all: [(Row, Level)] = rows.flatMap { row in row.levels.map { (row, $0) } }

    @Test("a fault is told as what it is, costs no try, and ends with its session", arguments: all)
    func oneFault(_ row: Row, _ level: Level) throws {
        let simulated = SimulatedReader(level.apply)
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: limit(.seconds(3)))
        _ = try link.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        try simulated.arm(row.fault)
        #expect(ask(link, within: row.within) == row.end)
        link.close()

        // The next card, or this one once more.
        simulated.change {
            $0.clearFaults()
            $0.insert(0)
        }
        let next = CCIDLink(reader, slot: 0)
        _ = try next.look(limit: limit(.seconds(3)))
        _ = try next.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        #expect(ask(next) == .answered)
        next.close()
        #expect(simulated.spent() == 0)
        #expect(simulated.claims == 1)
        #expect(simulated.resets == 0)
    }

    @Test(
        "the time a card asks for is counted, by its reader's word or in its own blocks",
        arguments: [
            ("msg=6F,kind=extend:3", Level.extended, 3), ("msg=6F,kind=extend:2", .blocks, 2),
            ("sent=1,kind=wtx:2", .blocks, 2), ("msg=6F,kind=zlp-before", .extended, 0),
        ])
    func extensions(_ fault: String, _ level: Level, _ expected: Int) throws {
        let simulated = SimulatedReader(level.apply)
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: limit(.seconds(3)))
        _ = try link.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        let before = try #require(link.timeExtensions)
        try simulated.arm(fault)
        #expect(ask(link) == .answered)
        #expect(link.timeExtensions == before + expected)
        #expect(ask(link) == .answered)
        #expect(link.timeExtensions == before + expected)
        link.close()
    }

    @Test(
        "a command that may write is waited for, whatever the reader says, and keeps its power",
        arguments: [
            "msg=6F,kind=stall-in", "msg=6F,kind=babble", "msg=6F,kind=long:1",
            "msg=6F,kind=seq", "msg=6F,kind=mute-after", "msg=6F,kind=extend-forever",
            "msg=6F,kind=error-after:FE",
        ])
    func aWriteIsNotCutOff(_ fault: String) throws {
        let simulated = SimulatedReader { $0.level = .extended }
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: limit(.seconds(3)))
        _ = try link.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        #expect(ask(link) == .answered)
        try simulated.arm(fault)
        let before = simulated.messages.count
        let last = Instant.now + .milliseconds(250)
        #expect(throws: CardFault.self) {
            _ = try say(
                link, "0020008008313233343536FFFF",
                limit: CallLimit(orderly: last, last: last, mayWrite: true))
        }
        // Sent once; aborted at the cap and not before; powered until the session ends.
        let sent = simulated.messages[before...]
        let isOver = Instant.now >= last || simulated.waitedUntil.map { $0 >= last } ?? false
        #expect(sent.filter { $0 == 0x6F }.count == 1)
        #expect(isOver || !sent.contains(0x72) && !sent.contains(0x63))
        link.close()
        #expect(simulated.messages.last { $0 != 0x65 } == 0x63)
    }

    @Test("a pull ends a command whose answer never comes, also one that may write")
    func aPullEndsAWrite() throws {
        let simulated = SimulatedReader { $0.level = .extended }
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: limit(.seconds(3)))
        _ = try link.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        try simulated.arm("msg=6F,kind=pull-mute")
        let last = Instant.now + .seconds(60)
        #expect(throws: CardFault.removed) {
            _ = try say(
                link, "0020008008313233343536FFFF",
                limit: CallLimit(orderly: last, last: last, mayWrite: true))
        }
        let waited = try #require(simulated.waitedUntil)
        #expect(waited < last)
        link.close()
    }

    @Test("nothing is sent once its caller was told that it is over")
    func nothingLate() throws {
        let simulated = SimulatedReader { $0.level = .extended }
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: limit(.seconds(3)))
        _ = try link.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        let before = simulated.messages.count
        #expect(throws: CardFault.deadline) {
            _ = try say(link, "00200080", limit: limit(.milliseconds(-1)))
        }
        #expect(!simulated.messages[before...].contains(0x6F))
        link.close()
        #expect(simulated.messages.last { $0 != 0x65 } == 0x63)
    }

    @Test("a reader that is let go leaves no card with power")
    func letGo() throws {
        let simulated = SimulatedReader { $0.slots = 2 }
        let reader = try simulated.reader()
        let links = (0..<2).map { CCIDLink(reader, slot: UInt8($0)) }
        for (slot, link) in links.enumerated() {
            _ = try link.look(limit: limit(.seconds(3)))
            _ = try link.open(mark: reader.slot(UInt8(slot)).changes, limit: limit(.seconds(3)))
        }
        let before = simulated.messages.count
        reader.leave()
        #expect(simulated.messages[before...].filter { $0 == 0x63 }.count == 2)
        #expect(simulated.claims == 0)
    }

    @Test("a reset for one slot is told to the sessions of the others")
    func resetTellsOthers() throws {
        let simulated = SimulatedReader {
            $0.slots = 2
            $0.abort = .ignored
        }
        let reader = try simulated.reader()
        let links = (0..<2).map { CCIDLink(reader, slot: UInt8($0)) }
        for (slot, link) in links.enumerated() {
            _ = try link.look(limit: limit(.seconds(3)))
            _ = try link.open(mark: reader.slot(UInt8(slot)).changes, limit: limit(.seconds(3)))
        }
        try simulated.arm("msg=6F,kind=mute")
        #expect(ask(links[1]) == .fault(.deadline))
        #expect(simulated.resets == 1)
        #expect(ask(links[0]) == .fault(.reset))
        #expect(links[0].hasLostCard)
    }

    @Test(
        "an endless wait without an abort ends in a reset of the device", arguments: Level.allCases)
    func noAbort(_ level: Level) throws {
        let simulated = SimulatedReader {
            level.apply(&$0)
            $0.abort = .ignored
        }
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: limit(.seconds(3)))
        _ = try link.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        try simulated.arm("msg=6F,kind=mute")
        #expect(ask(link) == .fault(.deadline))
        #expect(simulated.resets == 1)
        link.close()
        simulated.change { $0.clearFaults() }
        let next = CCIDLink(reader, slot: 0)
        _ = try next.look(limit: limit(.seconds(3)))
        _ = try next.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        #expect(ask(next) == .answered)
        #expect(simulated.spent() == 0)
    }

    @Test("a reader that is unplugged is gone at once, and lets go", arguments: Level.allCases)
    func unplugged(_ level: Level) throws {
        let simulated = SimulatedReader(level.apply)
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: limit(.seconds(3)))
        _ = try link.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        try simulated.arm("msg=6F,kind=unplug-before")
        #expect(ask(link) == .fault(.removed))
        #expect(link.hasLostCard)
        reader.leave()
        #expect(simulated.claims == 0)
    }

    @Test("a card that was swapped is not taken for the one before", arguments: Level.allCases)
    func swapped(_ level: Level) throws {
        let simulated = SimulatedReader(level.apply)
        let reader = try simulated.reader(firstWords: .zero)
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: limit(.seconds(3)))
        let mark = reader.slot(0).changes
        _ = try link.open(mark: mark, limit: limit(.seconds(3)))
        simulated.change {
            $0.pull(0)
            $0.insert(0)
        }
        _ = ask(link)
        #expect(ask(link) != .answered)
        link.close()
        #expect(throws: ReaderError.cardChanged) {
            _ = try link.open(mark: mark, limit: limit(.seconds(3)))
        }
    }

    @Test("what a reader tells while it is opened is no news, however late it is read")
    func firstWords() throws {
        let simulated = SimulatedReader { $0.level = .extended }
        let reader = try simulated.reader(firstWords: .zero)
        let link = CCIDLink(reader, slot: 0)
        let seen = try link.look(limit: limit(.seconds(3)))
        #expect(reader.slot(0).changes == seen.mark)
        #expect(reader.news().isEmpty)
        simulated.change {
            $0.pull(0)
            $0.insert(0)
        }
        _ = reader.ifIdle { $0.pump() }
        #expect(reader.slot(0).changes != seen.mark)
        #expect(reader.news().count == 1)
    }

    @Test(
        "an answer of any length is taken, whether or not an empty packet ends it",
        arguments: ["", "each,kind=no-zlp", "each,kind=zlp-after", "each,kind=zlp-before"])
    func lengths(_ fault: String) throws {
        let simulated = SimulatedReader { $0.level = .short }
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: limit(.seconds(3)))
        _ = try link.open(mark: reader.slot(0).changes, limit: limit(.seconds(3)))
        #expect(ask(link) == .answered)
        if !fault.isEmpty { try simulated.arm(fault) }
        for count in 1...140 {
            let tag = String(count, radix: 16)
            let command = "00CB3FFF055C035FFF" + (tag.count == 1 ? "0" : "") + tag + "00"
            let answer = try say(link, command)
            #expect(answer.suffix(2) == [0x90, 0x00])
            #expect(answer.count >= count + 4)
        }
        link.close()
    }

    @Test("slots are told apart")
    func slots() throws {
        let simulated = SimulatedReader { $0.slots = 3 }
        let reader = try simulated.reader()
        let links = (0..<3).map { CCIDLink(reader, slot: UInt8($0)) }
        for (slot, link) in links.enumerated() {
            _ = try link.look(limit: limit(.seconds(3)))
            _ = try link.open(
                mark: reader.slot(UInt8(slot)).changes, limit: limit(.seconds(3)))
        }
        #expect(ask(links[1]) == .answered)
        #expect(try say(links[1], "0020008008393939393939FFFF") == [0x63, 0xC2])
        simulated.change { $0.pull(2) }
        #expect(ask(links[0]) == .answered)
        #expect(ask(links[2]) == .fault(.removed))
        #expect(ask(links[1]) == .answered)
        #expect((0..<3).map { simulated.spent($0) } == [0, 1, 0])
        #expect(simulated.complaints == [])
    }

    @Test(
        "readers the host cannot drive are refused with the reason",
        arguments: [
            ("unsupported: the reader exchanges single characters", ReaderDesign.Level.character)
        ])
    func unsupported(_ reason: String, _ level: ReaderDesign.Level) throws {
        let simulated = SimulatedReader { $0.level = level }
        #expect(throws: CCIDFault.unsupported(reason)) { _ = try simulated.reader() }
    }

    /// SELECT, and what comes of it.
    private func ask(_ link: CCIDLink, within: Duration = .milliseconds(80)) -> End {
        do throws(CardFault) {
            let answer = try say(link, "00A4040005A00000030800", limit: limit(within))
            return answer.suffix(2) == [0x90, 0x00] ? .answered : .fault(.malformedResponse)
        } catch {
            return .fault(error)
        }
    }
}
