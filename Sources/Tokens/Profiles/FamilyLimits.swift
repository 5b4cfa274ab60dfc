/// What a profile may say about a family's tokens: it narrows this and never widens it.
package struct FamilyLimits: Equatable, Sendable {
    package struct Way: Equatable, Sendable {
        package let form: UnblockingForm
        /// nil where no code is typed: the proof is a response.
        package let code: CodeRule?
    }

    /// As a profile and the socket write it.
    package let name: String
    package let title: String
    /// A new PIN; printable ASCII whatever the family allows besides.
    package let pin: CodeRule
    package let ways: [Way]
    /// References, lengths and padding differ from model to model, and a profile may set them.
    package let isGeneric: Bool

    package static func of(_ family: String) -> FamilyLimits? { all.first { $0.name == family } }

    package func way(_ form: UnblockingForm) -> Way? { ways.first { $0.form == form } }

    package static let all: [FamilyLimits] = [
        // SP 800-73-4 part 2, 2.4.3; six PUK characters are Yubico's.
        FamilyLimits(
            name: "piv", title: "PIV", pin: CodeRule(6...8, .printable),
            ways: [Way(form: .puk, code: CodeRule(6...8, .any))], isGeneric: false),
        // OpenPGP card 3.4, 4.3: least lengths; a length byte of C4 has seven bits.
        FamilyLimits(
            name: "openpgp", title: "OpenPGP card", pin: CodeRule(6...127, .printable),
            ways: [
                Way(form: .resettingCode, code: CodeRule(8...127, .any)),
                Way(form: .adminPIN, code: CodeRule(8...127, .any)),
            ], isGeneric: false),
        FamilyLimits(
            name: "smartcard-hsm", title: "SmartCard-HSM", pin: CodeRule(6...15, .printable),
            ways: [
                Way(form: .soPIN, code: CodeRule(16...16, .hex)),
                Way(form: .soPINCounterOnly, code: CodeRule(16...16, .hex)),
            ], isGeneric: false),
        FamilyLimits(
            name: "gids", title: "GIDS", pin: CodeRule(4...16, .printable),
            ways: [
                Way(form: .adminKey, code: CodeRule(48...48, .hex)),
                Way(form: .adminKeyResponse, code: nil),
            ], isGeneric: false),
        FamilyLimits(
            name: "epass2003", title: "ePass2003", pin: CodeRule(4...16, .printable),
            ways: [Way(form: .soPIN, code: CodeRule(4...16, .any))], isGeneric: false),
        // ISO/IEC 7816-15: each object of the token tells its own.
        FamilyLimits(
            name: "pkcs15", title: "PKCS #15 (ISO/IEC 7816-15)", pin: CodeRule(1...64, .printable),
            ways: [
                Way(form: .puk, code: CodeRule(1...64, .any)),
                Way(form: .soPIN, code: CodeRule(1...64, .any)),
            ], isGeneric: true),
    ]
}
