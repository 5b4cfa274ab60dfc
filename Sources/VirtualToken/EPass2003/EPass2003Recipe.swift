import Crypto

/// The command line of an ePass2003.
package struct EPass2003Recipe: TokenRecipe {
    package struct Key: Equatable, Sendable {
        package var algorithm: KeyAlgorithm
        package var isImported: Bool

        package init(_ algorithm: KeyAlgorithm, isImported: Bool = false) {
            self.algorithm = algorithm
            self.isImported = isImported
        }
    }

    package var model = EPass2003Model()
    /// In the order of their references, which begin with 1.
    package var keys = [Key(.rsa(bits: 2048))]
    /// Test codes, as they are typed.
    package var pin = "123456"
    package var soPIN = "87654321"
    package var pinTries = 6
    package var soTries = 6
    /// No tries left for the PIN.
    package var isLocked = false
    /// The file with the tries of a full counter is missing, as where not OpenSC wrote the token.
    package var hidesTries = false
    package var serial: UInt32 = 12_345_678
    package var subject = CertificateSubject()
    private var hasKeys = false

    package init() {}

    package mutating func set(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool {
        switch option {
        case "--key": try addKey(try value())
        case "--pin": pin = try OptionValue.code(option, try value(), 4...16)
        case "--so-pin": soPIN = try OptionValue.code(option, try value(), 4...16)
        case "--pin-tries": pinTries = try OptionValue.tries(option, try value())
        case "--so-tries": soTries = try OptionValue.tries(option, try value())
        case "--locked": isLocked = true
        case "--no-tries-file": hidesTries = true
        case "--own-keys": model.hasOwnKeys = true
        case "--protection":
            guard let known = EPass2003Model.Protection(rawValue: try value()) else {
                throw OptionValue.error(option, "3des, aes or none expected")
            }
            model.protection = known
        case "--serial":
            let number: UInt32 = try OptionValue.number(option, try value())
            guard number <= 99_999_999 else {
                throw OptionValue.error(option, "\(number): at most eight digits expected")
            }
            serial = number
        default: return try subject.set(option, value)
        }
        return true
    }

    /// `1=rsa2048` or `2=p256,imported`, in the order of the numbers.
    private mutating func addKey(_ text: String) throws(VirtualTokenError) {
        if !hasKeys { keys = [] }
        hasKeys = true
        if text == "none" { return }
        let key = try OptionValue.key(
            "--key", text,
            [("rsa1024", .rsa(bits: 1024)), ("rsa2048", .rsa(bits: 2048)), ("p256", .p256)])
        guard key.place == String(keys.count + 1), keys.count < 7 else {
            throw OptionValue.error("--key", "\(key.place): \(keys.count + 1) comes next")
        }
        keys.append(Key(key.algorithm, isImported: key.isImported))
    }

    package func make(
        now: Int64, authority: CertificateIssuer
    ) throws(VirtualTokenError) -> any SimulatedCard {
        do throws(CryptoError) {
            var state = EPass2003State(
                model: model,
                pin: CardCode(
                    value: try EPass2003Card.key(of: pin), total: pinTries,
                    left: isLocked ? 0 : nil),
                officer: CardCode(value: try EPass2003Card.key(of: soPIN), total: soTries),
                serial: serial)
            try write(&state, now, authority)
            return EPass2003Card(state)
        } catch {
            throw VirtualTokenError(.crypto, "making a token: \(error)")
        }
    }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        EPass2003Card(try EPass2003State(text))
    }

    // MARK: Files

    private func write(
        _ state: inout EPass2003State, _ now: Int64, _ authority: CertificateIssuer
    ) throws(CryptoError) {
        var objects = EPass2003Objects(serial: state.serialBytes)
        for (at, key) in keys.enumerated() {
            try add(key, at + 1, to: &state, &objects, now, authority)
        }
        state.files[PKCS15FileName(.master, EPass2003Model.directory)] = objects.directory
        let files: [(UInt16, [UInt8], Int)] = [
            (EPass2003Model.objects, objects.objects, 256),
            (EPass2003Model.tokenInfo, objects.tokenInfo, 128),
            (EPass2003Model.authentication, objects.authentication, 256),
            (EPass2003Model.privateKeys, objects.privateKeys, 512),
            (EPass2003Model.publicKeys, objects.publicKeys, 512),
            (EPass2003Model.certificates, objects.certificates, 512),
            (EPass2003Model.data, [], 256),
        ]
        for (identifier, content, size) in files {
            let zeros = [UInt8](repeating: 0, count: max(0, size - content.count))
            state.files[PKCS15FileName(.application, identifier)] = content + zeros
        }
        if !hidesTries {
            state.files[PKCS15FileName(.application, EPass2003Model.tries)] = [
                UInt8(state.pin.total), UInt8(state.officer.total),
            ]
        }
    }

    private func add(
        _ key: Key, _ place: Int, to state: inout EPass2003State,
        _ objects: inout EPass2003Objects, _ now: Int64, _ authority: CertificateIssuer
    ) throws(CryptoError) {
        let pair = try KeyPair(generating: key.algorithm)
        state.keys[UInt8(place)] = pair
        let label = keys.count == 1 ? "Key" : "Key \(place)"
        objects.add(pair.publicKey, place, label: label, isImported: key.isImported)
        objects.addCertificate(place, label: "Certificate \(place)")
        func put(_ identifier: UInt16, _ content: [UInt8]) {
            let name = PKCS15FileName(.application, EPass2003Model.onCard(identifier))
            state.files[name] = content
        }
        put(
            EPass2003Model.certificate(place),
            try subject.certificate(
                for: pair.publicKey, usage: [.digitalSignature, .nonRepudiation], now: now,
                authority: authority
            ).der)
        if case .rsa = key.algorithm {
            put(EPass2003Model.publicKey(place), try objects.publicKeyFile(pair.publicKey))
        }
    }
}
