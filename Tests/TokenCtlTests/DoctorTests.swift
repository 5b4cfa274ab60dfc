import StationInterface
import Testing

@testable import TokenCtl

@Suite struct ProcTextTests {
    @Test func portsThatAreListenedOn() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
               0: 00000000:8C7B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
               1: 0100007F:8C7C 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0
               2: 00000000000000000000000000000000:0016 0:0000 0A 0:0 00:0 0 0

            """
        #expect(ProcText.listeningPorts(text) == [0x8C7B, 0x16])
        #expect(ProcText.listeningPorts("") == [])
    }

    @Test func pathsThatAreListenedOn() {
        let text = """
            Num       RefCount Protocol Flags    Type St Inode Path
            ffff: 00000002 00000000 00010000 0001 01 20001 /run/pcscd/pcscd.comm
            ffff: 00000003 00000000 00000000 0001 03 20002 /run/other
            ffff: 00000002 00000000 00010000 0001 01 20003 /run/with blank
            ffff: 00000002 00000000 00010000 0001 01 20004

            """
        #expect(ProcText.listeningPaths(text) == ["/run/pcscd/pcscd.comm", "/run/with blank"])
    }

    @Test func groupsOfAProcessAndTheirNames() {
        let status = "Name:\tx\nUid:\t1\t1\t1\t1\nGid:\t5\t100\t100\t100\nGroups:\t100 27 995 \n"
        #expect(ProcText.groups(status) == [100, 27, 995])
        #expect(
            ProcText.groupNames("root:x:0:\ntoken-station:x:995:lan,an\nbroken\n")
                == [0: "root", 995: "token-station"])
    }
}

@Suite struct ExaminationTests {
    private static let good: BoxFacts = {
        var facts = BoxFacts(socketPath: "/run/s")
        facts.socketFile = .socket(mode: 0o660, owner: 0, group: 995)
        facts.isListening = true
        facts.groups = [100]
        facts.groupNames = [995: "token-station"]
        facts.hasSystemd = true
        facts.unitIsInstalled = true
        facts.unitIsActive = true
        facts.pcscdIsListening = true
        facts.hasConfiguration = true
        facts.usb.marking = .good(path: "/usr/lib/udev/rules.d/70-token-station.rules")
        facts.usb.following = .good(path: "/usr/lib/udev/rules.d/93-token-station.rules")
        return facts
    }()

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let change: @Sendable (inout BoxFacts) -> Void
        let station: Examination.Station
        let check: String
        let state: Station.Finding.State
        let words: String

        init(
            _ name: String, _ station: Examination.Station, _ check: String,
            _ state: Station.Finding.State, _ words: String,
            _ change: @escaping @Sendable (inout BoxFacts) -> Void = { _ in }
        ) {
            self.name = name
            self.change = change
            self.station = station
            self.check = check
            self.state = state
            self.words = words
        }
        var testDescription: String { name }
    }

    private static let office = Examination.Station.answers(mode: .office, roles: ["counter"])
    private static let silent = Examination.Station.silent("no answer")

    @Test func nothingIsWrongOnAGoodBox() {
        let findings = Examination(Self.good, Self.office).findings
        #expect(findings.allSatisfy { $0.state == .good })
        #expect(
            findings.map(\.check)
                == [
                    "you", "socket", "service", "configuration", "pcscd", "virtual readers", "usb",
                ])
    }

    private static let wrong: [Row] = [
        Row("no socket", silent, "socket", .bad, "is not there") { $0.socketFile = .missing },
        Row("a file instead", silent, "socket", .bad, "is no socket") { $0.socketFile = .notSocket },
        Row("a closed folder", silent, "socket", .bad, "may not look") { $0.socketFile = .hidden },
        Row("left over", silent, "socket", .bad, "left over") { $0.isListening = false },
        Row("hung", silent, "socket", .bad, "does not answer"),
        Row("not of the group", .forbidden, "socket", .bad, "token-station (995)"),
        Row("no group", .forbidden, "socket", .bad, "You may not use") {
            $0.socketFile = .socket(mode: 0o600, owner: 0, group: 0)
        },
        Row("no role", .answers(mode: .office, roles: []), "you", .warning, "no role"),
        Row(
            "no role yet", .answers(mode: .office, roles: []), "you", .warning,
            "sudo adduser NAME token-counter"),
        Row("not started", silent, "service", .bad, "not active") { $0.unitIsActive = false },
        Row(
            "a wrong configuration", silent, "service", .bad,
            "not active.sudo token-agent --check-config"
        ) { $0.unitIsActive = false },
        Row("not installed", silent, "service", .bad, "not installed") {
            $0.unitIsActive = false
            $0.unitIsInstalled = false
        },
        Row("active, but not here", silent, "service", .bad, "no station answers at /run/s"),
        Row("connected and mute", .silent("late", process: 42), "service", .bad, "Process 42"),
        Row("active and forbidden", .forbidden, "service", .good, "is active"),
        Row("forbidden and not active", .forbidden, "service", .bad, "not active") {
            $0.unitIsActive = false
        },
        Row(
            "by hand", .answers(mode: .office, roles: ["counter"], process: 42), "service", .good,
            "process 42, not a service"
        ) { $0.unitIsActive = false },
        Row(
            "a service", .answers(mode: .office, roles: ["counter"], process: 42), "service",
            .good, "token-agent.service is active; the station is process 42"),
        Row(
            "pcscd is not wanted", .answers(mode: .office, roles: ["counter"], pcscd: "disabled"),
            "pcscd", .good, "not used"
        ) { $0.pcscdIsListening = false },
        Row("no configuration", silent, "configuration", .bad, "is not there") {
            $0.hasConfiguration = false
        },
        Row("its own configuration", office, "configuration", .good, "of its own") {
            $0.hasConfiguration = false
            $0.unitIsActive = false
        },
        Row("a configuration lost", office, "configuration", .bad, "would not start again") {
            $0.hasConfiguration = false
        },
        Row("a configuration lost, seen by anybody", .forbidden, "configuration", .bad, "again") {
            $0.hasConfiguration = false
        },
        Row("a configuration unused", silent, "configuration", .warning, "not checked"),
        Row("a configuration in use", .forbidden, "configuration", .good, "is there"),
        Row("no pcscd", office, "pcscd", .warning, "PC/SC readers cannot") {
            $0.pcscdIsListening = false
        },
        Row("vpcd in an office", office, "virtual readers", .bad, "35963") {
            $0.virtualDriverPorts = [35963]
        },
        Row(
            "vpcd in training", .answers(mode: .training, roles: ["counter"]), "virtual readers",
            .good, "training"
        ) { $0.virtualDriverPorts = [35964] },
        Row("vpcd, nobody knows", silent, "virtual readers", .warning, "must not") {
            $0.virtualDriverPorts = [35963]
        },
        Row("no locked memory", office, "locked memory", .bad, "no code") {
            $0.canLockMemory = false
        },
    ]

    @Test(arguments: wrong)
    func whatIsWrongIsFoundAndComesWithARemedy(_ row: Row) throws {
        var facts = Self.good
        row.change(&facts)
        let findings = Examination(facts, row.station).findings
        let finding = try #require(findings.first { $0.check == row.check })
        #expect(finding.state == row.state)
        #expect((finding.message + (finding.remedy ?? "")).contains(row.words), "\(finding)")
        #expect((finding.remedy != nil) == (row.state != .good))
    }

    @Test func whatTheStationFoundIsNotSaidTwice() {
        var facts = Self.good
        facts.pcscdIsListening = false
        facts.virtualDriverPorts = [35963]
        func finding(_ check: String) -> Station.Finding {
            Station.Finding(check: check, state: .bad, message: "m", remedy: "r")
        }
        let checks = Examination(
            facts, Self.office,
            inside: [finding("pcscd"), finding("virtual-driver"), finding("r"), finding("r")]
        ).findings.map(\.check)
        #expect(
            checks == [
                "you", "socket", "service", "configuration", "usb", "station: pcscd",
                "station: virtual-driver", "station: r",
            ])
    }
}
