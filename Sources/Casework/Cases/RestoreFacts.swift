import JSON

/// Names one restore; the agent makes it.
package typealias RestoreID = String

/// How many tries a counter has left, as far as the card says.
package enum TryCount: Equatable, Hashable, Sendable, CustomStringConvertible {
    case left(Int)
    /// The card does not show it. Neither zero nor full.
    case unknown

    package var description: String {
        switch self {
        case .left(let n): String(n)
        case .unknown: "unknown"
        }
    }
}

/// The counters of a token at one moment.
package struct Counters: Equatable, Hashable, Sendable {
    package var pin: TryCount
    /// Of the unblocking code: PUK, SO-PIN or whatever the family has.
    package var unblocking: TryCount

    package init(pin: TryCount = .unknown, unblocking: TryCount = .unknown) {
        self.pin = pin
        self.unblocking = unblocking
    }
}

/// What a permit binds a restore to.
package struct TokenFacts: Equatable, Hashable, Sendable {
    package var serial: String
    package var family: String
    /// SHA-256 of the certificate in lower-case hex; nil where the token has none to show.
    package var certificate: String?
    /// Its serial number in hex digits, as papers have it (số hiệu chứng thư).
    package var certificateNumber: String?
    package var counters: Counters

    package init(
        serial: String, family: String, certificate: String? = nil,
        certificateNumber: String? = nil, counters: Counters
    ) {
        self.serial = serial
        self.family = family
        self.certificate = certificate
        self.certificateNumber = certificateNumber
        self.counters = counters
    }
}

/// Tries that a restore or key check cost: measured, or as narrow as can be said.
package enum TriesSpent: Equatable, Hashable, Sendable, CustomStringConvertible {
    case exactly(Int)
    case between(Int, Int)

    /// `1`, `0..1`.
    package var description: String {
        switch self {
        case .exactly(let n): String(n)
        case .between(let low, let high): "\(low)..\(high)"
        }
    }
}

/// How a restore ended: design.md 7.
package enum RestoreOutcome: String, Equatable, Hashable, Sendable, CaseIterable {
    case refused
    case failed
    case unblockedUnproven = "unblocked-unproven"
    case restored
    case unknown
}

/// A step that sends a code; the card may spend a try in it.
package struct RestoreStep: RawRepresentable, Equatable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// The unblocking code goes to the token.
    package static let unblock = RestoreStep(rawValue: "unblock")
    /// The new PIN goes to the token, for the key check.
    package static let keyCheck = RestoreStep(rawValue: "key-check")
}

/// One step of a procedure and the time it took.
package struct StepRecord: Equatable, Hashable, Sendable {
    package var name: String
    package var milliseconds: Int64
    /// The status word or what else there is to say; never anything from a code.
    package var status: String?

    package init(name: String, milliseconds: Int64, status: String? = nil) {
        self.name = name
        self.milliseconds = milliseconds
        self.status = status
    }
}

// MARK: As they stand in a line

extension What {
    mutating func put(_ field: JournalField, _ count: TryCount) {
        switch count {
        case .left(let n): put(field, n)
        case .unknown: put(field, "unknown")
        }
    }

    package mutating func put(_ counters: Counters) {
        object(.counters) {
            $0.put(.pin, counters.pin)
            $0.put(.unblocking, counters.unblocking)
        }
    }

    package mutating func put(_ token: TokenFacts) {
        object(.token) {
            $0.put(.serial, token.serial)
            $0.put(.family, token.family)
            $0.put(.certificate, token.certificate)
            $0.put(.certificateNumber, token.certificateNumber)
            $0.put(token.counters)
        }
    }

    mutating func put(_ field: JournalField, _ spent: TriesSpent) {
        switch spent {
        case .exactly(let n): put(field, n)
        case .between: put(field, spent.description)
        }
    }

    package mutating func put(_ steps: [StepRecord]) {
        array(.steps, steps) { step, what in
            what.put(.name, step.name)
            what.put(.milliseconds, step.milliseconds)
            what.put(.status, step.status)
        }
    }
}

extension RestoreOutcome {
    static let table = NameTable<RestoreOutcome>()
}

extension WhatReader {
    mutating func tryCount() throws(JSONError) -> TryCount {
        if isAtNumber { return .left(Int(try number(upTo: 255))) }
        guard try string(maxLength: 16) == "unknown" else { throw invalid("not a number of tries") }
        return .unknown
    }

    mutating func counters() throws(JSONError) -> Counters {
        var counters = Counters()
        try fields { (field, reader) throws(JSONError) in
            switch field {
            case .pin: counters.pin = try reader.tryCount()
            case .unblocking: counters.unblocking = try reader.tryCount()
            default: return false
            }
            return true
        }
        return counters
    }

    mutating func token() throws(JSONError) -> TokenFacts {
        var token = TokenFacts(serial: "", family: "", counters: Counters())
        try fields { (field, reader) throws(JSONError) in
            switch field {
            case .serial: token.serial = try reader.string()
            case .family: token.family = try reader.string()
            case .certificate: token.certificate = try reader.string()
            case .certificateNumber: token.certificateNumber = try reader.string()
            case .counters: token.counters = try reader.counters()
            default: return false
            }
            return true
        }
        guard !token.serial.isEmpty else { throw missingKey(.serial) }
        return token
    }

    mutating func triesSpent() throws(JSONError) -> TriesSpent {
        if isAtNumber { return .exactly(Int(try number(upTo: 255))) }
        let text = try string(maxLength: 16)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, let low = UInt8(parts[0]),
            let high = UInt8(parts[2]), low <= high
        else { throw invalid("not a number of tries spent") }
        return .between(Int(low), Int(high))
    }
}

// MARK: As they stand in a snapshot

extension TryCount: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        switch self {
        case .left(let n): snapshot.put(n)
        case .unknown: snapshot.put(-1)
        }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        let count = try snapshot.number()
        self = count < 0 ? .unknown : .left(count)
    }
}

extension TriesSpent: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        switch self {
        case .exactly(let n):
            snapshot.put(n)
            snapshot.put(-1)
        case .between(let low, let high):
            snapshot.put(low)
            snapshot.put(high)
        }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        let (low, high) = (try snapshot.number(), try snapshot.number())
        self = high < 0 ? .exactly(low) : .between(low, high)
    }
}

extension Counters: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(pin)
        snapshot.put(unblocking)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self.init(pin: try snapshot.value(), unblocking: try snapshot.value())
    }
}

extension TokenFacts: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(serial)
        snapshot.put(shared: family)
        snapshot.put(certificate) { snapshot.put($0) }
        snapshot.put(certificateNumber) { snapshot.put($0) }
        snapshot.put(counters)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            serial: try snapshot.string(), family: try snapshot.sharedString(),
            certificate: try snapshot.optional { (reader) throws(SnapshotError) in
                try reader.string()
            },
            certificateNumber: try snapshot.optional { (reader) throws(SnapshotError) in
                try reader.string()
            }, counters: try snapshot.value())
    }
}
