import APDU
import Crypto

/// The card side of a Feitian ePass2003 as a state machine: command bytes in, response bytes out,
/// no input or output of its own. Its files are as they were written when it was made.
package struct EPass2003Card: SimulatedCard {
    package static var family: String { "epass2003" }

    package internal(set) var state: EPass2003State
    package internal(set) var revision = 0

    // What is lost with the power.
    private var session: EPass2003Session?
    var folder = PKCS15FileName.Place.master
    var file: PKCS15FileName?
    /// Codes that were proven in this session.
    var proven: Set<Code> = []
    /// Good for the next command alone.
    var challenge: [UInt8]?
    var environment: Environment?

    package init(_ state: EPass2003State) { self.state = state }

    /// The codes by their number in commands.
    enum Code: UInt8, Sendable {
        case user = 1
        case officer = 2
    }

    /// A command with its protection off.
    struct Command {
        let header: CommandHeader
        let data: [UInt8]
        /// nil where no data are wanted.
        let expected: Int?
    }

    package mutating func reset() {
        session = nil
        forget()
    }

    private mutating func forget() {
        (folder, file, environment, challenge) = (.master, nil, nil, nil)
        proven = []
    }

    // MARK: Commands

    package mutating func respond(to bytes: [UInt8]) -> [UInt8] {
        let parsed = bytes.withUnsafeBytes { buffer -> Result<CommandAPDU, APDUError> in
            do throws(APDUError) {
                return .success(try CommandAPDU(parsing: buffer))
            } catch {
                return .failure(error)
            }
        }
        switch parsed {
        case .failure(let error): return CommandFlow.bytes([], error.answer)
        case .success(let apdu):
            do throws(CryptoError) {
                return try respond(to: apdu, Array(bytes[apdu.dataRange]))
            } catch {
                return CommandFlow.bytes([], .executionError)
            }
        }
    }

    private mutating func respond(
        to apdu: CommandAPDU, _ data: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        let header = apdu.header
        switch (header.cla, header.ins) {
        case (0x00, 0xCA) where header.p1 == 0x01 && header.p2 == 0x86:
            return CommandFlow.bytes(state.model.description[...], .success)
        case (0x80, 0x50): return try initializeUpdate(header, data)
        case (0x84, 0x82): return try externalAuthenticate(header, data)
        case (0x0C, _), (0x8C, _): return try secured(header, data)
        case (0x00, _), (0x80, _):
            guard state.model.protection == .none else {
                return CommandFlow.bytes([], .conditionsNotSatisfied)
            }
            // The driver leaves Le out of a signature's command and expects data all the same.
            let room =
                apdu.expecting == .none ? apdu.form.maximumExpected : apdu.expectedCount
            let (answer, status) = answer(Command(header: header, data: data, expected: room))
            return CommandFlow.bytes(answer[...], status)
        default: return CommandFlow.bytes([], .classNotSupported)
        }
    }

    /// A command with objects of secure messaging; the first that is wrong ends the session.
    private mutating func secured(
        _ header: CommandHeader, _ field: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        guard var session, session.isOpen else {
            return CommandFlow.bytes([], .conditionsNotSatisfied)
        }
        guard let plain = try session.unwrap(header, field) else {
            reset()
            return CommandFlow.bytes([], .secureMessagingIncorrect)
        }
        self.session = session
        let (data, status) = answer(
            Command(header: plain.header, data: plain.data, expected: plain.expected))
        return CommandFlow.bytes(try session.wrap(data, status)[...], status)
    }

    private mutating func answer(_ command: Command) -> (data: [UInt8], status: StatusWord) {
        let open = challenge
        challenge = nil
        do throws(Refused) {
            let data = try dispatch(command, open)
            return (command.expected.map { Array(data.prefix($0)) } ?? [], .success)
        } catch {
            return ([], error.status)
        }
    }

    private mutating func dispatch(
        _ command: Command, _ challenge: [UInt8]?
    ) throws(Refused) -> [UInt8] {
        switch (command.header.cla, command.header.ins) {
        case (0x00, 0xA4): return try select(command)
        case (0x00, 0xB0): return try readBinary(command)
        case (0x00, 0xB2): return try readRecord(command)
        case (0x00, 0xCA): return try getData(command.header)
        case (0x00, 0x84): return try getChallenge(command)
        case (0x00, 0x82): return try authenticate(command, challenge)
        case (0x80, 0xE5): return try updateKey(command)
        case (0x00, 0x22): return try manageSecurityEnvironment(command)
        case (0x00, 0x2A): return try performSecurityOperation(command)
        case (0x00, _), (0x80, _): throw Refused(.instructionNotSupported)
        default: throw Refused(.classNotSupported)
        }
    }

    /// The serial number, eight bytes.
    private func getData(_ header: CommandHeader) throws(Refused) -> [UInt8] {
        guard header.p1 == 0x01, header.p2 == 0x80 else { throw Refused(.referenceDataNotFound) }
        return state.serialBytes
    }

    // MARK: Secure messaging

    /// 28 bytes: twelve about the keys, the card's random number, its cryptogram.
    private mutating func initializeUpdate(
        _ header: CommandHeader, _ host: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        guard state.model.protection != .none else {
            return CommandFlow.bytes([], .instructionNotSupported)
        }
        guard host.count == 8 else { return CommandFlow.bytes([], .wrongLength) }
        reset()
        let card = try SecureRandom.bytes(8)
        let session = try EPass2003Session(
            cipher: state.model.protection.cipher, transport: state.model.transportKey, host: host,
            card: card)
        self.session = session
        let about = [UInt8](repeating: 0, count: 10) + [0xFF, 0x01]
        return CommandFlow.bytes((about + card + (try session.cardCryptogram()))[...], .success)
    }

    /// A new session forgets what was proven before: that is how OpenSC logs out.
    private mutating func externalAuthenticate(
        _ header: CommandHeader, _ data: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        guard var session, !session.isOpen else {
            return CommandFlow.bytes([], .conditionsNotSatisfied)
        }
        guard try session.open(header, data) else {
            reset()
            return CommandFlow.bytes([], .verificationFailed)
        }
        self.session = session
        forget()
        return CommandFlow.bytes([], .success)
    }

    mutating func changed() { revision += 1 }
}

// What the token shows of its card.
extension EPass2003Card {
    package var atr: [UInt8] { state.model.atr }
    package var historicalBytes: [UInt8] { state.model.historicalBytes }
    package var takesExtended: Bool { true }
    package var serialText: String { Hex.lower(state.serialBytes) }
    package var counters: [CardCounter] {
        [CardCounter("pin", "PIN", state.pin), CardCounter("so", "SO-PIN", state.officer)]
    }

    package func stateText() throws(VirtualTokenError) -> String { try state.text() }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        EPass2003Card(try EPass2003State(text))
    }

    package mutating func block() {
        state.pin.block()
        changed()
        reset()
    }
}
