import APDU
import System
import Testing
import VirtualToken

@testable import Readers

/// Codes entered at the pad of VirtualToken's reader: they are typed there, and the host has none.
@Suite struct PINPadTests {
    /// A reader with a pad, of each way that commands reach the card.
    static let makes: [CCIDHostTests.Make] = CCIDHostTests.makes.filter {
        // Blocks of 16 bytes hold no command with room for two codes.
        !$0.name.contains("small blocks")
    }

    @Test(arguments: makes)
    func codesGoFromThePadToTheCardThroughEachReader(_ make: CCIDHostTests.Make) throws {
        let (simulated, link) = try open(make.change)
        let pad = try link.readPad()
        let (verify, unblock) = (pad.takes(try verification()), pad.takes(try unblocking()))
        #expect(verify && unblock)
        let rows: [(typed: [String], operation: PINPadOperation, outcome: PINPadOutcome)] = [
            (["654321"], try verification(), .answered(StatusWord(rawValue: 0x63C2))),
            (["123456"], try verification(), .answered(.success)),
            (["cancel"], try verification(), .cancelled),
            (
                ["99999999", "482913", "482913"], try unblocking(),
                .answered(StatusWord(rawValue: 0x63C2))
            ),
            (["12345678", "482913", "482914"], try unblocking(), .cancelled),
            (["12345678", "482913", "482913"], try unblocking(), .answered(.success)),
            (["482913"], try verification(), .answered(.success)),
        ]
        for row in rows {
            simulated.change { $0.type(row.typed, now: 0) }
            let outcome = try link.enterAtPad(row.operation, entry(), limit: writing())
            #expect(outcome == row.outcome, "\(row.typed.count) codes")
            // The blocks go on with the right number.
            #expect(try say(link, "00A4040005A00000030800").suffix(2) == [0x90, 0x00])
        }
        #expect(simulated.complaints.filter { !$0.contains("S(IFS)") } == [])
        #expect(simulated.spent() == 2)
        link.close()
    }

    @Test(arguments: makes)
    func anEntryThatNobodyMakesEndsByItselfAndSpendsNothing(_ make: CCIDHostTests.Make) throws {
        let (simulated, link) = try open(make.change)
        for operation in [try verification(), try unblocking()] {
            #expect(try link.enterAtPad(operation, entry(), limit: writing()) == .timedOut)
            #expect(try say(link, "00A4040005A00000030800").suffix(2) == [0x90, 0x00])
        }
        #expect(simulated.spent() == 0)
        link.close()
    }

    @Test(
        arguments: [
            ("verify", CCIDPINSupport.verify), ("modify", .modify), ("both", [.verify, .modify]),
            ("none", []),
        ] as [(String, CCIDPINSupport)])
    func aPadIsOfferedForWhatItsReaderSays(_ name: String, _ support: CCIDPINSupport) throws {
        let (_, link) = try open { $0.pinSupport = .init(rawValue: support.rawValue) }
        let pad = try link.readPad()
        #expect(pad.support == support, "\(name)")
        let (verify, unblock) = (pad.takes(try verification()), pad.takes(try unblocking()))
        #expect(verify == support.contains(.verify) && unblock == support.contains(.modify))
    }

    /// HP's keyboard announces a pad that must not be used; so does the first of the table that
    /// shows tries by a VERIFY of its own.
    @Test func aPadThatIsKnownToBeUnsafeIsNotOffered() throws {
        let rows = CCIDQuirk.table.filter {
            $0.quirk == .noPINSupport || $0.quirk == .revealsTriesBySelf
        }
        for device in rows.flatMap(\.devices) {
            let (_, link) = try open {
                $0.vendor = device.vendor
                $0.product = device.product
                $0.release = device.releases.lowerBound
            }
            #expect(try link.readPad().support == [], "\(device.vendor):\(device.product)")
            #expect(CCIDQuirk.forbidsPad(vendor: device.vendor, product: device.product))
            #expect(throws: CardFault.self) {
                try link.enterAtPad(try verification(), entry(), limit: writing())
            }
        }
        #expect(!CCIDQuirk.forbidsPad(vendor: 0x1209, product: 0x0001))
        #expect(!rows.isEmpty)
    }

    /// Header and Lc are 5 bytes, the two codes 16.
    @Test(arguments: [(16, false), (20, false), (21, true), (32, true)])
    func aCommandLongerThanOneBlockIsNotOffered(_ ifsc: UInt8, _ fits: Bool) throws {
        let (simulated, link) = try open {
            $0.level = .tpdu
            $0.ifsc = ifsc
        }
        let pad = try link.readPad()
        let (verify, unblock) = (pad.takes(try verification()), pad.takes(try unblocking()))
        #expect(verify && unblock == fits)
        simulated.change { $0.type(["123456"], now: 0) }
        let outcome = try link.enterAtPad(verification(), entry(), limit: writing())
        #expect(outcome == .answered(.success))
    }

    /// Faults between card and reader while the reader's own block is out: the answer is asked for
    /// again, and the code is not.
    @Test(arguments: ["drop", "parity", "edc", "number", "len", "wtx:2", "ifs:40"])
    func aLostAnswerIsAskedForAgainWithoutTheCode(_ fault: String) throws {
        let (simulated, link) = try open {
            $0.level = .tpdu
            $0.features = ReaderDesign.automatic
        }
        try simulated.arm("sent=1,kind=" + fault)
        simulated.change { $0.type(["654321"], now: 0) }
        let outcome = try link.enterAtPad(verification(), entry(), limit: writing())
        #expect(outcome == .answered(StatusWord(rawValue: 0x63C2)))
        #expect(simulated.spent() == 1)
    }

    /// The reader's block never reached the card, which asks for it: only the reader could send it
    /// again, and nobody asks it to.
    @Test(arguments: ["drop", "edc"])
    func aCodeThatWasLostOnItsWayIsNotSentAgain(_ fault: String) throws {
        let (simulated, link) = try open { $0.level = .tpdu }
        try simulated.arm("block=1,kind=" + fault)
        simulated.change { $0.type(["123456"], now: 0) }
        #expect(throws: CardFault.self) {
            try link.enterAtPad(verification(), entry(), limit: writing())
        }
        simulated.change { reader in
            #expect(reader.messages.filter { $0[0] == 0x69 }.count == 1)
        }
        #expect(simulated.spent() == 0)
    }

    @Test(arguments: [
        ("error:F0", PINPadOutcome.timedOut), ("error:EF", .cancelled),
        ("error:00", .structureRefused),
        ("error:0F", .structureRefused),
    ])
    func whatTheReaderSaysOfAnEntryIsItsOutcome(_ fault: String, _ wanted: PINPadOutcome) throws {
        for make in Self.makes {
            let (simulated, link) = try open(make.change)
            try simulated.arm("msg=69,kind=" + fault)
            let outcome = try link.enterAtPad(verification(), entry(), limit: writing())
            #expect(outcome == wanted, "\(make.name)")
            #expect(try say(link, "00200080") == [0x63, 0xC3])
        }
    }

    // MARK: Support

    private func open(
        _ change: (inout ReaderDesign) -> Void
    ) throws -> (SimulatedReader, CCIDLink) {
        let simulated = SimulatedReader {
            $0.pinSupport = [.verify, .modify]
            change(&$0)
        }
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        _ = try link.look(limit: writing())
        _ = try link.open(mark: reader.slot(0).changes, limit: writing())
        _ = try say(link, "00A4040005A00000030800")
        return (simulated, link)
    }

    private func writing() -> CallLimit {
        let end = Instant.now + .seconds(60)
        return CallLimit(orderly: end, last: end)
    }

    private func entry() throws -> PINEntry { try PINEntry(timeout: 30, showsMessages: false) }

    private func format() throws -> PINFormat {
        try PINFormat(.ascii, digits: 6...8, blockLength: 8)
    }

    private func verification() throws -> PINPadOperation {
        .verify(
            try PINVerification(
                try format(),
                in: try PINTemplate(CommandHeader(ins: 0x20, p1: 0, p2: 0x80), count: 8)))
    }

    private func unblocking() throws -> PINPadOperation {
        .modify(
            try PINModification(
                try format(),
                in: try PINTemplate(CommandHeader(ins: 0x2C, p1: 0, p2: 0x80), count: 16),
                oldOffset: 0, newOffset: 8))
    }
}
