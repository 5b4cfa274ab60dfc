import System

/// How a reader is reached.
package enum ReaderPath: String, Equatable, Sendable {
    case pcsc
    /// A CCID reader that udev gave to this station: no pcscd in between.
    case usb
    /// A `virtual-token` of the training instance.
    case virtual
}

/// A process that could hold a reader: a client of pcscd.
package struct Holder: Equatable, Hashable, Sendable, CustomStringConvertible {
    package let process: Int32
    /// As in /proc/PID/comm: at most 15 bytes.
    package let program: String

    package init(process: Int32, program: String) {
        self.process = process
        self.program = program
    }

    package var description: String { "\(program) (process \(process))" }
}

/// What stands in a reader, as far as it is known without waiting.
package enum ReaderState: Equatable, Sendable {
    case empty
    case present(atr: [UInt8])
    /// A card is in, and does not answer a reset.
    case mute
    /// Somebody else has the card; who that could be, without ourselves.
    case busy(holders: [Holder])
    /// A call to the card did not come back in its time; `what` is the step it is in.
    case stuck(since: Instant, what: String)
    /// The reader cannot be used, for a reason to read.
    case unavailable(reason: String)
}

/// One reader at one moment.
package struct ReaderSnapshot: Equatable, Sendable {
    package let name: String
    package let path: ReaderPath
    package let state: ReaderState
    /// Which card this is: a new number for each card that is put in, in any reader, and
    /// never the same twice. 0 before the first card.
    package let insertion: UInt64
    /// The procedure that runs on it now.
    package let activity: String?

    package init(
        name: String, path: ReaderPath, state: ReaderState, insertion: UInt64, activity: String?
    ) {
        self.name = name
        self.path = path
        self.state = state
        self.insertion = insertion
        self.activity = activity
    }
}

/// All readers at one moment, in the order of their names.
///
/// Two changes at once may be told in either order: the higher generation is the newer.
package struct ReaderList: Equatable, Sendable {
    package let generation: UInt64
    package let readers: [ReaderSnapshot]

    package init(generation: UInt64, readers: [ReaderSnapshot]) {
        self.generation = generation
        self.readers = readers
    }
}

/// How it stands with pcscd.
package enum PCSCState: Equatable, Sendable {
    case disabled
    case running
    /// Waited for; the reason is libpcsclite's.
    case absent(reason: String)
}

/// How it stands with readers on the raw path.
package enum USBState: Equatable, Sendable {
    case disabled
    case running
    /// The bus cannot be followed; the reason is libusb's.
    case absent(reason: String)
}
