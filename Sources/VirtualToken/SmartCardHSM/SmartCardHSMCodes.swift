import APDU

// VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER.
extension SmartCardHSMCard {
    private static let userLengths = 6...16
    private static let soLength = 8

    /// The user PIN (81) or the SO-PIN (88); without data, how it stands.
    mutating func verify(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0 else { throw Refused(.incorrectParameters) }
        switch command.header.p2 {
        case 0x81:
            guard !state.user.value.isEmpty, !state.isTransport else {
                throw Refused(.referenceDataNotUsable)
            }
            if command.data.isEmpty { return try status(state.user, security.user) }
            guard Self.userLengths.contains(command.data.count) else {
                throw Refused(.wrongLength)
            }
            security.user = false
            try check(command.data, \.user)
            security.user = true
        case 0x88:
            guard !state.so.value.isEmpty else { throw Refused(.referenceDataNotFound) }
            if command.data.isEmpty { return try status(state.so, security.so) }
            guard command.data.count == Self.soLength else { throw Refused(.wrongLength) }
            security.so = false
            try check(command.data, \.so)
            security.so = true
        default: throw Refused(.referenceDataNotFound)
        }
        return []
    }

    private func status(_ code: CardCode, _ isVerified: Bool) throws(Refused) -> [UInt8] {
        if isVerified { return [] }
        throw Refused(code.isBlocked ? .authenticationBlocked : .triesLeft(code.left))
    }

    /// Old and new stand side by side; the card knows how long its own is. A transport PIN
    /// becomes an ordinary one.
    mutating func changeReferenceData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0 else { throw Refused(.incorrectParameters) }
        switch command.header.p2 {
        case 0x81:
            guard !state.user.value.isEmpty else { throw Refused(.referenceDataNotUsable) }
            let (old, new) = try split(command.data, state.user.value.count)
            guard Self.userLengths.contains(new.count) else { throw Refused(.wrongLength) }
            security.user = false
            try check(old, \.user)
            state.user.value = Array(new)
            state.isTransport = false
        case 0x88:
            guard !state.so.value.isEmpty else { throw Refused(.referenceDataNotFound) }
            let (old, new) = try split(command.data, Self.soLength)
            guard new.count == Self.soLength else { throw Refused(.wrongLength) }
            security.so = false
            try check(old, \.so)
            state.so.value = Array(new)
        default: throw Refused(.referenceDataNotFound)
        }
        changed()
        return []
    }

    /// P1 00: SO-PIN and new PIN. 01: SO-PIN. 02: new PIN, after the SO-PIN. 03: nothing, after
    /// the SO-PIN. Which of them the device has, its options say.
    mutating func resetRetryCounter(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p2 == 0x81 else { throw Refused(.referenceDataNotFound) }
        guard command.header.p1 <= 3 else { throw Refused(.incorrectParameters) }
        guard !state.so.value.isEmpty else { throw Refused(.referenceDataNotFound) }
        let setsPIN = command.header.p1 & 1 == 0
        let isVerified = command.header.p1 & 2 != 0
        guard state.options.contains(.resetRetryCounter),
            state.options.contains(.resetOnly) != setsPIN
        else { throw Refused(.commandNotAllowed) }
        if isVerified, !security.so { throw Refused(.conditionsNotSatisfied) }
        let (proof, new) = try split(command.data, isVerified ? 0 : Self.soLength)
        guard setsPIN ? Self.userLengths.contains(new.count) : new.isEmpty else {
            throw Refused(.wrongLength)
        }
        if !isVerified { try check(proof, \.so) }
        if setsPIN { state.user.value = Array(new) }
        state.user.refill()
        security.user = false
        changed()
        return []
    }

    private func split(
        _ data: ArraySlice<UInt8>, _ length: Int
    ) throws(Refused) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        guard data.count >= length else { throw Refused(.wrongLength) }
        return (data.prefix(length), data.dropFirst(length))
    }

    /// Compares, and counts what is wrong.
    private mutating func check(
        _ given: ArraySlice<UInt8>, _ code: WritableKeyPath<SmartCardHSMState, CardCode>
    ) throws(Refused) {
        guard !state[keyPath: code].isBlocked else { throw Refused(.authenticationBlocked) }
        guard Array(given) != state[keyPath: code].value else {
            if state[keyPath: code].left < state[keyPath: code].total {
                state[keyPath: code].refill()
                changed()
            }
            return
        }
        state[keyPath: code].spend()
        changed()
        throw Refused(.triesLeft(state[keyPath: code].left))
    }

    // MARK: INITIALIZE DEVICE

    /// Takes everything away and sets codes and options. A device that has an SO-PIN wants it,
    /// and counts: with none of its tries left it can never be initialised again.
    mutating func initialize(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0, command.header.p2 == 0 else {
            throw Refused(.incorrectParameters)
        }
        guard let wanted = Initialisation(command.data) else { throw Refused(.incorrectData) }
        if !state.so.value.isEmpty {
            guard !state.so.isBlocked else { throw Refused(.authenticationBlocked) }
            guard wanted.so == state.so.value else {
                state.so.spend()
                changed()
                throw Refused(.conditionsNotSatisfied)
            }
        }
        let (user, so) = (state.user, state.so)
        state.user = CardCode(value: wanted.user, total: wanted.tries, spent: user.spent)
        state.so = CardCode(value: wanted.so, total: so.total, spent: so.spent)
        state.options = wanted.options
        state.isTransport = wanted.options.contains(.transportPIN)
        state.keys = [:]
        state.files = [:]
        security = Security()
        current = nil
        changed()
        return []
    }

    /// 80 options, 81 user PIN, 82 SO-PIN, 91 tries of the user PIN. Key domains, public key
    /// authentication and biometry are not here.
    private struct Initialisation {
        var options: SmartCardHSMOptions
        var user: [UInt8]
        var so: [UInt8]
        var tries = 3

        init?(_ data: ArraySlice<UInt8>) {
            var reader = TLVReader(data)
            guard let objects = try? reader.all() else { return nil }
            var values: [TLVTag: [UInt8]] = [:]
            for object in objects { values[object.tag] = Array(object.value) }
            guard let bits = values.removeValue(forKey: 0x80), bits.count == 2,
                let user = values.removeValue(forKey: 0x81),
                SmartCardHSMCard.userLengths.contains(user.count),
                let so = values.removeValue(forKey: 0x82), so.count == SmartCardHSMCard.soLength
            else { return nil }
            options = SmartCardHSMOptions(rawValue: UInt16(bits[0]) << 8 | UInt16(bits[1]))
            (self.user, self.so) = (user, so)
            if let count = values.removeValue(forKey: 0x91) {
                guard count.count == 1, (1...10).contains(count[0]) else { return nil }
                tries = Int(count[0])
            }
            guard values.isEmpty else { return nil }
        }
    }
}
