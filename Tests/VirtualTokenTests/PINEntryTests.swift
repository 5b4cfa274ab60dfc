import Crypto
import Testing
import VirtualToken

/// PC_to_RDR_Secure: what is typed at the pad gets into the command, and no further.
@Suite struct PINEntryTests {

    private static func message(_ formats: String, _ command: String) -> String {
        "00 00" + formats + "0804 02 01 0904 00 000000" + command
    }

    private func bench() -> Bench {
        var bench = Bench { $0.pinSupport = [.verify, .modify] }
        _ = bench.say(0x62)
        _ = bench.exchange("00A4040005A000000308")
        return bench
    }

    /// Formats that make the card's own block of the PIN, and others that do not.
    @Test(arguments: [
        ("820800", "00200080 08 FFFFFFFFFFFFFFFF", "800000009000"),
        ("820600", "00200080 08 FFFFFFFFFFFFFFFF", "800000009000"),
        ("820000", "00200080 08 FFFFFFFFFFFFFFFF", "800000009000"),
        // Justified to the right, in BCD, at an offset, with its length before it.
        ("860800", "00200080 08 FFFFFFFFFFFFFFFF", "8000000063C2"),
        ("810400", "00200080 08 FFFFFFFFFFFFFFFF", "8000000063C2"),
        ("8A0600", "00200080 08 FFFFFFFFFFFFFFFF", "8000000063C2"),
        ("828610", "00200080 08 FFFFFFFFFFFFFFFF", "8000000063C2"),
        // No room, and nothing to type into.
        ("8A0800", "00200080 08 FFFFFFFFFFFFFFFF", "8040EF00"),
        ("830800", "00200080 08 FFFFFFFFFFFFFFFF", "80400C00"),
        ("823800", "00200080 08 FFFFFFFFFFFFFFFF", "80400D00"),
    ])
    func aPINIsPutWhereTheHostSays(_ formats: String, _ command: String, _ answer: String) {
        var bench = bench()
        bench.reader.type(["123456"], now: 0)
        #expect(bench.say(0x69, "000000", Self.message(formats, command)) == [answer])
    }

    @Test(arguments: [
        (["123"], "8040EF00"), (["123456789"], "8040EF00"), (["cancel"], "8040EF00"),
        (["999999"], "8000000063C2"),
    ])
    func thePadTakesWhatTheHostAllows(_ typed: [String], _ answer: String) {
        var bench = bench()
        bench.reader.type(typed, now: 0)
        let message = Self.message("820800", "00200080 08 FFFFFFFFFFFFFFFF")
        #expect(bench.say(0x69, "000000", message) == [answer])
    }

    @Test(arguments: [
        (["123456", "654321", "654321"], "800000009000"), (["123456", "654321"], "800000009000"),
        (["123456", "654321", "654322"], "8040EF00"), (["123456"], "8040EF00"),
    ])
    func aPINIsChanged(_ typed: [String], _ answer: String) {
        var bench = bench()
        bench.reader.type(typed, now: 0)
        // Three messages: their two further numbers are there.
        let message =
            "01 00 820800 00 08 0804 03 02 03 0904 00 01 02 000000"
            + "00240080 10 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        #expect(bench.say(0x69, "000000", message) == [answer])
    }

    @Test func thePadWaitsForSoLongAsTheHostSays() {
        var bench = bench()
        let message = "00 05" + "820800 0804 02 01 0904 00 000000 00200080 08 FFFFFFFFFFFFFFFF"
        #expect(bench.say(0x69, "000000", message, now: 100).isEmpty)
        #expect(bench.reader.nextDue == 5100)
        bench.reader.tick(now: 5100)
        #expect(bench.transfers().first?.contains("40F000") == true)
    }

    @Test func atT1ThePINGoesInABlock() {
        var bench = Bench {
            $0.level = .tpdu
            $0.pinSupport = .verify
        }
        _ = bench.say(0x62)
        _ = bench.block("00000A 00A4040005A000000308")
        bench.reader.type(["123456"], now: 0)
        let message =
            "00 00 820800 0804 02 01 0904 00 00400D 00200080 08 FFFFFFFFFFFFFFFF"
        // N(S) 1, and the LRC of the block around 9000.
        #expect(
            bench.say(0x69, "000000", message) == ["8000000000400290 00D2".filter { $0 != " " }])
        #expect(bench.reader.complaints.isEmpty)
    }

    @Test func aReaderWithoutAPadSaysSo() {
        var bench = Bench()
        _ = bench.say(0x62)
        let message = Self.message("820800", "00200080 08 FFFFFFFFFFFFFFFF")
        #expect(bench.say(0x69, "000000", message) == ["80400000"])
    }
}
