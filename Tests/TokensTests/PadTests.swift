import APDU
import Crypto
import Testing
import VirtualToken

@testable import Tokens

/// How a token's codes are entered at a reader's pad, byte for byte, and what comes of it.
@Suite struct PadTests {
    @Test(
        arguments: [
            // PIV by the standard: a PUK of eight, a PIN of six to eight.
            (PIVModel.plain, "00 20 00 80 08 FFFFFFFFFFFFFFFF", nil),
            // Both are six to eight here.
            (
                PIVModel.extended, "00 20 00 80 08 FFFFFFFFFFFFFFFF",
                "00 2C 00 80 10 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            ),
        ] as [(PIVModel, String, String?)])
    func unblockingIsThereOnlyWhereBothCodesHaveTheSameLengths(
        _ model: PIVModel, _ verify: String, _ unblock: String?
    ) throws {
        var channel = VirtualChannel(try card(model))
        let entries = try entries(&channel)
        let entry = try PINEntry(timeout: 30, showsMessages: false)
        // bTimeOut 30, bytes from 0, ASCII; a block of 8; 8 to 6 characters; the key ends it.
        #expect(
            try hex(#require(entries.verify).ccid(entry))
                == bare("00 1E 82 08 00 08 06 02 00 09 04 00 00 00 00") + bare(verify))
        guard let unblock else {
            #expect(entries.unblock == nil)
            return
        }
        // The same, old from 0 and new from 8; both are asked for, the new one twice.
        #expect(
            try hex(#require(entries.unblock).ccid(entry))
                == bare("01 1E 82 08 00 00 08 08 06 03 02 00 09 04 00 00 00 00") + bare(unblock))
        // PC/SC part 10 has a second time-out, all three messages, and the length in four bytes.
        #expect(
            try hex(#require(entries.unblock).pcsc(entry))
                == bare("1E 00 82 08 00 00 08 08 06 03 02 00 09 04 00 00 00 00 00 00 15 00 00 00")
                + bare(unblock))
    }

    @Test(
        arguments: [
            ([.verify, .modify], nil, true, true), ([.verify], nil, true, false),
            // Without VERIFY at the pad, the key could not be proven after unblocking there.
            ([.modify], nil, false, false), ([], nil, false, false),
            ([.verify, .modify], 4...8, true, true), ([.verify, .modify], 6...8, true, true),
            ([.verify, .modify], 4...6, false, false), ([.verify, .modify], 8...8, false, false),
        ] as [(CCIDPINSupport, ClosedRange<UInt8>?, Bool, Bool)])
    func whatIsPossibleIsWhatTokenAndPadBothAllow(
        _ support: CCIDPINSupport, _ digits: ClosedRange<UInt8>?, _ verifies: Bool,
        _ unblocks: Bool
    ) throws {
        var channel = VirtualChannel(try card(.extended))
        let possible = try entries(&channel).possible(at: PINPad(support: support, digits: digits))
        #expect((possible.verify != nil) == verifies)
        #expect((possible.unblock != nil) == unblocks)
    }

    @Test(
        arguments: [
            (.answered(.success), .token(.accepted)),
            (.answered(StatusWord(rawValue: 0x63C2)), .token(.wrong(left: 2))),
            (.answered(StatusWord(rawValue: 0x6983)), .token(.blocked)),
            (.timedOut, .notEntered(.timedOut)), (.cancelled, .notEntered(.cancelled)),
            (.newPINsDiffer, .notEntered(.newPINsDiffer)),
            (.wrongLength, .notEntered(.wrongLength)), (.structureRefused, .notEntered(.refused)),
        ] as [(PINPadOutcome, PadAnswer)])
    func anOutcomeIsTheTokensAnswerOrNothingWasSent(
        _ outcome: PINPadOutcome, _ answer: PadAnswer
    ) throws {
        var card = PadCard(token: VirtualChannel(try card(.extended)), outcome: .success(outcome))
        let applet = try TokenFamilies.recognise(&card)
        let verify = try #require(try applet.padEntries(&card).verify)
        let told = try applet.enterAtPad(&card, verify, PINEntry())
        #expect(told == answer)
        #expect(card.entered == [verify])
    }

    @Test(
        arguments: [
            (.failure(.removed), .fault(.removed)),
            (
                .success(.answered(StatusWord(rawValue: 0x6D00))),
                .disturbed(StatusWord(rawValue: 0x6D00))
            ),
        ] as [(Swift.Result<PINPadOutcome, CardFault>, TokenError.Code)])
    func afterAFaultTheTokenMayHaveHadTheCode(
        _ outcome: Swift.Result<PINPadOutcome, CardFault>, _ code: TokenError.Code
    ) throws {
        var card = PadCard(token: VirtualChannel(try card(.extended)), outcome: outcome)
        let applet = try TokenFamilies.recognise(&card)
        let verify = try #require(try applet.padEntries(&card).verify)
        do throws(TokenError) {
            _ = try applet.enterAtPad(&card, verify, entry())
            Issue.record("no error")
        } catch {
            #expect(error.code == code && error.mayHaveReached)
        }
    }

    // MARK: Support

    private func entry() throws(TokenError) -> PINEntry {
        do throws(PINPadError) { return try PINEntry() } catch {
            throw TokenError(.malformed, "entry")
        }
    }

    private func card(_ model: PIVModel) throws -> PIVCard {
        PIVCard(
            model,
            try Personalisation().make(
                now: 1_800_000_000, authority: Personalisation.authority(now: 1_800_000_000)))
    }

    private func entries(_ channel: inout VirtualChannel) throws -> PadEntries {
        let applet = try TokenFamilies.recognise(&channel)
        return try applet.padEntries(&channel)
    }

    private func hex(_ bytes: [UInt8]) -> String { Hex.upper(bytes) }
    private func bare(_ text: String) -> String { text.filter { $0 != " " } }
}

/// A token in a reader whose pad does what a test says.
private struct PadCard: PINPadChannel {
    var token: VirtualChannel
    var outcome: Swift.Result<PINPadOutcome, CardFault>
    var takesExtended: Bool { false }
    private(set) var entered: [PINPadOperation] = []

    init(token: VirtualChannel, outcome: Swift.Result<PINPadOutcome, CardFault>) {
        self.token = token
        self.outcome = outcome
    }

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        try token.transmit(command, writes: writes, into: &response)
    }

    mutating func readPad() throws(CardFault) -> PINPad { PINPad(support: [.verify, .modify]) }

    mutating func enterAtPad(
        _ operation: PINPadOperation, _ entry: PINEntry
    ) throws(CardFault) -> PINPadOutcome {
        entered.append(operation)
        return try outcome.get()
    }
}
