import APDU
import System

// How reader and card are to talk: protocol, rates, parameters, sizes (ISO 7816-3, clauses 8, 9).
extension CCIDCard {
    /// What is agreed on after a reset, from most to nothing at all. Some readers refuse the
    /// parameters of a healthy card, some cards the size of the blocks, and how a CRC is written
    /// they do not agree on: what holds after a reset does for every card.
    struct Attempt {
        var asksForRates = true
        var setsParameters = true
        var asksForSize = true
        var crc = T1EDC.plainCRC

        static let all = [
            Attempt(),
            Attempt(crc: .crc),
            Attempt(asksForRates: false),
            Attempt(asksForRates: false, asksForSize: false),
            Attempt(asksForRates: false, setsParameters: false, asksForSize: false),
        ]
    }

    /// Powers the card and makes it ready for commands.
    func powerUp(_ pipe: CCIDPipe, limit: CallLimit) throws(CCIDFault) -> PoweredCard {
        var failure = CCIDFault.mute
        for (number, attempt) in Attempt.all.enumerated() {
            if number > 0 { try startAgain(pipe, after: failure, limit) }
            let bytes = try answerToReset(pipe, limit: limit)
            guard let atr = try? ATR(parsing: bytes) else { return try takeUnread(bytes) }
            // Only a CRC is worth a second way to write it.
            if attempt.crc == .crc, atr.t1?.errorDetection != .crc { continue }
            do throws(CCIDFault) {
                return powered(atr, try agree(pipe, atr, attempt, limit))
            } catch {
                guard error.leavesReaderUsable, Instant.now < limit.orderly else { throw error }
                failure = error
            }
        }
        throw failure
    }

    func startAgain(
        _ pipe: CCIDPipe, after failure: CCIDFault, _ limit: CallLimit
    ) throws(CCIDFault) {
        powerOff(pipe)
        guard case .slot = failure, has({ $0 == .twoResetsAfterFailedParameters }) else { return }
        _ = try answerToReset(pipe, limit: limit)
        powerOff(pipe)
    }

    /// Readers of whole commands cope with cards whose answer is none by the standard.
    func takeUnread(_ bytes: [UInt8]) throws(CCIDFault) -> PoweredCard {
        guard reader.descriptor.level != .tpdu else {
            throw .unsupported("unsupported: the card's answer to reset cannot be read")
        }
        way = .commands
        return powered(bytes, .t1, takesExtended: false)
    }

    /// - Returns: the protocol that is spoken from here on.
    func agree(
        _ pipe: CCIDPipe, _ atr: ATR, _ attempt: Attempt, _ limit: CallLimit
    ) throws(CCIDFault) -> TransmissionProtocol {
        let descriptor = reader.descriptor
        guard let wanted = atr.preferredProtocol(among: descriptor.protocols.list) else {
            throw .unsupported("unsupported: the card speaks a protocol the reader does not")
        }
        var plan = PPSPlan.withoutExchange(atr)
        var active = plan.transmissionProtocol
        var rates = plan.rates
        if descriptor.features.contains(.automaticNegotiation) {
            active = try activeProtocol(pipe, limit) ?? wanted
            rates = atr.ratesByte ?? ATR.Rates.standardByte
        } else {
            if attempt.asksForRates {
                plan = try self.plan(pipe, atr, wanted, limit)
                (active, rates) = (plan.transmissionProtocol, plan.rates)
                let isRaw =
                    descriptor.level == .tpdu && !descriptor.features.contains(.automaticPPS)
                if isRaw, let request = plan.request {
                    rates = try select(pipe, request, limit)
                }
            }
            if attempt.setsParameters, let parameters = CardParameters(atr, active, rates: rates) {
                try send(
                    pipe, parameters.reader.bytes, by: parameters.reader.command, limit)
            }
        }
        try begin(pipe, atr, active, rates: rates, attempt, limit)
        return active
    }

    /// What a reader that negotiates by itself has come to; nil where it does not say.
    func activeProtocol(
        _ pipe: CCIDPipe, _ limit: CallLimit
    ) throws(CCIDFault) -> TransmissionProtocol? {
        guard reader.descriptor.level == .tpdu else { return nil }
        do throws(CCIDFault) {
            let reply = try pipe.exchange(.getParameters, slot: slot, limit: limit)
            guard case .parameters(let active) = reply.kind, active == .t0 || active == .t1 else {
                return nil
            }
            return active
        } catch {
            guard case .slot = error else { throw error }
            return nil
        }
    }

    func plan(
        _ pipe: CCIDPipe, _ atr: ATR, _ wanted: TransmissionProtocol, _ limit: CallLimit
    ) throws(CCIDFault) -> PPSPlan {
        do throws(PPSError) {
            return try PPSPlan(
                atr, wanted: wanted,
                reader: ReaderRates(reader.descriptor, rates: pipe.dataRates(limit: limit)))
        } catch {
            throw .unsupported("unsupported: \(error)")
        }
    }

    /// PPS through the reader (ISO 7816-3, clause 9).
    func select(
        _ pipe: CCIDPipe, _ request: PPS, _ limit: CallLimit
    ) throws(CCIDFault) -> UInt8 {
        try send(pipe, request.bytes, by: .xfrBlock(waiting: 0, level: 0), limit)
        return try pipe.withAnswer { message -> Result<UInt8, CCIDFault> in
            do throws(PPSError) {
                let answer = try PPS(
                    parsing: UnsafeRawBufferPointer(
                        rebasing: message.dropFirst(CCIDCommand.headerLength)))
                return .success(try request.agreed(by: answer))
            } catch {
                return .failure(.unsupported("unsupported: \(error)"))
            }
        }.get()
    }

    func send(
        _ pipe: CCIDPipe, _ bytes: [UInt8], by command: CCIDCommand, _ limit: CallLimit
    ) throws(CCIDFault) {
        var failure: CCIDFault? = nil
        bytes.withUnsafeBytes { payload in
            do throws(CCIDFault) {
                _ = try pipe.exchange(command, slot: slot, payload: payload, limit: limit)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Sets up what carries commands from here on.
    func begin(
        _ pipe: CCIDPipe, _ atr: ATR, _ active: TransmissionProtocol, rates: UInt8,
        _ attempt: Attempt, _ limit: CallLimit
    ) throws(CCIDFault) {
        guard reader.descriptor.level == .tpdu else {
            way = .commands
            return
        }
        guard active == .t1 else {
            way = .characters
            return
        }
        let parameters = CardParameters(atr, .t1, rates: rates)
        var waiting: Duration = .seconds(2)
        if case .t1(let block, _, _) = parameters?.times(clock: reader.descriptor.defaultClock) {
            waiting = .microseconds(Int64(clamping: block))
        }
        let usesCRC = atr.t1?.errorDetection == .crc
        let hasSize = reader.descriptor.features.contains(.automaticIFSD)
        let link = T1Link(
            ifsc: atr.t1?.informationFieldSize ?? 32, ifsd: hasSize ? largestField : 32,
            edc: usesCRC ? attempt.crc : .lrc)
        way = .blocks(link, blockWaiting: waiting)
        // With a CRC it also shows whether the card writes it as we do, before any command.
        guard attempt.asksForSize, !hasSize || usesCRC else { return }
        try negotiateIFSD(pipe, limit)
    }

    var largestField: Int { min(max(reader.descriptor.maximumIFSD, 1), 254) }

    func powered(_ atr: ATR, _ active: TransmissionProtocol) -> PoweredCard {
        // Over T=0 long commands go by ENVELOPE, which fewer cards know than chaining.
        let capabilities = atr.historical.capabilities
        let chains = capabilities?.takesChaining ?? true
        return powered(
            atr.bytes, active,
            takesExtended: announcesExtendedLength(atr)
                && reader.descriptor.level != .shortAPDU && (active == .t1 || !chains))
    }

    func powered(
        _ atr: [UInt8], _ active: TransmissionProtocol, takesExtended: Bool
    ) -> PoweredCard {
        let name = active == .t1 ? "T=1" : "T=0"
        reader.setMode(slot, "\(reader.descriptor.level), \(name)")
        return PoweredCard(atr: atr, protocolName: name, takesExtended: takesExtended)
    }
}

extension CCIDProtocols {
    /// Both where the reader says none.
    fileprivate var list: [TransmissionProtocol] {
        var list: [TransmissionProtocol] = []
        if contains(.t1) { list.append(.t1) }
        if contains(.t0) { list.append(.t0) }
        return list.isEmpty ? [.t1, .t0] : list
    }
}

extension CCIDFault {
    /// The reader answered, and can be asked to start the card anew.
    fileprivate var leavesReaderUsable: Bool {
        switch self {
        case .slot, .block, .characters, .unsupported, .mute: true
        default: false
        }
    }
}
