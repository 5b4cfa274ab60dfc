import APDU
import Crypto
import Testing
import VirtualToken

/// What stands in the card's files, what its keys do, and how it is made and kept.
@Suite struct PKCS15TokenTests {
    private typealias S = PKCS15Samples

    private struct Signer: Sendable, CustomTestStringConvertible {
        let kind: PKCS15Model.Kind
        let algorithm: KeyAlgorithm
        let isVersion1: Bool
        /// The application, what unlocks, and MANAGE SECURITY ENVIRONMENT's data.
        let select: String
        let verify: String
        let environment: String
        var testDescription: String { "\(kind) \(algorithm) \(environment)" }

        init(
            _ kind: PKCS15Model.Kind, _ algorithm: KeyAlgorithm, _ environment: String,
            isVersion1: Bool = false
        ) {
            self.kind = kind
            self.algorithm = algorithm
            self.isVersion1 = isVersion1
            self.environment = environment
            switch kind {
            case .isoApplet: (select, verify) = (S.isoApplet, "00200001 10 " + S.pin0)
            case .vgca: (select, verify) = (S.vgca, "00200083 10 " + S.pinF)
            case .plain: (select, verify) = ("00A40000 02 5015", "00200001 08 " + S.pin8)
            }
        }
    }

    private static let signers = [
        Signer(.isoApplet, .rsa(bits: 2048), "06 800111840100"),
        Signer(.isoApplet, .p256, "06 800122840100", isVersion1: true),
        Signer(.vgca, .rsa(bits: 3072), "03 840110"),
        Signer(.plain, .rsa(bits: 2048), "06 800102840100"),
        Signer(.plain, .rsa(bits: 2048), "03 840100"),
        Signer(.plain, .rsa(bits: 2048), "0A 80010281024B01840100"),
        Signer(.plain, .p256, "06 800104840100"),
    ]

    @Test(arguments: signers)
    private func theKeySignsForItsCertificate(_ signer: Signer) throws {
        var recipe = PKCS15Recipe(signer.kind)
        recipe.keys = [.init(signer.algorithm)]
        recipe.model.isVersion1 = signer.isVersion1
        var card = try S.card(recipe)
        let message = Array("what was signed".utf8)
        let hash = try Digest.sha256.hash(message)
        let info: [UInt8] = [
            0x30, 0x31, 0x30, 0x0D, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20,
        ]
        #expect(card.say(signer.select).suffix(2) == [0x90, 0])
        #expect(card.say("002241B6" + signer.environment) == [0x90, 0])
        let input = signer.algorithm == .p256 ? hash : info + hash
        #expect(card.exchange(0x2A, 0x9E, 0x9A, input).status == .securityStatusNotSatisfied)
        #expect(card.say(signer.verify) == [0x90, 0])
        let (signature, status) = card.exchange(0x2A, 0x9E, 0x9A, input)
        #expect(status == .success)
        let key = try #require(card.state.keys.values.first).publicKey
        let scheme = try #require(SignatureScheme.preferred(for: signer.algorithm))
        #expect(try key.verify(signature, of: message, scheme: scheme))
        let name = PKCS15FileName(.application, signer.kind == .vgca ? 1 : 0x3401)
        let file = try #require(card.state.files[name])
        if signer.kind != .vgca { #expect(try Certificate(der: file).publicKey == key) }
    }

    @Test func isoAppletsFirstInterfaceMakesTheHashItself() throws {
        var recipe = PKCS15Recipe(.isoApplet)
        recipe.keys = [.init(.p256)]
        var card = try S.card(recipe)
        Script.play(
            [
                (S.isoApplet, "0006069000"), ("00200001 10 \(S.pin0)", "9000"),
                ("002241B6 06 800122840100", "6A81"), ("002241B6 06 800111840100", "6A81"),
                ("002241B6 06 800121840101", "6A80"), ("002241B6 03 840100", "6A81"),
                ("002241B6 06 800121840100", "9000"),
                ("002A9E9A 03 616263 00", "..9000"),
            ], on: &card)
    }

    @Test func aCryptogramIsDeciphered() throws {
        var card = try S.card(PKCS15Recipe(.plain))
        let key = try #require(card.state.keys[0])
        // Any block below the modulus is a cryptogram of something; without padding it comes
        // back as the bare operation leaves it, whole or in halves.
        let block = [0] + [UInt8](repeating: 0x5A, count: 255)
        let plain = try key.signBlock(block)
        Script.play(
            [("00200001 08 \(S.pin8)", "9000"), ("002241B8 06 800100840100", "9000")], on: &card)
        #expect(card.exchange(0x2A, 0x80, 0x86, [0x81] + block.prefix(128)).status == .success)
        #expect(card.exchange(0x2A, 0x80, 0x86, [0x82] + block.suffix(128)).data == plain)
        #expect(card.exchange(0x2A, 0x80, 0x86, [0x00] + block).data == plain)
        #expect(card.exchange(0x2A, 0x80, 0x86, [0x03] + block).status == .incorrectData)
        #expect(card.say("002241B8 06 800102840100") == [0x90, 0])
        #expect(card.exchange(0x2A, 0x80, 0x86, [0x00] + block).status == .incorrectData)
        #expect(card.exchange(0x2A, 0x9E, 0x9A, block).status == .incorrectParameters)
    }

    @Test(arguments: [
        (PKCS15Recipe.Compression.zlib, "7A82", "789C"), (.gzip, "7A82", "1F8B"),
        (.deflate, "7A82", ""), (.unknown, "7A82", ""),
    ])
    func vgcasCertificateIsPacked(
        _ compression: PKCS15Recipe.Compression, _ tag: String, _ begin: String
    ) throws {
        var recipe = PKCS15Recipe(.vgca)
        recipe.keys = [.init(.rsa(bits: 2048))]
        recipe.compression = compression
        let card = try S.card(recipe)
        let file = Hex.upper(card.state.files[PKCS15FileName(.application, 1)] ?? [])
        #expect(file.hasPrefix(tag))
        #expect(file.dropFirst(8).hasPrefix(begin))
        let key = try #require(card.state.keys[0x10]).publicKey.rsaNumbers()
        #expect(
            card.state.files[PKCS15FileName(.application, 0xDF10)]
                == [0, 1, 0, 1] + key.modulus)
    }

    @Test func theObjectsSayWhichCodesThereAre() throws {
        func codes(_ change: (inout PKCS15Recipe) -> Void) throws -> String {
            var recipe = PKCS15Recipe(.vgca)
            recipe.keys = []
            change(&recipe)
            let file = try S.card(recipe).state.files[PKCS15FileName(.application, 0x7001)]
            return Hex.upper(file ?? [])
        }
        // Case-sensitive, local, initialised and needs padding; and unblock-disabled.
        let flags = "030202CC"
        #expect(try codes { _ in }.contains("0C0350554B"))
        #expect(try !codes { $0.puk = nil }.contains("0C0350554B"))
        #expect(try codes { _ in }.contains(flags))
        #expect(try codes { $0.forbidsUnblocking = true }.contains("030202DC"))
    }

    @Test func lockAndStateAreThoseOfEveryFamily() throws {
        var recipe = PKCS15Recipe(.isoApplet)
        recipe.keys = [.init(.p256)]
        var token = SimulatedToken(try S.card(recipe))
        token.lock()
        #expect(token.triesText == "PIN 0 of 3, PUK 5 of 5 tries left")
        #expect(token.serialText == "12345678")
        let text = try token.card.stateText()
        let again = try token.replaced(by: text)
        #expect(try again.card.stateText() == text)
        #expect(again.pkcs15?.state.files == token.pkcs15?.state.files)
        let other = try SimulatedToken(PIVCard(.plain, Samples.state())).replaced(by: text)
        #expect(other.pkcs15?.model.kind == .isoApplet)
        for line in ["model other 0", "pin zz 3 3 0", "file nowhere 1 00", "key 0 00", "x"] {
            #expect(throws: VirtualTokenError.self) { try PKCS15State(text + line + "\n") }
        }
    }

    @Test func optionsMakeTheCardTheyDescribe() throws {
        let options = try Options([
            "--model", "vgca", "--vpcd", "--key", "1=rsa2048", "--pin", "correct horse", "--puk",
            "battery staple", "--pin-tries=10", "--puk-tries", "4", "--locked", "--serial", "42",
            "--compression=unknown", "--holder", "Trần Văn Bình",
        ])
        let (token, _) = try options.token(now: 1_800_000_000)
        let card = try #require(token.pkcs15)
        #expect(card.counters.map(\.total) == [10, 4])
        #expect(card.counters.map(\.left) == [0, 4])
        #expect(card.serialText == "00000042")
        #expect(card.state.pin.value == Array("correct horse".utf8) + [0xFF, 0xFF, 0xFF])
        #expect(card.takesExtended)
        let information = card.state.files[PKCS15FileName(.application, 0x5032)] ?? []
        #expect(Hex.upper(information).contains(Hex.upper(Array("00000042".utf8))))
        #expect(Hex.upper(information).contains(Hex.upper(Array("VGCA Token".utf8))))
    }

    @Test(arguments: [
        ["--key", "2=rsa2048"], ["--key", "1=p256"], ["--pin", "123"], ["--puk", "123"],
        ["--compression", "none"], ["--interface", "1.0"], ["--serial", "100000000"],
        ["--admin", "12345678"],
    ])
    func wrongArgumentsAreNamed(_ arguments: [String]) {
        do {
            _ = try Options(["--model=vgca"] + arguments)
            Issue.record("\(arguments) was taken")
        } catch {
            #expect(error.reason.hasPrefix(arguments[0]), "\(error)")
        }
    }

    @Test func aPINOfOtherCharactersThanItsTypesIsNone() throws {
        let options = try Options(["--model=pkcs15", "--pin", "12345678", "--key", "none"])
        #expect(try options.token(now: 1_800_000_000).0.card.counters.map(\.left) == [3, 3])
        #expect(throws: VirtualTokenError.self) {
            try Options(["--model=pkcs15", "--pin", "123456789"])
        }
    }

    @Test(arguments: PKCS15Model.Kind.allCases)
    func theAnswerToResetIsOne(_ kind: PKCS15Model.Kind) throws {
        var recipe = PKCS15Recipe(kind)
        recipe.keys = []
        let card = try S.card(recipe)
        let atr = try ATR(parsing: card.atr)
        #expect(atr.protocols.contains(.t1))
        #expect(Array(atr.historicalBytes) == card.historicalBytes)
    }
}
