import APDU
import System

/// The connection of one virtual token: shared by its reader's thread, which talks, and the
/// watcher, which hears it end.
final class VirtualConnection: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// Ends the connection for good; whoever waits on it wakes up.
    func end() { descriptor.shutDown() }
}

/// A card behind a virtual token's connection, in vpcd's words: every message is preceded by
/// its length in two bytes, high byte first; a message of one byte from us is a control.
///
/// A token that breaks these rules, or is silent up to the limit, loses its connection: an
/// answer that comes late would be taken for that to the next command.
final class VirtualLink: CardLink {
    private enum Control: UInt8 {
        case powerOff = 0
        case powerOn = 1
        case getATR = 4
    }

    private let connection: VirtualConnection
    private var isPowered = false

    init(_ connection: VirtualConnection) {
        self.connection = connection
    }

    /// The answer to reset of a token that just connected, however long it takes.
    func greet() throws(ReaderError) -> ATR {
        do throws(CardFault) {
            return try powerUp(limit: nil)
        } catch {
            throw Self.reason(error)
        }
    }

    func open(mark: UInt64, limit: CallLimit) throws(ReaderError) -> PoweredCard {
        do throws(CardFault) {
            return Self.card(try powerUp(limit: limit.last))
        } catch {
            throw Self.reason(error)
        }
    }

    func transmit(
        _ command: UnsafeRawBufferPointer, limit: CallLimit, into response: inout ResponseBuffer
    ) throws(CardFault) {
        guard isPowered else { throw .removed }
        // A message of one byte is a control, and of more than 65535 has no length.
        guard command.count >= 4, command.count <= 0xFFFF else { throw .transport(0) }
        try send(command, limit: limit.last)
        try response.fill { room throws(CardFault) in
            try receive(into: room, limit: limit.last)
        }
        if response.withBytes({ $0.count }) < 2 { throw broken() }
    }

    func askStatus(limit: CallLimit) throws(CardFault) {
        guard isPowered else { throw .removed }
        _ = try answerToReset(limit: limit.last)
    }

    func resetCold(limit: CallLimit) throws(CardFault) -> PoweredCard {
        try send(.powerOff, limit: limit.last)
        return Self.card(try powerUp(limit: limit.last))
    }

    func close() {
        guard isPowered else { return }
        isPowered = false
        // Whether it arrives does not matter: a token that is gone has no power either.
        try? send(.powerOff, limit: .now + .seconds(1))
    }

    /// A token that is lost takes its reader with it.
    var hasLostCard: Bool { false }

    func renew() {}

    // MARK: The wire

    private static func card(_ atr: ATR) -> PoweredCard {
        PoweredCard(
            atr: atr.bytes, protocolName: atr.protocols.contains(.t1) ? "T=1" : "T=0",
            takesExtended: announcesExtendedLength(atr))
    }

    private static func reason(_ fault: CardFault) -> ReaderError {
        switch fault {
        case .removed, .reset: .cardChanged
        case .mute: .mute
        case .deadline: .deadline
        case .cancelled: .cancelled
        case .malformedResponse: .unavailable(reason: "the virtual token's answer to reset is none")
        case .transport(let code):
            .unavailable(reason: "the virtual token's connection failed (\(code))")
        }
    }

    private func powerUp(limit: Instant?) throws(CardFault) -> ATR {
        try send(.powerOn, limit: limit)
        let atr = try answerToReset(limit: limit)
        isPowered = true
        return atr
    }

    private func answerToReset(limit: Instant?) throws(CardFault) -> ATR {
        try send(.getATR, limit: limit)
        var bytes = [UInt8](repeating: 0, count: 33)
        var count = 0
        var fault: CardFault? = nil
        bytes.withUnsafeMutableBytes { room in
            do throws(CardFault) { count = try receive(into: room, limit: limit) } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        guard let atr = try? ATR(parsing: Array(bytes[..<count])) else { throw broken() }
        return atr
    }

    /// A token that does not keep to the wire's rules is put out.
    private func broken() -> CardFault {
        isPowered = false
        connection.end()
        return .malformedResponse
    }

    private func send(_ control: Control, limit: Instant?) throws(CardFault) {
        try withUnsafeBytes(of: control.rawValue) { byte throws(CardFault) in
            try send(byte, limit: limit)
        }
    }

    /// Sends one message straight from the caller's memory.
    private func send(_ message: UnsafeRawBufferPointer, limit: Instant?) throws(CardFault) {
        try expectSilence()
        try withUnsafeBytes(of: UInt16(truncatingIfNeeded: message.count).bigEndian) {
            header throws(CardFault) in try sendAll(header, limit)
        }
        try sendAll(message, limit)
    }

    private func sendAll(_ bytes: UnsafeRawBufferPointer, _ limit: Instant?) throws(CardFault) {
        var rest = bytes
        while !rest.isEmpty {
            do throws(SystemError) {
                let sent = try connection.descriptor.send(rest)
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(sent))
                if sent > 0 { continue }
                if try connection.descriptor.wait(forWriting: true, timeout: left(limit)) {
                    continue
                }
            } catch {
                throw fault(error)
            }
            throw silent()
        }
    }

    /// What comes unasked would be read as the next answer.
    private func expectSilence() throws(CardFault) {
        var byte: UInt8 = 0
        let received: Int?
        do throws(SystemError) {
            received = try withUnsafeMutableBytes(of: &byte) { room throws(SystemError) in
                try connection.descriptor.receive(into: room)
            }
        } catch {
            throw fault(error)
        }
        switch received {
        case nil: return
        case 0: throw gone()
        default: throw broken()
        }
    }

    /// Takes one message; one that is longer than `room` is none that we asked for.
    private func receive(
        into room: UnsafeMutableRawBufferPointer, limit: Instant?
    ) throws(CardFault) -> Int {
        var header: (UInt8, UInt8) = (0, 0)
        try withUnsafeMutableBytes(of: &header) { header throws(CardFault) in
            try receiveAll(header, limit)
        }
        let length = Int(header.0) << 8 | Int(header.1)
        guard length <= room.count else { throw broken() }
        try receiveAll(UnsafeMutableRawBufferPointer(rebasing: room.prefix(length)), limit)
        return length
    }

    private func receiveAll(
        _ room: UnsafeMutableRawBufferPointer, _ limit: Instant?
    ) throws(CardFault) {
        var rest = room
        while !rest.isEmpty {
            do throws(SystemError) {
                switch try connection.descriptor.receive(into: rest) {
                case nil:
                    if try connection.descriptor.wait(timeout: left(limit)) { continue }
                case 0?: throw SystemError(.recv, .connectionReset)
                case let received?:
                    rest = UnsafeMutableRawBufferPointer(rebasing: rest.dropFirst(received))
                    continue
                }
            } catch {
                throw fault(error)
            }
            throw silent()
        }
    }

    private func left(_ limit: Instant?) -> Duration? {
        limit.map { max(.zero, $0 - .now) }
    }

    private func silent() -> CardFault {
        isPowered = false
        connection.end()
        return .mute
    }

    /// Whatever the kernel said: what the token may still send answers nothing any more.
    private func gone() -> CardFault {
        isPowered = false
        connection.end()
        return .removed
    }

    private func fault(_ error: SystemError) -> CardFault {
        switch error.errno {
        case .connectionReset, .brokenPipe: return gone()
        default:
            isPowered = false
            connection.end()
            return .transport(error.errno.rawValue)
        }
    }
}
