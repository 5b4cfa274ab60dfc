/// What a reader says of itself: the class descriptor of 54 bytes (5.1).
///
/// Fields are `var` so that a caller may correct what a reader gets wrong; `CCIDQuirk` does.
package struct CCIDDescriptor: Equatable, Sendable {
    /// Release of the class specification, binary coded: 0110 for 1.10.
    package var release: UInt16
    /// How many slots there are, 1 to 256.
    package var slots: Int
    package var voltages: CCIDVoltages
    package var protocols: CCIDProtocols
    /// In kHz.
    package var defaultClock: UInt32
    /// In kHz.
    package var maximumClock: UInt32
    /// How many clock frequencies can be asked for; 0 for default and maximum only.
    package var clockCount: UInt8
    /// In bit/s.
    package var defaultDataRate: UInt32
    /// In bit/s.
    package var maximumDataRate: UInt32
    /// How many data rates can be asked for; 0 for all between default and maximum.
    package var dataRateCount: UInt8
    /// The longest information field of a T=1 block the reader takes, in bytes.
    package var maximumIFSD: Int
    package var synchronousProtocols: UInt32
    /// dwMechanical: 1 accepts, 2 ejects, 4 captures, 8 locks cards.
    package var mechanical: UInt32
    package var features: CCIDFeatures
    /// The longest message, header included, in bytes.
    package var maximumMessageLength: Int
    /// Class of the GET RESPONSE a reader sends by itself; FF for that of the command.
    package var classGetResponse: UInt8
    /// Class of the ENVELOPE a reader sends by itself; FF for that of the command.
    package var classEnvelope: UInt8
    /// Nil without a display.
    package var display: CCIDDisplay?
    package var pinSupport: CCIDPINSupport
    /// How many slots can be at work at the same time; at least 1.
    package var maximumBusySlots: Int

    /// How many bytes a class descriptor has.
    package static var length: Int { 54 }
    /// bDescriptorType.
    package static var type: UInt8 { 0x21 }

    /// The level of exchange; `character` is what a reader without a level bit does.
    package var level: CCIDExchangeLevel {
        get { CCIDExchangeLevel(features) ?? .character }
        set { features = features.subtracting(.levels).union(newValue.feature) }
    }

    /// Parses a class descriptor and corrects it before it is judged.
    ///
    /// - Parameter quirks: of the device; a value that a quirk replaces may be impossible.
    /// - Throws: `.descriptorLength`, `.descriptorType`, `.severalLevels`, `.messageLimit`,
    ///   `.informationFieldLimit`.
    package init(
        parsing bytes: UnsafeRawBufferPointer, quirks: [CCIDQuirk] = []
    ) throws(CCIDError) {
        guard bytes.count == Self.length else {
            throw CCIDError(.descriptorLength(bytes.count))
        }
        guard bytes[0] == 54 else { throw CCIDError(.descriptorLength(Int(bytes[0])), at: 0) }
        guard bytes[1] == Self.type else { throw CCIDError(.descriptorType(bytes[1]), at: 1) }
        release = bytes.littleEndian16(at: 2)
        slots = Int(bytes[4]) + 1
        voltages = CCIDVoltages(rawValue: bytes[5])
        protocols = CCIDProtocols(rawValue: bytes.littleEndian32(at: 6))
        defaultClock = bytes.littleEndian32(at: 10)
        maximumClock = bytes.littleEndian32(at: 14)
        clockCount = bytes[18]
        defaultDataRate = bytes.littleEndian32(at: 19)
        maximumDataRate = bytes.littleEndian32(at: 23)
        dataRateCount = bytes[27]
        maximumIFSD = Int(bytes.littleEndian32(at: 28))
        synchronousProtocols = bytes.littleEndian32(at: 32)
        mechanical = bytes.littleEndian32(at: 36)
        features = CCIDFeatures(rawValue: bytes.littleEndian32(at: 40))
        maximumMessageLength = Int(bytes.littleEndian32(at: 44))
        classGetResponse = bytes[48]
        classEnvelope = bytes[49]
        display =
            bytes.littleEndian16(at: 50) == 0
            ? nil : CCIDDisplay(lines: bytes[51], columns: bytes[50])
        pinSupport = CCIDPINSupport(rawValue: bytes[52])
        maximumBusySlots = max(Int(bytes[53]), 1)

        self = applying(quirks)
        try judge()
    }

    /// Refuses what cannot be.
    private mutating func judge() throws(CCIDError) {
        guard let level = CCIDExchangeLevel(features) else {
            throw CCIDError(.severalLevels, at: 40)
        }
        // SCR33xx readers announce 263 at TPDU level and take 271.
        let hasShortSum = level == .tpdu && (263...270).contains(maximumMessageLength)
        if hasShortSum { maximumMessageLength = Self.messageLengths.lowerBound }
        guard Self.messageLengths.contains(maximumMessageLength) else {
            throw CCIDError(
                .messageLimit(UInt32(truncatingIfNeeded: maximumMessageLength)), at: 44)
        }
        if level == .tpdu, protocols.contains(.t1), !(1...254).contains(maximumIFSD) {
            throw CCIDError(
                .informationFieldLimit(UInt32(truncatingIfNeeded: maximumIFSD)), at: 28)
        }
    }

    /// What dwMaxCCIDMessageLength may be, in bytes.
    package static var messageLengths: ClosedRange<Int> { 271...65556 }

    /// The class descriptor among the descriptors behind an interface or an endpoint.
    ///
    /// Nil where there is none of 54 bytes, and from the first descriptor whose length lies.
    package static func find(inExtra bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var start = 0
        while bytes.count - start >= 2 {
            let count = Int(bytes[start])
            guard count >= 2, count <= bytes.count - start else { return nil }
            if count == length, bytes[start + 1] == type {
                return UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
            }
            start += count
        }
        return nil
    }
}

extension UnsafeRawBufferPointer {
    /// The two bytes from `offset` on, which the caller knows to be there.
    func littleEndian16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
    }

    /// The four bytes from `offset` on, which the caller knows to be there.
    func littleEndian32(at offset: Int) -> UInt32 {
        UInt32(littleEndian16(at: offset)) | UInt32(littleEndian16(at: offset + 2)) << 16
    }
}
