import APDU
import Crypto
import Secrets

/// The OpenPGP card application, version 2 and later (OpenPGP card 3.4). Selected on a card;
/// good until that card is reset.
package final class OpenPGPApplet: TokenApplet {
    let bench: Workbench
    private(set) var data: OpenPGPApplicationData
    /// False once a code went out: the counters of `data` are those before it.
    private var isFresh = true
    /// What becomes of codes before they are sent; nil where that cannot be told, or not be
    /// done here.
    private let derivation: OpenPGPKeyDerivation?

    // MARK: Selecting

    private static let identifier: [UInt8] = [0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]

    package static func select<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> OpenPGPApplet? {
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xA4, p1: 0x04, p2: 0x00), identifier,
            named: "SELECT OpenPGP")
        guard answer.status == .success, let data = try readIfThere(&card, bench) else {
            return nil
        }
        let derivation = try readDerivation(&card, bench)
        return OpenPGPApplet(bench, data, derivation)
    }

    private init(
        _ bench: Workbench, _ data: OpenPGPApplicationData, _ derivation: OpenPGPKeyDerivation?
    ) {
        self.bench = bench
        self.data = data
        self.derivation = derivation.flatMap { data.passwords.take($0) ? $0 : nil }
    }

    /// Some cards accept any SELECT; one that has no such object has no such application.
    private static func readIfThere<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> OpenPGPApplicationData? {
        do throws(TokenError) {
            return try read(&card, bench)
        } catch {
            switch error.code {
            case .status, .disturbed: return nil
            default: throw error
            }
        }
    }

    private static func read<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> OpenPGPApplicationData {
        let name = "GET DATA 006E"
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xCA, p1: 0x00, p2: 0x6E), named: name)
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), name)
        }
        guard answer.status == .success, !answer.data.isEmpty else {
            throw TokenError(.status(answer.status), name)
        }
        do throws(OpenPGPObject.Malformed) {
            return try OpenPGPApplicationData(answer.data)
        } catch {
            throw TokenError(.malformed, name)
        }
    }

    /// The KDF-DO is asked for whatever the capabilities say: with one, a code that is sent as
    /// it is costs a try.
    private static func readDerivation<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> OpenPGPKeyDerivation? {
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xCA, p1: 0x00, p2: 0xF9), named: "GET DATA 00F9")
        switch answer.status {
        case .success: return try? OpenPGPKeyDerivation(answer.data)
        // What cards without it say; any other word leaves open whether there is one.
        case .referenceDataNotFound, .fileNotFound, .wrongParameters, .incorrectParameters,
            .functionNotSupported, .recordNotFound:
            return OpenPGPKeyDerivation.none
        default: return nil
        }
    }

    private func refresh<C: CardChannel & ~Copyable>(_ card: inout C) throws(TokenError) {
        guard !isFresh else { return }
        data = try Self.read(&card, bench)
        isFresh = true
    }

    // MARK: Rules and counters

    private static let shortestPW1 = 6
    private static let shortestOther = 8

    /// In bytes. An old PIN may be any text; a new one is held to printable characters besides.
    package var pinRule: CodeRule { Self.rule(data.passwords.pw1, Self.shortestPW1) }

    /// A card that says less than the standard's minimum takes the minimum alone.
    private static func rule(
        _ code: OpenPGPPasswordStatus.Code, _ shortest: Int
    ) -> CodeRule {
        CodeRule(shortest...max(shortest, code.longest), .any)
    }

    /// The PW status bytes show it at all times, so nothing needs to be asked.
    package func readPINCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, asking query: StatusQuery
    ) throws(TokenError) -> Counter {
        try refresh(&card)
        return Counter(.known(data.passwords.pw1.left))
    }

    package func readUnblocking<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UnblockingWay] {
        try refresh(&card)
        let (code, admin) = (data.passwords.resettingCode, data.passwords.pw3)
        let form: UnblockingObstacle? = derivation == nil ? .codeFormUnknown : nil
        return [
            // The card counts none for a code it was never given.
            UnblockingWay(
                .resettingCode, rule: Self.rule(code, Self.shortestOther),
                counter: Counter(.known(code.left)),
                obstacle: form ?? (code.left == 0 ? .notSetOrBlocked : nil)),
            UnblockingWay(
                .adminPIN, rule: Self.rule(admin, Self.shortestOther),
                counter: Counter(.known(admin.left)), obstacle: form),
        ]
    }

    // MARK: Codes

    package func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret, newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        switch form {
        case .resettingCode: try resetRetryCounter(&card, resettingCode: code, newPW1: newPIN)
        case .adminPIN: try resetRetryCounter(&card, pw3: code, newPW1: newPIN)
        default: throw TokenError(.unsupported, form.rawValue)
        }
    }

    /// Both in one command (7.2.4).
    private func resetRetryCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, resettingCode: borrowing Secret, newPW1: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        let name = "RESET RETRY COUNTER"
        let derivation = try knownDerivation(name)
        let codes = try CodeEncoding.made(for: name) { () throws(CodeUnfit) in
            try OpenPGPCode.pair(resettingCode: resettingCode, newPW1: newPW1, derivation)
        }
        return try present(
            &card, CommandHeader(ins: 0x2C, p1: 0x00, p2: 0x81), codes, \.resettingCode,
            named: name)
    }

    /// PW3 is verified, and its answer decides; then the new PW1 alone is sent. Both are made
    /// ready before the card hears of either.
    private func resetRetryCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, pw3: borrowing Secret, newPW1: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        let name = "RESET RETRY COUNTER"
        let derivation = try knownDerivation(name)
        let admin = try encoded(pw3, .pw3, derivation, name)
        let new = try encoded(newPW1, .pw1, derivation, name)
        let verified = try present(
            &card, CommandHeader(ins: 0x20, p1: 0x00, p2: 0x83), admin, \.pw3,
            named: "VERIFY 83")
        guard verified == .accepted else { return verified }
        return try present(
            &card, CommandHeader(ins: 0x2C, p1: 0x02, p2: 0x81), new, nil, named: name)
    }

    package func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        try verify(&card, pin: pin, opening: OpenPGPKeyRole.signature.slot)
    }

    package func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret, opening slot: KeySlot
    ) throws(TokenError) -> CodeAnswer {
        let reference = Self.reference(slot)
        let name = "VERIFY " + Hex.upper([reference])
        let code = try encoded(pin, .pw1, try knownDerivation(name), name)
        return try present(
            &card, CommandHeader(ins: 0x20, p1: 0x00, p2: reference), code, \.pw1, named: name)
    }

    /// One PW1 with two security statuses: 81 is for signatures, 82 for the other keys.
    private static func reference(_ slot: KeySlot) -> UInt8 {
        switch OpenPGPKeyRole(slot) {
        case .authentication, .decryption: 0x82
        case .signature, nil: 0x81
        }
    }

    /// A pad knows no hash, so with a KDF-DO nothing can be entered there.
    package func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C, opening slot: KeySlot?
    ) throws(TokenError) -> PadEntries {
        guard derivation == OpenPGPKeyDerivation.none else { return .none }
        let reference = Self.reference(slot ?? OpenPGPKeyRole.signature.slot)
        return OpenPGPCode.padEntries(reference: reference, pinRule)
    }

    package func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> PadEntries {
        try padEntries(&card, opening: nil)
    }

    private func knownDerivation(_ name: String) throws(TokenError) -> OpenPGPKeyDerivation {
        guard let derivation else { throw TokenError(.codeFormUnknown, name) }
        return derivation
    }

    private func encoded(
        _ code: borrowing Secret, _ which: OpenPGPKeyDerivation.Code,
        _ derivation: OpenPGPKeyDerivation, _ name: String
    ) throws(TokenError) -> Secret {
        try CodeEncoding.made(for: name) { () throws(CodeUnfit) in
            try OpenPGPCode.encoded(code, which, derivation)
        }
    }

    /// - Parameter status: where the tries of the code stand that is sent; nil for a new one.
    private func present<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ code: borrowing Secret,
        _ status: KeyPath<OpenPGPPasswordStatus, OpenPGPPasswordStatus.Code>?, named name: String
    ) throws(TokenError) -> CodeAnswer {
        let before = isFresh ? status.map { data.passwords[keyPath: $0].left } : nil
        isFresh = false
        let word = try bench.present(&card, header, code, named: name)
        // Some cards say 6982 of a wrong code and tell its count in C4 alone (7.2.2).
        guard let status, word == .securityStatusNotSatisfied else { return CodeAnswer(word) }
        guard (try? refresh(&card)) != nil else { return .wrong(left: nil) }
        let left = data.passwords[keyPath: status].left
        guard left > 0 else { return .blocked }
        // What was not counted was refused for another reason.
        guard let before else { return .wrong(left: nil) }
        return left < before ? .wrong(left: left) : .refused(word)
    }
}

extension OpenPGPPasswordStatus {
    /// Whether codes made so can be sent: as text, and no longer than the card takes them.
    func take(_ derivation: OpenPGPKeyDerivation) -> Bool {
        zip([pw1, resettingCode, pw3], OpenPGPKeyDerivation.Code.allCases).allSatisfy {
            !$0.isPINBlock && $0.longest >= derivation.hash($1)?.digest.length ?? 0
        }
    }
}
