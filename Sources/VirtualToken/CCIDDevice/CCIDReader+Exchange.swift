/// XfrBlock and Secure: what goes to the card.
extension CCIDReader {
    /// Where an extended APDU goes on (wLevelParameter), and a response (bChainParameter).
    private enum Chain {
        static let whole: UInt16 = 0
        static let begins: UInt16 = 1
        static let ends: UInt16 = 2
        static let goesOn: UInt16 = 3
        static let next: UInt16 = 0x10
    }

    mutating func exchange(
        _ slot: Int, _ request: CCIDRequest, _ fault: ReaderFault.Kind?, _ now: Int64
    ) {
        if let error = obstacle(slot, request.data) {
            return settle(slot, CCIDAnswer(to: request, .failed(error)), request, fault, now)
        }
        let parameter = UInt16(request.specific[1]) | UInt16(request.specific[2]) << 8
        switch design.level {
        case .character:
            let answer = CCIDAnswer(to: request, .failed(CCIDError.unsupported))
            settle(slot, answer, request, fault, now)
        case .tpdu, .short:
            guard parameter == 0 else {
                notes.complain("chaining at another level than extended APDUs")
                return settle(slot, CCIDAnswer(to: request, .failed(8)), request, fault, now)
            }
            toCard(slot, request.data, request, fault, now)
        case .extended: chained(slot, parameter, request, fault, now)
        }
    }

    /// Why nothing can go to the card; nil when it can.
    private mutating func obstacle(_ slot: Int, _ bytes: [UInt8]) -> UInt8? {
        guard let contact = slots[slot].contact else {
            if slots[slot].isPresent { notes.complain("an exchange with a card without power") }
            return CCIDError.mute
        }
        // PPS comes before parameters that suit the card.
        if design.level == .tpdu, bytes.first == 0xFF { return nil }
        if let complaint = slots[slot].parameters.complaint(design, contact) {
            notes.complain(complaint)
            return CCIDError.mute
        }
        return nil
    }

    /// Extended level: a command in pieces, a response in pieces.
    private mutating func chained(
        _ slot: Int, _ parameter: UInt16, _ request: CCIDRequest, _ fault: ReaderFault.Kind?,
        _ now: Int64
    ) {
        switch (parameter, slots[slot].gathered, slots[slot].rest) {
        case (Chain.whole, nil, nil): toCard(slot, request.data, request, fault, now)
        case (Chain.begins, nil, nil), (Chain.goesOn, .some, nil):
            let all = (slots[slot].gathered ?? []) + request.data
            guard all.count <= 65_544 else { break }
            slots[slot].gathered = all
            let more = CCIDAnswer(to: request, parameter: UInt8(Chain.next))
            return settle(slot, more, request, fault, now)
        case (Chain.ends, .some(let begun), nil):
            slots[slot].gathered = nil
            toCard(slot, begun + request.data, request, fault, now)
        case (Chain.next, nil, .some(let rest)) where request.data.isEmpty:
            settle(slot, piece(slot, rest, request, isFirst: false), request, fault, now)
        default:
            (slots[slot].gathered, slots[slot].rest) = (nil, nil)
            notes.complain("wLevelParameter does not fit what came before")
            settle(slot, CCIDAnswer(to: request, .failed(8)), request, fault, now)
        }
    }

    /// One message of a response that may not fit one.
    private mutating func piece(
        _ slot: Int, _ bytes: ArraySlice<UInt8>, _ request: CCIDRequest, isFirst: Bool
    ) -> CCIDAnswer {
        let part = bytes.prefix(design.longestMessage - CCIDRequest.headerSize)
        let left = bytes.dropFirst(part.count)
        slots[slot].rest = left.isEmpty ? nil : left
        let chain: UInt16 =
            switch (isFirst, left.isEmpty) {
            case (true, true): Chain.whole
            case (true, false): Chain.begins
            case (false, true): Chain.ends
            case (false, false): Chain.goesOn
            }
        return CCIDAnswer(to: request, parameter: UInt8(chain), data: Array(part))
    }

    private mutating func toCard(
        _ slot: Int, _ bytes: [UInt8], _ request: CCIDRequest, _ fault: ReaderFault.Kind?,
        _ now: Int64
    ) {
        let answer: CardAnswer
        if design.level == .tpdu {
            answer = slots[slot].exchange(bytes, &notes)
        } else if let complaint = Self.complaint(bytes, design.level) {
            notes.complain(complaint)
            answer = .malformed
        } else {
            answer = CardAnswer(slots[slot].token.exchange(bytes))
        }
        hand(slot, answer, request, fault, now)
    }

    private static func complaint(_ apdu: [UInt8], _ level: ReaderDesign.Level) -> String? {
        guard apdu.count >= 4 else { return "an APDU of fewer than 4 bytes" }
        guard level == .short else { return nil }
        if apdu.count > 5, apdu[4] == 0 { return "an extended APDU at the short level" }
        return apdu.count > 261 ? "an APDU longer than 261 bytes at the short level" : nil
    }

    /// What came from the card, on its way to the host.
    private mutating func hand(
        _ slot: Int, _ answer: CardAnswer, _ request: CCIDRequest, _ fault: ReaderFault.Kind?,
        _ now: Int64
    ) {
        func failed(_ error: UInt8) -> CCIDAnswer { CCIDAnswer(to: request, .failed(error)) }
        switch answer {
        case .bytes(let bytes, let milliseconds):
            let first = piece(slot, bytes[...], request, isFirst: true)
            settle(slot, first, request, fault, after: milliseconds, now)
        case .mute: settle(slot, failed(CCIDError.mute), request, fault, now)
        case .parity: settle(slot, failed(CCIDError.parity), request, fault, now)
        case .malformed: settle(slot, failed(CCIDError.badLength), request, fault, now)
        case .gone(let bytes):
            guard let bytes else {
                slots[slot].pull()
                return settle(slot, failed(CCIDError.mute), request, fault, now)
            }
            settle(slot, piece(slot, bytes[...], request, isFirst: true), request, fault, now)
            slots[slot].pull()
        case .muteThenGone(let milliseconds):
            settle(slot, failed(CCIDError.mute), request, fault, after: milliseconds, now)
            slots[slot].work?.pulls = true
        }
    }

    // MARK: Secure

    mutating func secure(
        _ slot: Int, _ request: CCIDRequest, _ fault: ReaderFault.Kind?, _ now: Int64
    ) {
        var error: UInt8?
        do throws(SecureEntry.Refusal) {
            let entry = try SecureEntry(parsing: request.data)
            let support: ReaderDesign.PINSupport = entry.operation == .verify ? .verify : .modify
            if !design.pinSupport.contains(support) {
                error = CCIDError.unsupported
            } else if let obstacle = obstacle(slot, []) {
                error = obstacle
            } else {
                var work = CardSlot.Work(request: request)
                (work.entry, work.fault) = (entry, fault)
                work.answer = CCIDAnswer(to: request, .failed(CCIDError.timeOut))
                work.due = now + Int64(entry.timeOut) * 1000
                slots[slot].work = work
                return finishTyping(slot, now)
            }
        } catch {
            return refuseSecure(slot, error.error, request, fault, now)
        }
        refuseSecure(slot, error ?? CCIDError.unsupported, request, fault, now)
    }

    private mutating func refuseSecure(
        _ slot: Int, _ error: UInt8, _ request: CCIDRequest, _ fault: ReaderFault.Kind?,
        _ now: Int64
    ) {
        if error < 0x80 { notes.complain("PIN entry with a wrong value, or none of this reader's") }
        settle(slot, CCIDAnswer(to: request, .failed(error)), request, fault, now)
    }

    /// Takes what was typed, if a slot waits for it.
    mutating func finishTyping(_ slot: Int, _ now: Int64) {
        guard let work = slots[slot].work, let entry = work.entry, let codes = typed.first else {
            return
        }
        typed.removeFirst()
        slots[slot].work = nil
        let request = work.request
        // The pad takes no code of another length, and asks again where two differ: it is
        // left with the cancel key then.
        guard let chosen = Self.accepted(codes, entry), let apdu = entry.command(chosen) else {
            let answer = CCIDAnswer(to: request, .failed(CCIDError.cancelled))
            return settle(slot, answer, request, work.fault, now)
        }
        guard design.level == .tpdu, design.cardProtocol == .t1 else {
            return toCard(slot, apdu, request, work.fault, now)
        }
        let block = entry.prologue.prefix(2) + [UInt8(clamping: apdu.count)] + apdu
        let whole = block + CardT1.check(Array(block), design.usesCRC)
        toCard(slot, Array(whole), request, work.fault, now)
    }

    private static func accepted(_ codes: [String], _ entry: SecureEntry) -> [String]? {
        let wanted: Int
        switch entry.operation {
        case .verify: wanted = 1
        case .modify(_, _, let asksOld, _): wanted = asksOld ? 2 : 1
        }
        guard codes.count >= wanted, codes != ["cancel"] else { return nil }
        let chosen = Array(codes.prefix(wanted))
        guard chosen.allSatisfy({ entry.lengths.contains($0.utf8.count) }) else { return nil }
        if case .modify(_, _, _, confirms: true) = entry.operation, codes.count > wanted,
            codes[wanted] != chosen[wanted - 1]
        {
            return nil
        }
        return chosen
    }
}
