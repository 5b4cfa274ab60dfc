import APDU

/// Why a reader on the raw path did not do what it was asked.
enum CCIDFault: Error, Equatable, Sendable {
    /// The reader is not on the bus any more.
    case gone
    /// There is no card in the slot.
    case noCard
    /// Another card than the one that is meant was put in.
    case cardChanged
    /// The reader says why.
    case slot(CCIDSlotError)
    /// The time was over before anything was sent.
    case late
    /// No answer up to the limit; the command was aborted, and what the card did is unknown.
    case silent
    /// No answer within the card's own waiting time; aborted likewise.
    case mute
    /// What came is no answer to what was asked; the command was aborted.
    case outOfStep(CCIDError)
    /// The block protocol with the card failed.
    case block(T1Error)
    /// The character protocol with the card failed.
    case characters(T0Error)
    /// The bus failed.
    case usb(USBError)
    /// Another program has the interface.
    case held([Holder])
    /// Not even a reset brings the reader back.
    case lost
    /// The reader cannot do this, or not with this card.
    case unsupported(String)
    /// No memory that can be locked for what passes through.
    case noLockedMemory
}

extension CCIDFault {
    /// What it means while a card is held.
    var cardFault: CardFault {
        switch self {
        case .gone, .noCard, .held: .removed
        case .cardChanged: .reset
        case .silent, .late: .deadline
        case .mute, .slot(.mute): .mute
        case .outOfStep, .characters: .malformedResponse
        case .block(let error):
            switch error {
            case .resynchronised(.silence), .dead: .mute
            default: .malformedResponse
            }
        case .slot(let error): .transport(Int32(error.byte))
        case .usb(let error): .transport(error.code.rawValue)
        case .lost, .unsupported, .noLockedMemory: .transport(0)
        }
    }

    /// What it means before a card is held.
    var readerError: ReaderError {
        switch self {
        case .noCard: .empty
        case .cardChanged: .cardChanged
        case .mute, .slot(.mute): .mute
        case .silent, .late: .deadline
        case .held(let holders): .heldByOthers(holders)
        default: .unavailable(reason: description)
        }
    }
}

extension CCIDFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .gone: "the reader was unplugged"
        case .noCard: "there is no card in the reader"
        case .cardChanged: "another card was put in"
        case .slot(let error): "the reader says: \(error)"
        case .late: "the reader was not free in time; nothing was sent"
        case .silent: "the reader did not answer in time and was stopped"
        case .mute: "the card did not answer within its own waiting time"
        case .outOfStep(let error): "the reader's answer cannot be used: \(error)"
        case .block(let error): "T=1 with the card failed: \(error)"
        case .characters(let error): "T=0 with the card failed: \(error)"
        case .usb(let error): error.description
        case .held(let holders):
            ReaderError.heldByOthers(holders).description
        case .lost: "the reader does not answer even after a reset: unplug it and plug it in again"
        case .unsupported(let reason): reason
        case .noLockedMemory: "no locked memory for what passes through the reader"
        }
    }
}
