import APDU
import Crypto
import Secrets
import Testing
import VirtualToken

@testable import Tokens

private let soPIN = "3537363231383830"
private let wrongSOPIN = "3537363231383831"

private func device(
    _ change: (inout SmartCardHSMRecipe) -> Void = { _ in }
) throws -> SmartCardHSMCard {
    var recipe = SmartCardHSMRecipe()
    change(&recipe)
    let authority = try TrainingAuthority.make(now: Sample.now)
    return try #require(
        try recipe.make(now: Sample.now, authority: authority) as? SmartCardHSMCard)
}

private func recognise<C: CardChannel & ~Copyable>(
    _ card: inout C
) throws -> SmartCardHSMApplet {
    try #require(try TokenFamilies.recognise(&card) as? SmartCardHSMApplet)
}

private func spent(_ card: VirtualChannel) -> [Int] {
    card.token.withLock { $0.card.counters.map(\.spent) }
}

/// Who a SmartCard-HSM says it is.
@Suite struct SmartCardHSMIdentityTests {
    @Test func aDeviceTellsItsNameAndItsCertificates() throws {
        var card = VirtualChannel(
            try device { $0.keys = [.init(1, .p256), .init(0xA7, .rsa(bits: 2048))] })
        let identity = try recognise(&card).readIdentity(&card, slots: nil)
        #expect(identity.family == .smartCardHSM)
        #expect(identity.model == "SmartCard-HSM 3.6")
        #expect(identity.serial == "VT12345678")
        #expect(identity.guid == nil)
        #expect(identity.certificates.map(\.slot.rawValue) == ["01", "a7"])
        #expect(identity.certificates.map(\.use) == [.signature, .signature])
        #expect(identity.deviceNumber == "VT12345678")
        #expect(identity.match("vt-1234 5678") == "VT12345678")
        #expect(identity.provingCertificate()?.slot.rawValue == "01")
        #expect(spent(card) == [0, 0])
    }

    @Test func onlyTheSlotsAskedForAreRead() throws {
        var card = RewiredCard(
            try device { $0.keys = [.init(1, .p256), .init(2, .p256)] })
        let applet = try recognise(&card)
        let slot = KeySlot(rawValue: "02")
        let identity = try applet.readIdentity(&card, slots: [slot])
        #expect(identity.certificates.map(\.slot) == [slot])
        #expect(!card.headers.contains("00B1CE01"))
    }

    @Test func aKeyWithItsRequestHasNoCertificate() throws {
        var card = VirtualChannel(
            try device {
                $0.keys = [.init(1, .p256), .init(2, .p256, isImported: true)]
                $0.certificates = .none
            })
        let applet = try recognise(&card)
        #expect(try applet.readIdentity(&card, slots: nil).certificates.isEmpty)
        #expect(
            try applet.readTraits(&card, of: KeySlot(rawValue: "01")).origin == .generated)
        #expect(try applet.readTraits(&card, of: KeySlot(rawValue: "02")).origin == nil)
    }

    /// The certificate that is of the key with the request, whatever stands beside it.
    @Test func aKeyWithItsRequestHasItsCertificateApart() throws {
        var card = VirtualChannel(
            try device {
                $0.keys = [.init(1, .p256), .init(2, .rsa(bits: 2048)), .init(3, .p256)]
                $0.certificates = .apart
            })
        let applet = try recognise(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        #expect(identity.certificates.map(\.slot.rawValue) == ["01", "02", "03"])
        for entry in identity.certificates {
            #expect(try applet.readTraits(&card, of: entry.slot).origin == .generated)
            let born = try #require(try applet.readKeyRequest(&card, of: entry.slot))
            #expect(born.request.isFor(entry.certificate.publicKey))
            #expect(born.serial == identity.serial)
        }
        #expect(try applet.readKeyRequest(&card, of: KeySlot(rawValue: "04")) == nil)
    }

    @Test func aCertificateSaysNothingOfWhereItsKeyIsFrom() throws {
        var card = VirtualChannel(try device())
        let traits = try recognise(&card).readTraits(&card, of: KeySlot(rawValue: "01"))
        #expect(traits == KeyTraits(origin: nil, wantsPINEachTime: false, wantsTouch: false))
        let applet = try recognise(&card)
        #expect(try applet.readKeyRequest(&card, of: KeySlot(rawValue: "01")) == nil)
    }

    @Test(arguments: ["00", "9a1", "", "zz"])
    func aSlotThatIsNoneHasNoKey(_ slot: String) throws {
        var card = VirtualChannel(try device())
        let applet = try recognise(&card)
        do throws(TokenError) {
            _ = try applet.readTraits(&card, of: KeySlot(rawValue: slot))
            Issue.record("passed")
        } catch {
            #expect(error.code == .noKey)
        }
    }

    /// The object that names the device, its certificate's holder, and what is left of it.
    @Test(
        arguments: [
            ("VT1234567800001", "VT12345678"), ("DENK010012300000", "DENK0100123"),
            ("VT000001", "VT0"), ("VT00001", nil), ("VT12345678901234567", nil),
            ("VT 1234500001", nil),
        ] as [(String, String?)])
    func theNameIsTheHolderWithoutItsSequenceNumber(_ holder: String, _ name: String?) throws {
        let body = try TLVWriter.object(0x5F20, Array(holder.utf8))
        let file = try TLVWriter.object(0x7F21, TLVWriter.object(0x7F4E, body))
        #expect(SmartCardHSMObject.deviceName(inCertificates: file) == name)
    }

    @Test(arguments: ["6A82", "9000", "7F21009000", "7F219000", "7F2185010101019000", "6982"])
    func aDeviceWhoseCertificateDoesNotReadHasNoNumber(_ answer: String) throws {
        var card = RewiredCard(try device(), [("00B12F02", answer)])
        #expect(try recognise(&card).readIdentity(&card, slots: []).serial == nil)
    }

    @Test(arguments: ["6A82", "9000", "30039000", "3003020101 9000", "3082FFFF00 9000", "6282"])
    func aCertificateThatCannotBeReadIsLeftOut(_ answer: String) throws {
        let hex = answer.filter { $0 != " " }
        var card = RewiredCard(
            try device { $0.keys = [.init(1, .p256), .init(2, .p256)] }, [("00B1CE01", hex)])
        let identity = try recognise(&card).readIdentity(&card, slots: nil)
        #expect(identity.certificates.map(\.slot.rawValue) == ["02"])
        // A card that always has more comes to an end as well.
        #expect(card.sent.count < 100)
    }

    @Test(
        arguments: [
            ("CC00CC01C401CE01", [1]), ("CC02CC01CC02", [2, 1]), ("CC", []), ("", []),
            ("CE01CC", []), ("CCCC", [0xCC]),
        ] as [(String, [UInt8])])
    func keysAreWhatTheListNames(_ list: String, _ keys: [UInt8]) {
        #expect(SmartCardHSMObject.keys(inList: Hex.bytes(list) ?? []) == keys)
    }

    @Test(arguments: ["6D00", "6E00"])
    func anotherAppletIsNoticedBeforeAnythingIsBelieved(_ status: String) throws {
        for header in ["8058", "00B1CE01", "00B12F02"] {
            var card = RewiredCard(try device(), [(header, status)])
            let applet = try recognise(&card)
            do throws(TokenError) {
                _ = try applet.readIdentity(&card, slots: nil)
                Issue.record("\(header) passed")
            } catch {
                #expect(
                    error.code
                        == .disturbed(StatusWord(rawValue: UInt16(status, radix: 16) ?? 0)))
            }
        }
    }

    @Test(arguments: ["6A82", "9000", "6F009000", "6F0385010FF9000", "6F0584038501029000"])
    func anApplicationThatIsNotASmartCardHSMIsNotTakenForOne(_ answer: String) throws {
        var card = RewiredCard(try device(), [("00A404000BE82B", answer)])
        #expect(throws: TokenError.self) { try TokenFamilies.recognise(&card) }
    }

    /// Detection costs one SELECT, whatever else the station knows.
    @Test func aDeviceIsFoundByItsApplicationAlone() throws {
        var card = RewiredCard(try device())
        _ = try recognise(&card)
        #expect(card.sent.filter { $0.starts(with: [0, 0xA4, 4, 0, 0x0B, 0xE8]) }.count == 1)
        #expect(card.sent.allSatisfy { $0[1] == 0xA4 })
    }
}

/// Codes and counters of a SmartCard-HSM.
@Suite struct SmartCardHSMCodeTests {
    private typealias Way = Tokens.UnblockingWay

    @Test(
        arguments: [
            (SmartCardHSMOptions([.resetRetryCounter]), UnblockingForm.soPIN, nil),
            ([.resetRetryCounter, .combinedAuthentication], .soPIN, nil),
            ([.resetRetryCounter, .resetOnly], .soPINCounterOnly, nil),
            ([], .soPIN, .switchedOff), ([.resetOnly], .soPINCounterOnly, .switchedOff),
        ] as [(SmartCardHSMOptions, UnblockingForm, UnblockingObstacle?)])
    func theOptionsSayWhichWayThereIs(
        _ options: SmartCardHSMOptions, _ form: UnblockingForm, _ obstacle: UnblockingObstacle?
    ) throws {
        var card = VirtualChannel(
            try device {
                $0.options = options
                $0.soTries = 7
                $0.keys = []
            })
        let ways = try recognise(&card).readUnblocking(&card)
        #expect(
            ways == [
                UnblockingWay(
                    form, rule: SOPIN.rule, counter: Counter(.known(7)), obstacle: obstacle)
            ])
        #expect(spent(card) == [0, 0])
    }

    /// What 85 has: option bits only where it is long enough.
    @Test(
        arguments: [
            ("00010003 06", UnblockingForm.soPIN, nil), ("0100", .soPIN, nil),
            ("0012", .soPIN, .providerOnly), ("0021FF0400", .soPINCounterOnly, nil),
            ("AABB0020000306", .soPINCounterOnly, .switchedOff), ("FF0306", .soPIN, nil),
        ] as [(String, UnblockingForm, UnblockingObstacle?)])
    func olderDevicesTellNoOptions(
        _ value: String, _ form: UnblockingForm, _ obstacle: UnblockingObstacle?
    ) throws {
        let bytes = Hex.bytes(value.filter { $0 != " " }) ?? []
        let answer = try TLVWriter.object(0x6F, TLVWriter.object(0x85, bytes))
        let control = try #require(SmartCardHSMObject.Control(answer))
        #expect(control.form == form)
        #expect(control.obstacle == obstacle)
    }

    @Test func aDeviceWithoutSOPINHasNoWayThatIsOpen() throws {
        var card = VirtualChannel(try device { $0.isInitialised = false })
        let applet = try recognise(&card)
        let way = try #require(try applet.readUnblocking(&card).first)
        #expect(way.obstacle == .notSet)
        #expect(!way.isOpen)
        #expect(
            try applet.readPINCounter(&card, asking: .asFamilyKnows) == .unknown(.notShown))
    }

    @Test(arguments: [(3, 15), (1, 1), (0, 15), (0, 0)])
    func bothCountersAreReadAndNoTryIsSpent(_ pin: Int, _ so: Int) throws {
        var made = try device { $0.keys = [] }
        var state = made.state
        state.user = CardCode(value: [1, 2, 3, 4, 5, 6], total: 3, left: pin)
        state.so = CardCode(value: [1, 2, 3, 4, 5, 6, 7, 8], total: 15, left: so)
        made = SmartCardHSMCard(made.model, state)
        var card = VirtualChannel(made)
        let counters = try recognise(&card).readCounters(
            &card, of: .soPIN, asking: .asFamilyKnows)
        #expect(counters.pin == Counter(.known(pin)))
        #expect(counters.unblocking == Counter(.known(so)))
        #expect(spent(card) == [0, 0])
    }

    @Test func aTransportPINShowsNoCountAndIsNoOddAnswer() throws {
        var card = VirtualChannel(try device { $0.options.insert(.transportPIN) })
        #expect(
            try recognise(&card).readPINCounter(&card, asking: .asFamilyKnows)
                == .unknown(.notShown))
    }

    @Test(
        arguments: [
            ("63C7", Counter(.known(7))), ("6983", Counter(.known(0))),
            ("9000", .unknown(.verified)), ("6300", .unknown(.oddAnswer)),
            ("6982", .unknown(.oddAnswer)), ("6700", .unknown(.oddAnswer)),
            ("6A88", .unknown(.notShown)),
        ] as [(String, Counter)])
    func anyOtherAnswerMakesTheQueryUnsafe(_ answer: String, _ wanted: Counter) throws {
        var card = RewiredCard(try device(), [("00200081", answer)])
        let applet = try recognise(&card)
        #expect(try applet.readPINCounter(&card, asking: .asFamilyKnows) == wanted)
        #expect(
            try applet.readPINCounter(&card, asking: .forbidden) == .unknown(.queryUnsafe))
        #expect(card.headers.filter { $0 == "00200081" }.count == 1)
    }

    @Test func theSOPINSetsANewPIN() throws {
        var card = VirtualChannel(try device { $0.isLocked = true })
        let applet = try recognise(&card)
        let wrong = try secret(wrongSOPIN)
        let right = try secret(soPIN)
        let new = try secret("a-long-pin-9")
        #expect(try applet.unblock(&card, .soPIN, code: wrong, newPIN: new) == .wrong(left: 14))
        #expect(try applet.unblock(&card, .soPIN, code: right, newPIN: new) == .accepted)
        #expect(try applet.verify(&card, pin: new) == .accepted)
        #expect(spent(card) == [0, 1])
        #expect(throws: TokenError.self) {
            try applet.unblock(&card, .puk, code: right, newPIN: new)
        }
    }

    @Test func theSOPINGivesTriesBackWhereItMayNotSetAPIN() throws {
        var card = VirtualChannel(
            try device {
                $0.isLocked = true
                $0.options = [.resetRetryCounter, .resetOnly]
            })
        let applet = try recognise(&card)
        let wrong = try secret(wrongSOPIN)
        let right = try secret(soPIN)
        let old = try secret("123456")
        #expect(try applet.resetCounter(&card, .soPINCounterOnly, code: wrong) == .wrong(left: 14))
        #expect(try applet.resetCounter(&card, .soPINCounterOnly, code: right) == .accepted)
        #expect(try applet.verify(&card, pin: old) == .accepted)
        #expect(spent(card) == [0, 1])
    }

    @Test func whatGoesOutIsBytes() throws {
        var card = RewiredCard(try device(), [("002C", "9000"), ("0020008106", "9000")])
        let applet = try recognise(&card)
        let so = try secret("0123456789abCDeF")
        let pin = try secret("123456")
        _ = try applet.unblock(&card, .soPIN, code: so, newPIN: pin)
        _ = try applet.resetCounter(&card, .soPINCounterOnly, code: so)
        _ = try applet.verify(&card, pin: pin)
        #expect(
            card.sent.suffix(3).map(Hex.upper) == [
                "002C00810E0123456789ABCDEF313233343536", "002C0181080123456789ABCDEF",
                "0020008106313233343536",
            ])
    }

    @Test(arguments: [
        ("353736323138383", CodeUnfit.tooShort), ("35373632313838300", .tooLong),
        ("57621880", .tooShort), ("353736323138383g", .notHex), ("35373632 1383830", .notHex),
        ("3537363231383830\0", .tooLong), ("", .tooShort), ("353736323138383:", .notHex),
        ("@537363231383830", .notHex),
    ])
    func anythingElseThanSixteenDigitsIsNoSOPIN(_ typed: String, _ reason: CodeUnfit) throws {
        let typed = try secret(typed)
        do throws(CodeUnfit) {
            _ = try SOPIN(digits: typed)
            Issue.record("made")
        } catch {
            #expect(error == reason)
        }
        var card = RewiredCard(try device())
        let applet = try recognise(&card)
        let pin = try secret("123456")
        #expect(throws: TokenError.self) {
            try applet.unblock(&card, .soPIN, code: typed, newPIN: pin)
        }
        #expect(throws: TokenError.self) {
            try applet.resetCounter(&card, .soPINCounterOnly, code: typed)
        }
        #expect(!card.sent.contains { $0[1] == 0x2C })
    }

    @Test func anEmptyPINIsNotSentAsAQuery() throws {
        var card = RewiredCard(try device())
        let applet = try recognise(&card)
        let none = try secret("")
        #expect(throws: TokenError.self) { try applet.verify(&card, pin: none) }
        #expect(!card.sent.contains { $0[1] == 0x20 })
    }

    @Test(arguments: [
        ("63C4", CodeAnswer.wrong(left: 4)), ("63C0", .blocked), ("6983", .blocked),
        ("6986", .refused(.commandNotAllowed)), ("6700", .unfit(.wrongLength)),
    ])
    func theAnswerIsTold(_ answer: String, _ wanted: CodeAnswer) throws {
        var card = RewiredCard(try device(), [("002C", answer)])
        let applet = try recognise(&card)
        let so = try secret(soPIN)
        let pin = try secret("654321")
        #expect(try applet.unblock(&card, .soPIN, code: so, newPIN: pin) == wanted)
    }

    @Test func aCodeIsNeverSentTwice() throws {
        for reply in [RewiredCard.Reply.fault(.transport(1)), .answer("6C10"), .answer("61")] {
            var card = RewiredCard(try device()) { $0[1] == 0x2C ? reply : .through }
            let applet = try recognise(&card)
            let so = try secret(soPIN)
            let pin = try secret("654321")
            _ = try? applet.unblock(&card, .soPIN, code: so, newPIN: pin)
            #expect(card.sent.filter { $0[1] == 0x2C }.count == 1)
        }
    }
}

/// Signatures of a SmartCard-HSM.
@Suite struct SmartCardHSMSignatureTests {
    @Test(arguments: [
        (KeyAlgorithm.rsa(bits: 2048), false), (.rsa(bits: 2048), true),
        (.rsa(bits: 3072), false), (.rsa(bits: 3072), true), (.p256, false), (.p256, true),
    ])
    func verifyUnderTheCertificate(_ algorithm: KeyAlgorithm, _ extended: Bool) throws {
        var card = VirtualChannel(
            try device { $0.keys = [.init(5, algorithm)] }, takesExtended: extended)
        let applet = try recognise(&card)
        let proving = try #require(
            try applet.readIdentity(&card, slots: nil).provingCertificate())
        let key = proving.certificate.publicKey
        let scheme = try #require(SignatureScheme.preferred(for: key.algorithm))
        do throws(TokenError) {
            _ = try applet.sign(&card, message: Sample.message, slot: proving.slot, key: key)
            Issue.record("signed without the PIN")
        } catch {
            #expect(error.code == .status(.securityStatusNotSatisfied))
        }
        let pin = try secret("123456")
        #expect(try applet.verify(&card, pin: pin) == .accepted)
        let signature = try applet.sign(
            &card, message: Sample.message, slot: proving.slot, key: key)
        #expect(try key.verify(signature, of: Sample.message, scheme: scheme))
    }

    @Test(arguments: ["9000", "6A88", "6982", "6D00"])
    func aRefusalIsAnError(_ answer: String) throws {
        var card = RewiredCard(try device(), [("8068", answer)])
        let applet = try recognise(&card)
        let proving = try #require(
            try applet.readIdentity(&card, slots: nil).provingCertificate())
        #expect(throws: TokenError.self) {
            try applet.sign(
                &card, message: Sample.message, slot: proving.slot,
                key: proving.certificate.publicKey)
        }
    }
}
