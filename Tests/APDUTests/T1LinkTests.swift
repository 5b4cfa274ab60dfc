import APDU
import Testing

/// A link and a card of other make over a line that damages and loses blocks.
@Suite struct T1LinkTests {
    /// What happens to a block.
    enum Fate: CaseIterable { case arrives, damaged, lost, cut }

    /// Carries an exchange to its end; counts blocks either way from 0.
    static func run(
        _ host: T1Host, _ card: T1ModelCard, _ command: [UInt8], fate: (Int) -> Fate
    ) throws(T1Error) -> (step: T1Step, blocks: Int) {
        var step = try host.begin(command)
        var blocks = 0
        func pass(_ bytes: [UInt8]) -> [UInt8]? {
            defer { blocks += 1 }
            switch fate(blocks) {
            case .arrives: return bytes
            case .lost: return nil
            case .cut: return Array(bytes.dropLast(2))
            case .damaged:
                var damaged = bytes
                damaged[blocks % bytes.count] ^= 1 << UInt8(blocks % 8)
                return damaged
            }
        }
        while case .send = step {
            let answer = pass(host.sent).map(card.receive)
            if let arrived = answer.flatMap(pass) {
                step = host.receive(arrived)
            } else {
                step = host.receiveNothing(.silence)
            }
        }
        return (step, blocks)
    }

    private static func answer(to command: [UInt8], _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: Int(command[$0 % command.count]) &+ $0) }
            + [0x90, 0x00]
    }

    @Test(arguments: T1BlockTests.kinds) func everySizeIsCarriedBothWays(_ edc: T1EDC) throws {
        let host = T1Host(T1Link(ifsc: 7, edc: edc))
        let card = T1ModelCard(ifsc: 7, edc: edc)
        var size = 0
        card.respond = { Self.answer(to: $0, size) }
        for count in 1...600 {
            if count == 200 {
                #expect(try host.negotiateIFSD(251) == .send(waitingTimes: 1))
                #expect(host.receive(card.receive(host.sent)) == .done)
            }
            card.requests = count == 300 ? [(0xC3, 2), (0xC1, 253)] : []
            size = (count * 7) % 601
            let command = pattern(count)
            #expect(try Self.run(host, card, command) { _ in .arrives }.step == .done)
            #expect(card.executed.last == command)
            #expect(host.held == Self.answer(to: command, size))
        }
        #expect(card.executed.count == 600)
        #expect(card.violations.isEmpty)
        #expect(host.link.ifsc == 253)
        #expect(host.link.ifsd == 251)
    }

    /// Each fault at each block of an exchange with everything in it, alone and twice over.
    @Test(arguments: T1BlockTests.kinds) func aFaultAtAnyBlockIsMended(_ edc: T1EDC) throws {
        let command = pattern(11)
        for fault in [Fate.damaged, .lost, .cut] {
            for second in [nil, 1, 2, 3] as [Int?] {
                var place = 0
                var blocks = Int.max
                while place < blocks {
                    let host = T1Host(T1Link(ifsc: 4, edc: edc))
                    let card = T1ModelCard(ifsc: 4, edc: edc)
                    card.respond = { Self.answer(to: $0, 70) }
                    card.requests = [(0xC3, 3), (0xC1, 5), (0xC3, 1)]
                    // An exchange before and one behind, for the numbers.
                    for round in 0..<3 {
                        let end = try Self.run(host, card, command) { index in
                            guard round == 1 else { return .arrives }
                            let isFault =
                                index == place || second.map { index == place + $0 } ?? false
                            return isFault ? fault : .arrives
                        }
                        if round == 1 { blocks = end.blocks }
                        #expect(end.step == .done, "\(fault) at \(place), \(second ?? 0)")
                        #expect(host.held == Self.answer(to: command, 70))
                    }
                    #expect(card.executed == [command, command, command])
                    #expect(card.violations.isEmpty, "\(fault) at \(place), \(second ?? 0)")
                    #expect(card.resynchronisations == 0)
                    place += 1
                }
            }
        }
    }

    /// A line so bad that exchanges are lost: none is carried out twice, none ends with another
    /// response than its own, and the link is usable again.
    @Test(arguments: T1BlockTests.kinds) func aBadLineLosesExchangesAndNothingElse(
        _ edc: T1EDC
    ) throws {
        var random = SplitMix(state: 1)
        var (done, lost, dead) = (0, 0, 0)
        for _ in 0..<12 {
            let host = T1Host(T1Link(ifsc: 9, edc: edc))
            let card = T1ModelCard(ifsc: 9, edc: edc)
            card.respond = { Self.answer(to: $0, Int($0[0])) }
            card.requests = [(0xC3, 3)]
            let badness = Int.random(in: 2...20, using: &random)
            for round in 0..<40 {
                let command = [UInt8(round)] + pattern(Int.random(in: 0...60, using: &random))
                let before = card.executed.count
                let end = try Self.run(host, card, command) { _ in
                    Int.random(in: 0..<badness, using: &random) == 0
                        ? Fate.allCases.randomElement(using: &random) ?? .lost : .arrives
                }
                let times = card.executed.count - before
                #expect(times <= 1)
                if times == 1 {
                    #expect(card.executed.last == command)
                    #expect(host.link.isCommandOut)
                }
                switch end.step {
                case .done:
                    done += 1
                    #expect(times == 1)
                    #expect(host.held == Self.answer(to: command, round))
                case .failed(.resynchronised): lost += 1
                case .failed(.dead): dead += 1
                default: Issue.record("\(end.step)")
                }
                #expect(card.violations.isEmpty)
                if host.link.isDead { break }
            }
        }
        #expect(done > 100)
        #expect(lost > 5)
        #expect(dead > 0)
    }

    /// What a card can make of an exchange, at most, when it means no good.
    @Test func aCardThatNeverEndsIsStopped() throws {
        // Each answer is given for ever; the number of blocks sent until it ends.
        let answers: [(block: String, most: Int)] = [
            ("00 81 00", 6), ("00 90 00", 6), ("00 C3 01 FF", 101), ("00 C1 01 20", 22),
            ("00 C2 00", 2), ("00 E0 00", 4), ("00 20 00", 6), ("00 60 01 AA", 6), ("", 6),
        ]
        for (answer, most) in answers {
            let host = T1Host(T1Link(ifsc: 32, waitingLimit: 100))
            var step = try host.begin(pattern(20))
            var sent = 0
            while case .send = step, sent < 1000 {
                sent += 1
                step = host.receive(answer.isEmpty ? [] : block(answer))
            }
            #expect(sent == most, "\(answer)")
        }
        // One byte at a time, up to what the buffer takes.
        let host = T1Host(T1Link(), capacity: 64)
        var step = try host.begin(pattern(20))
        var sent = 0
        while case .send = step, sent < 1000 {
            step = host.receive(block(sent % 2 == 0 ? "00 20 01 AA" : "00 60 01 AA"))
            sent += 1
        }
        #expect(step == .failed(.responseTooLong(limit: 64)))
        #expect(sent == 65)
    }
}

/// A block the reader makes, since a code is entered at its pad.
@Suite struct T1ReadersBlockTests {
    /// What the card sends to the reader's block and after it, what the host sends to that, and
    /// how it ends.
    struct Row: Sendable {
        let name: String
        /// nil: nothing came.
        let answers: [String?]
        let sent: [String]
        let end: T1Step
        var response = ""
    }

    @Test(arguments: [
        Row(name: "answered", answers: ["000002 9000"], sent: [], end: .done, response: "9000"),
        Row(
            name: "more time", answers: ["00C30102", "000002 63C2"], sent: ["00E30102"],
            end: .done, response: "63C2"),
        Row(
            name: "lost answer", answers: [nil, "000002 63C2"], sent: ["008200"], end: .done,
            response: "63C2"),
        Row(
            name: "in two blocks", answers: ["002001 90", "004001 00"], sent: ["009000"],
            end: .done, response: "9000"),
        // Only the reader could send it again.
        Row(
            name: "asked for again", answers: ["008100", "00E000"], sent: ["00C000"],
            end: .failed(.resynchronised(.refused))),
        Row(
            name: "lost on its way", answers: [nil, "008200", "00E000"],
            sent: ["008200", "00C000"],
            end: .failed(.resynchronised(.refused))),
    ])
    func countsAsAnyOtherAndIsNeverAskedForTwice(_ row: Row) throws {
        let host = T1Host(T1Link())
        #expect(
            try host.beginReadersBlock(13) == PINPrologue(nad: 0, pcb: 0x00, length: 13))
        var sent: [[UInt8]] = []
        var step = T1Step.send(waitingTimes: 1)
        for answer in row.answers {
            guard case .send = step else { break }
            step =
                answer.map { host.receive(block($0)) } ?? host.receiveNothing(.silence)
            if case .send = step { sent.append(host.sent) }
        }
        #expect(step == row.end, "\(row.name)")
        #expect(sent == row.sent.map { block($0) }, "\(row.name)")
        #expect(host.held == hex(row.response), "\(row.name)")
    }

    @Test func theNextBlockHasTheNextNumberWhoeverMakesIt() throws {
        let host = T1Host(T1Link())
        _ = try host.beginReadersBlock(13)
        #expect(host.receive(block("000002 9000")) == .done)
        _ = try host.begin([1, 2, 3, 4])
        #expect(host.sent == block("004004 01020304"))
        #expect(host.receive(block("004002 9000")) == .done)
        #expect(try host.beginReadersBlock(21).pcb == 0x00)
        // Nobody entered a code: no block went out, and no number is used up.
        host.link.readersBlockNotSent()
        #expect(try host.beginReadersBlock(21).pcb == 0x00)
        #expect(host.receive(block("000002 9000")) == .done)
        #expect(try host.beginReadersBlock(21).pcb == 0x40)
    }

    @Test func aBlockThatCannotBeIsRefused() throws {
        let host = T1Host(T1Link(ifsc: 20))
        #expect(throws: T1Error.commandEmpty) { try host.beginReadersBlock(0) }
        #expect(throws: T1Error.informationLength) { try host.beginReadersBlock(21) }
        _ = try host.beginReadersBlock(20)
        #expect(throws: T1Error.blockUnexpected) { try host.beginReadersBlock(20) }
    }
}
