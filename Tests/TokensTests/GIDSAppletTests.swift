import APDU
import Crypto
import Secrets
import Testing
import VirtualToken

@testable import Tokens

/// The GIDS family on its simulated card.
@Suite struct GIDSAppletTests {
    private static let key = "0102030405060708" + "0102030405060708" + "0102030405060708"

    private static func card(
        _ oddities: GIDSModel.Oddities = [], _ change: (inout GIDSRecipe) -> Void = { _ in }
    ) throws -> GIDSCard {
        var recipe = GIDSRecipe()
        recipe.containers = [.init(.signature, .p256)]
        recipe.model.oddities = oddities
        change(&recipe)
        let made = try recipe.make(
            now: Sample.now, authority: Personalisation.authority(now: Sample.now))
        return try #require(made as? GIDSCard)
    }

    private static func select<C: CardChannel & ~Copyable>(_ card: inout C) throws -> GIDSApplet {
        try #require(try TokenFamilies.recognise(&card) as? GIDSApplet)
    }

    private static func counters(_ card: RewiredCard) -> (pin: Int, spent: [Int]) {
        card.token.token.withLock { ($0.card.counters[0].left, $0.card.counters.map(\.spent)) }
    }

    /// The key's own arithmetic, elsewhere.
    private static func response(_ challenge: [UInt8], _ key: String = key) throws -> Secret {
        let bytes = try #require(Hex.bytes(key))
        return try secret(Hex.lower(try BlockCipher.tripleDES.encrypt(challenge, key: bytes)))
    }

    // MARK: Recognition and identity

    @Test func theFamilyIsRecognisedWithoutDisturbingAnother() throws {
        var card = RewiredCard(try Self.card())
        _ = try Self.select(&card)
        #expect(card.headers.allSatisfy { $0 == "00A40400" })
        #expect(card.headers.count == card.sent.count)
        // A card that takes any name is not of this family.
        for template in [
            "9000", "61064F04A00000039000", "610D4F0BA0000003974254465A02019000", "6F009000",
        ] {
            var other = RewiredCard(
                try Self.card(), [("00A4040009A00000039742544659", template)])
            #expect(throws: TokenError.self) { try TokenFamilies.recognise(&other) }
        }
    }

    @Test func aFamilyThatIsExpectedIsAskedForFirstAndAnotherIsFoundAllTheSame() throws {
        var card = RewiredCard(try Self.card())
        #expect(try TokenFamilies.recognise(&card, expected: .gids) is GIDSApplet)
        let direct = card.sent.count
        var fresh = RewiredCard(try Self.card())
        _ = try Self.select(&fresh)
        #expect(direct < fresh.sent.count)
        #expect(fresh.sent.suffix(direct) == card.sent[...])
        for expected in Family.allCases {
            var piv = RewiredCard(try Sample.card())
            #expect(try TokenFamilies.recognise(&piv, expected: expected) is PIVApplet)
        }
    }

    @Test(arguments: [false, true])
    func identityIsCardIdentifierAndContainers(_ isUncompressed: Bool) throws {
        var card = RewiredCard(
            try Self.card {
                $0.containers = [
                    .init(.exchange, .rsa(bits: 2048)), .init(.signature, .p256),
                ]
                $0.isUncompressed = isUncompressed
            })
        let applet = try Self.select(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        #expect(identity.family == .gids)
        #expect(identity.model == "GIDS 2")
        #expect(identity.serial == nil)
        #expect(identity.guid == "00000000000040008000000012345678")
        #expect(identity.certificates.map(\.slot.rawValue) == ["kxc00", "ksc01"])
        #expect(identity.certificates.map(\.use) == [.authentication, .signature])
        #expect(identity.certificates.allSatisfy { $0.certificate.commonName != nil })
        #expect(identity.provingCertificate()?.slot.rawValue == "ksc01")
        let one = try applet.readIdentity(&card, slots: [KeySlot(rawValue: "ksc01")])
        #expect(one.certificates == [identity.certificates[1]])
        #expect(card.sent.allSatisfy { $0[1] == 0xA4 || $0[1] == 0xCB || $0[1] == 0xC0 })
    }

    @Test func aCardThatHoldsNothingYetIsNotIdentifiable() throws {
        var card = RewiredCard(try Self.card { $0.isBlank = true })
        let applet = try Self.select(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        #expect(identity.deviceNumbers.isEmpty)
    }

    @Test func anUnreadableCertificateLeavesTheOthers() throws {
        var card = RewiredCard(
            try Self.card { $0.containers = [.init(.signature, .p256), .init(.exchange, .p256)] },
            [("00CBA010045C02DF24", "DF240401000000" + "9000")])
        let applet = try Self.select(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        #expect(identity.certificates.map(\.slot.rawValue) == ["kxc01"])
    }

    // MARK: Counters

    @Test(arguments: [
        (GIDSModel.Oddities(), Counter(.known(2), limit: 3)),
        (.draftCounterTag, Counter(.known(2), limit: 3)),
        (.emptyVerifyCounts, Counter(.known(2), limit: 3)),
        (.hidesCount, .unknown(.notShown)),
    ])
    func theCounterIsReadAndNeverAskedForByVERIFY(
        _ oddities: GIDSModel.Oddities, _ expected: Counter
    ) throws {
        var card = RewiredCard(try Self.card(oddities))
        let applet = try Self.select(&card)
        #expect(try applet.verify(&card, pin: secret("999999")) == .wrong(left: 2))
        for isSafe in [true, false] {
            #expect(try applet.readPINCounter(&card, asking: isSafe ? .asFamilyKnows : .forbidden) == expected)
        }
        #expect(card.sent.filter { $0[1] == 0x20 }.count == 1)
        #expect(Self.counters(card).spent == [1, 0])
    }

    @Test func twoWaysShareAKeyWhoseTriesNobodySees() throws {
        for (oddities, obstacle) in [
            (GIDSModel.Oddities(), nil), (.mutualOnly, UnblockingObstacle.switchedOff),
        ] {
            var card = RewiredCard(try Self.card(oddities))
            let applet = try Self.select(&card)
            let ways = try applet.readUnblocking(&card)
            #expect(ways.map(\.form) == [.adminKeyResponse, .adminKey])
            #expect((ways[0].rule == CodeRule(16...16, .hex)) == (obstacle == nil))
            #expect(ways.allSatisfy { $0.counter == .unknown(.notShown) })
            #expect(ways.first { $0.form == .adminKeyResponse }?.obstacle == obstacle)
            #expect(ways.first { $0.form == .adminKey }?.isOpen == true)
        }
    }

    // MARK: The key entered at the station

    @Test(arguments: [GIDSModel.Oddities(), .mutualOnly])
    func theKeySetsANewPINInFourCommands(_ oddities: GIDSModel.Oddities) throws {
        var card = RewiredCard(try Self.card(oddities) { $0.isLocked = true })
        let applet = try Self.select(&card)
        let before = card.sent.count
        let answer = try applet.unblock(
            &card, .adminKey, code: secret(Self.key), newPIN: secret("correct!"))
        #expect(answer == .accepted)
        #expect(
            Array(card.headers[before...]) == ["0022C1A4", "00870000", "00870000", "002C0280"])
        #expect(try applet.verify(&card, pin: secret("correct!")) == .accepted)
        #expect(Self.counters(card).spent == [0, 0])
    }

    @Test func aWrongKeyIsAWrongCodeAndNoPINIsSent() throws {
        var card = RewiredCard(try Self.card(.countsAdministrator) { $0.isLocked = true })
        let applet = try Self.select(&card)
        for expected in [
            CodeAnswer.wrong(left: nil), .wrong(left: nil), .wrong(left: nil), .blocked,
        ] {
            let answer = try applet.unblock(
                &card, .adminKey, code: secret(String(repeating: "0A", count: 24)),
                newPIN: secret("correct!"))
            #expect(answer == expected)
        }
        #expect(!card.headers.contains("002C0280"))
        #expect(Self.counters(card) == (0, [0, 3]))
    }

    @Test(arguments: [
        "00", String(repeating: "0", count: 47), String(repeating: "0", count: 49),
        String(repeating: "g", count: 48),
    ])
    func whatCannotBeAKeyIsNotSent(_ digits: String) throws {
        var card = RewiredCard(try Self.card())
        let applet = try Self.select(&card)
        let before = card.sent.count
        #expect(throws: TokenError(.malformed, "GENERAL AUTHENTICATE")) {
            try applet.unblock(&card, .adminKey, code: secret(digits), newPIN: secret("correct!"))
        }
        #expect(card.sent.count == before)
    }

    /// A card that only plays back, or says yes to anything, gets no PIN.
    @Test(arguments: [
        "9000", "7C2A8228" + String(repeating: "00", count: 40) + "9000", "7C02820090 00",
        "7C038201009000",
    ])
    func aCardThatHasNotTheKeyGetsNoPIN(_ answer: String) throws {
        let proof = answer.filter { $0 != " " }
        var card = RewiredCard(try Self.card { $0.isLocked = true }, [("008700002C", proof)])
        let applet = try Self.select(&card)
        #expect(
            throws: TokenError(.malformed, "GENERAL AUTHENTICATE", mayHaveReached: true)
        ) {
            try applet.unblock(
                &card, .adminKey, code: secret(Self.key), newPIN: secret("correct!"))
        }
        #expect(!card.headers.contains("002C0280"))
    }

    /// What a refusal at each command means for the key and the PIN.
    @Test(arguments: [
        ("0022C1A4", "6A88", CodeAnswer.refused(.referenceDataNotFound)),
        ("0087000014", "6985", .refused(.conditionsNotSatisfied)),
        ("008700002C", "6982", .wrong(left: nil)), ("008700002C", "63C4", .wrong(left: 4)),
        ("008700002C", "6983", .blocked), ("002C0280", "6700", .unfit(.wrongLength)),
        ("002C0280", "6982", .refused(.securityStatusNotSatisfied)),
        ("002C0280", "63C2", .refused(.triesLeft(2))),
    ])
    func aRefusalIsOfTheCommandItAnswers(
        _ command: String, _ status: String, _ expected: CodeAnswer
    ) throws {
        var card = RewiredCard(try Self.card { $0.isLocked = true }, [(command, status)])
        let applet = try Self.select(&card)
        let answer = try applet.unblock(
            &card, .adminKey, code: secret(Self.key), newPIN: secret("correct!"))
        #expect(answer == expected)
    }

    @Test(arguments: ["0022C1A4", "0087000014", "008700002C", "002C0280"])
    func nothingIsSentAfterAFaultAndNoCommandTwice(_ command: String) throws {
        var card = RewiredCard(try Self.card { $0.isLocked = true }) { bytes in
            Hex.upper(bytes).hasPrefix(command) ? .fault(.removed) : .through
        }
        let applet = try Self.select(&card)
        #expect(throws: TokenError.self) {
            try applet.unblock(
                &card, .adminKey, code: secret(Self.key), newPIN: secret("correct!"))
        }
        #expect(Hex.upper(card.sent.last ?? []).hasPrefix(command))
        #expect(card.sent.filter { Hex.upper($0).hasPrefix(command) }.count == 1)
    }

    // MARK: The key held elsewhere

    @Test func aResponseFromElsewhereSetsANewPIN() throws {
        var card = RewiredCard(try Self.card { $0.isLocked = true })
        let applet = try Self.select(&card)
        let challenge = try applet.askChallenge(&card, .adminKeyResponse)
        #expect(challenge.count == 8)
        let answer = try applet.unblock(
            &card, .adminKeyResponse, response: Self.response(challenge),
            newPIN: secret("correct!"))
        #expect(answer == .accepted)
        #expect(try applet.verify(&card, pin: secret("correct!")) == .accepted)
        #expect(try applet.askChallenge(&card, .adminKeyResponse) != challenge)
    }

    @Test func aWrongResponseSendsNoPINAndTheChallengeIsGone() throws {
        var card = RewiredCard(try Self.card { $0.isLocked = true })
        let applet = try Self.select(&card)
        let challenge = try applet.askChallenge(&card, .adminKeyResponse)
        let wrong = try applet.unblock(
            &card, .adminKeyResponse,
            response: Self.response(challenge, String(repeating: "0A", count: 24)),
            newPIN: secret("correct!"))
        #expect(wrong == .wrong(left: nil))
        #expect(!card.headers.contains("002C0280"))
        let before = card.sent.count
        #expect(throws: TokenError(.challengeLost, "GENERAL AUTHENTICATE")) {
            try applet.unblock(
                &card, .adminKeyResponse, response: Self.response(challenge),
                newPIN: secret("correct!"))
        }
        #expect(card.sent.count == before)
        #expect(Self.counters(card) == (0, [0, 1]))
    }

    @Test func anythingSentInBetweenEndsTheChallenge() throws {
        var card = RewiredCard(try Self.card { $0.isLocked = true })
        let applet = try Self.select(&card)
        let challenge = try applet.askChallenge(&card, .adminKeyResponse)
        _ = try applet.readPINCounter(&card, asking: .forbidden)
        #expect(throws: TokenError(.challengeLost, "GENERAL AUTHENTICATE")) {
            try applet.unblock(
                &card, .adminKeyResponse, response: Self.response(challenge),
                newPIN: secret("correct!"))
        }
        #expect(Self.counters(card).spent == [0, 0])
    }

    @Test(arguments: ["", "0102", "01020304050607080", "010203040506070g"])
    func whatCannotBeAResponseIsNotSent(_ digits: String) throws {
        var card = RewiredCard(try Self.card())
        let applet = try Self.select(&card)
        _ = try applet.askChallenge(&card, .adminKeyResponse)
        let before = card.sent.count
        #expect(throws: TokenError(.malformed, "GENERAL AUTHENTICATE")) {
            try applet.unblock(
                &card, .adminKeyResponse, response: secret(digits), newPIN: secret("correct!"))
        }
        #expect(card.sent.count == before)
    }

    @Test(arguments: ["9000", "7C0281009000", "7C0981070102030405060790 00", "6985", "6A80"])
    func aChallengeOfAnotherFormIsNone(_ answer: String) throws {
        let answer = answer.filter { $0 != " " }
        var card = RewiredCard(try Self.card(), [("0087000004", answer)])
        let applet = try Self.select(&card)
        #expect(throws: TokenError.self) { try applet.askChallenge(&card, .adminKeyResponse) }
    }

    @Test func formsOfOtherFamiliesAreNone() throws {
        var card = RewiredCard(try Self.card())
        let applet = try Self.select(&card)
        for form in UnblockingForm.allCases where form != .adminKey {
            #expect(throws: TokenError(.unsupported, form.rawValue)) {
                try applet.unblock(
                    &card, form, code: secret("12345678"), newPIN: secret("correct!"))
            }
        }
        var piv = RewiredCard(try Sample.card())
        let other = try TokenFamilies.recognise(&piv)
        #expect(throws: TokenError.self) { try other.askChallenge(&piv, .adminKeyResponse) }
    }

    // MARK: Keys

    @Test(arguments: [
        (KeyAlgorithm.rsa(bits: 1024), false), (.rsa(bits: 2048), false), (.rsa(bits: 3072), false),
        (.p256, false), (.p256, true), (.p384, false),
    ])
    func signaturesVerifyUnderTheCertificate(
        _ algorithm: KeyAlgorithm, _ isDER: Bool
    ) throws {
        var card = RewiredCard(
            try Self.card(isDER ? .derSignatures : []) {
                $0.containers = [.init(.exchange, .p256), .init(.signature, algorithm)]
            })
        let applet = try Self.select(&card)
        let proving = try #require(
            try applet.readIdentity(&card, slots: nil).provingCertificate())
        let key = proving.certificate.publicKey
        #expect(key.algorithm == algorithm)
        #expect(throws: TokenError.self) {
            try applet.sign(&card, message: Sample.message, slot: proving.slot, key: key)
        }
        #expect(try applet.verify(&card, pin: secret("123456")) == .accepted)
        let signature = try applet.sign(
            &card, message: Sample.message, slot: proving.slot, key: key)
        let scheme = try #require(SignatureScheme.preferred(for: algorithm))
        #expect(try key.verify(signature, of: Sample.message, scheme: scheme))
        #expect(
            try applet.readTraits(&card, of: proving.slot)
                == KeyTraits(origin: nil, wantsPINEachTime: false, wantsTouch: false))
    }

    @Test(arguments: ["9c", "kxc", "kxcGG", "ksc80", "kxc000", "KXC00"])
    func namesThatAreNoKeysAreNone(_ name: String) throws {
        var card = RewiredCard(try Self.card())
        let applet = try Self.select(&card)
        #expect(throws: TokenError(.noKey, "key \(name)")) {
            try applet.readTraits(&card, of: KeySlot(rawValue: name))
        }
    }

    @Test func anotherAppletIsNoticedAtEveryCommand() throws {
        for header in ["00CB", "0022", "0087", "002C", "0020"] {
            var card = RewiredCard(try Self.card { $0.isLocked = true }, [(header, "6D00")])
            let applet = try Self.select(&card)
            var seen: TokenError.Code?
            do {
                _ = try applet.readIdentity(&card, slots: nil)
                _ = try applet.unblock(
                    &card, .adminKey, code: secret(Self.key), newPIN: secret("correct!"))
                _ = try applet.verify(&card, pin: secret("correct!"))
            } catch {
                seen = (error as? TokenError)?.code
            }
            #expect(seen == .disturbed(.instructionNotSupported), "\(header)")
        }
    }
}
