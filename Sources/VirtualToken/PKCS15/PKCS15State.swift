import Crypto

/// A file of the card, by the DF it is in.
package struct PKCS15FileName: Hashable, Sendable {
    package enum Place: String, Sendable {
        case master
        case application
    }

    package var place: Place
    package var identifier: UInt16

    package init(_ place: Place, _ identifier: UInt16) {
        self.place = place
        self.identifier = identifier
    }
}

/// All that a card with an ISO 7816-15 application keeps without power.
package struct PKCS15State: Sendable {
    package var model: PKCS15Model
    /// Encoded and padded, as the card compares them.
    package var pin: CardCode
    /// An empty one, and no tries for it, where there is none.
    package var puk: CardCode
    package var serial: UInt32
    /// By the reference in MANAGE SECURITY ENVIRONMENT.
    package var keys: [UInt8: KeyPair] = [:]
    /// As they were written when the card was made.
    package var files: [PKCS15FileName: [UInt8]] = [:]

    package init(model: PKCS15Model, pin: CardCode, puk: CardCode, serial: UInt32) {
        self.model = model
        self.pin = pin
        self.puk = puk
        self.serial = serial
    }
}

// As it is kept.
extension PKCS15State {
    /// The text that is kept.
    func text() throws(VirtualTokenError) -> String {
        var lines = [
            "model \(model.kind.rawValue) \(model.isVersion1 ? 1 : 0)",
            "pin " + StateText.words(pin), "puk " + StateText.words(puk), "serial \(serial)",
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
        return StateText.text(PKCS15Card.family, lines)
    }

    /// - Throws: `.damagedState`, naming the line.
    package init(_ text: String) throws(VirtualTokenError) {
        var reading = Reading()
        try StateText.read(text, of: PKCS15Card.family) { reading.take($0) }
        guard let model = reading.model, let pin = reading.pin, let puk = reading.puk,
            let serial = reading.serial
        else { throw VirtualTokenError(.damagedState, "a line is missing") }
        self.init(model: model, pin: pin, puk: puk, serial: serial)
        (keys, files) = (reading.keys, reading.files)
    }

    private struct Reading {
        var model: PKCS15Model?
        var pin: CardCode?
        var puk: CardCode?
        var serial: UInt32?
        var keys: [UInt8: KeyPair] = [:]
        var files: [PKCS15FileName: [UInt8]] = [:]

        /// False where the words are not a line of a state.
        mutating func take(_ words: [String]) -> Bool {
            switch (words.first, words.count) {
            case ("model", 3):
                guard let kind = PKCS15Model.Kind(rawValue: words[1]) else { return false }
                model = PKCS15Model(kind)
                model?.isVersion1 = words[2] == "1"
            case ("pin", 5):
                pin = StateText.code(words)
                return pin != nil
            case ("puk", 5):
                puk = StateText.code(words)
                return puk != nil
            case ("serial", 2):
                serial = UInt32(words[1])
                return serial != nil
            case ("key", 3):
                guard let reference = UInt8(words[1]),
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
    }
}
