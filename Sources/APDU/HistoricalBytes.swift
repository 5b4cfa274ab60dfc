/// The historical bytes of an ATR, or of EF.ATR, read as COMPACT-TLV where their category
/// indicator is 00 or 80 (ISO 7816-4, 12.1.1).
package struct HistoricalBytes: Equatable, Sendable {
    /// What the first byte says about the rest.
    package enum Category: Equatable, Sendable {
        /// No historical bytes at all.
        case absent
        /// 00: COMPACT-TLV objects, then three bytes of status.
        case statusAtEnd
        /// 10: a reference to a DIR file.
        case directoryReference
        /// 80: COMPACT-TLV objects, the status among them.
        case objects
        /// Anything else: the maker's own.
        case proprietary(UInt8)
    }

    /// One COMPACT-TLV object.
    package struct Object: Equatable, Sendable {
        /// 1 to 15; object 4n of the interindustry tags.
        package let tag: UInt8
        /// 0 to 15 bytes.
        package let value: ArraySlice<UInt8>
    }

    package let category: Category
    /// The objects up to the first that does not fit; all of them where `isWellFormed`.
    package let objects: [Object]
    /// Life cycle status, where it is told.
    package let lifeCycle: UInt8?
    /// The status word in the status indicator, where it is told.
    package let status: StatusWord?
    /// Whether the bytes keep to the standard. Many cards sold today do not.
    package let isWellFormed: Bool

    /// Never fails: what cannot be read is left out and `isWellFormed` is false.
    package init(_ bytes: ArraySlice<UInt8>) {
        guard let first = bytes.first else {
            self.init(.absent, [], nil, true)
            return
        }
        let rest = bytes.dropFirst()
        switch first {
        case 0x00:
            let (objects, whole) = Self.objects(rest.dropLast(3))
            if whole, rest.count >= 3 {
                self.init(.statusAtEnd, objects, rest.suffix(3), true)
            } else {
                // Cards that forget the three bytes of status: bit4id's, among others.
                self.init(.statusAtEnd, Self.objects(rest).objects, nil, false)
            }
        case 0x10:
            self.init(.directoryReference, [], nil, rest.count == 1)
        case 0x80:
            let (objects, whole) = Self.objects(rest)
            let status = objects.last { $0.tag == 8 }?.value
            self.init(.objects, objects, status, whole && (status.map { $0.count <= 3 } ?? true))
        default:
            self.init(.proprietary(first), [], nil, true)
        }
    }

    private init(
        _ category: Category, _ objects: [Object], _ status: ArraySlice<UInt8>?,
        _ isWellFormed: Bool
    ) {
        self.category = category
        self.objects = objects
        self.isWellFormed = isWellFormed
        let indicator = Array(status ?? [])
        switch indicator.count {
        case 1: (lifeCycle, self.status) = (indicator[0], nil)
        case 2: (lifeCycle, self.status) = (nil, StatusWord(indicator[0], indicator[1]))
        case 3: (lifeCycle, self.status) = (indicator[0], StatusWord(indicator[1], indicator[2]))
        default: (lifeCycle, self.status) = (nil, nil)
        }
    }

    /// The objects in `bytes`, and whether they fill them exactly.
    private static func objects(_ bytes: ArraySlice<UInt8>) -> (objects: [Object], whole: Bool) {
        var objects: [Object] = []
        var rest = bytes
        while let head = rest.first {
            let length = Int(head & 0x0F)
            guard head >> 4 != 0, length < rest.count else { return (objects, false) }
            let start = rest.startIndex + 1
            objects.append(Object(tag: head >> 4, value: rest[start..<(start + length)]))
            rest = rest[(start + length)...]
        }
        return (objects, true)
    }
}

extension HistoricalBytes {
    /// Card capabilities, tag 7, one to three bytes (ISO 7816-4, 12.1.1.9).
    package struct Capabilities: Equatable, Sendable {
        /// Whether a DF can be selected by its full name, the AID.
        package let selectsByFullName: Bool
        /// Whether the card takes command chaining; nil where it does not say.
        package let takesChaining: Bool?
        /// Whether the card takes extended Lc and Le; nil where it does not say.
        package let takesExtended: Bool?
        /// Whether the card tells its limits of extended length in EF.ATR; nil as above.
        package let extendedLimitsInFile: Bool?
        /// The most logical channels, 1 to 8, where 8 means "8 or more"; nil as above.
        package let logicalChannels: Int?

        init?(_ value: ArraySlice<UInt8>) {
            guard value.count >= 1, value.count <= 3, let first = value.first else { return nil }
            selectsByFullName = first & 0x80 != 0
            guard value.count == 3, let third = value.last else {
                (takesChaining, takesExtended) = (nil, nil)
                (extendedLimitsInFile, logicalChannels) = (nil, nil)
                return
            }
            takesChaining = third & 0x80 != 0
            takesExtended = third & 0x40 != 0
            extendedLimitsInFile = third & 0x20 != 0
            logicalChannels = Int(third & 0x07) + 1
        }
    }

    /// The card's capabilities, where it tells them.
    package var capabilities: Capabilities? {
        guard let object = objects.first(where: { $0.tag == 7 }) else { return nil }
        return Capabilities(object.value)
    }
}

extension ATR {
    /// What the card tells about itself in its historical bytes.
    package var historical: HistoricalBytes { HistoricalBytes(historicalBytes) }
}
