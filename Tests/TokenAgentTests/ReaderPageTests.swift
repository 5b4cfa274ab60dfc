import Readers
import StationInterface
import Testing

@testable import TokenAgent

@Suite struct ReaderPageTests {
    private static func usb(
        _ descriptor: [UInt8], vendor: UInt16 = 0x1234, product: UInt16 = 0x5678
    ) -> Station.USBReader {
        Station.USBReader(
            USBReaderDescription(
                vendor: vendor, product: product, release: 0x0102, manufacturer: "M",
                productName: nil, serialNumber: nil, port: "1-2", node: "/dev/bus/usb/001/004",
                speed: "12 Mbit/s", interface: 1, hasInterruptPipe: true,
                classDescriptor: descriptor, quirks: ["q"], slot: 0, level: "TPDU, T=1",
                counts: USBReaderCounts()))
    }

    /// A TPDU reader of one slot with both protocols, and changes to it by offset.
    private static func descriptor(_ changes: [Int: UInt8] = [:]) -> [UInt8] {
        var bytes: [UInt8] = [
            54, 0x21, 0x10, 0x01, 0x00, 0x07, 3, 0, 0, 0, 0xA0, 0x0F, 0, 0, 0xA0, 0x0F, 0, 0, 0,
            0x00, 0x2A, 0, 0, 0x20, 0xA1, 0x07, 0, 0, 254, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0xBA, 0x04, 1, 0, 15, 1, 0, 0, 0xFF, 0xFF, 0, 0, 0, 1,
        ]
        for (offset, byte) in changes { bytes[offset] = byte }
        return bytes
    }

    @Test func aDescriptorIsShownInWords() throws {
        let usb = Self.usb(Self.descriptor([50: 16, 51: 2, 52: 1]))
        #expect([usb.vendor, usb.product, usb.release] == ["1234", "5678", "0102"])
        #expect(usb.classDescriptor.hasPrefix("362110010007"))
        #expect(usb.quirks == ["q"])
        let ccid = try #require(usb.ccid)
        #expect(ccid.release == "1.10")
        #expect(ccid.level == .tpdu)
        #expect(ccid.protocols == ["T=0", "T=1"])
        #expect(ccid.voltages == ["5 V", "3 V", "1.8 V"])
        #expect([ccid.defaultClock, ccid.defaultRate, ccid.maximumRate] == [4000, 10752, 500_000])
        #expect([ccid.messageLength, ccid.ifsd, ccid.slots, ccid.busySlots] == [271, 254, 1, 1])
        #expect(ccid.pinVerify && !ccid.pinModify)
        #expect(ccid.display == "2 x 16")
        #expect(ccid.features.contains("chooses the voltage"))
        #expect(!ccid.features.contains("negotiates parameters by itself"))
        #expect(usb.unsupported == [])
    }

    @Test(
        arguments: [
            ([42: 0], "character level"), ([32: 1], "synchronous"), ([36: 2], "ejecting"),
            ([41: 0x07], "node addresses"), ([6: 0], "neither T=0 nor T=1"),
            ([44: 0, 45: 0], "class descriptor: "), ([0: 53], "class descriptor: "),
        ] as [([Int: UInt8], String)])
    func whatTheStationDoesNotDoIsSaid(_ changes: [Int: UInt8], _ words: String) {
        let usb = Self.usb(Self.descriptor(changes))
        #expect(usb.unsupported.contains { $0.contains(words) }, "\(usb.unsupported)")
        #expect((usb.ccid == nil) == words.hasPrefix("class"))
    }

    @Test func aCorrectedDescriptorIsShownAndTheDevicesOwnBytesWithIt() throws {
        // MySmartPad: the information field is 254 bytes, whatever it says.
        let bytes = Self.descriptor([28: 0, 29: 1])
        let usb = Self.usb(bytes, vendor: 0x09BE, product: 0x0002)
        #expect(try #require(usb.ccid).ifsd == 254)
        #expect(usb.classDescriptor.count == 108)
    }
}
