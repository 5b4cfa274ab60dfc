import Crypto

/// The command line of a PIV token.
package struct PIVRecipe: TokenRecipe {
    package var model: PIVModel
    package var personalisation = Personalisation()
    /// None given yet: those of `personalisation` stand.
    private var keys: [Personalisation.Key] = []

    package init(yubico: Bool) {
        model = PIVModel(yubico: yubico)
        personalisation.isAttesting = yubico
    }

    package var serial: UInt32 {
        get { personalisation.serial }
        set { personalisation.serial = newValue }
    }

    package mutating func set(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool {
        switch option {
        case "--yubico-version": model.version = try Self.version(try value())
        case "--no-attestation": personalisation.isAttesting = false
        case "--no-extended": model.extendedLength = false
        case "--oddity": try addOddity(try value())
        case "--key":
            keys.append(try Self.key(try value()))
            personalisation.keys = keys
        case "--gzip": personalisation.compressed.insert(try Self.slot(option, try value()))
        case "--pin": personalisation.pin = try OptionValue.code(option, try value(), 6...8)
        case "--puk": personalisation.puk = try OptionValue.code(option, try value(), 6...8)
        case "--pin-tries": personalisation.pinTries = try OptionValue.tries(option, try value())
        case "--puk-tries": personalisation.pukTries = try OptionValue.tries(option, try value())
        case "--locked": personalisation.isLocked = true
        case "--serial": personalisation.serial = try OptionValue.number(option, try value())
        default: return try personalisation.subject.set(option, value)
        }
        return true
    }

    package func make(
        now: Int64, authority: CertificateIssuer
    ) throws(VirtualTokenError) -> any SimulatedCard {
        PIVCard(model, try personalisation.make(now: now, authority: authority))
    }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        PIVCard(model, try PIVState(text))
    }

    private mutating func addOddity(_ name: String) throws(VirtualTokenError) {
        guard let known = PIVModel.Oddities.named.first(where: { $0.0 == name }) else {
            let names = PIVModel.Oddities.named.map(\.0).joined(separator: ", ")
            throw OptionValue.error("--oddity", "\(name): one of \(names) expected")
        }
        model.oddities.insert(known.1)
    }

    /// `9a=rsa2048` or `9c=p256,imported`.
    private static func key(_ text: String) throws(VirtualTokenError) -> Personalisation.Key {
        let key = try OptionValue.key("--key", text, algorithms)
        return Personalisation.Key(
            try slot("--key", key.place), key.algorithm,
            origin: key.isImported ? .imported : .generated)
    }

    private static let algorithms: [(String, KeyAlgorithm)] = [
        ("rsa1024", .rsa(bits: 1024)), ("rsa2048", .rsa(bits: 2048)),
        ("rsa3072", .rsa(bits: 3072)), ("p256", .p256), ("p384", .p384),
    ]

    private static func slot(
        _ option: String, _ text: String
    ) throws(VirtualTokenError) -> UInt8 {
        guard let bytes = Hex.bytes(text), bytes.count == 1,
            PIVSlot.certificateTag(bytes[0]) != nil
        else { throw OptionValue.error(option, "\(text): 9a, 9c, 9d, 9e or 82 to 95 expected") }
        return bytes[0]
    }

    private static func version(_ text: String) throws(VirtualTokenError) -> [UInt8] {
        let parts = text.split(separator: ".").compactMap { UInt8($0) }
        guard parts.count == 3 else {
            throw OptionValue.error("--yubico-version", "\(text): like 5.4.3 expected")
        }
        return parts
    }
}
