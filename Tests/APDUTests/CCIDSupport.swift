import APDU

/// The bytes of a class descriptor from its fields, named as the standard does.
struct DescriptorBytes: Sendable {
    var bcdCCID: UInt16 = 0x0110
    var bMaxSlotIndex: UInt8 = 0
    var bVoltageSupport: UInt8 = 7
    var dwProtocols: UInt32 = 3
    var dwDefaultClock: UInt32 = 4000
    var dwMaximumClock: UInt32 = 4000
    var dwDataRate: UInt32 = 10752
    var dwMaxDataRate: UInt32 = 344_086
    var dwMaxIFSD: UInt32 = 254
    var dwFeatures: UInt32 = 0x10230
    var dwMaxCCIDMessageLength: UInt32 = 271
    var bClassGetResponse: UInt8 = 0
    var bClassEnvelope: UInt8 = 0
    var wLcdLayout: UInt16 = 0
    var bPINSupport: UInt8 = 0
    var bMaxCCIDBusySlots: UInt8 = 1

    var bytes: [UInt8] {
        let fields: [[UInt8]] = [
            [0x36, 0x21], little(bcdCCID), [bMaxSlotIndex, bVoltageSupport], little(dwProtocols),
            little(dwDefaultClock), little(dwMaximumClock), [0], little(dwDataRate),
            little(dwMaxDataRate), [0], little(dwMaxIFSD), little(UInt32(0)), little(UInt32(0)),
            little(dwFeatures), little(dwMaxCCIDMessageLength),
            [bClassGetResponse, bClassEnvelope], little(wLcdLayout),
            [bPINSupport, bMaxCCIDBusySlots],
        ]
        return Array(fields.joined())
    }
}

func little<N: FixedWidthInteger>(_ value: N) -> [UInt8] {
    (0..<(N.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// A message from a reader.
func message(
    _ type: UInt8, slot: UInt8 = 0, sequence: UInt8 = 0, status: UInt8 = 0, error: UInt8 = 0,
    last: UInt8 = 0, _ data: [UInt8] = []
) -> [UInt8] {
    [type] + little(UInt32(data.count)) + [slot, sequence, status, error, last] + data
}

func describe(
    _ bytes: [UInt8], quirks: [CCIDQuirk] = []
) throws(CCIDError) -> CCIDDescriptor {
    try bytes.withBytes { bytes throws(CCIDError) in
        try CCIDDescriptor(parsing: bytes, quirks: quirks)
    }
}

func reply(_ bytes: [UInt8]) throws(CCIDError) -> CCIDReply {
    try bytes.withBytes { bytes throws(CCIDError) in
        try CCIDReply(parsing: bytes)
    }
}

func notification(_ bytes: [UInt8], slots: Int) throws(CCIDError) -> CCIDNotification {
    try bytes.withBytes { bytes throws(CCIDError) in
        try CCIDNotification(parsing: bytes, slots: slots)
    }
}

func written(
    _ command: CCIDCommand, slot: UInt8 = 0, sequence: UInt8 = 0, _ payload: [UInt8] = [],
    limit: Int = 65556, capacity: Int = PlainBuffer.longestCommand
) throws(CCIDError) -> [UInt8] {
    var sink = PlainBuffer(capacity: capacity)
    try payload.withBytes { payload throws(CCIDError) in
        try command.encode(
            slot: slot, sequence: sequence, payload: payload,
            limit: limit, into: &sink)
    }
    return sink.bytes
}

extension CCIDExchange {
    mutating func receive(_ bytes: [UInt8]) -> Step { bytes.withUnsafeBytes { receive($0) } }
}

extension CCIDAbort {
    mutating func receive(_ bytes: [UInt8]) -> Step { bytes.withUnsafeBytes { receive($0) } }
}

/// The code of the CCID error that `body` throws; nil where it throws none, or another.
func ccidCode(_ body: () throws -> Void) -> CCIDError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? CCIDError)?.code
    }
}

/// Every truncation of `bytes` and every value of each of its bytes.
func variations(of bytes: [UInt8], _ body: ([UInt8]) throws -> Void) rethrows {
    for count in 0..<bytes.count { try body(Array(bytes.prefix(count))) }
    for index in bytes.indices {
        var other = bytes
        for value in UInt8.min...UInt8.max {
            other[index] = value
            try body(other)
        }
    }
}
