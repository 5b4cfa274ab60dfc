/// Which device a person means.
enum ReaderChoice {
    /// The devices of a name: a port ("1-2.1"), a model ("08e6:3437"), a name of pcscd's, or a
    /// device's own words.
    static func devices(
        _ name: String, in all: [USBDevice], _ driverNames: @autoclosure () -> [String: String]
    ) -> [USBDevice] {
        let exact = all.filter { $0.port == name || $0.model == name.lowercased() }
        if !exact.isEmpty { return exact }
        let names = driverNames()
        let reader = ReaderName(name)
        return all.filter { reader.fits($0, names) }
    }

    /// A model by its numbers ("08e6:3437"), of which none needs to be plugged in.
    static func model(_ name: String) -> USBDevice? {
        let parts = name.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({
                $0.utf8.count == 4
                    && $0.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit)
            })
        else { return nil }
        return USBDevice(port: "", vendor: String(parts[0]), product: String(parts[1]))
    }

    /// The one device that is meant; where several of one model are and the whole model is
    /// meant, any of them.
    static func one(
        _ name: String, _ found: [USBDevice], all: [USBDevice], wholeModel: Bool
    ) throws(Failure) -> USBDevice {
        guard let first = found.first else {
            throw .own(
                .noReader, "No reader on USB goes by \"\(name)\".",
                next: all.isEmpty
                    ? "Plug it in: no reader is on USB at all."
                    : "Name one of: " + all.map(\.words).joined(separator: "; ") + ".")
        }
        let isOne = found.count == 1 || wholeModel && found.allSatisfy { $0.model == first.model }
        guard isOne else {
            throw .own(
                .noReader,
                "More than one reader on USB goes by \"\(name)\": "
                    + found.map(\.words).joined(separator: "; ") + ".",
                next: "Name its port.")
        }
        return first
    }
}
