/// Why bytes are no answer to reset.
package struct ATRError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The bytes end before what they announce.
        case truncated
        /// More bytes than announced, or more than 33.
        case trailingBytes
        /// TS is neither 3B nor 3F.
        case initialByte(UInt8)
        /// T=15 offered as the first protocol (8.2.3).
        case globalProtocolFirst
        /// TCK does not make the bytes from T0 on XOR to zero; the XOR that came out.
        case checkByte(UInt8)
    }

    package let code: Code
    /// Offset of the byte where it shows.
    package let offset: Int

    package init(code: Code, offset: Int) {
        self.code = code
        self.offset = offset
    }

    package var description: String {
        let reason =
            switch code {
            case .truncated: "the answer to reset ends too early"
            case .trailingBytes: "more bytes than the answer to reset announces"
            case .initialByte(let byte): "initial byte " + Hexadecimal.of(byte) + ", not 3B or 3F"
            case .globalProtocolFirst: "T=15 as the first protocol"
            case .checkByte: "wrong check byte"
            }
        return reason + " (at byte " + String(offset) + ")"
    }
}

/// An answer to reset, taken apart (ISO 7816-3:2006, 8.2).
///
/// Some cards in use send bytes that are no ATR by the standard, mostly a check byte too many.
/// A caller goes on without these values; such a card is not to be refused.
package struct ATR: Equatable, Sendable {
    /// How the card's bits stand for bytes, told by TS.
    package enum Convention: Equatable, Sendable {
        /// TS 3B.
        case direct
        /// TS 3F.
        case inverse
    }

    /// TAi, TBi, TCi and TDi for one i.
    package struct InterfaceBytes: Equatable, Sendable {
        /// i, from 1.
        package let index: Int
        /// T of TD(i-1): the protocol these bytes are for where i is above 2; nil for i = 1.
        package let transmissionProtocol: TransmissionProtocol?
        package let ta, tb, tc, td: UInt8?
    }

    /// All bytes, TS first, 2 to 33 of them.
    package let bytes: [UInt8]
    package let convention: Convention
    /// The interface bytes for each i, T0's first.
    package let interface: [InterfaceBytes]
    /// 0 to 15 bytes of the card's own; `HistoricalBytes` reads them.
    package let historicalBytes: ArraySlice<UInt8>
    /// TCK where there is one: it is there, and right, wherever a T other than 0 is offered.
    package let checkByte: UInt8?

    /// - Throws: `ATRError` for anything but one whole answer to reset.
    package init(parsing bytes: [UInt8]) throws(ATRError) {
        var cursor = Cursor(bytes: bytes)
        let ts = try cursor.next()
        switch ts {
        case 0x3B: convention = .direct
        case 0x3F: convention = .inverse
        default: throw ATRError(code: .initialByte(ts), offset: 0)
        }

        let t0 = try cursor.next()
        var announced = t0
        var protocolOfGroup: TransmissionProtocol?
        var groups: [InterfaceBytes] = []
        var offersOnlyT0 = true
        while true {
            let group = InterfaceBytes(
                index: groups.count + 1, transmissionProtocol: protocolOfGroup,
                ta: try cursor.next(if: announced & 0x10 != 0),
                tb: try cursor.next(if: announced & 0x20 != 0),
                tc: try cursor.next(if: announced & 0x40 != 0),
                td: try cursor.next(if: announced & 0x80 != 0))
            groups.append(group)
            guard let td = group.td else { break }
            let offered = TransmissionProtocol(rawValue: td & 0x0F)
            if offered == .global, groups.count == 1 {
                throw ATRError(code: .globalProtocolFirst, offset: cursor.position - 1)
            }
            if offered != .t0 { offersOnlyT0 = false }
            announced = td
            protocolOfGroup = offered
        }
        interface = groups

        let start = cursor.position
        for _ in 0..<(t0 & 0x0F) { _ = try cursor.next() }
        historicalBytes = bytes[start..<cursor.position]

        if offersOnlyT0 {
            checkByte = nil
        } else {
            checkByte = try cursor.next()
            let sum = bytes[1..<cursor.position].reduce(0, ^)
            guard sum == 0 else {
                throw ATRError(code: .checkByte(sum), offset: cursor.position - 1)
            }
        }
        guard cursor.position == bytes.count else {
            throw ATRError(code: .trailingBytes, offset: cursor.position)
        }
        self.bytes = bytes
    }

    /// Steps through the bytes and no further than 33 of them.
    private struct Cursor {
        let bytes: [UInt8]
        var position = 0

        mutating func next() throws(ATRError) -> UInt8 {
            guard position < 33 else { throw ATRError(code: .trailingBytes, offset: 33) }
            guard position < bytes.count else {
                throw ATRError(code: .truncated, offset: position)
            }
            defer { position += 1 }
            return bytes[position]
        }

        mutating func next(if announced: Bool) throws(ATRError) -> UInt8? {
            guard announced else { return nil }
            return try next()
        }
    }
}

extension ATR: CustomStringConvertible {
    /// The bytes in hexadecimal, without spaces, as lists of ATRs write them.
    package var description: String {
        var text = ""
        for byte in bytes { text += Hexadecimal.of(byte) }
        return text
    }
}
