/// N(S) or N(R): the number of an I-block, modulo 2 (ISO 7816-3, 11.6.2.1).
package enum T1Sequence: UInt8, Equatable, Sendable {
    case zero = 0
    case one = 1

    package var next: T1Sequence { self == .zero ? .one : .zero }
}

/// One T=1 block as its bytes say (ISO 7816-3, 11.3): NAD 00, PCB, LEN, INF, EDC.
///
/// It holds no information field, only where it lies: parsing a block with a code in it leaves
/// no copy. Card and interface device share it.
package struct T1Block: Equatable, Sendable {
    /// PCB, and INF where it is one byte with a meaning (11.3.2.2).
    package enum Content: Equatable, Sendable {
        /// I(N(S), M): a part of a command or response.
        case information(T1Sequence, more: Bool)
        /// R(N(R)): the I-block awaited next, and why it is asked for.
        case receiveReady(T1Sequence, Report)
        case request(Supervision)
        case response(Supervision)
    }

    /// What an R-block reports.
    package enum Report: UInt8, Equatable, Sendable {
        case errorFree = 0
        /// Parity or EDC.
        case damaged = 1
        case otherError = 2
    }

    /// What an S-block asks for, or grants.
    package enum Supervision: Equatable, Sendable {
        case resynch
        /// A new IFSC from the card, IFSD from the interface device: 1 to 254 bytes.
        case ifs(UInt8)
        case abort
        /// A multiple of BWT for the next wait.
        case wtx(UInt8)
    }

    /// Why bytes are no block.
    package enum Invalid: Error, Equatable, Sendable {
        /// Shorter than a prologue and an EDC, or longer than any block.
        case size
        /// The EDC is not that of the bytes before.
        case edc
        /// A node address other than 00.
        case nodeAddress
        /// A PCB with no meaning, or one for which INF has another length or value.
        case control
        /// LEN is FF, or not the length of INF.
        case length
    }

    /// The longest information field, in bytes.
    package static var largestInformation: Int { 254 }
    /// The longest block: prologue, information, CRC.
    package static var largest: Int { 259 }
    /// NAD, PCB and LEN.
    private static var prologue: Int { 3 }

    package let content: Content
    /// Where INF lies in the bytes that were parsed; 0 to 254 bytes.
    package let informationRange: Range<Int>

    /// Parses one whole block and no more; `edc` is checked before anything is believed.
    ///
    /// - Throws: `Invalid`.
    package init(parsing bytes: UnsafeRawBufferPointer, edc: T1EDC) throws(Invalid) {
        let end = bytes.count - edc.byteCount
        guard end >= Self.prologue, bytes.count <= Self.largest else { throw .size }
        guard edc.holds(bytes) else { throw .edc }
        guard bytes[0] == 0 else { throw .nodeAddress }
        informationRange = Self.prologue..<end
        guard bytes[2] <= 254, Int(bytes[2]) == informationRange.count else { throw .length }
        let single = informationRange.count == 1 ? bytes[Self.prologue] : nil
        guard
            let content = Content(
                control: bytes[1], informationCount: informationRange.count, single: single)
        else { throw .control }
        self.content = content
    }

    /// The information field, where `bytes` are those that were parsed; empty if they cannot be.
    package func information(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard informationRange.upperBound <= bytes.count else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(rebasing: bytes[informationRange])
    }

    /// Writes one block; `information` is for I-blocks and must be empty for others.
    ///
    /// - Throws: `.informationLength` above 254 bytes, for an IFS of 0 or 255, or where there
    ///   may be none; `.sinkFull` with part of the block in the sink, for the caller to wipe.
    package static func encode<S: ByteSink & ~Copyable>(
        _ content: Content, information: UnsafeRawBufferPointer, edc: T1EDC, into sink: inout S
    ) throws(T1Error) {
        var count = information.count
        let single = content.single
        if case .information = content {
            guard count <= largestInformation else { throw .informationLength }
        } else {
            guard count == 0, content.isSound else { throw .informationLength }
            count = single == nil ? 0 : 1
        }
        var sum = edc.start
        try put(0, edc, &sum, &sink)
        try put(content.control, edc, &sum, &sink)
        try put(UInt8(truncatingIfNeeded: count), edc, &sum, &sink)
        if let single { try put(single, edc, &sum, &sink) }
        guard sink.append(contentsOf: information) else { throw .sinkFull }
        let (first, second) = edc.bytes(edc.adding(information, to: sum))
        guard sink.append(first), edc.byteCount == 1 || sink.append(second) else {
            throw .sinkFull
        }
    }

    /// Writes a block that is not an I-block.
    package static func encode<S: ByteSink & ~Copyable>(
        _ content: Content, edc: T1EDC, into sink: inout S
    ) throws(T1Error) {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        try encode(content, information: nothing, edc: edc, into: &sink)
    }

    private static func put<S: ByteSink & ~Copyable>(
        _ byte: UInt8, _ edc: T1EDC, _ sum: inout UInt16, _ sink: inout S
    ) throws(T1Error) {
        guard sink.append(byte) else { throw .sinkFull }
        sum = edc.adding(byte, to: sum)
    }
}

extension T1Block.Content {
    /// - Parameter single: INF where it is one byte.
    fileprivate init?(control: UInt8, informationCount: Int, single: UInt8?) {
        let number: T1Sequence
        switch control & 0xC0 {
        case 0x00, 0x40:
            guard control & 0x1F == 0 else { return nil }
            number = control & 0x40 == 0 ? .zero : .one
            self = .information(number, more: control & 0x20 != 0)
        case 0x80:
            guard control & 0x20 == 0, informationCount == 0,
                let report = T1Block.Report(rawValue: control & 0x0F)
            else { return nil }
            number = control & 0x10 == 0 ? .zero : .one
            self = .receiveReady(number, report)
        default:
            let supervision: T1Block.Supervision
            switch (control & 0x1F, informationCount, single) {
            case (0, 0, _): supervision = .resynch
            case (1, 1, .some(let size)) where size != 0 && size != 255: supervision = .ifs(size)
            case (2, 0, _): supervision = .abort
            case (3, 1, .some(let times)): supervision = .wtx(times)
            default: return nil
            }
            self = control & 0x20 == 0 ? .request(supervision) : .response(supervision)
        }
    }

    /// PCB.
    fileprivate var control: UInt8 {
        switch self {
        case .information(let number, let more): number.rawValue << 6 | (more ? 0x20 : 0)
        case .receiveReady(let number, let report): 0x80 | number.rawValue << 4 | report.rawValue
        case .request(let supervision): 0xC0 | supervision.code
        case .response(let supervision): 0xE0 | supervision.code
        }
    }

    /// The one byte of INF of S(IFS) and S(WTX).
    fileprivate var single: UInt8? {
        switch self {
        case .request(.ifs(let byte)), .response(.ifs(let byte)), .request(.wtx(let byte)),
            .response(.wtx(let byte)):
            byte
        default: nil
        }
    }

    /// Whether it does not carry an IFS that is reserved.
    fileprivate var isSound: Bool {
        switch self {
        case .request(.ifs(let size)), .response(.ifs(let size)): size != 0 && size != 255
        default: true
        }
    }
}

extension T1Block.Supervision {
    fileprivate var code: UInt8 {
        switch self {
        case .resynch: 0
        case .ifs: 1
        case .abort: 2
        case .wtx: 3
        }
    }
}
