import APDU
import Crypto
import Secrets
import Testing
import VirtualToken

@testable import Tokens

private func token(
    _ protection: EPass2003Model.Protection = .tripleDES,
    _ change: (inout EPass2003Recipe) -> Void = { _ in }
) throws -> EPass2003Card {
    var recipe = EPass2003Recipe()
    recipe.model.protection = protection
    recipe.keys = [.init(.p256)]
    change(&recipe)
    let authority = try TrainingAuthority.make(now: Sample.now)
    return try #require(
        try recipe.make(now: Sample.now, authority: authority) as? EPass2003Card)
}

private func recognise<C: CardChannel & ~Copyable>(
    _ card: inout C
) throws -> EPass2003Applet {
    try #require(try TokenFamilies.recognise(&card) as? EPass2003Applet)
}

private func spent(_ card: VirtualChannel) -> [Int] {
    card.token.withLock { $0.card.counters.map(\.spent) }
}

private func left(_ card: VirtualChannel) -> [Int] {
    card.token.withLock { $0.card.counters.map(\.left) }
}

private let slot = KeySlot(rawValue: "45")

@Suite struct EPass2003AppletTests {
    @Test(arguments: EPass2003Model.Protection.allCases)
    func aTokenTellsItsNumberAndItsCertificates(_ protection: EPass2003Model.Protection) throws {
        var card = VirtualChannel(
            try token(protection) {
                $0.keys = [.init(.p256), .init(.rsa(bits: 2048), isImported: true)]
            })
        let applet = try recognise(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        #expect(identity.family == .ePass2003)
        #expect(identity.model == "ePass2003")
        #expect(identity.serial == "2003000000bc614e")
        #expect(identity.marks.label == "ePass2003")
        #expect(identity.marks.manufacturer == "EnterSafe")
        #expect(identity.certificates.map(\.slot.rawValue) == ["45", "46"])
        #expect(identity.provingCertificate()?.slot == slot)
        #expect(
            try identity.certificates.map {
                try applet.readTraits(&card, of: $0.slot).personaliserSays
            } == [.generated, .imported])
        #expect(spent(card) == [0, 0])
    }

    @Test func onlyTheSlotsAskedForAreRead() throws {
        var card = VirtualChannel(try token { $0.keys = [.init(.p256), .init(.p256)] })
        let wanted = KeySlot(rawValue: "46")
        let identity = try recognise(&card).readIdentity(&card, slots: [wanted])
        #expect(identity.certificates.map(\.slot) == [wanted])
    }

    @Test(arguments: EPass2003Model.Protection.allCases)
    func triesAreToldAndNotSpent(_ protection: EPass2003Model.Protection) throws {
        var card = VirtualChannel(
            try token(protection) {
                $0.isLocked = true
                $0.pinTries = 3
                $0.keys = []
            })
        let applet = try recognise(&card)
        let way = try #require(try applet.readUnblocking(&card).first)
        #expect(way.form == .soPIN && way.obstacle == nil)
        #expect(way.counter == Counter(.known(6), limit: 6))
        let pin = try applet.readPINCounter(&card, asking: .asFamilyKnows)
        #expect(pin == Counter(.known(0), limit: 3))
        #expect(
            try applet.readPINCounter(&card, asking: .forbidden)
                == .unknown(.queryUnsafe))
        #expect(spent(card) == [0, 0])
    }

    @Test(arguments: EPass2003Model.Protection.allCases)
    func theOfficersPINAndANewOneRestoreIt(_ protection: EPass2003Model.Protection) throws {
        var card = VirtualChannel(try token(protection) { $0.isLocked = true })
        let applet = try recognise(&card)
        let officer = try secret("87654321")
        let new = try secret("correct horse ba")
        _ = try applet.readUnblocking(&card)
        #expect(try applet.unblock(&card, .soPIN, code: officer, newPIN: new) == .accepted)
        #expect(left(card) == [6, 6] && spent(card) == [0, 0])
        #expect(try applet.verify(&card, pin: secret("123456")) == .wrong(left: 5))
        #expect(try applet.verify(&card, pin: new) == .accepted)
        #expect(spent(card) == [1, 0])
    }

    @Test func aWrongOfficersPINCostsOneTryAndWritesNothing() throws {
        var card = RewiredCard(
            try token {
                $0.isLocked = true
                $0.soTries = 2
            })
        let applet = try recognise(&card)
        let wrong = try secret("11111111")
        let new = try secret("654321")
        for answer in [CodeAnswer.wrong(left: 1), .blocked, .blocked] {
            #expect(try applet.unblock(&card, .soPIN, code: wrong, newPIN: new) == answer)
        }
        #expect(!card.headers.contains("8CE50401"))
        #expect(spent(card.token) == [0, 2])
    }

    @Test(
        arguments: EPass2003Model.Protection.allCases,
        [KeyAlgorithm.rsa(bits: 1024), .rsa(bits: 2048), .p256])
    func theKeySigns(_ protection: EPass2003Model.Protection, _ algorithm: KeyAlgorithm) throws {
        var card = RewiredCard(try token(protection) { $0.keys = [.init(algorithm)] })
        let applet = try recognise(&card)
        let key = try #require(
            try applet.readIdentity(&card, slots: nil).provingCertificate()
        ).certificate.publicKey
        #expect(try applet.verify(&card, pin: secret("123456")) == .accepted)
        let signature = try applet.sign(&card, message: Sample.message, slot: slot, key: key)
        let scheme = try #require(SignatureScheme.preferred(for: algorithm))
        #expect(try key.verify(signature, of: Sample.message, scheme: scheme))
    }

    @Test func withoutThePINTheKeyDoesNotSign() throws {
        var card = VirtualChannel(try token())
        let applet = try recognise(&card)
        let key = try #require(
            try applet.readIdentity(&card, slots: nil).provingCertificate()
        ).certificate.publicKey
        do throws(TokenError) {
            _ = try applet.sign(&card, message: [1], slot: slot, key: key)
            Issue.record("signed")
        } catch {
            #expect(error.code == .status(.securityStatusNotSatisfied))
        }
    }

    /// With a new PIN its tries are written: where nobody says how many, none is.
    @Test func withoutTheFileOfTriesNothingIsWritten() throws {
        var card = RewiredCard(
            try token {
                $0.hidesTries = true
                $0.isLocked = true
            })
        let applet = try recognise(&card)
        let way = try #require(try applet.readUnblocking(&card).first)
        #expect(way.obstacle == .providerOnly && way.counter == Counter(.known(6)))
        let officer = try secret("87654321")
        let new = try secret("654321")
        #expect(throws: TokenError(.unsupported, "so-pin")) {
            _ = try applet.unblock(&card, .soPIN, code: officer, newPIN: new)
        }
        #expect(!card.headers.contains("0C820182") || spent(card.token) == [0, 0])
    }

    // MARK: What it is asked

    @Test func itIsKnownByOneQuestionAndOpenedByTwo() throws {
        var card = RewiredCard(try token())
        _ = try EPass2003Applet.select(&card, Workbench())
        #expect(card.headers == ["00CA0186", "80500000", "84820300"])
    }

    @Test func anotherCardIsAskedOneQuestion() throws {
        let authority = try TrainingAuthority.make(now: Sample.now)
        for recipe: any TokenRecipe in [PKCS15Recipe(.vgca), GIDSRecipe(), PIVRecipe(yubico: true)]
        {
            var card = RewiredCard(try recipe.make(now: Sample.now, authority: authority))
            #expect(try EPass2003Applet.select(&card, Workbench()) == nil)
            #expect(card.headers == ["00CA0186"])
        }
    }

    @Test func noCodeGoesOutAsItIs() throws {
        for protection in [EPass2003Model.Protection.tripleDES, .aes128] {
            var card = RewiredCard(try token(protection) { $0.isLocked = true })
            let applet = try recognise(&card)
            let officer = try secret("87654321")
            let new = try secret("correct horse")
            #expect(try applet.unblock(&card, .soPIN, code: officer, newPIN: new) == .accepted)
            #expect(try applet.verify(&card, pin: new) == .accepted)
            let all = card.sent.map(Hex.lower).joined(separator: " ")
            for text in ["87654321", "correct horse"] {
                #expect(!all.contains(Hex.lower(Array(text.utf8))))
                #expect(!all.contains(Hex.lower(try EPass2003Card.key(of: text).prefix(8) + [])))
            }
        }
    }

    // MARK: Secure messaging

    @Test func aTokenWithOtherKeysIsLeftAlone() throws {
        var card = RewiredCard(try token { $0.model.hasOwnKeys = true })
        #expect(throws: TokenError(.unsupported, "INITIALIZE UPDATE")) {
            _ = try EPass2003Applet.select(&card, Workbench())
        }
        #expect(card.headers == ["00CA0186", "80500000"])
    }

    @Test func fipsModeIsNotSpoken() throws {
        let description = """
            8001018102000082020000830100840101850D000000000000000000000000008701019000
            """
        var card = RewiredCard(try token(), [("00CA0186", description)])
        #expect(throws: TokenError(.unsupported, "secure messaging in FIPS mode")) {
            _ = try EPass2003Applet.select(&card, Workbench())
        }
        #expect(card.headers == ["00CA0186"])
    }

    /// Any change on the way to an answer ends everything, before the next command.
    @Test(
        arguments: [EPass2003Model.Protection.tripleDES, .aes128],
        ["0C840000", "0C820182", "8CE50401", "0C820181"])
    func aChangedAnswerEndsEverything(_ protection: EPass2003Model.Protection, _ command: String)
        throws
    {
        for place in 0..<4 {
            let inner = VirtualChannel(
                try token(protection) {
                    $0.isLocked = true
                    $0.keys = []
                })
            var card = TamperingCard(inner: inner, command: command, place: place)
            let applet = try recognise(&card)
            _ = try applet.readUnblocking(&card)
            card.isArmed = true
            let officer = try secret("87654321")
            let new = try secret("654321")
            do throws(TokenError) {
                if try applet.unblock(&card, .soPIN, code: officer, newPIN: new) == .accepted {
                    _ = try applet.verify(&card, pin: new)
                }
                Issue.record("\(command), byte \(place): not seen")
            } catch {
                #expect(error.code == .macWrong || error.code == .malformed)
                #expect(error.mayHaveReached)
            }
            let sent = card.sent
            #expect(throws: TokenError.self) {
                _ = try applet.readPINCounter(&card, asking: .asFamilyKnows)
            }
            #expect(card.sent == sent)
        }
    }

    /// Without a MAC it may end the session, and says nothing of a code or its tries.
    @Test(arguments: ["63C1", "6983", "6988", "6985", "6F00"])
    func aStatusWordAloneIsNoAnswerToACode(_ status: String) throws {
        var card = RewiredCard(try token { $0.keys = [] }, [("0C820181", status)])
        let applet = try recognise(&card)
        let bytes = try #require(Hex.bytes(status))
        let pin = try secret("123456")
        do throws(TokenError) {
            _ = try applet.verify(&card, pin: pin)
            Issue.record("taken for an answer")
        } catch {
            #expect(error.code == .status(StatusWord(bytes[0], bytes[1])))
            #expect(error.mayHaveReached)
        }
    }

    @Test func anotherAppletInBetweenIsSeen() throws {
        var card = RewiredCard(try token { $0.keys = [] }, [("0C82", "6D00")])
        let applet = try recognise(&card)
        do throws(TokenError) {
            _ = try applet.readPINCounter(&card, asking: .asFamilyKnows)
            Issue.record("not seen")
        } catch {
            #expect(error.code == .disturbed(.instructionNotSupported))
        }
    }
}

/// One byte of the answers to one command is changed: of the first, second, last but one and last
/// object, as `place` says.
private struct TamperingCard: CardChannel {
    var inner: VirtualChannel
    let command: String
    let place: Int
    var isArmed = false
    let takesExtended = true
    private(set) var sent = 0

    init(inner: VirtualChannel, command: String, place: Int) {
        (self.inner, self.command, self.place) = (inner, command, place)
    }

    mutating func transmit(
        _ bytes: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        sent += 1
        try inner.transmit(bytes, writes: writes, into: &response)
        guard isArmed, Hex.upper(Array(bytes.prefix(4))) == command else { return }
        var answer = response.withBytes { Array($0) }
        let at = [3, answer.count - 3, answer.count - 13, answer.count - 10][place]
        answer[at] ^= 0x01
        response.clear()
        _ = answer.withUnsafeBytes { response.append(contentsOf: $0) }
    }
}

@Suite struct EPass2003ObjectTests {
    /// The cipher's byte, the one of secure messaging, and the one of FIPS mode, where it is there.
    private struct Description: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8?]
        let protection: EPass2003Object.Protection?
        var testDescription: String { "\(bytes)" }

        init(_ bytes: [UInt8?], _ protection: EPass2003Object.Protection?) {
            self.bytes = bytes
            self.protection = protection
        }

        var data: [UInt8] {
            var data: [UInt8] = [0x80, 1]
            guard let cipher = bytes[0] else { return data }
            data.append(cipher)
            data += [0x81, 2, 0, 0, 0x82, 2, 0, 0, 0x83, 1, 0, 0x84, 1]
            guard let messaging = bytes[1] else { return data }
            data.append(messaging)
            guard let fips = bytes[2] else { return data }
            data += [0x85, 13] + [UInt8](repeating: 0, count: 13)
            return data + [0x87, 1, fips]
        }
    }

    private static let descriptions: [Description] = [
        Description([2, 1, nil], .tripleDES), Description([1, 1, nil], .aes128),
        Description([2, 0, nil], EPass2003Object.Protection.none),
        Description([1, 1, 1], .fips), Description([2, 1, 1], .tripleDES),
        Description([1, 1, 0], .aes128), Description([1, nil, nil], nil),
        Description([nil, nil, nil], nil),
    ]

    @Test(arguments: descriptions)
    private func itSaysHowItIsProtected(_ description: Description) {
        #expect(EPass2003Object.protection(description.data) == description.protection)
        for place in [0, 1, 14, 15] where description.data.count > 16 {
            var other = description.data
            other[place] ^= 0x01
            #expect(EPass2003Object.protection(other) == nil)
        }
    }

    /// Lengths from 128 to 255 in one byte, as the token writes them, or as the standard does.
    @Test(
        arguments: [
            (8, "8709"), (112, "8771"), (128, "8781"), (128, "878181"), (136, "8789"),
            (248, "87F9"), (248, "8781F9"), (256, "87820101"), (264, "87820109"),
        ])
    func aCryptogramIsFoundHoweverItsLengthIsWritten(_ count: Int, _ head: String) throws {
        let text = [UInt8](repeating: 0x01, count: count)
        let mac: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        let data =
            try #require(Hex.bytes(head)) + [1] + text + [0x99, 2, 0x90, 0, 0x8E, 8] + mac
        let answer = try EPass2003Object.answer(data)
        #expect(answer.enciphered == text && answer.mac == mac && answer.status == .success)
        #expect(answer.covered == data.count - 10)
        for end in data.indices {
            #expect(throws: EPass2003Failure.malformed) {
                _ = try EPass2003Object.answer(Array(data[..<end]))
            }
        }
        #expect(throws: EPass2003Failure.malformed) {
            _ = try EPass2003Object.answer(data + [0])
        }
    }

    @Test func whateverItSendsIsReadOrRefused() throws {
        let seed = try #require(
            Hex.bytes(
                "872101464D8F264CE4B592E7FCCE8FAC093E410F567224DC9715313D6D66BA808157BA990290008E"
                    + "088A8D05E52FC4A794"))
        for bytes in seed.mutations(2000, seed: 2003) {
            _ = try? EPass2003Object.answer(bytes)
            _ = EPass2003Object.protection(bytes)
            _ = EPass2003Object.fileSize(bytes)
            _ = EPass2003Object.tries(bytes)
            _ = EPass2003Object.file(bytes)
        }
    }

    @Test(
        arguments: [
            ("3F0050153101", 0x3120), ("50153102", 0x3140), ("3107", 0x31E0), ("4404", 0x4404),
            ("3F0050155031", 0x5031), ("2901", 0x2920), ("3501", 0x3501), ("3F005016310", nil),
            ("3F0050163101", nil), ("", nil), ("31", nil),
        ] as [(String, UInt16?)])
    func aPathLeadsToAFile(_ path: String, _ file: UInt16?) {
        #expect(EPass2003Object.file(Hex.bytes(path) ?? []) == file)
    }

    @Test func triesAreOneToFifteen() {
        #expect(EPass2003Object.tries([3, 15]) == (3, 15))
        #expect(EPass2003Object.tries([0, 16]) == (nil, nil))
        #expect(EPass2003Object.tries([6]) == (6, nil))
    }
}

/// The host's side held against what OpenSC 0.23 sent, and against what the card answered it.
@Suite struct EPass2003HostTests {
    private struct Recording: Sendable, CustomTestStringConvertible {
        let cipher: BlockCipher
        let card: String
        let cryptogram: String
        let proof: String
        let select: (field: String, answer: String)
        var testDescription: String { "\(cipher)" }
    }

    private static let recordings = [
        Recording(
            cipher: .tripleDES, card: "A5708CDB279064D7", cryptogram: "5B4323470ACF6D6D",
            proof: "157B7E890CF51CC77F9BE5C04E7260AB",
            select: (
                "87090117845A964F30ECD29701008E085A321AC5993C177D",
                "872101464D8F264CE4B592E7FCCE8FAC093E410F567224DC9715313D6D66BA808157BA990290008E"
                    + "088A8D05E52FC4A794"
            )),
        Recording(
            cipher: .aes128, card: "4A3CF043CA057092", cryptogram: "78C8598C2BC234E7",
            proof: "446E8614734A424FAE347A584EF46025",
            select: (
                "871101C7EAF9B7803F65780E14877B09FDF7CB9701008E08BED600F6212CB654",
                "8721018A9F71078536B894E88F2C707F9B465B2E911D7F96588FEBC1372CC7FD981A76990290008E"
                    + "0893743FC7BE30302F"
            )),
    ]

    private static func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.bytes(hex)) }

    @Test(arguments: recordings)
    private func itSaysWhatOpenSCSaid(_ recording: Recording) throws {
        let session = try EPass2003Session(
            cipher: recording.cipher, host: Self.bytes("BFC32911C718C340"),
            card: Self.bytes(recording.card))
        #expect(try session.isCard(by: Self.bytes(recording.cryptogram)))
        #expect(try session.isCard(by: Self.bytes(recording.card)) == false)
        let proof = try session.authenticate(CommandHeader(0x84, 0x82, 3, 0))
        #expect(Hex.upper(proof) == recording.proof)
        let field = try session.wrap(
            CommandHeader(0x0C, 0xA4, 0, 0), EPass2003Text([0x3F, 0x00]), expected: 0)
        #expect(Hex.upper(field.bytes) == recording.select.field)
        let answer = ResponseAPDU(data: try Self.bytes(recording.select.answer), status: .success)
        #expect(
            Hex.upper(try session.unwrap(answer))
                == "6F18820238008302" + "3F00840E656E746572736166652D66697073")
        // The status word outside has no MAC of its own.
        let other = ResponseAPDU(data: answer.data, status: .endOfFile)
        #expect(throws: EPass2003Failure.macWrong) { _ = try session.unwrap(other) }
    }
}
