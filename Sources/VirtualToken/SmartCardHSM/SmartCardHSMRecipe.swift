import Crypto

/// The command line of a SmartCard-HSM.
package struct SmartCardHSMRecipe: TokenRecipe {
    package struct Key: Equatable, Sendable {
        /// From 1.
        package var number: UInt8
        package var algorithm: KeyAlgorithm
        /// A key that came from elsewhere was born without a request.
        package var isImported: Bool

        package init(_ number: UInt8, _ algorithm: KeyAlgorithm, isImported: Bool = false) {
            self.number = number
            self.algorithm = algorithm
            self.isImported = isImported
        }
    }

    /// Where the keys' certificates stand.
    package enum Certificates: String, CaseIterable, Sendable {
        /// With the key, in place of the request it was born with.
        case withKeys = "with-keys"
        /// Apart; the keys keep their requests.
        case apart
        /// Nowhere; the keys keep their requests.
        case none
    }

    package var model = SmartCardHSMModel()
    package var keys = [Key(1, .p256)]
    /// Test codes: the user PIN in ASCII, the SO-PIN as its eight bytes.
    package var pin = "123456"
    package var so: [UInt8] = [0x35, 0x37, 0x36, 0x32, 0x31, 0x38, 0x38, 0x30]
    package var pinTries = 3
    package var soTries = 15
    /// No tries left for the user PIN.
    package var isLocked = false
    /// Neither codes nor keys: as it comes from the factory.
    package var isInitialised = true
    package var options: SmartCardHSMOptions = [.resetRetryCounter]
    package var certificates = Certificates.withKeys
    package var serial: UInt32 = 12_345_678
    package var subject = CertificateSubject()
    private var hasKeys = false

    package init() {}

    package mutating func set(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool {
        switch option {
        case "--key": try addKey(try value())
        case "--pin": pin = try OptionValue.code(option, try value(), 6...16)
        case "--so-pin":
            guard let bytes = Hex.bytes(try value()), bytes.count == 8 else {
                throw OptionValue.error(option, "16 hexadecimal digits expected")
            }
            so = bytes
        case "--pin-tries": pinTries = try OptionValue.tries(option, try value())
        case "--so-tries": soTries = try OptionValue.tries(option, try value())
        case "--locked": isLocked = true
        case "--uninitialised": isInitialised = false
        case "--rrc":
            options.subtract([.resetRetryCounter, .resetOnly])
            switch try value() {
            case "new-pin": options.insert(.resetRetryCounter)
            case "counter-only": options.formUnion([.resetRetryCounter, .resetOnly])
            case "off": break
            default: throw OptionValue.error(option, "new-pin, counter-only or off expected")
            }
        case "--transport-pin": options.insert(.transportPIN)
        case "--combined": options.insert(.combinedAuthentication)
        case "--certificates":
            guard let place = Certificates(rawValue: try value()) else {
                throw OptionValue.error(option, "with-keys, apart or none expected")
            }
            certificates = place
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

    /// `1=rsa2048` or `2=p256,imported`; `none` for no keys at all.
    private mutating func addKey(_ text: String) throws(VirtualTokenError) {
        if !hasKeys { keys = [] }
        hasKeys = true
        if text == "none" { return }
        let key = try OptionValue.key(
            "--key", text,
            [("rsa2048", .rsa(bits: 2048)), ("rsa3072", .rsa(bits: 3072)), ("p256", .p256)])
        guard let number = UInt8(key.place), number > 0 else {
            throw OptionValue.error("--key", "\(key.place): a number from 1 to 255 expected")
        }
        keys.append(Key(number, key.algorithm, isImported: key.isImported))
    }

    package func make(
        now: Int64, authority: CertificateIssuer
    ) throws(VirtualTokenError) -> any SimulatedCard {
        do throws(CryptoError) {
            let device = try KeyPair(generating: .p256)
            var state = SmartCardHSMState(
                user: CardCode(value: Array(pin.utf8), total: pinTries, left: isLocked ? 0 : nil),
                so: CardCode(value: so, total: soTries), options: options, serial: serial,
                device: device, deviceCertificates: [])
            state.deviceCertificates = try SmartCardHSMTrust.certificates(
                of: device.publicKey, named: state.holder, root: authority.key)
            guard isInitialised else {
                state.user = CardCode(value: [], total: pinTries, left: 0)
                state.so = CardCode(value: [], total: soTries, left: 0)
                state.options = []
                return SmartCardHSMCard(model, state)
            }
            state.isTransport = options.contains(.transportPIN)
            state.files[SmartCardHSMFile.tokenInfo] = SmartCardHSMDescription.token(
                label: subject.holder)
            for key in keys { try add(key, to: &state, now, authority) }
            return SmartCardHSMCard(model, state)
        } catch {
            throw VirtualTokenError(.crypto, "making a token: \(error)")
        }
    }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        SmartCardHSMCard(model, try SmartCardHSMState(text))
    }

    private func add(
        _ key: Key, to state: inout SmartCardHSMState, _ now: Int64,
        _ authority: CertificateIssuer
    ) throws(CryptoError) {
        let pair = try KeyPair(generating: key.algorithm)
        state.keys[key.number] = pair
        let description = SmartCardHSMFile.identifier(
            SmartCardHSMFile.keyDescription, key.number)
        state.files[description] = SmartCardHSMDescription.key(
            key.number, key.algorithm, label: "Key \(key.number)")
        let own = SmartCardHSMFile.identifier(SmartCardHSMFile.certificate, key.number)
        if certificates != .none {
            let file =
                certificates == .withKeys
                ? own : SmartCardHSMFile.identifier(SmartCardHSMFile.otherCertificate, key.number)
            state.files[file] = try subject.certificate(
                for: pair.publicKey, usage: [.digitalSignature, .nonRepudiation], now: now,
                authority: authority
            ).der
        }
        guard certificates != .withKeys, !key.isImported else { return }
        state.files[own] = try CardVerifiable.authenticatedRequest(
            .init(issuer: state.holder, holder: state.holder), key: pair, device: state.device,
            named: state.holder)
    }
}

/// Who vouches for a simulated device: the training authority's key as the root, and an issuer
/// of devices below it. The names are nobody's.
package enum SmartCardHSMTrust {
    static let root = "VTROOT00001"
    static let issuer = "VTISSUER00001"

    /// The root's own certificate.
    package static func rootCertificate(_ key: KeyPair) throws(CryptoError) -> [UInt8] {
        let body = try CardVerifiable.body(
            .init(issuer: root, holder: root, role: 0xC0), key: key.publicKey, parameters: true)
        return try CardVerifiable.certificate(body, signedBy: key)
    }

    /// EF.C_DevAut: the device's certificate, then that of its issuer, whose curve is the root's.
    static func certificates(
        of device: PublicKey, named name: String, root key: KeyPair
    ) throws(CryptoError) -> [UInt8] {
        let middle = try KeyPair(generating: .p256)
        let above = try CardVerifiable.body(
            .init(issuer: root, holder: issuer, role: 0x80), key: middle.publicKey,
            parameters: false)
        let own = try CardVerifiable.body(
            .init(issuer: issuer, holder: name, role: 0x00), key: device, parameters: true)
        return try CardVerifiable.certificate(own, signedBy: middle)
            + CardVerifiable.certificate(above, signedBy: key)
    }
}
