/// Why bytes are no PPS, or a card's answer to one is no agreement.
package struct PPSError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The bytes end before what PPS0 announces.
        case truncated
        /// More bytes than PPS0 announces.
        case trailingBytes
        /// PPSS is not FF.
        case initialByte(UInt8)
        /// PPS0 with the reserved bit set.
        case reservedBit
        /// PCK does not make all bytes XOR to zero; the XOR that came out.
        case checkByte(UInt8)
        /// The card answers with another protocol.
        case protocolChanged
        /// The card answers with other rates.
        case ratesChanged
        /// The card answers with a byte it was not asked for.
        case unasked
        /// The card does not offer the protocol, or not in the mode it is in.
        case protocolNotOffered
    }

    package let code: Code
    /// Offset of the byte where it shows; nil where it is in none.
    package let offset: Int?

    package init(_ code: Code, at offset: Int? = nil) {
        self.code = code
        self.offset = offset
    }

    package var description: String {
        guard let offset else { return reason }
        return reason + " (at byte " + String(offset) + ")"
    }

    private var reason: String {
        switch code {
        case .truncated: "the pps ends too early"
        case .trailingBytes: "more bytes than the pps announces"
        case .initialByte(let byte): "initial byte " + Hexadecimal.of(byte) + ", not FF"
        case .reservedBit: "a reserved bit in pps0"
        case .checkByte: "wrong check byte"
        case .protocolChanged: "the card wants another protocol"
        case .ratesChanged: "the card wants other rates"
        case .unasked: "the card answers what it was not asked"
        case .protocolNotOffered: "the card does not offer this protocol"
        }
    }
}

/// A protocol and parameters selection, request or response (ISO/IEC 7816-3:2006, clause 9).
package struct PPS: Equatable, Sendable {
    package let transmissionProtocol: TransmissionProtocol
    /// PPS1, laid out as TA1: the rates to use. Fd and Dd without it.
    package let rates: UInt8?
    /// PPS2, laid out as the first TB for T=15; never asked for here.
    package let pps2: UInt8?
    /// PPS3, reserved; never asked for here.
    package let pps3: UInt8?

    /// PPSS, PPS0, three parameter bytes and PCK.
    package static var longest: Int { 6 }

    /// A request for a protocol and rates.
    package init(_ transmissionProtocol: TransmissionProtocol, rates: UInt8? = nil) {
        self.transmissionProtocol = transmissionProtocol
        self.rates = rates
        pps2 = nil
        pps3 = nil
    }

    /// Takes one whole PPS.
    ///
    /// - Throws: `.truncated`, `.trailingBytes`, `.initialByte`, `.reservedBit`, `.checkByte`.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(PPSError) {
        var next = 0
        guard try Self.take(bytes, &next) == 0xFF else {
            throw PPSError(.initialByte(bytes[0]), at: 0)
        }
        let pps0 = try Self.take(bytes, &next)
        guard pps0 & 0x80 == 0 else { throw PPSError(.reservedBit, at: 1) }
        transmissionProtocol = TransmissionProtocol(rawValue: pps0 & 0x0F)
        rates = pps0 & 0x10 == 0 ? nil : try Self.take(bytes, &next)
        pps2 = pps0 & 0x20 == 0 ? nil : try Self.take(bytes, &next)
        pps3 = pps0 & 0x40 == 0 ? nil : try Self.take(bytes, &next)
        _ = try Self.take(bytes, &next)
        guard next == bytes.count else { throw PPSError(.trailingBytes, at: next) }
        let sum = bytes.reduce(0, ^)
        guard sum == 0 else { throw PPSError(.checkByte(sum), at: next - 1) }
    }

    /// The bytes as they are sent, 3 to 6 of them.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [0xFF, transmissionProtocol.rawValue & 0x0F]
        if let rates {
            bytes[1] |= 0x10
            bytes.append(rates)
        }
        if let pps2 {
            bytes[1] |= 0x20
            bytes.append(pps2)
        }
        if let pps3 {
            bytes[1] |= 0x40
            bytes.append(pps3)
        }
        bytes.append(bytes.reduce(0, ^))
        return bytes
    }

    /// The rates in force after the card's answer to this request, laid out as TA1: those asked
    /// for, or Fd and Dd where the card leaves PPS1 out (9.3).
    ///
    /// - Throws: `.protocolChanged`, `.ratesChanged`, `.unasked`. The exchange has then failed:
    ///   the card is to be reset, and what holds is `PPSPlan.withoutExchange`.
    package func agreed(by response: PPS) throws(PPSError) -> UInt8 {
        guard response.transmissionProtocol == transmissionProtocol else {
            throw PPSError(.protocolChanged)
        }
        guard response.pps2 == nil || response.pps2 == pps2,
            response.pps3 == nil || response.pps3 == pps3
        else { throw PPSError(.unasked) }
        guard let answered = response.rates else { return ATR.Rates.standardByte }
        guard let rates else { throw PPSError(.unasked) }
        guard answered == rates else { throw PPSError(.ratesChanged) }
        return rates
    }

    private static func take(
        _ bytes: UnsafeRawBufferPointer, _ next: inout Int
    ) throws(PPSError) -> UInt8 {
        guard next < bytes.count else { throw PPSError(.truncated, at: next) }
        defer { next += 1 }
        return bytes[next]
    }
}

extension ATR.Rates {
    /// Fd and Dd laid out as TA1: 372 and 1.
    package static var standardByte: UInt8 { 0x11 }
}
