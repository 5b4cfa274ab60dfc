/// What a simulated reader has planned to do wrong, and what it saw the host do wrong.
struct ReaderNotes: Sendable {
    /// What the host did that CCID or ISO 7816-3 forbids, in words without any data.
    private(set) var complaints: [String] = []
    /// Bulk OUT messages since the start, type, slot and sequence number.
    private(set) var messages: [(type: UInt8, slot: UInt8, sequence: UInt8)] = []
    private var armed: [Armed] = []

    private struct Armed: Sendable {
        let fault: ReaderFault
        var seen = 0
    }

    static let longest = 1024

    mutating func complain(_ text: String) {
        if complaints.count < Self.longest { complaints.append(text) }
    }

    mutating func arm(_ fault: ReaderFault) { armed.append(Armed(fault: fault)) }
    mutating func clearFaults() { armed = [] }
    mutating func forget() { (complaints, messages) = ([], []) }

    /// Counts a message, and takes what is planned for it.
    mutating func message(_ type: UInt8, _ slot: UInt8, _ sequence: UInt8) -> ReaderFault.Kind? {
        if messages.count == Self.longest { messages.removeFirst() }
        messages.append((type, slot, sequence))
        return due { trigger in
            switch trigger {
            case .message(let nth): nth
            case .type(type, let nth): nth
            case .everyMessage: 0
            default: nil
            }
        }
    }

    /// Counts a T=1 block on its way to the card.
    mutating func blockReceived() -> ReaderFault.Kind? {
        due { if case .blockReceived(let nth) = $0 { nth } else { nil } }
    }

    /// Counts a T=1 block the card sends.
    mutating func blockSent() -> ReaderFault.Kind? {
        due { if case .blockSent(let nth) = $0 { nth } else { nil } }
    }

    /// - Parameter matches: at which occurrence the fault is due, 0 at each; nil if it is none.
    private mutating func due(_ matches: (ReaderFault.Trigger) -> Int?) -> ReaderFault.Kind? {
        var due: Int?
        for index in armed.indices {
            guard let nth = matches(armed[index].fault.trigger) else { continue }
            armed[index].seen += 1
            if nth == 0 || armed[index].seen == nth, due == nil { due = index }
        }
        guard let due else { return nil }
        let fault = armed[due].fault
        if fault.trigger != .everyMessage { armed.remove(at: due) }
        return fault.kind
    }
}
