import APDU
import Synchronization
import System

/// All readers of this station: who is there, what is in them, and work on their cards.
///
/// Nothing here waits for a reader but the procedure's own thread.
package final class ReaderHub: Sendable {
    package struct Configuration: Sendable {
        /// Readers of pcscd.
        package var pcsc: Bool
        /// CCID readers that udev gave to this station.
        package var usb: Bool
        /// The socket to which virtual tokens connect; only a training instance has one.
        package var virtualSocket: VirtualSocket?

        package init(
            pcsc: Bool, usb: Bool = false, virtualSocket: VirtualSocket? = nil
        ) {
            self.pcsc = pcsc
            self.usb = usb
            self.virtualSocket = virtualSocket
        }
    }

    /// Where virtual tokens connect, and who may.
    package struct VirtualSocket: Equatable, Sendable {
        package let path: String
        /// Permissions of the socket file.
        package let mode: UInt32
        /// Group of the socket file, where it is to be another than ours.
        package let group: UInt32?

        package init(path: String, mode: UInt32 = 0o600, group: UInt32? = nil) {
            self.path = path
            self.mode = mode
            self.group = group
        }
    }

    /// Ends the calls to one observer when it goes out of scope or is ended.
    package final class Observation: Sendable {
        private let table: ReaderTable
        private let number: UInt64

        fileprivate init(_ table: ReaderTable, _ number: UInt64) {
            self.table = table
            self.number = number
        }

        deinit { end() }

        /// A call that is under way at this moment may still be heard.
        package func end() { table.endObservation(number) }
    }

    private let configuration: Configuration
    private let table = ReaderTable()
    private let alarms = AlarmClock()
    private let virtual: VirtualReaders?
    private let pcsc: PCSCWatcher?
    private let usb: USBWatcher?
    private let isStopped = Mutex(false)

    package init(configuration: Configuration) {
        self.configuration = configuration
        virtual = configuration.virtualSocket.map {
            [table, alarms] in VirtualReaders(socket: $0, table: table, timekeeper: alarms)
        }
        pcsc = configuration.pcsc ? PCSCWatcher(table: table) : nil
        usb = configuration.usb ? USBWatcher(table: table) : nil
    }

    /// Starts the clock and the watchers. The first readers are reported a moment later.
    package func start() throws(SystemError) {
        try alarms.start()
        do throws(SystemError) {
            try virtual?.start()
            try pcsc?.start()
            try usb?.start()
        } catch {
            _ = stop()
            throw error
        }
    }

    /// Ends everything. Procedures that run are cut off: whoever wants them finished waits for
    /// them before. Not to be called from a procedure or an observer.
    ///
    /// - Parameter limit: how long calls are waited for that have not come back.
    /// - Returns: how many threads had to be left behind in a call that does not come back.
    @discardableResult
    package func stop(within limit: Duration = .seconds(2)) -> Int {
        let wasStopped = isStopped.withLock { stopped in
            defer { stopped = true }
            return stopped
        }
        if wasStopped { return 0 }
        let deadline = Instant.now + limit
        var left = 0
        if let virtual, !virtual.stop(by: deadline) { left += 1 }
        if let pcsc, !pcsc.stop(by: deadline) { left += 1 }
        if let usb, !usb.stop(by: deadline) { left += 1 }
        left += table.end(by: deadline)
        // A card that hangs may have used the time up, and this thread waits for none.
        if !alarms.stop(by: max(deadline, .now + .milliseconds(500))) { left += 1 }
        return left
    }

    /// All readers as they are known now, in the order of their names. Waits for nothing.
    package func snapshot() -> [ReaderSnapshot] { table.list.readers }
    /// The same with its generation.
    package func list() -> ReaderList { table.list }

    /// Calls `body` at once with what is known, and on every change from then on, on threads
    /// of the hub: it must return soon and must not wait for a reader.
    package func observe(_ body: @escaping @Sendable (ReaderList) -> Void) -> Observation {
        Observation(table, table.observe(body))
    }

    package var pcscState: PCSCState { pcsc?.service ?? .disabled }
    package var usbState: USBState { usb?.service ?? .disabled }

    /// What there is to know of one reader; nil where there is none of that name.
    package func describe(_ reader: String) -> ReaderDescription? {
        guard let snapshot = table.list.readers.first(where: { $0.name == reader }) else {
            return nil
        }
        let holders =
            switch snapshot.path {
            case .pcsc: PCSCHolders.now()
            case .usb: usb?.holders(reader) ?? []
            case .virtual: [Holder]()
            }
        return ReaderDescription(
            snapshot: snapshot, usb: usb?.describe(reader), holders: holders)
    }

    /// Processes that could hold a reader of pcscd now, without ourselves.
    package func holders() -> [Holder] { PCSCHolders.now() }

    /// Ticks for the procedures of this hub.
    package var timekeeper: any Timekeeper { alarms }

    /// Queues `procedure` on its reader's thread and returns at once.
    ///
    /// One procedure may wait behind another that is only powering its card down.
    ///
    /// - Throws: what is known without touching the card: no such reader, empty, mute, at
    ///   work with another procedure, stuck, or another card than the one that is meant.
    ///   Then nothing of `procedure` is called.
    package func perform(_ procedure: Procedure, on reader: String) throws(ReaderError) {
        if isStopped.withLock({ $0 }) { throw .stopped }
        let refused: @Sendable (ReaderError) -> Void = { error in
            procedure.unopened(error)
            procedure.closed()
        }
        let turn = try table.turn(
            reader, procedure.activity, insertion: procedure.insertion, refused: refused)
        let alarm: Alarm? =
            if case .next(_, let number) = turn {
                alarms.ring(at: alarms.now + procedure.connectBudget) { [table] in
                    table.endWait(number)
                }
            } else {
                nil
            }
        let isTaken = turn.lane.submit { [table, pcsc, usb, alarms] link in
            let claim: ReaderTable.Claim
            switch turn {
            case .now(let taken): claim = taken
            case .next(_, let number):
                if let alarm { alarms.clear(alarm) }
                do throws(ReaderError) {
                    guard
                        let taken = try table.claim(
                            waited: number, procedure.activity, insertion: procedure.insertion)
                    else { return }
                    claim = taken
                } catch {
                    return refused(error)
                }
            }
            usb?.engaged(reader)
            let clock = procedure.clock
            clock.noticeAbandonment { step in
                table.markStuck(claim, since: step.began, what: step.name)
            }
            let failure = Self.run(
                procedure, on: link, claim, reader: reader, table: table)
            clock.noticeAbandonment(nil)
            if clock.isAbandoned { link.renew() }
            var seen: ReaderState? = nil
            if case .heldByOthers(let holders) = failure { seen = .busy(holders: holders) }
            table.release(claim, seen: seen, hasLostCard: link.hasLostCard)
            // pcscd knows better than what was seen a moment ago, and may not tell by itself.
            if seen != nil || claim.wasMute || failure == .mute { pcsc?.lookAgain() }
            usb?.settled(reader)
            if let failure { procedure.unopened(failure) }
            procedure.closed()
        }
        // Between the claim and this the reader may have vanished, and its thread with it.
        // (Who waited behind another was told when it vanished.)
        if !isTaken, case .now(let claim) = turn {
            table.release(claim, seen: nil, hasLostCard: true)
            throw .noSuchReader(reader)
        }
    }

    /// On the reader's thread: takes the card, works, powers it down.
    private static func run(
        _ procedure: Procedure, on link: any CardLink, _ claim: ReaderTable.Claim,
        reader: String, table: ReaderTable
    ) -> ReaderError? {
        let clock = procedure.clock
        clock.begin("connect", budget: procedure.connectBudget)
        defer { clock.end() }
        do throws(ReaderError) {
            let card = try take(link, claim.mark, clock)
            clock.end()
            var session = CardSession(
                reader: reader, insertion: claim.insertion, clock: clock, card: card,
                link: link, workDone: { table.markClosing(claim) })
            procedure.body(&session)
            clock.end()
            // Nobody waits for the power-down, but the reader is not free before it is done.
            let late = clock.timekeeper.ring(at: clock.timekeeper.now + .seconds(5)) {
                table.markStuck(claim, since: .now, what: "power down")
            }
            session.powerDown()
            clock.timekeeper.clear(late)
            return nil
        } catch {
            return error
        }
    }

    private static func take(
        _ link: any CardLink, _ mark: UInt64, _ clock: StepClock
    ) throws(ReaderError) -> PoweredCard {
        let limit: CallLimit
        do throws(CardFault) {
            limit = try clock.admit(writes: false)
        } catch {
            throw error == .cancelled ? .cancelled : .deadline
        }
        let card = try link.open(mark: mark, limit: limit)
        clock.settle()
        if clock.isAbandoned || clock.isCancelled {
            link.close()
            throw clock.isAbandoned ? .deadline : .cancelled
        }
        return card
    }
}
