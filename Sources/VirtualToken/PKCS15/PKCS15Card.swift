import APDU
import Crypto

/// The card side of a token with an ISO 7816-15 application (PKCS #15) as a state machine:
/// command bytes in, response bytes out, no input or output of its own. Its files are as they
/// were written when it was made.
package struct PKCS15Card: SimulatedCard {
    package static var family: String { "pkcs15" }

    package internal(set) var state: PKCS15State
    package internal(set) var revision = 0

    // What is lost with the power.
    var selection = Selection()
    var isVerified = false
    var environment: Environment?
    private var flow = CommandFlow()

    package init(_ state: PKCS15State) {
        self.state = state
        selection.isThere = model.applet == nil
    }

    package var model: PKCS15Model { state.model }

    /// Which file is meant.
    struct Selection: Sendable {
        /// The applet is selected.
        var isThere = false
        var folder = PKCS15FileName.Place.master
        var file: PKCS15FileName?
    }

    package mutating func reset() {
        selection = Selection()
        selection.isThere = model.applet == nil
        isVerified = false
        environment = nil
        flow = CommandFlow()
    }

    package mutating func respond(to bytes: [UInt8]) -> [UInt8] {
        let isThere = selection.isThere
        let step = flow.take(bytes, extended: model.extendedLength) { instruction in
            guard isThere else { return .instructionNotSupported }
            return instruction == 0x2A ? nil : .chainingNotSupported
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

    private mutating func dispatch(_ command: CardCommand) throws(Refused) -> [UInt8] {
        if command.header.ins == 0xA4 { return try select(command) }
        guard selection.isThere else { throw Refused(.instructionNotSupported) }
        switch command.header.ins {
        case 0xB0: return try readBinary(command)
        case 0x20: return try verify(command)
        case 0x24: return try changeReferenceData(command)
        case 0x2C: return try resetRetryCounter(command)
        case 0x22: return try manageSecurityEnvironment(command)
        case 0x2A: return try performSecurityOperation(command)
        case 0x84: return try getChallenge(command)
        case 0xCA where model.kind == .plain: return try getData(command.header)
        default: throw Refused(.instructionNotSupported)
        }
    }

    /// What OpenSC's driver asks a MyEID: 20 bytes about the applet, version 3.5 and the serial
    /// number in them.
    private func getData(_ header: CommandHeader) throws(Refused) -> [UInt8] {
        guard header.p1 == 0x01, header.p2 == 0xA0 else { throw Refused(.referenceDataNotFound) }
        let serial = (0..<4).map { UInt8(truncatingIfNeeded: state.serial >> (24 - 8 * $0)) }
        return [1, 5, 0, 0, 0, 3, 5, 0] + [UInt8](repeating: 0, count: 6) + serial + [0, 0]
    }

    mutating func changed() { revision += 1 }
}

// What the token shows of its card.
extension PKCS15Card {
    package var atr: [UInt8] { model.atr }
    package var historicalBytes: [UInt8] { model.historicalBytes }
    package var takesExtended: Bool { model.extendedLength }
    package var serialText: String { PKCS15Objects.serialText(state.serial) }
    package var counters: [CardCounter] {
        [CardCounter("pin", "PIN", state.pin), CardCounter("puk", "PUK", state.puk)]
    }

    package func stateText() throws(VirtualTokenError) -> String { try state.text() }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        PKCS15Card(try PKCS15State(text))
    }

    package mutating func block() {
        state.pin.block()
        changed()
        reset()
    }
}

extension SimulatedToken {
    /// The card of a token with an ISO 7816-15 application, to look inside; nil for other
    /// families.
    package var pkcs15: PKCS15Card? { card as? PKCS15Card }
}
