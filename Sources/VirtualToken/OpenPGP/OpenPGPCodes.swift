import APDU

// VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER: OpenPGP card 3.4, 7.2.2 to 7.2.4.
extension OpenPGPCard {
    /// Longest code of each kind, in bytes: a hash of SHA-512 fits.
    static var longestCode: Int { 64 }
    static var shortestPW1: Int { 6 }
    static var shortestPW3: Int { 8 }

    /// What a VERIFY opens.
    private static func access(_ reference: UInt8) -> WritableKeyPath<Security, Bool>? {
        switch reference {
        case 0x81: \.pw1ForSigning
        case 0x82: \.pw1ForOthers
        case 0x83: \.pw3
        default: nil
        }
    }

    mutating func verify(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0x00 || command.header.p1 == 0xFF else {
            throw Refused(.incorrectParameters)
        }
        guard let access = Self.access(command.header.p2) else {
            throw Refused(.referenceDataNotFound)
        }
        if command.header.p1 == 0xFF {
            guard command.data.isEmpty else { throw Refused(.incorrectData) }
            security[keyPath: access] = false
            return []
        }
        let code: WritableKeyPath<OpenPGPState, CardCode> =
            command.header.p2 == 0x83 ? \.pw3 : \.pw1
        if command.data.isEmpty {
            if security[keyPath: access] { return [] }
            throw Refused(.triesLeft(state[keyPath: code].left))
        }
        guard command.data.count <= Self.longestCode else { throw Refused(.wrongLength) }
        security[keyPath: access] = false
        try check(command.data, code)
        security[keyPath: access] = true
        return []
    }

    /// Old and new stand side by side; the card knows how long its own is.
    mutating func changeReferenceData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0 else { throw Refused(.incorrectParameters) }
        let code: WritableKeyPath<OpenPGPState, CardCode>
        switch command.header.p2 {
        case 0x81: code = \.pw1
        case 0x83: code = \.pw3
        default: throw Refused(.referenceDataNotFound)
        }
        forget(code)
        let length = state[keyPath: code].value.count
        try check(command.data.prefix(length), code)
        let new = Array(command.data.dropFirst(length))
        guard isAcceptable(new, code == \.pw1 ? Self.shortestPW1 : Self.shortestPW3) else {
            throw Refused(.incorrectData)
        }
        state[keyPath: code].value = new
        changed()
        return []
    }

    /// With the resetting code, or after PW3.
    mutating func resetRetryCounter(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p2 == 0x81 else { throw Refused(.referenceDataNotFound) }
        var new = Array(command.data)
        switch command.header.p1 {
        case 0x00:
            // A card without resetting code has no tries for it.
            guard !state.resettingCode.isBlocked else { throw Refused(.authenticationBlocked) }
            guard new.count >= Self.shortestPW3 + Self.shortestPW1 else {
                throw Refused(.incorrectData)
            }
            let length = state.resettingCode.value.count
            try check(command.data.prefix(length), \.resettingCode)
            new = Array(command.data.dropFirst(length))
        case 0x02:
            guard security.pw3 else { throw Refused(.securityStatusNotSatisfied) }
        default: throw Refused(.incorrectParameters)
        }
        guard isAcceptable(new, Self.shortestPW1) else { throw Refused(.incorrectData) }
        state.pw1.value = new
        state.pw1.refill()
        forget(\.pw1)
        changed()
        return []
    }

    /// PUT DATA D3: an empty one takes the resetting code away.
    mutating func setResettingCode(_ value: [UInt8]) throws(Refused) {
        guard value.isEmpty || isAcceptable(value, Self.shortestPW3) else {
            throw Refused(.incorrectData)
        }
        state.resettingCode.value = value
        if value.isEmpty { state.resettingCode.block() } else { state.resettingCode.refill() }
    }

    /// PUT DATA F9: PW1 and PW3 become what the object says, without it the published ones.
    mutating func setKDF(_ value: [UInt8]) throws(Refused) {
        guard let kdf = OpenPGPKDF(value) else { throw Refused(.incorrectData) }
        let initial: (pw1: [UInt8], pw3: [UInt8])
        if kdf.iterated != nil {
            guard let hashes = kdf.initial else { throw Refused(.incorrectData) }
            initial = hashes
        } else {
            initial = (OpenPGPKDF.factoryPW1, OpenPGPKDF.factoryPW3)
        }
        state.kdf = kdf
        (state.pw1.value, state.pw3.value) = (initial.pw1, initial.pw3)
        state.pw1.refill()
        state.pw3.refill()
        try setResettingCode([])
    }

    /// Compares, and counts what is wrong: also what could never be right by its length.
    private mutating func check(
        _ given: ArraySlice<UInt8>, _ code: WritableKeyPath<OpenPGPState, CardCode>
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
        if model.oddities.contains(.wrongIs6982) { throw Refused(.securityStatusNotSatisfied) }
        throw Refused(.triesLeft(state[keyPath: code].left))
    }

    private mutating func forget(_ code: WritableKeyPath<OpenPGPState, CardCode>) {
        if code == \.pw3 {
            security.pw3 = false
        } else {
            security.pw1ForSigning = false
            security.pw1ForOthers = false
        }
    }

    private func isAcceptable(_ code: [UInt8], _ shortest: Int) -> Bool {
        // A hash is always long enough for any minimum.
        (shortest...Self.longestCode).contains(code.count)
    }
}
