import APDU
import Testing

@Suite struct CCIDDescriptorTests {
    /// A reader as it is sold, and what its descriptor says.
    struct Reader: Sendable, CustomTestStringConvertible {
        let name: String
        let vendor: UInt16
        let product: UInt16
        let release: UInt16
        let fields: DescriptorBytes
        let level: CCIDExchangeLevel
        var messageLength = 271
        var ifsd = 254
        var voltages: CCIDVoltages = [.fiveVolts, .threeVolts, .oneEightVolts]
        var protocols: CCIDProtocols = [.t0, .t1]
        var pad: CCIDPINSupport = []
        var quirks: [CCIDQuirk] = []
        var testDescription: String { name }
    }

    static let readers: [Reader] = [
        Reader(
            name: "Gemalto PC Twin", vendor: 0x08E6, product: 0x3437, release: 0x0100,
            fields: DescriptorBytes(bcdCCID: 0x0100), level: .tpdu),
        Reader(
            name: "Gemalto PC Twin 2.00", vendor: 0x08E6, product: 0x3437, release: 0x0200,
            fields: DescriptorBytes(), level: .tpdu, quirks: [.zeroLengthPacketFirst]),
        Reader(
            name: "QEMU usb-ccid", vendor: 0x08E6, product: 0x4433, release: 0x0000,
            fields: DescriptorBytes(
                dwProtocols: 1, dwMaximumClock: 0x10000, dwDataRate: 9600,
                dwMaxDataRate: 115_200, dwFeatures: 0x104FE, dwMaxCCIDMessageLength: 0x10012,
                bClassGetResponse: 0xFF, bClassEnvelope: 0xFF, bPINSupport: 1),
            level: .tpdu, messageLength: 65554, protocols: .t0,
            quirks: [.escapeToISO([0x1F, 0x01]), .noPINSupport]),
        Reader(
            name: "SCM SCR3310", vendor: 0x04E6, product: 0x5116, release: 0x0518,
            fields: DescriptorBytes(
                bcdCCID: 0x0100, bVoltageSupport: 1, dwMaximumClock: 12000, dwDataRate: 9600,
                dwMaxDataRate: 307_200, dwMaxIFSD: 252, dwFeatures: 0x100BA,
                dwMaxCCIDMessageLength: 263, bClassGetResponse: 0xFF, bClassEnvelope: 0xFF),
            level: .tpdu, ifsd: 252, voltages: .fiveVolts),
        Reader(
            name: "Cherry ST-2000", vendor: 0x046A, product: 0x003E, release: 0x0508,
            fields: DescriptorBytes(
                bcdCCID: 0x0100, bVoltageSupport: 1, dwMaximumClock: 8000, dwDataRate: 10753,
                dwMaxDataRate: 344_105, dwMaxIFSD: 252, dwFeatures: 0x100BA,
                dwMaxCCIDMessageLength: 263, bClassGetResponse: 0xFF, bClassEnvelope: 0xFF,
                bPINSupport: 3),
            level: .tpdu, ifsd: 252, voltages: .fiveVolts, pad: [.verify, .modify],
            quirks: [.vendorSpecificClass]),
        Reader(
            name: "YubiKey 4", vendor: 0x1050, product: 0x0407, release: 0x0437,
            fields: DescriptorBytes(
                bcdCCID: 0x0100, dwProtocols: 2, dwDataRate: 307_200, dwMaxDataRate: 307_200,
                dwMaxIFSD: 2038, dwFeatures: 0x400FE, dwMaxCCIDMessageLength: 3072,
                bClassGetResponse: 0xFF, bClassEnvelope: 0xFF),
            level: .extendedAPDU, messageLength: 3072, ifsd: 2038, protocols: .t1),
    ]

    @Test(arguments: readers) func tellsWhatTheReaderCan(_ reader: Reader) throws {
        let quirks = CCIDQuirk.of(
            vendor: reader.vendor, product: reader.product, release: reader.release)
        #expect(quirks == reader.quirks)
        let descriptor = try describe(reader.fields.bytes, quirks: quirks)
        #expect(descriptor.release == reader.fields.bcdCCID)
        #expect(descriptor.slots == 1)
        #expect(descriptor.level == reader.level)
        #expect(descriptor.maximumMessageLength == reader.messageLength)
        #expect(descriptor.maximumIFSD == reader.ifsd)
        #expect(descriptor.voltages == reader.voltages)
        #expect(descriptor.protocols == reader.protocols)
        #expect(descriptor.pinSupport == reader.pad)
        #expect(descriptor.features.rawValue == reader.fields.dwFeatures)
        #expect(descriptor.defaultClock == reader.fields.dwDefaultClock)
        #expect(descriptor.maximumClock == reader.fields.dwMaximumClock)
        #expect(descriptor.defaultDataRate == reader.fields.dwDataRate)
        #expect(descriptor.maximumDataRate == reader.fields.dwMaxDataRate)
        #expect(descriptor.classGetResponse == reader.fields.bClassGetResponse)
        #expect(descriptor.classEnvelope == reader.fields.bClassEnvelope)
        #expect(descriptor.display == nil)
        #expect(descriptor.maximumBusySlots == 1)
    }

    @Test func eachFieldStandsAtItsPlace() throws {
        let fields = DescriptorBytes(
            bMaxSlotIndex: 3, bVoltageSupport: 2, wLcdLayout: 0x0210, bPINSupport: 2,
            bMaxCCIDBusySlots: 0)
        let descriptor = try describe(fields.bytes)
        #expect(descriptor.slots == 4)
        #expect(descriptor.voltages == .threeVolts)
        #expect(descriptor.display == CCIDDisplay(lines: 2, columns: 16))
        #expect(descriptor.pinSupport == .modify)
        #expect(descriptor.maximumBusySlots == 1)
    }

    struct Refusal: Sendable {
        let bytes: [UInt8]
        let code: CCIDError.Code
    }

    static let refusals: [Refusal] = [
        Refusal(bytes: [], code: .descriptorLength(0)),
        Refusal(bytes: Array(DescriptorBytes().bytes.dropLast()), code: .descriptorLength(53)),
        Refusal(bytes: DescriptorBytes().bytes + [0], code: .descriptorLength(55)),
        Refusal(
            bytes: [0x35] + DescriptorBytes().bytes.dropFirst(), code: .descriptorLength(53)),
        Refusal(
            bytes: [0x36, 0x22] + DescriptorBytes().bytes.dropFirst(2),
            code: .descriptorType(0x22)),
        Refusal(bytes: DescriptorBytes(dwFeatures: 0x30000).bytes, code: .severalLevels),
        Refusal(bytes: DescriptorBytes(dwFeatures: 0x50000).bytes, code: .severalLevels),
        Refusal(bytes: DescriptorBytes(dwFeatures: 0x60000).bytes, code: .severalLevels),
        Refusal(bytes: DescriptorBytes(dwFeatures: 0x70000).bytes, code: .severalLevels),
        Refusal(
            bytes: DescriptorBytes(dwMaxCCIDMessageLength: 0).bytes, code: .messageLimit(0)),
        Refusal(
            bytes: DescriptorBytes(dwMaxCCIDMessageLength: 262).bytes, code: .messageLimit(262)),
        Refusal(
            bytes: DescriptorBytes(dwFeatures: 0x20000, dwMaxCCIDMessageLength: 270).bytes,
            code: .messageLimit(270)),
        Refusal(
            bytes: DescriptorBytes(dwMaxCCIDMessageLength: 65557).bytes,
            code: .messageLimit(65557)),
        Refusal(
            bytes: DescriptorBytes(dwMaxCCIDMessageLength: .max).bytes,
            code: .messageLimit(.max)),
        Refusal(bytes: DescriptorBytes(dwMaxIFSD: 0).bytes, code: .informationFieldLimit(0)),
        Refusal(bytes: DescriptorBytes(dwMaxIFSD: 255).bytes, code: .informationFieldLimit(255)),
        Refusal(
            bytes: DescriptorBytes(dwMaxIFSD: .max).bytes, code: .informationFieldLimit(.max)),
    ]

    @Test(arguments: refusals) func refusesWhatCannotBe(_ refusal: Refusal) {
        #expect(ccidCode { _ = try describe(refusal.bytes) } == refusal.code)
    }

    @Test func anInformationFieldSizeMattersForT1AtTPDULevelOnly() throws {
        _ = try describe(DescriptorBytes(dwProtocols: 1, dwMaxIFSD: 0).bytes)
        _ = try describe(DescriptorBytes(dwMaxIFSD: 3062, dwFeatures: 0x20000).bytes)
    }

    @Test func aQuirkCorrectsWhatWouldBeRefused() throws {
        let bytes = DescriptorBytes(dwMaxIFSD: 0).bytes
        let quirks = CCIDQuirk.of(vendor: 0x09BE, product: 0x0002, release: 0x0100)
        #expect(try describe(bytes, quirks: quirks).maximumIFSD == 254)
    }

    @Test func isFoundAmongOtherDescriptors() {
        let own = DescriptorBytes().bytes
        let rows: [(extra: [UInt8], isThere: Bool)] = [
            (own, true), ([9, 0x21] + [UInt8](repeating: 0, count: 7) + own, true),
            ([2, 0xFF] + own + [7, 5], true), (own + own, true), ([], false), ([54], false),
            ([0, 0x21] + own, false), ([1] + own, false), (Array(own.dropLast()), false),
            ([255, 0x21] + own, false), ([54, 0x22] + own.dropFirst(2), false),
        ]
        for row in rows {
            let found = row.extra.withUnsafeBytes {
                CCIDDescriptor.find(inExtra: $0).map(Array.init)
            }
            #expect(found == (row.isThere ? own : nil))
        }
    }

    @Test func eachByteMayBeAnything() {
        var taken = 0
        var wrong = 0
        variations(of: DescriptorBytes(bPINSupport: 3).bytes) { bytes in
            bytes.withUnsafeBytes { _ = CCIDDescriptor.find(inExtra: $0) }
            guard let descriptor = try? describe(bytes) else { return }
            taken += 1
            let isPossible =
                CCIDDescriptor.messageLengths.contains(descriptor.maximumMessageLength)
                && (1...256).contains(descriptor.slots)
            if !isPossible { wrong += 1 }
        }
        #expect(taken > 5000 && wrong == 0)
    }

    @Test func theKindOfAnInterfaceIsToldByItsClass() {
        let rows: [(UInt8, UInt8, UInt8, [CCIDQuirk], CCIDInterfaceKind?)] = [
            (0x0B, 0, 0, [], .ccid), (0x0B, 0, 1, [], .iccdA), (0x0B, 0, 2, [], .iccdB),
            (0x0B, 0, 3, [], nil), (0x0B, 1, 0, [], nil), (0xFF, 0, 0, [], nil),
            (0xFF, 0, 0, [.vendorSpecificClass], .ccid), (0x03, 0, 0, [], nil),
        ]
        for (type, subclass, number, quirks, kind) in rows {
            let told = CCIDInterfaceKind(
                interfaceClass: type, subclass: subclass, interfaceProtocol: number,
                quirks: quirks)
            #expect(told == kind)
        }
    }
}
