import APDU

/// Bytes of a hexadecimal text; blanks are skipped.
func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}

func text(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
}

/// `bytes` with the check byte that fits them.
func checked(_ bytes: String) -> [UInt8] {
    let bytes = hex(bytes)
    return bytes + [bytes.dropFirst().reduce(0, ^)]
}

/// `count` bytes, none like its neighbours.
func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
}

/// The code of the error that `body` throws; nil where it throws none, or another.
func codeThrown(_ body: () throws -> Void) -> APDUError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? APDUError)?.code
    }
}

extension [UInt8] {
    /// The standard library's own lose the error's type before Swift 6.1.
    func withBytes<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let result: Result<R, E> = withUnsafeBytes { bytes in
            do throws(E) {
                return .success(try body(bytes))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

func encode(
    _ header: CommandHeader, _ data: [UInt8], _ expecting: ExpectedLength, _ form: APDUForm,
    capacity: Int = PlainBuffer.longestCommand
) throws(APDUError) -> [UInt8] {
    var sink = PlainBuffer(capacity: capacity)
    try data.withBytes { bytes throws(APDUError) in
        try CommandEncoder.encode(
            header, data: bytes, expecting: expecting, form: form,
            into: &sink)
    }
    return sink.bytes
}

func parse(_ bytes: [UInt8]) throws(APDUError) -> CommandAPDU {
    try bytes.withBytes { bytes throws(APDUError) in
        try CommandAPDU(parsing: bytes)
    }
}

extension ResponseCollector {
    mutating func receive(_ bytes: [UInt8]) throws(APDUError) -> Step {
        try bytes.withBytes { bytes throws(APDUError) in
            try receive(bytes)
        }
    }
}

/// The same numbers for the same seed, on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A card that answers from a list and notes what it was sent.
struct ScriptedChannel: ~Copyable, CardChannel {
    enum Answer {
        case bytes([UInt8])
        case fault(CardFault)
    }

    var takesExtended = false
    var answers: [Answer]
    var sent: [[UInt8]] = []
    var writes: [Bool] = []

    init(_ answers: [Answer], takesExtended: Bool = false) {
        self.answers = answers
        self.takesExtended = takesExtended
    }

    init(_ answers: [String], takesExtended: Bool = false) {
        self.init(answers.map { .bytes(hex($0)) }, takesExtended: takesExtended)
    }

    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        sent.append(Array(command))
        self.writes.append(writes)
        guard !answers.isEmpty else { throw .mute }
        switch answers.removeFirst() {
        case .fault(let fault): throw fault
        case .bytes(let bytes):
            response.fill { room -> Int in
                room.copyBytes(from: bytes)
                return bytes.count
            }
        }
    }
}

/// A command buffer that remembers what was in it when it was wiped.
struct WatchedBuffer: ~Copyable, CommandBuffer {
    var plain: PlainBuffer
    var wipes = 0

    init(capacity: Int = PlainBuffer.longestCommand) { plain = PlainBuffer(capacity: capacity) }

    mutating func append(_ byte: UInt8) -> Bool { plain.append(byte) }
    mutating func append(contentsOf bytes: UnsafeRawBufferPointer) -> Bool {
        plain.append(contentsOf: bytes)
    }
    mutating func wipe() {
        plain.wipe()
        wipes += 1
    }
    borrowing func withBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try plain.withBytes(body)
    }
}
