import Crypto

/// The command line of a card with an ISO 7816-15 application.
package struct PKCS15Recipe: TokenRecipe {
    package struct Key: Equatable, Sendable {
        package var algorithm: KeyAlgorithm
        package var isImported: Bool

        package init(_ algorithm: KeyAlgorithm, isImported: Bool = false) {
            self.algorithm = algorithm
            self.isImported = isImported
        }
    }

    /// How the VGCA Token's certificates lie in their files. Which way is the real one's is not
    /// published.
    package enum Compression: String, CaseIterable, Sendable {
        case zlib, gzip, deflate
        /// Something that no method of these undoes.
        case unknown
    }

    package var model: PKCS15Model
    /// In the order of their references.
    package var keys: [Key]
    /// Test codes, as they are typed. No PUK: none can unblock.
    package var pin = "123456"
    package var puk: String?
    package var pinTries = 3
    package var pukTries: Int
    /// No tries left for the PIN.
    package var isLocked = false
    /// The objects leave the PUK out, as they do where OpenSC wrote them.
    package var hidesPUK = false
    /// The PIN's flags forbid to unblock it.
    package var forbidsUnblocking = false
    package var serial: UInt32 = 12_345_678
    package var compression = Compression.zlib
    package var subject = CertificateSubject()
    private var hasKeys = false

    package init(_ kind: PKCS15Model.Kind) {
        model = PKCS15Model(kind)
        keys = [Key(kind == .vgca ? .rsa(bits: 3072) : .rsa(bits: 2048))]
        puk = kind == .isoApplet ? "0123456789abcdef" : "12345678"
        pukTries = model.fullPUK
    }

    package mutating func set(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool {
        switch option {
        case "--key": try addKey(try value())
        case "--pin": pin = try OptionValue.code(option, try value(), 4...model.pin.longest)
        case "--puk":
            let text = try value()
            let lengths = model.puk.shortest...model.puk.longest
            puk = text == "none" ? nil : try OptionValue.code(option, text, lengths)
        case "--pin-tries": pinTries = try OptionValue.tries(option, try value())
        case "--puk-tries": pukTries = try OptionValue.tries(option, try value())
        case "--locked": isLocked = true
        case "--unblock-disabled": forbidsUnblocking = true
        case "--puk-unlisted": hidesPUK = true
        case "--interface" where model.kind == .isoApplet:
            switch try value() {
            case "0.6": model.isVersion1 = false
            case "1.0": model.isVersion1 = true
            default: throw OptionValue.error(option, "0.6 or 1.0 expected")
            }
        case "--compression" where model.kind == .vgca:
            let text = try value()
            guard let known = Compression(rawValue: text) else {
                let names = Compression.allCases.map(\.rawValue).joined(separator: ", ")
                throw OptionValue.error(option, "\(text): one of \(names) expected")
            }
            compression = known
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
            [("rsa2048", .rsa(bits: 2048)), ("rsa3072", .rsa(bits: 3072)), ("p256", .p256)])
        guard key.place == String(keys.count + 1), keys.count < 8 else {
            throw OptionValue.error("--key", "\(key.place): \(keys.count + 1) comes next")
        }
        guard model.makes(key.algorithm) else {
            throw OptionValue.error("--key", "\(text): no such key on this model")
        }
        keys.append(Key(key.algorithm, isImported: key.isImported))
    }

    package func make(
        now: Int64, authority: CertificateIssuer
    ) throws(VirtualTokenError) -> any SimulatedCard {
        var state = PKCS15State(
            model: model,
            pin: CardCode(
                value: try encoded("--pin", pin, model.pin), total: pinTries,
                left: isLocked ? 0 : nil),
            puk: CardCode(
                value: try puk.map { (text) throws(VirtualTokenError) in
                    try encoded("--puk", text, model.puk)
                } ?? [], total: pukTries, left: puk == nil ? 0 : nil),
            serial: serial)
        do throws(CryptoError) {
            try write(&state, now, authority)
        } catch {
            throw VirtualTokenError(.crypto, "making a token: \(error)")
        }
        return PKCS15Card(state)
    }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        PKCS15Card(try PKCS15State(text))
    }

    private func encoded(
        _ option: String, _ text: String, _ code: PKCS15Model.Code
    ) throws(VirtualTokenError) -> [UInt8] {
        guard let value = code.type.encoded(text, stored: code.stored, pad: code.pad) else {
            throw OptionValue.error(option, "this model has no such code")
        }
        return value
    }

    // MARK: Files

    private func write(
        _ state: inout PKCS15State, _ now: Int64, _ authority: CertificateIssuer
    ) throws(CryptoError) {
        var objects = PKCS15Objects(model)
        objects.hasPUK = puk != nil && !hidesPUK
        if forbidsUnblocking { objects.pinFlags.append(3) }
        for (place, key) in keys.enumerated() {
            try add(key, place, to: &state, &objects, now, authority)
        }
        state.files[PKCS15FileName(.master, PKCS15Model.directory)] = padded(
            objects.directory, 128)
        let files: [(UInt16, [UInt8], Int)] = [
            (PKCS15Model.objects, objects.objects, 256),
            (PKCS15Model.tokenInfo, objects.tokenInfo(serial), 128),
            (model.authentication, objects.authentication, 256),
            (model.privateKeys, objects.privateKeys, 512),
            (model.publicKeys, objects.publicKeys, 512),
            (model.certificates, objects.certificates, 512), (model.data, [], 256),
        ]
        for (identifier, content, size) in files {
            state.files[PKCS15FileName(.application, identifier)] = padded(content, size)
        }
    }

    /// A directory file is made larger than what stands in it, and zero behind that.
    private func padded(_ content: [UInt8], _ size: Int) -> [UInt8] {
        content + [UInt8](repeating: 0, count: max(0, size - content.count))
    }

    private func add(
        _ key: Key, _ place: Int, to state: inout PKCS15State, _ objects: inout PKCS15Objects,
        _ now: Int64, _ authority: CertificateIssuer
    ) throws(CryptoError) {
        let pair = try KeyPair(generating: key.algorithm)
        state.keys[model.keyReference(place)] = pair
        let label = keys.count == 1 ? "Key" : "Key \(place + 1)"
        objects.add(pair.publicKey, place, label: label, isImported: key.isImported)
        objects.addCertificate(place, label: "Certificate \(place + 1)")
        func put(_ identifier: UInt16, _ content: [UInt8]) {
            state.files[PKCS15FileName(.application, identifier)] = content
        }
        let certificate = try subject.certificate(
            for: pair.publicKey, usage: [.digitalSignature, .nonRepudiation], now: now,
            authority: authority
        ).der
        put(model.certificate(place), model.kind == .vgca ? packed(certificate) : certificate)
        if model.kind == .plain { put(model.privateKey(place), []) }
        if case .rsa = key.algorithm {
            put(model.publicKey(place), try objects.publicKeyFile(pair.publicKey))
        }
    }

    private func packed(_ certificate: [UInt8]) -> [UInt8] {
        let content: [UInt8]
        switch compression {
        case .gzip: content = Gzip.compress(certificate)
        case .zlib: content = Gzip.zlib(certificate)
        case .deflate: content = Gzip.deflate(certificate)
        case .unknown:
            content = certificate.indices.map {
                certificate[$0] ^ UInt8(truncatingIfNeeded: $0 &* 167 &+ 91)
            }
        }
        return DataObject.tlv(0x7A, content)
    }
}
