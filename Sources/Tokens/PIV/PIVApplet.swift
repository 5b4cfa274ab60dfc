import APDU
import Crypto
import Secrets

/// The PIV card application (NIST SP 800-73-4), with Yubico's extensions where the card has
/// them. Selected on a card; good until that card is reset.
package final class PIVApplet: TokenApplet {
    private let bench: Workbench
    /// Yubico's firmware version; nil for a card without the extensions.
    private let version: [UInt8]?
    /// 80 for the PIV card application PIN, 00 for the Global PIN.
    private var pinReference: UInt8 = 0x80
    private var knowsPINReference = false

    // MARK: Selecting

    /// The application's identifier without version, and its provider's alone: some cards
    /// know the application by one, some by the other (SP 800-73-4, part 1, 2.2).
    private static let identifiers: [[UInt8]] = [
        [0xA0, 0, 0, 3, 8, 0, 0, 0x10, 0], [0xA0, 0, 0, 3, 8],
    ]

    package static func select<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> PIVApplet? {
        var selected = false
        for identifier in identifiers where !selected {
            let answer = try bench.ask(
                &card, CommandHeader(ins: 0xA4, p1: 0x04, p2: 0x00), identifier,
                named: "SELECT PIV")
            selected = answer.status == .success && answer.data.first == 0x61
        }
        guard selected else { return nil }
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xFD, p1: 0, p2: 0), named: "GET VERSION")
        return PIVApplet(
            bench, answer.status == .success && answer.data.count == 3 ? answer.data : nil)
    }

    private init(_ bench: Workbench, _ version: [UInt8]?) {
        self.bench = bench
        self.version = version
    }

    private var hasExtensions: Bool { version != nil }

    // MARK: Rules

    package var pinRule: CodeRule { CodeRule(6...8, hasExtensions ? .printable : .digits) }

    /// PIV's PUK is eight bytes of any value; Yubico's is six to eight (SP 800-73-4, part 2,
    /// 2.4.3). Whatever was typed goes out as it was typed.
    private var unblockingRule: CodeRule { CodeRule((hasExtensions ? 6 : 8)...8, .any) }

    // MARK: Identity

    package func readIdentity<C: CardChannel & ~Copyable>(
        _ card: inout C, slots: [KeySlot]?
    ) throws(TokenError) -> TokenIdentity {
        var certificates: [TokenCertificate] = []
        for key in PIVKey.allCases where slots?.contains(key.slot) ?? true {
            guard let object = try readObject(&card, key.certificateTag) else { continue }
            // An unreadable certificate is one that is not there: the others still count.
            guard let certificate = (try? PIVObject.certificate(object)) ?? nil else { continue }
            certificates.append(
                TokenCertificate(slot: key.slot, use: key.use, certificate: certificate))
        }
        let chuid = try readObject(&card, PIVObject.chuidTag)
        return TokenIdentity(
            family: .piv, model: model, serial: try readSerial(&card),
            guid: chuid.flatMap { (try? PIVObject.guid(ofCHUID: $0)) ?? nil },
            certificates: certificates,
            marks: TokenMarks(
                aid: Hex.upper(Self.identifiers[1]),
                version: version.flatMap {
                    TokenVersion($0.map { String($0) }.joined(separator: "."))
                }))
    }

    private var model: String {
        guard let version else { return "PIV" }
        return "PIV with extensions " + version.map { String($0) }.joined(separator: ".")
    }

    /// Yubico's GET SERIAL: four bytes, from version 5 on.
    private func readSerial<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> String? {
        guard hasExtensions else { return nil }
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xF8, p1: 0, p2: 0), named: "GET SERIAL")
        guard answer.status == .success, answer.data.count == 4 else { return nil }
        let number = answer.data.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return number == 0 ? nil : String(number)
    }

    /// A data object; nil where the card has none of that tag (part 2, 3.1.2).
    private func readObject<C: CardChannel & ~Copyable>(
        _ card: inout C, _ tag: [UInt8]
    ) throws(TokenError) -> [UInt8]? {
        let name = "GET DATA " + Hex.upper(tag)
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xCB, p1: 0x3F, p2: 0xFF),
            [0x5C, UInt8(tag.count)] + tag, named: name)
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), name)
        }
        return answer.status == .success && !answer.data.isEmpty ? answer.data : nil
    }

    // MARK: Counters

    package func readPINCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, asking query: StatusQuery
    ) throws(TokenError) -> Counter {
        try findPINReference(&card)
        if let pin = try readMetadata(&card, pinReference).flatMap(Self.counter) { return pin }
        guard query != .forbidden else { return .unknown(.queryUnsafe) }
        return try bench.askStatus(&card, reference: pinReference)
    }

    package func readUnblocking<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UnblockingWay] {
        let counter = try readMetadata(&card, 0x81).flatMap(Self.counter)
        return [
            UnblockingWay(.puk, rule: unblockingRule, counter: counter ?? .unknown(.notShown))
        ]
    }

    private static func counter(_ metadata: PIVObject.Metadata) -> Counter? {
        metadata.triesLeft.map { Counter(.known($0), limit: metadata.triesLimit) }
    }

    /// Yubico's GET METADATA; nil where the card has none for that reference.
    private func readMetadata<C: CardChannel & ~Copyable>(
        _ card: inout C, _ reference: UInt8
    ) throws(TokenError) -> PIVObject.Metadata? {
        guard hasExtensions else { return nil }
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xF7, p1: 0, p2: reference), named: "GET METADATA")
        guard answer.status == .success else { return nil }
        return try? PIVObject.metadata(answer.data)
    }

    private func findPINReference<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) {
        guard !knowsPINReference else { return }
        if let discovery = try readObject(&card, PIVObject.discoveryTag),
            let isGlobal = try? PIVObject.prefersGlobalPIN(discovery: discovery)
        {
            pinReference = isGlobal ? 0x00 : 0x80
        }
        knowsPINReference = true
    }

    // MARK: Codes

    package func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret, newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        try findPINReference(&card)
        return try bench.answer(
            &card, CommandHeader(ins: 0x2C, p1: 0, p2: pinReference),
            try CodeEncoding.made(for: "RESET RETRY COUNTER") { () throws(CodeUnfit) in
                try PIVCode.pair(code, newPIN)
            },
            named: "RESET RETRY COUNTER")
    }

    package func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        try findPINReference(&card)
        return try bench.answer(
            &card, CommandHeader(ins: 0x20, p1: 0, p2: pinReference),
            try CodeEncoding.made(for: "VERIFY") { () throws(CodeUnfit) in try PIVCode.padded(pin)
            },
            named: "VERIFY")
    }

    /// Replaces the PIN by a new one, with the old one (part 2, 3.2.2).
    package func change<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret, to newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        try findPINReference(&card)
        return try bench.answer(
            &card, CommandHeader(ins: 0x24, p1: 0, p2: pinReference),
            try CodeEncoding.made(for: "CHANGE REFERENCE DATA") { () throws(CodeUnfit) in
                try PIVCode.pair(pin, newPIN)
            },
            named: "CHANGE REFERENCE DATA")
    }

    package func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> PadEntries {
        try findPINReference(&card)
        return PIVCode.padEntries(
            reference: pinReference, pin: pinRule, unblocking: unblockingRule)
    }

    // MARK: Keys

    package func readTraits<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyTraits {
        guard let key = PIVKey(slot) else { throw TokenError(.noKey, "key \(slot)") }
        let metadata = try readMetadata(&card, key.rawValue)
        let origin: KeyTraits.Origin? =
            switch metadata?.origin {
            case 1: .generated
            case 2: .imported
            default: nil
            }
        // Policy 03 is "always"; without metadata PIV's own rule holds for the signature key.
        let eachTime = metadata?.pinPolicy.map { $0 == 3 } ?? (key == .signature)
        return KeyTraits(
            origin: origin, wantsPINEachTime: eachTime,
            wantsTouch: (metadata?.touchPolicy ?? 1) > 1)
    }

    package func readAttestation<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyAttestation? {
        guard hasExtensions, let key = PIVKey(slot) else { return nil }
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xF9, p1: key.rawValue, p2: 0), named: "ATTEST KEY \(slot)")
        guard answer.status == .success,
            let signer = try readObject(&card, PIVAttestation.signerTag)
        else { return nil }
        return PIVAttestation.read(statement: answer.data, signer: signer)
    }

    package func sign<C: CardChannel & ~Copyable>(
        _ card: inout C, message: [UInt8], slot: KeySlot, key publicKey: PublicKey
    ) throws(TokenError) -> [UInt8] {
        guard let key = PIVKey(slot), let algorithm = Self.algorithm(of: publicKey.algorithm),
            let scheme = SignatureScheme.preferred(for: publicKey.algorithm),
            let block = try? SignatureInput.block(
                for: message, key: publicKey.algorithm, scheme: scheme)
        else { throw TokenError(.noKey, "key \(slot)") }
        let name = "GENERAL AUTHENTICATE \(slot)"
        guard let request = try? PIVObject.authenticationRequest(block) else {
            throw TokenError(.malformed, name)
        }
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0x87, p1: algorithm, p2: key.rawValue), request, named: name)
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), name)
        }
        guard answer.status == .success else { throw TokenError(.status(answer.status), name) }
        guard let signature = try? PIVObject.authenticationResponse(answer.data) else {
            throw TokenError(.malformed, name)
        }
        return signature
    }

    /// Algorithm identifiers of SP 800-78-4, table 6-2, and Yubico's beside them.
    private static func algorithm(of key: KeyAlgorithm) -> UInt8? {
        switch key {
        case .rsa(let bits):
            switch bits {
            case 1024: 0x06
            case 2048: 0x07
            case 3072: 0x05
            case 4096: 0x16
            default: nil
            }
        case .p256: 0x11
        case .p384: 0x14
        case .ed25519: 0xE0
        case .other: nil
        }
    }
}
