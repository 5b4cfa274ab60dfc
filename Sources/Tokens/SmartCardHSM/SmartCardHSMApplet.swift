import APDU
import Crypto
import Secrets

/// The SmartCard-HSM application (CardContact, Nitrokey HSM). Selected on a card; good until
/// that card is reset.
package final class SmartCardHSMApplet: TokenApplet {
    let bench: Workbench
    private let control: SmartCardHSMObject.Control

    // MARK: Selecting

    private static let identifier: [UInt8] = [
        0xE8, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x81, 0xC3, 0x1F, 0x02, 0x01,
    ]

    package static func select<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> SmartCardHSMApplet? {
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xA4, p1: 0x04, p2: 0x00), identifier,
            named: "SELECT SmartCard-HSM")
        guard answer.status == .success, let control = SmartCardHSMObject.Control(answer.data)
        else { return nil }
        return SmartCardHSMApplet(bench, control)
    }

    private init(_ bench: Workbench, _ control: SmartCardHSMObject.Control) {
        self.bench = bench
        self.control = control
    }

    // MARK: Identity

    /// Keys whose certificates are read: more than any counter meets, and an end.
    private static var mostKeys: Int { 32 }
    /// Certificates of no key of the device that are looked through for a key with a request.
    private static var mostBeside: Int { 8 }

    package func readIdentity<C: CardChannel & ~Copyable>(
        _ card: inout C, slots: [KeySlot]?
    ) throws(TokenError) -> TokenIdentity {
        let files = try readList(&card)
        var certificates: [TokenCertificate] = []
        for key in SmartCardHSMObject.keys(inList: files).prefix(Self.mostKeys)
            .map(SmartCardHSMKey.init)
        where slots?.contains(key.slot) ?? true {
            // An unreadable certificate is one that is not there: the others still count.
            guard let held = try readFile(&card, key.certificateFile),
                let certificate = try readCertificate(&card, held, files)
            else { continue }
            certificates.append(
                TokenCertificate(
                    slot: key.slot, use: SmartCardHSMObject.use(of: certificate),
                    certificate: certificate))
        }
        let device = try readFile(&card, SmartCardHSMKey.deviceCertificates)
        let version = control.version
        return TokenIdentity(
            family: .smartCardHSM, model: "SmartCard-HSM \(version.major).\(version.minor)",
            serial: device.flatMap { SmartCardHSMObject.deviceName(inCertificates: $0) },
            guid: nil, certificates: certificates,
            marks: TokenMarks(
                aid: Hex.upper(Self.identifier),
                version: TokenVersion("\(version.major).\(version.minor)")))
    }

    /// The certificate in a key's file; where that holds the key's request still, the one for
    /// its public half among those that stand beside.
    private func readCertificate<C: CardChannel & ~Copyable>(
        _ card: inout C, _ held: [UInt8], _ files: [UInt8]
    ) throws(TokenError) -> Certificate? {
        guard let request = SmartCardHSMRequest(held) else { return try? Certificate(der: held) }
        for file in SmartCardHSMObject.certificates(inList: files).prefix(Self.mostBeside) {
            guard let der = try readFile(&card, file), let found = try? Certificate(der: der),
                request.isFor(found.publicKey)
            else { continue }
            return found
        }
        return nil
    }

    // MARK: Rules and counters

    package var pinRule: CodeRule { CodeRule(6...15, .printable) }

    /// The empty VERIFY of the user PIN, 81.
    package func readPINCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, asking query: StatusQuery
    ) throws(TokenError) -> Counter {
        guard query != .forbidden else { return .unknown(.queryUnsafe) }
        switch try askStatus(&card, 0x81) {
        case .counter(let counter): return counter
        // A transport PIN, or a device that was never initialised: there is no count to show.
        case .unusable: return .unknown(.notShown)
        }
    }

    /// The way the option bits leave open, with the tries of the SO-PIN, 88.
    package func readUnblocking<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UnblockingWay] {
        var counter = Counter.unknown(.notShown)
        var obstacle = control.obstacle
        switch try askStatus(&card, 0x88) {
        case .counter(let told): counter = told
        case .unusable: obstacle = .notSet
        }
        return [UnblockingWay(control.form, rule: SOPIN.rule, counter: counter, obstacle: obstacle)]
    }

    private enum CodeStatus {
        case counter(Counter)
        /// 6984 or 6A88: the code is not there, or not in use yet.
        case unusable
    }

    private func askStatus<C: CardChannel & ~Copyable>(
        _ card: inout C, _ reference: UInt8
    ) throws(TokenError) -> CodeStatus {
        let name = "VERIFY (empty)"
        let status = try bench.ask(
            &card, CommandHeader(ins: 0x20, p1: 0, p2: reference), expecting: .none, named: name
        ).status
        switch status.meaning {
        case .triesLeft(let n): return .counter(Counter(.known(n)))
        case .blocked: return .counter(Counter(.known(0)))
        case .success: return .counter(.unknown(.verified))
        case .referenceDataNotUsable, .referenceDataNotFound: return .unusable
        default:
            if status.hintsAtAnotherApplet { throw TokenError(.disturbed(status), name) }
            return .counter(.unknown(.oddAnswer))
        }
    }

    // MARK: Codes

    package func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret, newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        let name = "RESET RETRY COUNTER"
        guard form == .soPIN else { throw TokenError(.unsupported, form.rawValue) }
        let codes: Secret
        do throws(CodeUnfit) {
            codes = try SOPIN(digits: code).followed(by: newPIN)
        } catch {
            throw TokenError(error, name)
        }
        return try bench.answer(
            &card, CommandHeader(ins: 0x2C, p1: 0x00, p2: 0x81), codes, named: name)
    }

    /// The SO-PIN alone: the PIN stays what it was.
    package func resetCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        let name = "RESET RETRY COUNTER"
        guard form == .soPINCounterOnly else { throw TokenError(.unsupported, form.rawValue) }
        let so: SOPIN
        do throws(CodeUnfit) {
            so = try SOPIN(digits: code)
        } catch {
            throw TokenError(error, name)
        }
        return try bench.answer(
            &card, CommandHeader(ins: 0x2C, p1: 0x01, p2: 0x81), so.bytes, named: name)
    }

    package func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        // No code at all would ask for the counter.
        guard pin.count > 0 else { throw TokenError(.malformed, "VERIFY") }
        return try bench.answer(
            &card, CommandHeader(ins: 0x20, p1: 0, p2: 0x81), pin, named: "VERIFY")
    }

    /// The SO-PIN's digits are not what is sent, and no pad makes bytes of them; the user PIN
    /// has no fixed length.
    package func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> PadEntries { .none }
}

extension SmartCardHSMObject.Control {
    private static let resetRetryCounter: UInt16 = 0x0001
    private static let resetOnly: UInt16 = 0x0020

    /// Devices that do not tell their options are taken to set a new PIN: all do since 1.0.
    var form: UnblockingForm {
        (options ?? 0) & Self.resetOnly == 0 ? .soPIN : .soPINCounterOnly
    }

    var obstacle: UnblockingObstacle? {
        guard let options else { return version.major == 0 ? .providerOnly : nil }
        return options & Self.resetRetryCounter == 0 ? .switchedOff : nil
    }
}
