import APDU
import Crypto
import Secrets
import Testing
import VirtualToken

@testable import Tokens

/// What the tests of this family share.
enum PKCS15Sample {
    static let authority = try? TrainingAuthority.make(now: Sample.now)

    static func card(
        _ kind: VirtualToken.PKCS15Model.Kind, _ algorithm: KeyAlgorithm? = nil,
        _ change: (inout PKCS15Recipe) -> Void = { _ in }
    ) throws -> PKCS15Card {
        var recipe = PKCS15Recipe(kind)
        recipe.keys = algorithm.map { [PKCS15Recipe.Key($0)] } ?? []
        change(&recipe)
        let made = try recipe.make(now: Sample.now, authority: #require(authority))
        return try #require(made as? PKCS15Card)
    }

    static func select<C: CardChannel & ~Copyable>(_ card: inout C) throws -> PKCS15Applet {
        try #require(try TokenFamilies.recognise(&card) as? PKCS15Applet)
    }

    static func puk(_ kind: VirtualToken.PKCS15Model.Kind) -> String {
        kind == .isoApplet ? "0123456789abcdef" : "12345678"
    }
}

@Suite struct PKCS15Tests {
    private typealias S = PKCS15Sample

    // MARK: Who it is

    @Test(arguments: [
        (
            VirtualToken.PKCS15Model.Kind.isoApplet, KeyAlgorithm.p256,
            "IsoApplet 0.6 (JavaCard isoApplet)", "0074cbb1", "45"
        ),
        (.vgca, .rsa(bits: 2048), "VGCA Token", "07654321", "be72ecf5"),
        (.plain, .p256, "MyEID 3.5 (Simulated PKCS#15)", "0074cbb1", "45"),
    ])
    func aTokenTellsItsNumberAndCertificates(
        _ kind: VirtualToken.PKCS15Model.Kind, _ algorithm: KeyAlgorithm, _ model: String,
        _ serial: String, _ slot: String
    ) throws {
        var card = VirtualChannel(try S.card(kind, algorithm) { $0.serial = 7_654_321 })
        let identity = try S.select(&card).readIdentity(&card, slots: nil)
        #expect(identity.family == .pkcs15)
        #expect(identity.model == model)
        #expect(identity.serial == serial)
        #expect(identity.deviceNumber == serial)
        #expect(identity.certificates.map(\.slot.rawValue) == [slot])
        #expect(identity.certificates.map(\.use) == [.signature])
        #expect(identity.certificates.first?.certificate.commonName == "Nguyễn Thị Ánh")
        let (aid, version): (String, String?) =
            switch kind {
            case .isoApplet: ("F276A288BCFBA69D34F31001", "0.6")
            case .vgca: ("E828BD080F014E585030", nil)
            case .plain: ("A000000063504B43532D3135", "3.5")
            }
        #expect(identity.marks.aid == aid)
        #expect(identity.marks.version == version.flatMap { TokenVersion($0) })
        #expect((identity.marks.label == "VGCA Token") == (kind == .vgca))
    }

    @Test(arguments: [PKCS15Recipe.Compression.zlib, .gzip, .deflate])
    func aPackedCertificateIsReadWhicheverWayItWasPacked(
        _ compression: PKCS15Recipe.Compression
    ) throws {
        var card = VirtualChannel(
            try S.card(.vgca, .rsa(bits: 2048)) { $0.compression = compression })
        let identity = try S.select(&card).readIdentity(&card, slots: nil)
        #expect(identity.certificates.count == 1)
    }

    @Test func aCertificatePackedInAnUnknownWayLeavesTheTokenItsNumber() throws {
        var card = VirtualChannel(
            try S.card(.vgca, .rsa(bits: 2048)) { $0.compression = .unknown })
        let applet = try S.select(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        #expect(identity.certificates.isEmpty)
        #expect(identity.deviceNumber == "12345678")
        #expect(try applet.readPINCounter(&card, asking: .asFamilyKnows).known == 3)
    }

    @Test func onlyTheSlotsAskedForAreRead() throws {
        var card = VirtualChannel(try S.card(.plain) { $0.keys = [.init(.p256), .init(.p256)] })
        let applet = try S.select(&card)
        let both = try applet.readIdentity(&card, slots: nil)
        #expect(both.certificates.map(\.slot.rawValue) == ["45", "46"])
        let one = try applet.readIdentity(&card, slots: [KeySlot(rawValue: "46")])
        #expect(one.certificates == Array(both.certificates.suffix(1)))
        #expect(one.isSame(as: both, proving: KeySlot(rawValue: "46")))
        #expect(try applet.readIdentity(&card, slots: []).certificates.isEmpty)
    }

    @Test func aCardOfAnotherFamilyIsAskedFourCommands() throws {
        var card = RewiredCard(try Sample.card()) { _ in .answer("6A82") }
        #expect(throws: TokenError(.unsupported, "SELECT")) {
            try TokenFamilies.recognise(&card)
        }
        let asked = card.sent.map { Hex.upper($0) }
        #expect(
            asked.suffix(4) == [
                "00A404000AE828BD080F014E58503000",
                "00A404000CF276A288BCFBA69D34F3100100",
                "00A404000CA000000063504B43532D313500", "00A4080C022F00",
            ])
    }

    // MARK: Counters and ways

    @Test(arguments: VirtualToken.PKCS15Model.Kind.allCases)
    func theCounterIsAskedWhereTheModelIsKnownToBearIt(
        _ kind: VirtualToken.PKCS15Model.Kind
    ) throws {
        for (left, isLocked) in [(3, false), (0, true)] {
            var card = VirtualChannel(try S.card(kind) { $0.isLocked = isLocked })
            let applet = try S.select(&card)
            #expect(
                try applet.readPINCounter(&card, asking: .asFamilyKnows) == Counter(.known(left)))
            #expect(
                try applet.readPINCounter(&card, asking: .forbidden)
                    == .unknown(.queryUnsafe))
            #expect(card.token.withLock { $0.card.counters.map(\.spent) } == [0, 0])
        }
    }

    /// Without GET DATA it is any card with the standard's application.
    @Test func aCardOfNoKnownModelIsNotAskedForItsCounter() throws {
        var channel = Unknown(VirtualChannel(try S.card(.plain, .p256)))
        let applet = try S.select(&channel)
        let identity = try applet.readIdentity(&channel, slots: nil)
        #expect(identity.model == "PKCS #15 (Simulated PKCS#15)")
        #expect(identity.certificates.count == 1)
        #expect(
            try applet.readPINCounter(&channel, asking: .asFamilyKnows)
                == .unknown(.queryUnsafe))
        #expect(!channel.headers.contains("0020"))
        // Its profile may know more.
        #expect(
            try applet.readPINCounter(&channel, asking: .profileSaysSafe) == Counter(.known(3)))
        #expect(channel.headers.contains("0020"))
    }

    @Test(arguments: VirtualToken.PKCS15Model.Kind.allCases)
    func thePUKIsTheOnlyWay(_ kind: VirtualToken.PKCS15Model.Kind) throws {
        func ways(_ change: (inout PKCS15Recipe) -> Void) throws -> [UnblockingWay] {
            var card = VirtualChannel(try S.card(kind, nil, change))
            return try S.select(&card).readUnblocking(&card)
        }
        let rule =
            switch kind {
            case .isoApplet: CodeRule(16...16, .any)
            case .vgca: CodeRule(4...16, .any)
            case .plain: CodeRule(4...8, .any)
            }
        let open = UnblockingWay(.puk, rule: rule, counter: .unknown(.notShown))
        #expect(try ways { _ in } == [open])
        #expect(try ways { $0.forbidsUnblocking = true }.map(\.obstacle) == [.switchedOff])
        // IsoApplet and MyEID have one whether their objects say so or not.
        let unlisted = try ways { $0.hidesPUK = true }
        #expect(unlisted.map(\.obstacle) == [kind == .vgca ? .notSet : nil])
        if kind != .vgca { #expect(unlisted == [open]) }
    }

    @Test func aCardOfNoKnownModelHasNoPUKButTheOneItNames() throws {
        for (hides, obstacle) in [(false, nil), (true, UnblockingObstacle.notSet)] {
            var channel = Unknown(VirtualChannel(try S.card(.plain) { $0.hidesPUK = hides }))
            let ways = try S.select(&channel).readUnblocking(&channel)
            #expect(ways.map(\.obstacle) == [obstacle])
        }
    }

    /// A card that writes both numbers as long as the curve, whatever their first bytes.
    @Test(
        arguments: [
            ("3008 02020001 02020002", "3006 020101 020102"), ("3009 0202007F 02020080", nil),
            ("3008 02020080 02020001", "3007 02020080 020101"),
            ("3004 02000200", "3006 020100 020100"), ("3003 020101", nil), ("31", nil), ("", nil),
            ("3006 030101 020101", nil),
        ] as [(String, String?)])
    func aSignatureOfACurveIsWrittenAnew(_ given: String, _ der: String?) throws {
        func bytes(_ text: String) -> [UInt8] { Hex.bytes(text.filter { $0 != " " }) ?? [] }
        var channel = Unknown(VirtualChannel(try S.card(.plain, .p256)))
        let applet = try S.select(&channel)
        let proving = try #require(
            try applet.readIdentity(&channel, slots: nil).provingCertificate())
        channel.signature = bytes(given) + [0x90, 0]
        let key = proving.certificate.publicKey
        guard let der else {
            #expect(throws: TokenError.self) {
                try applet.sign(&channel, message: [1], slot: proving.slot, key: key)
            }
            return
        }
        #expect(
            try applet.sign(&channel, message: [1], slot: proving.slot, key: key) == bytes(der))
    }

    @Test(arguments: [
        (VirtualToken.PKCS15Model.Kind.isoApplet, CodeRule(4...16, .printable)),
        (.vgca, CodeRule(4...16, .printable)), (.plain, CodeRule(4...8, .digits)),
    ])
    func theNewPINsRuleIsThatOfTheObjects(
        _ kind: VirtualToken.PKCS15Model.Kind, _ rule: CodeRule
    ) throws {
        var card = VirtualChannel(try S.card(kind))
        #expect(try S.select(&card).pinRule == rule)
    }

    // MARK: Codes and keys

    private static let signers: [(VirtualToken.PKCS15Model.Kind, KeyAlgorithm, Bool)] = [
        (.isoApplet, .rsa(bits: 2048), false), (.isoApplet, .p256, true),
        (.vgca, .rsa(bits: 3072), false), (.plain, .rsa(bits: 2048), false),
        (.plain, .p256, false),
    ]

    @Test(arguments: signers)
    func aBlockedTokenIsUnblockedAndItsKeySigns(
        _ kind: VirtualToken.PKCS15Model.Kind, _ algorithm: KeyAlgorithm, _ isVersion1: Bool
    ) throws {
        var card = VirtualChannel(
            try S.card(kind, algorithm) {
                $0.isLocked = true
                $0.model.isVersion1 = isVersion1
            })
        let applet = try S.select(&card)
        let proving = try #require(
            try applet.readIdentity(&card, slots: nil).provingCertificate())
        #expect(
            try applet.verify(&card, pin: secret("482913")) == .blocked)
        let wrong = try applet.unblock(
            &card, .puk, code: secret(String(S.puk(kind).reversed())), newPIN: secret("482913"))
        #expect(wrong == .wrong(left: kind == .isoApplet ? 4 : 2))
        #expect(
            try applet.unblock(
                &card, .puk, code: secret(S.puk(kind)), newPIN: secret("482913")) == .accepted)
        #expect(try applet.verify(&card, pin: secret("482914")) == .wrong(left: 2))
        #expect(try applet.verify(&card, pin: secret("482913")) == .accepted)
        let key = proving.certificate.publicKey
        let signature = try applet.sign(
            &card, message: Sample.message, slot: proving.slot, key: key)
        let scheme = try #require(SignatureScheme.preferred(for: algorithm))
        #expect(try key.verify(signature, of: Sample.message, scheme: scheme))
        #expect(card.token.withLock { $0.card.counters.map(\.spent) } == [1, 1])
    }

    /// Version 0 would sign the SHA-1 of what it is given.
    @Test func isoAppletsFirstInterfaceProvesNothingWithAnEllipticCurve() throws {
        var card = VirtualChannel(try S.card(.isoApplet, .p256))
        let applet = try S.select(&card)
        let proving = try #require(
            try applet.readIdentity(&card, slots: nil).provingCertificate())
        #expect(try applet.verify(&card, pin: secret("123456")) == .accepted)
        #expect(throws: TokenError(.noKey, "key 45")) {
            try applet.sign(
                &card, message: Sample.message, slot: proving.slot,
                key: proving.certificate.publicKey)
        }
    }

    @Test func aCodeThatDoesNotFitIsNeverSent() throws {
        var card = VirtualChannel(try S.card(.isoApplet))
        let applet = try S.select(&card)
        let before = card.token.withLock { $0.log.count }
        for (puk, pin) in [("12345678", "482913"), ("0123456789abcdef", "123")] {
            #expect(throws: TokenError.self) {
                try applet.unblock(&card, .puk, code: secret(puk), newPIN: secret(pin))
            }
        }
        #expect(throws: TokenError.self) { try applet.verify(&card, pin: secret("123")) }
        let sent = card.token.withLock { $0.log.dropFirst(before).map(\.header.ins) }
        #expect(sent.allSatisfy { $0 == 0xA4 })
    }

    @Test(arguments: [(false, KeyTraits.Origin.generated), (true, .imported)])
    func theOriginIsWhatThePersonaliserSaysAndNoEvidence(
        _ isImported: Bool, _ says: KeyTraits.Origin
    ) throws {
        var card = VirtualChannel(
            try S.card(.plain) { $0.keys = [.init(.p256, isImported: isImported)] })
        let traits = try S.select(&card).readTraits(&card, of: KeySlot(rawValue: "45"))
        #expect(traits.origin == nil)
        #expect(traits.personaliserSays == says)
        #expect(!traits.wantsPINEachTime)
    }

    @Test(
        arguments: [
            (VirtualToken.PKCS15Model.Kind.isoApplet, nil, nil), (.vgca, nil, nil),
            (
                .plain, "00200001 08 FFFFFFFFFFFFFFFF",
                "002C0001 10 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            ),
        ] as [(VirtualToken.PKCS15Model.Kind, String?, String?)])
    func aPadFillsBlocksOfFifteenBytesAtMost(
        _ kind: VirtualToken.PKCS15Model.Kind, _ verify: String?, _ unblock: String?
    ) throws {
        var card = VirtualChannel(try S.card(kind))
        let entries = try S.select(&card).padEntries(&card)
        let entry = try PINEntry(timeout: 30, showsMessages: false)
        func ends(_ operation: PINPadOperation?, _ wanted: String?) -> Bool {
            guard let operation, let wanted else { return operation == nil && wanted == nil }
            return Hex.upper(operation.ccid(entry)).hasSuffix(wanted.filter { $0 != " " })
        }
        #expect(ends(entries.verify, verify))
        #expect(ends(entries.unblock, unblock))
    }

    // MARK: Interference

    @Test func anotherAppletIsNoticedAndNothingMoreIsSent() throws {
        var channel = Unknown(VirtualChannel(try S.card(.isoApplet)), status: "6D00")
        let applet = try S.select(&channel)
        channel.isDisturbed = true
        #expect(throws: TokenError.self) {
            try applet.verify(&channel, pin: secret("123456"))
        }
        #expect(throws: TokenError.self) {
            try applet.readPINCounter(&channel, asking: .asFamilyKnows)
        }
    }
}

/// A card without GET DATA, or that from some moment on is another applet.
private struct Unknown: CardChannel {
    var token: VirtualChannel
    var isDisturbed = false
    /// What PERFORM SECURITY OPERATION answers.
    var signature: [UInt8]?
    let status: String
    let takesExtended = false
    private(set) var headers: [String] = []

    init(_ token: VirtualChannel, status: String = "6D00") {
        self.token = token
        self.status = status
    }

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        headers.append(Hex.upper([command[0], command[1]]))
        if let signature, command[1] == 0x2A {
            response.clear()
            return _ = signature.withUnsafeBytes { response.append(contentsOf: $0) }
        }
        guard isDisturbed || command[1] == 0xCA else {
            return try token.transmit(command, writes: writes, into: &response)
        }
        response.clear()
        _ = (Hex.bytes(status) ?? []).withUnsafeBytes { response.append(contentsOf: $0) }
    }
}
