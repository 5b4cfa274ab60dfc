import Crypto

/// All that an ePass2003 keeps without power.
package struct EPass2003State: Sendable {
    package var model: EPass2003Model
    /// The keys of the PINs, as the card compares them.
    package var pin: CardCode
    package var officer: CardCode
    package var serial: UInt32
    /// By the number in their files' identifiers.
    package var keys: [UInt8: KeyPair] = [:]
    /// As they were written when the card was made.
    package var files: [PKCS15FileName: [UInt8]] = [:]

    package init(model: EPass2003Model, pin: CardCode, officer: CardCode, serial: UInt32) {
        self.model = model
        self.pin = pin
        self.officer = officer
        self.serial = serial
    }

    var serialBytes: [UInt8] {
        [0x20, 0x03, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: serial >> (24 - 8 * $0)) }
    }
}

// As it is kept.
extension EPass2003State {
    /// The text that is kept.
    func text() throws(VirtualTokenError) -> String {
        var lines = [
            "model \(model.protection.rawValue) \(model.hasOwnKeys ? "own" : "published")",
            "pin " + StateText.words(pin), "so " + StateText.words(officer), "serial \(serial)",
        ]
        for (reference, pair) in keys.sorted(by: { $0.key < $1.key }) {
            do throws(CryptoError) {
                lines.append("key \(reference) \(Hex.lower(try pair.pkcs8()))")
            } catch {
                throw VirtualTokenError(.crypto, "key \(reference): \(error)")
            }
        }
        let named = files.sorted {
            ($0.key.place.rawValue, $0.key.identifier) < ($1.key.place.rawValue, $1.key.identifier)
        }
        for (name, content) in named {
            let bytes = content.isEmpty ? "-" : Hex.lower(content)
            lines.append("file \(name.place.rawValue) \(name.identifier) \(bytes)")
        }
        return StateText.text(EPass2003Card.family, lines)
    }

    /// - Throws: `.damagedState`, naming the line.
    package init(_ text: String) throws(VirtualTokenError) {
        var reading = Reading()
        try StateText.read(text, of: EPass2003Card.family) { reading.take($0) }
        guard let model = reading.model, let pin = reading.pin, let officer = reading.officer,
            let serial = reading.serial
        else { throw VirtualTokenError(.damagedState, "a line is missing") }
        self.init(model: model, pin: pin, officer: officer, serial: serial)
        (keys, files) = (reading.keys, reading.files)
    }

    private struct Reading {
        var model: EPass2003Model?
        var pin: CardCode?
        var officer: CardCode?
        var serial: UInt32?
        var keys: [UInt8: KeyPair] = [:]
        var files: [PKCS15FileName: [UInt8]] = [:]

        /// False where the words are not a line of a state.
        mutating func take(_ words: [String]) -> Bool {
            switch (words.first, words.count) {
            case ("model", 3):
                guard let protection = EPass2003Model.Protection(rawValue: words[1]),
                    ["own", "published"].contains(words[2])
                else { return false }
                var known = EPass2003Model()
                known.protection = protection
                known.hasOwnKeys = words[2] == "own"
                model = known
            case ("pin", 5):
                pin = Self.code(words)
                return pin != nil
            case ("so", 5):
                officer = Self.code(words)
                return officer != nil
            case ("serial", 2):
                serial = UInt32(words[1])
                return serial != nil
            case ("key", 3):
                guard let reference = UInt8(words[1]), (1...7).contains(reference),
                    let pair = Hex.bytes(words[2]).flatMap({ try? KeyPair(pkcs8: $0) })
                else { return false }
                keys[reference] = pair
            case ("file", 4):
                guard let place = PKCS15FileName.Place(rawValue: words[1]),
                    let identifier = UInt16(words[2]),
                    let content = words[3] == "-" ? [] : Hex.bytes(words[3]),
                    content.count <= 0x7FFF
                else { return false }
                files[PKCS15FileName(place, identifier)] = content
            default: return false
            }
            return true
        }

        /// A PIN's key has 24 bytes.
        private static func code(_ words: [String]) -> CardCode? {
            StateText.code(words).flatMap { $0.value.count == 24 ? $0 : nil }
        }
    }
}
