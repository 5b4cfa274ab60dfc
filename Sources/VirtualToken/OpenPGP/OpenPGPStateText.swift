import Crypto

// An OpenPGP card's state as it is kept.
extension OpenPGPState {
    /// The text that is kept.
    func text() throws(VirtualTokenError) -> String {
        var lines = [
            "pw1 " + StateText.words(pw1), "rc " + StateText.words(resettingCode),
            "pw3 " + StateText.words(pw3), "serial \(serial)", "kdf " + Hex.lower(kdf.object),
            "flags \(pinServesSeveral ? 1 : 0) \(isTerminated ? 1 : 0) \(signatures)",
        ]
        for slot in OpenPGPSlot.allCases {
            if let algorithm = algorithms[slot] {
                let attributes = OpenPGPAlgorithm.attributes(algorithm, slot)
                lines.append("algorithm \(slot.word) \(Hex.lower(attributes))")
            }
            guard let key = keys[slot] else { continue }
            do throws(CryptoError) {
                lines.append(
                    "key \(slot.word) \(key.origin.rawValue) \(Hex.lower(try key.pair.pkcs8()))")
            } catch {
                throw VirtualTokenError(.crypto, "the \(slot.word) key: \(error)")
            }
        }
        for (tag, content) in objects.sorted(by: { $0.key < $1.key }) where !content.isEmpty {
            lines.append("object \(tag) \(Hex.lower(content))")
        }
        return StateText.text(OpenPGPCard.family, lines)
    }

    /// - Throws: `.damagedState`, naming the line.
    package init(_ text: String) throws(VirtualTokenError) {
        var reading = Reading()
        try StateText.read(text, of: OpenPGPCard.family) { reading.take($0) }
        guard let pw1 = reading.pw1, let rc = reading.rc, let pw3 = reading.pw3,
            let serial = reading.serial
        else { throw VirtualTokenError(.damagedState, "a line is missing") }
        self.init(pw1: pw1, resettingCode: rc, pw3: pw3, serial: serial)
        kdf = reading.kdf
        (pinServesSeveral, isTerminated, signatures) = reading.flags
        (keys, algorithms, objects) = (reading.keys, reading.algorithms, reading.objects)
    }

    private struct Reading {
        var pw1: CardCode?
        var rc: CardCode?
        var pw3: CardCode?
        var serial: UInt32?
        var kdf = OpenPGPKDF.plain
        var flags: (Bool, Bool, UInt32) = (false, false, 0)
        var keys: [OpenPGPSlot: OpenPGPKey] = [:]
        var algorithms: [OpenPGPSlot: KeyAlgorithm] = [:]
        var objects: [UInt32: [UInt8]] = [:]

        /// False where the words are not a line of a state.
        mutating func take(_ words: [String]) -> Bool {
            switch (words.first, words.count) {
            case ("pw1", 5):
                pw1 = StateText.code(words)
                return pw1 != nil
            case ("rc", 5):
                rc = StateText.code(words)
                return rc != nil
            case ("pw3", 5):
                pw3 = StateText.code(words)
                return pw3 != nil
            case ("serial", 2):
                serial = UInt32(words[1])
                return serial != nil
            case ("kdf", 2):
                guard let known = Hex.bytes(words[1]).flatMap({ OpenPGPKDF($0) }) else {
                    return false
                }
                kdf = known
            case ("flags", 4):
                guard let signatures = UInt32(words[3]) else { return false }
                flags = (words[1] == "1", words[2] == "1", signatures)
            case ("algorithm", 3):
                guard let slot = OpenPGPSlot(word: words[1]),
                    let algorithm = Hex.bytes(words[2]).flatMap({
                        OpenPGPAlgorithm.algorithm($0, slot)
                    })
                else { return false }
                algorithms[slot] = algorithm
            case ("key", 4):
                guard let slot = OpenPGPSlot(word: words[1]),
                    let origin = UInt8(words[2]).flatMap(OpenPGPKey.Origin.init),
                    let pair = Hex.bytes(words[3]).flatMap({ try? KeyPair(pkcs8: $0) })
                else { return false }
                keys[slot] = OpenPGPKey(pair, origin: origin)
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
}
