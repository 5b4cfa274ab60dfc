import APDU
import System

// Codes entered at the reader's pad (CCID 1.1, 6.1.11 and 6.1.12): the host sends the command
// with room for them, and never sees them.

extension CCIDCard {
    /// What the pad can do for this card.
    var pad: PINPad {
        let descriptor = reader.descriptor
        return PINPad(
            support: descriptor.pinSupport, hasDisplay: descriptor.display != nil,
            maximumData: longestPadData)
    }

    /// A command at the pad is one block where the host makes the blocks.
    private var longestPadData: Int {
        guard case .blocks(let link, _) = way else { return PINTemplate.longestData }
        return link.ifsc - PINTemplate.headerLength
    }

    /// Has a code entered at the pad and sent to the card, once.
    func enterAtPad(
        _ pipe: CCIDPipe, _ operation: PINPadOperation, _ entry: PINEntry, limit: CallLimit
    ) throws(CCIDFault) -> PINPadOutcome {
        guard hasPower else { throw .noCard }
        guard pad.takes(operation) else {
            throw .unsupported("unsupported: the reader's pad cannot take this code")
        }
        guard case .blocks(var link, let waiting) = way else {
            return try enterWhole(pipe, operation.ccid(entry), limit)
        }
        let outcome = enterBlock(pipe, &link, operation, entry, waiting, limit)
        way = .blocks(link, blockWaiting: waiting)
        return try outcome.get()
    }

    /// Where the reader takes whole commands, or characters: its answer is the response.
    private func enterWhole(
        _ pipe: CCIDPipe, _ structure: [UInt8], _ limit: CallLimit
    ) throws(CCIDFault) -> PINPadOutcome {
        do throws(CCIDFault) {
            try secure(pipe, structure, limit)
        } catch {
            guard case .slot(let reason) = error, let outcome = Self.outcome(reason) else {
                throw error
            }
            return outcome
        }
        guard let status = answeredStatus(pipe) else {
            throw .outOfStep(CCIDError(.messageTruncated))
        }
        return PINPadOutcome(status)
    }

    /// Where the host makes the blocks: the reader makes this one, after our prologue.
    private func enterBlock(
        _ pipe: CCIDPipe, _ link: inout T1Link, _ operation: PINPadOperation, _ entry: PINEntry,
        _ waiting: Duration, _ limit: CallLimit
    ) -> Result<PINPadOutcome, CCIDFault> {
        let prologue: PINPrologue
        do throws(T1Error) {
            prologue = try link.beginReadersBlock(count: operation.commandCount)
        } catch {
            return .failure(.block(error))
        }
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        var response = ResponseBuffer(capacity: 258)
        let step: T1Step
        outgoing.wipe()
        do throws(CCIDFault) {
            try secure(pipe, operation.ccid(entry, prologue: prologue), limit)
            // A status without a block is the reader's own: it sent nothing.
            if answerCount(pipe) == 2, let status = answeredStatus(pipe) {
                let outcome = PINPadOutcome(status)
                // Unless it is the card's, out of its block.
                if case .answered = outcome {
                    link.readersBlockAnswered()
                } else {
                    link.readersBlockNotSent()
                }
                return .success(outcome)
            }
            step = pipe.withAnswer { message in
                link.receive(
                    UnsafeRawBufferPointer(rebasing: message.dropFirst(CCIDCommand.headerLength)),
                    command: nothing, response: &response, into: &outgoing)
            }
        } catch {
            guard case .slot(let reason) = error else { return .failure(error) }
            if let outcome = Self.outcome(reason) {
                link.readersBlockNotSent()
                return .success(outcome)
            }
            guard let trouble = reason.trouble else { return .failure(error) }
            step = link.receiveNothing(why: trouble, command: nothing, into: &outgoing)
        }
        if let failure = follow(pipe, &link, step, nothing, waiting, limit, &response) {
            return .failure(failure)
        }
        let status = response.withBytes { Self.status($0) }
        guard let status else { return .failure(.outOfStep(CCIDError(.messageTruncated))) }
        // What came in a block is the card's, whatever it is.
        return .success(.answered(status))
    }

    /// Where the reader's error says that it sent nothing.
    private static func outcome(_ reason: CCIDSlotError) -> PINPadOutcome? {
        switch reason {
        case .unsupported, .badParameter: .structureRefused
        default: PINPadOutcome(reason)
        }
    }

    private func secure(
        _ pipe: CCIDPipe, _ structure: [UInt8], _ limit: CallLimit
    ) throws(CCIDFault) {
        try send(pipe, structure, by: .secure(waiting: 0, level: 0), limit)
    }

    private func answerCount(_ pipe: CCIDPipe) -> Int {
        pipe.withAnswer { $0.count - CCIDCommand.headerLength }
    }

    private func answeredStatus(_ pipe: CCIDPipe) -> StatusWord? {
        pipe.withAnswer {
            Self.status(UnsafeRawBufferPointer(rebasing: $0.dropFirst(CCIDCommand.headerLength)))
        }
    }

    private static func status(_ response: UnsafeRawBufferPointer) -> StatusWord? {
        try? StatusWord(endOf: response)
    }
}
