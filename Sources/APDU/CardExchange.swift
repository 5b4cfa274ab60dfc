/// Why an exchange with a card did not end in a response.
package enum ExchangeError: Error, Equatable, Sendable {
    /// The command cannot be made; nothing reached the card.
    case refused(APDUError)
    /// The channel failed; whether the card had the command is unknown.
    case fault(CardFault)
    /// The card had the command, or part of its chain, and what came back cannot be followed.
    case unfinished(APDUError)
}

extension ExchangeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let error): "command not sent: " + error.description
        case .fault(let fault): fault.description
        case .unfinished(let error): "command sent, answer unusable: " + error.description
        }
    }
}

/// Which form an exchange writes its commands in.
package enum LengthPolicy: Equatable, Sendable {
    /// Short where command and response fit; else extended where the channel takes it; else
    /// short with chaining.
    case automatic
    /// Short always, with chaining where the data do not fit: every reader and PIV card does.
    case short
    /// Extended always, for applets that insist on it; refused where the channel takes none.
    case extended
    /// Extended always, for cards that are known to take it though their answer to reset does not
    /// say so. A reader that takes none fails.
    case extendedUnannounced
}

/// One command and its whole response over a channel: chaining out, 61xx and 6Cxx back.
package enum CardExchange {
    /// Sends `header` and `data` as one command or one chain and gathers the response.
    ///
    /// The bytes of a command stand in `scratch` only, which is wiped after each one. A status
    /// other than 9000 before the end of a chain is the response.
    /// - Parameters:
    ///   - secretBearing: the data hold a code or key: never sent a second time.
    ///   - writes: the command may write in the card; see `CardChannel.transmit`.
    ///   - limit: the most response data to gather, in bytes.
    ///   - scratch: 261 bytes for short commands, up to 65544 for extended ones; locked
    ///     memory where the data are secret.
    ///   - response: memory for each single response.
    package static func run<C: CardChannel & ~Copyable, S: CommandBuffer & ~Copyable>(
        channel: inout C, header: CommandHeader, data: UnsafeRawBufferPointer,
        expecting: ExpectedLength, secretBearing: Bool, writes: Bool,
        lengths: LengthPolicy = .automatic, limit: Int = 65536,
        scratch: inout S, response: inout ResponseBuffer
    ) throws(ExchangeError) -> ResponseAPDU {
        let plan = try Plan(
            header, data.count, expecting, lengths, channelTakesExtended: channel.takesExtended)
        defer { scratch.wipe() }

        var index = 0
        while let segment = plan.chain.segment(index) {
            let part = UnsafeRawBufferPointer(rebasing: data[segment.range])
            try send(
                segment.header, part, segment.expecting, plan.form, isFirst: index == 0,
                writes: writes, &channel, &scratch, &response)
            if segment.isLast {
                return try collect(
                    segment, part, plan.form, secretBearing: secretBearing, writes: writes,
                    limit: limit, &channel, &scratch, &response)
            }
            let answer = try parse(response)
            guard answer.status == .success else { return answer }
            index += 1
        }
        // A chain has at least one segment, and its last one returns above.
        throw .refused(APDUError(.lengthsDisagree))
    }

    /// A command without secrets that changes nothing: SELECT, GET DATA.
    package static func ask<C: CardChannel & ~Copyable, S: CommandBuffer & ~Copyable>(
        channel: inout C, header: CommandHeader, data: [UInt8] = [],
        expecting: ExpectedLength = .max, lengths: LengthPolicy = .automatic, limit: Int = 65536,
        scratch: inout S, response: inout ResponseBuffer
    ) throws(ExchangeError) -> ResponseAPDU {
        // Swift 6.0's withUnsafeBytes loses the type of the error.
        try data.withUnsafeBytes { bytes -> Result<ResponseAPDU, ExchangeError> in
            do throws(ExchangeError) {
                return .success(
                    try run(
                        channel: &channel, header: header, data: bytes, expecting: expecting,
                        secretBearing: false, writes: false, lengths: lengths, limit: limit,
                        scratch: &scratch, response: &response))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// Runs an exchange with a response buffer of its own.
    package static func run<C: CardChannel & ~Copyable, S: CommandBuffer & ~Copyable>(
        channel: inout C, header: CommandHeader, data: UnsafeRawBufferPointer,
        expecting: ExpectedLength, secretBearing: Bool, writes: Bool,
        lengths: LengthPolicy = .automatic, limit: Int = 65536, scratch: inout S
    ) throws(ExchangeError) -> ResponseAPDU {
        var response = ResponseBuffer()
        return try run(
            channel: &channel, header: header, data: data, expecting: expecting,
            secretBearing: secretBearing, writes: writes, lengths: lengths, limit: limit,
            scratch: &scratch, response: &response)
    }

    /// How one command is written: form and chain.
    private struct Plan {
        let form: APDUForm
        let chain: CommandChain

        init(
            _ header: CommandHeader, _ dataCount: Int, _ expecting: ExpectedLength,
            _ lengths: LengthPolicy, channelTakesExtended: Bool
        ) throws(ExchangeError) {
            let expected: Int
            if case .exactly(let count) = expecting { expected = count } else { expected = 0 }
            guard expected >= 0, expected <= APDUForm.extended.maximumExpected else {
                throw .refused(APDUError(.expectedLengthOutOfRange))
            }
            let fitsShort =
                dataCount <= APDUForm.short.maximumData
                && expected <= APDUForm.short.maximumExpected
            switch lengths {
            case .short: form = .short
            case .extended, .extendedUnannounced: form = .extended
            case .automatic: form = fitsShort || !channelTakesExtended ? .short : .extended
            }
            guard form == .short || channelTakesExtended || lengths == .extendedUnannounced else {
                throw .refused(APDUError(.extendedNotTaken))
            }
            // What a short Le cannot ask for comes by 61xx.
            let asked = expected > form.maximumExpected ? .max : expecting
            do throws(APDUError) {
                guard form == .short || dataCount <= form.maximumData else {
                    throw APDUError(.dataTooLong(limit: form.maximumData))
                }
                chain = try CommandChain(
                    header, dataCount: dataCount, expecting: asked, segmentSize: form.maximumData)
            } catch {
                throw .refused(error)
            }
        }
    }

    /// Follows the answer to the last command of the chain to its end.
    private static func collect<C: CardChannel & ~Copyable, S: CommandBuffer & ~Copyable>(
        _ last: CommandChain.Segment, _ part: UnsafeRawBufferPointer, _ form: APDUForm,
        secretBearing: Bool, writes: Bool, limit: Int, _ channel: inout C, _ scratch: inout S,
        _ response: inout ResponseBuffer
    ) throws(ExchangeError) -> ResponseAPDU {
        var collector = ResponseCollector(
            header: last.header, expecting: last.expecting, secretBearing: secretBearing,
            limit: limit)
        while true {
            let step: ResponseCollector.Step
            do throws(APDUError) {
                step = try response.withBytes { bytes throws(APDUError) in
                    try collector.receive(bytes)
                }
            } catch {
                throw .unfinished(error)
            }
            switch step {
            case .finished(let status):
                return ResponseAPDU(data: collector.data, status: status)
            case .getResponse(let header, let expecting):
                let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
                try send(
                    header, nothing, expecting, .short, isFirst: false, writes: writes, &channel,
                    &scratch, &response)
            case .reissue(let expecting):
                try send(
                    last.header, part, expecting, form, isFirst: false, writes: writes, &channel,
                    &scratch, &response)
            }
        }
    }

    /// Encodes one command into `scratch`, sends it, wipes `scratch`.
    private static func send<C: CardChannel & ~Copyable, S: CommandBuffer & ~Copyable>(
        _ header: CommandHeader, _ data: UnsafeRawBufferPointer, _ expecting: ExpectedLength,
        _ form: APDUForm, isFirst: Bool, writes: Bool, _ channel: inout C, _ scratch: inout S,
        _ response: inout ResponseBuffer
    ) throws(ExchangeError) {
        scratch.wipe()
        response.clear()
        do throws(APDUError) {
            try CommandEncoder.encode(
                header, data: data, expecting: expecting, form: form, into: &scratch)
        } catch {
            throw isFirst ? .refused(error) : .unfinished(error)
        }
        do throws(CardFault) {
            try scratch.withBytes { command throws(CardFault) in
                try channel.transmit(command, writes: writes, into: &response)
            }
        } catch {
            throw .fault(error)
        }
        scratch.wipe()
    }

    private static func parse(
        _ response: borrowing ResponseBuffer
    ) throws(ExchangeError) -> ResponseAPDU {
        do throws(APDUError) {
            return try response.withBytes { bytes throws(APDUError) in
                try ResponseAPDU(parsing: bytes)
            }
        } catch {
            throw .unfinished(error)
        }
    }
}
