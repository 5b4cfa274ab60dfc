// The one file of this module that names libpcsclite.
import APDU
import CPCSCLite

/// A return code of PC/SC, as pcsclite.h has them.
struct PCSCCode: RawRepresentable, Equatable, Hashable, Sendable {
    let rawValue: UInt32
    init(rawValue: UInt32) { self.rawValue = rawValue }
    init(_ result: LONG) { rawValue = UInt32(truncatingIfNeeded: result) }

    static let success = PCSCCode(rawValue: 0)
    static let cancelled = PCSCCode(rawValue: 0x8010_0002)
    static let invalidHandle = PCSCCode(rawValue: 0x8010_0003)
    static let insufficientBuffer = PCSCCode(rawValue: 0x8010_0008)
    static let unknownReader = PCSCCode(rawValue: 0x8010_0009)
    static let timeout = PCSCCode(rawValue: 0x8010_000A)
    static let sharingViolation = PCSCCode(rawValue: 0x8010_000B)
    static let noCard = PCSCCode(rawValue: 0x8010_000C)
    static let protocolMismatch = PCSCCode(rawValue: 0x8010_000F)
    static let notReady = PCSCCode(rawValue: 0x8010_0010)
    static let systemCancelled = PCSCCode(rawValue: 0x8010_0012)
    static let communicationError = PCSCCode(rawValue: 0x8010_0013)
    static let notTransacted = PCSCCode(rawValue: 0x8010_0016)
    static let readerUnavailable = PCSCCode(rawValue: 0x8010_0017)
    static let shutdown = PCSCCode(rawValue: 0x8010_0018)
    static let noService = PCSCCode(rawValue: 0x8010_001D)
    static let serviceStopped = PCSCCode(rawValue: 0x8010_001E)
    static let noReaders = PCSCCode(rawValue: 0x8010_002E)
    static let unsupportedCard = PCSCCode(rawValue: 0x8010_0065)
    static let unresponsiveCard = PCSCCode(rawValue: 0x8010_0066)
    static let unpoweredCard = PCSCCode(rawValue: 0x8010_0067)
    static let resetCard = PCSCCode(rawValue: 0x8010_0068)
    static let removedCard = PCSCCode(rawValue: 0x8010_0069)

    /// pcscd, or the connection to it, is no more: every context is worth nothing now.
    var isServiceGone: Bool {
        switch self {
        case .noService, .serviceStopped, .shutdown, .systemCancelled, .invalidHandle,
            .communicationError:
            true
        default: false
        }
    }

    /// What it means while a card is held.
    var fault: CardFault {
        switch self {
        case .removedCard, .noCard, .unknownReader, .readerUnavailable: .removed
        case .resetCard: .reset
        case .unpoweredCard, .unresponsiveCard, .unsupportedCard: .mute
        case .cancelled: .cancelled
        case .timeout: .deadline
        case .insufficientBuffer: .malformedResponse
        default: .transport(Int32(bitPattern: rawValue))
        }
    }
}

extension PCSCCode: CustomStringConvertible {
    /// libpcsclite's own words with the number, since people search for either.
    var description: String {
        let words = pcsc_stringify_error(LONG(rawValue)).map { String(cString: $0) } ?? ""
        let digits = String(rawValue, radix: 16)
        let lower = words.prefix(1).lowercased() + words.dropFirst()
        let text = lower.last == "." ? String(lower.dropLast()) : lower
        return text + " (0x" + digits + ")"
    }
}

/// A call to PC/SC that failed.
struct PCSCError: Error, Equatable, Sendable {
    let call: String
    let code: PCSCCode
}

/// The state of one reader as SCardGetStatusChange gives and takes it.
struct PCSCStatus: Equatable, Sendable {
    let reader: String
    /// What is known already; the call waits until something else is true.
    var known: UInt
    var state: UInt = 0
    var atr: [UInt8] = []

    init(reader: String, known: UInt) {
        self.reader = reader
        self.known = known
    }

    /// The name that stands for "a reader comes or goes".
    static let anyReader = "\\\\?PnP?\\Notification"

    private func has(_ flag: Int32) -> Bool { state & UInt(bitPattern: Int(flag)) != 0 }
    var isUnknown: Bool { has(SCARD_STATE_UNKNOWN) || has(SCARD_STATE_IGNORE) }
    var isUnavailable: Bool { has(SCARD_STATE_UNAVAILABLE) }
    var isPresent: Bool { has(SCARD_STATE_PRESENT) }
    var isMute: Bool { has(SCARD_STATE_MUTE) }
    var isTaken: Bool { has(SCARD_STATE_EXCLUSIVE) || has(SCARD_STATE_INUSE) }
    /// Counts cards put in and pulled, modulo 65536.
    var counter: UInt64 { UInt64((state >> 16) & 0xFFFF) }
    /// pcscd names a reader before it has loaded the driver and asked for the card.
    private var isUndecided: Bool {
        reader != Self.anyReader && !isUnknown && !isUnavailable && !isPresent
            && !has(SCARD_STATE_EMPTY)
    }
    /// What to give as `known` next time. Nothing compares unequal to a state that says nothing
    /// of the card but how many there were: it is known as empty, as which it is shown.
    var asKnown: UInt {
        state & ~UInt(SCARD_STATE_CHANGED) | (isUndecided ? UInt(SCARD_STATE_EMPTY) : 0)
    }
}

/// One SCARDCONTEXT: a connection to pcscd. It serialises its calls.
final class PCSCContext: Sendable {
    private let handle: SCARDCONTEXT

    init() throws(PCSCError) {
        var handle = SCARDCONTEXT()
        try check("SCardEstablishContext") {
            SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle)
        }
        self.handle = handle
    }

    deinit { _ = SCardReleaseContext(handle) }

    /// Wakes up a `wait` of this context in another thread; without one it does nothing.
    func cancelWait() { _ = SCardCancel(handle) }

    func readers() throws(PCSCError) -> [String] {
        var length = DWORD(0)
        do throws(PCSCError) {
            try check("SCardListReaders") { SCardListReaders(handle, nil, nil, &length) }
            // A reader more between the two calls needs more room.
            length += 1024
            var names = [CChar](repeating: 0, count: Int(length))
            try check("SCardListReaders") { SCardListReaders(handle, nil, &names, &length) }
            return names.prefix(Int(length)).split(separator: 0).map { name in
                String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
        } catch  where error.code == .noReaders {
            return []
        }
    }

    /// SCardGetStatusChange: waits until a reader's state is another than known.
    /// - Parameter milliseconds: nil waits without end.
    func wait(_ statuses: inout [PCSCStatus], milliseconds: UInt32?) throws(PCSCError) {
        let names = statuses.map { $0.reader.utf8CString.withUnsafeBufferPointer(copy) }
        defer { for name in names { name.deallocate() } }
        var states = zip(statuses, names).map { status, name in
            var state = SCARD_READERSTATE()
            state.szReader = UnsafePointer(name)
            state.dwCurrentState = DWORD(status.known)
            return state
        }
        try check("SCardGetStatusChange") {
            SCardGetStatusChange(
                handle, DWORD(milliseconds ?? UInt32.max), &states, DWORD(states.count))
        }
        for (index, state) in states.enumerated() {
            statuses[index].state = UInt(state.dwEventState)
            statuses[index].atr = withUnsafeBytes(of: state.rgbAtr) {
                Array($0.prefix(Int(clamping: state.cbAtr)))
            }
        }
    }

    /// Takes a card for us alone. Of a card that offers both, T=1 is wanted: it carries
    /// commands whole, where T=0 splits those that ask and answer at once.
    func connect(_ reader: String) throws(PCSCError) -> PCSCCard {
        do throws(PCSCError) {
            return try connect(reader, over: DWORD(SCARD_PROTOCOL_T1))
        } catch  where error.code == .protocolMismatch {
            return try connect(reader, over: DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1))
        }
    }

    private func connect(_ reader: String, over protocols: DWORD) throws(PCSCError) -> PCSCCard {
        var card = SCARDHANDLE()
        var active = DWORD(0)
        try check("SCardConnect") {
            SCardConnect(
                handle, reader, DWORD(SCARD_SHARE_EXCLUSIVE), protocols, &card, &active)
        }
        return PCSCCard(handle: card, active: active)
    }

    private func copy(_ name: UnsafeBufferPointer<CChar>) -> UnsafeMutablePointer<CChar> {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: name.count)
        for (index, character) in name.enumerated() { copy[index] = character }
        return copy
    }
}

/// One connected card. Lives on its reader's thread.
final class PCSCCard {
    private let handle: SCARDHANDLE
    private var active: DWORD

    fileprivate init(handle: SCARDHANDLE, active: DWORD) {
        self.handle = handle
        self.active = active
    }

    var isT1: Bool { active == DWORD(SCARD_PROTOCOL_T1) }

    /// The answer to the last reset.
    func atr() throws(PCSCError) -> [UInt8] {
        var atr = [UInt8](repeating: 0, count: Int(MAX_ATR_SIZE))
        var length = DWORD(atr.count)
        try check("SCardStatus") {
            SCardStatus(handle, nil, nil, nil, nil, &atr, &length)
        }
        return Array(atr.prefix(Int(length)))
    }

    /// Sends a command as its protocol carries it: over T=0 without the Le of case 4S, whose
    /// data come back by 61xx, and with a P3 of zero in case 1 (ISO 7816-3, 12.2).
    func transmit(
        _ command: UnsafeRawBufferPointer, into response: UnsafeMutableRawBufferPointer
    ) throws(PCSCError) -> Int {
        guard !isT1, let parsed = try? CommandAPDU(parsing: command) else {
            return try exchange(command, response)
        }
        guard parsed.encoding == .case1 else {
            return try exchange(
                UnsafeRawBufferPointer(rebasing: command.prefix(parsed.countForT0)), response)
        }
        // A header alone carries no code, so it may be copied.
        var header = (command[0], command[1], command[2], command[3], UInt8(0))
        var result: Swift.Result<Int, PCSCError> = .success(0)
        withUnsafeBytes(of: &header) { bytes in
            do throws(PCSCError) {
                result = .success(try exchange(bytes, response))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    private func exchange(
        _ command: UnsafeRawBufferPointer, _ response: UnsafeMutableRawBufferPointer
    ) throws(PCSCError) -> Int {
        var length = DWORD(response.count)
        let header = isT1 ? g_rgSCardT1Pci : g_rgSCardT0Pci
        try withUnsafePointer(to: header) { header throws(PCSCError) in
            try check("SCardTransmit") {
                SCardTransmit(
                    handle, header, command.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    DWORD(command.count), nil,
                    response.baseAddress?.assumingMemoryBound(to: UInt8.self), &length)
            }
        }
        return Int(length)
    }

    // MARK: The reader's pad

    /// What the reader offers beside cards; nothing where its driver knows no such question.
    func features() throws(PCSCError) -> PINPadFeatures? {
        guard let answer = try ask(token_station_feature_request()) else { return nil }
        return answer.withUnsafeBytes { try? PINPadFeatures(parsing: $0) }
    }

    /// - Parameter code: of FEATURE_GET_TLV_PROPERTIES.
    func properties(_ code: UInt32) throws(PCSCError) -> PINPadProperties? {
        guard let answer = try ask(DWORD(code)) else { return nil }
        return answer.withUnsafeBytes { try? PINPadProperties(parsing: $0) }
    }

    /// A question to the driver; nil where it has no answer to it.
    private func ask(_ code: DWORD) throws(PCSCError) -> [UInt8]? {
        do throws(PCSCError) {
            return try control(code, [])
        } catch {
            if error.code.isServiceGone || error.code.fault == .removed
                || error.code.fault == .reset
            {
                throw error
            }
            return nil
        }
    }

    /// SCardControl with a structure that holds no code.
    func control(_ code: DWORD, _ input: [UInt8]) throws(PCSCError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 264)
        let capacity = DWORD(output.count)
        var length = DWORD(0)
        try check("SCardControl") {
            SCardControl(handle, code, input, DWORD(input.count), &output, capacity, &length)
        }
        return Array(output.prefix(Int(clamping: length)))
    }

    func resetCold() throws(PCSCError) {
        var now = active
        try check("SCardReconnect") {
            SCardReconnect(
                handle, DWORD(SCARD_SHARE_EXCLUSIVE), active, DWORD(SCARD_UNPOWER_CARD), &now)
        }
        active = now
    }

    /// Powers the card down and lets it go.
    func disconnect() {
        _ = SCardDisconnect(handle, DWORD(SCARD_UNPOWER_CARD))
    }
}

private func check(_ call: StaticString, _ body: () -> LONG) throws(PCSCError) {
    let code = PCSCCode(body())
    guard code == .success else { throw PCSCError(call: call.description, code: code) }
}
