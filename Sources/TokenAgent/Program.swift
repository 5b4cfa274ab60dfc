import Casework
import Readers
import StationInterface
import Synchronization
import System
import Tokens
import Varlink

/// `token-agent`: reads its configuration, opens the record, serves the socket, stops cleanly.
@main
enum Program {
    static let usage = """
        Usage: token-agent [--config FILE] [--check-config]
               token-agent --name-holders
               token-agent --help | --version

        The Token Station's agent: talks to PKI tokens and serves the local socket that the
        kiosk shell, tokenctl and other local programs use. It runs in the foreground.

          --config FILE   configuration in JSON with comments
                          (default /etc/token-station/agent.json5)
          --check-config  read the configuration, say what is wrong in it, and exit
          --name-holders  read from standard input which reader is meant, say who has it, and
                          exit: for token-holders@.service, which sees what the agent's unit hides

        Signals: SIGTERM and SIGINT stop it; a token that is being written to is finished
        first. SIGHUP reads the office's files again (calendar, bodies, officers, office,
        templates), each by itself; of one that is wrong what was read before holds, and at a
        start it counts as not written. With systemd it takes its socket from the unit, says when
        it is ready, and answers the watchdog.

        Exit status: 0 stopped as asked; 1 failed while running; 2 wrong arguments or
        configuration; 3 the record cannot be opened. A record with a wrong line is opened to be
        looked at: nothing is done then that needs a record.

        """

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        var path = "/etc/token-station/agent.json5"
        var checksOnly = false
        if Array(arguments) == ["--name-holders"] { Process.exit(HolderHelper.serve() ? 0 : 2) }
        var rest = Array(arguments)
        while !rest.isEmpty {
            switch rest.removeFirst() {
            case "--help", "-h": return say(usage)
            case "--version": return say("token-agent \(Agent.version)\n")
            case "--check-config": checksOnly = true
            case "--config":
                guard !rest.isEmpty else { stop(2, "--config needs a file; see --help") }
                path = rest.removeFirst()
            case let other: stop(2, "no such argument: \(other); see --help")
            }
        }
        let configuration: Configuration
        let trust: Trust
        let profiles: TokenProfiles
        do throws(ConfigurationError) {
            configuration = try .load(path)
            trust = try Trust(configuration, of: path)
            profiles = try TokenProfiles(configuration, of: path)
        } catch {
            stop(2, error.description)
        }
        let office = OfficeFiles(configuration)
        if checksOnly {
            guard office.problems.isEmpty else {
                stop(2, office.problems.map(\.reason).joined(separator: "\n"))
            }
            for notice in office.hints { warn(notice) }
            return say("\(path): good\n")
        }
        for remark in office.remarks { warn(remark) }
        run(configuration, trust, profiles, office)
    }

    private static func run(
        _ configuration: Configuration, _ trust: Trust, _ profiles: TokenProfiles,
        _ office: OfficeFiles
    ) -> Never {
        // Before the first thread, so that all inherit it.
        let signals: SignalSource
        do throws(SystemError) {
            SignalSource.ignoreBrokenPipes()
            signals = try SignalSource([.terminate, .interrupt, .hangUp])
            try Process.forbidDumps()
        } catch {
            stop(1, error.description)
        }
        let manager = ServiceManager()
        let isLocked = (try? Process.lockMemory()) != nil

        let book: CaseBook
        do throws(SystemError) {
            try File.makeFolder(configuration.state)
        } catch {
            stop(3, error.description)
        }
        do throws(CaseError) {
            let mode: JournalMode = configuration.mode == .office ? .office : .training
            book = try CaseBook(
                in: configuration.state, mode: mode, log: systemJournal(configuration, mode))
        } catch {
            stop(3, error.description)
        }
        if case .unusable(let reason) = book.snapshotUse {
            warn("the snapshot of the journal is not used, it \(reason); every line was read")
        }
        let hub = ReaderHub(
            configuration: ReaderHub.Configuration(
                pcsc: configuration.usesPCSC, usb: configuration.usesUSB,
                virtualSocket: configuration.virtualSocket.map {
                    ReaderHub.VirtualSocket(path: $0, mode: 0o600)
                }))
        let agent = Agent(
            configuration, book: book, hub: hub, trust: trust, profiles: profiles,
            office: office, isMemoryLocked: isLocked)
        do throws(StartError) {
            let server = try start(agent, manager)
            try agent.watch(signals, manager, server)
            do throws(SystemError) { try server.run() } catch { throw StartError("\(error)") }
            agent.finish()
            Process.exit(0)
        } catch {
            stop(1, error.reason)
        }
    }

    private static func start(
        _ agent: Agent, _ manager: ServiceManager
    ) throws(StartError) -> VarlinkServer {
        do {
            try agent.clerk.start()
            try agent.archivist.start()
            try agent.hub.start()
            if let problem = agent.journalProblem, !agent.book.isWhole {
                warn("\(problem); cases and tokens are shown, and nothing is done")
            } else {
                try noteStart(of: agent)
            }
            if let fault = agent.vaultWatch.fault, let problem = agent.vaultProblem {
                warn("\(problem). \(fault.remedy(for: agent.book.vault.folder))")
            }
            try agent.book.startUpkeep { [socket = agent.configuration.socket] news in
                switch news {
                case .damaged(let error):
                    warn("\(error); nothing more is recorded")
                    manager.status(Agent.readOnly("\(error)"))
                case .stopped(let error):
                    warn("\(error); nothing is recorded until the disk takes lines again")
                    manager.status(Agent.readOnly("\(error)"))
                case .takenUp:
                    // A start that could not write comes on record with the first lines.
                    try? agent.noteStart()
                    warn("the journal takes lines again; it is read whole")
                    manager.status(Agent.serving(socket))
                case .unread(let error): warn("the journal could not be read whole: \(error)")
                case .falseSnapshot(let line):
                    warn(
                        "the snapshot of the cases that this start began with is not what lines 1 "
                            + "to \(line) of the journal make: it was removed, and the cases are "
                            + "those of the lines")
                case .unnamed(let fault):
                    agent.vaultWatch.look()
                    let vault = agent.book.vault.folder
                    warn("the vault \(vault) \(fault.reason). \(fault.remedy(for: vault))")
                }
            }
            let server = try VarlinkServer(
                VarlinkIdentity(
                    vendor: "Token Station",
                    product: agent.configuration.mode == .training
                        ? "token-agent (training)" : "token-agent",
                    version: Agent.version, url: ""),
                interfaces: [
                    DevicesService(agent: agent), RestoreService(agent: agent),
                    KeyCheckService(agent: agent), CasesService(agent: agent),
                    OfficersService(agent: agent),
                    JournalService(agent: agent), MaintenanceService(agent: agent),
                ],
                limits: agent.configuration.limits,
                hooks: VarlinkHooks(
                    authorize: { [agent] in agent.admit($0, $1) },
                    standing: { [agent] in agent.access.standing(of: $0) },
                    report: { [agent] in agent.note($0) },
                    closed: { [agent] in agent.signIns.closed($0) }))
            if manager.passedSockets.isEmpty {
                try server.listen(on: try listen(agent.configuration))
            }
            for number in manager.passedSockets {
                try server.listen(on: try FileDescriptor(inheriting: number))
            }
            manager.ready(
                agent.journalProblem.map(Agent.readOnly)
                    ?? Agent.serving(agent.configuration.socket))
            return server
        } catch {
            throw StartError("\(error)")
        }
    }

    /// What a full disk does not take is no reason not to show what there is.
    private static func noteStart(of agent: Agent) throws(JournalError) {
        do throws(JournalError) {
            try agent.noteStart()
        } catch {
            guard error.code == .noRoom else { throw error }
            warn("\(error); nothing is recorded until there is room")
        }
    }

    private static func listen(
        _ configuration: Configuration
    ) throws(SystemError) -> FileDescriptor {
        // The kernel's word on who calls decides; who may connect at all is the group's matter.
        let socket = try UnixSocket.listen(
            at: configuration.socket, mode: configuration.socketGroup == nil ? 0o600 : 0o660)
        if let group = configuration.socketGroup {
            guard let number = UInt32(group) ?? Process.groupID(named: group) else {
                throw SystemError(.chmod, .noEntry, "group \(group)")
            }
            try File.setGroup(configuration.socket, number)
        }
        return socket
    }

    private static func say(_ text: String) {
        try? FileDescriptor.write(text, to: Terminal.standardOutput)
    }

    private static func stop(_ code: Int32, _ reason: String) -> Never {
        warn(reason)
        Process.exit(code)
    }

    private static func warn(_ reason: String) {
        try? FileDescriptor.write("token-agent: \(reason)\n", to: Terminal.standardError)
    }

    /// journald, where it is wanted and there.
    private static func systemJournal(
        _ configuration: Configuration, _ mode: JournalMode
    ) -> SystemJournal? {
        guard let path = configuration.journald, File.exists(path) else { return nil }
        return try? SystemJournal(path, mode: mode)
    }
}

struct StartError: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

extension Agent {
    /// A thread that waits for signals and answers the watchdog; it sleeps when neither is due.
    func watch(
        _ signals: SignalSource, _ manager: ServiceManager, _ server: VarlinkServer
    ) throws(StartError) {
        do throws(SystemError) {
            try Thread.start(name: "signals") { [self] in
                while true {
                    _ = try? signals.descriptor.wait(timeout: manager.watchdogInterval)
                    while let signal = signals.next() {
                        if signal == .hangUp {
                            shelf.reload(configuration)
                            for remark in office.remarks { log(remark) }
                            signIns.review(office.officers)
                            continue
                        }
                        manager.stopping()
                        drain()
                        server.stop()
                        return
                    }
                    // Alive means: the locks that everything stands on can be had.
                    _ = (hub.snapshot().count, book.count, restores.all.count)
                    manager.alive()
                }
            }
        } catch {
            throw StartError("\(error)")
        }
    }

    /// Lets restores that can be stopped stop, and waits for those that cannot.
    private func drain() {
        beginStopping()
        for run in restores.all {
            if run.cancel() == .permitted, run.claimEnding() {
                clerk.submit { [self] in conclude(run, .refused(.cancelled)) }
            }
        }
        let caps = profiles.all.compactMap(\.writeCap) + [configuration.budgets.hardCap]
        let deadline = Instant.now + (caps.max() ?? .zero) + .seconds(5)
        while !restores.running.isEmpty || hub.snapshot().contains(where: { $0.activity != nil }),
            Instant.now < deadline
        {
            Thread.pause(.milliseconds(20))
        }
    }

    /// Puts the start on record; once.
    func noteStart() throws(JournalError) {
        guard !isStartNoted.load(ordering: .relaxed) else { return }
        try book.journal.append(.serviceStarted, who: .thisProcess) {
            $0.put(.version, Agent.version)
            $0.put(.snapshot, book.snapshotUse.line)
        }
        isStartNoted.store(true, ordering: .relaxed)
    }

    /// After the last connection: readers, then what is left to write, then the last line.
    func finish() {
        signIns.endAll()
        hub.stop()
        clerk.close(by: .now + .seconds(5))
        archivist.close(by: .now + .seconds(1))
        tellRefusalsLeft()
        _ = try? book.journal.append(.serviceStopped, who: .thisProcess)
        book.endUpkeep()
    }

    /// Whether readers' threads run in real time; tried once on a thread that does nothing else.
    var isRealTime: Bool { Thread.mayRunInRealTime }
}
