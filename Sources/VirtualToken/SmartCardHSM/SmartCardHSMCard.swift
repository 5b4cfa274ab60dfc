import APDU
import Crypto

/// The card side of a SmartCard-HSM as a state machine: command bytes in, response bytes out,
/// no input or output of its own.
package struct SmartCardHSMCard: SimulatedCard {
    package static var family: String { "smartcard-hsm" }

    package let model: SmartCardHSMModel
    package internal(set) var state: SmartCardHSMState
    package internal(set) var revision = 0

    // What is lost with the power.
    private var isSelected = false
    var security = Security()
    /// The file that was selected or made last.
    var current: UInt16?
    private var flow = CommandFlow()

    package init(_ model: SmartCardHSMModel, _ state: SmartCardHSMState) {
        self.model = model
        self.state = state
    }

    /// What has been proven since the application was selected.
    struct Security: Sendable {
        var user = false
        var so = false
    }

    package mutating func reset() {
        isSelected = false
        security = Security()
        current = nil
        flow = CommandFlow()
    }

    package mutating func respond(to bytes: [UInt8]) -> [UInt8] {
        let isSelected = isSelected
        let step = flow.take(bytes, extended: true, proprietary: true) { _ in
            isSelected ? .chainingNotSupported : .instructionNotSupported
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
        let isProprietary = command.header.cla == 0x80
        if command.header.ins == 0xA4, !isProprietary { return try select(command) }
        guard isSelected else { throw Refused(.instructionNotSupported) }
        switch (isProprietary, command.header.ins) {
        case (false, 0x20): return try verify(command)
        case (false, 0x24): return try changeReferenceData(command)
        case (false, 0x2C): return try resetRetryCounter(command)
        case (false, 0x46): return try generateKeyPair(command)
        case (false, 0x84): return try getChallenge(command)
        case (false, 0xB1): return try readBinary(command)
        case (false, 0xD7): return try updateBinary(command)
        case (false, 0xE4): return try deleteFile(command)
        case (true, 0x50): return try initialize(command)
        case (true, 0x58): return try enumerateObjects(command)
        case (true, 0x62): return try decipher(command)
        case (true, 0x68): return try sign(command)
        default: throw Refused(.instructionNotSupported)
        }
    }

    // MARK: SELECT

    static let application: [UInt8] = [
        0xE8, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x81, 0xC3, 0x1F, 0x02, 0x01,
    ]

    /// By the application's name, which also ends what was proven; or a file by its identifier.
    private mutating func select(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p2 & 0xF3 == 0 else { throw Refused(.incorrectParameters) }
        let wantsNothing = command.header.p2 == 0x0C
        if command.header.p1 == 4 {
            guard command.data.count >= 5, Self.application.starts(with: command.data) else {
                throw Refused(.fileNotFound)
            }
            isSelected = true
            security = Security()
            current = nil
            return wantsNothing ? [] : applicationControl
        }
        guard isSelected, command.header.p1 == 0 else { throw Refused(.incorrectParameters) }
        let name = Array(command.data)
        guard name.count == 2 else { throw Refused(.incorrectData) }
        let file = SmartCardHSMFile.identifier(name[0], name[1])
        guard let size = size(of: file) else { throw Refused(.fileNotFound) }
        current = file
        if wantsNothing { return [] }
        return DataObject.tlv(
            0x6F,
            DataObject.tlv(0x80, [size >> 8, size].map { UInt8(truncatingIfNeeded: $0) })
                + DataObject.tlv(0x82, [0x01]) + DataObject.tlv(0x83, name))
    }

    /// Option bits, platform (Java Card) and version stand in 85.
    private var applicationControl: [UInt8] {
        let bits = state.options.rawValue
        let about = [bits >> 8, bits].map { UInt8(truncatingIfNeeded: $0) } + [0] + model.version
        return DataObject.tlv(
            0x6F,
            DataObject.tlv(0x82, [0x38]) + DataObject.tlv(0x84, Self.application)
                + DataObject.tlv(0x85, about))
    }

    mutating func changed() { revision += 1 }
}

// What the token shows of its card.
extension SmartCardHSMCard {
    package var atr: [UInt8] { model.atr }
    package var historicalBytes: [UInt8] { model.historicalBytes }
    package var takesExtended: Bool { true }
    package var serialText: String { state.name }
    package var counters: [CardCounter] {
        [
            CardCounter("pin", "user PIN", state.user), CardCounter("so", "SO-PIN", state.so),
        ]
    }

    package func stateText() throws(VirtualTokenError) -> String { try state.text() }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        SmartCardHSMCard(model, try SmartCardHSMState(text))
    }

    package mutating func block() {
        state.user.block()
        changed()
        reset()
    }
}

extension SimulatedToken {
    /// The card of a SmartCard-HSM, to look inside; nil for other families.
    package var smartCardHSM: SmartCardHSMCard? { card as? SmartCardHSMCard }
}
