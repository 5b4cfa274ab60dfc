import APDU
import Secrets
import System

/// The card in one slot: powering it, agreeing on how to talk, and commands as its reader's
/// level of exchange carries them.
///
/// Lives on its reader's thread; uses the pipe it is given for the time of a call.
final class CCIDCard {
    /// How commands reach the card.
    enum Way {
        /// The reader takes whole commands.
        case commands
        case blocks(T1Link, blockWaiting: Duration)
        case characters
    }

    /// What a reader may need beside the card's own waiting time, before it counts as mute.
    private static let margin: Duration = .seconds(2)

    let reader: CCIDReader
    private let slot: UInt8
    var way = Way.commands
    private(set) var hasPower = false
    /// One block or TPDU on its way out; may hold a code.
    var outgoing: WireBuffer

    init(_ reader: CCIDReader, slot: UInt8) throws(CCIDFault) {
        self.reader = reader
        self.slot = slot
        do throws(SecretError) {
            outgoing = try WireBuffer(capacity: T1Block.largest + 16)
        } catch {
            throw .noLockedMemory
        }
    }

    // MARK: Power

    /// How the slot stands, without a word to the card.
    func status(_ pipe: CCIDPipe, limit: CallLimit) throws(CCIDFault) -> CCIDCardStatus {
        let status = try pipe.exchange(.getSlotStatus, slot: slot, limit: limit).iccStatus
        reader.note(slot, isPresent: status != .absent, confirms: true)
        return status
    }

    /// Powers the card and reads its answer to reset, and no more.
    func answerToReset(_ pipe: CCIDPipe, limit: CallLimit) throws(CCIDFault) -> [UInt8] {
        if has({ $0 == .powerOffBeforeOn }) { powerOff(pipe) }
        var failure = CCIDFault.slot(.mute)
        var hasLeftEMV = false
        var choices = voltages[...]
        while let voltage = choices.popFirst() {
            do throws(CCIDFault) {
                _ = try pipe.exchange(.iccPowerOn(voltage), slot: slot, limit: limit)
                let atr = pipe.withAnswer { Array($0.dropFirst(CCIDCommand.headerLength)) }
                guard !atr.isEmpty, atr.count <= 33 else { throw .slot(.initialCharacter) }
                hasPower = true
                return atr
            } catch {
                // A card that does not answer at one voltage may at another; one not quite
                // seated, at the second try.
                guard case .slot(let reason) = error else { throw error }
                failure = error
                powerOff(pipe)
                if reason == .emvProtocol, !hasLeftEMV, try leaveEMV(pipe, limit) {
                    hasLeftEMV = true
                    choices.insert(voltage, at: choices.startIndex)
                }
            }
        }
        throw failure
    }

    private var voltages: [CCIDPowerSelect] {
        if reader.descriptor.features.contains(.automaticVoltage) {
            return [.automatic, .automatic]
        }
        let offered = reader.descriptor.voltages
        var order: [CCIDPowerSelect] = []
        if offered.contains(.fiveVolts) { order.append(.fiveVolts) }
        if offered.contains(.threeVolts) { order.append(.threeVolts) }
        if offered.contains(.oneEightVolts) { order.append(.oneEightVolts) }
        return order.isEmpty ? [.automatic, .automatic] : order + order.prefix(1)
    }

    private func leaveEMV(_ pipe: CCIDPipe, _ limit: CallLimit) throws(CCIDFault) -> Bool {
        for row in reader.quirks {
            guard case .escapeToISO(let bytes) = row.quirk else { continue }
            let payload = Array(bytes)
            var failure: CCIDFault? = nil
            payload.withUnsafeBytes { payload in
                do throws(CCIDFault) {
                    _ = try pipe.exchange(.escape, slot: slot, payload: payload, limit: limit)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return true
        }
        return false
    }

    /// Takes the power away; whether that is heard does not matter to a card that is gone.
    func powerOff(_ pipe: CCIDPipe) {
        hasPower = false
        let limit = Instant.now + CCIDPipe.housekeeping
        _ = try? pipe.exchange(
            .iccPowerOff, slot: slot, limit: CallLimit(orderly: limit, last: limit))
    }

    private func has(_ isWanted: (CCIDQuirk) -> Bool) -> Bool {
        reader.quirks.contains { isWanted($0.quirk) }
    }

    // MARK: Agreeing on how to talk

    /// What is agreed on after a reset, from most to nothing at all. Some readers refuse the
    /// parameters of a healthy card, some cards the size of the blocks, and how a CRC is written
    /// they do not agree on: what holds after a reset does for every card.
    private struct Attempt {
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

    private func startAgain(
        _ pipe: CCIDPipe, after failure: CCIDFault, _ limit: CallLimit
    ) throws(CCIDFault) {
        powerOff(pipe)
        guard case .slot = failure, has({ $0 == .twoResetsAfterFailedParameters }) else { return }
        _ = try answerToReset(pipe, limit: limit)
        powerOff(pipe)
    }

    /// Readers of whole commands cope with cards whose answer is none by the standard.
    private func takeUnread(_ bytes: [UInt8]) throws(CCIDFault) -> PoweredCard {
        guard reader.descriptor.level != .tpdu else {
            throw .unsupported("unsupported: the card's answer to reset cannot be read")
        }
        way = .commands
        return powered(bytes, .t1, takesExtended: false)
    }

    /// - Returns: the protocol that is spoken from here on.
    private func agree(
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
    private func activeProtocol(
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

    private func plan(
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
    private func select(
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
    private func begin(
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

    private var largestField: Int { min(max(reader.descriptor.maximumIFSD, 1), 254) }

    private func powered(_ atr: ATR, _ active: TransmissionProtocol) -> PoweredCard {
        // Over T=0 long commands go by ENVELOPE, which fewer cards know than chaining.
        let capabilities = atr.historical.capabilities
        let chains = capabilities?.takesChaining ?? true
        return powered(
            atr.bytes, active,
            takesExtended: announcesExtendedLength(atr)
                && reader.descriptor.level != .shortAPDU && (active == .t1 || !chains))
    }

    private func powered(
        _ atr: [UInt8], _ active: TransmissionProtocol, takesExtended: Bool
    ) -> PoweredCard {
        let name = active == .t1 ? "T=1" : "T=0"
        reader.setMode(slot, "\(reader.descriptor.level), \(name)")
        return PoweredCard(atr: atr, protocolName: name, takesExtended: takesExtended)
    }

    // MARK: Commands

    /// Sends one command as the reader's level carries it and takes its response.
    func transmit(
        _ pipe: CCIDPipe, _ command: UnsafeRawBufferPointer, limit: CallLimit,
        into response: inout ResponseBuffer
    ) throws(CCIDFault) {
        guard hasPower else { throw .noCard }
        defer { outgoing.wipe() }
        switch way {
        case .commands: try transmitWhole(pipe, command, limit, &response)
        case .characters: try transmitCharacters(pipe, command, limit, &response)
        case .blocks(var link, let waiting):
            let failure = exchangeBlocks(pipe, &link, command, waiting, limit, &response)
            way = .blocks(link, blockWaiting: waiting)
            if let failure { throw failure }
        }
    }

    private func transmitWhole(
        _ pipe: CCIDPipe, _ command: UnsafeRawBufferPointer, _ limit: CallLimit,
        _ response: inout ResponseBuffer
    ) throws(CCIDFault) {
        var transfer: CCIDTransfer
        do throws(CCIDError) {
            transfer = try CCIDTransfer(
                commandCount: command.count, level: reader.descriptor.level,
                maximumMessageLength: reader.descriptor.maximumMessageLength)
        } catch {
            throw .unsupported(error.description)
        }
        var block = transfer.first
        while true {
            let reply = try pipe.exchange(
                block.command, slot: slot,
                payload: UnsafeRawBufferPointer(rebasing: command[block.range]), limit: limit)
            let step = take(pipe, reply, &transfer, &response)
            switch try step.get() {
            case .send(let next): block = next
            case .finished: return
            }
        }
    }

    private func take(
        _ pipe: CCIDPipe, _ reply: CCIDReply, _ transfer: inout CCIDTransfer,
        _ response: inout ResponseBuffer
    ) -> Result<CCIDTransfer.Step, CCIDFault> {
        pipe.withAnswer { message in
            do throws(CCIDError) {
                return .success(try transfer.receive(reply, in: message, into: &response))
            } catch {
                return .failure(.outOfStep(error))
            }
        }
    }

    private func transmitCharacters(
        _ pipe: CCIDPipe, _ command: UnsafeRawBufferPointer, _ limit: CallLimit,
        _ response: inout ResponseBuffer
    ) throws(CCIDFault) {
        guard let parsed = try? CommandAPDU(parsing: command) else {
            throw .unsupported("the command is none that T=0 can carry")
        }
        var exchange = T0Exchange(parsed)
        while true {
            outgoing.wipe()
            do throws(T0Error) {
                try exchange.encode(command, into: &outgoing)
            } catch {
                throw .characters(error)
            }
            try outgoing.withBytes { tpdu throws(CCIDFault) in
                _ = try pipe.exchange(
                    .xfrBlock(waiting: 0, level: 0), slot: slot, payload: tpdu, limit: limit)
            }
            let step = pipe.withAnswer { message -> Result<T0Exchange.Step, CCIDFault> in
                let tpdu = UnsafeRawBufferPointer(
                    rebasing: message.dropFirst(CCIDCommand.headerLength))
                do throws(T0Error) {
                    return .success(try exchange.receive(tpdu, into: &response))
                } catch {
                    return .failure(.characters(error))
                }
            }
            if case .finished = try step.get() { return }
        }
    }

    // MARK: Blocks

    private func negotiateIFSD(_ pipe: CCIDPipe, _ limit: CallLimit) throws(CCIDFault) {
        guard case .blocks(var link, let waiting) = way else { return }
        outgoing.wipe()
        let first: T1Step
        do throws(T1Error) {
            first = try link.negotiateIFSD(largestField, into: &outgoing)
        } catch {
            throw .block(error)
        }
        var nothing = ResponseBuffer(capacity: 2)
        let failure = follow(
            pipe, &link, first, UnsafeRawBufferPointer(start: nil, count: 0), waiting, limit,
            &nothing)
        way = .blocks(link, blockWaiting: waiting)
        if let failure { throw failure }
    }

    private func exchangeBlocks(
        _ pipe: CCIDPipe, _ link: inout T1Link, _ command: UnsafeRawBufferPointer,
        _ waiting: Duration, _ limit: CallLimit, _ response: inout ResponseBuffer
    ) -> CCIDFault? {
        outgoing.wipe()
        let first: T1Step
        do throws(T1Error) {
            first = try link.begin(command: command, into: &outgoing)
        } catch {
            return .block(error)
        }
        return follow(pipe, &link, first, command, waiting, limit, &response)
    }

    /// Carries blocks to and fro until the link is done. The link itself bounds how often.
    func follow(
        _ pipe: CCIDPipe, _ link: inout T1Link, _ first: T1Step, _ command: UnsafeRawBufferPointer,
        _ waiting: Duration, _ limit: CallLimit, _ response: inout ResponseBuffer
    ) -> CCIDFault? {
        var step = first
        while true {
            let times: Int
            switch step {
            case .done: return nil
            case .failed(let error): return .block(error)
            case .send(let waitingTimes): times = waitingTimes
            }
            let outcome = carry(pipe, times, waiting, limit)
            outgoing.wipe()
            switch outcome {
            case nil:
                step = pipe.withAnswer { message in
                    link.receive(
                        UnsafeRawBufferPointer(
                            rebasing: message.dropFirst(CCIDCommand.headerLength)),
                        command: command, response: &response, into: &outgoing)
                }
            case .slot(let error):
                guard let trouble = error.trouble else { return .slot(error) }
                if Instant.now >= limit.orderly { return .silent }
                step = link.receiveNothing(why: trouble, command: command, into: &outgoing)
            case let other?:
                return other
            }
        }
    }

    /// Sends the block in `outgoing`, and waits so many block waiting times for the next one.
    private func carry(
        _ pipe: CCIDPipe, _ times: Int, _ waiting: Duration, _ limit: CallLimit
    ) -> CCIDFault? {
        // A command that may write is given all its time: nobody calls its card mute.
        let patience = limit.orderly < limit.last ? waiting * times + Self.margin : nil
        return outgoing.withBytes { block in
            do throws(CCIDFault) {
                _ = try pipe.exchange(
                    .xfrBlock(waiting: times > 1 ? UInt8(clamping: times) : 0, level: 0),
                    slot: slot, payload: block, limit: limit, patience: patience)
                return nil
            } catch {
                return error
            }
        }
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

extension CCIDSlotError {
    /// What the block protocol makes of it: an answer that did not come whole.
    var trouble: T1Trouble? {
        switch self {
        case .mute: .silence
        case .parity, .blockExchange: .damaged
        case .overrun: .malformed
        default: nil
        }
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
