/// Follows 61xx and 6Cxx until one whole response is there: says what to send next, does no
/// I/O itself (ISO 7816-4, 5.6 and 7.6.1; ISO 7816-3, 12.2).
///
/// 61xx is followed by GET RESPONSE. 6Cxx is followed by the same command with the Le the
/// card asks for, only where the command had a Le, only once, and never where it carries a
/// secret. Everything else, 62xx and 63xx with data too, is the end.
package struct ResponseCollector: Sendable {
    /// What to do after a response.
    package enum Step: Equatable, Sendable {
        /// Send this GET RESPONSE, short form, no data.
        case getResponse(CommandHeader, expecting: ExpectedLength)
        /// Send the command again, of a chain the last one, in its own form with this Le.
        case reissue(expecting: ExpectedLength)
        /// Nothing more to send: `data` is whole.
        case finished(StatusWord)
    }

    private enum State: Equatable {
        /// The command itself is out.
        case command(mayReissue: Bool)
        /// A GET RESPONSE is out; `corrected` once its Le followed a 6Cxx.
        case getResponse(corrected: Bool)
        case finished
    }

    /// The response data gathered so far.
    package private(set) var data: [UInt8] = []
    private let getResponse: CommandHeader
    private let limit: Int
    private var state: State

    /// - Parameters:
    ///   - header: of the command that was sent; its channel is that of GET RESPONSE.
    ///   - expecting: the Le it was sent with.
    ///   - secretBearing: the command carries a code or key and is never sent twice.
    ///   - limit: the most response data to gather, in bytes.
    package init(
        header: CommandHeader, expecting: ExpectedLength, secretBearing: Bool, limit: Int = 65536
    ) {
        getResponse = header.getResponse
        self.limit = limit
        state = .command(mayReissue: expecting != .none && !secretBearing)
    }

    /// Takes the response to what was sent last, and says what to send next.
    ///
    /// The number of steps is bounded: each GET RESPONSE brings data or ends the exchange.
    /// - Throws: `.responseLength`, `.responseTooLong`, `.responseStalled`; and
    ///   `.responseUnexpected` after the end.
    package mutating func receive(_ response: UnsafeRawBufferPointer) throws(APDUError) -> Step {
        let before = state
        guard before != .finished else { throw APDUError(.responseUnexpected) }
        state = .finished
        let status = try StatusWord(endOf: response)

        if case .wrongLength(let exact) = status.meaning {
            // 6Cxx has no data by the standard; bytes before it are not part of the answer.
            switch before {
            case .command(mayReissue: true):
                state = .command(mayReissue: false)
                return .reissue(expecting: .exactly(exact))
            case .getResponse(corrected: false):
                state = .getResponse(corrected: true)
                return .getResponse(getResponse, expecting: .exactly(exact))
            default:
                return .finished(status)
            }
        }

        let body = UnsafeRawBufferPointer(rebasing: response.dropLast(2))
        guard body.count <= limit - data.count else {
            throw APDUError(.responseTooLong(limit: limit))
        }
        data.append(contentsOf: body)

        guard case .moreData(let count) = status.meaning else { return .finished(status) }
        if case .getResponse = before, body.isEmpty { throw APDUError(.responseStalled) }
        state = .getResponse(corrected: false)
        return .getResponse(getResponse, expecting: .exactly(count))
    }
}
