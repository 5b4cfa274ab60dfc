import Testing

@testable import Readers

@Suite struct PCSCStatusTests {
    /// State as pcsclite.h has it, and what is known after it: 02 changed, 04 unknown,
    /// 08 unavailable, 10 empty, 20 present; 20000 counts two cards.
    @Test(
        "what is known after a state is what was shown of it",
        arguments: [
            (0x20022, 0x20020), (0x20012, 0x20010), (0x12, 0x10), (0x0A, 0x08), (0x0E, 0x0C),
            // Not decided yet, without and with cards from before.
            (0x02, 0x10), (0x20002, 0x20010),
        ] as [(UInt, UInt)])
    func known(_ state: UInt, _ known: UInt) {
        var status = PCSCStatus(reader: "reader", known: 0)
        status.state = state
        #expect(status.asKnown == known)
    }

    @Test("the name that stands for all readers has no card")
    func anyReader() {
        var status = PCSCStatus(reader: PCSCStatus.anyReader, known: 0)
        status.state = 0x10002
        #expect(status.asKnown == 0x10000)
    }
}
