import Crypto

/// What a device states of one of its keys, signed with a key that its maker put into it.
package struct KeyAttestation: Equatable, Sendable {
    /// The statement: a certificate for the key itself, made by the device when asked.
    package let statement: Certificate
    /// The device's own certificate, whose key signed the statement.
    package let signer: Certificate
    /// The device's serial number in decimal, as the statement has it.
    package let serial: String?
    /// The firmware's version, "5.4.3".
    package let firmware: String?
    /// When the key wants a PIN and a touch, in the maker's words.
    package let pinPolicy: String?
    package let touchPolicy: String?

    package init(
        statement: Certificate, signer: Certificate, serial: String?, firmware: String?,
        pinPolicy: String?, touchPolicy: String?
    ) {
        self.statement = statement
        self.signer = signer
        self.serial = serial
        self.firmware = firmware
        self.pinPolicy = pinPolicy
        self.touchPolicy = touchPolicy
    }
}
