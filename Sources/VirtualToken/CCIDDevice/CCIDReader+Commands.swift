/// Bulk OUT messages.
extension CCIDReader {
    /// Time between two time extensions of a card that takes long, in milliseconds.
    private static let extensionPause: Int64 = 500

    /// - Returns: false where the endpoint stalls.
    mutating func take(_ bytes: [UInt8], _ length: Int?, _ now: Int64) -> Bool {
        guard let length else {
            notes.complain("a message shorter than its header")
            return true
        }
        let request = CCIDRequest(bytes)
        let fault = notes.message(request.type, request.slot, request.sequence)
        if isDeaf { return true }
        guard Int(request.slot) < slots.count else {
            notes.complain("a message for a slot that is not there")
            send(CCIDAnswer(to: request, .failed(CCIDError.badSlot)), fault)
            return true
        }
        if bytes.count > design.longestMessage || request.data.count != length {
            notes.complain("a message whose dwLength is not its length, or too long")
            send(CCIDAnswer(to: request, .failed(CCIDError.badLength)), fault)
            return true
        }
        return carryOut(request, fault, now)
    }

    private mutating func carryOut(
        _ request: CCIDRequest, _ fault: ReaderFault.Kind?, _ now: Int64
    ) -> Bool {
        let slot = Int(request.slot)
        switch fault {
        case .stallOut:
            halted.insert(ReaderDesign.Endpoint.bulkOut)
            return false
        case .deaf:
            isDeaf = true
            return true
        case .reset:
            resetAll()
            return true
        case .unplugBefore:
            toHost = []
            leaves = true
            return true
        case .pullBefore: slots[slot].pull()
        case .error(let error):
            send(CCIDAnswer(to: request, .failed(error)), nil)
            return true
        case .mute, .pullMute:
            if fault == .pullMute { slots[slot].pull() }
            if slots[slot].work == nil { slots[slot].work = CardSlot.Work(request: request) }
            return true
        default: break
        }
        if request.type == CCIDRequest.Kind.abort {
            abort(slot, request, fault)
            return true
        }
        if slots[slot].abortByControl != nil {
            notes.complain("a command between the two halves of an abort")
            send(CCIDAnswer(to: request, .failed(CCIDError.aborted)), fault)
            return true
        }
        guard slots[slot].work == nil else {
            notes.complain("a command to a slot that is busy")
            send(CCIDAnswer(to: request, .failed(CCIDError.slotBusy)), fault)
            return true
        }
        command(slot, request, fault, now)
        return true
    }

    private mutating func command(
        _ slot: Int, _ request: CCIDRequest, _ fault: ReaderFault.Kind?, _ now: Int64
    ) {
        switch request.type {
        case CCIDRequest.Kind.exchange: exchange(slot, request, fault, now)
        case CCIDRequest.Kind.secure: secure(slot, request, fault, now)
        default: settle(slot, simple(slot, request), request, fault, now)
        }
    }

    /// Commands that are answered at once.
    private mutating func simple(_ slot: Int, _ request: CCIDRequest) -> CCIDAnswer {
        switch request.type {
        case CCIDRequest.Kind.powerOn: return powerOn(slot, request)
        case CCIDRequest.Kind.powerOff:
            slots[slot].powerOff()
            return CCIDAnswer(to: request, parameter: 1)
        case CCIDRequest.Kind.slotStatus:
            return CCIDAnswer(to: request, parameter: slots[slot].contact == nil ? 1 : 0)
        case CCIDRequest.Kind.clock, CCIDRequest.Kind.t0APDU: return CCIDAnswer(to: request)
        case CCIDRequest.Kind.getParameters: return parameters(slot, request)
        case CCIDRequest.Kind.resetParameters:
            if slots[slot].contact == nil {
                return CCIDAnswer(to: request, .failed(CCIDError.mute))
            }
            if !design.does(ReaderDesign.Feature.negotiation | ReaderDesign.Feature.parameters) {
                slots[slot].parameters = .initial
            }
            return parameters(slot, request)
        case CCIDRequest.Kind.setParameters: return setParameters(slot, request)
        case CCIDRequest.Kind.dataRate: return setDataRate(request)
        default: return CCIDAnswer(to: request, .failed(CCIDError.unsupported))
        }
    }

    private mutating func powerOn(_ slot: Int, _ request: CCIDRequest) -> CCIDAnswer {
        slots[slot].powerOff()
        guard slots[slot].isPresent else {
            return CCIDAnswer(to: request, .failed(CCIDError.mute))
        }
        let select = request.specific[0]
        let isAutomatic = design.does(ReaderDesign.Feature.voltage)
        guard select <= 3, select != 0 || isAutomatic else {
            notes.complain("power-on with a voltage the reader cannot choose")
            return CCIDAnswer(to: request, .failed(7))
        }
        let needed = design.voltage.powerSelect
        guard select == 0 || needed == 0 || select == needed else {
            return CCIDAnswer(to: request, .failed(CCIDError.mute))
        }
        slots[slot].token.powerOn()
        let contact = CardContact(design)
        slots[slot].contact = contact
        let fromATR = ReaderDesign.Feature.parameters | ReaderDesign.Feature.negotiation
        if design.does(fromATR) { slots[slot].parameters = .of(design, rate: contact.rate) }
        let historical = slots[slot].token.card.historicalBytes
        return CCIDAnswer(to: request, data: design.answerToReset(historical: historical))
    }

    private func parameters(_ slot: Int, _ request: CCIDRequest) -> CCIDAnswer {
        let now = slots[slot].parameters
        return CCIDAnswer(to: request, parameter: now.type, data: now.structure)
    }

    private mutating func setParameters(_ slot: Int, _ request: CCIDRequest) -> CCIDAnswer {
        guard slots[slot].contact != nil else {
            return CCIDAnswer(to: request, .failed(CCIDError.mute))
        }
        guard !design.does(ReaderDesign.Feature.negotiation) else {
            notes.complain("SetParameters to a reader that negotiates by itself")
            return CCIDAnswer(to: request, .failed(CCIDError.unsupported))
        }
        switch ReaderParameters.read(type: request.specific[0], request.data, design) {
        case .failure(let refusal):
            notes.complain("SetParameters with a wrong value")
            return CCIDAnswer(to: request, .failed(refusal.error))
        case .success(let parameters):
            slots[slot].parameters = parameters
            if design.does(ReaderDesign.Feature.pps) {
                slots[slot].contact?.negotiate(parameters.rate)
                slots[slot].parameters.structure[0] = slots[slot].contact?.rate ?? parameters.rate
            }
            return self.parameters(slot, request)
        }
    }

    private func setDataRate(_ request: CCIDRequest) -> CCIDAnswer {
        guard request.data.count == 8 else {
            return CCIDAnswer(to: request, .failed(CCIDError.badLength))
        }
        let rate = (4..<8).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(request.data[$1]) }
        guard ReaderDesign.rates.contains(rate) else {
            return CCIDAnswer(to: request, .failed(14))
        }
        var data: [UInt8] = []
        data.append(littleEndian: ReaderDesign.clock)
        data.append(littleEndian: rate)
        return CCIDAnswer(to: request, data: data)
    }

    // MARK: Answers, at once or later

    /// Answers now, or makes the slot busy until it is time.
    mutating func settle(
        _ slot: Int, _ answer: CCIDAnswer, _ request: CCIDRequest, _ fault: ReaderFault.Kind?,
        after milliseconds: Int = 0, _ now: Int64
    ) {
        switch fault {
        case .muteAfter: slots[slot].work = CardSlot.Work(request: request)
        case .extendForever(let multiplier):
            var work = CardSlot.Work(request: request)
            work.moreTime = CardSlot.TimeExtension(next: now, every: 100, multiplier: multiplier)
            slots[slot].work = work
        default:
            guard milliseconds > 0 else { return send(answer, fault) }
            var work = CardSlot.Work(request: request)
            (work.answer, work.fault) = (answer, fault)
            work.due = now + Int64(milliseconds)
            // At TPDU level T=1's own S(WTX) says it.
            if !(design.level == .tpdu && design.cardProtocol == .t1) {
                work.moreTime = CardSlot.TimeExtension(
                    next: now + Self.extensionPause, every: Self.extensionPause, multiplier: 1)
            }
            slots[slot].work = work
        }
    }

    // MARK: Abort (CCID 1.1, 5.3.1 and 6.1.13)

    private mutating func abort(
        _ slot: Int, _ request: CCIDRequest, _ fault: ReaderFault.Kind?
    ) {
        guard design.abort == .answered else { return }
        guard let sequence = slots[slot].abortByControl else {
            slots[slot].abortByMessage = request
            return
        }
        guard sequence == request.sequence else {
            notes.complain("an abort whose halves have different bSeq")
            return send(CCIDAnswer(to: request, .failed(CCIDError.aborted)), fault)
        }
        finishAbort(slot, request, fault)
    }

    mutating func finishAbort(
        _ slot: Int, _ request: CCIDRequest, _ fault: ReaderFault.Kind?
    ) {
        (slots[slot].abortByControl, slots[slot].abortByMessage) = (nil, nil)
        (slots[slot].gathered, slots[slot].rest) = (nil, nil)
        if let work = slots[slot].work {
            slots[slot].work = nil
            send(CCIDAnswer(to: work.request, .failed(CCIDError.aborted)), nil)
        }
        send(CCIDAnswer(to: request), fault)
    }
}
