import APDU
import Secrets

extension LockedBuffer: CommandBuffer {}

/// Memory for one command and one response at a time; the command's is locked, since it may
/// carry a code.
package final class Workbench {
    /// A short command has 261 bytes: header, Lc, 255 bytes, Le. An extended one with a block of
    /// RSA under secure messaging has 291.
    private static let commandCapacity = 320

    /// Commands that went to the card, or were to go.
    private(set) var commands = 0
    private var command: LockedBuffer
    private var response: ResponseBuffer

    package init() throws(TokenError) {
        command = try Self.lockedRoom()
        response = ResponseBuffer()
    }

    private static func lockedRoom() throws(TokenError) -> LockedBuffer {
        do throws(SecretError) {
            return try LockedBuffer(capacity: commandCapacity)
        } catch {
            throw TokenError(.noLockedMemory, "start")
        }
    }

    /// Sends a command without a code and takes the whole response. Short form if nothing else
    /// is said: every reader and every PIV card does it.
    func ask<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ data: [UInt8] = [],
        expecting: ExpectedLength = .max, lengths: LengthPolicy = .short, limit: Int = 8192,
        named name: String
    ) throws(TokenError) -> ResponseAPDU {
        var result: Result<ResponseAPDU, TokenError> = .failure(TokenError(.malformed, name))
        data.withUnsafeBytes { bytes in
            do throws(TokenError) {
                result = .success(
                    try send(
                        &card, header, bytes, expecting: expecting, secret: false, writes: false,
                        lengths: lengths, limit: limit, named: name))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    /// Sends a command whose data are a code. It goes out once, whatever becomes of it.
    /// - Throws: `.disturbed` where another applet answered.
    func present<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ code: borrowing Secret, named name: String
    ) throws(TokenError) -> StatusWord {
        let status = try code.withBytes { bytes throws(TokenError) in
            try send(
                &card, header, bytes, expecting: .none, secret: true, writes: true, limit: 0,
                named: name)
        }.status
        if status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(status), name, mayHaveReached: true)
        }
        return status
    }

    /// The same, and what the answer says of the code.
    func answer<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ code: borrowing Secret, named name: String
    ) throws(TokenError) -> CodeAnswer {
        CodeAnswer(try present(&card, header, code, named: name))
    }

    /// Sends what proves a key without being one, and takes the whole response. It goes out
    /// once, whatever becomes of it.
    func prove<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ proof: [UInt8], named name: String
    ) throws(TokenError) -> ResponseAPDU {
        var result: Result<ResponseAPDU, TokenError> = .failure(TokenError(.malformed, name))
        proof.withUnsafeBytes { bytes in
            do throws(TokenError) {
                result = .success(
                    try send(
                        &card, header, bytes, expecting: .max, secret: true, writes: true,
                        limit: 256, named: name))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    /// Sends a command whose data stand in locked memory, as they do under secure messaging, and
    /// takes the whole response. Where they are a code it goes out once, whatever becomes of it.
    /// What is too long for a short command goes out in extended length, which the card must take.
    func exchange<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ data: borrowing LockedBuffer,
        expecting: ExpectedLength, secret: Bool, named name: String
    ) throws(TokenError) -> ResponseAPDU {
        try data.withBytes { bytes throws(TokenError) in
            try send(
                &card, header, bytes, expecting: expecting, secret: secret, writes: secret,
                lengths: bytes.count > 255 ? .extendedUnannounced : .short, limit: 1024, named: name
            )
        }
    }

    /// The empty VERIFY, which tells the tries left of a code (ISO 7816-4, 11.6.6). An answer
    /// other than 63Cx, 6983 and 9000 means that asking is not safe.
    func askStatus<C: CardChannel & ~Copyable>(
        _ card: inout C, reference: UInt8
    ) throws(TokenError) -> Counter {
        let name = "VERIFY (empty)"
        let status = try ask(
            &card, CommandHeader(ins: 0x20, p1: 0, p2: reference), expecting: .none, named: name
        ).status
        switch status.meaning {
        case .triesLeft(let n): return Counter(.known(n))
        case .blocked: return Counter(.known(0))
        case .success: return .unknown(.verified)
        default:
            if status.hintsAtAnotherApplet { throw TokenError(.disturbed(status), name) }
            return .unknown(.oddAnswer)
        }
    }

    private func send<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ data: UnsafeRawBufferPointer,
        expecting: ExpectedLength, secret: Bool, writes: Bool, lengths: LengthPolicy = .short,
        limit: Int, named name: String
    ) throws(TokenError) -> ResponseAPDU {
        commands += 1
        do throws(ExchangeError) {
            return try CardExchange.run(
                channel: &card, header: header, data: data, expecting: expecting,
                secretBearing: secret, writes: writes, lengths: lengths, limit: limit,
                scratch: &command, response: &response)
        } catch {
            switch error {
            case .refused: throw TokenError(.malformed, name)
            case .fault(let fault): throw TokenError(.fault(fault), name, mayHaveReached: true)
            case .unfinished: throw TokenError(.malformed, name, mayHaveReached: true)
            }
        }
    }
}
