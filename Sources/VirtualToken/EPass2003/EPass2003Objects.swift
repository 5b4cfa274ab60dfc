import Crypto

/// The files of an ISO 7816-15 application as OpenSC writes them to an ePass2003.
struct EPass2003Objects {
    private typealias Model = EPass2003Model

    let serial: [UInt8]
    private(set) var privateKeys: [UInt8] = []
    private(set) var publicKeys: [UInt8] = []
    private(set) var certificates: [UInt8] = []

    static let label = "ePass2003"

    init(serial: [UInt8]) { self.serial = serial }

    // MARK: What points at the rest

    /// EF.DIR, its one record.
    var directory: [UInt8] {
        DataObject.tlv(
            0x61,
            DataObject.tlv(0x4F, Model.applicationName)
                + DataObject.tlv(0x50, Array(Self.label.utf8))
                + DataObject.tlv(0x51, [0x3F, 0x00] + two(Model.application)))
    }

    /// EF.ODF.
    var objects: [UInt8] {
        [
            (0xA0, Model.privateKeys), (0xA1, Model.publicKeys), (0xA4, Model.certificates),
            (0xA7, Model.data), (0xA8, Model.authentication),
        ].flatMap { DataObject.tlv($0.0, path($0.1)) }
    }

    /// EF.TokenInfo: a key is not usable without a PIN, and there is a random generator.
    var tokenInfo: [UInt8] {
        sequence(
            integer(0) + octets(serial) + text(Model.manufacturer)
                + DataObject.tlv(0x80, Array(Self.label.utf8)) + bits([1, 2]))
    }

    /// EF(AODF): the holder's PIN and the security officer's, which unblocks it.
    var authentication: [UInt8] {
        code("User PIN", 1, unblockedBy: 2, [1, 4, 5])
            + code("Security Officer PIN", 2, unblockedBy: nil, [1, 4, 5, 7])
    }

    private func code(
        _ label: String, _ reference: UInt8, unblockedBy: UInt8?, _ flags: [Int]
    ) -> [UInt8] {
        let link = unblockedBy.map { octets([$0]) } ?? []
        let attributes =
            bits(flags) + DataObject.tlv(0x0A, [1]) + integer(4) + integer(16) + integer(16)
            + DataObject.tlv(0x80, [reference]) + octets([0])
            + sequence(octets([0x3F, 0x00] + two(Model.application)))
        return sequence(
            sequence(text(label) + bits([0, 1]) + link) + sequence(octets([reference]))
                + DataObject.tlv(0xA1, sequence(attributes)))
    }

    // MARK: Keys and certificates

    mutating func add(_ key: PublicKey, _ place: Int, label: String, isImported: Bool) {
        var isRSA = false
        if case .rsa = key.algorithm { isRSA = true }
        let identifier = octets(self.identifier(place))
        let common = sequence(text(label) + bits([0]) + octets([1]))
        let attributes = sequence(
            identifier + bits(isRSA ? [1, 2, 9] : [2, 9]) + bits(isImported ? [0] : [0, 2, 3, 4])
                + integer(place))
        let size = integer((key.blockLength ?? 0) * 8)
        privateKeys += DataObject.tlv(
            isRSA ? 0x30 : 0xA0,
            common + attributes
                + DataObject.tlv(0xA1, sequence(path(Model.privateKey(place)) + size)))
        guard isRSA else { return }
        publicKeys += sequence(
            sequence(text(label)) + sequence(identifier + bits([0, 6]))
                + DataObject.tlv(0xA1, sequence(path(Model.publicKey(place)) + size)))
    }

    mutating func addCertificate(_ place: Int, label: String) {
        certificates += sequence(
            sequence(text(label)) + sequence(octets(identifier(place)))
                + DataObject.tlv(0xA1, sequence(path(Model.certificate(place)))))
    }

    /// RSAPublicKey (RFC 8017, A.1.1).
    func publicKeyFile(_ key: PublicKey) throws(CryptoError) -> [UInt8] {
        let numbers = try key.rsaNumbers()
        return sequence(unsigned(numbers.modulus) + unsigned(numbers.exponent))
    }

    /// What ties key and certificate together.
    private func identifier(_ place: Int) -> [UInt8] { [0x44 + UInt8(place)] }

    // MARK: DER

    private func path(_ file: UInt16) -> [UInt8] {
        sequence(octets([0x3F, 0x00] + two(Model.application) + two(file)))
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
