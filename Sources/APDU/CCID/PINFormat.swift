/// How a pad writes a code into a command, in the terms of CCID 6.1.11 and PC/SC part 10.
package struct PINFormat: Equatable, Sendable {
    package enum Encoding: UInt8, Equatable, Sendable {
        case binary = 0
        /// Two digits a byte.
        case bcd = 1
        /// One character a byte.
        case ascii = 2
    }

    package enum Justification: UInt8, Equatable, Sendable {
        case left = 0
        case right = 1
    }

    /// A place in the command's data, 0 to 15 units from its start.
    package enum Position: Equatable, Sendable {
        case bytes(UInt8)
        case bits(UInt8)

        var value: UInt8 {
            switch self {
            case .bytes(let count), .bits(let count): count
            }
        }

        var isInBytes: Bool {
            if case .bytes = self { true } else { false }
        }

        var bitOffset: Int { Int(value) * (isInBytes ? 8 : 1) }
    }

    /// Where the pad writes how many characters there are.
    package struct LengthField: Equatable, Sendable {
        /// Its size in bits, 1 to 15.
        package let bits: UInt8
        package let position: Position

        package init(bits: UInt8, position: Position) {
            self.bits = bits
            self.position = position
        }
    }

    package let encoding: Encoding
    /// The fewest and the most characters.
    package let digits: ClosedRange<UInt8>
    /// Bytes of the block the code stands in, 1 to 15; 0 for just as many as it has.
    package let blockLength: UInt8
    package let justification: Justification
    /// Where the block begins.
    package let position: Position
    package let length: LengthField?

    /// - Throws: `.noDigits`, `.blockLength`, `.position`, `.lengthField`.
    package init(
        _ encoding: Encoding, digits: ClosedRange<UInt8>, blockLength: UInt8 = 0,
        justification: Justification = .left, position: Position = .bytes(0),
        length: LengthField? = nil
    ) throws(PINPadError) {
        guard digits.lowerBound > 0 else { throw PINPadError(.noDigits) }
        let most = Int(digits.upperBound)
        let needed = encoding == .bcd ? (most + 1) / 2 : most
        guard blockLength <= 15, blockLength == 0 || needed <= Int(blockLength),
            blockLength > 0 || justification == .left
        else { throw PINPadError(.blockLength) }
        guard position.value <= 15, (length?.position.value ?? 0) <= 15 else {
            throw PINPadError(.position)
        }
        guard (1...15).contains(length?.bits ?? 1) else { throw PINPadError(.lengthField) }
        self.encoding = encoding
        self.digits = digits
        self.blockLength = blockLength
        self.justification = justification
        self.position = position
        self.length = length
    }

    /// bmFormatString
    var formatString: UInt8 {
        (position.isInBytes ? 0x80 : 0) | position.value << 3 | justification.rawValue << 2
            | encoding.rawValue
    }

    /// bmPINBlockString
    var blockString: UInt8 { (length?.bits ?? 0) << 4 | blockLength }

    /// bmPINLengthFormat
    var lengthFormat: UInt8 {
        guard let length else { return 0 }
        return (length.position.isInBytes ? 0x10 : 0) | length.position.value
    }

    /// wPINMaxExtraDigit, the first byte first.
    var extraDigit: [UInt8] { [digits.upperBound, digits.lowerBound] }

    /// Whether code and length lie inside `count` bytes of data, `offset` bytes later.
    func fits(_ count: Int, offset: Int) -> Bool {
        let end = position.bitOffset + (offset + Int(blockLength)) * 8
        // A block of no fixed length ends here where it begins, and makes room for itself.
        let hasRoom = end <= count * 8
        guard let length else { return hasRoom }
        return hasRoom && length.position.bitOffset + Int(length.bits) <= count * 8
    }
}

/// A command with room for codes that are entered at a pad. It holds none.
package struct PINTemplate: Equatable, Sendable {
    /// Header and Lc, which stand before the data.
    package static var headerLength: Int { 5 }
    package static var longestData: Int { 255 }

    package let header: CommandHeader
    /// 0 to 255 bytes of command data as the pad finds them; what it leaves is the padding.
    package let data: [UInt8]

    /// - Parameters:
    ///   - prefix: data before the first code.
    ///   - filler: what pads a code.
    ///   - count: how many bytes of filler.
    /// - Throws: `.dataTooLong`.
    package init(
        _ header: CommandHeader, prefix: [UInt8] = [], filler: UInt8 = 0xFF, count: UInt8
    ) throws(PINPadError) {
        guard prefix.count + Int(count) <= 255 else { throw PINPadError(.dataTooLong) }
        self.header = header
        data = prefix + [UInt8](repeating: filler, count: Int(count))
    }

    /// Header, Lc and data. Lc stands there even if it is 0: the pad corrects it.
    var bytes: [UInt8] {
        [header.cla, header.ins, header.p1, header.p2, UInt8(truncatingIfNeeded: data.count)]
            + data
    }
}
