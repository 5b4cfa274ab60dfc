import Crypto
import Testing
import Tokens
import VirtualToken

@testable import TokenAgent

/// What is read of a token a second time, and whether it is the same one.
@Suite struct ReadingTests {
    private static func reading(
        _ serial: String?, _ guid: String?, _ proving: TokenCertificate
    ) -> Reading {
        let three = Tokens.Counter(.known(3))
        return Reading(
            identity: TokenIdentity(
                family: .piv, model: "PIV", serial: serial, guid: guid, certificates: [proving]),
            counters: Tokens.Counters(pin: three, unblocking: three),
            pinRule: Tokens.CodeRule(6...8, .digits), ways: [], way: nil, proving: proving,
            traits: nil)
    }

    @Test(arguments: [("1", nil), (nil, "2"), ("1", "2")] as [(String?, String?)])
    func aTokenWithANumberIsKnownByItAgain(serial: String?, guid: String?) throws {
        let reading = Self.reading(serial, guid, try Sample.proving())
        #expect(reading.slotsThatTell.isEmpty)
        func seen(_ serial: String?, _ guid: String?) -> TokenIdentity {
            TokenIdentity(family: .piv, model: "PIV", serial: serial, guid: guid, certificates: [])
        }
        #expect(reading.isOf(seen(serial, guid)))
        #expect(!reading.isOf(seen("3", guid)))
        #expect(!reading.isOf(seen(serial, "3")))
        #expect(!reading.isOf(seen(nil, nil)))
    }

    @Test func aTokenWithoutOneIsKnownByItsCertificate() throws {
        let mine = try Sample.proving()
        let reading = Self.reading(nil, nil, mine)
        #expect(reading.slotsThatTell == [mine.slot])
        func seen(_ certificates: [TokenCertificate]) -> TokenIdentity {
            TokenIdentity(
                family: .piv, model: "PIV", serial: nil, guid: nil, certificates: certificates)
        }
        #expect(reading.isOf(seen([mine])))
        #expect(!reading.isOf(seen([])))
        #expect(!reading.isOf(seen([try Sample.proving()])))
    }

    @Test func readingAgainFindsWhatWasReadAndNoCertificateThatDoesNotTell() throws {
        let card = try Sample.card()
        let reading = try Sample.reading(of: card)
        var channel = VirtualChannel(card)
        let again = try reading.again(
            &channel, slots: reading.slotsThatTell, of: .puk, asking: .asFamilyKnows)
        #expect(again.identity.certificates.isEmpty)
        #expect(again.counters == reading.counters)
        #expect(reading.isOf(again.identity))
    }
}
