import APDU

/// The card side of a PIV token (SP 800-73-4) as a state machine: command bytes in, response
/// bytes out, no input or output of its own.
///
/// As strict as a real card: nothing works before SELECT, codes count down, chains and
/// responses in pieces follow ISO 7816-4.
package struct PIVCard: Sendable {
    package let model: PIVModel
    package internal(set) var state: PIVState
    /// Goes up whenever `state` changed: time to write it down.
    package internal(set) var revision = 0

    // What is lost with the power.
    var selected = Applet.manager
    var security = Security()
    private var chain: Chain?
    private var pending: ArraySlice<UInt8> = []

    package init(_ model: PIVModel, _ state: PIVState) {
        self.model = model
        self.state = state
    }

    enum Applet { case manager, piv }

    /// What has been proven since power-on.
    struct Security: Sendable {
        var pinVerified = false
        /// The PIN was verified and no key that wants it each time was used since.
        var pinFresh = false
        var managementAuthenticated = false
        var exchange: ManagementExchange?
    }

    /// A half-done authentication with key 9B.
    enum ManagementExchange: Sendable {
        /// The card's challenge; the host is to encipher it.
        case external(challenge: [UInt8])
        /// The card's witness in the clear.
        case mutual(witness: [UInt8])
    }

    /// Segments of a chained command so far.
    private struct Chain {
        var header: CommandHeader
        var data: [UInt8]
    }

    /// One whole command.
    struct Command {
        let header: CommandHeader
        let data: ArraySlice<UInt8>
    }

    /// A status word that ends a command.
    struct Refused: Error {
        let status: StatusWord
        init(_ status: StatusWord) { self.status = status }
    }

    /// Longest data of a chained command, in bytes.
    private static let longestChain = 4096

    /// Power-on or reset: everything proven is forgotten.
    package mutating func reset() {
        selected = .manager
        security = Security()
        chain = nil
        pending = []
    }

    /// Answers one command; never fewer than two bytes.
    package mutating func respond(to bytes: [UInt8]) -> [UInt8] {
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
            return Self.bytes([], error.answer)
        }
        guard parsed.form == .short || model.extendedLength else {
            return Self.bytes([], .wrongLength)
        }
        if parsed.header.ins == 0xC0, parsed.header.cla == 0 { return more(parsed) }
        pending = []
        do throws(Refused) {
            guard let command = try gather(parsed, bytes[parsed.dataRange]) else {
                return Self.bytes([], .success)
            }
            return hand(out: try dispatch(command)[...], parsed)
        } catch {
            return Self.bytes([], error.status)
        }
    }

    /// GET RESPONSE (ISO 7816-4, 7.6.1).
    private mutating func more(_ command: CommandAPDU) -> [UInt8] {
        chain = nil
        guard !pending.isEmpty else { return Self.bytes([], .conditionsNotSatisfied) }
        return hand(out: pending, command)
    }

    /// As much of `data` as the command asked for, the rest kept for GET RESPONSE.
    private mutating func hand(out data: ArraySlice<UInt8>, _ command: CommandAPDU) -> [UInt8] {
        // Clients leave Le out and expect data all the same; T=1 cards give them.
        let asked =
            command.expecting == .none ? command.form.maximumExpected : command.expectedCount
        pending = data.dropFirst(asked)
        return Self.bytes(
            data.prefix(asked), pending.isEmpty ? .success : .moreData(pending.count))
    }

    private static func bytes(_ data: ArraySlice<UInt8>, _ status: StatusWord) -> [UInt8] {
        Array(data) + [status.sw1, status.sw2]
    }

    /// Puts chained segments together (ISO 7816-4, 5.3.3); nil while more are to come.
    private mutating func gather(
        _ apdu: CommandAPDU, _ data: ArraySlice<UInt8>
    ) throws(Refused) -> Command? {
        var header = apdu.header
        let isChained = header.isChained
        header.cla &= ~CommandHeader.chainingBit
        switch header.cla {
        case 0x00: break
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
        guard isChained else {
            return Command(header: header, data: whole.isEmpty ? data : (whole + data)[...])
        }
        guard selected == .piv else { throw Refused(.instructionNotSupported) }
        guard [0x87, 0xDB, 0x47, 0xFE].contains(header.ins) else {
            throw Refused(.chainingNotSupported)
        }
        chain = Chain(header: header, data: whole + data)
        return nil
    }

    private mutating func dispatch(_ command: Command) throws(Refused) -> [UInt8] {
        // A challenge lives for exactly the next command.
        let exchange = security.exchange
        security.exchange = nil
        if command.header.ins == 0xA4 { return try select(command) }
        guard selected == .piv else { throw Refused(.instructionNotSupported) }
        // SP 800-73-4 wants the PIN right before each use; YubiKeys let others in between.
        if command.header.ins != 0x87, !model.yubico { security.pinFresh = false }
        switch command.header.ins {
        case 0xCB: return try getData(command)
        case 0x20: return try verify(command)
        case 0x24: return try changeReferenceData(command)
        case 0x2C: return try resetRetryCounter(command)
        case 0x87: return try generalAuthenticate(command, exchange)
        case 0xDB: return try putData(command)
        case 0x47: return try generateKeyPair(command)
        default:
            guard model.yubico else { throw Refused(.instructionNotSupported) }
            return try yubico(command)
        }
    }

    /// SELECT by application identifier. A SELECT that fails changes nothing, nor does one of
    /// the application that is selected (SP 800-73-4 part 2, 3.1.1).
    private mutating func select(_ command: Command) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 4, command.header.p2 & 0xF3 == 0 else {
            throw Refused(.incorrectParameters)
        }
        let name = Array(command.data)
        if name.count >= 5, PIVObject.application.starts(with: name) {
            selected = .piv
            return PIVObject.applicationProperty
        }
        guard Self.managers.contains(where: { name.count >= 5 && $0.starts(with: name) }) else {
            throw Refused(.fileNotFound)
        }
        selected = .manager
        security = Security()
        return [0x6F, UInt8(truncatingIfNeeded: name.count + 2), 0x84]
            + [UInt8(truncatingIfNeeded: name.count)] + name
    }

    /// GlobalPlatform's issuer security domain: another applet to change over to.
    private static let managers: [[UInt8]] = [
        [0xA0, 0, 0, 0x01, 0x51, 0, 0, 0], [0xA0, 0, 0, 0, 0x03, 0, 0, 0],
    ]

    mutating func changed() { revision += 1 }
}
