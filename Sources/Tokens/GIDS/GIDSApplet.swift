import APDU
import Crypto
import Secrets

/// A card after Microsoft's Generic Identity Device Specification 2.0. Selected on a card; good
/// until that card is reset.
package final class GIDSApplet: TokenApplet {
    let bench: Workbench
    private let application: GIDSObject.Application
    /// What the bench had sent when the card's challenge came: a challenge lives for the next
    /// command alone.
    private var challengedAt: Int?

    // MARK: Selecting

    package static func select<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> GIDSApplet? {
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xA4, p1: 0x04, p2: 0x00), GIDSObject.application,
            named: "SELECT GIDS")
        guard answer.status == .success,
            let application = (try? GIDSObject.application(answer.data)) ?? nil
        else { return nil }
        return GIDSApplet(bench, application)
    }

    private init(_ bench: Workbench, _ application: GIDSObject.Application) {
        self.bench = bench
        self.application = application
    }

    // MARK: Rules

    package var pinRule: CodeRule { CodeRule(4...16, .printable) }

    var model: String { "GIDS \(application.version)" }

    // MARK: Counters

    /// The object 7F71 shows it; a VERIFY without a code is never sent, since some cards count
    /// it.
    package func readPINCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, asking query: StatusQuery
    ) throws(TokenError) -> Counter {
        let name = "GET DATA 7F71"
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xCB, p1: 0x3F, p2: 0xFF), [0x5C, 2, 0x7F, 0x71],
            named: name)
        try checkApplet(answer.status, name)
        guard answer.status == .success else { return .unknown(.notShown) }
        return (try? GIDSObject.counter(answer.data)) ?? .unknown(.notShown)
    }

    /// The administrator's key alone, whose tries no card shows.
    package func readUnblocking<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UnblockingWay] {
        let isOpen = application.knowsExternal
        return [
            UnblockingWay(
                .adminKeyResponse, rule: isOpen ? Self.responseRule : nil,
                counter: .unknown(.notShown), obstacle: isOpen ? nil : .switchedOff),
            UnblockingWay(
                .adminKey, rule: GIDSAdministratorKey.rule, counter: .unknown(.notShown)),
        ]
    }

    /// A block of 3DES, in writing.
    private static let responseRule = CodeRule(16...16, .hex)

    // MARK: The PIN

    package func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        try bench.answer(
            &card, CommandHeader(ins: 0x20, p1: 0, p2: 0x80), pin, named: "VERIFY 80")
    }

    package func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> PadEntries {
        do throws(PINPadError) {
            let format = try PINFormat(
                .ascii,
                digits: UInt8(clamping: pinRule.minimum)...UInt8(clamping: pinRule.maximum))
            let template = try PINTemplate(
                CommandHeader(ins: 0x20, p1: 0, p2: 0x80), count: 0)
            return PadEntries(
                verify: .verify(try PINVerification(format, in: template)), unblock: nil)
        } catch {
            return .none
        }
    }

    // MARK: The administrator's key

    package func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret, newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        guard form == .adminKey else { throw TokenError(.unsupported, form.rawValue) }
        let key: GIDSAdministratorKey
        do throws(CodeUnfit) {
            key = try GIDSAdministratorKey(digits: code)
        } catch {
            throw TokenError(error, Self.authenticate)
        }
        let answer = try authenticate(&card, key)
        guard answer == .accepted else { return answer }
        return try setPIN(&card, newPIN)
    }

    /// Both sides prove that they have the key (GIDS 2.0, 7.4.5).
    private func authenticate<C: CardChannel & ~Copyable>(
        _ card: inout C, _ key: GIDSAdministratorKey
    ) throws(TokenError) -> CodeAnswer {
        if let refused = try nameKey(&card) { return refused }
        let host: [UInt8]
        do throws(CryptoError) {
            host = try SecureRandom.bytes(GIDSAdministratorKey.challengeLength)
        } catch {
            throw TokenError(.malformed, Self.authenticate)
        }
        let length = UInt8(truncatingIfNeeded: host.count)
        let first = try bench.ask(
            &card, CommandHeader(ins: 0x87, p1: 0, p2: 0),
            [0x7C, length + 2, 0x81, length] + host, named: Self.authenticate)
        try checkApplet(first.status, Self.authenticate)
        guard first.status == .success else { return .refused(first.status) }
        guard let its = (try? GIDSObject.authentication(0x81, first.data)) ?? nil,
            its.count == host.count
        else { throw TokenError(.malformed, Self.authenticate) }
        let proof: [UInt8]
        do throws(CodeUnfit) { proof = try key.proof(host: host, card: its) } catch {
            throw TokenError(.noLockedMemory, Self.authenticate)
        }
        let size = UInt8(truncatingIfNeeded: proof.count)
        let second = try bench.prove(
            &card, CommandHeader(ins: 0x87, p1: 0, p2: 0), [0x7C, size + 2, 0x82, size] + proof,
            named: Self.authenticate)
        try checkApplet(second.status, Self.authenticate, mayHaveReached: true)
        guard second.status == .success else { return Self.answer(second.status) }
        // A card that has not the key got nothing yet, and gets no PIN.
        let isProven: Bool
        do throws(CodeUnfit) {
            isProven =
                try GIDSObject.proof(second.data).map { (proof) throws(CodeUnfit) in
                    try key.isProven(by: proof, host: host, card: its)
                } ?? false
        } catch {
            throw TokenError(.noLockedMemory, Self.authenticate, mayHaveReached: true)
        }
        guard isProven else {
            throw TokenError(.malformed, Self.authenticate, mayHaveReached: true)
        }
        return .accepted
    }

    /// The card's challenge, for whoever holds the key.
    package func askChallenge<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm
    ) throws(TokenError) -> [UInt8] {
        guard form == .adminKeyResponse else { throw TokenError(.unsupported, form.rawValue) }
        challengedAt = nil
        if case .refused(let status)? = try nameKey(&card) {
            throw TokenError(.status(status), Self.name)
        }
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0x87, p1: 0, p2: 0), [0x7C, 2, 0x81, 0],
            named: Self.authenticate)
        try checkApplet(answer.status, Self.authenticate)
        guard answer.status == .success else {
            throw TokenError(.status(answer.status), Self.authenticate)
        }
        let length = BlockCipher.tripleDES.blockLength
        guard let challenge = (try? GIDSObject.authentication(0x81, answer.data)) ?? nil,
            challenge.count == length
        else { throw TokenError(.malformed, Self.authenticate) }
        challengedAt = bench.commands
        return challenge
    }

    /// The challenge enciphered with the key, as digits; then the new PIN.
    package func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, response: borrowing Secret,
        newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        guard form == .adminKeyResponse else { throw TokenError(.unsupported, form.rawValue) }
        guard challengedAt == bench.commands else {
            throw TokenError(.challengeLost, Self.authenticate)
        }
        challengedAt = nil
        let proof: Secret
        do throws(CodeUnfit) {
            proof = try Self.template(try HexCode.bytes(response, rule: Self.responseRule))
        } catch {
            throw TokenError(error, Self.authenticate)
        }
        let status = try bench.present(
            &card, CommandHeader(ins: 0x87, p1: 0, p2: 0), proof, named: Self.authenticate)
        let proven = Self.answer(status)
        guard proven == .accepted else { return proven }
        return try setPIN(&card, newPIN)
    }

    private static let name = "MANAGE SECURITY ENVIRONMENT"
    private static let authenticate = "GENERAL AUTHENTICATE"

    /// Says which key is meant; the refusal where there is none.
    private func nameKey<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> CodeAnswer? {
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0x22, p1: 0xC1, p2: 0xA4), [0x83, 1, 0x80],
            expecting: .none, named: Self.name)
        try checkApplet(answer.status, Self.name)
        return answer.status == .success ? nil : .refused(answer.status)
    }

    /// 7C { 82 }, of a response.
    private static func template(_ response: borrowing Secret) throws(CodeUnfit) -> Secret {
        let length = UInt8(truncatingIfNeeded: response.count)
        var buffer = try CodeEncoding.room(response.count + 4)
        for byte in [0x7C, length + 2, 0x82, length] { _ = buffer.append(byte) }
        _ = response.withBytes { buffer.append(contentsOf: $0) }
        return try CodeEncoding.sealed(buffer)
    }

    /// A wrong proof is answered like a missing one.
    private static func answer(_ status: StatusWord) -> CodeAnswer {
        status == .securityStatusNotSatisfied ? .wrong(left: nil) : CodeAnswer(status)
    }

    /// RESET RETRY COUNTER by the administrator; the card forgets it afterwards.
    private func setPIN<C: CardChannel & ~Copyable>(
        _ card: inout C, _ newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        let name = "RESET RETRY COUNTER"
        let status = try bench.present(
            &card, CommandHeader(ins: 0x2C, p1: 0x02, p2: 0x80), newPIN, named: name)
        switch CodeAnswer(status) {
        case .accepted: return .accepted
        case .unfit(let status): return .unfit(status)
        // Whatever it says, it says nothing of the key, which was right.
        case .wrong, .blocked, .refused: return .refused(status)
        }
    }

    // MARK: Answers

    func checkApplet(
        _ status: StatusWord, _ name: String, mayHaveReached: Bool = false
    ) throws(TokenError) {
        if status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(status), name, mayHaveReached: mayHaveReached)
        }
    }
}
