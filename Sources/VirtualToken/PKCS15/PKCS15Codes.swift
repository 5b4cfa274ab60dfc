import APDU

// VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER: ISO 7816-4, 7.5.6 to 7.5.10.
extension PKCS15Card {
    mutating func verify(_ command: CardCommand) throws(Refused) -> [UInt8] {
        try permit(command.header)
        guard !command.data.isEmpty else { return try status() }
        let code = try padded(command.data, model.pin)
        isVerified = false
        try check(code, \.pin)
        isVerified = true
        return []
    }

    /// IsoApplet tells what is left even when nothing needs to be verified any more.
    private func status() throws(Refused) -> [UInt8] {
        if model.kind != .isoApplet {
            if isVerified { return [] }
            if state.pin.isBlocked { throw Refused(.authenticationBlocked) }
        }
        throw Refused(.triesLeft(state.pin.left))
    }

    /// Old and new code, both padded.
    mutating func changeReferenceData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0 else { throw Refused(.incorrectParameters) }
        let isPUK = command.header.p2 == model.puk.p2 && model.kind != .isoApplet
        if !isPUK { try permit(command.header) }
        let rule = isPUK ? model.puk : model.pin
        guard command.data.count == 2 * rule.stored else { throw Refused(.wrongLength) }
        let code: WritableKeyPath<PKCS15State, CardCode> = isPUK ? \.puk : \.pin
        if !isPUK { isVerified = false }
        try check(Array(command.data.prefix(rule.stored)), code)
        let new = Array(command.data.dropFirst(rule.stored))
        try accept(new, rule)
        state[keyPath: code].value = new
        if !isPUK { isVerified = true }
        changed()
        return []
    }

    /// PUK and new PIN, the PUK padded.
    mutating func resetRetryCounter(_ command: CardCommand) throws(Refused) -> [UInt8] {
        try permit(command.header)
        let length = model.puk.stored
        guard command.data.count > length else { throw Refused(.wrongLength) }
        let new = try padded(command.data.dropFirst(length), model.pin)
        try check(Array(command.data.prefix(length)), \.puk)
        try accept(new, model.pin)
        state.pin.value = new
        state.pin.refill()
        isVerified = false
        changed()
        return []
    }

    private func permit(_ header: CommandHeader) throws(Refused) {
        guard header.p1 == 0, header.p2 == model.pin.p2 else {
            throw Refused(
                model.kind == .isoApplet ? .incorrectParameters : .referenceDataNotFound)
        }
    }

    /// A code as long as it is stored: IsoApplet does without the padding, others refuse.
    private func padded(
        _ data: ArraySlice<UInt8>, _ rule: PKCS15Model.Code
    ) throws(Refused) -> [UInt8] {
        let shortest = model.kind == .isoApplet ? rule.shortest : rule.stored
        guard (shortest...rule.stored).contains(data.count) else { throw Refused(.wrongLength) }
        return Array(data) + [UInt8](repeating: rule.pad, count: rule.stored - data.count)
    }

    /// A new code that is all padding but for too few bytes is none.
    private func accept(_ code: [UInt8], _ rule: PKCS15Model.Code) throws(Refused) {
        guard model.kind != .isoApplet else { return }
        let bytes = code.reversed().drop { $0 == rule.pad }.count
        let isPacked = rule.type == .bcd || rule.type == .iso9564
        guard bytes >= (isPacked ? (rule.shortest + 1) / 2 : rule.shortest) else {
            throw Refused(.incorrectData)
        }
    }

    /// Counts a wrong code down; the right one fills its counter.
    private mutating func check(
        _ value: [UInt8], _ code: WritableKeyPath<PKCS15State, CardCode>
    ) throws(Refused) {
        guard !state[keyPath: code].isBlocked else {
            throw Refused(model.kind == .isoApplet ? .triesLeft(0) : .authenticationBlocked)
        }
        guard value == state[keyPath: code].value else {
            state[keyPath: code].spend()
            changed()
            throw Refused(.triesLeft(state[keyPath: code].left))
        }
        if state[keyPath: code].left < state[keyPath: code].total {
            state[keyPath: code].refill()
            changed()
        }
    }
}
