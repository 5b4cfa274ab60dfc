import APDU

/// A PIN, PUK or security officer's PIN as its entry in EF(AODF) describes it (ISO 7816-15, 8.9).
struct PKCS15Authentication: Equatable {
    /// How the characters become bytes (8.9.2).
    enum Kind: Int, Equatable {
        case bcd = 0
        case asciiNumeric = 1
        case utf8 = 2
        case halfNibble = 3
        case iso9564 = 4
    }

    var identifier: [UInt8]
    var label: String?
    /// The code that unblocks this one.
    var unblockedBy: [UInt8]?
    var flags: PKCS15Object.Flags
    var kind: Kind
    /// Characters of the code.
    var minimum: Int
    var maximum: Int
    /// Bytes of the code as it is kept.
    var stored: Int
    var reference: UInt8
    var padding: UInt8
    var path: PKCS15Object.Path?

    // The flags' numbers.
    var isLocal: Bool { flags.contains(1) }
    var isNeverUnblocked: Bool { flags.contains(3) }
    var isInitialized: Bool { flags.contains(4) }
    var needsPadding: Bool { flags.contains(5) }
    var unblocks: Bool { flags.contains(6) }
    var isOfficers: Bool { flags.contains(7) }

    /// Longest code that any such card keeps here, in bytes.
    static var longest: Int { 64 }

    static func all(_ file: [UInt8]) -> [PKCS15Authentication] {
        PKCS15Object.objects(file).compactMap { object in
            // Biometric templates and keys are tagged.
            guard object.tag == 0x30, let entry = PKCS15Object.Entry(object) else { return nil }
            return PKCS15Authentication(entry)
        }
    }

    private init?(_ entry: PKCS15Object.Entry) {
        guard let identifier = entry.attribute(0x04, 0), entry.type.count >= 4,
            entry.type[0].tag == 0x03, entry.type[1].tag == 0x0A,
            let kind = PKCS15Object.number(entry.type[1].value).flatMap(Kind.init)
        else { return nil }
        let numbers = entry.type.filter { $0.tag == 0x02 }.map { PKCS15Object.number($0.value) }
        guard numbers.count >= 2, let minimum = numbers[0], let stored = numbers[1],
            (1...Self.longest).contains(stored)
        else { return nil }
        self.identifier = Array(identifier)
        label = entry.label
        unblockedBy = entry.common.first { $0.tag == 0x04 }.map { Array($0.value) }
        flags = PKCS15Object.Flags(entry.type[0].value)
        self.kind = kind
        self.stored = stored
        let room = Self.room(kind, stored)
        maximum = min(numbers.count > 2 ? numbers[2] ?? room : room, room)
        self.minimum = max(minimum, 1)
        guard self.minimum <= maximum else { return nil }
        let reference = entry.type.first { $0.tag == 0x80 }
        guard let number = reference.map({ PKCS15Object.small($0.value) }) ?? 0 else { return nil }
        self.reference = number
        padding = entry.type.first { $0.tag == 0x04 && $0.value.count == 1 }?.value.first ?? 0xFF
        path = entry.type.last.flatMap(PKCS15Object.path)
    }

    /// Characters that fit into so many bytes.
    private static func room(_ kind: Kind, _ stored: Int) -> Int {
        switch kind {
        case .asciiNumeric, .utf8, .halfNibble: stored
        case .bcd: 2 * stored
        case .iso9564: 12
        }
    }
}

extension PKCS15Authentication {
    /// Characters of a code that exists already: which a digit's code must have, else any.
    var rule: CodeRule {
        switch kind {
        case .asciiNumeric, .utf8: CodeRule(minimum...maximum, .any)
        case .bcd, .halfNibble, .iso9564: CodeRule(minimum...maximum, .digits)
        }
    }

    /// Those of a new one: what stands for digits alone gets digits alone.
    var ruleOfNew: CodeRule {
        CodeRule(minimum...maximum, kind == .utf8 ? .printable : .digits)
    }
}
