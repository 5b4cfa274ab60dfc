import JSON

/// What became of giving a reader to somebody.
struct Gift: Equatable, Sendable {
    enum Udevd: Equatable, Sendable {
        case notAsked
        case refused
        /// It has judged the devices by the new rules.
        case follows
    }

    let file: String
    let isChanged: Bool
    let owner: Owner
    let device: USBDevice
    let scope: LocalRule.Scope
    let covered: [USBDevice]
    /// Lines that are not ours and speak of the same model.
    let foreignLines: [Int]
    var udevd = Udevd.notAsked
    var next: [String] = []

    /// What a person has left to do where the rule stands in a file of its own.
    static let copy = "copy it to \(LocalRules.path); nothing is in force yet."

    /// What a person has left to do.
    func remaining(_ facts: USBFacts) -> [String] {
        var steps: [String] = []
        if facts.marking == .missing || facts.following == .missing {
            steps.append(ReaderExamination.install)
        }
        if udevd != .follows { steps.append("As root: udevadm control --reload.") }
        if facts.pcscdKnowsIgnore == false {
            switch owner {
            case .raw:
                steps.append(Remedy.dropIn(device, facts))
                if scope != .model {
                    steps.append(
                        "This pcscd goes by name: it will leave every "
                            + "\(device.name(facts.driverNames)). Give the whole model there.")
                }
            case .pcsc:
                steps.append(
                    "If its name stands in PCSCLITE_FILTER_IGNORE_READER_NAMES of a drop-in of "
                        + "pcscd.service, take it out. \(Remedy.restart)")
            }
        }
        steps.append(covered.isEmpty ? "Plug the reader in." : Remedy.replug)
        return steps
    }

    /// What was done, as a sentence.
    var deed: String {
        if isChanged {
            return owner == .raw
                ? "Written: the station is to drive it (raw)." : "Written: pcscd is to have it."
        }
        return owner == .raw
            ? "Nothing needed changing: \(file) says so already."
            : "Nothing needed changing: \(file) says so already, or says nothing, which means "
                + "pcscd."
    }

    /// What the rule is about, as a sentence.
    var reach: String {
        switch scope {
        case .model:
            "every \(device.model), also those plugged in later; now: "
                + (covered.isEmpty ? "none" : covered.map(\.words).joined(separator: "; "))
        case .serial(let serial):
            "the \(device.model) with serial number \(serial), at whichever port"
        case .port(let port):
            "the \(device.model) at port \(port); in another port it is no longer covered"
        }
    }

    var document: JSONValue {
        [
            "file": .string(file), "changed": .bool(isChanged), "owner": .string(owner.rawValue),
            "covers": .string(reach), "devices": .array(covered.map { .string($0.port) }),
            "foreign_lines": .array(foreignLines.map { .integer(Int64($0)) }),
            "in_force": .bool(udevd == .follows), "next": .array(next.map { .string($0) }),
        ]
    }
}
