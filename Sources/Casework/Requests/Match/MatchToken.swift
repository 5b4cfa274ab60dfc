import Crypto

extension Match {
    /// What a token says of itself, as far as a request can be held against it.
    package struct Token: Equatable, Sendable {
        /// Each number by which the token may be named.
        package var deviceNumbers: [String]
        /// Whether a serial number of its own is among them. Without one, only a person can compare
        /// the number printed on it.
        package var tellsSerial: Bool
        package var commonName: String?
        /// O, then OU from the outer to the inner, as the certificate lists them.
        package var organizations: [String]
        package var mails: [String]
        /// In hexadecimal.
        package var certificateSerial: String?

        package init(
            deviceNumbers: [String], tellsSerial: Bool = true, commonName: String? = nil,
            organizations: [String] = [], mails: [String] = [], certificateSerial: String? = nil
        ) {
            self.deviceNumbers = deviceNumbers
            self.tellsSerial = tellsSerial
            self.commonName = commonName
            self.organizations = organizations
            self.mails = mails
            self.certificateSerial = certificateSerial
        }

        /// - Parameter certificate: nil where none can be read, as on tokens that keep it
        ///   compressed.
        package init(deviceNumbers: [String], tellsSerial: Bool, certificate: Certificate?) {
            self.init(deviceNumbers: deviceNumbers, tellsSerial: tellsSerial)
            guard let certificate else { return }
            commonName = certificate.commonName
            organizations =
                certificate.subject.values("O") + certificate.subject.organizationalUnits
            mails = certificate.alternativeEmails + certificate.subject.values("emailAddress")
            certificateSerial = certificate.serialNumber
        }
    }
}
