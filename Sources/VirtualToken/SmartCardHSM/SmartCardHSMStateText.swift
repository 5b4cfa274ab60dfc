import Crypto

// A SmartCard-HSM's state as it is kept.
extension SmartCardHSMState {
    /// The text that is kept.
    func text() throws(VirtualTokenError) -> String {
        let bits = Hex.lower(
            [options.rawValue >> 8, options.rawValue].map(UInt8.init(truncatingIfNeeded:)))
        var lines = [
            "user " + StateText.words(user), "so " + StateText.words(so),
            "options \(bits) \(isTransport ? 1 : 0)",
        ]
        do throws(CryptoError) {
            lines.append(
                "device \(serial) \(Hex.lower(try device.pkcs8())) \(Hex.lower(deviceCertificates))"
            )
            for (number, key) in keys.sorted(by: { $0.key < $1.key }) {
                lines.append("key \(number) \(Hex.lower(try key.pkcs8()))")
            }
        } catch {
            throw VirtualTokenError(.crypto, "a key: \(error)")
        }
        for (file, content) in files.sorted(by: { $0.key < $1.key }) {
            lines.append("file \(file) \(content.isEmpty ? "-" : Hex.lower(content))")
        }
        return StateText.text(SmartCardHSMCard.family, lines)
    }

    /// - Throws: `.damagedState`, naming the line.
    package init(_ text: String) throws(VirtualTokenError) {
        var reading = Reading()
        try StateText.read(text, of: SmartCardHSMCard.family) { reading.take($0) }
        guard let user = reading.user, let so = reading.so, let options = reading.options,
            let device = reading.device
        else { throw VirtualTokenError(.damagedState, "a line is missing") }
        self.init(
            user: user, so: so, options: options.0, serial: device.serial, device: device.key,
            deviceCertificates: device.certificates)
        isTransport = options.1
        (keys, files) = (reading.keys, reading.files)
    }

    private struct Reading {
        var user: CardCode?
        var so: CardCode?
        var options: (SmartCardHSMOptions, Bool)?
        var device: (serial: UInt32, key: KeyPair, certificates: [UInt8])?
        var keys: [UInt8: KeyPair] = [:]
        var files: [UInt16: [UInt8]] = [:]

        /// False where the words are not a line of a state.
        mutating func take(_ words: [String]) -> Bool {
            switch (words.first, words.count) {
            case ("user", 5):
                user = StateText.code(words)
                return user != nil
            case ("so", 5):
                so = StateText.code(words)
                return so != nil
            case ("options", 3):
                guard let bits = Hex.bytes(words[1]), bits.count == 2 else { return false }
                let value = UInt16(bits[0]) << 8 | UInt16(bits[1])
                options = (SmartCardHSMOptions(rawValue: value), words[2] == "1")
            case ("device", 4):
                guard let serial = UInt32(words[1]), let key = Self.key(words[2]),
                    key.algorithm == .p256, let certificates = Hex.bytes(words[3])
                else { return false }
                device = (serial, key, certificates)
            case ("key", 3):
                guard let number = UInt8(words[1]), number > 0, let key = Self.key(words[2])
                else { return false }
                keys[number] = key
            case ("file", 3):
                guard let file = UInt16(words[1]),
                    let content = words[2] == "-" ? [] : Hex.bytes(words[2])
                else { return false }
                files[file] = content
            default: return false
            }
            return true
        }

        private static func key(_ hex: String) -> KeyPair? {
            Hex.bytes(hex).flatMap { try? KeyPair(pkcs8: $0) }
        }
    }
}
