import APDU

// VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER (GIDS 2.0, 7.4).
extension GIDSCard {
    /// Shortest and longest PIN, in bytes.
    static let pinLengths = 4...16

    /// Reference 80, or 00 for the same; 82 forgets everything proven.
    mutating func verify(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0 else { throw Refused(.incorrectParameters) }
        if command.header.p2 == 0x82 {
            security = Security()
            return []
        }
        guard [0x80, 0x00].contains(command.header.p2) else {
            throw Refused(.referenceDataNotFound)
        }
        guard !state.pin.isBlocked else { throw Refused(.authenticationBlocked) }
        if command.data.isEmpty {
            guard state.isActivated else { return [] }
            if model.oddities.contains(.emptyVerifyCounts) { spendPIN() }
            throw Refused(.triesLeft(state.pin.left))
        }
        // A length that cannot be right is answered as a wrong PIN, and not counted.
        guard Self.pinLengths.contains(command.data.count) else {
            throw Refused(.triesLeft(state.pin.left))
        }
        security.user = false
        try check(Array(command.data))
        security.user = true
        return []
    }

    /// P1 00: old and new side by side. P1 01: the new one, where the user is proven or the card
    /// not yet activated.
    mutating func changeReferenceData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard [0x80, 0x00].contains(command.header.p2) else {
            throw Refused(.referenceDataNotFound)
        }
        switch command.header.p1 {
        case 0x00:
            guard !state.pin.isBlocked else { throw Refused(.authenticationBlocked) }
            let length = state.pin.value.count
            security.user = false
            try check(Array(command.data.prefix(length)))
            try setPIN(Array(command.data.dropFirst(length)))
            security.user = true
        case 0x01:
            guard security.user || !state.isActivated else {
                throw Refused(.securityStatusNotSatisfied)
            }
            try setPIN(Array(command.data))
            if !state.isActivated { state.pin.refill() }
        default: throw Refused(.incorrectParameters)
        }
        return []
    }

    /// After the administrator's authentication, which ends with it.
    mutating func resetRetryCounter(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard state.isActivated else { throw Refused(.commandNotAllowed) }
        guard command.header.p1 == 0x02 else { throw Refused(.incorrectParameters) }
        guard command.header.p2 == 0x80 else { throw Refused(.referenceDataNotFound) }
        guard security.administrator else { throw Refused(.securityStatusNotSatisfied) }
        try setPIN(Array(command.data))
        state.pin.refill()
        security = Security()
        return []
    }

    private mutating func setPIN(_ new: [UInt8]) throws(Refused) {
        guard Self.pinLengths.contains(new.count) else { throw Refused(.wrongLength) }
        state.pin.value = new
        changed()
    }

    private mutating func check(_ given: [UInt8]) throws(Refused) {
        guard given == state.pin.value, !given.isEmpty else {
            spendPIN()
            throw Refused(.triesLeft(state.pin.left))
        }
        guard state.pin.left < state.pin.total else { return }
        state.pin.refill()
        changed()
    }

    private mutating func spendPIN() {
        state.pin.spend()
        changed()
    }

    /// 7F71 and 7F72: tries left and tries of a full counter. There is no PUK, so no 7F73.
    func pinStatus(_ tag: UInt32) throws(Refused) -> [UInt8] {
        guard !model.oddities.contains(.hidesCount) else { throw Refused(.referenceDataNotFound) }
        let left = UInt8(truncatingIfNeeded: state.pin.left)
        let total = UInt8(truncatingIfNeeded: state.pin.total)
        let leftTag: UInt32 = model.oddities.contains(.draftCounterTag) ? 0x9F17 : 0x97
        return DataObject.tlv(
            tag, DataObject.tlv(leftTag, [left]) + DataObject.tlv(0x93, [total]))
    }
}
