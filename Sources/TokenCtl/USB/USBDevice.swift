import System

/// A USB device that is a reader or token, as sysfs shows it to everybody.
struct USBDevice: Equatable, Sendable {
    struct Interface: Equatable, Sendable {
        let number: Int
        /// bInterfaceClass.
        let kind: UInt8
        /// The interface's own name; nil without.
        let name: String?
    }

    /// Bus and ports, as the kernel names the device: "1-2.1".
    var port: String
    /// Four hexadecimal digits each.
    var vendor: String
    var product: String
    var release = ""
    var manufacturer: String? = nil
    var productName: String? = nil
    var serial: String? = nil
    var bus = 0
    var number = 0
    var interfaces: [Interface] = []
    /// power/control: "on", or "auto" where the kernel may put it to sleep.
    var power: String? = nil

    /// Models with CCID behind the class FF; a test holds them against the udev rules.
    static let vendorClass: Set<String> = ["04e6:e003", "046a:003e"]

    var model: String { "\(vendor):\(product)" }

    var isReader: Bool {
        interfaces.contains { $0.kind == 0x0B }
            || Self.vendorClass.contains(model) && interfaces.contains { $0.kind == 0xFF }
    }

    /// "/dev/bus/usb/001/004".
    var node: String { "/dev/bus/usb/\(Self.padded(bus))/\(Self.padded(number))" }

    /// Its folder as commands take it.
    var path: String { Self.folder + "/" + port }

    /// udev's record of it, by the node's numbers.
    var record: String { "/run/udev/data/c189:\((bus - 1) * 128 + number - 1)" }

    /// As people know it.
    var words: String {
        let name = [manufacturer, productName].compactMap { $0 }.joined(separator: " ")
        return (name.isEmpty ? "" : name + ", ") + "\(model) at port \(port)"
            + (serial.map { ", serial number \($0)" } ?? "")
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(3 - digits.count, 0)) + digits
    }
}

extension USBDevice {
    static let folder = "/sys/bus/usb/devices"

    /// The readers that are plugged in, in the order of their ports.
    static func readers(in folder: String = folder) -> [USBDevice] {
        let names = ((try? File.names(in: folder)) ?? []).sorted()
        let interfaces = names.filter { $0.contains(":") }
        return names.filter { !$0.contains(":") }.compactMap { name in
            let own = interfaces.filter { $0.hasPrefix(name + ":") }.map { folder + "/" + $0 }
            let device = USBDevice(folder + "/" + name, port: name, own)
            return device.flatMap { $0.isReader ? $0 : nil }
        }
    }

    private init?(_ path: String, port: String, _ interfaces: [String]) {
        guard let vendor = Self.text(path + "/idVendor"),
            let product = Self.text(path + "/idProduct")
        else { return nil }
        self.init(port: port, vendor: vendor, product: product)
        release = Self.text(path + "/bcdDevice") ?? ""
        manufacturer = Self.text(path + "/manufacturer")
        productName = Self.text(path + "/product")
        serial = Self.text(path + "/serial")
        bus = Self.text(path + "/busnum").flatMap { Int($0) } ?? 0
        number = Self.text(path + "/devnum").flatMap { Int($0) } ?? 0
        power = Self.text(path + "/power/control")
        self.interfaces = interfaces.compactMap { folder in
            guard
                let kind = Self.text(folder + "/bInterfaceClass").flatMap({ UInt8($0, radix: 16) })
            else { return nil }
            let number = Self.text(folder + "/bInterfaceNumber").flatMap { Int($0, radix: 16) }
            return Interface(
                number: number ?? 0, kind: kind, name: Self.text(folder + "/interface"))
        }
    }

    /// An attribute; nil where it is not there or empty.
    private static func text(_ path: String) -> String? {
        guard let bytes = try? File.contents(of: path, limit: 4096) else { return nil }
        var text = Substring(String(decoding: bytes, as: UTF8.self))
        while let last = text.last, last == "\n" || last == " " { text.removeLast() }
        return text.isEmpty ? nil : String(text)
    }
}
