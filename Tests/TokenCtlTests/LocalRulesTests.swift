import Expectations
import Foundation
import Testing

@testable import TokenCtl

private let start = "ACTION!=\"remove\", SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", "
private let model = start + "ATTR{idVendor}==\"08e6\", ATTR{idProduct}==\"3437\", "
private let raw = "ENV{TOKEN_STATION_RAW}=\"1\", ENV{PCSCLITE_IGNORE}=\"1\""
private let notRaw = "ENV{TOKEN_STATION_RAW}=\"\", ENV{PCSCLITE_IGNORE}=\"\""

private func device(
    _ port: String = "1-2", serial: String? = nil, vendor: String = "08e6",
    product: String = "3437"
) -> USBDevice {
    USBDevice(port: port, vendor: vendor, product: product, serial: serial)
}

@Suite struct LocalRulesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let before: [String]
        let device: USBDevice
        let owner: Owner
        let scope: LocalRule.Scope
        /// Without the head, where it was written anew.
        let after: [String]
        var testDescription: String { name }

        init(
            _ name: String, _ before: [String], _ device: USBDevice, _ owner: Owner,
            _ scope: LocalRule.Scope, _ after: [String]
        ) {
            self.name = name
            self.before = before
            self.device = device
            self.owner = owner
            self.scope = scope
            self.after = after
        }
    }

    private static let head =
        LocalRules(LocalRules.head).text.split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init).dropLast() + [""]
    private static let foreign =
        "ATTR{idVendor}==\"08e6\", ATTR{idProduct}==\"3437\", MODE=\"0600\""

    private static let edits: [Row] = [
        Row("a new file", [], device(), .raw, .model, head + [model + raw]),
        Row("nothing to say in a new file", [], device(), .pcsc, .model, []),
        Row("said already", ["# x", model + raw], device(), .raw, .model, ["# x", model + raw]),
        Row("taken back", ["# x", model + raw, "# y"], device(), .pcsc, .model, ["# x", "# y"]),
        Row(
            "one by its port", ["# x"], device("1-2.1"), .raw, .port("1-2.1"),
            ["# x", model + "KERNEL==\"1-2.1\", " + raw]),
        Row(
            "one by its serial number", ["# x"], device(serial: "A1"), .raw, .serial("A1"),
            ["# x", model + "ATTR{serial}==\"A1\", " + raw]),
        Row(
            "an exception from its model", [model + raw], device("1-2"), .pcsc, .port("1-2"),
            [model + raw, model + "KERNEL==\"1-2\", " + notRaw]),
        Row(
            "an exception taken back", [model + raw, model + "KERNEL==\"1-2\", " + notRaw],
            device("1-2"), .raw, .port("1-2"), [model + raw]),
        Row(
            "covered by its model", [model + raw], device("1-2"), .raw, .port("1-2"),
            [model + raw]),
        Row(
            "the model settles what was said of each",
            [model + "KERNEL==\"1-2\", " + raw, model + raw, model + "KERNEL==\"1-3\", " + notRaw],
            device("1-2"), .raw, .model, [model + raw]),
        Row(
            "by port before, by serial number now",
            ["# x", model + "KERNEL==\"1-2\", " + raw], device("1-2", serial: "A1"), .raw,
            .serial("A1"), ["# x", model + "ATTR{serial}==\"A1\", " + raw]),
        Row(
            "others are kept",
            [
                foreign, model + "KERNEL==\"1-9\", " + raw,
                model.replacingOccurrences(of: "3437", with: "3438") + raw,
            ],
            device("1-2"), .pcsc, .port("1-2"),
            [
                foreign, model + "KERNEL==\"1-9\", " + raw,
                model.replacingOccurrences(of: "3437", with: "3438") + raw,
            ]),
        Row(
            "a line of ours with a word more is not ours",
            [model + raw + ", TAG+=\"x\""], device(), .raw, .model,
            [model + raw + ", TAG+=\"x\"", model + raw]),
    ]

    @Test(arguments: edits)
    func theFileIsEditedLineByLine(_ row: Row) {
        var rules = LocalRules(row.before.map { $0 + "\n" }.joined())
        rules.give(row.device, to: row.owner, scope: row.scope)
        #expect(rules.lines.map(String.init) == row.after)
        // A second time changes nothing.
        let once = rules
        rules.give(row.device, to: row.owner, scope: row.scope)
        #expect(rules == once)
        #expect(LocalRules(rules.text) == rules)
    }

    @Test func theLastLineEndsInANewlineThoughItHadNone() {
        var rules = LocalRules("# x")
        rules.give(device(), to: .raw, scope: .model)
        #expect(rules.text == "# x\n" + model + raw + "\n")
    }

    @Test func whoIsMeantByOneIsTheSerialNumberWhereItIsItsOwn() {
        let one = device("1-1", serial: "A-1")
        #expect(LocalRule.scope(ofOne: one, among: [one]) == .serial("A-1"))
        let twin = device("1-2", serial: "A-1")
        #expect(LocalRule.scope(ofOne: one, among: [one, twin]) == .port("1-1"))
        let other = device("1-2", serial: "A-1", product: "3438")
        #expect(LocalRule.scope(ofOne: one, among: [one, other]) == .serial("A-1"))
        for serial in ["*", "a b", "a\"", "[1]", "a|b", "a\\", "$x", nil] {
            #expect(
                LocalRule.scope(ofOne: device("1-1", serial: serial), among: []) == .port("1-1"))
        }
    }

    @Test func linesOfAnotherShapeThatDecideAreNamed() {
        let rules = LocalRules(
            "# 08e6 3437 TOKEN_STATION_RAW\n" + Self.foreign + "\n" + model + raw + ", TAG+=\"x\"\n"
                + model + raw + "\n")
        #expect(rules.foreignLines(about: device()) == [3])
        #expect(rules.foreignLines(about: device(product: "0001")) == [])
    }

    @Test func udevsFilesAreInTheOrderTheyNeed() {
        let names = ["70-token-station.rules", "92-libccid.rules", "93-token-station.rules"]
        let local = String(LocalRules.path.split(separator: "/").last ?? "")
        #expect((names + [local]).sorted() == [names[0], local, names[1], names[2]])
    }

    @Test func readersOfTheVendorsClassAreThoseOfTheRules() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appendingPathComponent("udev/70-token-station.rules"),
            encoding: .utf8)
        let row =
            /\nATTR\{idVendor\}=="(\w+)", ATTR\{idProduct\}=="(\w+)", ENV\{TOKEN_STATION_READER\}/
        let models = text.matches(of: row).map { "\($0.1):\($0.2)" }
        #expect(Set(models) == USBDevice.vendorClass)
    }
}

@Suite struct ReaderNameTests {
    private static let names = [
        "08e6:3437": "Gemalto PC Twin Reader",
        "076b:3031": "HID Global OMNIKEY 3x21 Smart Card Reader",
        "04e6:5116": "SCM Microsystems Inc. SCR 3310", "1050:0407": "Yubico YubiKey OTP+FIDO+CCID",
        "058f:9540": "Alcor Micro AU9540", "0bda:0169": "Generic Smart Card Reader (USB)",
    ]
    private static let all: [USBDevice] = [
        device("1-1"), device("1-2", serial: "70D7E2EE"),
        device("1-3", serial: "21120705304021", vendor: "04e6", product: "5116"),
        device("1-4", vendor: "1050", product: "0407"),
        device("1-5", vendor: "0bda", product: "0169"),
        {
            var unknown = device("1-6", vendor: "abcd", product: "0001")
            unknown.manufacturer = "bit4id"
            unknown.productName = "TokenME EVO v2"
            return unknown
        }(),
    ]

    @Test(arguments: [
        ("Gemalto PC Twin Reader 00 00", ["1-1", "1-2"]),
        ("Gemalto PC Twin Reader (70D7E2EE) 00 00", ["1-2"]),
        ("Gemalto PC Twin Reader (AAAAAAAA) 00 00", []),
        ("SCM Microsystems Inc. SCR 3310 [CCID Interface] (21120705304021) 01 00", ["1-3"]),
        ("SCM Microsystems Inc. SCR 3310 [CCID Interface] 01 00", ["1-3"]),
        ("Yubico YubiKey OTP+FIDO+CCID 00 00", ["1-4"]),
        ("Generic Smart Card Reader (USB) 00 00", ["1-5"]),
        ("bit4id TokenME EVO v2 00 00", ["1-6"]), ("bit4id TokenME EVO v2", ["1-6"]),
        ("Virtual PCD 00 00", []), ("", []), ("00 00", []),
        ("1-3", ["1-3"]), ("04E6:5116", ["1-3"]), ("08e6:3437", ["1-1", "1-2"]),
    ])
    func aNameFindsItsDevices(_ name: String, _ ports: [String]) {
        let found = ReaderChoice.devices(name, in: Self.all, Self.names)
        #expect(found.map(\.port) == ports)
    }

    @Test(arguments: [
        ("08e6:3437", "08e6:3437"), ("04E6:E003", "04e6:e003"), ("08e6:343", nil),
        ("08e6:34370", nil), ("08e6:343g", nil), ("08e6", nil), ("08e6:3437:1", nil),
        ("1-2.1", nil), (":", nil), ("", nil),
    ])
    func aModelNeedsNoDeviceToBeNamed(_ name: String, _ model: String?) {
        #expect(ReaderChoice.model(name)?.model == model)
    }

    @Test func whatIsAmbiguousIsListedAndRefused() throws {
        let found = Array(Self.all.prefix(2))
        let refusal = caught(Failure.self) {
            try ReaderChoice.one("x", found, all: Self.all, wholeModel: false)
        }
        #expect(refusal?.message.contains("1-1") == true)
        #expect(refusal?.message.contains("1-2") == true)
        #expect(try ReaderChoice.one("x", found, all: Self.all, wholeModel: true).port == "1-1")
        #expect(throws: Failure.self) {
            try ReaderChoice.one("x", Self.all, all: Self.all, wholeModel: true)
        }
        let nothing = caught(Failure.self) {
            try ReaderChoice.one("x", [], all: Self.all, wholeModel: true)
        }
        #expect(nothing?.next.contains("1-6") == true)
    }

    @Test func theDriversNamesAreReadFromItsPropertyList() {
        let text = """
            <key>ifdVendorID</key>
            <array>
            \t<string>0x08E6</string>
            \t<string>0x58f</string>
            </array>
            <key>ifdProductID</key>
            \t<array>
            \t\t<string>0x3437</string>
            \t\t<string>0x9540</string>
            \t</array>
            <key>Other</key>
            <array><string>x</string>
            </array>
            <key>ifdFriendlyName</key>
            <array>
            \t<string>Gemalto PC Twin Reader</string>
            \t<string>A &amp; B &lt;C&gt; &x</string>
            </array>
            """
        #expect(
            DriverNames.parse(text)
                == ["08e6:3437": "Gemalto PC Twin Reader", "058f:9540": "A & B <C> &x"])
        #expect(DriverNames.parse("") == [:])
        #expect(DriverNames.parse("<key>ifdVendorID</key>") == [:])
    }
}

@Suite struct USBDeviceTests {
    private static func make(_ files: [String: String]) throws -> String {
        let root = NSTemporaryDirectory() + "usb-" + UUID().uuidString
        for (path, text) in files {
            let url = URL(fileURLWithPath: root + "/" + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data((text + "\n").utf8).write(to: url)
        }
        return root
    }

    @Test func readersAreFoundAmongTheDevices() throws {
        let root = try Self.make([
            "1-2.1/idVendor": "08e6", "1-2.1/idProduct": "3437", "1-2.1/bcdDevice": "0200",
            "1-2.1/manufacturer": "Gemalto", "1-2.1/product": "USB SmartCard Reader  ",
            "1-2.1/busnum": "1", "1-2.1/devnum": "14", "1-2.1/power/control": "auto",
            "1-2.1:1.0/bInterfaceClass": "0b", "1-2.1:1.0/bInterfaceNumber": "00",
            "1-3/idVendor": "1d6b", "1-3/idProduct": "0002",
            "1-3:1.0/bInterfaceClass": "09",
            "1-4/idVendor": "04e6", "1-4/idProduct": "e003", "1-4:1.0/bInterfaceClass": "ff",
            "1-5/idVendor": "04e6", "1-5/idProduct": "e004", "1-5:1.0/bInterfaceClass": "ff",
            "1-6/idVendor": "1050", "1-6/idProduct": "0407", "1-6:1.0/bInterfaceClass": "03",
            "1-6:1.2/bInterfaceClass": "0b", "1-6:1.2/bInterfaceNumber": "02",
            "1-6:1.2/interface": "YubiKey Smartcard Interface",
            "usb1/idVendor": "1d6b", "2-1/idVendor": "08e6",
        ])
        defer { try? FileManager.default.removeItem(atPath: root) }
        let found = USBDevice.readers(in: root)
        #expect(found.map(\.port) == ["1-2.1", "1-4", "1-6"])
        let first = try #require(found.first)
        #expect(first.node == "/dev/bus/usb/001/014")
        #expect(first.record == "/run/udev/data/c189:13")
        #expect(first.words == "Gemalto USB SmartCard Reader, 08e6:3437 at port 1-2.1")
        #expect(first.power == "auto")
        #expect(first.serial == nil)
        #expect(found.last?.interfaces.map(\.number) == [0, 2])
        #expect(found.last?.interfaces.last?.name == "YubiKey Smartcard Interface")
        #expect(USBDevice.readers(in: root + "/none") == [])
    }

    @Test func udevsRecordTellsItsProperties() {
        #expect(
            ReaderFacts.properties("S:char\nE:TOKEN_STATION_RAW=1\nE:A=b=c\nE:broken\nG:x\n")
                == ["TOKEN_STATION_RAW": "1", "A": "b=c"])
        #expect(ReaderFacts.properties("") == nil)
        #expect(USBFacts.contains("abc", Array("xxababcx".utf8)))
        #expect(!USBFacts.contains("abc", Array("ababab".utf8)))
        #expect(!USBFacts.contains("abc", []))
    }
}
