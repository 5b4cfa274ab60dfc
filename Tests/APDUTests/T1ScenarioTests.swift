import APDU
import Testing

/// What goes over the line, block by block, with the scenarios of ISO 7816-3, annex A, among
/// them.
@Suite struct T1ScenarioTests {
    /// Lines of what happens, in order:
    /// - `begin C`, `ifsd N`: the caller begins.
    /// - `> B`: this block, and nothing else, is to be sent; `x3` behind it for a wait of 3 BWT.
    /// - `< B`: this block comes. `! B`: it comes with a bit of its code turned over.
    /// - `silence`, `damaged`, `malformed`: the reader says so instead.
    /// - `done R`: the exchange ends with this response. `fails E`: it ends with this error.
    ///
    /// Blocks are written without their error detection code.
    struct Script: Sendable, CustomTestStringConvertible {
        let name: String
        var ifsc = 2
        var capacity = 300
        var waitingLimit = 3
        let lines: [String]
        var testDescription: String { name }

        init(
            _ name: String, ifsc: Int = 2, capacity: Int = 300, waitingLimit: Int = 3,
            _ lines: String...
        ) {
            self.name = name
            self.ifsc = ifsc
            self.capacity = capacity
            self.waitingLimit = waitingLimit
            self.lines = lines
        }
    }

    static let errorFree: [Script] = [
        Script(
            "I-blocks alternate their numbers, each end its own", "begin A1", "> 00 00 01 A1",
            "< 00 00 02 9000", "done 9000", "begin A2", "> 00 40 01 A2", "< 00 40 02 9001",
            "done 9001", "begin A3", "> 00 00 01 A3", "< 00 00 02 9002", "done 9002"),
        Script(
            "more time, for the next wait only", "begin A1", "> 00 00 01 A1", "< 00 C3 01 05",
            "> 00 E3 01 05 x5", "! 00 00 02 9000", "> 00 81 00 x1", "< 00 00 02 9000", "done 9000"),
        Script(
            "more time of no BWT", "begin A1", "> 00 00 01 A1", "< 00 C3 01 00", "> 00 E3 01 00",
            "< 00 00 02 9000", "done 9000"),
        Script(
            "a size for the interface device", "ifsd 254", "> 00 C1 01 FE", "< 00 E1 01 FE", "done",
            "begin A1", "> 00 00 01 A1", "< 00 00 21 " + text(pattern(33)),
            "done " + text(pattern(33))),
        Script(
            "a size for the card, within a chain of the command", "begin A1A2A3A4A5A6A7",
            "> 00 20 02 A1A2", "< 00 C1 01 04", "> 00 E1 01 04", "< 00 90 00",
            "> 00 60 04 A3A4A5A6",
            "< 00 80 00", "> 00 00 01 A7", "< 00 00 02 9000", "done 9000"),
        Script(
            "a size for the card, before the response, holds in the next exchange", "begin A1A2",
            "> 00 00 02 A1A2", "< 00 C1 01 04", "> 00 E1 01 04", "< 00 00 02 9000", "done 9000",
            "begin A1A2A3A4", "> 00 40 04 A1A2A3A4", "< 00 40 02 9000", "done 9000"),
        Script(
            "a chain to the card", "begin A1A2A3A4A5", "> 00 20 02 A1A2", "< 00 90 00",
            "> 00 60 02 A3A4", "< 00 80 00", "> 00 00 01 A5", "< 00 00 02 9000", "done 9000",
            "begin A1", "> 00 40 01 A1", "< 00 40 02 9000", "done 9000"),
        Script(
            "a chain that fills its blocks", "begin A1A2A3A4", "> 00 20 02 A1A2", "< 00 90 00",
            "> 00 40 02 A3A4", "< 00 00 02 9000", "done 9000"),
        Script(
            "a chain from the card", "begin A1", "> 00 00 01 A1", "< 00 20 01 B1", "> 00 90 00",
            "< 00 60 01 B2", "> 00 80 00", "< 00 00 02 9000", "done B1B29000", "begin A2",
            "> 00 40 01 A2", "< 00 40 02 9000", "done 9000"),
        Script(
            "a chain from the card with an empty end", "begin A1", "> 00 00 01 A1",
            "< 00 20 02 9000", "> 00 90 00", "< 00 40 00", "done 9000"),
        Script(
            "chains both ways", "begin A1A2A3", "> 00 20 02 A1A2", "< 00 90 00", "> 00 40 01 A3",
            "< 00 20 01 B1", "> 00 90 00", "< 00 40 02 9000", "done B19000"),
        Script(
            "more time within a chain of the card", "begin A1", "> 00 00 01 A1", "< 00 20 01 B1",
            "> 00 90 00", "< 00 C3 01 02", "> 00 E3 01 02 x2", "< 00 40 02 9000", "done B19000"),
    ]

    static let erroneous: [Script] = [
        Script(
            "the card did not read the I-block", "begin A1", "> 00 00 01 A1", "< 00 81 00",
            "> 00 00 01 A1", "< 00 00 02 9000", "done 9000"),
        Script(
            "an R-block without an error asks for it too", "begin A1", "> 00 00 01 A1",
            "< 00 80 00", "> 00 00 01 A1", "< 00 00 02 9000", "done 9000"),
        Script(
            "the card's I-block is damaged", "begin A1", "> 00 00 01 A1", "! 00 00 02 9000",
            "> 00 81 00", "< 00 00 02 9000", "done 9000"),
        Script(
            "the reader finds the damage", "begin A1", "> 00 00 01 A1", "damaged", "> 00 81 00",
            "< 00 00 02 9000", "done 9000"),
        Script(
            "no answer", "begin A1", "> 00 00 01 A1", "silence", "> 00 82 00", "< 00 00 02 9000",
            "done 9000"),
        Script(
            "an overrun", "begin A1", "> 00 00 01 A1", "malformed", "> 00 82 00",
            "< 00 00 02 9000", "done 9000"),
        Script(
            "the card's I-block and the R-block for it are damaged", "begin A1", "> 00 00 01 A1",
            "! 00 00 02 9000", "> 00 81 00", "< 00 91 00", "> 00 82 00", "< 00 00 02 9000",
            "done 9000"),
        Script(
            "the I-block and the card's R-block for it are damaged", "begin A1", "> 00 00 01 A1",
            "! 00 81 00", "> 00 81 00", "< 00 81 00", "> 00 00 01 A1", "< 00 00 02 9000",
            "done 9000"),
        Script(
            "an I-block of the exchange before comes again", "begin A1", "> 00 00 01 A1",
            "< 00 00 02 9000", "done 9000", "begin A2", "> 00 40 01 A2", "< 00 00 02 9000",
            "> 00 92 00", "< 00 91 00", "> 00 40 01 A2", "< 00 40 02 9001", "done 9001"),
        Script(
            "a chain to the card: its R-block is damaged", "begin A1A2A3", "> 00 20 02 A1A2",
            "! 00 90 00", "> 00 81 00", "< 00 90 00", "> 00 40 01 A3", "< 00 00 02 9000",
            "done 9000"),
        Script(
            "a chain to the card: its R-block tells of an error met since", "begin A1A2A3",
            "> 00 20 02 A1A2", "! 00 90 00", "> 00 81 00", "< 00 91 00", "> 00 40 01 A3",
            "< 00 00 02 9000", "done 9000"),
        Script(
            "a chain to the card: the I-block is damaged", "begin A1A2A3", "> 00 20 02 A1A2",
            "< 00 81 00", "> 00 20 02 A1A2", "< 00 90 00", "> 00 40 01 A3", "< 00 91 00",
            "> 00 40 01 A3", "< 00 00 02 9000", "done 9000"),
        Script(
            "a chain to the card, not taken, then cut to a new size", ifsc: 3, "begin A1A2A3A4",
            "> 00 20 03 A1A2A3", "< 00 C1 01 02", "> 00 E1 01 02", "< 00 81 00",
            "> 00 20 02 A1A2", "< 00 90 00", "> 00 40 02 A3A4", "< 00 00 02 9000", "done 9000"),
        Script(
            "a chain to the card is answered before its end", "begin A1A2A3", "> 00 20 02 A1A2",
            "< 00 00 02 6700", "> 00 82 00", "< 00 90 00", "> 00 40 01 A3", "< 00 00 02 9000",
            "done 9000"),
        Script(
            "a chain from the card: an I-block is damaged", "begin A1", "> 00 00 01 A1",
            "< 00 20 01 B1", "> 00 90 00", "! 00 40 02 9000", "> 00 91 00", "< 00 40 02 9000",
            "done B19000"),
        Script(
            "a chain from the card: the R-block is damaged", "begin A1", "> 00 00 01 A1",
            "< 00 20 01 B1", "> 00 90 00", "< 00 91 00", "> 00 92 00", "< 00 40 02 9000",
            "done B19000"),
        Script(
            "with part of the response here, the command never goes out again", "begin A1",
            "> 00 00 01 A1", "< 00 20 01 B1", "> 00 90 00", "< 00 81 00", "> 00 92 00",
            "< 00 40 02 9000", "done B19000"),
        Script(
            "a request for more time is damaged", "begin A1", "> 00 00 01 A1", "! 00 C3 01 05",
            "> 00 81 00", "< 00 C3 01 05", "> 00 E3 01 05 x5", "< 00 00 02 9000", "done 9000"),
        Script(
            "the card did not read that it has more time", "begin A1", "> 00 00 01 A1",
            "< 00 C3 01 05", "> 00 E3 01 05 x5", "< 00 C3 01 05", "> 00 E3 01 05 x5", "silence",
            "> 00 82 00", "< 00 C3 01 05", "> 00 E3 01 05 x5", "< 00 00 02 9000", "done 9000"),
        Script(
            "the card did not read that its size is known", "begin A1", "> 00 00 01 A1",
            "< 00 C1 01 20", "> 00 E1 01 20", "silence", "> 00 82 00", "< 00 C1 01 20",
            "> 00 E1 01 20", "< 00 00 02 9000", "done 9000"),
        Script(
            "the answer to a size is damaged, or an R-block", "ifsd 254", "> 00 C1 01 FE",
            "! 00 E1 01 FE", "> 00 C1 01 FE", "< 00 81 00", "> 00 C1 01 FE", "< 00 E1 01 FE", "done"
        ),
        Script(
            "more time before a size, and a size of the card's", "ifsd 64", "> 00 C1 01 40",
            "< 00 C3 01 02", "> 00 E3 01 02 x2", "< 00 C1 01 10", "> 00 E1 01 10", "< 00 E1 01 40",
            "done"),
        Script(
            "a size is answered with another", "ifsd 254", "> 00 C1 01 FE", "< 00 E1 01 20",
            "> 00 C1 01 FE", "< 00 E1 01 20", "> 00 C1 01 FE", "< 00 E1 01 20",
            "fails the card takes no information field size: a block out of place", "begin A1",
            "> 00 C0 00", "< 00 E0 00", "> 00 00 01 A1", "< 00 00 02 9000", "done 9000"),
        Script(
            "an I-block longer than IFSD", "begin A1", "> 00 00 01 A1",
            "< 00 00 21 " + text(pattern(33)), "> 00 82 00", "< 00 00 20 " + text(pattern(32)),
            "done " + text(pattern(32))),
        Script(
            "an empty block of a chain", "begin A1", "> 00 00 01 A1", "< 00 20 00", "> 00 82 00",
            "< 00 00 02 9000", "done 9000"),
        Script(
            "requests and grants the card may not make", "begin A1", "> 00 00 01 A1", "< 00 C0 00",
            "> 00 82 00", "< 00 E3 01 01", "> 00 82 00", "< 00 00 02 9000", "done 9000"),
        Script(
            "another node address", "begin A1", "> 00 00 01 A1", "< 10 00 02 9000", "> 00 82 00",
            "< 00 00 02 9000", "done 9000"),
    ]

    static let lost: [Script] = [
        Script(
            "three failures resynchronise, and the exchange is over", "begin A1", "> 00 00 01 A1",
            "< 00 00 02 9000", "done 9000", "begin A2", "> 00 40 01 A2", "silence", "> 00 92 00",
            "! 00 40 02 9000", "> 00 91 00", "damaged", "> 00 C0 00", "< 00 E0 00",
            "fails exchange lost and link resynchronised: parity or check error", "begin A3",
            "> 00 00 01 A3", "< 00 00 02 9000", "done 9000"),
        Script(
            "the card wants a block again and again", "begin A1", "> 00 00 01 A1", "< 00 81 00",
            "> 00 00 01 A1", "< 00 81 00", "> 00 00 01 A1", "< 00 81 00", "> 00 C0 00",
            "< 00 E0 00", "fails exchange lost and link resynchronised: the card refuses a block"),
        Script(
            "three tries are for each block", "begin A1A2A3", "> 00 20 02 A1A2", "< 00 81 00",
            "> 00 20 02 A1A2", "< 00 81 00", "> 00 20 02 A1A2", "< 00 90 00", "> 00 40 01 A3",
            "< 00 91 00", "> 00 40 01 A3", "< 00 91 00", "> 00 40 01 A3", "< 00 00 02 9000",
            "done 9000"),
        Script(
            "what has come of the response is dropped", "begin A1", "> 00 00 01 A1",
            "< 00 20 01 B1", "> 00 90 00", "silence", "> 00 92 00", "silence", "> 00 92 00",
            "silence", "> 00 C0 00", "< 00 E0 00",
            "fails exchange lost and link resynchronised: no answer"),
        Script(
            "a resynchronisation in the third try; its size is the ATR's", "begin A1",
            "> 00 00 01 A1", "< 00 C1 01 20", "> 00 E1 01 20", "silence", "> 00 82 00", "silence",
            "> 00 82 00", "silence", "> 00 C0 00", "< 00 00 02 9000", "> 00 C0 00", "! 00 E0 00",
            "> 00 C0 00", "< 00 E0 00", "fails exchange lost and link resynchronised: no answer",
            "begin A1A2A3", "> 00 20 02 A1A2", "< 00 90 00", "> 00 40 01 A3", "< 00 00 02 9000",
            "done 9000"),
        Script(
            "a size below the ATR's stays", "begin A1", "> 00 00 01 A1", "< 00 C1 01 01",
            "> 00 E1 01 01", "< 00 C2 00", "> 00 E2 00", "silence",
            "fails the card aborted the exchange",
            "begin A1A2", "> 00 C0 00", "< 00 E0 00", "> 00 20 01 A1", "< 00 90 00",
            "> 00 40 01 A2", "< 00 00 02 9000", "done 9000"),
        Script(
            "no resynchronisation: dead", "begin A1", "> 00 00 01 A1", "silence", "> 00 82 00",
            "silence", "> 00 82 00", "silence", "> 00 C0 00", "silence", "> 00 C0 00",
            "< 00 C3 01 01", "> 00 C0 00", "silence",
            "fails the card answers no resynchronisation; it needs a cold reset", "begin A2",
            "fails the card answers no resynchronisation; it needs a cold reset", "ifsd 20",
            "fails the card answers no resynchronisation; it needs a cold reset", "< 00 E0 00",
            "fails the card answers no resynchronisation; it needs a cold reset"),
        Script(
            "the card aborts; before the next exchange the link is resynchronised",
            "begin A1A2A3", "> 00 20 02 A1A2", "< 00 C2 00", "> 00 E2 00", "< 00 90 00",
            "fails the card aborted the exchange", "begin A4", "> 00 C0 00", "! 00 E0 00",
            "> 00 C0 00", "< 00 E0 00", "> 00 00 01 A4", "< 00 00 02 9000", "done 9000"),
        Script(
            "the card aborts its own chain", "begin A1", "> 00 00 01 A1", "< 00 20 01 B1",
            "> 00 90 00", "< 00 C2 00", "> 00 E2 00", "silence",
            "fails the card aborted the exchange"),
        Script(
            "more time, without an end", "begin A1", "> 00 00 01 A1", "< 00 C3 01 01",
            "> 00 E3 01 01", "< 00 C3 01 01", "> 00 E3 01 01", "< 00 C3 01 01", "> 00 E3 01 01",
            "< 00 C3 01 01", "fails the card asked for more time more than 3 times", "begin A2",
            "> 00 C0 00", "< 00 E0 00", "> 00 00 01 A2", "< 00 C3 01 01", "> 00 E3 01 01",
            "< 00 00 02 9000", "done 9000"),
        Script(
            "a response longer than the buffer", capacity: 3, "begin A1", "> 00 00 01 A1",
            "< 00 20 02 B1B2", "> 00 90 00", "< 00 40 02 9000",
            "fails a response longer than 3 bytes", "begin A1", "> 00 C0 00", "< 00 E0 00",
            "> 00 00 01 A1", "< 00 00 03 B19000", "done B19000"),
        Script(
            "a response that fills the buffer", capacity: 3, "begin A1", "> 00 00 01 A1",
            "< 00 20 02 B190", "> 00 90 00", "< 00 40 01 00", "done B19000"),
        Script(
            "an exchange that was left", "begin A1", "> 00 00 01 A1", "begin A2", "> 00 C0 00",
            "< 00 E0 00", "> 00 00 01 A2", "< 00 00 02 9000", "done 9000"),
        Script(
            "no command, no exchange, no size", "begin", "fails a command of no bytes",
            "< 00 00 02 9000", "fails a block where none was awaited", "silence",
            "fails a block where none was awaited", "ifsd 0",
            "fails an information field size that is not 1 to 254", "ifsd 255",
            "fails an information field size that is not 1 to 254", "begin A1", "> 00 00 01 A1",
            "ifsd 20", "fails a block where none was awaited"),
    ]

    @Test(arguments: errorFree + erroneous + lost, T1BlockTests.kinds)
    func blocksFollowTheStandard(_ script: Script, _ edc: T1EDC) throws {
        let host = T1Host(
            T1Link(ifsc: script.ifsc, edc: edc, waitingLimit: script.waitingLimit),
            capacity: script.capacity)
        var step = T1Step.done
        for (index, line) in script.lines.enumerated() {
            let word = String(line.prefix { $0 != " " })
            let rest = String(line.dropFirst(word.count + 1))
            let at: Comment = "line \(index): \(line)"
            switch word {
            case "begin", "ifsd":
                do throws(T1Error) {
                    step =
                        try word == "begin"
                        ? host.begin(hex(rest)) : host.negotiateIFSD(Int(rest) ?? 0)
                } catch {
                    step = .failed(error)
                }
            case "<": step = host.receive(block(rest, edc))
            case "!":
                var bytes = block(rest, edc)
                bytes[bytes.count - 1] ^= 0x10
                step = host.receive(bytes)
            case "silence": step = host.receiveNothing(.silence)
            case "damaged": step = host.receiveNothing(.damaged)
            case "malformed": step = host.receiveNothing(.malformed)
            case ">":
                let parts = rest.split(separator: "x")
                let times = parts.count > 1 ? Int(parts[1]) ?? 0 : 1
                #expect(step == .send(waitingTimes: times), at)
                #expect(text(host.sent) == text(block(String(parts[0]), edc)), at)
            case "done":
                #expect(step == .done, at)
                #expect(host.sent.isEmpty, at)
                #expect(text(host.held) == text(hex(rest)), at)
            case "fails":
                guard case .failed(let error) = step else {
                    Issue.record("\(step) at \(at)")
                    return
                }
                #expect(error.description == rest, at)
                #expect(host.sent.isEmpty, at)
            default: Issue.record("no such line: \(line)")
            }
        }
    }

    @Test(arguments: T1BlockTests.kinds)
    func everyTurnedBitIsAnsweredAsTheStandardSays(_ edc: T1EDC) throws {
        // What has happened, the block that comes next, and what must follow when it is damaged.
        let moments: [(before: [String], next: String, answer: String)] = [
            (["begin A1"], "00 00 02 9000", "00 81 00"),
            (["begin A1"], "00 20 02 B1B2", "00 81 00"),
            (["begin A1"], "00 81 00", "00 81 00"),
            (["begin A1"], "00 C3 01 02", "00 81 00"),
            (["begin A1"], "00 C1 01 20", "00 81 00"),
            (["begin A1"], "00 C2 00", "00 81 00"),
            (["begin A1A2A3"], "00 90 00", "00 81 00"),
            (["begin A1", "00 20 02 B1B2"], "00 40 02 9000", "00 91 00"),
            (["begin A1", "00 20 02 B1B2", "00 60 02 B1B2"], "00 00 02 9000", "00 81 00"),
            (["begin A1", "00 C3 01 02"], "00 00 02 9000", "00 81 00"),
            (["ifsd"], "00 E1 01 FE", "00 C1 01 FE"),
            (["begin A1", "", "", ""], "00 E0 00", "00 C0 00"),
        ]
        for (before, next, answer) in moments {
            let host = T1Host(T1Link(ifsc: 2, edc: edc))
            for line in before {
                if line.hasPrefix("begin") {
                    _ = try host.begin(hex(String(line.dropFirst(6))))
                } else if line == "ifsd" {
                    _ = try host.negotiateIFSD(254)
                } else if line.isEmpty {
                    _ = host.receiveNothing(.silence)
                } else {
                    _ = host.receive(block(line, edc))
                }
            }
            let whole = block(next, edc)
            let moment = host.link
            for bit in 0..<(whole.count * 8) {
                var damaged = whole
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                host.link = moment
                #expect(host.receive(damaged) == .send(waitingTimes: 1))
                #expect(text(host.sent) == text(block(answer, edc)), "\(next) bit \(bit)")
            }
        }
    }

    @Test func aCommandThatChangesIsNotSentOn() throws {
        let host = T1Host(T1Link(ifsc: 2))
        _ = try host.begin(hex("A1A2A3"))
        #expect(host.receive(block("00 90 00"), command: hex("A1A2")) == .failed(.commandChanged))
        #expect(host.sent.isEmpty)
    }

    @Test func aSinkTooSmallEndsTheExchange() throws {
        let host = T1Host(T1Link(ifsc: 8), sink: 5)
        #expect(try host.begin(hex("A1A2A3")) == .failed(.sinkFull))
    }

    @Test func aCommandIsOutWithItsLastBlock() throws {
        let host = T1Host(T1Link(ifsc: 2))
        _ = try host.begin(hex("A1A2A3"))
        #expect(!host.link.isCommandOut)
        _ = host.receive(block("00 C2 00"))
        #expect(host.receiveNothing(.silence) == .failed(.aborted))
        #expect(!host.link.isCommandOut)
        _ = try host.begin(hex("A1A2A3"))
        _ = host.receive(block("00 E0 00"))
        #expect(!host.link.isCommandOut)
        _ = host.receive(block("00 90 00"))
        #expect(host.link.isCommandOut)
    }

    @Test func aLinkIsWhatTheATRSays() throws {
        let interfaces: [(bytes: String, ifsc: Int, edc: T1EDC)] = [
            ("80 81 31 FE 45", 254, .lrc), ("80 81 31 00 45", 32, .lrc),
            ("80 81 71 14 45 01", 20, .crc), ("80 01", 32, .lrc),
        ]
        for (interface, ifsc, edc) in interfaces {
            let bytes = hex(interface)
            let atr = try ATR(parsing: [0x3B] + bytes + [bytes.reduce(0, ^)])
            let link = T1Link(try #require(atr.t1), waitingLimit: 7)
            #expect(link.ifsc == ifsc)
            #expect(link.edc == edc)
            #expect(link.waitingLimit == 7)
        }
        #expect(T1Link(ifsc: 0).ifsc == 1)
        #expect(T1Link(ifsc: 300).ifsc == 254)
        #expect(T1Link().ifsd == 32)
    }
}
