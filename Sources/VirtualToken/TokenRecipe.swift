import Crypto

/// What a new token of one family is to be: the command line's words, read.
package protocol TokenRecipe: Sendable {
    /// The serial number; tokens in further slots of a reader get those that follow.
    var serial: UInt32 { get set }

    /// Takes one option of the command line.
    ///
    /// - Returns: false where it is none of this family's.
    /// - Throws: `.badRequest`, naming the option.
    mutating func set(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool

    /// A new token, its certificates signed by the authority.
    ///
    /// - Parameter now: Unix seconds.
    func make(
        now: Int64, authority: CertificateIssuer
    ) throws(VirtualTokenError) -> any SimulatedCard

    /// The token that was kept.
    ///
    /// - Throws: `.damagedState`, also for a token of another family.
    func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard
}

/// What `--model` names. A new family is a row here and a folder of its own.
package struct TokenModel: Sendable {
    package let name: String
    let family: String
    let recipe: @Sendable () -> any TokenRecipe

    /// The first is the one that is made when nothing is said, the first of a family the one
    /// that a kept token of another family is put in as.
    package static let all: [TokenModel] = [
        TokenModel(name: "piv-yubico", family: PIVCard.family) { PIVRecipe(yubico: true) },
        TokenModel(name: "piv", family: PIVCard.family) { PIVRecipe(yubico: false) },
        TokenModel(name: "openpgp", family: OpenPGPCard.family) { OpenPGPRecipe() },
        TokenModel(name: "isoapplet", family: PKCS15Card.family) { PKCS15Recipe(.isoApplet) },
        TokenModel(name: "vgca", family: PKCS15Card.family) { PKCS15Recipe(.vgca) },
        TokenModel(name: "pkcs15", family: PKCS15Card.family) { PKCS15Recipe(.plain) },
        TokenModel(name: "smartcard-hsm", family: SmartCardHSMCard.family) {
            SmartCardHSMRecipe()
        },
        TokenModel(name: "gids", family: GIDSCard.family) { GIDSRecipe() },
        TokenModel(name: "epass2003", family: EPass2003Card.family) { EPass2003Recipe() },
    ]

    /// - Throws: `.badRequest` for a name that is none.
    static func named(_ name: String) throws(VirtualTokenError) -> TokenModel {
        guard let model = all.first(where: { $0.name == name }) else {
            let names = all.map(\.name).joined(separator: ", ")
            throw OptionValue.error("--model", "\(name): one of \(names) expected")
        }
        return model
    }

    /// A kept token put in where `card` was: of the same model where it is of the same family.
    static func card(
        keeping text: String, after card: any SimulatedCard
    ) throws(VirtualTokenError) -> any SimulatedCard {
        let family = try StateText.family(text)
        if family == type(of: card).family { return try card.keeping(text) }
        guard let model = all.first(where: { $0.family == family }) else {
            throw VirtualTokenError(.damagedState, "line 1: no family \(family) is known")
        }
        return try model.recipe().keeping(text)
    }
}
