import APDU
import System
import Testing
import VirtualToken

@testable import Readers

/// The host against VirtualToken's reader, which shares nothing with it but APDUs.
@Suite struct CCIDHostTests {
    /// How a reader and its card are made.
    struct Make: CustomTestStringConvertible, Sendable {
        let name: String
        let change: @Sendable (inout ReaderDesign) -> Void
        var testDescription: String { name }
    }

    static let makes: [Make] = [
        Make(name: "extended APDU") { $0.level = .extended },
        Make(name: "extended APDU in short messages") {
            $0.level = .extended
            $0.messageLength = 271
        },
        Make(name: "short APDU") { $0.level = .short },
        Make(name: "short APDU, T=0") {
            $0.level = .short
            $0.cardProtocol = .t0
        },
        Make(name: "TPDU, T=1") { $0.level = .tpdu },
        Make(name: "TPDU, T=1, CRC") {
            $0.level = .tpdu
            $0.usesCRC = true
        },
        Make(name: "TPDU, T=1, small blocks") {
            $0.level = .tpdu
            $0.ifsc = 16
            $0.maximumIFSD = 20
        },
        Make(name: "TPDU, T=1, all by the host") {
            $0.level = .tpdu
            $0.features = ReaderDesign.manual
        },
        Make(name: "TPDU, T=1, CRC, all by the host") {
            $0.level = .tpdu
            $0.usesCRC = true
            $0.features = ReaderDesign.manual
        },
        Make(name: "TPDU, T=1, PPS1 left out by the card") {
            $0.level = .tpdu
            $0.features = ReaderDesign.manual
            $0.pps = .drop
        },
        Make(name: "TPDU, T=1, no answer to PPS") {
            $0.level = .tpdu
            $0.features = ReaderDesign.manual
            $0.pps = .mute
        },
        Make(name: "TPDU, T=1, specific mode") {
            $0.level = .tpdu
            $0.features = ReaderDesign.manual
            $0.specificMode = true
        },
        Make(name: "TPDU, T=0") {
            $0.level = .tpdu
            $0.cardProtocol = .t0
        },
        Make(name: "TPDU, T=0, all by the host") {
            $0.level = .tpdu
            $0.cardProtocol = .t0
            $0.features = ReaderDesign.manual
        },
        Make(name: "3 V, chosen by the host") {
            $0.level = .tpdu
            $0.features = ReaderDesign.manual
            $0.voltage = .three
        },
        Make(name: "1.8 V, chosen by the host") {
            $0.level = .tpdu
            $0.features = ReaderDesign.manual
            $0.voltage = .low
        },
        Make(name: "high speed") { $0.speed = .high },
        Make(name: "composite, class descriptor on the endpoint") {
            $0.isComposite = true
            $0.descriptorOnEndpoint = true
        },
    ]

    @Test(arguments: makes)
    func aCardIsReadAndCountedThroughEachReader(_ make: Make) throws {
        let simulated = SimulatedReader(make.change)
        let reader = try simulated.reader()
        let link = CCIDLink(reader, slot: 0)
        let atr = try #require(try link.look(limit: soon()).atr)
        #expect(!atr.isEmpty)

        let card = try link.open(mark: reader.slot(0).changes, limit: soon())
        #expect(card.atr == atr)
        #expect(try say(link, "00A4040005A00000030800").suffix(2) == [0x90, 0x00])
        #expect(try say(link, "00200080") == [0x63, 0xC3])
        // Wrong, then right: one try spent and given back.
        #expect(try say(link, "0020008008393939393939FFFF") == [0x63, 0xC2])
        #expect(try say(link, "0020008008313233343536FFFF") == [0x90, 0x00])
        #expect(try readLong(link) == SimulatedReader.longObject)
        let again = try link.resetCold(limit: soon())
        #expect(again.atr == atr)
        #expect(try say(link, "00A4040005A00000030800").suffix(2) == [0x90, 0x00])
        #expect(try say(link, "00200080") == [0x63, 0xC3])
        link.close()
        // How a card writes its CRC is found out by asking for a size, which this reader does too.
        let size = "S(IFS) by the host of a reader that does it by itself"
        #expect(simulated.complaints.filter { make.name != "TPDU, T=1, CRC" || $0 != size } == [])
        #expect(simulated.spent() == 1)
    }

    private func soon() -> CallLimit { limit(.milliseconds(300)) }
}

/// A reading command's limit: what writes is given more.
func limit(_ duration: Duration) -> CallLimit {
    CallLimit(orderly: .now + duration, last: .now + .seconds(60))
}

/// One command in hex, and the whole response.
func say(
    _ link: CCIDLink, _ command: String, limit: CallLimit? = nil
) throws(CardFault) -> [UInt8] {
    var response = ResponseBuffer()
    let bytes = hex(command)
    let limit = limit ?? CallLimit(orderly: .now + .milliseconds(300), last: .now + .seconds(60))
    var failure: CardFault? = nil
    bytes.withUnsafeBytes { raw in
        do throws(CardFault) {
            try link.transmit(raw, limit: limit, into: &response)
        } catch {
            failure = error
        }
    }
    if let failure { throw failure }
    return response.withBytes { Array($0) }
}

/// The long object, followed by GET RESPONSE where the card says so.
func readLong(_ link: CCIDLink) throws(CardFault) -> [UInt8] {
    var answer = try say(link, "00CB3FFF055C035FC10900")
    var data: [UInt8] = []
    while answer.count >= 2 {
        data += answer.dropLast(2)
        guard answer[answer.count - 2] == 0x61 else { break }
        let count = String(answer[answer.count - 1], radix: 16)
        answer = try say(link, "00C00000" + (count.count == 1 ? "0" : "") + count)
    }
    // The object stands in a template 53 with a length of two bytes.
    return Array(data.dropFirst(4))
}

func hex(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Substring(text)
    while rest.count >= 2 {
        bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
    }
    return bytes
}
