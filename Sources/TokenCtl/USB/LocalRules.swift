/// Who drives a reader.
enum Owner: String, Equatable, Sendable {
    /// The station itself.
    case raw
    case pcsc
}

/// One line of the local udev rules: who has the readers of a model, or one of them.
struct LocalRule: Equatable, Sendable {
    enum Scope: Equatable, Sendable {
        case model
        case serial(String)
        case port(String)
    }

    /// Four hexadecimal digits each.
    let vendor: String
    let product: String
    let scope: Scope
    let owner: Owner

    private static let start = [
        "ACTION!=\"remove\"", "SUBSYSTEM==\"usb\"", "ENV{DEVTYPE}==\"usb_device\"",
    ]

    var line: String {
        var parts = Self.start
        parts.append("ATTR{idVendor}==\"\(vendor)\"")
        parts.append("ATTR{idProduct}==\"\(product)\"")
        switch scope {
        case .model: break
        case .serial(let serial): parts.append("ATTR{serial}==\"\(serial)\"")
        case .port(let port): parts.append("KERNEL==\"\(port)\"")
        }
        let value = owner == .raw ? "1" : ""
        parts.append("ENV{TOKEN_STATION_RAW}=\"\(value)\"")
        parts.append("ENV{PCSCLITE_IGNORE}=\"\(value)\"")
        return parts.joined(separator: ", ")
    }

    init(vendor: String, product: String, scope: Scope, owner: Owner) {
        self.vendor = vendor
        self.product = product
        self.scope = scope
        self.owner = owner
    }

    /// A line of exactly this shape; nil for any other, which is somebody else's.
    init?(_ line: Substring) {
        func value(_ key: String) -> String? {
            guard let mark = line.firstRange(of: key + "==\"") else { return nil }
            return String(line[mark.upperBound...].prefix { $0 != "\"" })
        }
        guard let vendor = value("ATTR{idVendor}"), let product = value("ATTR{idProduct}")
        else { return nil }
        let scope: Scope =
            if let serial = value("ATTR{serial}") {
                .serial(serial)
            } else if let port = value("KERNEL") {
                .port(port)
            } else {
                .model
            }
        for owner in [Owner.raw, .pcsc] {
            self.init(vendor: vendor, product: product, scope: scope, owner: owner)
            if self.line == line { return }
        }
        return nil
    }

    func isOf(_ device: USBDevice) -> Bool {
        vendor == device.vendor && product == device.product
    }

    /// Whether it decides about this very device.
    func covers(_ device: USBDevice) -> Bool {
        guard isOf(device) else { return false }
        switch scope {
        case .model: return true
        case .serial(let serial): return device.serial == serial
        case .port(let port): return device.port == port
        }
    }

    /// What tells one device from others of its model: its serial number where it has one of
    /// its own that a rule can hold, else the port it is plugged into.
    static func scope(ofOne device: USBDevice, among all: [USBDevice]) -> Scope {
        guard let serial = device.serial, isPlain(serial),
            all.filter({ $0.model == device.model && $0.serial == serial }).count < 2
        else { return .port(device.port) }
        return .serial(serial)
    }

    /// In a rule's match, other characters have a meaning.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
                || byte == 0x3A
        }
    }
}

/// The local udev rules, edited line by line.
struct LocalRules: Equatable, Sendable {
    static let path = "/etc/udev/rules.d/71-token-station-local.rules"

    static let head = """
        # Which readers the Token Station drives itself, and which are pcscd's. Written by
        #   tokenctl reader NAME --give raw|pcsc [--this-one]
        # Lines of another shape are kept as they are. See 70-token-station.rules.

        """

    private(set) var lines: [Substring]

    /// - Parameter text: the file's content; empty where there is none.
    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    var rules: [LocalRule] { lines.compactMap { LocalRule($0) } }

    /// The last line that decides about a device.
    func rule(for device: USBDevice) -> LocalRule? { rules.last { $0.covers(device) } }

    /// Gives a device, or with it all of its model, to an owner.
    mutating func give(_ device: USBDevice, to owner: Owner, scope: LocalRule.Scope) {
        let rule = LocalRule(
            vendor: device.vendor, product: device.product, scope: scope, owner: owner)
        let isNew = lines.isEmpty
        // For the model all earlier lines of it are settled; for one device those about it.
        lines.removeAll { line in
            guard let old = LocalRule(line), old.isOf(device) else { return false }
            return scope == .model || old.scope != .model && old.covers(device)
        }
        // Nothing said means pcscd's.
        let before = rules.last { $0.covers(device) }?.owner ?? .pcsc
        guard before != owner else { return }
        if isNew { lines = LocalRules(Self.head).lines + [""] }
        lines.append(Substring(rule.line))
    }

    /// Lines that speak of the same model and are not ours, counted from 1: they are kept, and
    /// may say otherwise.
    func foreignLines(about device: USBDevice) -> [Int] {
        lines.indices.filter { i in
            let line = lines[i]
            return !line.hasPrefix("#") && LocalRule(line) == nil && line.contains("_STATION_RAW")
                && line.contains(device.vendor) && line.contains(device.product)
        }.map { $0 + 1 }
    }
}
