import Crypto

// A PIV token's state as it is kept.
extension PIVState {
    /// The text that is kept.
    package func text() throws(VirtualTokenError) -> String {
        var lines = [
            "pin " + StateText.words(pin), "puk " + StateText.words(puk),
            "management \(PIVAlgorithm.identifier(management.cipher)) "
                + Hex.lower(management.key),
            "serial \(serial)",
        ]
        for (slot, key) in keys.sorted(by: { $0.key < $1.key }) {
            do throws(CryptoError) {
                lines.append(
                    "key \(slot) \(key.origin.rawValue) \(key.policy.rawValue) "
                        + Hex.lower(try key.pair.pkcs8()))
            } catch {
                throw VirtualTokenError(.crypto, "a key of slot \(Hex.upper([slot])): \(error)")
            }
        }
        if let attestation {
            do throws(CryptoError) {
                lines.append("attestation " + Hex.lower(try attestation.pkcs8()))
            } catch {
                throw VirtualTokenError(.crypto, "the key of slot F9: \(error)")
            }
        }
        for (tag, content) in objects.sorted(by: { $0.key < $1.key }) {
            lines.append("object \(tag) \(Hex.lower(content))")
        }
        return StateText.text(PIVCard.family, lines)
    }

    /// - Throws: `.damagedState`, naming the line.
    package init(_ text: String) throws(VirtualTokenError) {
        var reading = Reading()
        try StateText.read(text, of: PIVCard.family) { reading.take($0) }
        guard let pin = reading.pin, let puk = reading.puk, let serial = reading.serial,
            let management = reading.management
        else { throw VirtualTokenError(.damagedState, "a line is missing") }
        self.init(
            pin: pin, puk: puk, management: management, serial: serial, keys: reading.keys,
            objects: reading.objects)
        attestation = reading.attestation
    }

    private struct Reading {
        var pin: PIVCode?
        var puk: PIVCode?
        var management: PIVManagementKey?
        var serial: UInt32?
        var keys: [UInt8: PIVKey] = [:]
        var attestation: KeyPair?
        var objects: [UInt32: [UInt8]] = [:]

        /// False where the words are not a line of a state.
        mutating func take(_ words: [String]) -> Bool {
            switch (words.first, words.count) {
            case ("pin", 5):
                pin = Self.code(words)
                return pin != nil
            case ("puk", 5):
                puk = Self.code(words)
                return puk != nil
            case ("management", 3):
                guard let cipher = UInt8(words[1]).flatMap(PIVAlgorithm.cipher),
                    let key = Hex.bytes(words[2]), key.count == cipher.keyLength
                else { return false }
                management = PIVManagementKey(cipher: cipher, key: key)
            case ("serial", 2):
                serial = UInt32(words[1])
                return serial != nil
            case ("key", 5):
                guard let slot = UInt8(words[1]), PIVSlot.certificateTag(slot) != nil,
                    let origin = UInt8(words[2]).flatMap(PIVKey.Origin.init),
                    let policy = UInt8(words[3]).flatMap(PIVPINPolicy.init),
                    let pair = Hex.bytes(words[4]).flatMap({ try? KeyPair(pkcs8: $0) })
                else { return false }
                keys[slot] = PIVKey(pair, origin: origin, policy: policy)
            case ("attestation", 2):
                attestation = Hex.bytes(words[1]).flatMap { try? KeyPair(pkcs8: $0) }
                return attestation != nil
            case ("object", 3):
                guard let tag = UInt32(words[1]), let content = Hex.bytes(words[2]) else {
                    return false
                }
                objects[tag] = content
            default: return false
            }
            return true
        }

        private static func code(_ words: [String]) -> CardCode? {
            StateText.code(words).flatMap { $0.value.count == 8 ? $0 : nil }
        }
    }
}
