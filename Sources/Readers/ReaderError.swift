import APDU
import System

/// Why no card session came about.
package enum ReaderError: Error, Equatable, Sendable {
    case noSuchReader(String)
    case empty
    /// Another card than the one that was meant.
    case cardChanged
    /// One of our own procedures runs on this reader.
    case busy(activity: String)
    /// Somebody else has the card. Empty where nobody could be found.
    case heldByOthers([Holder])
    case mute
    case stuck(since: Instant, what: String)
    case unavailable(reason: String)
    case deadline
    case cancelled
    /// PC/SC failed with this code (pcsclite.h).
    case pcsc(call: String, code: UInt32)
    case system(SystemError)
    /// The hub was stopped.
    case stopped
}

extension ReaderError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSuchReader(let name): "there is no reader \"\(name)\""
        case .empty: "there is no card in the reader"
        case .cardChanged: "the card was pulled, or is another one than before"
        case .busy(let activity): "the reader is at work: \(activity)"
        case .heldByOthers(let holders) where holders.isEmpty:
            "another program holds the card, and which one could not be found"
        case .heldByOthers(let holders):
            "another program holds the card; it could be "
                + holders.map(\.description).joined(separator: ", ")
        case .mute: "the card does not answer"
        case .stuck(_, let what): "the reader has not come back from \"\(what)\""
        case .unavailable(let reason): "the reader cannot be used: \(reason)"
        case .deadline: "the card could not be taken in time"
        case .cancelled: "stopped before the card was taken"
        case .pcsc(let call, let code):
            "\(call): " + PCSCCode(rawValue: code).description
        case .system(let error): error.description
        case .stopped: "the readers were stopped"
        }
    }
}
