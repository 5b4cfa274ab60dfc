import StationInterface
import Testing

@testable import TokenCtl

@Suite struct ReaderDoctorTests {
    private static let device: USBDevice = {
        var device = USBDevice(port: "1-2", vendor: "08e6", product: "3437")
        device.manufacturer = "Gemalto"
        device.productName = "Reader"
        device.bus = 1
        device.number = 4
        device.power = "on"
        return device
    }()

    /// A raw reader where everything is as it should be.
    private static let good: USBFacts = {
        var facts = USBFacts()
        facts.marking = .good(path: "/usr/lib/udev/rules.d/70-token-station.rules")
        facts.following = .good(path: "/usr/lib/udev/rules.d/93-token-station.rules")
        facts.pcscdKnowsIgnore = true
        facts.stationGroup = 995
        facts.readers = [
            ReaderFacts(
                device: device,
                properties: [
                    "TOKEN_STATION_RAW": "1", "PCSCLITE_IGNORE": "1", "TOKEN_STATION_READER": "1",
                ],
                node: ReaderFacts.Node(mode: 0o660, group: 995),
                holders: [Station.Holder(pid: 7, program: "token-agent")])
        ]
        return facts
    }()

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let state: Station.Finding.State
        let words: [String]
        let pcscdIsThere: Bool
        let usesPCSC: Bool?
        let change: @Sendable (inout USBFacts) -> Void
        var testDescription: String { name }

        init(
            _ name: String, _ state: Station.Finding.State, _ words: String...,
            pcscd: Bool = true, uses: Bool? = true,
            _ change: @escaping @Sendable (inout USBFacts) -> Void = { _ in }
        ) {
            self.name = name
            self.state = state
            self.words = words
            pcscdIsThere = pcscd
            usesPCSC = uses
            self.change = change
        }
    }

    private static func pcscReader(_ facts: inout USBFacts) {
        facts.readers[0].properties = ["TOKEN_STATION_READER": "1"]
        facts.readers[0].node = ReaderFacts.Node(mode: 0o664, group: 0)
        facts.readers[0].holders = [Station.Holder(pid: 8, program: "pcscd")]
    }

    private static let boxes: [Row] = [
        Row("good, raw", .good, "driven by the station itself"),
        Row("good, raw, without pcscd", .good, "driven by", pcscd: false) {
            $0.pcscdKnowsIgnore = nil
        },
        Row("good, of pcscd", .good, "left to pcscd") { pcscReader(&$0) },
        Row("both, and pcscd has it", .bad, "pcscd (process 8)", "--give raw", "plug it in again") {
            $0.readers[0].holders = [Station.Holder(pid: 8, program: "pcscd")]
        },
        Row(
            "both, and an old pcscd has it", .bad, "pcscd (process 8)",
            "PCSCLITE_FILTER_IGNORE_READER_NAMES=", "systemctl restart pcscd"
        ) {
            $0.pcscdKnowsIgnore = false
            $0.readers[0].holders = [Station.Holder(pid: 8, program: "pcscd")]
        },
        Row("both would claim it", .warning, "older than pcsc-lite 2.3.2", "pcscd.service.d") {
            $0.pcscdKnowsIgnore = false
        },
        Row("an old pcscd that is told by name", .good, "driven by") {
            $0.pcscdKnowsIgnore = false
            $0.pcscdFilter = "Gemalto"
        },
        Row("an old pcscd that is told of another and of this", .good, "driven by") {
            $0.pcscdKnowsIgnore = false
            $0.pcscdFilter = "Some Other Reader:Gemalto Reader"
        },
        Row("an old pcscd that knows it by the driver's name", .good, "driven by") {
            $0.pcscdKnowsIgnore = false
            $0.driverNames = ["08e6:3437": "Gemalto PC Twin Reader"]
            $0.pcscdFilter = "PC Twin"
        },
        Row("an old pcscd that knows it by its serial number", .good, "driven by") {
            $0.pcscdKnowsIgnore = false
            $0.readers[0].device.interfaces = [
                .init(number: 0, kind: 0xFF, name: "Other"),
                .init(number: 1, kind: 0x0B, name: "CCID"),
            ]
            $0.readers[0].device.serial = "70D7E2EE"
            $0.pcscdFilter = "Gemalto Reader [CCID] (70D7E2EE)"
        },
        Row(
            "an old pcscd that is told of another", .warning, "Both the station",
            "does not name it",
            "keeps pcscd off \"Some Other Reader\", not off this one: add "
                + "\":Gemalto PC Twin Reader\"."
        ) {
            $0.pcscdKnowsIgnore = false
            $0.driverNames = ["08e6:3437": "Gemalto PC Twin Reader"]
            $0.pcscdFilter = "Some Other Reader"
        },
        Row("nobody: pcscd is told to leave it", .warning, "Nobody drives", "off its name") {
            pcscReader(&$0)
            $0.pcscdKnowsIgnore = false
            $0.pcscdFilter = "Some Other Reader:Gemalto"
        },
        Row("of pcscd, which is told to leave another", .good, "left to pcscd") {
            pcscReader(&$0)
            $0.pcscdKnowsIgnore = false
            $0.pcscdFilter = "Some Other Reader"
        },
        Row("an old pcscd that does not run", .good, "driven by", pcscd: false) {
            $0.pcscdKnowsIgnore = false
        },
        Row("raw and not ignored", .warning, "PCSCLITE_IGNORE is not set") {
            $0.readers[0].properties?["PCSCLITE_IGNORE"] = nil
        },
        Row("raw, and somebody else has it", .bad, "scdaemon (process 9)", "End that program") {
            $0.readers[0].holders.append(Station.Holder(pid: 9, program: "scdaemon"))
        },
        Row("nobody: no pcscd", .warning, "Nobody drives", "no pcscd runs", pcscd: false) {
            pcscReader(&$0)
        },
        Row("nobody: no driver", .warning, "Nobody drives", "libccid") {
            pcscReader(&$0)
            $0.hasDriver = false
        },
        Row("nobody: not used", .warning, "Nobody drives", "configuration", uses: false) {
            pcscReader(&$0)
        },
        Row("asleep", .warning, "put to sleep", "93-token-station.rules") {
            $0.readers[0].device.power = "auto"
        },
        Row("asleep, of pcscd", .warning, "put to sleep") {
            pcscReader(&$0)
            $0.readers[0].device.power = "auto"
        },
        Row("no udev", .bad, "No udev runs", "systemd-udevd") { $0.hasUdev = false },
        Row("no rules", .warning, "70-token-station.rules is not installed", "/usr/lib/udev") {
            $0.marking = .missing
        },
        Row("no following rules", .warning, "93-token-station.rules is not installed") {
            $0.following = .missing
        },
        Row("older rules in the way", .warning, "older version", "hides the installed one") {
            $0.marking = .older(path: "/etc/udev/rules.d/70-token-station.rules")
        },
        Row("rules not in force", .warning, "not in force", "udevadm control --reload") {
            $0.readers[0].properties?["TOKEN_STATION_READER"] = nil
        },
        Row("given and not in force", .warning, "gives", "pcscd", "not in force") {
            var rules = LocalRules("")
            rules.give(device, to: .raw, scope: .model)
            rules.give(device, to: .pcsc, scope: .port("1-2"))
            $0.local = rules
        },
        Row("no node", .bad, "/dev/bus/usb/001/004 is not there") { $0.readers[0].node = nil },
        Row("no group", .warning, "no group token-station", "groupadd") { $0.stationGroup = nil },
        Row("another group", .warning, "mode 660 and group 0", "93-token-station") {
            $0.readers[0].node = ReaderFacts.Node(mode: 0o660, group: 0)
        },
        Row("another mode", .warning, "mode 600") {
            $0.readers[0].node = ReaderFacts.Node(mode: 0o600, group: 995)
        },
        Row("open to all", .warning, "Everybody", "udevadm test") {
            $0.readers[0].node = ReaderFacts.Node(mode: 0o666, group: 995)
        },
    ]

    @Test(arguments: boxes)
    func whatIsWrongWithAReaderIsFound(_ row: Row) throws {
        var facts = Self.good
        row.change(&facts)
        let findings = ReaderExamination(
            facts, pcscdIsThere: row.pcscdIsThere, usesPCSC: row.usesPCSC
        ).findings
        let texts = findings.map { $0.message + " " + ($0.remedy ?? "") }
        let found = texts.firstIndex { text in row.words.allSatisfy { text.contains($0) } }
        let finding = findings[try #require(found, "\(texts)")]
        #expect(finding.state == row.state)
        for finding in findings { #expect((finding.remedy == nil) == (finding.state == .good)) }
        if row.state == .good { #expect(findings.count == 1, "\(texts)") }
    }

    @Test func whereNoReaderIsTheRulesAreLookedAtAllTheSame() {
        var facts = Self.good
        facts.readers = []
        facts.hasUdev = false
        let found = ReaderExamination(facts, pcscdIsThere: false).findings
        #expect(found.map(\.message) == ["no reader is on USB"])
        facts.marking = .missing
        let states = ReaderExamination(facts, pcscdIsThere: false).findings.map(\.state)
        #expect(states == [.warning, .good])
    }

    @Test func theDoctorSaysItWithTheRest() {
        var facts = BoxFacts(socketPath: "/run/s")
        facts.usb = Self.good
        let checks = Examination(facts, .silent("late")).findings.map(\.check)
        #expect(checks.contains("usb 1-2"))
    }
}

@Suite struct ReaderPageRenderTests {
    private static func lines(_ fill: (inout Page) -> Void) -> [String] {
        var page = Page(width: nil)
        fill(&page)
        return page.lines.map(\.text)
    }

    @Test func aReadersPageSaysHowItIsBuiltAndDriven() {
        var ccid = Station.CCIDReader()
        ccid.level = .tpdu
        ccid.protocols = ["T=0", "T=1"]
        ccid.messageLength = 271
        ccid.ifsd = 254
        ccid.pinVerify = true
        ccid.getResponseClass = "ff"
        ccid.envelopeClass = "00"
        var usb = Station.USBReader()
        usb.vendor = "08e6"
        usb.product = "3437"
        usb.driven = "TPDU, T=1"
        usb.quirks = ["why"]
        usb.unsupported = ["memory cards"]
        usb.classDescriptor = "3621"
        usb.ccid = ccid
        let shown = Self.lines {
            $0.add(
                Station.ReaderDescription(
                    reader: Station.Reader(name: "R", path: .usb, state: .empty, insertion: 0),
                    usb: usb, holders: [Station.Holder(pid: 3, program: "x")]))
        }
        for line in [
            "R", "  driven as          TPDU, T=1", "  quirk              why",
            "  not supported      memory cards", "  level              TPDU",
            "  protocols          T=0, T=1", "  longest message    271 bytes; IFSD 254",
            "  pad                verify", "  open in            x (process 3)",
            "  classes            GET RESPONSE as the command's, ENVELOPE 00",
            "  bytes              36 21",
        ] { #expect(shown.contains(line), "\(line)") }
    }

    @Test func roundTripsAreATable() {
        let times = Station.Latency(of: 1500, [800])
        #expect(
            Self.lines { $0.add(Station.ReaderMeasured(status: times, select: times)) } == [
                "", "Round trips", "  TO                   TIMES  P50     P90     P99     MAX",
                "  the reader (status)  2      800 µs  1.5 ms  1.5 ms  1.5 ms",
                "  the card (SELECT)    2      800 µs  1.5 ms  1.5 ms  1.5 ms",
            ])
    }

    struct Left: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var owner = Owner.raw
        var scope = LocalRule.Scope.model
        var udevd = Gift.Udevd.follows
        var isPlugged = true
        var isInstalled = true
        var knowsIgnore: Bool? = true
        /// The start of each step.
        let steps: [String]
    }

    @Test(arguments: [
        Left(testDescription: "raw", steps: ["Unplug the reader"]),
        Left(testDescription: "raw without pcscd", knowsIgnore: nil, steps: ["Unplug the reader"]),
        Left(
            testDescription: "udevd has not read it", owner: .pcsc, udevd: .refused,
            steps: ["As root: udevadm control --reload.", "Unplug"]),
        Left(
            testDescription: "rules not installed", isInstalled: false,
            steps: ["Install 70-token-station.rules", "Unplug"]),
        Left(testDescription: "none plugged in", isPlugged: false, steps: ["Plug the reader in."]),
        Left(
            testDescription: "old pcscd", knowsIgnore: false,
            steps: ["This pcscd is told by name", "Unplug"]),
        Left(
            testDescription: "old pcscd, one alone", scope: .port("1-2"), knowsIgnore: false,
            steps: [
                "This pcscd is told by name",
                "This pcscd goes by name: it will leave every Gemalto PC Twin Reader. Give",
                "Unplug",
            ]),
        Left(
            testDescription: "old pcscd, back", owner: .pcsc, knowsIgnore: false,
            steps: ["If its name stands in", "Unplug"]),
    ])
    func whatIsLeftToDoAfterAReaderIsGiven(_ row: Left) {
        let device = USBDevice(port: "1-2", vendor: "08e6", product: "3437")
        let gift = Gift(
            file: "f", isChanged: true, owner: row.owner, device: device, scope: row.scope,
            covered: row.isPlugged ? [device] : [], foreignLines: [], udevd: row.udevd)
        var facts = USBFacts()
        facts.marking = row.isInstalled ? .good(path: "") : .missing
        facts.following = .good(path: "")
        facts.pcscdKnowsIgnore = row.knowsIgnore
        facts.driverNames = ["08e6:3437": "Gemalto PC Twin Reader"]
        let steps = gift.remaining(facts)
        #expect(steps.count == row.steps.count, "\(steps)")
        for (step, start) in zip(steps, row.steps) { #expect(step.hasPrefix(start), "\(step)") }
    }

    @Test func whatWasGivenIsSaid() {
        let device = USBDevice(port: "1-2", vendor: "08e6", product: "3437")
        func gift(_ owner: Owner, _ isChanged: Bool) -> Gift {
            Gift(
                file: "FILE", isChanged: isChanged, owner: owner, device: device, scope: .model,
                covered: [], foreignLines: [])
        }
        #expect(gift(.raw, true).deed == "Written: the station is to drive it (raw).")
        #expect(gift(.pcsc, true).deed == "Written: pcscd is to have it.")
        #expect(gift(.raw, false).deed == "Nothing needed changing: FILE says so already.")
        #expect(gift(.pcsc, false).deed.hasSuffix("or says nothing, which means pcscd."))
        #expect(gift(.raw, true).reach.hasSuffix("now: none"))
    }
}
