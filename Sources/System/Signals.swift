import Glibc

/// A signal, by number.
package struct Signal: RawRepresentable, Equatable, Hashable, Sendable {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let terminate = Signal(rawValue: SIGTERM)
    package static let interrupt = Signal(rawValue: SIGINT)
    package static let hangUp = Signal(rawValue: SIGHUP)
    package static let quit = Signal(rawValue: SIGQUIT)
    package static let kill = Signal(rawValue: SIGKILL)
    package static let windowChanged = Signal(rawValue: SIGWINCH)
    package static let childEnded = Signal(rawValue: SIGCHLD)
    package static let stop = Signal(rawValue: SIGTSTP)
    package static let resume = Signal(rawValue: SIGCONT)
}

/// Signals as something to poll. Create it before the first thread starts: the block is inherited.
package final class SignalSource: Sendable {
    package let descriptor: FileDescriptor

    package init(_ signals: [Signal]) throws(SystemError) {
        let numbers = signals.map(\.rawValue)
        descriptor = FileDescriptor(
            owning: try SystemCall.signalfd.attempt { Kernel.makeSignalDescriptor(numbers) })
    }

    /// The next signal that came; nil when there is none.
    package func next() -> Signal? {
        let number = Kernel.nextSignal(descriptor.number)
        return number > 0 ? Signal(rawValue: number) : nil
    }

    /// A write to a closed pipe or socket is an error of that write, not the end of the process.
    package static func ignoreBrokenPipes() { Kernel.ignoreBrokenPipes() }

    /// Lets these signals through again: a child inherits what is blocked.
    package static func unblock(_ signals: [Signal]) {
        Kernel.unblock(signals.map(\.rawValue))
    }
}
