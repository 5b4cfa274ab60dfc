import StationInterface

/// What the facts about readers on USB mean.
struct ReaderExamination: Equatable, Sendable {
    typealias Finding = StationInterface.Station.Finding

    private(set) var findings: [Finding] = []

    /// - Parameters:
    ///   - pcscdIsThere: it runs, or its socket is listened on.
    ///   - usesPCSC: the station uses it; nil where that is not known.
    init(_ facts: USBFacts, pcscdIsThere: Bool, usesPCSC: Bool? = nil) {
        addRules(facts)
        if facts.readers.isEmpty { note("usb", .good, "no reader is on USB") }
        for reader in facts.readers {
            let before = findings.count
            addOwner(reader, facts, pcscdIsThere, usesPCSC)
            addLocalRule(reader, facts)
            addPower(reader)
            if reader.isRaw { addNode(reader, facts) }
            if findings.count == before {
                note(
                    reader, .good,
                    reader.isRaw ? "driven by the station itself" : "left to pcscd")
            }
        }
    }

    private mutating func note(
        _ check: String, _ state: Finding.State, _ message: String, _ remedy: String? = nil
    ) {
        findings.append(Finding(check: check, state: state, message: message, remedy: remedy))
    }

    private mutating func note(
        _ reader: ReaderFacts, _ state: Finding.State, _ message: String, _ remedy: String? = nil
    ) {
        let who = state == .good ? "\(reader.device.words): " : ""
        note("usb \(reader.device.port)", state, who + message, remedy)
    }

    static let install =
        "Install 70-token-station.rules and 93-token-station.rules into /usr/lib/udev/rules.d, "
        + "run udevadm control --reload, and unplug the readers and plug them in again."

    private mutating func addRules(_ facts: USBFacts) {
        guard facts.hasUdev || facts.readers.isEmpty else {
            return note(
                "udev", .bad, "No udev runs here: nobody says who has a reader.",
                "Start systemd-udevd.")
        }
        for (name, file) in [
            ("70-token-station.rules", facts.marking), ("93-token-station.rules", facts.following),
        ] {
            switch file {
            case .good: break
            case .missing:
                note(
                    "udev rules", .warning,
                    "\(name) is not installed: readers are put to sleep, and none can be given to "
                        + "the station.", Self.install)
            case .older(let path):
                note(
                    "udev rules", .warning, "\(path) is of an older version.",
                    path.hasPrefix("/etc/")
                        ? "Remove it: a file in /etc hides the installed one of that name. "
                            + Self.install : Self.install)
            }
        }
        guard case .good = facts.marking else { return }
        let unmarked = facts.readers.filter { $0.properties != nil && !$0.isMarked }
        if !unmarked.isEmpty {
            note(
                "udev rules", .warning,
                "They are not in force for the reader at port "
                    + unmarked.map(\.device.port).joined(separator: ", ") + ".",
                "udevadm control --reload, then unplug it and plug it in again.")
        }
    }

    private static func isPCSCD(_ holder: StationInterface.Station.Holder) -> Bool {
        holder.program == "pcscd"
    }

    /// One that both would claim, one that somebody else has, one that nobody drives.
    private mutating func addOwner(
        _ reader: ReaderFacts, _ facts: USBFacts, _ pcscdIsThere: Bool, _ usesPCSC: Bool?
    ) {
        guard reader.isRaw else {
            if !pcscdIsThere || !facts.hasDriver || usesPCSC == false {
                let why =
                    usesPCSC == false
                    ? "this station's configuration does not use pcscd"
                    : pcscdIsThere ? "libccid is not installed" : "no pcscd runs"
                note(
                    reader, .warning,
                    "Nobody drives \(reader.device.words): it is pcscd's, and \(why).",
                    "tokenctl reader \(reader.device.port) --give raw; or apt-get install pcscd "
                        + "libccid, and \"pcsc\": true under \"readers\" in the configuration.")
            } else if facts.filterNames(reader.device) {
                note(
                    reader, .warning,
                    "Nobody drives \(reader.device.words): it is pcscd's, and the drop-in of "
                        + "pcscd.service keeps pcscd off its name.",
                    "Give it to the station too (tokenctl reader \(reader.device.port) --give "
                        + "raw), or take the name out. " + Remedy.restart)
            }
            return
        }
        let others = reader.holders.filter { !Self.isPCSCD($0) && $0.program != "token-agent" }
        if let pcscd = reader.holders.first(where: Self.isPCSCD) {
            note(
                reader, .bad,
                "\(reader.device.words) is given to the station, and pcscd (process \(pcscd.pid)) "
                    + "has it open: the station cannot use it.",
                Remedy.keepPCSCDOff(reader.device, facts))
        } else if pcscdIsThere, !facts.pcscdLeaves(reader) {
            note(
                reader, .warning,
                "Both the station and pcscd would claim \(reader.device.words): "
                    + (facts.pcscdKnowsIgnore == true
                        ? "PCSCLITE_IGNORE is not set for it."
                        : facts.pcscdFilter != nil
                            ? "the drop-in of pcscd.service does not name it."
                            : "this pcscd is older than pcsc-lite 2.3.2 and does not know "
                                + "PCSCLITE_IGNORE."),
                Remedy.keepPCSCDOff(reader.device, facts))
        }
        if !others.isEmpty {
            note(
                reader, .bad,
                "\(reader.device.words) is given to the station, and somebody else has it open: "
                    + others.map { "\($0.program) (process \($0.pid))" }.joined(separator: ", ")
                    + ".", "End that program, then unplug the reader and plug it in again.")
        }
    }

    /// What was decided and is not in force yet.
    private mutating func addLocalRule(_ reader: ReaderFacts, _ facts: USBFacts) {
        guard reader.properties != nil, let rule = facts.local.rule(for: reader.device),
            rule.owner != reader.owner
        else { return }
        note(
            reader, .warning,
            "\(LocalRules.path) gives \(reader.device.words) to "
                + (rule.owner == .raw ? "the station" : "pcscd") + ", and that is not in force.",
            "udevadm control --reload, then unplug the reader and plug it in again.")
    }

    private mutating func addPower(_ reader: ReaderFacts) {
        guard reader.device.power == "auto" else { return }
        note(
            reader, .warning,
            "\(reader.device.words) may be put to sleep when nobody uses it (power/control is "
                + "auto): it then answers late, or not at all.", Self.install)
    }

    private mutating func addNode(_ reader: ReaderFacts, _ facts: USBFacts) {
        let path = reader.device.node
        guard let node = reader.node else {
            return note(
                reader, .bad, "\(path) is not there: \(reader.device.words) cannot be opened.",
                "Unplug the reader and plug it in again; if it stays so, see udevadm test "
                    + "\(reader.device.path).")
        }
        guard let group = facts.stationGroup else {
            return note(
                reader, .warning, "There is no group \(USBFacts.group) for \(path).",
                "systemd-sysusers or groupadd --system \(USBFacts.group), then unplug the "
                    + "reader and plug it in again.")
        }
        guard node.mode & 0o060 == 0o060, node.group == group else {
            return note(
                reader, .warning,
                "\(path) has mode \(String(node.mode, radix: 8)) and group \(node.group); the "
                    + "station wants 660 and its group \(USBFacts.group).", Self.install)
        }
        if node.mode & 0o006 != 0 {
            note(
                reader, .warning, "Everybody on this box may open \(path).",
                "Look for the udev rule that says so: udevadm test \(reader.device.path).")
        }
    }
}

extension USBFacts {
    /// Whether pcscd leaves a reader to the station.
    func pcscdLeaves(_ reader: ReaderFacts) -> Bool {
        pcscdKnowsIgnore == nil || pcscdKnowsIgnore == true && reader.isIgnored
            || filterNames(reader.device)
    }

    /// Whether pcscd is kept off a reader by name: it looks for each of the filter's names
    /// anywhere in the reader's.
    func filterNames(_ device: USBDevice) -> Bool {
        let name = device.wholeName(driverNames)
        return pcscdFilter?.split(separator: ":").contains { name.contains($0) } ?? false
    }
}

/// What a person has to do about readers, in words.
enum Remedy {
    static let replug =
        "Unplug the reader and plug it in again: who has it now keeps it until then."
    static let reload = "systemctl daemon-reload and systemctl restart pcscd."
    static let restart = "Then " + reload

    /// What keeps pcscd off a reader that is the station's.
    static func keepPCSCDOff(_ device: USBDevice, _ facts: USBFacts) -> String {
        facts.pcscdKnowsIgnore == false
            ? dropIn(device, facts) + " " + replug
            : "tokenctl reader \(device.port) --give raw. " + replug
    }

    /// For pcscd before pcsc-lite 2.3.2: it goes by names, and reads them when it starts.
    static func dropIn(_ device: USBDevice, _ facts: USBFacts) -> String {
        // Of a model that is not plugged in only the driver could tell.
        let known = device.name(facts.driverNames)
        let name = known.isEmpty ? "NAME" : known
        if let filter = facts.pcscdFilter, !filter.isEmpty {
            if facts.filterNames(device) {
                return "The drop-in names it. If not done yet: \(reload)"
            }
            let others = filter.split(separator: ":").map { "\"\($0)\"" }
            return "The drop-in keeps pcscd off \(others.joined(separator: ", ")), not off this "
                + "one: add \":\(name)\". \(restart)"
        }
        return "This pcscd is told by name: write into "
            + "/etc/systemd/system/pcscd.service.d/token-station.conf the lines [Service] and "
            + "Environment=\"PCSCLITE_FILTER_IGNORE_READER_NAMES=\(name)\" (several names with a "
            + "colon between them). \(restart)"
    }
}
