import Testing

@testable import KioskShell

@Suite struct KeyDecoderTests {
    private func keys(_ bytes: [UInt8]) -> [Key] {
        var decoder = KeyDecoder()
        var keys = bytes.compactMap { decoder.feed($0) }
        if let last = decoder.flush() { keys.append(last) }
        return keys
    }

    private static func press(_ row: Int, _ column: Int, _ act: Pointer.Act = .press) -> Key {
        .pointer(Pointer(act: act, position: Position(row: row, column: column)))
    }

    static let table: [(String, [Key])] = [
        ("a", [.character("a")]), ("Ế", [.character("Ế")]), ("🙂", [.character("🙂")]),
        ("\r", [.enter]), ("\n", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]),
        ("\u{8}", [.backspace]), ("\u{C}", [.control("l")]), ("\u{15}", [.control("u")]),
        ("\u{1B}", [.escape]), ("\u{1B}\u{1B}", [.escape, .escape]), ("\u{1B}x", [.alt("x")]),
        ("\u{1B}[A", [.up]), ("\u{1B}[B", [.down]), ("\u{1B}[C", [.right]), ("\u{1B}[D", [.left]),
        ("\u{1B}OA", [.up]), ("\u{1B}[H", [.home]), ("\u{1B}OF", [.end]), ("\u{1B}[1~", [.home]),
        ("\u{1B}[3~", [.delete]), ("\u{1B}[5~", [.pageUp]), ("\u{1B}[6~", [.pageDown]),
        ("\u{1B}[Z", [.backTab]), ("\u{1B}OQ", [.function(2)]), ("\u{1B}[12~", [.function(2)]),
        ("\u{1B}[[B", [.function(2)]), ("\u{1B}[15~", [.function(5)]),
        ("\u{1B}[18~", [.function(7)]), ("\u{1B}[19~", [.function(8)]),
        ("\u{1B}[21~", [.function(10)]), ("\u{1B}[24~", [.function(12)]),
        ("\u{1B}[1;5C", [.right]), ("\u{1B}[I", []),
        ("\u{1B}[<0;10;20Mx", [press(19, 9), .character("x")]),
        ("\u{1B}[<16;1;1M\u{1B}[<0;1;1m", [press(0, 0)]),
        ("\u{1B}[<64;3;2M", [press(1, 2, .wheelUp)]),
        ("\u{1B}[<65;3;2M", [press(1, 2, .wheelDown)]),
        ("\u{1B}[<1;3;2M\u{1B}[<2;3;2M\u{1B}[<32;3;2M\u{1B}[<35;3;2M\u{1B}[<66;3;2M", []),
        ("\u{1B}[<0;0;1M\u{1B}[<0;1M\u{1B}[<0;1;1;1M\u{1B}[<M\u{1B}[0;1;1<Mx", [.character("x")]),
        ("\u{1B}[<0;99999999999999999999;1M", [press(0, 9998)]),
        ("\u{1B}[200~\u{1B}[<0;10;20M\u{1B}[201~", [.pasteBegin, .pasteEnd]),
        ("\u{1B}[Mabcx", [.character("x")]), ("\u{1B}[?1;2cx", [.character("x")]),
        ("\u{1B}]11;rgb:0/0/0\u{7}x", [.character("x")]),
        ("\u{1B}]11;rgb:0/0/0\u{1B}\\x", [.character("x")]),
        ("\u{1B}P+r\u{1B}\\x", [.character("x")]), ("\u{1B}[999999999999999999999~", []),
        (
            "\u{1B}[200~pâ\n\u{1B}[A\u{1B}[201~x",
            [.pasteBegin, .pasted("p"), .pasted("â"), .pasted(" "), .pasteEnd, .character("x")]
        ),
        ("\u{1B}[200~\u{3}\u{11}\u{1B}[201~", [.pasteBegin, .pasteEnd]),
        ("x\u{1B}[201~", [.character("x"), .pasteEnd]),
    ]

    @Test(arguments: table)
    func sequencesAreKeys(_ text: String, _ wanted: [Key]) {
        #expect(keys(Array(text.utf8)) == wanted)
    }

    /// The state between two reads is nowhere but in the decoder.
    @Test(arguments: table)
    func sequencesMayComeByteByByte(_ text: String, _ wanted: [Key]) {
        var decoder = KeyDecoder()
        var keys: [Key] = []
        for byte in text.utf8 {
            var copy = decoder
            if let key = copy.feed(byte) { keys.append(key) }
            decoder = copy
        }
        if let last = decoder.flush() { keys.append(last) }
        #expect(keys == wanted)
    }

    @Test func escapeWaitsOnlyWhereSomethingMayFollow() {
        var decoder = KeyDecoder()
        #expect(!decoder.hasPendingEscape)
        #expect(decoder.feed(0x1B) == nil)
        #expect(decoder.hasPendingEscape)
        #expect(decoder.flush() == .escape)
        #expect(!decoder.hasPendingEscape)
        #expect(decoder.flush() == nil)
    }

    /// What gets no end: how long its next byte is waited for, and what it comes to.
    @Test(
        arguments: [
            ("\u{1B}", 50, [.escape]), ("\u{1B}[", 50, [.alt("[")]), ("\u{1B}O", 50, [.alt("O")]),
            ("\u{1B}[1;", 1_000, []), ("\u{1B}[M!", 1_000, []), ("\u{1B}P", 1_000, []),
            ("\u{1B}]11;", 1_000, []), ("\u{1B}_x", 1_000, []), ("\u{1B}^x", 1_000, []),
            ("\u{1B}Xx\u{1B}", 1_000, []), ("\u{1B}[200~", 2_000, [.pasteLost]),
            ("\u{1B}[200~x", 2_000, [.pasteLost]), ("\u{1B}[200~\u{1B}]x", 2_000, [.pasteLost]),
            ("\u{1B}[200~\u{1B}", 50, [.pasteLost]), ("a", nil, []), ("\u{1B}[A", nil, []),
            ("\u{1B}[200~x\u{1B}[201~", nil, []), ("\u{1B}]x\u{7}", nil, []),
        ] as [(String, Milliseconds?, [Key])])
    func whatGetsNoEndIsOver(_ text: String, _ patience: Milliseconds?, _ wanted: [Key]) {
        var decoder = KeyDecoder()
        for byte in text.utf8 { _ = decoder.feed(byte) }
        #expect(decoder.patience == patience)
        var keys: [Key] = []
        // A sequence within a paste, and then the paste.
        for _ in 0..<2 where decoder.patience != nil {
            if let key = decoder.flush() { keys.append(key) }
        }
        #expect(keys == wanted)
        #expect(decoder.patience == nil)
        #expect(decoder.feed(0x61) == .character("a"))
    }

    @Test(
        arguments: [
            [0xC3], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xFF], [0x80], [0xF5, 0x80, 0x80, 0x80], [0xC2, 0x9B],
        ] as [[UInt8]])
    func brokenTextIsNoKey(_ bytes: [UInt8]) {
        #expect(keys(bytes) == [])
        #expect(keys(bytes + [0x61]) == [.character("a")])
    }

    /// Random bytes, escape sequences among them: no trap, and plain keys work afterwards.
    @Test func anythingMayComeFromATerminal() {
        var random = SeededRandom(seed: 0x5EED)
        let pieces: [[UInt8]] = Self.table.map { Array($0.0.utf8) }
        for _ in 0..<2_000 {
            var decoder = KeyDecoder()
            for _ in 0..<Int(random.next() % 12) {
                if random.next() % 2 == 0 {
                    let piece = pieces[Int(random.next() % UInt64(pieces.count))]
                    let cut = Int(random.next() % UInt64(piece.count + 1))
                    for byte in piece.prefix(cut) { _ = decoder.feed(byte) }
                } else {
                    for _ in 0..<Int(random.next() % 20) {
                        _ = decoder.feed(UInt8(truncatingIfNeeded: random.next()))
                    }
                }
            }
            // A sequence may be open, in a paste.
            for _ in 0..<2 where decoder.patience != nil { _ = decoder.flush() }
            #expect(decoder.feed(0x61) == .character("a"))
        }
    }
}

/// SplitMix64: the same bytes in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
