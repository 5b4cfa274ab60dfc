import System

/// Who a reader belongs to, as udev decided when it was plugged in: rules set the property
/// TOKEN_STATION_RAW, and PCSCLITE_IGNORE with it.
enum USBOwnership {
    /// Where udev keeps what it knows of devices.
    static let folder = "/run/udev/data"

    /// Whether the reader is this station's to drive.
    static func isOurs(_ place: USBDevice.Place) -> Bool {
        // Character devices by their numbers; USB nodes have the major number 189.
        let path = folder + "/c189:" + String(place.minor)
        guard let bytes = try? File.contents(of: path, limit: 256 * 1024) else { return false }
        return isOurs(bytes)
    }

    /// The same of a record's text, in which a property is a line "E:NAME=VALUE".
    static func isOurs(_ record: [UInt8]) -> Bool {
        record.split(separator: 0x0A).contains { $0.elementsEqual("E:TOKEN_STATION_RAW=1".utf8) }
    }
}
