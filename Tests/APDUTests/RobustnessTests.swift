import APDU
import Testing

/// Whatever comes in, nothing traps, and what is taken is what was meant.
@Suite struct RobustnessTests {
    static let commands = CommandTests.rows.map { hex($0.bytes) }
    static let atrs = ATRTests.cards.map { hex($0.atr) }
    static let trees = [
        hex("530C7005300302010571010 0FE00"), hex("61114F0600001000010079074F05A000000308"),
        hex("7F49 8103 860101 5FC105 84 00000002 AABB"), hex("7C24820081 20") + pattern(32),
    ]

    /// `count` variations of the seeds, the same on every run.
    private func mutations(
        of seeds: [[UInt8]], count: Int, seed: UInt64, _ body: ([UInt8]) throws -> Void
    ) rethrows {
        var random = SplitMix(state: seed)
        for _ in 0..<count {
            var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
            for _ in 0...Int.random(in: 0...3, using: &random) {
                let index = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0...4, using: &random) {
                case 0 where index < bytes.count:
                    bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1 where index < bytes.count:
                    bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
                case 2 where index < bytes.count: bytes.remove(at: index)
                case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                case 4: bytes.removeLast(bytes.count - index)
                default: break
                }
            }
            try body(bytes)
        }
    }

    @Test func aCommandThatIsTakenIsWrittenBackByteForByte() throws {
        var taken = 0
        try mutations(of: Self.commands, count: 20_000, seed: 1) { bytes in
            guard let command = try? parse(bytes) else { return }
            taken += 1
            let data = bytes.withUnsafeBytes { Array(command.data(in: $0)) }
            let again = try encode(command.header, data, command.expecting, command.form)
            #expect(again == bytes)
        }
        #expect(taken > 1000)
    }

    @Test func objectsThatAreReadLieInTheirSurroundingsInOrder() throws {
        var read = 0
        mutations(of: Self.trees, count: 20_000, seed: 2) { bytes in
            for padding in [TLVReader.Padding.refused, .skipped] {
                var open = [TLVReader(bytes, padding: padding)]
                var steps = 0
                while var reader = open.popLast() {
                    var end = reader.rest.startIndex
                    let limit = reader.rest.endIndex
                    while let object = try? reader.next() {
                        steps += 1
                        read += 1
                        #expect(object.value.startIndex > end && object.value.endIndex <= limit)
                        #expect(object.tag.byteCount <= 3)
                        end = object.value.endIndex
                        if let inner = try? object.children(padding: padding) { open.append(inner) }
                    }
                }
                // Each object takes two bytes at least, on each level it is read on.
                #expect(steps <= bytes.count * (TLVReader.deepest + 1))
            }
        }
        #expect(read > 20_000)
    }

    @Test func anATRThatIsTakenIsWholeAndItsValuesCanBeAskedFor() throws {
        var taken = 0
        mutations(of: Self.atrs, count: 20_000, seed: 3) { bytes in
            var bytes = bytes
            // Half of them get a fitting check byte, or hardly any would come further.
            if bytes.count > 2, bytes[0] & 1 == 1 {
                bytes[bytes.count - 1] = bytes[1..<(bytes.count - 1)].reduce(0, ^)
            }
            guard let atr = try? ATR(parsing: bytes) else { return }
            taken += 1
            let interface = atr.interface.reduce(0) { sum, group in
                sum + [group.ta, group.tb, group.tc, group.td].compactMap { $0 }.count
            }
            let check = atr.checkByte == nil ? 0 : 1
            #expect(2 + interface + atr.historicalBytes.count + check == bytes.count)
            _ = (atr.rates, atr.t1, atr.waitingInteger, atr.specificMode, atr.clockStop)
            _ = (atr.voltageClasses, atr.historical.capabilities, atr.description)
            #expect(!atr.protocols.isEmpty)
        }
        #expect(taken > 500)
    }

    @Test func aCollectorComesToAnEndWhateverTheCardSays() {
        var random = SplitMix(state: 4)
        for _ in 0..<5_000 {
            var collector = ResponseCollector(
                header: CommandHeader(UInt8.random(in: 0...254, using: &random), 0xCB, 0, 0),
                expecting: Bool.random(using: &random) ? .max : .none,
                secretBearing: Bool.random(using: &random), limit: 64)
            var reissues = 0
            var sends = 0
            var finished = false
            while !finished {
                var answer = pattern(Int.random(in: 0...4, using: &random))
                answer.append(
                    [0x61, 0x61, 0x61, 0x6C, 0x90][Int.random(in: 0...4, using: &random)])
                if Int.random(in: 0...20, using: &random) > 0 {
                    answer.append(UInt8.random(in: 0...255, using: &random))
                }
                switch try? collector.receive(answer) {
                case .reissue: reissues += 1
                case .getResponse: sends += 1
                case .finished, nil: finished = true
                }
                #expect(collector.data.count <= 64)
            }
            #expect(reissues <= 1)
            #expect(sends <= 2 * 65)
        }
    }

    @Test func randomBytesAreNoCommandOrOneOfTheSeven() throws {
        var random = SplitMix(state: 5)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                Bool.random(using: &random) ? UInt8(0) : UInt8.random(in: 0...9, using: &random)
            }
            guard let command = try? parse(bytes) else { continue }
            #expect(command.encodedCount == bytes.count)
            #expect(command.countForT0 <= bytes.count)
        }
    }
}
