/// What is known from answers about one code of one token, for tokens that do not show its
/// counter: design.md 7.
package struct CodeLedger: Equatable, Sendable {
    /// Codes that went out, or may have, and brought no count back.
    package private(set) var unansweredSends = 0
    /// The tries left that the token named in its last answer to a wrong code.
    package private(set) var lastAnswer: Int?

    package init() {}

    /// The best that is known: what the token shows, else its last answer if nothing went
    /// out since.
    package func triesLeft(shown: TryCount) -> TryCount {
        if case .left = shown { return shown }
        guard unansweredSends == 0, let lastAnswer else { return .unknown }
        return .left(lastAnswer)
    }

    /// Whether a role that may send once on an unknown count still may.
    package var maySendOnUnknown: Bool { unansweredSends == 0 && lastAnswer == nil }

    mutating func sent() { unansweredSends += 1 }

    /// A right code sets its own counter back to full.
    mutating func accepted() { self = CodeLedger() }

    /// - Parameters:
    ///   - answered: the count in the answer, where there was one.
    ///   - unspent: sends that are known to have cost nothing.
    mutating func refused(answered: TryCount?, unspent: Int) {
        if case .left(let count)? = answered {
            unansweredSends = 0
            lastAnswer = count
        } else {
            unansweredSends = max(unansweredSends - unspent, 0)
        }
    }
}

/// A token as the record knows it: another family's may have the same number.
package struct TokenName: Equatable, Hashable, Sendable {
    package let serial: String
    /// nil in lines that do not say it.
    package let family: String?

    package init(serial: String, family: String?) {
        self.serial = serial
        self.family = family
    }
}

extension TokenName: Comparable {
    package static func < (one: TokenName, other: TokenName) -> Bool {
        // One that says no family comes before one that says an empty one.
        (one.serial, one.family == nil ? 0 : 1, one.family ?? "")
            < (other.serial, other.family == nil ? 0 : 1, other.family ?? "")
    }
}

extension TokenName: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(serial)
        snapshot.put(family) { snapshot.put(shared: $0) }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        serial = try snapshot.string()
        family = try snapshot.optional { (reader) throws(SnapshotError) in
            try reader.sharedString()
        }
    }
}

extension TokenFacts {
    package var name: TokenName { TokenName(serial: serial, family: family) }
}

/// What is known about one token beyond what it shows.
package struct TokenLedger: Equatable, Sendable {
    /// By the code's word; a code nothing is known about has none.
    private var codes: [String: CodeLedger] = [:]
    package internal(set) var pin = CodeLedger()
    /// Asking for the PIN's counter may be done: it was never answered oddly.
    package internal(set) var statusQueryIsSafe = true

    package init() {}

    /// Of the unblocking code that its family calls `code`.
    package func unblocking(_ code: String) -> CodeLedger { codes[code] ?? CodeLedger() }

    /// Of the PIN, or of the unblocking code that its family calls `code`.
    mutating func note(_ code: String, _ change: (inout CodeLedger) -> Void) {
        if code == CommissionIntent.pin { change(&pin) } else { noteUnblocking(code, change) }
    }

    mutating func noteUnblocking(_ code: String, _ change: (inout CodeLedger) -> Void) {
        var ledger = unblocking(code)
        change(&ledger)
        codes[code] = ledger == CodeLedger() ? nil : ledger
    }
}

extension CodeLedger: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(unansweredSends)
        snapshot.put(lastAnswer) { snapshot.put($0) }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        unansweredSends = try snapshot.number()
        lastAnswer = try snapshot.optional { (reader) throws(SnapshotError) in
            try reader.number()
        }
    }
}

extension TokenLedger: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(codes.sorted { $0.key < $1.key }) { code, ledger in
            snapshot.put(shared: code)
            snapshot.put(ledger)
        }
        snapshot.put(pin)
        snapshot.put(statusQueryIsSafe)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        for _ in 0..<(try snapshot.count()) {
            codes[try snapshot.sharedString()] = try snapshot.value()
        }
        pin = try snapshot.value()
        statusQueryIsSafe = try snapshot.boolean()
    }
}
