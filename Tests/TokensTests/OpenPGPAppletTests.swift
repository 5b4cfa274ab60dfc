import APDU
import Crypto
import Secrets
import Testing
import VirtualToken

@testable import Tokens

/// What the agent does with an OpenPGP card, judged by the simulated card's own state.
@Suite struct OpenPGPAppletTests {
    static let signature = KeySlot(rawValue: "sig")
    static let authentication = KeySlot(rawValue: "aut")

    static func card(_ change: (inout OpenPGPRecipe) -> Void = { _ in }) throws -> OpenPGPCard {
        var recipe = OpenPGPRecipe()
        change(&recipe)
        let authority = try Personalisation.authority(now: Sample.now)
        let made = try recipe.make(now: Sample.now, authority: authority)
        return try #require(made as? OpenPGPCard)
    }

    static func applet<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws -> OpenPGPApplet {
        try #require(try TokenFamilies.recognise(&card) as? OpenPGPApplet)
    }

    private static func spent(_ card: RewiredCard) -> [Int] {
        card.token.token.withLock { token in
            guard let state = token.openPGP?.state else { return [] }
            return [state.pw1.spent, state.resettingCode.spent, state.pw3.spent]
        }
    }

    private static func codesSent(_ card: RewiredCard) -> [String] {
        card.sent.filter { [0x20, 0x2C].contains($0[1]) }.map { Hex.upper($0.prefix(4)) }
    }

    // MARK: Identity

    @Test(
        arguments: [
            (.p256, OpenPGPModel.Oddities()), (.rsa(bits: 2048), OpenPGPModel.Oddities()),
            (.rsa(bits: 3072), OpenPGPModel.Oddities()), (.p256, .wrapsObjects),
        ] as [(KeyAlgorithm, OpenPGPModel.Oddities)], [false, true])
    func eachCertificateIsGivenToTheKeyItIsOf(
        _ kind: (KeyAlgorithm, OpenPGPModel.Oddities), _ extended: Bool
    ) throws {
        var card = RewiredCard(
            try Self.card {
                $0.keys = OpenPGPSlot.allCases.map { .init($0, kind.0) }
                $0.model.oddities = kind.1
                $0.model.extendedLength = extended
            })
        let identity = try Self.applet(&card).readIdentity(&card, slots: nil)
        #expect(identity.family == .openpgp)
        #expect(identity.model == "OpenPGP card 3.4")
        #expect(identity.serial == "FFFE:12345678")
        #expect(identity.deviceNumber == "FFFE:12345678")
        #expect(identity.match("FFFE 12345678") == "FFFE:12345678")
        #expect(identity.match("12345678") == "12345678")
        #expect(identity.certificates.map(\.slot) == [Self.signature, Self.authentication])
        #expect(identity.certificates.map(\.use) == [.signature, .authentication])
        #expect(identity.provingCertificate()?.slot == Self.signature)
        #expect(identity.certificates.allSatisfy { $0.certificate.publicKey.algorithm == kind.0 })
        #expect(Self.codesSent(card).isEmpty)
        // Public keys are read and never made.
        #expect(card.sent.allSatisfy { $0[1] != 0x47 || $0[2] == 0x81 })
    }

    @Test(arguments: [("sig", "02"), ("aut", "00")])
    func aKeysOwnCertificateIsLookedForWhereTheStandardHasIt(
        _ slot: String, _ occurrence: String
    ) throws {
        var card = RewiredCard(try Self.card())
        let slot = KeySlot(rawValue: slot)
        let identity = try Self.applet(&card).readIdentity(&card, slots: [slot])
        #expect(identity.certificates.map(\.slot) == [slot])
        #expect(card.headers.filter { $0.hasPrefix("00A5") } == ["00A5\(occurrence)04"])
    }

    /// Whoever put the certificates there took another order.
    @Test func aCertificateInAnotherPlaceIsStillThatOfItsKey() throws {
        let original = try Self.card()
        var state = original.state
        let certificates = [0x7F2100, 0x7F2101, 0x7F2102].map { state.objects[$0] }
        state.objects[0x7F2100] = certificates[2]
        state.objects[0x7F2101] = certificates[0]
        state.objects[0x7F2102] = Array("no certificate at all".utf8)
        var card = RewiredCard(OpenPGPCard(original.model, state))
        let identity = try Self.applet(&card).readIdentity(&card, slots: nil)
        #expect(identity.certificates.map(\.slot) == [Self.signature, Self.authentication])
        #expect(identity.certificates.first?.certificate.der == certificates[2])
    }

    @Test func aCertificateOfAnotherKeyIsNobodys() throws {
        let original = try Self.card()
        var state = original.state
        state.objects[0x7F2102] = try Sample.certificate().der
        var card = RewiredCard(OpenPGPCard(original.model, state))
        let identity = try Self.applet(&card).readIdentity(&card, slots: nil)
        #expect(identity.certificates.map(\.slot) == [Self.authentication])
    }

    /// As most such cards are: there is a number to know it by, and nothing that proves a key.
    @Test func aCardWithoutCertificatesIsKnownByItsNumber() throws {
        let original = try Self.card()
        var state = original.state
        for tag: UInt32 in [0x7F2100, 0x7F2101, 0x7F2102] { state.objects[tag] = nil }
        var card = RewiredCard(OpenPGPCard(original.model, state))
        let identity = try Self.applet(&card).readIdentity(&card, slots: nil)
        #expect(identity.certificates.isEmpty)
        #expect(identity.provingCertificate() == nil)
        #expect(identity.deviceNumbers == ["FFFE:12345678", "12345678"])
    }

    @Test func aCardWithoutKeysIsAskedForNone() throws {
        var card = RewiredCard(try Self.card { $0.keys = [] })
        let identity = try Self.applet(&card).readIdentity(&card, slots: nil)
        #expect(identity.certificates.isEmpty)
        #expect(!card.headers.contains { $0.hasPrefix("0047") || $0.hasPrefix("00A5") })
    }

    @Test(
        arguments: [
            (1, "FFFE:00000001", ["00000001", "1"]),
            (5_432_109, "FFFE:05432109", ["05432109", "5432109"]),
            (98_765_432, "FFFE:98765432", ["98765432"]), (0, "FFFE:00000000", ["00000000"]),
        ] as [(UInt32, String, [String])])
    func theNumbersPrintedOnDevicesAreTaken(
        _ number: UInt32, _ serial: String, _ printed: [String]
    ) throws {
        var card = RewiredCard(
            try Self.card {
                $0.serial = number
                $0.keys = []
            })
        let identity = try Self.applet(&card).readIdentity(&card, slots: nil)
        #expect(identity.deviceNumbers == [serial] + printed)
    }

    @Test(arguments: ["00112233", "ABCDEF01"])
    func lettersInANumberAreNoDecimalNumber(_ digits: String) throws {
        let bytes = try #require(Hex.bytes("D2760001240103040006" + digits + "0000"))
        let identifier = try #require(OpenPGPIdentifier(bytes))
        #expect(identifier.printed == (digits == "00112233" ? [digits, "112233"] : [digits]))
        #expect(identifier.model == "OpenPGP card 3.4, Yubico")
        #expect(identifier.marks.manufacturer == "Yubico")
        #expect(identifier.marks.version == TokenVersion("3.4"))
        #expect(identifier.marks.aid == "D2760001240103040006\(digits)0000")
    }

    // MARK: Counters and ways

    @Test(
        arguments: [
            ([], 3, 0, 3), (["--puk", "87654321"], 3, 3, 3), (["--locked"], 0, 0, 3),
            (["--locked", "--puk", "87654321", "--puk-tries", "7", "--admin-tries", "5"], 0, 7, 5),
            (["--pin-tries", "10", "--kdf", "three-salts"], 10, 0, 3),
        ] as [([String], Int, Int, Int)])
    func countersAreReadWithoutASingleVerify(
        _ words: [String], _ pin: Int, _ reset: Int, _ admin: Int
    ) throws {
        var card = RewiredCard(
            try Self.card { recipe in
                var rest = words[...]
                while let option = rest.popFirst() {
                    _ = try? recipe.set(option) { () throws(VirtualTokenError) in
                        rest.popFirst() ?? ""
                    }
                }
            })
        let applet = try Self.applet(&card)
        // What is unsafe elsewhere is never needed here.
        #expect(try applet.readPINCounter(&card, asking: .forbidden) == Counter(.known(pin)))
        let ways = try applet.readUnblocking(&card)
        #expect(ways.map(\.form) == [.resettingCode, .adminPIN])
        #expect(ways.map(\.counter) == [Counter(.known(reset)), Counter(.known(admin))])
        #expect(ways.map(\.obstacle) == [reset == 0 ? .notSetOrBlocked : nil, nil])
        #expect(ways.map(\.isOpen) == [reset > 0, true])
        #expect(ways.map(\.rule) == [CodeRule(8...64, .any), CodeRule(8...64, .any)])
        #expect(applet.pinRule == CodeRule(6...64, .any))
        #expect(Self.codesSent(card).isEmpty)
    }

    @Test func aCardThatNamesAbsurdLengthsTakesTheMinimum() throws {
        var data = try OpenPGPObjectTests.applicationData(status: "00 00 00 00 03 00 03")
        data += [0x90, 0x00]
        var card = RewiredCard(try Self.card(), [("00CA006E", Hex.upper(data))])
        let applet = try Self.applet(&card)
        #expect(applet.pinRule == CodeRule(6...6, .any))
    }

    // MARK: Unblocking

    struct Case: Sendable, CustomTestStringConvertible {
        let salts: Int
        let oddities: OpenPGPModel.Oddities
        var testDescription: String { "\(salts) salts, oddities \(oddities.rawValue)" }
        static let all = [0, 1, 3].flatMap { salts in
            [OpenPGPModel.Oddities(), .wrongIs6982, .wrapsObjects].map {
                Case(salts: salts, oddities: $0)
            }
        }
    }

    private static func locked(_ kind: Case) throws -> RewiredCard {
        RewiredCard(
            try card {
                $0.isLocked = true
                $0.resettingCode = "87654321"
                $0.admin = "administrator"
                $0.salts = kind.salts
                $0.model.oddities = kind.oddities
            })
    }

    @Test(arguments: Case.all)
    func theResettingCodeSetsANewPIN(_ kind: Case) throws {
        var card = try Self.locked(kind)
        let applet = try Self.applet(&card)
        let code = try secret("87654321")
        let wrong = try secret("99999999")
        let old = try secret("123456")
        let new = try secret("ban tinh 42")
        // 6982 alone does not tell what it cost, where a code went out since the last look.
        let told = CodeAnswer.wrong(left: kind.oddities.contains(.wrongIs6982) ? nil : 2)
        #expect(try applet.verify(&card, pin: old) == .blocked)
        let refused = try applet.unblock(&card, .resettingCode, code: wrong, newPIN: new)
        #expect(refused == told)
        #expect(try applet.readUnblocking(&card).map(\.counter.known) == [2, 3])
        #expect(try applet.unblock(&card, .resettingCode, code: code, newPIN: new) == .accepted)
        #expect(try applet.verify(&card, pin: new) == .accepted)
        #expect(try applet.verify(&card, pin: old) == told)
        #expect(try applet.readPINCounter(&card, asking: .asFamilyKnows).known == 2)
        #expect(Self.spent(card) == [1, 1, 0])
        #expect(
            Self.codesSent(card)
                == ["00200081", "002C0081", "002C0081", "00200081", "00200081"])
    }

    @Test(arguments: Case.all)
    func theAdministratorsPINSetsANewPIN(_ kind: Case) throws {
        var card = try Self.locked(kind)
        let applet = try Self.applet(&card)
        let admin = try secret("administrator")
        let wrong = try secret("administrator1")
        let new = try secret("482913")
        #expect(try applet.unblock(&card, .adminPIN, code: wrong, newPIN: new) == .wrong(left: 2))
        // Its answer decided: the new PIN stayed here.
        #expect(Self.codesSent(card) == ["00200083"])
        #expect(try applet.unblock(&card, .adminPIN, code: admin, newPIN: new) == .accepted)
        #expect(try applet.verify(&card, pin: new) == .accepted)
        #expect(Self.spent(card) == [0, 0, 1])
        #expect(Self.codesSent(card) == ["00200083", "00200083", "002C0281", "00200081"])
    }

    @Test(arguments: [UnblockingForm.resettingCode, .adminPIN], Case.all)
    func aWrongCodeCountsDownToBlocked(_ form: UnblockingForm, _ kind: Case) throws {
        var card = try Self.locked(kind)
        let applet = try Self.applet(&card)
        let wrong = try secret("99999999")
        let new = try secret("482913")
        for answer: CodeAnswer in [.wrong(left: 2), .wrong(left: 1), .blocked, .blocked] {
            #expect(try applet.unblock(&card, form, code: wrong, newPIN: new) == answer)
        }
        #expect(Self.spent(card) == (form == .adminPIN ? [0, 0, 3] : [0, 3, 0]))
    }

    @Test(arguments: [UnblockingForm.puk, .soPIN, .adminKey])
    func aWayTheCardDoesNotHaveIsNotGone(_ form: UnblockingForm) throws {
        var card = RewiredCard(try Self.card())
        let applet = try Self.applet(&card)
        let code = try secret("12345678")
        let new = try secret("482913")
        do throws(TokenError) {
            _ = try applet.unblock(&card, form, code: code, newPIN: new)
            Issue.record("gone")
        } catch {
            #expect(error.code == .unsupported)
        }
        #expect(Self.codesSent(card).isEmpty)
    }

    /// 6982 is a wrong code where it was counted; else nobody looked at the code.
    @Test(arguments: [
        ("", OpenPGPModel.Oddities.wrongIs6982, CodeAnswer.wrong(left: 2)),
        ("002000", OpenPGPModel.Oddities(), .refused(.securityStatusNotSatisfied)),
    ])
    func aWrongCodeWithoutItsStatusIsOneThatWasCounted(
        _ rewired: String, _ oddities: OpenPGPModel.Oddities, _ told: CodeAnswer
    ) throws {
        var card = RewiredCard(
            try Self.card { $0.model.oddities = oddities },
            rewired.isEmpty ? [] : [(rewired, "6982")])
        let applet = try Self.applet(&card)
        let pin = try secret("999999")
        #expect(try applet.verify(&card, pin: pin) == told)
        #expect(Self.spent(card)[0] == (rewired.isEmpty ? 1 : 0))
    }

    /// Not a wrong code: the card did not believe that PW3 was verified.
    @Test func aRefusalOfTheNewPINIsNoWrongCode() throws {
        var card = RewiredCard(try Self.card(), [("002C02", "6982")])
        let applet = try Self.applet(&card)
        let admin = try secret("12345678")
        let new = try secret("482913")
        let answer = try applet.unblock(&card, .adminPIN, code: admin, newPIN: new)
        #expect(answer == .refused(.securityStatusNotSatisfied))
        #expect(Self.spent(card) == [0, 0, 0])
    }

    @Test func aCardTakenAwayBetweenBothCommandsIsSaidToHaveHadThem() throws {
        var card = RewiredCard(try Self.card()) { command in
            command[1] == 0x2C ? .fault(.removed) : .through
        }
        let applet = try Self.applet(&card)
        let admin = try secret("12345678")
        let new = try secret("482913")
        do throws(TokenError) {
            _ = try applet.unblock(&card, .adminPIN, code: admin, newPIN: new)
            Issue.record("answered")
        } catch {
            #expect(error.code == .fault(.removed))
            #expect(error.mayHaveReached)
        }
        #expect(Self.codesSent(card) == ["00200083", "002C0281"])
    }

    // MARK: Codes

    /// The code itself never goes to a card that compares hashes.
    @Test(arguments: [1, 3])
    func aCardWithAKDFIsSentHashes(_ salts: Int) throws {
        var card = try Self.locked(Case(salts: salts, oddities: []))
        let applet = try Self.applet(&card)
        let code = try secret("87654321")
        let new = try secret("482913")
        #expect(try applet.unblock(&card, .resettingCode, code: code, newPIN: new) == .accepted)
        let sent = try #require(card.sent.last)
        #expect(sent.count == 5 + 64)
        let kdf = try #require(card.token.token.withLock { $0.openPGP?.state.kdf })
        #expect(
            try Array(sent[5..<37]) == kdf.encode(Array("87654321".utf8), .resettingCode))
        #expect(try Array(sent[37...]) == kdf.encode(Array("482913".utf8), .pw1))
    }

    @Test(arguments: [
        // Much to hash, an unknown hash, no salt, no object at all: what it says is not known.
        "81010382010883040FFFFFFF84083031323334353637 9000", "810103820102830400010000 9000",
        "8101038201088304000186A0 9000", "FFFF 6F00", "6982", "8101 9000",
    ])
    func codesInAFormNobodyKnowsAreNotSent(_ object: String) throws {
        var card = RewiredCard(
            try Self.card { $0.resettingCode = "87654321" },
            [("00CA00F9", object.filter { $0 != " " })])
        let applet = try Self.applet(&card)
        let code = try secret("87654321")
        let pin = try secret("123456")
        #expect(
            try applet.readUnblocking(&card).map(\.obstacle) == [
                .codeFormUnknown, .codeFormUnknown,
            ])
        #expect(try applet.readPINCounter(&card, asking: .asFamilyKnows).known == 3)
        for form: UnblockingForm? in [nil, .resettingCode, .adminPIN] {
            do throws(TokenError) {
                if let form {
                    _ = try applet.unblock(&card, form, code: code, newPIN: pin)
                } else {
                    _ = try applet.verify(&card, pin: pin)
                }
                Issue.record("sent")
            } catch {
                #expect(error.code == .codeFormUnknown)
                #expect(!error.mayHaveReached)
            }
        }
        #expect(try applet.padEntries(&card) == .none)
        #expect(Self.codesSent(card).isEmpty)
    }

    /// PIN blocks of format 2, and a card whose codes are shorter than the hashes it wants.
    @Test(arguments: [("00 88 88 88 03 03 03", 0), ("00 14 7F 7F 03 03 03", 1)])
    func lengthsThatCannotBeMetAreAFormNobodyKnows(_ status: String, _ salts: Int) throws {
        var data = try OpenPGPObjectTests.applicationData(status: status)
        data += [0x90, 0x00]
        var card = RewiredCard(
            try Self.card { $0.salts = salts }, [("00CA006E", Hex.upper(data))])
        let applet = try Self.applet(&card)
        #expect(
            try applet.readUnblocking(&card).map(\.obstacle) == [
                .codeFormUnknown, .codeFormUnknown,
            ])
    }

    @Test(arguments: ["6A88", "6A82", "6B00", "9000", "8101009000"])
    func aCardWithoutKDFIsSentCodesAsTheyAre(_ answer: String) throws {
        var card = RewiredCard(try Self.card(), [("00CA00F9", answer)])
        let applet = try Self.applet(&card)
        let pin = try secret("123456")
        #expect(try applet.verify(&card, pin: pin) == .accepted)
        #expect(Self.codesSent(card) == ["00200081"])
    }

    @Test(arguments: [(0, true), (1, false), (3, false)])
    func aPadIsAskedOnlyWhereNothingIsHashed(_ salts: Int, _ isThere: Bool) throws {
        var card = RewiredCard(try Self.card { $0.salts = salts })
        let applet = try Self.applet(&card)
        let entry = try PINEntry(timeout: 30, showsMessages: false)
        for (slot, reference) in [(Self.signature, "81"), (Self.authentication, "82")] {
            let entries = try applet.padEntries(&card, opening: slot)
            #expect(entries.unblock == nil)
            #expect((entries.verify != nil) == isThere)
            guard let verify = entries.verify else { continue }
            // Six to fifteen characters, in a command that is as long as they are.
            #expect(
                Hex.upper(verify.ccid(entry))
                    == "001E8200000F060200090400000000" + "002000\(reference)00")
        }
    }

    // MARK: Keys

    @Test(arguments: [KeyAlgorithm.rsa(bits: 2048), .rsa(bits: 3072), .p256], [0, 1])
    func bothKeysSignForTheirCertificates(_ algorithm: KeyAlgorithm, _ salts: Int) throws {
        var card = RewiredCard(
            try Self.card {
                $0.keys = OpenPGPSlot.allCases.map { .init($0, algorithm) }
                $0.salts = salts
            })
        let applet = try Self.applet(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        let pin = try secret("123456")
        for entry in identity.certificates {
            #expect(try applet.verify(&card, pin: pin, opening: entry.slot) == .accepted)
            let key = entry.certificate.publicKey
            let signature = try applet.sign(
                &card, message: Sample.message, slot: entry.slot, key: key)
            let scheme = try #require(SignatureScheme.preferred(for: algorithm))
            #expect(try key.verify(signature, of: Sample.message, scheme: scheme))
        }
        #expect(Set(Self.codesSent(card)) == ["00200081", "00200082"])
    }

    @Test(arguments: [false, true])
    func theSignatureKeyWantsThePINEachTimeUnlessToldOtherwise(_ several: Bool) throws {
        var card = RewiredCard(try Self.card { $0.pinServesSeveral = several })
        let applet = try Self.applet(&card)
        let identity = try applet.readIdentity(&card, slots: [Self.signature])
        let key = try #require(identity.certificates.first).certificate.publicKey
        let traits = try applet.readTraits(&card, of: Self.signature)
        #expect(traits.wantsPINEachTime == !several)
        #expect(try !applet.readTraits(&card, of: Self.authentication).wantsPINEachTime)
        let pin = try secret("123456")
        #expect(try applet.verify(&card, pin: pin) == .accepted)
        var signatures = 0
        for _ in 0..<2 {
            let made = try? applet.sign(
                &card, message: Sample.message, slot: Self.signature, key: key)
            if made != nil { signatures += 1 }
        }
        #expect(signatures == (several ? 2 : 1))
    }

    @Test(arguments: [
        (OpenPGPKey.Origin.generated, KeyTraits.Origin.generated), (.imported, .imported),
    ])
    func originIsWhatTheCardSays(
        _ origin: OpenPGPKey.Origin, _ told: KeyTraits.Origin
    ) throws {
        var card = RewiredCard(try Self.card { $0.keys = [.init(.sign, .p256, origin: origin)] })
        let applet = try Self.applet(&card)
        #expect(try applet.readTraits(&card, of: Self.signature).origin == told)
        #expect(try applet.readTraits(&card, of: Self.authentication).origin == nil)
    }

    @Test(arguments: [
        ("00209000", false), ("01209000", true), ("02209000", true), ("6A88", false),
        ("9000", false),
    ])
    func aFlagAloneTellsThatATouchIsWanted(_ answer: String, _ wants: Bool) throws {
        var card = RewiredCard(try Self.card(), [("00CA00D6", answer)])
        let applet = try Self.applet(&card)
        #expect(try applet.readTraits(&card, of: Self.signature).wantsTouch == wants)
    }

    @Test func whatCannotSignIsNoKey() throws {
        var card = RewiredCard(try Self.card())
        let applet = try Self.applet(&card)
        let key = try Sample.certificate().publicKey
        for slot in ["dec", "9a", ""] {
            do throws(TokenError) {
                _ = try applet.sign(
                    &card, message: Sample.message, slot: KeySlot(rawValue: slot), key: key)
                Issue.record("\(slot) signed")
            } catch {
                #expect(error.code == .noKey)
            }
        }
    }

    // MARK: What is odd

    @Test(
        arguments: [
            ("00A40400", "6A82", .unsupported), ("00A40400", "6285", .unsupported),
            ("00CA006E", "9000", .unsupported), ("00CA006E", "6E039000", .malformed),
            ("00CA006E", "6D00", .unsupported),
            ("00CA006E", "6982", .unsupported),
            ("0047", "6E00", .disturbed(.classNotSupported)),
            ("00CA7F21", "6D00", .disturbed(.instructionNotSupported)),
        ] as [(String, String, TokenError.Code)])
    func oddAnswersEndWithTheirName(
        _ command: String, _ answer: String, _ code: TokenError.Code
    ) throws {
        var card = RewiredCard(try Self.card(), [(command, answer)])
        do throws(TokenError) {
            _ = try TokenFamilies.recognise(&card).readIdentity(&card, slots: nil)
            Issue.record("read")
        } catch {
            #expect(error.code == code)
        }
    }

    /// Yubico's before 5.4.4 take SELECT DATA in a form of their own.
    @Test func anOlderFormOfSelectDataIsTried() throws {
        var card = RewiredCard(try Self.card()) { command in
            guard command[1] == 0xA5 else { return .through }
            guard command.count == 12 else { return .answer("6A80") }
            return .answer("9000")
        }
        let identity = try Self.applet(&card).readIdentity(&card, slots: nil)
        // The simulated card heard none of it, so it gives the first certificate each time.
        #expect(identity.certificates.map(\.slot) == [Self.authentication])
        #expect(card.sent.filter { $0[1] == 0xA5 }.count == 6)
    }
}
