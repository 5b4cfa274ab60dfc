/// One slot of a reader: the token in it, its contact, and the command in progress.
struct CardSlot: Sendable {
    var token: SimulatedToken
    var isPresent = true
    /// The host does not know yet that this changed.
    var hasChanged = true
    /// Nil while the card has no power.
    var contact: CardContact?
    var parameters = ReaderParameters.initial
    var work: Work?
    /// An extended APDU that comes in pieces.
    var gathered: [UInt8]?
    /// What is left of a response that goes out in pieces.
    var rest: ArraySlice<UInt8>?
    /// bSeq of one half of an abort, while the other is to come.
    var abortByControl: UInt8?
    var abortByMessage: CCIDRequest?

    init(_ token: SimulatedToken) { self.token = token }

    /// A command that is not answered yet; the slot takes no other.
    struct Work: Sendable {
        let request: CCIDRequest
        /// Nil: never by itself.
        var answer: CCIDAnswer?
        /// Milliseconds, as all times here.
        var due: Int64?
        /// The card goes when the time has come.
        var pulls = false
        /// A PIN is being typed.
        var entry: SecureEntry?
        var moreTime: TimeExtension?
        var fault: ReaderFault.Kind?
    }

    struct TimeExtension: Sendable {
        var next: Int64
        let every: Int64
        let multiplier: UInt8
    }

    /// bmICCStatus.
    var icc: UInt8 { isPresent ? (contact == nil ? 1 : 0) : 2 }

    /// Something over the contacts.
    mutating func exchange(_ bytes: [UInt8], _ notes: inout ReaderNotes) -> CardAnswer {
        contact?.exchange(bytes, &token, &notes) ?? .mute
    }

    mutating func powerOff() {
        contact = nil
        parameters = .initial
        (gathered, rest) = (nil, nil)
        token.powerOff()
    }

    /// As after the reader's own reset.
    mutating func reset() {
        powerOff()
        work = nil
        (abortByControl, abortByMessage) = (nil, nil)
        hasChanged = isPresent
    }

    mutating func pull() {
        if isPresent { hasChanged = true }
        isPresent = false
        powerOff()
    }

    mutating func insert() {
        if !isPresent { hasChanged = true }
        isPresent = true
    }
}
