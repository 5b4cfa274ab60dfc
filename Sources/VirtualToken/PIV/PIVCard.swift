import APDU

/// The card side of a PIV token (SP 800-73-4) as a state machine: command bytes in, response
/// bytes out, no input or output of its own.
///
/// As strict as a real card: nothing works before SELECT, and codes count down.
package struct PIVCard: SimulatedCard {
    package let model: PIVModel
    package internal(set) var state: PIVState
    /// Goes up whenever `state` changed: time to write it down.
    package internal(set) var revision = 0

    // What is lost with the power.
    var selected = Applet.manager
    var security = Security()
    private var flow = CommandFlow()

    package static var family: String { "piv" }

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

    /// Power-on or reset: everything proven is forgotten.
    package mutating func reset() {
        selected = .manager
        security = Security()
        flow = CommandFlow()
    }

    /// Answers one command; never fewer than two bytes.
    package mutating func respond(to bytes: [UInt8]) -> [UInt8] {
        let isSelected = selected == .piv
        let step = flow.take(bytes, extended: model.extendedLength) { instruction in
            guard isSelected else { return .instructionNotSupported }
            return Self.chained.contains(instruction) ? nil : .chainingNotSupported
        }
        switch step {
        case .answered(let answer): return answer
        case .command(let command):
            do throws(Refused) {
                return flow.answer(try dispatch(command), command)
            } catch {
                return CommandFlow.bytes([], error.status)
            }
        }
    }

    private static let chained: [UInt8] = [0x87, 0xDB, 0x47, 0xFE]

    private mutating func dispatch(_ command: CardCommand) throws(Refused) -> [UInt8] {
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
    private mutating func select(_ command: CardCommand) throws(Refused) -> [UInt8] {
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

// What the token shows of its card.
extension PIVCard {
    package var atr: [UInt8] { model.atr }
    package var historicalBytes: [UInt8] { model.historicalBytes }
    package var takesExtended: Bool { model.extendedLength }
    package var serialText: String { String(state.serial) }
    package var counters: [CardCounter] {
        [CardCounter("pin", "PIN", state.pin), CardCounter("puk", "PUK", state.puk)]
    }

    package func stateText() throws(VirtualTokenError) -> String { try state.text() }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        PIVCard(model, try PIVState(text))
    }

    package mutating func block() {
        state.pin.block()
        changed()
        reset()
    }
}

extension SimulatedToken {
    /// The card of a PIV token, to look inside; nil for other families.
    package var piv: PIVCard? { card as? PIVCard }
}
