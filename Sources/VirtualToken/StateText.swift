import Crypto

/// A token's state as lines of text: a word, then values, bytes in hex.
///
/// Test codes and test keys stand in it as they are.
enum StateText {
    private static let heading = "virtual-token 1"

    static func encode(_ state: PIVState) throws(VirtualTokenError) -> String {
        var lines = [
            heading, "pin " + encode(state.pin), "puk " + encode(state.puk),
            "management \(PIVAlgorithm.identifier(state.management.cipher)) "
                + Hex.lower(state.management.key),
            "serial \(state.serial)",
        ]
        for (slot, key) in state.keys.sorted(by: { $0.key < $1.key }) {
            do throws(CryptoError) {
                lines.append(
                    "key \(slot) \(key.origin.rawValue) \(key.policy.rawValue) "
                        + Hex.lower(try key.pair.pkcs8()))
            } catch {
                throw VirtualTokenError(.crypto, "a key of slot \(Hex.upper([slot])): \(error)")
            }
        }
        for (tag, content) in state.objects.sorted(by: { $0.key < $1.key }) {
            lines.append("object \(tag) \(Hex.lower(content))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func encode(_ code: PIVCode) -> String {
        "\(Hex.lower(code.value)) \(code.total) \(code.left) \(code.spent)"
    }

    static func decode(_ text: String) throws(VirtualTokenError) -> PIVState {
        let lines = text.split(separator: "\n")
        guard lines.first.map(String.init) == heading else {
            throw VirtualTokenError(.damagedState, "line 1: \(heading) expected")
        }
        var reading = Reading()
        for (number, line) in lines.enumerated().dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            guard reading.take(words) else {
                throw VirtualTokenError(
                    .damagedState, "line \(number + 1): \(words.first ?? "") does not read")
            }
        }
        guard let pin = reading.pin, let puk = reading.puk, let serial = reading.serial,
            let management = reading.management
        else { throw VirtualTokenError(.damagedState, "a line is missing") }
        return PIVState(
            pin: pin, puk: puk, management: management, serial: serial, keys: reading.keys,
            objects: reading.objects)
    }

    private struct Reading {
        var pin: PIVCode?
        var puk: PIVCode?
        var management: PIVManagementKey?
        var serial: UInt32?
        var keys: [UInt8: PIVKey] = [:]
        var objects: [UInt32: [UInt8]] = [:]

        /// False where the words are not a line of a state.
        mutating func take(_ words: [String]) -> Bool {
            switch (words.first, words.count) {
            case ("pin", 5):
                pin = StateText.code(words)
                return pin != nil
            case ("puk", 5):
                puk = StateText.code(words)
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
            case ("object", 3):
                guard let tag = UInt32(words[1]), let content = Hex.bytes(words[2]) else {
                    return false
                }
                objects[tag] = content
            default: return false
            }
            return true
        }
    }

    private static func code(_ words: [String]) -> PIVCode? {
        guard let value = Hex.bytes(words[1]), value.count == 8, let total = Int(words[2]),
            (1...15).contains(total), let left = Int(words[3]), (0...total).contains(left),
            let spent = Int(words[4]), spent >= 0
        else { return nil }
        return PIVCode(value: value, total: total, left: left, spent: spent)
    }

    // MARK: The authority

    static func encode(_ authority: CertificateIssuer) throws(VirtualTokenError) -> String {
        do throws(CryptoError) {
            return "\(heading)\ncertificate \(Hex.lower(authority.certificate.der))\n"
                + "key \(Hex.lower(try authority.key.pkcs8()))\n"
        } catch {
            throw VirtualTokenError(.crypto, "the training authority's key: \(error)")
        }
    }

    static func decodeAuthority(_ text: String) throws(VirtualTokenError) -> CertificateIssuer {
        let lines = text.split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
        guard lines.count == 3, lines[0].joined(separator: " ") == heading,
            lines[1].count == 2, lines[1][0] == "certificate", lines[2].count == 2,
            lines[2][0] == "key",
            let certificate = Hex.bytes(lines[1][1]).flatMap({ try? Certificate(der: $0) }),
            let key = Hex.bytes(lines[2][1]).flatMap({ try? KeyPair(pkcs8: $0) }),
            key.publicKey == certificate.publicKey
        else { throw VirtualTokenError(.damagedState, "the training authority does not read") }
        return CertificateIssuer(certificate: certificate, key: key)
    }
}
