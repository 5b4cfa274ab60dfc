import APDU

/// One whole command, its chain put together.
struct CardCommand {
    let header: CommandHeader
    let data: ArraySlice<UInt8>
    /// Most bytes the answer may have before the rest waits for GET RESPONSE.
    let room: Int
}

/// A status word that ends a command.
struct Refused: Error {
    let status: StatusWord
    init(_ status: StatusWord) { self.status = status }
}

/// What every card does with commands before it looks at them: length fields, chains, and
/// responses in pieces (ISO 7816-4, 5.1 to 5.3).
struct CommandFlow: Sendable {
    private var chain: Chain?
    private var pending: ArraySlice<UInt8> = []

    /// Segments of a chained command so far.
    private struct Chain {
        var header: CommandHeader
        var data: [UInt8]
    }

    enum Step {
        case command(CardCommand)
        /// Nothing for the card to do; this is the answer.
        case answered([UInt8])
    }

    /// Longest data of a chained command, in bytes.
    private static let longestChain = 4096

    /// Takes one command.
    ///
    /// - Parameters:
    ///   - proprietary: whether the card has commands of class 80.
    ///   - whyNotChained: the status word that refuses to chain this instruction, nil where it
    ///     may be chained.
    mutating func take(
        _ bytes: [UInt8], extended: Bool, proprietary: Bool = false,
        whyNotChained: (UInt8) -> StatusWord?
    ) -> Step {
        let parsed: CommandAPDU
        do throws(APDUError) {
            // Swift 6.0's withUnsafeBytes loses the type of the error.
            parsed = try bytes.withUnsafeBytes { buffer -> Result<CommandAPDU, APDUError> in
                do throws(APDUError) {
                    return .success(try CommandAPDU(parsing: buffer))
                } catch {
                    return .failure(error)
                }
            }.get()
        } catch {
            return .answered(Self.bytes([], error.answer))
        }
        guard parsed.form == .short || extended else {
            return .answered(Self.bytes([], .wrongLength))
        }
        // Clients leave Le out and expect data all the same; T=1 cards give them.
        let room =
            parsed.expecting == .none ? parsed.form.maximumExpected : parsed.expectedCount
        if parsed.header.ins == 0xC0, parsed.header.cla == 0 {
            // GET RESPONSE (7.6.1).
            chain = nil
            guard !pending.isEmpty else {
                return .answered(Self.bytes([], .conditionsNotSatisfied))
            }
            return .answered(hand(out: pending, room))
        }
        pending = []
        do throws(Refused) {
            let data = bytes[parsed.dataRange]
            guard let whole = try gather(parsed, data, proprietary, whyNotChained) else {
                return .answered(Self.bytes([], .success))
            }
            return .command(CardCommand(header: whole.0, data: whole.1, room: room))
        } catch {
            return .answered(Self.bytes([], error.status))
        }
    }

    /// As much of the answer as the command asked for, the rest kept for GET RESPONSE.
    mutating func answer(_ data: [UInt8], _ command: CardCommand) -> [UInt8] {
        hand(out: data[...], command.room)
    }

    private mutating func hand(out data: ArraySlice<UInt8>, _ room: Int) -> [UInt8] {
        pending = data.dropFirst(room)
        return Self.bytes(
            data.prefix(room), pending.isEmpty ? .success : .moreData(pending.count))
    }

    /// An answer of a status word alone, or with data before it.
    static func bytes(_ data: ArraySlice<UInt8>, _ status: StatusWord) -> [UInt8] {
        Array(data) + [status.sw1, status.sw2]
    }

    /// Puts chained segments together (5.3.3); nil while more are to come.
    private mutating func gather(
        _ apdu: CommandAPDU, _ data: ArraySlice<UInt8>, _ proprietary: Bool,
        _ whyNotChained: (UInt8) -> StatusWord?
    ) throws(Refused) -> (CommandHeader, ArraySlice<UInt8>)? {
        var header = apdu.header
        let isChained = header.isChained
        header.cla &= ~CommandHeader.chainingBit
        switch header.cla {
        case 0x00: break
        case 0x80 where proprietary: break
        case 0x01...0x03: throw Refused(.channelNotSupported)
        default: throw Refused(.classNotSupported)
        }
        var whole: [UInt8] = []
        if let begun = chain {
            chain = nil
            // Another command ends a chain that was not finished; nothing of it is kept.
            if begun.header == header { whole = begun.data }
        }
        guard whole.count + data.count <= Self.longestChain else { throw Refused(.wrongLength) }
        guard isChained else { return (header, whole.isEmpty ? data : (whole + data)[...]) }
        if let status = whyNotChained(header.ins) { throw Refused(status) }
        chain = Chain(header: header, data: whole + data)
        return nil
    }
}
