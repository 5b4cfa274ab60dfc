import Crypto

/// The command line of an OpenPGP card.
package struct OpenPGPRecipe: TokenRecipe {
    package struct Key: Equatable, Sendable {
        package var slot: OpenPGPSlot
        package var algorithm: KeyAlgorithm
        package var origin: OpenPGPKey.Origin

        package init(
            _ slot: OpenPGPSlot, _ algorithm: KeyAlgorithm,
            origin: OpenPGPKey.Origin = .generated
        ) {
            self.slot = slot
            self.algorithm = algorithm
            self.origin = origin
        }
    }

    package var model = OpenPGPModel()
    package var keys = OpenPGPSlot.allCases.map { Key($0, .p256) }
    /// Test codes of PW1, resetting code and PW3, ASCII. A card is delivered without a resetting
    /// code.
    package var pin = "123456"
    package var resettingCode: String?
    package var admin = "12345678"
    package var pinTries = 3
    package var resettingTries = 3
    package var adminTries = 3
    /// No tries left for PW1.
    package var isLocked = false
    /// Salts of the KDF-DO: none, 1 or 3.
    package var salts = 0
    /// PW1 is good for several signatures.
    package var pinServesSeveral = false
    package var serial: UInt32 = 12_345_678
    package var subject = CertificateSubject()
    private var hasKeys = false

    package init() {}

    package mutating func set(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool {
        switch option {
        case "--no-extended": model.extendedLength = false
        case "--oddity": try addOddity(try value())
        case "--key": try addKey(try value())
        case "--pin": pin = try OptionValue.code(option, try value(), 6...Self.longest)
        case "--puk":
            let text = try value()
            resettingCode =
                text == "none" ? nil : try OptionValue.code(option, text, 8...Self.longest)
        case "--admin": admin = try OptionValue.code(option, try value(), 8...Self.longest)
        case "--pin-tries": pinTries = try OptionValue.tries(option, try value())
        case "--puk-tries": resettingTries = try OptionValue.tries(option, try value())
        case "--admin-tries": adminTries = try OptionValue.tries(option, try value())
        case "--locked": isLocked = true
        case "--several": pinServesSeveral = true
        case "--kdf":
            switch try value() {
            case "none": salts = 0
            case "one-salt": salts = 1
            case "three-salts": salts = 3
            default: throw OptionValue.error(option, "none, one-salt or three-salts expected")
            }
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

    /// Longest code, in bytes.
    private static var longest: Int { OpenPGPCard.longestCode }

    private mutating func addOddity(_ name: String) throws(VirtualTokenError) {
        guard let known = OpenPGPModel.Oddities.named.first(where: { $0.0 == name }) else {
            let names = OpenPGPModel.Oddities.named.map(\.0).joined(separator: ", ")
            throw OptionValue.error("--oddity", "\(name): one of \(names) expected")
        }
        model.oddities.insert(known.1)
    }

    /// `sign=rsa2048` or `auth=p256,imported`; `none` for no keys at all.
    private mutating func addKey(_ text: String) throws(VirtualTokenError) {
        if !hasKeys { keys = [] }
        hasKeys = true
        if text == "none" { return }
        let key = try OptionValue.key(
            "--key", text,
            [("rsa2048", .rsa(bits: 2048)), ("rsa3072", .rsa(bits: 3072)), ("p256", .p256)])
        guard let slot = OpenPGPSlot(word: key.place) else {
            throw OptionValue.error("--key", "\(key.place): sign, decrypt or auth expected")
        }
        keys.append(
            Key(slot, key.algorithm, origin: key.isImported ? .imported : .generated))
    }

    package func make(
        now: Int64, authority: CertificateIssuer
    ) throws(VirtualTokenError) -> any SimulatedCard {
        do throws(CryptoError) {
            let kdf = salts == 0 ? OpenPGPKDF.plain : try OpenPGPKDF.make(salts: salts)
            let pw1 = try kdf.encode(Array(pin.utf8), .pw1)
            let pw3 = try kdf.encode(Array(admin.utf8), .pw3)
            var reset: [UInt8] = []
            if let resettingCode {
                reset = try kdf.encode(Array(resettingCode.utf8), .resettingCode)
            }
            var state = OpenPGPState(
                pw1: CardCode(value: pw1, total: pinTries, left: isLocked ? 0 : nil),
                resettingCode: CardCode(
                    value: reset, total: resettingTries, left: reset.isEmpty ? 0 : nil),
                pw3: CardCode(value: pw3, total: adminTries), serial: serial)
            state.kdf = kdf
            state.pinServesSeveral = pinServesSeveral
            state.objects[0x5B] = Self.name(subject.holder)
            state.objects[0x5F2D] = Array("vi".utf8)
            state.objects[0x5F35] = [0x39]
            for key in keys { try add(key, to: &state, now, authority) }
            return OpenPGPCard(model, state)
        } catch {
            throw VirtualTokenError(.crypto, "making a token: \(error)")
        }
    }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        OpenPGPCard(model, try OpenPGPState(text))
    }

    private func add(
        _ key: Key, to state: inout OpenPGPState, _ now: Int64, _ authority: CertificateIssuer
    ) throws(CryptoError) {
        let pair = try KeyPair(generating: key.algorithm)
        state.keys[key.slot] = OpenPGPKey(pair, origin: key.origin)
        state.algorithms[key.slot] = key.algorithm
        // Made a day ago, like the certificates.
        let made = UInt32(truncatingIfNeeded: now - 86_400)
        state.objects[key.slot.timeTag] = OpenPGPFingerprint.bytes(of: made)
        state.objects[key.slot.fingerprintTag] = try OpenPGPFingerprint.of(
            pair.publicKey, key.slot, made: made)
        let usage: KeyUsage
        switch key.slot {
        case .sign: usage = [.digitalSignature, .nonRepudiation]
        case .authenticate: usage = [.digitalSignature]
        case .decrypt: return
        }
        state.objects[key.slot.certificateTag] = try subject.certificate(
            for: pair.publicKey, usage: usage, now: now, authority: authority
        ).der
    }

    /// Surname<<given<names, at most 39 bytes: in Vietnam the surname comes first. The
    /// specification has Latin-1 here, and clients read UTF-8.
    static func name(_ holder: String) -> [UInt8] {
        let words = holder.split(separator: " ")
        guard let surname = words.first else { return [] }
        let given = words.dropFirst().joined(separator: "<")
        var name = given.isEmpty ? String(surname) : surname + "<<" + given
        while name.utf8.count > 39 { name.removeLast() }
        return Array(name.utf8)
    }
}
