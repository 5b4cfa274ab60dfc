/// The ten bytes before each bulk message, and what a reader answers with (CCID 1.1, 6).
struct CCIDRequest: Equatable, Sendable {
    let type: UInt8
    let slot: UInt8
    let sequence: UInt8
    /// Bytes 7 to 9.
    let specific: [UInt8]
    let data: [UInt8]

    static let headerSize = 10

    /// dwLength of a message so far; nil before its header is there.
    static func length(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= headerSize else { return nil }
        return (1...4).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    }

    /// - Parameter bytes: at least a header.
    init(_ bytes: [UInt8]) {
        (type, slot, sequence) = (bytes[0], bytes[5], bytes[6])
        specific = Array(bytes[7..<10])
        data = Array(bytes[10...])
    }

    enum Kind {
        static let setParameters: UInt8 = 0x61
        static let powerOn: UInt8 = 0x62
        static let powerOff: UInt8 = 0x63
        static let slotStatus: UInt8 = 0x65
        static let secure: UInt8 = 0x69
        static let t0APDU: UInt8 = 0x6A
        static let escape: UInt8 = 0x6B
        static let getParameters: UInt8 = 0x6C
        static let resetParameters: UInt8 = 0x6D
        static let clock: UInt8 = 0x6E
        static let exchange: UInt8 = 0x6F
        static let mechanical: UInt8 = 0x71
        static let abort: UInt8 = 0x72
        static let dataRate: UInt8 = 0x73
    }

    /// The type of the message that answers this one.
    var answerType: UInt8 {
        switch type {
        case Kind.powerOn, Kind.secure, Kind.exchange: 0x80
        case Kind.setParameters, Kind.getParameters, Kind.resetParameters: 0x82
        case Kind.escape: 0x83
        case Kind.dataRate: 0x84
        default: 0x81
        }
    }
}

/// An answer before the slot's state is put in.
struct CCIDAnswer: Equatable, Sendable {
    enum Outcome: Equatable, Sendable {
        case done
        case failed(UInt8)
        /// bError: how many times the waiting time more.
        case moreTime(UInt8)
    }

    let type: UInt8
    let slot: UInt8
    let sequence: UInt8
    var outcome: Outcome
    /// Byte 9: chaining, protocol or clock, as the type has it.
    var parameter: UInt8 = 0
    var data: [UInt8] = []

    init(
        to request: CCIDRequest, _ outcome: Outcome = .done, parameter: UInt8 = 0,
        data: [UInt8] = []
    ) {
        (type, slot, sequence) = (request.answerType, request.slot, request.sequence)
        (self.outcome, self.parameter, self.data) = (outcome, parameter, data)
    }

    /// - Parameter icc: bmICCStatus, 0 active, 1 inactive, 2 absent.
    func encoded(icc: UInt8) -> [UInt8] {
        var bytes = [type]
        bytes.append(littleEndian: UInt32(clamping: data.count))
        bytes += [slot, sequence]
        switch outcome {
        case .done: bytes += [icc, 0]
        case .failed(let error): bytes += [icc | 0x40, error]
        case .moreTime(let multiplier): bytes += [icc | 0x80, multiplier]
        }
        return bytes + [parameter] + data
    }
}

/// bError (CCID 1.1, table 6.2-2). Values below 80 are the offset of a wrong byte.
enum CCIDError {
    static let unsupported: UInt8 = 0x00
    static let badLength: UInt8 = 0x01
    static let badSlot: UInt8 = 0x05
    static let aborted: UInt8 = 0xFF
    static let mute: UInt8 = 0xFE
    static let parity: UInt8 = 0xFD
    static let slotBusy: UInt8 = 0xE0
    static let timeOut: UInt8 = 0xF0
    static let cancelled: UInt8 = 0xEF
}
