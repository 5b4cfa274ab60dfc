import Crypto

/// The files of an ISO 7816-15 application as they are written when a card is made
/// (ISO 7816-15, 8).
struct PKCS15Objects {
    let model: PKCS15Model
    /// What the PIN may do, as bits of pinFlags besides those every card has.
    var pinFlags: [Int] = []
    var hasPUK = true
    private(set) var privateKeys: [UInt8] = []
    private(set) var publicKeys: [UInt8] = []
    private(set) var certificates: [UInt8] = []

    init(_ model: PKCS15Model) { self.model = model }

    static func serialText(_ serial: UInt32) -> String {
        let digits = String(serial)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    // MARK: What points at the rest

    /// EF.DIR.
    var directory: [UInt8] {
        let name = DataObject.tlv(0x4F, model.applicationName)
        let label = DataObject.tlv(0x50, Array(model.applicationLabel.utf8))
        let path = model.applicationFile.map { DataObject.tlv(0x51, [0x3F, 0x00] + two($0)) }
        return DataObject.tlv(0x61, name + label + (path ?? []))
    }

    /// EF.ODF.
    var objects: [UInt8] {
        [
            (0xA0, model.privateKeys), (0xA1, model.publicKeys), (0xA4, model.certificates),
            (0xA7, model.data), (0xA8, model.authentication),
        ].flatMap { DataObject.tlv($0.0, path($0.1)) }
    }

    /// EF.TokenInfo: a key is not usable without a PIN, and there is a random generator. IsoApplet
    /// is written with the serial number as it is, VGCA's with its digits.
    func tokenInfo(_ serial: UInt32) -> [UInt8] {
        let digits = Self.serialText(serial)
        let number =
            model.kind == .vgca
            ? Array(digits.utf8)
            : (0..<4).map { UInt8(truncatingIfNeeded: serial >> (24 - 8 * $0)) }
        return sequence(
            integer(0) + octets(number) + text(model.manufacturer)
                + DataObject.tlv(0x80, Array(model.tokenLabel.utf8)) + bits([1, 2]))
    }

    /// EF(AODF): the PIN, unblocked by the PUK behind it.
    var authentication: [UInt8] {
        var pin = [0, 4] + pinFlags
        var puk = [0, 4, 6]
        if model.kind != .plain { pin.append(1) }
        pin.append(5)
        if model.puk.shortest < model.puk.stored { puk.append(5) }
        let user = code("User PIN", 1, hasPUK ? 2 : nil, pin, model.pin)
        return hasPUK ? user + code("PUK", 2, nil, puk, model.puk) : user
    }

    private func code(
        _ label: String, _ identifier: UInt8, _ unblockedBy: UInt8?, _ flags: [Int],
        _ code: PKCS15Model.Code
    ) -> [UInt8] {
        let link = unblockedBy.map { octets([$0]) } ?? []
        let common = sequence(text(label) + bits([0, 1]) + link)
        var attributes = bits(flags) + DataObject.tlv(0x0A, [code.type.rawValue])
        attributes += integer(code.shortest) + integer(code.stored) + integer(code.longest)
        attributes += DataObject.tlv(0x80, [code.reference]) + octets([code.pad])
        if let file = model.applicationFile { attributes += path(file, in: nil) }
        return sequence(
            common + sequence(octets([identifier])) + DataObject.tlv(0xA1, sequence(attributes)))
    }

    // MARK: Keys and certificates

    mutating func add(_ key: PublicKey, _ place: Int, label: String, isImported: Bool) {
        let reference = model.keyReference(place)
        let identifier = self.identifier(place)
        let access = isImported ? [0] : [0, 2, 3, 4]
        let common = sequence(text(label) + bits([0]) + octets([1]))
        let usage: [Int]
        var isRSA = false
        if case .rsa = key.algorithm { isRSA = true }
        usage = isRSA ? [1, 2, 9] : [2, 9]
        let attributes = sequence(
            octets(identifier) + bits(usage) + bits(access) + integer(Int(reference)))
        // IsoApplet's keys are no files: the path is the DF's.
        let home: [UInt8]
        switch model.kind {
        case .isoApplet: home = path(0x5015, in: nil)
        case .vgca: home = path(model.publicKey(place))
        case .plain: home = path(model.privateKey(place))
        }
        let bitsOf = integer((key.blockLength ?? 0) * 8)
        let object = common + attributes + DataObject.tlv(0xA1, sequence(home + bitsOf))
        privateKeys += DataObject.tlv(isRSA ? 0x30 : 0xA0, object)
        guard isRSA else { return }
        publicKeys += sequence(
            sequence(text(label)) + sequence(octets(identifier) + bits([0, 6]))
                + DataObject.tlv(0xA1, sequence(path(model.publicKey(place)) + bitsOf)))
    }

    mutating func addCertificate(_ place: Int, label: String) {
        certificates += sequence(
            sequence(text(label)) + sequence(octets(identifier(place)))
                + DataObject.tlv(0xA1, sequence(path(model.certificate(place)))))
    }

    /// EF of an RSA public key: RSAPublicKey (RFC 8017, A.1.1), or VGCA's four bytes of exponent
    /// and the modulus.
    func publicKeyFile(_ key: PublicKey) throws(CryptoError) -> [UInt8] {
        let numbers = try key.rsaNumbers()
        guard model.kind == .vgca else {
            return sequence(unsigned(numbers.modulus) + unsigned(numbers.exponent))
        }
        let exponent = numbers.exponent.suffix(4)
        return [UInt8](repeating: 0, count: 4 - exponent.count) + exponent + numbers.modulus
    }

    /// What ties key and certificate together.
    private func identifier(_ place: Int) -> [UInt8] {
        model.kind == .vgca ? [0xBE, 0x72, 0xEC, 0xF5 &+ UInt8(place)] : [0x45 + UInt8(place)]
    }

    // MARK: DER

    private func path(_ file: UInt16) -> [UInt8] { path(file, in: model.applicationFile) }

    private func path(_ file: UInt16, in folder: UInt16?) -> [UInt8] {
        guard model.kind != .vgca else { return sequence(octets(two(file))) }
        return sequence(octets([0x3F, 0x00] + (folder.map { two($0) } ?? []) + two(file)))
    }

    private func two(_ number: UInt16) -> [UInt8] {
        [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
    }

    private func sequence(_ content: [UInt8]) -> [UInt8] { DataObject.tlv(0x30, content) }
    private func octets(_ content: [UInt8]) -> [UInt8] { DataObject.tlv(0x04, content) }
    private func text(_ content: String) -> [UInt8] { DataObject.tlv(0x0C, Array(content.utf8)) }

    private func integer(_ number: Int) -> [UInt8] {
        unsigned([UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)])
    }

    private func unsigned(_ digits: [UInt8]) -> [UInt8] {
        var digits = Array(digits.drop { $0 == 0 })
        if digits.first.map({ $0 & 0x80 != 0 }) ?? true { digits.insert(0, at: 0) }
        return DataObject.tlv(0x02, digits)
    }

    /// A BIT STRING with named bits: no zeros at its end (X.690, 11.2.2).
    private func bits(_ set: [Int]) -> [UInt8] {
        let highest = set.max() ?? 0
        var bytes = [UInt8](repeating: 0, count: highest / 8 + 1)
        for bit in set { bytes[bit / 8] |= 0x80 >> UInt8(bit % 8) }
        return DataObject.tlv(0x03, [UInt8(7 - highest % 8)] + bytes)
    }
}
