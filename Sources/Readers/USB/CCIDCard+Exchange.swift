import APDU
import System

// Commands as the reader's level of exchange carries them: whole, as TPDUs, as blocks.
extension CCIDCard {
    /// Sends one command as the reader's level carries it and takes its response.
    func transmit(
        _ pipe: CCIDPipe, _ command: UnsafeRawBufferPointer, limit: CallLimit,
        into response: inout ResponseBuffer
    ) throws(CCIDFault) {
        guard hasPower else { throw .noCard }
        let extensionsBefore = pipe.counts.timeExtensions
        defer {
            outgoing.wipe()
            timeExtensions += pipe.counts.timeExtensions - extensionsBefore
        }
        switch way {
        case .commands: try transmitWhole(pipe, command, limit, &response)
        case .characters: try transmitCharacters(pipe, command, limit, &response)
        case .blocks(var link, let waiting):
            let failure = exchangeBlocks(pipe, &link, command, waiting, limit, &response)
            timeExtensions += link.waits
            way = .blocks(link, blockWaiting: waiting)
            if let failure { throw failure }
        }
    }

    func transmitWhole(
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

    func take(
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

    func transmitCharacters(
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

    func negotiateIFSD(_ pipe: CCIDPipe, _ limit: CallLimit) throws(CCIDFault) {
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

    func exchangeBlocks(
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
    func carry(
        _ pipe: CCIDPipe, _ times: Int, _ waiting: Duration, _ limit: CallLimit
    ) -> CCIDFault? {
        // A command that may write is given all its time: nobody calls its card mute.
        let patience = limit.mayWrite ? nil : waiting * times + Self.margin
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
