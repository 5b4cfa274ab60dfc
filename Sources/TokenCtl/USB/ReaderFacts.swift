import StationInterface
import System

/// What can be seen of one reader on USB without opening it.
struct ReaderFacts: Equatable, Sendable {
    /// The node under /dev/bus/usb.
    struct Node: Equatable, Sendable {
        let mode: UInt32
        let group: UInt32
    }

    var device: USBDevice
    /// What udev noted of it; nil where there is no record.
    var properties: [String: String]? = nil
    var node: Node? = nil
    var holders: [Station.Holder] = []

    /// udev gave it to the station.
    var isRaw: Bool { properties?["TOKEN_STATION_RAW"] == "1" }
    /// A pcscd that knows the property leaves it alone.
    var isIgnored: Bool { properties?["PCSCLITE_IGNORE"] != nil }
    var isMarked: Bool { properties?["TOKEN_STATION_READER"] == "1" }

    var owner: Owner { isRaw ? .raw : .pcsc }
}

/// All readers on USB and what decides about them.
struct USBFacts: Equatable, Sendable {
    enum RuleFile: Equatable, Sendable {
        case missing
        /// Without what this version's has.
        case older(path: String)
        case good(path: String)
    }

    var readers: [ReaderFacts] = []
    var hasUdev = true
    var marking = RuleFile.missing
    var following = RuleFile.missing
    var local = LocalRules("")
    /// Whether pcscd here knows PCSCLITE_IGNORE (pcsc-lite 2.3.2 and later); nil without pcscd.
    var pcscdKnowsIgnore: Bool? = nil
    /// Readers that a drop-in of pcscd's unit keeps it from, as it stands there.
    var pcscdFilter: String? = nil
    /// libccid's names by model, "08e6:3437".
    var driverNames: [String: String] = [:]
    var hasDriver = true
    /// The group of raw nodes; nil where there is none.
    var stationGroup: UInt32? = nil
}

extension USBFacts {
    static let group = "token-station"
    private static let ruleFolders = [
        "/etc/udev/rules.d/", "/run/udev/rules.d/", "/usr/local/lib/udev/rules.d/",
        "/usr/lib/udev/rules.d/", "/lib/udev/rules.d/",
    ]
    private static let dropIns = "/etc/systemd/system/pcscd.service.d"
    private static let filter = "PCSCLITE_FILTER_IGNORE_READER_NAMES="

    /// Looks around.
    static func look() -> USBFacts {
        var facts = USBFacts()
        facts.readers = ReaderFacts.look(USBDevice.readers())
        facts.hasUdev = File.exists("/run/udev")
        facts.marking = ruleFile("70-token-station.rules", having: "TOKEN_STATION_READER")
        facts.following = ruleFile("93-token-station.rules", having: "TOKEN_STATION_RAW")
        facts.local = LocalRules(text(LocalRules.path))
        facts.pcscdKnowsIgnore = pcscdKnowsIgnore()
        facts.pcscdFilter = pcscdFilter()
        facts.driverNames = DriverNames.read()
        facts.hasDriver = DriverNames.files.contains { File.exists($0) }
        facts.stationGroup = Process.groupID(named: group)
        return facts
    }

    static func text(_ path: String) -> String {
        String(decoding: (try? File.contents(of: path, limit: 1 << 20)) ?? [], as: UTF8.self)
    }

    private static func ruleFile(_ name: String, having word: String) -> RuleFile {
        // The first folder of these wins over the others.
        guard let path = ruleFolders.map({ $0 + name }).first(where: { File.exists($0) }) else {
            return .missing
        }
        return text(path).contains(word) ? .good(path: path) : .older(path: path)
    }

    /// The word stands in the program itself: no version needs to be known, and none run.
    static func pcscdKnowsIgnore() -> Bool? {
        guard let bytes = try? File.contents(of: "/usr/sbin/pcscd", limit: 16 << 20) else {
            return nil
        }
        return contains("PCSCLITE_IGNORE", bytes)
    }

    static func contains(_ word: String, _ bytes: [UInt8]) -> Bool {
        let wanted = Array(word.utf8)
        guard let first = wanted.first, bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { i in
            bytes[i] == first && bytes[i..<(i + wanted.count)].elementsEqual(wanted)
        }
    }

    private static func pcscdFilter() -> String? {
        let names = ((try? File.names(in: dropIns)) ?? []).sorted()
        let texts = names.map { text(dropIns + "/" + $0) } + [text("/etc/default/pcscd")]
        for line in texts.joined(separator: "\n").split(separator: "\n") {
            guard !line.hasPrefix("#"), let mark = line.firstRange(of: filter) else { continue }
            return String(line[mark.upperBound...].prefix { $0 != "\"" })
        }
        return nil
    }
}

extension ReaderFacts {
    /// What there is to see of each device.
    static func look(_ devices: [USBDevice]) -> [ReaderFacts] {
        let open = OpenFiles.processes(having: Set(devices.map(\.node)))
        return devices.map { device in
            var facts = ReaderFacts(device: device)
            facts.properties = properties(USBFacts.text(device.record))
            if let status = try? File.status(of: device.node) {
                facts.node = Node(mode: status.mode & 0o777, group: status.group)
            }
            facts.holders = (open[device.node] ?? []).map {
                Station.Holder(pid: Int($0), program: OpenFiles.program($0))
            }
            return facts
        }
    }

    /// The properties in udev's record; nil where that is empty.
    static func properties(_ record: String) -> [String: String]? {
        var properties: [String: String] = [:]
        for line in record.split(separator: "\n") where line.hasPrefix("E:") {
            let pair = line.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            properties[String(pair[0])] = String(pair[1])
        }
        return record.isEmpty ? nil : properties
    }
}
