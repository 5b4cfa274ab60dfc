/// What a reader offers through PC/SC, with the control code for each: the answer to
/// CM_IOCTL_GET_FEATURE_REQUEST (PC/SC part 10, 2.2).
package struct PINPadFeatures: Equatable, Sendable {
    package struct Tag: RawRepresentable, Equatable, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let verifyDirect = Tag(rawValue: 0x06)
        package static let modifyDirect = Tag(rawValue: 0x07)
        /// FEATURE_IFD_PIN_PROPERTIES
        package static let pinProperties = Tag(rawValue: 0x0A)
        package static let abort = Tag(rawValue: 0x0B)
        /// FEATURE_GET_TLV_PROPERTIES
        package static let properties = Tag(rawValue: 0x12)
        /// FEATURE_CCID_ESC_COMMAND
        package static let escape = Tag(rawValue: 0x13)
    }

    package struct Feature: Equatable, Sendable {
        package let tag: Tag
        /// For SCardControl.
        package let controlCode: UInt32

        package init(tag: Tag, controlCode: UInt32) {
            self.tag = tag
            self.controlCode = controlCode
        }
    }

    /// In the reader's order.
    package let features: [Feature]

    /// - Throws: `.featureLength`.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(PINPadError) {
        var features: [Feature] = []
        var start = 0
        while start < bytes.count {
            guard bytes.count - start >= 6, bytes[start + 1] == 4 else {
                throw PINPadError(.featureLength, at: start)
            }
            // The one big-endian number of this standard.
            let code = bytes.littleEndian32(at: start + 2).byteSwapped
            features.append(Feature(tag: Tag(rawValue: bytes[start]), controlCode: code))
            start += 6
        }
        self.features = features
    }

    /// The control code of a feature; nil where the reader does not offer it.
    package func controlCode(_ tag: Tag) -> UInt32? {
        features.first(where: { $0.tag == tag })?.controlCode
    }

    /// What the pad can do; nothing without one.
    package var pinSupport: CCIDPINSupport {
        var support: CCIDPINSupport = []
        if controlCode(.verifyDirect) != nil { support.insert(.verify) }
        if controlCode(.modifyDirect) != nil { support.insert(.modify) }
        return support
    }
}

/// What a reader says of itself by FEATURE_GET_TLV_PROPERTIES (PC/SC part 10, 2.6.14); nil
/// where it does not.
package struct PINPadProperties: Equatable, Sendable {
    package private(set) var display: CCIDDisplay?
    /// What may end an entry.
    package private(set) var end: PINEntryEnd?
    /// Whether the reader heeds the time after the first key.
    package private(set) var hasSecondTimeout: Bool?
    package private(set) var minimumPIN: UInt8?
    package private(set) var maximumPIN: UInt8?
    /// The longest command data, in bytes; 0 for short commands only.
    package private(set) var maximumData: UInt32?
    package private(set) var vendor: UInt16?
    package private(set) var product: UInt16?

    /// Unknown tags are read over.
    ///
    /// - Throws: `.featureLength`.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(PINPadError) {
        var start = 0
        while start < bytes.count {
            guard bytes.count - start >= 2, Int(bytes[start + 1]) <= bytes.count - start - 2
            else { throw PINPadError(.featureLength, at: start) }
            let count = Int(bytes[start + 1])
            let value = start + 2
            switch (bytes[start], count) {
            case (0x01, 2):
                let layout = bytes.littleEndian16(at: value)
                display =
                    layout == 0
                    ? nil : CCIDDisplay(lines: bytes[value + 1], columns: bytes[value])
            case (0x02, 1): end = PINEntryEnd(rawValue: bytes[value])
            case (0x03, 1): hasSecondTimeout = bytes[value] != 0
            case (0x06, 1): minimumPIN = bytes[value]
            case (0x07, 1): maximumPIN = bytes[value]
            case (0x0A, 4): maximumData = bytes.littleEndian32(at: value)
            case (0x0B, 2): vendor = bytes.littleEndian16(at: value)
            case (0x0C, 2): product = bytes.littleEndian16(at: value)
            case (0x01, _), (0x02, _), (0x03, _), (0x06, _), (0x07, _), (0x0A, _), (0x0B, _),
                (0x0C, _):
                throw PINPadError(.featureLength, at: start)
            default: break
            }
            start = value + count
        }
    }
}
