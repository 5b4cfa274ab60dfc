import APDU
import Crypto
import Secrets

/// The way to the token: commands protected where it wants them so. Whatever goes wrong with the
/// protection ends the way for good.
final class EPass2003Line {
    private let bench: Workbench
    private let session: EPass2003Session?
    /// What ended the way.
    private var end: TokenError?

    /// Opens a session where the token wants one.
    ///
    /// - Throws: `.unsupported` for FIPS mode and for a token whose keys are not those published;
    ///   nothing was tried on it then.
    init<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench, _ protection: EPass2003Object.Protection
    ) throws(TokenError) {
        self.bench = bench
        switch protection {
        case .none: session = nil
        case .tripleDES: session = try Self.open(&card, bench, .tripleDES)
        case .aes128: session = try Self.open(&card, bench, .aes128)
        case .fips: throw TokenError(.unsupported, "secure messaging in FIPS mode")
        }
    }

    private static func open<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench, _ cipher: BlockCipher
    ) throws(TokenError) -> EPass2003Session {
        let name = "INITIALIZE UPDATE"
        let host: [UInt8]
        do throws(CryptoError) {
            host = try SecureRandom.bytes(EPass2003Session.randomLength)
        } catch {
            throw TokenError(.malformed, name)
        }
        let answer = try bench.ask(
            &card, CommandHeader(0x80, 0x50, 0, 0), host,
            expecting: .exactly(EPass2003Session.answerLength), named: name)
        guard answer.status == .success else { throw refused(answer.status, name) }
        guard answer.data.count == EPass2003Session.answerLength else {
            throw TokenError(.malformed, name)
        }
        let random = Array(answer.data[12..<20])
        let header = CommandHeader(0x84, 0x82, 0x03, 0x00)
        let session: EPass2003Session
        let proof: [UInt8]
        do throws(EPass2003Failure) {
            session = try EPass2003Session(cipher: cipher, host: host, card: random)
            guard try session.isCard(by: Array(answer.data[20...])) else {
                throw EPass2003Failure.macWrong
            }
            proof = try session.authenticate(header)
        } catch {
            throw error == .macWrong
                ? TokenError(.unsupported, name) : Self.failed(error, name, sent: false)
        }
        let opened = try bench.ask(
            &card, header, proof, expecting: .none, named: "EXTERNAL AUTHENTICATE")
        guard opened.status == .success else {
            throw refused(opened.status, "EXTERNAL AUTHENTICATE")
        }
        return session
    }

    /// Sends a command and takes its answer.
    ///
    /// - Parameters:
    ///   - expected: bytes that are wanted, 0 for as many as there are; nil for none.
    ///   - secret: the data are, or tell, a code. Such a command goes out once, whatever becomes
    ///     of it.
    func send<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ data: EPass2003Text?, expected: UInt8?,
        secret: Bool = false, named name: String
    ) throws(TokenError) -> ResponseAPDU {
        if let end { throw end }
        do throws(TokenError) {
            return try exchange(
                &card, header, data, expected: expected, secret: secret, named: name)
        } catch {
            end = error
            throw error
        }
    }

    private func exchange<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ data: EPass2003Text?, expected: UInt8?,
        secret: Bool, named name: String
    ) throws(TokenError) -> ResponseAPDU {
        let field: EPass2003Text
        var header = header
        do throws(EPass2003Failure) {
            let data = if let data { data } else { try EPass2003Text() }
            if let session {
                header = CommandHeader(header.cla | 0x0C, header.ins, header.p1, header.p2)
                field = try session.wrap(header, data, expected: expected)
            } else {
                field = data
            }
        } catch {
            throw Self.failed(error, name, sent: false)
        }
        let wanted: ExpectedLength =
            session != nil ? .max : expected.map { $0 == 0 ? .max : .exactly(Int($0)) } ?? .none
        let answer = try bench.exchange(
            &card, header, field.buffer, expecting: wanted, secret: secret, named: name)
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), name, mayHaveReached: true)
        }
        guard let session else { return answer }
        // A status word alone has no MAC: it may end the session, and says nothing of a code.
        guard !answer.data.isEmpty else { throw Self.refused(answer.status, name) }
        do throws(EPass2003Failure) {
            return ResponseAPDU(data: try session.unwrap(answer), status: answer.status)
        } catch {
            throw Self.failed(error, name, sent: true)
        }
    }

    private static func refused(_ status: StatusWord, _ name: String) -> TokenError {
        TokenError(
            status == .success ? .macWrong : .status(status), name, mayHaveReached: true)
    }

    static func failed(_ failure: EPass2003Failure, _ name: String, sent: Bool) -> TokenError {
        switch failure {
        case .noLockedMemory: TokenError(.noLockedMemory, name, mayHaveReached: sent)
        case .noCipher, .malformed: TokenError(.malformed, name, mayHaveReached: sent)
        case .macWrong: TokenError(.macWrong, name, mayHaveReached: sent)
        }
    }
}
