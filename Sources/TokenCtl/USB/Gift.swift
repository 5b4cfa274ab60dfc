import JSON

/// What became of giving a reader to somebody.
struct Gift: Equatable, Sendable {
    let file: String
    let isChanged: Bool
    let owner: Owner
    let device: USBDevice
    let scope: LocalRule.Scope
    let covered: [USBDevice]
    /// Lines that are not ours and speak of the same model.
    let foreignLines: [Int]
    /// udevd has judged the devices by the new rules.
    var isInForce = false
    var next: [String] = []

    /// What a person has left to do.
    func remaining(_ pcscdKnowsIgnore: Bool?, _ names: [String: String]) -> [String] {
        var steps: [String] = []
        if !isInForce {
            steps.append("As root: udevadm control --reload.")
        }
        if pcscdKnowsIgnore == false {
            steps.append(
                owner == .raw
                    ? Remedy.dropIn(device, names)
                    : "If its name stands in PCSCLITE_FILTER_IGNORE_READER_NAMES of a drop-in of "
                        + "pcscd.service, take it out, then systemctl daemon-reload and "
                        + "systemctl restart pcscd.")
        }
        steps.append(Remedy.replug)
        return steps
    }

    /// What the rule is about, as a sentence.
    var reach: String {
        switch scope {
        case .model:
            "every \(device.model), also those plugged in later; now: "
                + covered.map(\.words).joined(separator: "; ")
        case .serial(let serial):
            "the \(device.model) with serial number \(serial), at whichever port"
        case .port(let port): "the \(device.model) at port \(port); at another port it is not it"
        }
    }

    var document: JSONValue {
        [
            "file": .string(file), "changed": .bool(isChanged), "owner": .string(owner.rawValue),
            "covers": .string(reach), "devices": .array(covered.map { .string($0.port) }),
            "foreign_lines": .array(foreignLines.map { .integer(Int64($0)) }),
            "in_force": .bool(isInForce), "next": .array(next.map { .string($0) }),
        ]
    }
}
