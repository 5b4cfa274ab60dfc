import System

/// The other interfaces of a device, which a reset of the whole device would disturb.
enum USBSiblings {
    /// Whether any interface of the device but `number` is driven by the kernel or claimed by a
    /// program; true also where that cannot be found out.
    static func areInUse(beside number: UInt8, of place: USBDevice.Place) -> Bool {
        let folder = "/sys/bus/usb/devices"
        guard let port = port(of: place), let names = try? File.names(in: folder + "/" + port)
        else { return true }
        return names.contains { name in
            guard name.hasPrefix(port + ":"), let dot = name.lastIndex(of: "."),
                UInt8(name[name.index(after: dot)...]) != number
            else { return false }
            return File.exists(folder + "/" + port + "/" + name + "/driver")
        }
    }

    /// The device's name in sysfs, found by the numbers the bus knows it by.
    static func port(of place: USBDevice.Place) -> String? {
        let folder = "/sys/bus/usb/devices"
        let names = (try? File.names(in: folder)) ?? []
        return names.first { name in
            guard !name.contains(":") else { return false }
            return SysfsText.number(folder + "/" + name + "/busnum") == Int(place.bus)
                && SysfsText.number(folder + "/" + name + "/devnum") == Int(place.address)
        }
    }
}

/// Small files of the kernel's, one value each.
enum SysfsText {
    /// The text without what is around it; nil where there is none.
    static func value(_ path: String) -> String? {
        guard let bytes = try? File.contents(of: path, limit: 4096) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let trimmed = text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    static func number(_ path: String) -> Int? { value(path).flatMap { Int($0) } }
}
