import APDU

// VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER: SP 800-73-4 part 2, 3.2.1 to 3.2.3.
extension PIVCard {
    mutating func verify(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0x00 || command.header.p1 == 0xFF else {
            throw Refused(.incorrectParameters)
        }
        guard command.header.p2 == 0x80 else { throw Refused(.referenceDataNotFound) }
        if command.header.p1 == 0xFF {
            guard command.data.isEmpty else { throw Refused(.incorrectData) }
            forgetPIN()
            return []
        }
        if command.data.isEmpty { return try pinStatus() }
        guard command.data.count == 8 else { throw Refused(wrongCodeLength) }
        do throws(Refused) {
            try check(Array(command.data), \.pin)
        } catch {
            forgetPIN()
            throw error
        }
        security.pinVerified = true
        security.pinFresh = true
        return []
    }

    private mutating func pinStatus() throws(Refused) -> [UInt8] {
        if security.pinVerified { return [] }
        if model.oddities.contains(.emptyVerifySpends), !state.pin.isBlocked {
            state.pin.spend()
            changed()
            throw Refused(.verificationFailed)
        }
        if model.oddities.contains(.hidesCount) { throw Refused(.wrongLength) }
        if model.oddities.contains(.wrongIs6985) { throw Refused(.conditionsNotSatisfied) }
        throw Refused(state.pin.isBlocked ? blocked : .triesLeft(state.pin.left))
    }

    mutating func changeReferenceData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0 else { throw Refused(.incorrectParameters) }
        let code: WritableKeyPath<PIVState, PIVCode>
        switch command.header.p2 {
        case 0x80: code = \.pin
        case 0x81: code = \.puk
        default: throw Refused(.referenceDataNotFound)
        }
        guard command.data.count == 16 else { throw Refused(wrongCodeLength) }
        let new = Array(command.data.suffix(8))
        guard state[keyPath: code].isBlocked || isAcceptable(new, digitsOnly: code == \.pin) else {
            throw Refused(.incorrectData)
        }
        do throws(Refused) {
            try check(Array(command.data.prefix(8)), code)
        } catch {
            if code == \.pin { forgetPIN() }
            throw error
        }
        state[keyPath: code].value = new
        changed()
        if code == \.pin { security.pinVerified = true }
        return []
    }

    mutating func resetRetryCounter(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0 else { throw Refused(.incorrectParameters) }
        guard command.header.p2 == 0x80 else { throw Refused(.referenceDataNotFound) }
        guard command.data.count == 16 else { throw Refused(wrongCodeLength) }
        let new = Array(command.data.suffix(8))
        guard state.puk.isBlocked || isAcceptable(new, digitsOnly: true) else {
            throw Refused(.incorrectData)
        }
        try check(Array(command.data.prefix(8)), \.puk)
        state.pin.value = new
        state.pin.refill()
        changed()
        return []
    }

    /// Compares, and counts what is wrong.
    private mutating func check(
        _ given: [UInt8], _ code: WritableKeyPath<PIVState, PIVCode>
    ) throws(Refused) {
        guard !state[keyPath: code].isBlocked else { throw Refused(blocked) }
        guard given != state[keyPath: code].value else {
            if state[keyPath: code].left < state[keyPath: code].total {
                state[keyPath: code].refill()
                changed()
            }
            return
        }
        if model.oddities.contains(.wrongIs6985) { throw Refused(.conditionsNotSatisfied) }
        state[keyPath: code].spend()
        changed()
        if model.oddities.contains(.hidesCount) { throw Refused(.verificationFailed) }
        throw Refused(.triesLeft(state[keyPath: code].left))
    }

    private mutating func forgetPIN() {
        security.pinVerified = false
        security.pinFresh = false
    }

    private var blocked: StatusWord {
        model.oddities.contains(.neverSaysBlocked) ? .triesLeft(0) : .authenticationBlocked
    }

    /// Not counted as a try, on either kind of card.
    private var wrongCodeLength: StatusWord { model.yubico ? .incorrectData : .wrongLength }

    /// Six to eight bytes, padded at the end only; digits where the standard says so (part 2,
    /// 2.4.3) and the maker does not say otherwise.
    private func isAcceptable(_ code: [UInt8], digitsOnly: Bool) -> Bool {
        let length = code.firstIndex(of: 0xFF) ?? code.count
        guard length >= 6, code[length...].allSatisfy({ $0 == 0xFF }) else { return false }
        guard digitsOnly, !model.yubico else { return true }
        return code[..<length].allSatisfy { (0x30...0x39).contains($0) }
    }
}
