import Crypto

/// All that a SmartCard-HSM keeps without power.
package struct SmartCardHSMState: Sendable {
    /// Empty on a device that was never initialised, and then without tries.
    package var user: CardCode
    package var so: CardCode
    package var options: SmartCardHSMOptions
    /// The user PIN is the transport PIN still.
    package var isTransport = false
    /// Eight decimal digits of it stand in the device's name.
    package var serial: UInt32
    /// The device authentication key, and EF.C_DevAut: the certificate of it and of its issuer.
    package var device: KeyPair
    package var deviceCertificates: [UInt8]
    /// By key identifier, from 1.
    package var keys: [UInt8: KeyPair] = [:]
    /// Contents by file identifier.
    package var files: [UInt16: [UInt8]] = [:]

    package init(
        user: CardCode, so: CardCode, options: SmartCardHSMOptions, serial: UInt32,
        device: KeyPair, deviceCertificates: [UInt8]
    ) {
        self.user = user
        self.so = so
        self.options = options
        self.serial = serial
        self.device = device
        self.deviceCertificates = deviceCertificates
    }

    /// The device's name without its sequence number.
    var name: String {
        let digits = String(serial % 100_000_000)
        return "VT" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// What is signed by the device names it so.
    var holder: String { name + SmartCardHSMState.sequence }

    static let sequence = "00001"
}

/// File identifiers: what the high byte says.
enum SmartCardHSMFile {
    static let deviceCertificates: UInt16 = 0x2F02
    static let tokenInfo: UInt16 = 0x2F03
    static let keyDescription: UInt8 = 0xC4
    static let key: UInt8 = 0xCC
    /// A certificate that belongs to no key.
    static let otherCertificate: UInt8 = 0xCA
    /// Readable after the user PIN only.
    static let protected: UInt8 = 0xCD
    /// The certificate of a key, or the request it was born with.
    static let certificate: UInt8 = 0xCE

    /// Files of these may be written.
    static let writable: [UInt8] = [0xC4, 0xC8, 0xC9, 0xCA, 0xCD, 0xCE, 0xCF]

    static func identifier(_ prefix: UInt8, _ number: UInt8) -> UInt16 {
        UInt16(prefix) << 8 | UInt16(number)
    }
}
