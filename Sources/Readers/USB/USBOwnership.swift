import System

/// Who a reader belongs to, as udev decided when it was plugged in: rules set the property
/// TOKEN_STATION_RAW, and PCSCLITE_IGNORE with it.
enum USBOwnership {
    /// Where udev keeps what it knows of devices.
    static let folder = "/run/udev/data"

    /// Whether the reader is this station's to drive; nil where that cannot be read now.
    static func isOurs(_ place: USBDevice.Place) -> Bool? {
        // Character devices by their numbers; USB nodes have the major number 189.
        let path = folder + "/c189:" + String(place.minor)
        do throws(SystemError) {
            return saysOurs(try File.contents(of: path, limit: 256 * 1024))
        } catch {
            return error.errno == .noEntry ? false : nil
        }
    }

    /// The same of a record's text, in which a property is a line "E:NAME=VALUE".
    static func saysOurs(_ record: [UInt8]) -> Bool {
        record.split(separator: 0x0A).contains { $0.elementsEqual("E:TOKEN_STATION_RAW=1".utf8) }
    }
}
