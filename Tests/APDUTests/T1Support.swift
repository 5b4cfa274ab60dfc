import APDU

/// The code of `bytes` by plain division of polynomials over the bits as they go on the line,
/// which is how ISO/IEC 13239 words it and not how the room computes it.
func errorDetectionCode(_ bytes: [UInt8], _ edc: T1EDC) -> [UInt8] {
    guard edc != .lrc else { return [bytes.reduce(0, ^)] }
    var remainder: UInt32 = 0
    for index in 0..<(bytes.count * 8 + 16) {
        var bit = index < bytes.count * 8 ? bytes[index / 8] >> UInt8(index % 8) & 1 : 0
        if index < 16 { bit ^= 1 }
        remainder = remainder << 1 | UInt32(bit)
        if remainder & 0x10000 != 0 { remainder ^= 0x11021 }
    }
    // The coefficient of x^15 goes first, as the lowest bit of a byte.
    var (first, second): (UInt8, UInt8) = (0, 0)
    for bit in 0..<8 {
        first |= UInt8(remainder >> (15 - bit) & 1) << UInt8(bit)
        second |= UInt8(remainder >> (7 - bit) & 1) << UInt8(bit)
    }
    return edc == .crc ? [~first, ~second] : [second, first]
}

/// A block from its prologue and information in hexadecimal.
func block(_ text: String, _ edc: T1EDC = .lrc) -> [UInt8] {
    let bytes = hex(text)
    return bytes + errorDetectionCode(bytes, edc)
}

func parse(_ bytes: [UInt8], _ edc: T1EDC) throws(T1Block.Invalid) -> T1Block {
    try bytes.withBytes { bytes throws(T1Block.Invalid) in
        try T1Block(parsing: bytes, edc: edc)
    }
}

/// Drives a link with arrays.
final class T1Host {
    var link: T1Link
    private(set) var command: [UInt8] = []
    private var sink: PlainBuffer
    private var response: ResponseBuffer

    init(_ link: T1Link, capacity: Int = ResponseBuffer.largest, sink: Int = T1Block.largest) {
        self.link = link
        self.sink = PlainBuffer(capacity: sink)
        response = ResponseBuffer(capacity: capacity)
    }

    /// The block to send.
    var sent: [UInt8] { sink.bytes }
    var held: [UInt8] { response.withBytes { Array($0) } }

    func begin(_ command: [UInt8]) throws(T1Error) -> T1Step {
        sink.wipe()
        self.command = command
        return try command.withBytes { command throws(T1Error) in
            try link.begin(command: command, into: &sink)
        }
    }

    /// Begins with a block the reader makes.
    func beginReadersBlock(_ count: Int) throws(T1Error) -> PINPrologue {
        sink.wipe()
        command = []
        return try link.beginReadersBlock(count: count)
    }

    func negotiateIFSD(_ size: Int) throws(T1Error) -> T1Step {
        sink.wipe()
        command = []
        return try link.negotiateIFSD(size, into: &sink)
    }

    func receive(_ bytes: [UInt8], command other: [UInt8]? = nil) -> T1Step {
        sink.wipe()
        return bytes.withUnsafeBytes { bytes in
            (other ?? command).withUnsafeBytes { command in
                link.receive(bytes, command: command, response: &response, into: &sink)
            }
        }
    }

    func receiveNothing(_ trouble: T1Trouble) -> T1Step {
        sink.wipe()
        return command.withUnsafeBytes { command in
            link.receiveNothing(why: trouble, command: command, into: &sink)
        }
    }
}
