import System

/// The hotplug thread: follows pcscd's readers by SCardGetStatusChange, without polling, and
/// pcscd itself by the folder of its socket.
final class PCSCWatcher: Sendable {
    private struct State {
        var service: PCSCState = .absent(reason: "not asked yet")
        var context: PCSCContext?
        var bell: Doorbell?
        var isStopping = false
        var isRunning = false
        var isCancelling = false
        var looksAgain = false
    }

    /// After a change of readers, since a further one may have come before the wait began.
    private static let settling: UInt32 = 1000
    /// While somebody else holds a card, and only then: pcscd does not say when it is let go.
    private static let whileHeld: UInt32 = 500
    /// Where a new reader could not be taken in.
    private static let untilNextTry: Duration = .milliseconds(500)

    private let table: ReaderTable
    private let state = Monitor(State())

    init(table: ReaderTable) {
        self.table = table
    }

    var service: PCSCState { state.withLock { $0.service } }

    func start() throws(SystemError) {
        let bell = try Doorbell()
        state.withLock {
            $0.bell = bell
            $0.isRunning = true
        }
        do throws(SystemError) {
            try Thread.start(name: "pcsc-hotplug") {
                self.run()
                self.state.withLock {
                    $0.bell = nil
                    $0.isRunning = false
                }
            }
        } catch {
            state.withLock { $0.isRunning = false }
            throw error
        }
    }

    /// - Returns: false when a thread had not ended by `deadline`.
    func stop(by deadline: Instant) -> Bool {
        state.withLock { state in
            state.isStopping = true
            state.isCancelling = true
            state.bell?.ring()
        }
        // A cancel is a question to pcscd as well: one that hangs does not answer it.
        do throws(SystemError) {
            try Thread.start(name: "pcsc-cancel") { self.cancel(until: deadline) }
        } catch {
            cancel(until: deadline)
        }
        return state.wait(until: deadline) { $0.isRunning || $0.isCancelling ? nil : true } == true
    }

    /// A cancel that comes just before the wait is lost, so it is said until heard.
    private func cancel(until deadline: Instant) {
        defer { state.withLock { $0.isCancelling = false } }
        while Instant.now < deadline, state.withLock({ $0.isRunning }) {
            state.withLock { $0.context }?.cancelWait()
            let soon = min(deadline, .now + .milliseconds(20))
            _ = state.wait(until: soon) { $0.isRunning ? nil : true }
        }
    }

    /// Reads all states anew.
    func lookAgain() {
        let context = state.withLock { state in
            state.looksAgain = true
            return state.context
        }
        context?.cancelWait()
    }

    @inline(never)
    private func run() {
        guard let bell = state.withLock({ $0.bell }) else { return }
        var wait = ServiceWait(socketPath: PCSCHolders.socketPath, bell: bell)
        while !state.withLock({ $0.isStopping }) {
            let failure: PCSCError
            do throws(PCSCError) {
                wait.arm()
                let context = try PCSCContext()
                state.withLock {
                    $0.context = context
                    $0.service = .running
                }
                wait.succeeded()
                defer { state.withLock { $0.context = nil } }
                try follow(context)
                continue
            } catch {
                failure = error
            }
            state.withLock { $0.service = .absent(reason: failure.code.description) }
            for name in table.names(of: .pcsc) { table.vanish(name) }
            wait.untilWorthATry()
        }
        for name in table.names(of: .pcsc) { table.vanish(name) }
    }

    /// Until the watcher is stopped, or pcscd is gone, which is the error.
    private func follow(_ context: PCSCContext) throws(PCSCError) {
        var known: [String: UInt] = [:]
        var isSettling = true
        var failures = 0
        while true {
            let (isStopping, looksAgain) = state.withLock { state in
                defer { state.looksAgain = false }
                return (state.isStopping, state.looksAgain)
            }
            if isStopping { return }
            if looksAgain { known.removeAll() }

            let names = try context.readers()
            let gone = table.names(of: .pcsc).filter { !names.contains($0) }
            for name in gone {
                table.vanish(name)
                known[name] = nil
            }
            if !gone.isEmpty || names.contains(where: { known[$0] == nil }) { isSettling = true }
            let isHeld = table.hasBusyReader
            var statuses = (names + [PCSCStatus.anyReader]).map {
                PCSCStatus(reader: $0, known: known[$0] ?? 0)
            }
            do throws(PCSCError) {
                let patience = isHeld ? Self.whileHeld : isSettling ? Self.settling : nil
                try context.wait(&statuses, milliseconds: patience)
                failures = 0
            } catch  where error.code == .timeout {
                isSettling = false
                if isHeld { known.removeAll() }
                continue
            } catch  where error.code == .cancelled {
                continue
            } catch  where error.code == .unknownReader && failures < 10 {
                // One went between the list and the wait.
                failures += 1
                continue
            }
            var isShort = false
            for status in statuses {
                known[status.reader] = status.asKnown
                guard status.reader != PCSCStatus.anyReader else { continue }
                do throws(SystemError) {
                    try take(status, context)
                } catch {
                    known[status.reader] = nil
                    isShort = true
                }
            }
            // What was short may come again: the reader is not left out for good.
            if isShort { pause(for: Self.untilNextTry) }
        }
    }

    private func pause(for time: Duration) {
        _ = state.wait(until: .now + time) { $0.isStopping ? true : nil }
    }

    /// - Throws: there is no thread to be had for a new reader.
    private func take(_ status: PCSCStatus, _ context: PCSCContext) throws(SystemError) {
        let name = status.reader
        if status.isUnknown {
            table.vanish(name)
            return
        }
        if !table.names(of: .pcsc).contains(name) {
            try table.appear(name, .pcsc) { PCSCLink(reader: name) }
        }
        table.set(name, readerState(status, context), mark: status.counter)
    }

    private func readerState(_ status: PCSCStatus, _ context: PCSCContext) -> ReaderState {
        if status.isUnavailable { return .unavailable(reason: "pcscd cannot use it") }
        guard status.isPresent else { return .empty }
        if status.isMute { return .mute }
        if status.isTaken, isTakenByOthers(status.reader, context) {
            return .busy(holders: PCSCHolders.now())
        }
        return .present(atr: status.atr)
    }

    /// Looks twice, since our own procedure may have let the card go in between.
    private func isTakenByOthers(_ name: String, _ context: PCSCContext) -> Bool {
        if table.isAtWork(name) { return false }
        var now = [PCSCStatus(reader: name, known: 0)]
        guard (try? context.wait(&now, milliseconds: 0)) != nil else { return false }
        return now[0].isTaken && !table.isAtWork(name)
    }
}
