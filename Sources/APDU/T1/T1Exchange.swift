// What a link sends after each block; T1Link.swift decides which of these a block is for.

// MARK: - Error-free operation (11.6.3.1 and 11.6.3.2, rules 1 to 5 and 9)

extension T1Link {
    /// The next part of the command, as much as the card takes in one block.
    mutating func sendInformation<S: ByteSink & ~Copyable>(
        _ command: UnsafeRawBufferPointer, into sink: inout S
    ) -> T1Step {
        inFlight = min(ifsc, commandCount - offset)
        let end = offset + inFlight
        isCommandOut = isCommandOut || end == commandCount
        return send(
            .information(sendSequence, more: end < commandCount),
            UnsafeRawBufferPointer(rebasing: command[offset..<end]), into: &sink)
    }

    /// The card has the block of a chain that was out.
    mutating func sendNext<S: ByteSink & ~Copyable>(
        _ command: UnsafeRawBufferPointer, into sink: inout S
    ) -> T1Step {
        offset += inFlight
        sendSequence = sendSequence.next
        (failures, repeats) = (0, 0)
        return sendInformation(command, into: &sink)
    }

    /// The card's next I-block is here; its first one acknowledges the command.
    mutating func take<S: ByteSink & ~Copyable>(
        _ information: UnsafeRawBufferPointer, _ more: Bool, _ response: inout ResponseBuffer,
        into sink: inout S
    ) -> T1Step {
        // A block of a chain that carries nothing could come for ever.
        guard information.count <= ifsd, !more || !information.isEmpty else {
            return fail(.unexpected, into: &sink)
        }
        if phase == .sending {
            phase = .receiving
            sendSequence = sendSequence.next
            response.clear()
        }
        receiveSequence = receiveSequence.next
        failures = 0
        guard response.append(contentsOf: information) else {
            return end(.responseTooLong(limit: response.capacity))
        }
        if more { return send(.receiveReady(receiveSequence, .errorFree), into: &sink) }
        phase = .idle
        return .done
    }

    /// The answer to a request of the card's; nil where it may not ask.
    mutating func answer<S: ByteSink & ~Copyable>(
        _ request: T1Block.Supervision, into sink: inout S
    ) -> T1Step? {
        switch request {
        case .wtx(let times):
            waits += 1
            guard waits <= waitingLimit else { return end(.waitingTooOften(limit: waitingLimit)) }
            failures = 0
            return send(.response(request), waitingTimes: max(Int(times), 1), into: &sink)
        case .ifs(let size):
            ifsRequests += 1
            guard ifsRequests <= Self.ifsRequestLimit else { return nil }
            failures = 0
            ifsc = Int(size)
            return send(.response(request), into: &sink)
        case .abort:
            guard phase == .sending || phase == .receiving else { return nil }
            phase = .aborting
            return send(.response(.abort), into: &sink)
        case .resynch:
            // For the interface device alone to ask (rule 6.1).
            return nil
        }
    }
}

// MARK: - Error handling (11.6.3.2, rules 6 and 7)

extension T1Link {
    /// The card asks for the I-block that is out, since it does not have it.
    mutating func sendAgain<S: ByteSink & ~Copyable>(
        _ command: UnsafeRawBufferPointer, into sink: inout S
    ) -> T1Step {
        failures = 0
        repeats += 1
        guard repeats < Self.tries, !isReadersBlock else {
            return resynchronise(after: .refused, into: &sink)
        }
        return sendInformation(command, into: &sink)
    }

    /// There is no answer that can be used: ask for it again, or for a new start.
    mutating func fail<S: ByteSink & ~Copyable>(
        _ trouble: T1Trouble, into sink: inout S
    ) -> T1Step {
        failures += 1
        let isLast = failures >= Self.tries
        switch phase {
        case .sending, .receiving:
            if isLast { return resynchronise(after: trouble, into: &sink) }
            return send(.receiveReady(receiveSequence, trouble.report), into: &sink)
        case .requestingIFSD(let size):
            return isLast ? end(.ifsdRefused(trouble)) : send(.request(.ifs(size)), into: &sink)
        case .resynchronising:
            if isLast {
                phase = .dead
                return .failed(.dead)
            }
            return send(.request(.resynch), into: &sink)
        case .aborting: return end(.aborted)
        case .idle, .unclear: return .failed(.blockUnexpected)
        case .dead: return .failed(.dead)
        }
    }

    private mutating func resynchronise<S: ByteSink & ~Copyable>(
        after trouble: T1Trouble, into sink: inout S
    ) -> T1Step {
        phase = .resynchronising(after: trouble)
        failures = 0
        return send(.request(.resynch), into: &sink)
    }

    /// Both ends start anew. An exchange that was lost is over: sent again, its command could
    /// be carried out twice.
    mutating func resynchronised<S: ByteSink & ~Copyable>(
        after trouble: T1Trouble?, _ command: UnsafeRawBufferPointer, into sink: inout S
    ) -> T1Step {
        (sendSequence, receiveSequence) = (.zero, .zero)
        failures = 0
        // Whether sizes agreed on since the ATR outlive it, cards see differently: the smaller
        // one is right for all. IFSD stays, since more may be taken than is sent.
        ifsc = min(ifsc, firstIFSC)
        guard let trouble else {
            phase = .sending
            return sendInformation(command, into: &sink)
        }
        phase = .idle
        return .failed(.resynchronised(trouble))
    }

    /// Gives the exchange up where it stands.
    mutating func end(_ error: T1Error) -> T1Step {
        phase = .unclear
        return .failed(error)
    }

    mutating func send<S: ByteSink & ~Copyable>(
        _ content: T1Block.Content,
        _ information: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        waitingTimes: Int = 1, into sink: inout S
    ) -> T1Step {
        do throws(T1Error) {
            try T1Block.encode(content, information: information, edc: edc, into: &sink)
        } catch {
            return end(error)
        }
        return .send(waitingTimes: waitingTimes)
    }
}
