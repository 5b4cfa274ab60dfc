import CLinux

/// epoll: waits for many descriptors at once.
package struct Poller: ~Copyable, Sendable {
    package struct Interest: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        package static let reading = Interest(rawValue: Kernel.readable | Kernel.peerClosed)
        /// Only the end of the other side, whatever there is to read.
        package static let hangUp = Interest(rawValue: Kernel.peerClosed)
        package static let writing = Interest(rawValue: Kernel.writable)
    }

    package struct Event: Sendable {
        /// What the descriptor was added under.
        package let token: UInt64
        private let flags: UInt32

        init(token: UInt64, flags: UInt32) {
            self.token = token
            self.flags = flags
        }

        package var isReadable: Bool { flags & Kernel.readable != 0 }
        package var isWritable: Bool { flags & Kernel.writable != 0 }
        /// The other end is gone, wholly or for sending.
        package var isHungUp: Bool {
            flags & (Kernel.hungUp | Kernel.peerClosed | Kernel.failed) != 0
        }
    }

    private let descriptor: FileDescriptor

    package init() throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try SystemCall.epoll_create.attempt { Kernel.makePoller() })
    }

    package func add(_ number: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
        _ = try SystemCall.epoll_ctl.attempt {
            Kernel.add(number, to: descriptor.number, interest.rawValue, token)
        }
    }

    package func modify(_ number: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
        _ = try SystemCall.epoll_ctl.attempt {
            Kernel.modify(number, in: descriptor.number, interest.rawValue, token)
        }
    }

    package func remove(_ number: Int32) {
        _ = Kernel.remove(number, from: descriptor.number)
    }

    /// The events that are there, at most 64; none when `timeout` passed or a signal came.
    /// nil waits without end.
    package func wait(timeout: Duration?) throws(SystemError) -> [Event] {
        var room = [ts_event](repeating: ts_event(), count: 64)
        do throws(SystemError) {
            let n = try SystemCall.epoll_wait.attempt(retry: .never) {
                Kernel.wait(
                    descriptor.number, &room, milliseconds: timeout.map { $0.wholeMilliseconds } ?? -1)
            }
            return room.prefix(Int(n)).map { Event(token: $0.token, flags: $0.flags) }
        } catch where error.errno == .interrupted {
            return []
        }
    }
}

/// An eventfd: any thread rings, whoever polls the descriptor hears it.
package final class Doorbell: Sendable {
    package let descriptor: FileDescriptor

    package init() throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try SystemCall.eventfd.attempt { Kernel.makeEventCounter() })
    }

    package func ring() {
        // The counter can only refuse when it is full, and then it rings already.
        withUnsafeBytes(of: UInt64(1)) { _ = Kernel.write(descriptor.number, $0) }
    }

    /// Takes note of all rings so far.
    package func silence() {
        var count: UInt64 = 0
        withUnsafeMutableBytes(of: &count) { _ = Kernel.read(descriptor.number, $0) }
    }
}
