import APDU
import Casework
import Crypto
import Readers
import Secrets
import StationInterface
import Synchronization
import System
import Tokens
import Varlink

/// What a technician's command is, as far as its header tells.
enum CommandKind: Equatable, Sendable {
    /// Reads, and changes nothing.
    case reading
    /// An empty VERIFY: reads a counter where the token does not hold it for a try.
    case emptyVerify
    /// Carries a code or key: never sent for anybody.
    case carriesCode
    /// Anything else: needs the right to it.
    case other

    /// Decides by the header, and by how the data begin where the header says too little; a
    /// command that is cut or malformed is told so before.
    ///
    /// A code is a code in every class: chained, on another channel, under secure messaging.
    /// - Parameter first: the first byte of the command's data; nil where it has none.
    init(_ header: CommandHeader, first: UInt8?) {
        // In the proprietary class (ISO 7816-4, 5.4.1) an instruction may mean anything.
        let isInterindustry = header.cla & 0x80 == 0
        switch header.ins {
        // Of PIV's own PIN alone it is known what asking costs, and on the basic channel alone
        // that it is PIV's.
        case 0x20 where first == nil && header.cla == 0 && header.p1 == 0 && header.p2 == 0x80:
            self = .emptyVerify
        case 0x20 where first == nil && isInterindustry: self = .other
        // VERIFY, CHANGE and RESET REFERENCE DATA, DISABLE and ENABLE VERIFICATION, EXTERNAL and
        // MUTUAL AUTHENTICATE, PUT KEY, IMPORT KEY, and the makers' ways to write a code.
        case 0x20, 0x21, 0x24...0x29, 0x2C, 0x2D, 0x82, 0x83, 0xD8, 0xE3, 0xE5, 0xE7, 0xFE, 0xFF:
            self = .carriesCode
        // SmartCard-HSM's INITIALIZE DEVICE, IMPORT DKEK SHARE and UNWRAP KEY; ENVELOPE, in which
        // any command may be.
        case 0x50, 0x52, 0x74, 0xC2, 0xC3: self = .carriesCode
        // GlobalPlatform's STORE DATA; in the other class it is APPEND RECORD.
        case 0xE2 where !isInterindustry: self = .carriesCode
        // PUT DATA: OpenPGP's resetting code, keys and hashes of codes, codes of MyEID and CardOS.
        case 0xDA where header.p1 == 0x01: self = .carriesCode
        case 0xDA where header.p1 == 0 && [0xD1, 0xD2, 0xD3, 0xD5, 0xF4, 0xF9].contains(header.p2):
            self = .carriesCode
        // PUT DATA that names no object (5C) imports a key: OpenPGP, GIDS, IsoApplet.
        case 0xDB where header.p1 == 0x3F && header.p2 == 0xFF && first != nil && first != 0x5C:
            self = .carriesCode
        // SELECT, READ BINARY, READ RECORD, GET RESPONSE, GET DATA, GET METADATA, GET SERIAL,
        // GET VERSION.
        case 0xA4, 0xB0, 0xB1, 0xB2, 0xB3, 0xC0, 0xCA, 0xCB, 0xF7, 0xF8, 0xFD:
            // GlobalPlatform's GET DATA is 80 CA.
            self = isInterindustry || header.cla == 0x80 && header.ins == 0xCA ? .reading : .other
        default: self = .other
        }
    }
}

extension Agent {
    /// A technician's command APDU.
    func exchange(_ request: consuming Station.Exchange, _ call: VarlinkCall) {
        let who = call.caller.who
        let reader = request.reader
        let serial = request.serial
        let handOver: BufferHandOver
        let kind: CommandKind
        let application: [UInt8]?
        do throws(StationError) {
            let (taken, told) = try Self.take(request.command)
            handOver = taken
            // In another applet that reference is another code.
            kind = told == .emptyVerify && request.aid != nil ? .other : told
            application = try request.aid.map { text throws(StationError) in
                guard let bytes = Hex.bytes(text), (1...16).contains(bytes.count) else {
                    throw Self.refuse("aid", "an application identifier is 1 to 16 bytes in hex")
                }
                return bytes
            }
            try permit(kind, serial, call.caller)
        } catch {
            return call.fail(with: error)
        }
        work(
            on: reader, activity: "technician's command", call: call,
            answer: { (result: Swift.Result<Station.Exchanged, StationError>) in
                handOver.discard()
                call.answer(result)
            }
        ) { [self] session, ledger throws(WorkError) in
            guard let command = handOver.take() else {
                throw .token(TokenError(.fault(.cancelled), "exchange"))
            }
            return try send(command, kind, application, serial, &session, ledger, reader, who)
        }
    }

    private static func refuse(_ command: String, _ why: String) -> StationError {
        .commandRefused(
            command, why: why, "The command was not sent: \(why).",
            next: "See the list of commands in tokenctl apdu --help.")
    }

    private static func take(
        _ hex: borrowing Secret
    ) throws(StationError) -> (BufferHandOver, CommandKind) {
        let command = try decode(hex)
        let kind = try classify(command)
        return (BufferHandOver(command), kind)
    }

    private static func decode(_ hex: borrowing Secret) throws(StationError) -> LockedBuffer {
        guard var buffer = try? LockedBuffer(capacity: max(hex.count / 2, 1)) else {
            throw refuse("", "there is no locked memory for it")
        }
        let isGood = hex.withBytes { digits in
            guard digits.count % 2 == 0 else { return false }
            for i in stride(from: 0, to: digits.count, by: 2) {
                guard let high = nibble(digits[i]), let low = nibble(digits[i + 1]) else {
                    return false
                }
                _ = buffer.append(high << 4 | low)
            }
            return true
        }
        guard isGood else { throw refuse("", "it is no hexadecimal command of 4 to 128 bytes") }
        return buffer
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    private static func classify(_ command: borrowing LockedBuffer) throws(StationError)
        -> CommandKind
    {
        let shape = command.withBytes { bytes -> (CommandHeader, UInt8?)? in
            guard let parsed = try? CommandAPDU(parsing: bytes) else { return nil }
            return (parsed.header, parsed.data(in: bytes).first)
        }
        guard let (header, first) = shape else {
            throw refuse("", "it is no command APDU of ISO 7816-4")
        }
        let kind = CommandKind(header, first: first)
        if kind == .carriesCode {
            throw refuse(
                Hex.upper([header.cla, header.ins, header.p1, header.p2]),
                "a command that carries a code or key is never sent from here")
        }
        return kind
    }

    /// The rules for what is not on the reading list.
    private func permit(
        _ kind: CommandKind, _ serial: String?, _ caller: Caller
    ) throws(StationError) {
        guard kind == .other else { return }
        guard caller.has(.raw) else {
            throw Self.refuse("", "it is not on the reading list, and the right \"raw\" is missing")
        }
        guard serial != nil else {
            throw Self.refuse("", "the token's number must be typed in with it")
        }
        guard restores.running.isEmpty, book.running.isEmpty else {
            throw Self.refuse("", "a restore is in progress")
        }
    }

    private func send(
        _ command: borrowing LockedBuffer, _ kind: CommandKind, _ application: [UInt8]?,
        _ serial: String?, _ session: inout CardSession, _ ledger: Ledger, _ reader: String,
        _ who: Who
    ) throws(WorkError) -> Station.Exchanged {
        var asked: Reading? = nil
        var number: String? = nil
        var numbers: [String] = []
        if kind != .reading {
            let reading = try read(&session, ledger)
            number = reading.identity.deviceNumber
            numbers = reading.identity.deviceNumbers
            if kind == .emptyVerify {
                guard asking(reading) != .forbidden, !reading.queryWasOdd else {
                    tokenWasSeen(reading, who: who)
                    throw .station(
                        Self.refuse("", "asking this token for its counter is known to be unsafe"))
                }
                guard reading.pinWasAskedFor else {
                    throw .station(
                        Self.refuse(
                            "",
                            "this token tells its tries in another way (tokenctl inspect), and "
                                + "what that question costs it is not known; with the right "
                                + "\"raw\" its applet is named with it (--aid)"))
                }
                asked = reading
            }
        }
        if kind == .other {
            guard let serial, let number, serial == number else {
                throw .station(
                    Self.refuse("", "the number typed in is not that of the token in the reader"))
            }
            guard book.openCase(ofAny: numbers) == nil else {
                throw .station(Self.refuse("", "there is an open case of this token"))
            }
        }
        do throws(TokenError) {
            session.clock.begin("exchange", budget: configuration.budgets.sign)
            if let application {
                let answer = try Self.plain(
                    &session,
                    [0x00, 0xA4, 0x04, 0x00, UInt8(application.count)] + application + [0x00])
                guard answer.status.isDone else {
                    throw TokenError(.status(answer.status), "SELECT")
                }
            }
        } catch {
            throw .token(error)
        }
        let exchanged = try exchange(command, kind, number, &session, reader, who)
        if let asked, let token = asked.identity.recordName,
            !asked.counters.pin.isTold(again: exchanged.response)
        {
            book.noteUnsafeStatusQuery(token, who: who)
        }
        return exchanged
    }

    private func exchange(
        _ command: borrowing LockedBuffer, _ kind: CommandKind, _ number: String?,
        _ session: inout CardSession, _ reader: String, _ who: Who
    ) throws(WorkError) -> Station.Exchanged {
        var response = ResponseBuffer()
        let began = Instant.now
        let writes = kind == .other
        func transmit() throws(WorkError) {
            do throws(CardFault) {
                try command.withBytes { bytes throws(CardFault) in
                    try session.transmit(bytes, writes: writes, into: &response)
                }
            } catch {
                throw .token(TokenError(.fault(error), "exchange", mayHaveReached: true))
            }
        }
        guard kind == .other else {
            try transmit()
            return Station.Exchanged(
                response: response.withBytes { Hex.upper($0) },
                timeMicroseconds: Int((Instant.now - began).wholeNanoseconds / 1000))
        }
        let header = command.withBytes { Hex.upper($0.prefix(4)) }
        let reservation: Reservation
        do throws(JournalError) {
            reservation = try book.journal.reserve(.apduIntent, who: who) {
                $0.put(.reader, reader)
                $0.put(.serial, number)
                $0.put(.command, header)
            }
        } catch {
            throw .station(Words.journal(error.description))
        }
        var failure: WorkError? = nil
        do throws(WorkError) { try transmit() } catch { failure = error }
        let status = response.withBytes { Hex.upper($0.suffix(2)) }
        _ = try? reservation.complete(.apduOutcome) {
            $0.put(.command, header)
            $0.put(.status, failure == nil ? status : "none")
        }
        if let failure { throw failure }
        return Station.Exchanged(
            response: response.withBytes { Hex.upper($0) },
            timeMicroseconds: Int((Instant.now - began).wholeNanoseconds / 1000))
    }

    private static func plain(
        _ session: inout CardSession, _ command: [UInt8]
    ) throws(TokenError) -> ResponseAPDU {
        var response = ResponseBuffer()
        do throws(CardFault) {
            try TokenAgent.send(command, &session, &response)
        } catch {
            throw TokenError(.fault(error), "SELECT")
        }
        guard let answer = response.withBytes({ try? ResponseAPDU(parsing: $0) }) else {
            throw TokenError(.malformed, "SELECT")
        }
        return answer
    }
}

/// Hands a locked buffer from one thread to another: whoever takes it first owns it.
final class BufferHandOver: Sendable {
    private let slot: Mutex<LockedBuffer?>
    init(_ buffer: consuming LockedBuffer) { slot = Mutex(buffer) }
    func take() -> LockedBuffer? {
        slot.withLock { held in
            var taken: LockedBuffer? = nil
            swap(&taken, &held)
            return taken
        }
    }
    func discard() { _ = take() }
}

extension Counter {
    /// Whether the answer to the same question says the same: one that does not may have cost a
    /// try.
    fileprivate func isTold(again response: String) -> Bool {
        guard let bytes = Hex.bytes(response), bytes.count == 2 else { return false }
        switch StatusWord(bytes[0], bytes[1]).meaning {
        case .triesLeft(let left): return known == left
        case .blocked: return isBlocked
        case .success: return self.left == .unknown(.verified)
        default: return false
        }
    }
}
