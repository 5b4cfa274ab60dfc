import StationInterface

/// What the facts mean: the doctor's own findings.
struct Examination: Equatable, Sendable {
    /// What came of asking the station.
    enum Station: Equatable, Sendable {
        /// Its mode, and what it says of pcscd, are not told to everybody.
        case answers(
            mode: StationInterface.Station.Status.Mode?, roles: [String], process: Int? = nil,
            pcscd: String? = nil)
        /// It did not; the sentence says why. The process is the one that took the connection.
        case silent(String, process: Int? = nil)
        /// It is there and this user may not use it.
        case forbidden
    }

    private(set) var findings: [StationInterface.Station.Finding] = []

    /// - Parameter inside: what the station itself found; none of that is said a second time.
    init(
        _ facts: BoxFacts, _ station: Station,
        inside: [StationInterface.Station.Finding] = []
    ) {
        let told = Set(inside.map(\.check))
        addCaller(facts, station)
        addSocket(facts, station)
        addService(facts, station)
        addConfiguration(facts, station)
        if !told.contains("pcscd") { addPCSCD(facts, station) }
        if !told.contains("virtual-driver") { addVirtualDriver(facts, station) }
        if !facts.canLockMemory {
            note(
                "locked memory", .bad, "This user may lock no memory, so no code can be taken.",
                "Raise the limit: ulimit -l, or LimitMEMLOCK= and memlock in limits.conf.")
        }
        addReaders(facts, station)
        for finding in inside {
            let named = StationInterface.Station.Finding(
                check: "station: " + finding.check, state: finding.state,
                message: finding.message, remedy: finding.remedy)
            if !findings.contains(named) { findings.append(named) }
        }
    }

    private mutating func note(
        _ check: String, _ state: StationInterface.Station.Finding.State, _ message: String,
        _ remedy: String? = nil
    ) {
        findings.append(.init(check: check, state: state, message: message, remedy: remedy))
    }

    private mutating func addCaller(_ facts: BoxFacts, _ station: Station) {
        let groups = facts.groups.map(facts.name).joined(separator: ", ")
        let who = "user \(facts.user), groups \(groups)"
        guard case .answers(_, let roles, _, _) = station else { return note("you", .good, who) }
        if roles.isEmpty {
            note(
                "you", .warning, who + "; the station gives you no role",
                Failure.gettingRole
                    + " Other groups and users are named under \"roles\" in the station's "
                    + "configuration.")
        } else {
            note("you", .good, who + "; to the station: " + roles.joined(separator: ", "))
        }
    }

    private mutating func addSocket(_ facts: BoxFacts, _ station: Station) {
        let path = facts.socketPath
        switch facts.socketFile {
        case .missing:
            note(
                "socket", .bad, "\(path) is not there: no station was started with it.",
                "Start the service, or name the right socket with --socket.")
        case .hidden:
            note(
                "socket", .bad, "You may not look into the folder of \(path).",
                "Join the group that folder belongs to, then log in again.")
        case .notSocket:
            note(
                "socket", .bad, "\(path) is no socket.",
                "Move that file away and start the service again, or name the right socket.")
        case .socket(let mode, let owner, let group):
            let rights =
                "\(path), mode \(String(mode, radix: 8)), user \(owner), group "
                + facts.name(ofGroup: group)
            switch station {
            case .answers: note("socket", .good, rights)
            case .forbidden:
                let mayJoin = mode & 0o020 != 0
                note(
                    "socket", .bad, "You may not use \(rights).",
                    mayJoin
                        ? "Join the group \(facts.name(ofGroup: group)), then log in again."
                        : "Set \"socket_group\" in the station's configuration, and join it.")
            case .silent(let why, _):
                note(
                    "socket", .bad,
                    facts.isListening
                        ? "Somebody listens at \(rights), but does not answer: \(why)"
                        : "Nobody listens at \(rights); it is left over.",
                    facts.isListening
                        ? "See the service's log (journalctl -u token-agent), then restart it."
                        : "Start the service.")
            }
        }
    }

    private mutating func addService(_ facts: BoxFacts, _ station: Station) {
        switch station {
        case .answers(_, _, let process, _):
            let who = process.map { "the station is process \($0)" }
                ?? "the station answers; its process cannot be seen from here"
            note(
                "service", .good,
                facts.unitIsActive
                    ? "\(BoxFacts.unit) is active; \(who)"
                    : process == nil ? who : who + ", not a service of systemd")
        case .forbidden where facts.unitIsActive:
            note("service", .good, "\(BoxFacts.unit) is active")
        case .silent(_, let process?):
            note(
                "service", .bad, "Process \(process) has the socket and does not answer.",
                facts.unitIsActive
                    ? "systemctl restart token-agent; see journalctl -u token-agent."
                    : "End that process and start the station again.")
        case .silent where facts.unitIsActive:
            note(
                "service", .bad,
                "\(BoxFacts.unit) is active, and no station answers at \(facts.socketPath).",
                "Name the right socket with --socket; else see journalctl -u token-agent and "
                    + "restart it.")
        case .silent, .forbidden: addMissingService(facts)
        }
    }

    private mutating func addMissingService(_ facts: BoxFacts) {
        if facts.unitIsInstalled {
            note(
                "service", .bad, "\(BoxFacts.unit) is installed and not active.",
                "sudo token-agent --check-config says what is wrong in its configuration. Then "
                    + "systemctl start token-agent; see journalctl -u token-agent if it ends "
                    + "again.")
        } else {
            note(
                "service", .bad,
                "\(BoxFacts.unit) is not installed"
                    + (facts.hasSystemd ? "." : " (there is no systemd here)."),
                "Install the station, or start token-agent --config FILE by hand.")
        }
    }

    private mutating func addConfiguration(_ facts: BoxFacts, _ station: Station) {
        let path = BoxFacts.configuration
        let isServed: Bool
        switch station {
        case .answers: isServed = true
        case .forbidden: isServed = facts.unitIsActive
        case .silent: isServed = false
        }
        switch (facts.hasConfiguration, isServed) {
        case (true, true): note("configuration", .good, "\(path) is there, and the station runs")
        case (true, false):
            note(
                "configuration", .warning, "\(path) is there; what stands in it is not checked.",
                "sudo token-agent --check-config says what is wrong in it.")
        case (false, true) where !facts.unitIsActive:
            note(
                "configuration", .good,
                "not at \(path): the station was started with a file of its own")
        case (false, _):
            note(
                "configuration", .bad,
                "\(path) is not there"
                    + (isServed ? ": the station runs, and would not start again." : "."),
                "Put one there; sudo token-agent --check-config says what is wrong in it.")
        }
    }

    private mutating func addPCSCD(_ facts: BoxFacts, _ station: Station) {
        if case .answers(_, _, _, "disabled"?) = station {
            note("pcscd", .good, "not used by this station's configuration")
        } else if facts.pcscdIsListening {
            note("pcscd", .good, "its socket is listened on")
        } else if !facts.pcscdProcesses.isEmpty {
            note(
                "pcscd", .warning, "It runs, but nobody listens on its socket in this place.",
                "systemctl restart pcscd.socket pcscd.service")
        } else {
            note(
                "pcscd", .warning,
                "Nobody listens on \(BoxFacts.pcscdSockets[0]): PC/SC readers cannot be used.",
                "apt-get install pcscd; systemctl enable --now pcscd.socket")
        }
    }

    private mutating func addReaders(_ facts: BoxFacts, _ station: Station) {
        var usesPCSC: Bool? = nil
        if case .answers(_, _, _, let pcscd?) = station { usesPCSC = pcscd != "disabled" }
        findings += ReaderExamination(
            facts.usb, pcscdIsThere: facts.pcscdIsListening || !facts.pcscdProcesses.isEmpty,
            usesPCSC: usesPCSC
        ).findings
    }

    private mutating func addVirtualDriver(_ facts: BoxFacts, _ station: Station) {
        guard !facts.virtualDriverPorts.isEmpty else {
            return note("virtual readers", .good, "no virtual reader driver listens here")
        }
        let ports = facts.virtualDriverPorts.map(String.init).joined(separator: ", ")
        let what = "A virtual reader driver (vpcd) listens on TCP port \(ports)"
        let remedy = "apt-get purge vsmartcard-vpcd"
        switch station {
        case .answers(.training?, _, _, _):
            note("virtual readers", .good, what + "; this is a training station")
        case .answers(.office?, _, _, _):
            note(
                "virtual readers", .bad,
                what + " on an office box: any program here could pose as a token.", remedy)
        case .answers(nil, _, _, _), .silent, .forbidden:
            note(
                "virtual readers", .warning, what + "; on an office box it must not.",
                "On an office box: " + remedy)
        }
    }
}
