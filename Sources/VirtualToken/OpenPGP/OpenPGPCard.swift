import APDU
import Crypto

/// The card side of an OpenPGP card 3.4 as a state machine: command bytes in, response bytes
/// out, no input or output of its own.
package struct OpenPGPCard: SimulatedCard {
    package static var family: String { "openpgp" }

    package let model: OpenPGPModel
    package internal(set) var state: OpenPGPState
    package internal(set) var revision = 0

    // What is lost with the power.
    private var isSelected = false
    var security = Security()
    /// Which occurrence of 7F21 is meant, from 0.
    var occurrence: UInt8 = 0
    /// Which keys DECIPHER and INTERNAL AUTHENTICATE use.
    var environment = Environment()
    private var flow = CommandFlow()

    package init(_ model: OpenPGPModel, _ state: OpenPGPState) {
        self.model = model
        self.state = state
    }

    /// What has been proven since power-on. PW1 opens signatures and the rest apart from each
    /// other.
    struct Security: Sendable {
        var pw1ForSigning = false
        var pw1ForOthers = false
        var pw3 = false
    }

    /// What MANAGE SECURITY ENVIRONMENT set.
    struct Environment: Sendable {
        var decrypt = OpenPGPSlot.decrypt
        var authenticate = OpenPGPSlot.authenticate
    }

    package mutating func reset() {
        isSelected = false
        security = Security()
        occurrence = 0
        environment = Environment()
        flow = CommandFlow()
    }

    package mutating func respond(to bytes: [UInt8]) -> [UInt8] {
        let isSelected = isSelected
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

    private static let chained: [UInt8] = [0x2A, 0x88, 0xDA, 0xDB]

    private mutating func dispatch(_ command: CardCommand) throws(Refused) -> [UInt8] {
        if command.header.ins == 0xA4 { return try select(command) }
        guard isSelected else { throw Refused(.instructionNotSupported) }
        if state.isTerminated {
            guard command.header.ins == 0x44 else { throw Refused(.conditionsNotSatisfied) }
            return try activate(command.header)
        }
        switch command.header.ins {
        case 0xCA: return try getData(command)
        case 0xCC: return try getNextData(command)
        case 0xA5: return try selectData(command)
        case 0xDA: return try putData(command)
        case 0x20: return try verify(command)
        case 0x24: return try changeReferenceData(command)
        case 0x2C: return try resetRetryCounter(command)
        case 0x2A: return try performSecurityOperation(command)
        case 0x88: return try internalAuthenticate(command)
        case 0x22: return try manageSecurityEnvironment(command)
        case 0x47: return try generateKeyPair(command)
        case 0x84: return try getChallenge(command)
        case 0xE6: return try terminate(command.header)
        case 0x44: return try activate(command.header)
        default: throw Refused(.instructionNotSupported)
        }
    }

    // MARK: SELECT and the life cycle

    /// D276 0001 2401, version 3.4, maker FFFE (numbers nobody manages), serial number.
    var application: [UInt8] {
        var digits: [UInt8] = []
        var rest = state.serial
        for _ in 0..<4 {
            let pair = UInt8(truncatingIfNeeded: rest % 100)
            digits.insert((pair / 10) << 4 | pair % 10, at: 0)
            rest /= 100
        }
        return [0xD2, 0x76, 0, 1, 0x24, 1, 3, 4, 0xFF, 0xFE] + digits + [0, 0]
    }

    /// By the application identifier or its beginning.
    private mutating func select(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 4, command.header.p2 & 0xF3 == 0 else {
            throw Refused(.incorrectParameters)
        }
        guard command.data.count >= 5, application.starts(with: command.data) else {
            throw Refused(.fileNotFound)
        }
        if !isSelected { security = Security() }
        isSelected = true
        occurrence = 0
        environment = Environment()
        guard !state.isTerminated else { throw Refused(.fileTerminated) }
        return []
    }

    /// TERMINATE DF: by PW3, or when both passwords are blocked (7.2.16).
    private mutating func terminate(_ header: CommandHeader) throws(Refused) -> [UInt8] {
        guard header.p1 == 0, header.p2 == 0 else { throw Refused(.incorrectParameters) }
        guard security.pw3 || state.pw1.isBlocked && state.pw3.isBlocked else {
            throw Refused(.securityStatusNotSatisfied)
        }
        state.isTerminated = true
        security = Security()
        changed()
        return []
    }

    /// ACTIVATE FILE: as delivered, after TERMINATE DF; else it does nothing (7.2.17).
    private mutating func activate(_ header: CommandHeader) throws(Refused) -> [UInt8] {
        guard header.p1 == 0, header.p2 == 0 else { throw Refused(.incorrectParameters) }
        guard state.isTerminated else { return [] }
        state.restoreFactory()
        security = Security()
        changed()
        return []
    }

    mutating func changed() { revision += 1 }
}

// What the token shows of its card.
extension OpenPGPCard {
    package var atr: [UInt8] { model.atr(isTerminated: state.isTerminated) }
    package var historicalBytes: [UInt8] {
        model.historicalBytes(isTerminated: state.isTerminated)
    }
    package var takesExtended: Bool { model.extendedLength }
    package var serialText: String { Hex.upper(Array(application[10..<14])) }
    package var counters: [CardCounter] {
        [
            CardCounter("pin", "PW1", state.pw1),
            CardCounter("puk", "resetting code", state.resettingCode),
            CardCounter("admin", "PW3", state.pw3),
        ]
    }

    package func stateText() throws(VirtualTokenError) -> String { try state.text() }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        OpenPGPCard(model, try OpenPGPState(text))
    }

    package mutating func block() {
        state.pw1.block()
        changed()
        reset()
    }
}

extension SimulatedToken {
    /// The card of an OpenPGP token, to look inside; nil for other families.
    package var openPGP: OpenPGPCard? { card as? OpenPGPCard }
}
