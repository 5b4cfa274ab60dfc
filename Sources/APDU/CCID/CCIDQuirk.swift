/// What a reader does otherwise than its descriptor or the standard says, and the host can
/// take into account. The devices are in `CCIDQuirk.table`.
package enum CCIDQuirk: Equatable, Sendable {
    /// The class descriptor stands behind the last endpoint, not behind the interface.
    case descriptorOnEndpoint
    /// The interface has class FF instead of 0B.
    case vendorSpecificClass
    /// The level of exchange is another than announced.
    case treatAs(CCIDExchangeLevel)
    /// One data rate, in bit/s, and no PPS.
    case fixedRate(UInt32)
    /// No faster than so many bit/s, whatever is announced.
    case maximumDataRate(UInt32)
    /// The first GetSlotStatus takes up to so long.
    case slowFirstStatus(milliseconds: Int)
    /// Leave out the request SET_INTERFACE.
    case noSetInterface
    /// Wait so long after opening.
    case openDelay(milliseconds: Int)
    /// Wait at least so long for each answer.
    case readTimeoutFloor(milliseconds: Int)
    /// The longest information field is so many bytes, whatever is announced.
    case maximumIFSD(Int)
    /// An empty packet may come before an answer.
    case zeroLengthPacketFirst
    /// In EMV mode (error BB): send these bytes by Escape, then power the card again.
    case escapeToISO([UInt8])
    /// S(IFS request) makes it fail.
    case noIFSDNegotiation
    /// Power off before each power on.
    case powerOffBeforeOn
    /// Gets stuck with answers of n·64 bytes: keep blocks below that.
    case dropsMultiplesOf64
    /// The pad is announced and broken, insecure or not there.
    case noPINSupport
    /// Asks for time extensions of minutes.
    case longTimeExtensions
    /// Shows the tries left by a VERIFY of its own: never use its pad, nor a counter after it.
    case revealsTriesBySelf
    /// After SetParameters fails the card wants two resets.
    case twoResetsAfterFailedParameters
    /// Known to be faulty before this bcdDevice; the maker has a newer firmware.
    case bogusFirmware(below: UInt16)

    /// The quirks of one device.
    ///
    /// - Parameter release: bcdDevice.
    package static func of(vendor: UInt16, product: UInt16, release: UInt16) -> [CCIDQuirk] {
        rows(vendor: vendor, product: product, release: release).map { $0.quirk }
    }

    /// Whether any release of a device has a pad that must not be used, for a way to it that
    /// does not tell the release.
    package static func forbidsPad(vendor: UInt16, product: UInt16) -> Bool {
        table.contains { row in
            (row.quirk == .noPINSupport || row.quirk == .revealsTriesBySelf)
                && row.devices.contains { $0.vendor == vendor && $0.product == product }
        }
    }

    /// The rows of the table that are for one device, with their reasons.
    package static func rows(
        vendor: UInt16, product: UInt16, release: UInt16
    ) -> [CCIDQuirkRow] {
        table.filter { row in
            row.devices.contains {
                $0.vendor == vendor && $0.product == product && $0.releases.contains(release)
            }
        }
    }
}

/// One row of the table: devices, what they do, and why it is there.
package struct CCIDQuirkRow: Equatable, Sendable {
    package let devices: [CCIDDevice]
    package let quirk: CCIDQuirk
    /// In words, for people.
    package let reason: String

    init(_ quirk: CCIDQuirk, _ reason: String, _ devices: [CCIDDevice]) {
        self.devices = devices
        self.quirk = quirk
        self.reason = reason
    }
}

/// A reader model by idVendor and idProduct, in some or all releases.
package struct CCIDDevice: Equatable, Sendable {
    package let vendor: UInt16
    package let product: UInt16
    /// bcdDevice, binary coded.
    package let releases: ClosedRange<UInt16>

    init(_ vendor: UInt16, _ product: UInt16, _ releases: ClosedRange<UInt16> = 0...0xFFFF) {
        self.vendor = vendor
        self.product = product
        self.releases = releases
    }

    /// The releases before `release`.
    static func before(
        _ release: UInt16, _ vendor: UInt16, _ product: UInt16
    ) -> CCIDDevice {
        CCIDDevice(vendor, product, 0...(release == 0 ? 0 : release - 1))
    }
}

extension CCIDDescriptor {
    /// The descriptor with what `quirks` say instead of what the device says.
    package func applying(_ quirks: [CCIDQuirk]) -> CCIDDescriptor {
        var corrected = self
        for quirk in quirks {
            switch quirk {
            case .treatAs(let level): corrected.level = level
            case .fixedRate(let rate):
                corrected.defaultDataRate = rate
                corrected.maximumDataRate = rate
            case .maximumDataRate(let rate):
                corrected.maximumDataRate = min(corrected.maximumDataRate, rate)
            case .maximumIFSD(let size): corrected.maximumIFSD = size
            // 64 bytes less the header, the four of a block and two to spare.
            case .dropsMultiplesOf64: corrected.maximumIFSD = min(corrected.maximumIFSD, 48)
            case .noIFSDNegotiation: corrected.features.insert(.automaticIFSD)
            case .noPINSupport, .revealsTriesBySelf: corrected.pinSupport = []
            case .descriptorOnEndpoint, .vendorSpecificClass, .slowFirstStatus, .noSetInterface,
                .openDelay, .readTimeoutFloor, .zeroLengthPacketFirst, .escapeToISO,
                .powerOffBeforeOn, .longTimeExtensions, .twoResetsAfterFailedParameters,
                .bogusFirmware:
                break
            }
        }
        return corrected
    }
}
