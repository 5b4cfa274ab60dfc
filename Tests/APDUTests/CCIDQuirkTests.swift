import APDU
import Testing

@Suite struct CCIDQuirkTests {
    struct Row: Sendable {
        let vendor: UInt16
        let product: UInt16
        let release: UInt16
        let quirks: [CCIDQuirk]
    }

    static let rows: [Row] = [
        Row(vendor: 0x04E6, product: 0xE001, release: 0x0516, quirks: []),
        Row(
            vendor: 0x04E6, product: 0xE001, release: 0x0515,
            quirks: [.dropsMultiplesOf64, .bogusFirmware(below: 0x0516)]),
        Row(
            vendor: 0x0B97, product: 0x7762, release: 0x0110,
            quirks: [.descriptorOnEndpoint, .fixedRate(9600)]),
        Row(
            vendor: 0x046A, product: 0x00A1, release: 0x0100, quirks: [.treatAs(.extendedAPDU)]),
        Row(vendor: 0x046A, product: 0x00A1, release: 0x0101, quirks: []),
        Row(
            vendor: 0x076B, product: 0x3031, release: 0x0200,
            quirks: [.treatAs(.extendedAPDU), .noPINSupport]),
        Row(vendor: 0x0529, product: 0x0620, release: 0x0013, quirks: [.noIFSDNegotiation]),
        Row(vendor: 0x0529, product: 0x0620, release: 0x0014, quirks: []),
        Row(vendor: 0x0982, product: 0x0008, release: 0, quirks: [.revealsTriesBySelf]),
        Row(
            vendor: 0x0B81, product: 0x0200, release: 1,
            quirks: [
                .openDelay(milliseconds: 1000), .readTimeoutFloor(milliseconds: 60_000),
            ]),
        Row(vendor: 0x1050, product: 0x0407, release: 0x0500, quirks: []),
        Row(vendor: 0, product: 0, release: 0, quirks: []),
    ]

    @Test(arguments: rows) func aDeviceHasItsQuirks(_ row: Row) {
        let quirks = CCIDQuirk.of(
            vendor: row.vendor, product: row.product, release: row.release)
        #expect(quirks == row.quirks)
    }

    @Test func eachRowHasDevicesAndAReason() {
        for row in CCIDQuirk.table {
            #expect(!row.devices.isEmpty && !row.reason.isEmpty)
            for device in row.devices {
                let found = CCIDQuirk.rows(
                    vendor: device.vendor, product: device.product,
                    release: device.releases.upperBound)
                #expect(found.contains(row))
                // One device has a quirk once.
                #expect(found.filter { $0.quirk == row.quirk }.count == 1)
            }
        }
    }

    @Test func aDescriptorFollowsTheQuirks() throws {
        let plain = try describe(DescriptorBytes(bPINSupport: 3).bytes)
        #expect(plain.applying([]) == plain)
        #expect(plain.applying([.treatAs(.shortAPDU)]).level == .shortAPDU)
        #expect(plain.applying([.treatAs(.character)]).level == .character)
        #expect(plain.applying([.treatAs(.shortAPDU)]).features.contains(.nodeAddress))
        #expect(plain.applying([.fixedRate(9600)]).maximumDataRate == 9600)
        #expect(plain.applying([.maximumDataRate(200_000)]).maximumDataRate == 200_000)
        #expect(plain.applying([.maximumDataRate(999_999)]).maximumDataRate == 344_086)
        #expect(plain.applying([.maximumIFSD(32)]).maximumIFSD == 32)
        #expect(plain.applying([.dropsMultiplesOf64]).maximumIFSD == 48)
        #expect(plain.applying([.noPINSupport]).pinSupport == [])
        #expect(plain.applying([.revealsTriesBySelf]).pinSupport == [])
        #expect(plain.applying([.noIFSDNegotiation]).features.contains(.automaticIFSD))
        #expect(plain.applying([.longTimeExtensions, .noSetInterface]) == plain)
    }
}
