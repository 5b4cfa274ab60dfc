import APDU
import Crypto
import Secrets
import Testing
import VirtualToken

@testable import Tokens

/// Unblocking, verifying, changing, signing, and what may go wrong with each command.
@Suite struct ProcedureTests {
    private static let slots = ["9a", "9c"].map { KeySlot(rawValue: $0) }

    @Test(arguments: [false, true])
    func aLockedTokenIsUnblockedAndTakesTheNewPIN(_ yubico: Bool) throws {
        var card = VirtualChannel(
            try Sample.card(PIVModel(yubico: yubico)) { $0.isLocked = true })
        let applet = try select(&card)
        let old = try secret("123456")
        let new = try secret("482913")
        let puk = try secret("12345678")
        #expect(try applet.readCounters(&card, of: .puk, asking: .asFamilyKnows).pin.isBlocked)
        #expect(try applet.verify(&card, pin: old) == .blocked)
        #expect(try applet.unblock(&card, .puk, code: puk, newPIN: new) == .accepted)
        #expect(try applet.verify(&card, pin: new) == .accepted)
        #expect(try applet.verify(&card, pin: old) == .wrong(left: 2))
        let state = try #require(card.token.withLock { $0.piv?.state })
        #expect(state.pin.left == 2 && state.puk.left == 3)
        #expect(state.pin.value == Array("482913".utf8) + [0xFF, 0xFF])
    }

    @Test func aWrongUnblockingCodeCountsDownToBlocked() throws {
        var card = VirtualChannel(try Sample.card { $0.isLocked = true })
        let applet = try select(&card)
        let new = try secret("482913")
        let wrong = try secret("99999999")
        let puk = try secret("12345678")
        for answer: CodeAnswer in [.wrong(left: 2), .wrong(left: 1), .blocked, .blocked] {
            #expect(try applet.unblock(&card, .puk, code: wrong, newPIN: new) == answer)
        }
        #expect(try applet.unblock(&card, .puk, code: puk, newPIN: new) == .blocked)
        #expect(card.token.withLock { $0.piv?.state.puk.spent } == 3)
    }

    @Test func aNewPINTheTokenDislikesIsUnfitAndCostsNothing() throws {
        var card = VirtualChannel(try Sample.card { $0.isLocked = true })
        let applet = try select(&card)
        let letters = try secret("abcdef")
        let puk = try secret("12345678")
        let answer = try applet.unblock(&card, .puk, code: puk, newPIN: letters)
        #expect(answer == .unfit(.incorrectData))
        #expect(card.token.withLock { $0.piv?.state.puk.left } == 3)
    }

    @Test func theHolderChangesThePIN() throws {
        var card = VirtualChannel(try Sample.card())
        let applet = try select(&card)
        let old = try secret("123456")
        let new = try secret("482913")
        #expect(try applet.change(&card, pin: new, to: old) == .wrong(left: 2))
        #expect(try applet.change(&card, pin: old, to: new) == .accepted)
        #expect(try applet.verify(&card, pin: new) == .accepted)
    }

    /// A code that has no encoding is refused before anything is sent.
    @Test func aCodeWithoutAnEncodingNeverLeaves() throws {
        var card = RewiredCard(try Sample.card())
        let applet = try select(&card)
        let long = try secret("123456789")
        let good = try secret("123456")
        do throws(TokenError) {
            _ = try applet.unblock(&card, .puk, code: long, newPIN: good)
            Issue.record("sent")
        } catch {
            #expect(error.code == .malformed)
            #expect(!error.mayHaveReached)
        }
        #expect(!card.sent.contains { $0[1] == 0x2C })
    }

    // MARK: Signing

    @Test(arguments: [KeyAlgorithm.rsa(bits: 2048), .rsa(bits: 3072), .p256, .p384], [false, true])
    func aSignatureVerifiesUnderTheCertificateReadFromTheToken(
        _ algorithm: KeyAlgorithm, _ extended: Bool
    ) throws {
        let card = try Sample.card(.extended) { $0.keys = [.init(0x9C, algorithm)] }
        var channel = VirtualChannel(card, takesExtended: extended)
        let applet = try select(&channel)
        let slot = KeySlot(rawValue: "9c")
        let identity = try applet.readIdentity(&channel, slots: [slot])
        let certificate = try #require(identity.certificates.first).certificate
        #expect(certificate.publicKey.algorithm == algorithm)
        let pin = try secret("123456")
        #expect(try applet.verify(&channel, pin: pin) == .accepted)
        let signature = try applet.sign(
            &channel, message: Sample.message, slot: slot, key: certificate.publicKey)
        let scheme = try #require(SignatureScheme.preferred(for: algorithm))
        #expect(try certificate.publicKey.verify(signature, of: Sample.message, scheme: scheme))
        // The signature key wants the PIN each time.
        do throws(TokenError) {
            _ = try applet.sign(
                &channel, message: Sample.message, slot: slot, key: certificate.publicKey)
            Issue.record("signed without the PIN")
        } catch {
            #expect(error.code == .status(.securityStatusNotSatisfied))
        }
    }

    @Test func whatCannotSignIsNoKey() throws {
        var card = VirtualChannel(try Sample.card())
        let applet = try select(&card)
        let key = try Sample.certificate().publicKey
        let odd = try KeyPair(generating: .rsa(bits: 1536)).publicKey
        for (slot, key) in [("9b", key), ("", key), ("9c", odd)] {
            do throws(TokenError) {
                _ = try applet.sign(
                    &card, message: Sample.message, slot: KeySlot(rawValue: slot), key: key)
                Issue.record("\(slot) signed")
            } catch {
                #expect(error.code == .noKey)
                #expect(!error.mayHaveReached)
            }
        }
    }

    @Test(arguments: [
        ("9000", TokenError.Code.malformed), ("7C009000", .malformed), ("7C0282009000", .malformed),
        ("82029000", .malformed), ("7C059000", .malformed), ("6A80", .status(.incorrectData)),
        ("6D00", .disturbed(.instructionNotSupported)), ("6E00", .disturbed(.classNotSupported)),
    ])
    func anAnswerThatIsNoSignatureIsSaidToBeNone(
        _ answer: String, _ wanted: TokenError.Code
    ) throws {
        var card = RewiredCard(try Sample.card(), [("0087", answer)])
        let applet = try select(&card)
        let slot = KeySlot(rawValue: "9c")
        let key = try Sample.certificate().publicKey
        do throws(TokenError) {
            _ = try applet.sign(&card, message: Sample.message, slot: slot, key: key)
            Issue.record("taken")
        } catch {
            #expect(error.code == wanted)
        }
    }

    // MARK: Traits

    @Test(arguments: [
        ("9a", PIVModel.extended, KeyTraits(origin: .generated, wantsPINEachTime: false, wantsTouch: false)),
        ("9c", .extended, KeyTraits(origin: .generated, wantsPINEachTime: true, wantsTouch: false)),
        ("9a", .plain, KeyTraits(origin: nil, wantsPINEachTime: false, wantsTouch: false)),
        ("9c", .plain, KeyTraits(origin: nil, wantsPINEachTime: true, wantsTouch: false)),
    ])
    func theDeviceTellsOfItsKeys(_ slot: String, _ model: PIVModel, _ wanted: KeyTraits) throws {
        var card = VirtualChannel(try Sample.card(model))
        let applet = try select(&card)
        #expect(try applet.readTraits(&card, of: KeySlot(rawValue: slot)) == wanted)
    }

    @Test(arguments: [
        ("0101110202010203010104009000", KeyTraits(origin: .generated, wantsPINEachTime: false, wantsTouch: true)),
        ("02020303030102 9000", KeyTraits(origin: .imported, wantsPINEachTime: true, wantsTouch: true)),
        ("030107 9000", KeyTraits(origin: nil, wantsPINEachTime: true, wantsTouch: false)),
        ("6A88", KeyTraits(origin: nil, wantsPINEachTime: true, wantsTouch: false)),
    ])
    func metadataOfAKeyAreReadAsYubicoWritesThem(_ answer: String, _ wanted: KeyTraits) throws {
        var card = RewiredCard(
            try Sample.card(.extended), [("00F7", answer.filter { $0 != " " })])
        let applet = try select(&card)
        #expect(try applet.readTraits(&card, of: KeySlot(rawValue: "9c")) == wanted)
    }

    // MARK: Interference and faults

    enum Sending: String, CaseIterable { case verify, change, unblock }

    private static func send(
        _ what: Sending, _ applet: PIVApplet, _ card: inout RewiredCard
    ) throws -> CodeAnswer {
        let pin = try secret("123456")
        let new = try secret("482913")
        let puk = try secret("12345678")
        return switch what {
        case .verify: try applet.verify(&card, pin: pin)
        case .change: try applet.change(&card, pin: pin, to: new)
        case .unblock: try applet.unblock(&card, .puk, code: puk, newPIN: new)
        }
    }

    @Test(arguments: Sending.allCases, ["6D00", "6E00"])
    func aCodeThatReachedAnotherAppletIsSaidToHave(_ what: Sending, _ answer: String) throws {
        var card = RewiredCard(
            try Sample.card(), ["20", "24", "2C"].map { ("00" + $0, answer) })
        let applet = try select(&card)
        do {
            _ = try Self.send(what, applet, &card)
            Issue.record("passed")
        } catch let error as TokenError {
            #expect(error.code == .disturbed(StatusWord(rawValue: UInt16(answer, radix: 16) ?? 0)))
            #expect(error.mayHaveReached)
        }
    }

    @Test(
        arguments: Sending.allCases,
        [
            CardFault.removed, .reset, .mute, .deadline, .cancelled, .malformedResponse,
            .transport(-1),
        ])
    func aCodeIsSentOnceWhateverBecomesOfIt(_ what: Sending, _ fault: CardFault) throws {
        let codes: Set<UInt8> = [0x20, 0x24, 0x2C]
        var card = RewiredCard(try Sample.card()) { codes.contains($0[1]) ? .fault(fault) : .through }
        let applet = try select(&card)
        do {
            _ = try Self.send(what, applet, &card)
            Issue.record("passed")
        } catch let error as TokenError {
            #expect(error.code == .fault(fault))
            #expect(error.mayHaveReached)
        }
        #expect(card.sent.filter { codes.contains($0[1]) }.count == 1)
    }

    /// 61xx and 6Cxx on a command with a code: more may be fetched, nothing is sent again.
    @Test(arguments: Sending.allCases, ["6C08", "6C00", "6102"])
    func aCodeIsNotSentAgainOnAWrongLength(_ what: Sending, _ answer: String) throws {
        let codes: Set<UInt8> = [0x20, 0x24, 0x2C]
        var card = RewiredCard(try Sample.card()) { command in
            if codes.contains(command[1]) { return .answer(answer) }
            return command[1] == 0xC0 ? .answer("9000") : .through
        }
        let applet = try select(&card)
        _ = try? Self.send(what, applet, &card)
        #expect(card.sent.filter { codes.contains($0[1]) }.count == 1)
    }

    /// Everything a restore does with a token, from SELECT to the signature.
    private static func restore(_ card: inout VirtualChannel, log: inout [String]) throws(TokenError) {
        let applet = try TokenFamilies.recognise(&card)
        let identity = try applet.readIdentity(&card, slots: slots)
        _ = try applet.readCounters(&card, of: .puk, asking: .asFamilyKnows)
        guard let proving = identity.provingCertificate(),
            let puk = try? secret("12345678"), let new = try? secret("482913")
        else { return log.append("no certificate") }
        _ = try applet.readTraits(&card, of: proving.slot)
        log.append("\(try applet.unblock(&card, .puk, code: puk, newPIN: new))")
        log.append("\(try applet.verify(&card, pin: new))")
        let signature = try applet.sign(
            &card, message: Sample.message, slot: proving.slot, key: proving.certificate.publicKey)
        let good = try? proving.certificate.publicKey.verify(
            signature, of: Sample.message, scheme: .ecdsaSHA256)
        log.append(good == true ? "signed" : "bad signature")
    }

    @Test(arguments: [
        Fault.Kind.pullBefore, .pullDuring, .mute(milliseconds: nil),
        .muteAfter(milliseconds: nil), .truncated(1), .truncated(2), .truncated(40), .reset,
        .status(.noPreciseDiagnosis), .status(.instructionNotSupported),
        .statusAfter(.memoryFailure), .pullAfter,
    ])
    func aFaultAtAnyCommandEndsTypedAndCostsNoSecondTry(_ kind: Fault.Kind) throws {
        let state = try Sample.state { $0.isLocked = true }
        var clean = VirtualChannel(PIVCard(.extended, state))
        var log: [String] = []
        try Self.restore(&clean, log: &log)
        #expect(log == ["accepted", "accepted", "signed"])
        let commands = clean.token.withLock { $0.log.count }
        #expect(commands > 8)

        for nth in 1...commands {
            var card = VirtualChannel(PIVCard(.extended, state))
            card.token.withLock { $0.arm(Fault(.command(nth), kind)) }
            var log: [String] = []
            do throws(TokenError) {
                try Self.restore(&card, log: &log)
            } catch {
                #expect(!error.description.isEmpty)
                if case .fault = error.code { #expect(error.mayHaveReached) }
            }
            #expect(!log.contains("bad signature"), "\(kind) at \(nth)")
            let (sent, after) = card.token.withLock { ($0.log, $0.piv?.state.puk.spent) }
            #expect(sent.filter { $0.header.ins == 0x2C }.count <= 1, "\(kind) at \(nth)")
            #expect(sent.filter { $0.header.ins == 0x20 && $0.header.p2 == 0x80 }.count <= 2)
            #expect(after == 0, "\(kind) at \(nth)")
        }
    }

    @Test func errorsNameTheCommandAndWhatBecameOfIt() {
        let table: [(TokenError.Code, String)] = [
            (.fault(.removed), "VERIFY: card removed"),
            (.disturbed(.classNotSupported), "VERIFY: another applet answered 6E00"),
            (.status(.incorrectData), "VERIFY: refused with 6A80"),
            (.malformed, "VERIFY: malformed answer"),
            (.unsupported, "VERIFY: no family this station knows"),
            (.noKey, "VERIFY: no such key"), (.noLockedMemory, "VERIFY: no locked memory"),
        ]
        for (code, text) in table { #expect(TokenError(code, "VERIFY").description == text) }
    }
}
