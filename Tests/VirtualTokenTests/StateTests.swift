import APDU
import Crypto
import Foundation
import Testing
import VirtualToken

@Suite struct StateTests {
    private func folder() -> String {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("virtual-token-\(UUID().uuidString)").path
    }

    @Test func aTokenOutlivesTheProgram() throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var (state, _) = try Samples.personalised([
            .init(0x9A, .p256, origin: .imported), .init(0x9C, .rsa(bits: 2048)),
        ])
        state.pin.spend()
        state.puk.block()
        state.management = PIVManagementKey(
            cipher: .aes192, key: [UInt8](repeating: 9, count: 24))
        #expect(try StateFolder(path).token() == nil)
        try StateFolder(path).save(PIVCard(.plain, state))
        let kept = try PIVState(try #require(try StateFolder(path).token()))
        #expect(kept.pin == state.pin)
        #expect(kept.puk == state.puk)
        #expect(kept.management == state.management)
        #expect(kept.serial == state.serial)
        #expect(kept.objects == state.objects)
        #expect(kept.keys.mapValues(\.pair.publicKey) == state.keys.mapValues(\.pair.publicKey))
        #expect(kept.keys.mapValues(\.origin) == state.keys.mapValues(\.origin))
        #expect(kept.keys.mapValues(\.policy) == state.keys.mapValues(\.policy))
        let modes = try ["", "/token"].map { name in
            try FileManager.default.attributesOfItem(atPath: path + name)[.posixPermissions]
                as? Int
        }
        #expect(modes == [0o700, 0o600])
    }

    @Test func theAuthorityIsMadeOnce() throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try StateFolder(path).authority(now: 1_800_000_000)
        let second = try StateFolder(path).authority(now: 1_900_000_000)
        #expect(first.certificate == second.certificate)
        #expect(first.key.publicKey == second.key.publicKey)
        #expect(first.certificate.basicConstraints == .authority(pathLength: nil))
    }

    @Test(arguments: [
        "", "virtual-token 2\n", "virtual-token 1\n", "virtual-token 1\npin 31 3 3 0\n",
        "virtual-token 1\nnonsense\n", "virtual-token 1\nserial x\n",
        "virtual-token 1\npin 313233343536FFFF 3 4 0\n",
        "virtual-token 1\npin 313233343536FFFF 0 0 0\n", "virtual-token 1\nkey 154 1 1 00\n",
        "virtual-token 1\nmanagement 3 00\n",
    ])
    func aDamagedStateIsNamedAndNotUsed(_ text: String) throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try StateFolder(path)
        try text.write(toFile: path + "/token", atomically: false, encoding: .utf8)
        let kept = try #require(try folder.token())
        #expect(throws: VirtualTokenError.self) { try PIVState(kept) }
    }

    @Test func optionsMakeTheTokenTheyDescribe() throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let options = try Options([
            "--attach", "/run/x.sock", "--model=piv", "--key", "9a=p256", "--key",
            "9c=p384,imported",
            "--pin", "654321", "--puk", "87654321", "--pin-tries", "5", "--puk-tries=4", "--locked",
            "--serial", "42", "--holder", "Trần Văn Bình", "--body", "UBND xã", "--email", "",
            "--fault", "apdu=1,kind=mute", "--state", path, "--ca-out", path + "/ca.pem",
            "--oddity", "hides-count", "--no-extended", "--gzip", "9a", "--expired",
        ])
        #expect(options.attachment == .socket(path: "/run/x.sock"))
        let (token, folder) = try options.token(now: 1_800_000_000)
        let made = try #require(token.piv)
        let state = made.state
        #expect(state.pin.total == 5)
        #expect(state.pin.isBlocked)
        #expect(state.pin.value == Array("654321".utf8) + [0xFF, 0xFF])
        #expect(state.puk.left == 4)
        #expect(state.serial == 42)
        #expect(state.keys[0x9A]?.pair.algorithm == .p256)
        #expect(state.keys[0x9C]?.origin == .imported)
        #expect(made.model.oddities == .hidesCount)
        #expect(!made.model.yubico)
        #expect(!made.model.extendedLength)
        let kept = try PIVState(try #require(try folder?.token()))
        #expect(kept.objects == state.objects)

        var card = made
        card.reset()
        _ = card.say(Samples.select)
        let object = card.certificateObject(0x9C).data
        let der = try #require(try TLVReader.find([0x53, 0x70], in: object))
        let certificate = try Certificate(der: Array(der.value))
        #expect(certificate.commonName == "Trần Văn Bình")
        #expect(certificate.organization == "UBND xã")
        #expect(certificate.emailAddress == nil)
        #expect(certificate.notAfter == 1_800_000_000 - 86_400)
        let pem = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/ca.pem")))
        let root = try #require(try PEM.certificates(in: pem).first)
        #expect(root.subject == certificate.issuer)

        // The same command line again finds the token it made.
        let (again, _) = try options.token(now: 1_800_000_001)
        #expect(again.piv?.state.objects == state.objects)
    }

    @Test(
        arguments: [
            (["--vpcd"], Options.Attachment.vpcd(port: 35963)), (["--vpcd", "1"], .vpcd(port: 1)),
            (["--vpcd=35964"], .vpcd(port: 35964)), (["--vpcd", "--locked"], .vpcd(port: 35963)),
            (["--attach=/a"], .socket(path: "/a")), ([], nil),
        ] as [([String], Options.Attachment?)])
    func waysToAttach(_ arguments: [String], _ expected: Options.Attachment?) throws {
        #expect(try Options(arguments).attachment == expected)
    }

    @Test(arguments: [
        ["--nonsense"], ["--pin"], ["--pin", "12345"], ["--pin", "123456789"],
        ["--pin", "mật khẩu"],
        ["--pin-tries", "0"], ["--pin-tries", "16"], ["--key", "9b=p256"], ["--key", "9a"],
        ["--key", "9a=dsa"], ["--key", "9a=p256,stolen"], ["--key", "9a=p256=1"], ["--model", "x"],
        ["--oddity", "x"], ["--fault", "x"], ["--vpcd=65536"], ["--attach", "a", "--vpcd"],
        ["--serial", "-1"], ["--yubico-version", "5.4"], ["stray"], ["--gzip", "80"],
        ["--patience", "soon"],
    ])
    func wrongArgumentsAreNamed(_ arguments: [String]) {
        do {
            _ = try Options(arguments)
            Issue.record("\(arguments) was taken")
        } catch {
            #expect(
                error.reason.hasPrefix(arguments[0]) || error.reason.hasPrefix("fault")
                    || error.reason.hasPrefix("--vpcd"), "\(error)")
        }
    }

    @Test(arguments: [
        ("counters", ControlCommand.counters), ("log", .log), ("pull", .pull),
        ("insert", .insert), ("lock", .lock), ("quit", .quit), ("clear-faults", .clearFaults),
        ("clear-log", .clearLog),
        ("fault apdu=1,kind=mute", .fault(Fault(.command(1), .mute(milliseconds: nil)))),
        ("swap /a folder", .swap("/a folder")),
    ])
    func controlLinesAreRead(_ line: String, _ command: ControlCommand) throws {
        #expect(try ControlCommand(parsing: line) == command)
    }

    @Test(arguments: ["", "pull now", "fault", "fault x", "swap", "COUNTERS"])
    func otherControlLinesAreRefused(_ line: String) {
        #expect(throws: VirtualTokenError.self) { try ControlCommand(parsing: line) }
    }

    @Test func theWireIsReadInAnyPieces() {
        let bytes: [UInt8] = [
            0, 1, 1, 0, 1, 4, 0, 0, 0, 1, 9, 0, 4, 0, 0xA4, 4, 0, 0, 1, 0, 0, 1, 2,
        ]
        let expected: [VPCDWire.Message] = [
            .powerOn, .answerToReset, .command([0, 0xA4, 4, 0]), .powerOff, .reset,
        ]
        for size in 1...bytes.count {
            var wire = VPCDWire()
            var read: [VPCDWire.Message] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                wire.append(bytes[start..<min(start + size, bytes.count)])
                while let message = wire.next() { read.append(message) }
            }
            #expect(read == expected, "in pieces of \(size)")
        }
        #expect(VPCDWire.frame([0x90, 0]) == [0, 2, 0x90, 0])
        #expect(VPCDWire.frame([UInt8](repeating: 0, count: 65_536)) == nil)
    }

    @Test(arguments: [PIVModel.plain, .yubiKey, .short])
    func theAnswerToResetIsOne(_ model: PIVModel) throws {
        let atr = try ATR(parsing: model.atr)
        #expect(atr.protocols.contains(.t1))
        #expect(atr.historical.capabilities?.takesExtended == model.extendedLength)
    }
}
