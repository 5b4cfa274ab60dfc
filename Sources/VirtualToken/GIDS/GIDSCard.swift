import APDU
import Crypto

/// The card side of a token after Microsoft's Generic Identity Device Specification 2.0 as a
/// state machine: command bytes in, response bytes out, no input or output of its own.
package struct GIDSCard: SimulatedCard {
    package static var family: String { "gids" }

    package let model: GIDSModel
    package internal(set) var state: GIDSState
    package internal(set) var revision = 0

    // What is lost with the power.
    private var isSelected = false
    var security = Security()
    /// The file that commands without one mean; nil for the application.
    var currentFile: UInt16?
    private var flow = CommandFlow()

    package init(_ model: GIDSModel, _ state: GIDSState) {
        self.model = model
        self.state = state
    }

    /// What has been proven, and is about to be, since power-on.
    struct Security: Sendable {
        var user = false
        var administrator = false
        /// MANAGE SECURITY ENVIRONMENT named the administrator's key.
        var namedAdministratorKey = false
        var exchange: Exchange?
        var environment: Environment?
    }

    /// A half-done authentication with the administrator's key.
    enum Exchange: Sendable {
        /// The card's challenge, to be enciphered by the host.
        case external(challenge: [UInt8])
        /// The host's challenge and the card's.
        case mutual(host: [UInt8], card: [UInt8])
    }

    /// The key that the next security operation uses.
    struct Environment: Sendable {
        var key: UInt16
        /// B6 for signatures, B8 for deciphering.
        var template: UInt8
        var mechanism: UInt8
    }

    package mutating func reset() {
        isSelected = false
        security = Security()
        currentFile = nil
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

    private static let chained: [UInt8] = [0x2A, 0x87, 0xCB, 0xDB]

    private mutating func dispatch(_ command: CardCommand) throws(Refused) -> [UInt8] {
        // A challenge lives for exactly the next command.
        let exchange = security.exchange
        security.exchange = nil
        if command.header.ins == 0xA4 { return try select(command) }
        guard isSelected else { throw Refused(.instructionNotSupported) }
        switch command.header.ins {
        case 0xCB: return try getData(command)
        case 0xDB: return try putData(command)
        case 0x20: return try verify(command)
        case 0x24: return try changeReferenceData(command)
        case 0x2C: return try resetRetryCounter(command)
        case 0x22: return try manageSecurityEnvironment(command)
        case 0x87: return try generalAuthenticate(command, exchange)
        case 0x2A: return try performSecurityOperation(command)
        case 0x47: return try generateKeyPair(command)
        case 0xE0: return try createFile(command)
        case 0x44: return try activateFile(command.header)
        case 0xE4: return try deleteFile(command)
        default: throw Refused(.instructionNotSupported)
        }
    }

    // MARK: SELECT

    /// A000000397 425446 59, version 2, the application's own byte.
    private static let application: [UInt8] = [
        0xA0, 0, 0, 3, 0x97, 0x42, 0x54, 0x46, 0x59, 2, 1,
    ]
    /// The application as a file.
    static let applicationFile: UInt16 = 0x3FFF

    /// By the application's identifier or its beginning, or a file by its identifier.
    private mutating func select(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let data = Array(command.data)
        guard command.header.p2 & 0xF3 == 0 else { throw Refused(.incorrectParameters) }
        switch command.header.p1 {
        case 0x04:
            guard data.count >= 5, Self.application.starts(with: data) else {
                throw Refused(.fileNotFound)
            }
            isSelected = true
            security = Security()
            currentFile = nil
        case 0x00:
            guard isSelected else { throw Refused(.fileNotFound) }
            guard data.isEmpty || data.count == 2 else { throw Refused(.wrongLength) }
            let file = data.isEmpty ? Self.applicationFile : UInt16(data[0]) << 8 | UInt16(data[1])
            guard file == Self.applicationFile || state.files[file] != nil else {
                throw Refused(.fileNotFound)
            }
            currentFile = file == Self.applicationFile ? nil : file
        default: throw Refused(.incorrectParameters)
        }
        return try control(command.header.p2)
    }

    /// The template that SELECT asks for in P2: FCI, FCP, FMD or none.
    private func control(_ p2: UInt8) throws(Refused) -> [UInt8] {
        guard p2 & 0x0C != 0x0C else { return [] }
        if let currentFile {
            guard p2 & 0x0C == 0x04 else { throw Refused(.incorrectParameters) }
            return state.files[currentFile]?.parameters ?? []
        }
        switch p2 & 0x0C {
        case 0x00:
            // External and mutual authentication.
            return DataObject.tlv(
                0x61,
                DataObject.tlv(0x4F, Self.application)
                    + DataObject.tlv(0x73, [0x40, 1, model.knowsExternal ? 0xC0 : 0x80]))
        case 0x04: return GIDSState.applicationParameters
        // The PIN policy: the application's own PIN only.
        default: return [0x64, 0x09, 0x5F, 0x2F, 1, 0x60, 0x7F, 0x65, 2, 0x80, 0]
        }
    }

    /// Refuses what the access rules do not allow now.
    func permit(_ access: GIDSAccess, _ operation: GIDSAccess.Operation) throws(Refused) {
        guard state.isActivated else { return }
        guard access.allows(operation, user: security.user, admin: security.administrator) else {
            throw Refused(.securityStatusNotSatisfied)
        }
    }

    mutating func changed() { revision += 1 }
}

// What the token shows of its card.
extension GIDSCard {
    package var atr: [UInt8] { model.atr }
    package var historicalBytes: [UInt8] { model.historicalBytes }
    package var takesExtended: Bool { model.extendedLength }
    package var serialText: String {
        let identifier = state.files[GIDSFiles.administered]?.objects[GIDSFiles.cardIdentifier]
        return identifier.map { Hex.upper($0) } ?? "not initialised"
    }
    package var counters: [CardCounter] {
        [
            CardCounter("pin", "PIN", state.pin),
            CardCounter("admin", "administrator's key", state.admin),
        ]
    }

    package func stateText() throws(VirtualTokenError) -> String { try state.text() }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        GIDSCard(model, try GIDSState(text))
    }

    package mutating func block() {
        state.pin.block()
        changed()
        reset()
    }
}

extension SimulatedToken {
    /// The card of a GIDS token, to look inside; nil for other families.
    package var gids: GIDSCard? { card as? GIDSCard }
}
