import System

/// A name under which pcscd lists a reader: the driver's name for the model, then where the
/// device has them the interface in brackets and the serial number in parentheses, then reader
/// and slot as two numbers.
struct ReaderName: Equatable, Sendable {
    let model: String
    let interface: String?
    let serial: String?

    init(_ name: String) {
        var rest = Substring(name)
        // " 00 01"
        for _ in 0..<2 {
            let last = rest.suffix(3)
            guard last.count == 3, last.first == " ", last.dropFirst().allSatisfy(\.isHexDigit)
            else { break }
            rest.removeLast(3)
        }
        serial = Self.take(&rest, "(", ")")
        interface = Self.take(&rest, "[", "]")
        model = String(rest)
    }

    /// What stands in the last pair of marks at the end of `text`.
    private static func take(
        _ text: inout Substring, _ open: Character, _ close: Character
    ) -> String? {
        guard text.last == close, let start = text.lastIndex(of: open), start > text.startIndex,
            text[text.index(before: start)] == " "
        else { return nil }
        let inside = text[text.index(after: start)..<text.index(before: text.endIndex)]
        text = text[..<text.index(before: start)]
        return String(inside)
    }

    /// Whether `device` can be the reader of this name.
    ///
    /// - Parameter names: the driver's names by model, "08e6:3437".
    func fits(_ device: USBDevice, _ names: [String: String]) -> Bool {
        // A model may end in parentheses of its own.
        let whole = serial.map { "\(model) (\($0))" }
        let own = [device.manufacturer, device.productName].compactMap { $0 }
            .joined(separator: " ")
        let known = names[device.model] ?? own
        guard !model.isEmpty else { return false }
        if known == whole { return true }
        guard known == model || own == model else { return false }
        guard let serial else { return true }
        return device.serial == serial
    }
}

extension USBDevice {
    /// What pcscd calls it, by the driver's names by model; reader and slot left out.
    func name(_ names: [String: String]) -> String {
        names[model] ?? [manufacturer, productName].compactMap { $0 }.joined(separator: " ")
    }

    /// The same with interface and serial number, as pcscd compares it with its filter.
    func wholeName(_ names: [String: String]) -> String {
        let reader = interfaces.first { $0.kind == 0x0B } ?? interfaces.first { $0.kind == 0xFF }
        let interface = reader?.name
        return name(names) + (interface.map { " [\($0)]" } ?? "")
            + (serial.map { " (\($0))" } ?? "")
    }
}

/// What libccid calls the readers it drives.
enum DriverNames {
    static let files = [
        "/usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist", "/etc/libccid_Info.plist",
    ]

    /// The driver's names by model, "08e6:3437"; empty without libccid.
    static func read() -> [String: String] {
        for file in files {
            guard let bytes = try? File.contents(of: file, limit: 1 << 20) else { continue }
            return parse(String(decoding: bytes, as: UTF8.self))
        }
        return [:]
    }

    /// Takes them out of a property list, whose three arrays go side by side.
    static func parse(_ text: String) -> [String: String] {
        let vendors = strings("ifdVendorID", text)
        let products = strings("ifdProductID", text)
        let names = strings("ifdFriendlyName", text)
        var found: [String: String] = [:]
        for ((vendor, product), name) in zip(zip(vendors, products), names) {
            found[digits(vendor) + ":" + digits(product)] = name
        }
        return found
    }

    private static func digits(_ number: String) -> String {
        let digits = number.lowercased().drop { $0 == "0" || $0 == "x" }
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }

    private static func strings(_ key: String, _ text: String) -> [String] {
        var found: [String] = []
        var isInside = false
        for line in text.split(separator: "\n") {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.hasPrefix("<key>") {
                isInside = line.hasPrefix("<key>\(key)</key>")
            } else if isInside, line.hasPrefix("</array>") {
                return found
            } else if isInside, line.hasPrefix("<string>") {
                found.append(plain(line.dropFirst(8).prefix { $0 != "<" }))
            }
        }
        return found
    }

    private static func plain(_ text: Substring) -> String {
        guard text.contains("&") else { return String(text) }
        var plain = ""
        var rest = text
        while let mark = rest.firstIndex(of: "&") {
            plain += rest[..<mark]
            rest = rest[mark...]
            let known = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\"")]
            if let (code, sign) = known.first(where: { rest.hasPrefix($0.0) }) {
                plain += sign
                rest = rest.dropFirst(code.count)
            } else {
                plain.append("&")
                rest = rest.dropFirst()
            }
        }
        return plain + rest
    }
}
