/// Names a request: the year it came in and a number within it, `R2026-000045`.
package struct RequestID: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package var description: String { text }

    /// nil unless `text` is `R`, four digits, `-` and six digits or more, twenty at most in all.
    package init?(_ text: String) {
        guard text.utf8.count <= 20, text.utf8.first == UInt8(ascii: "R"),
            RequestID.parts(text) != nil
        else { return nil }
        self.text = text
    }

    /// The `number`th request of `year`.
    init(year: Int, number: Int) { text = "R" + CaseID(year: year, number: number).text }

    /// Year and number.
    var parts: (year: Int, number: Int)? { RequestID.parts(text) }

    private static func parts(_ text: String) -> (year: Int, number: Int)? {
        CaseID.parts(of: text, from: 1)
    }
}

/// A request with its rows: what the journal says of it. What it says of people is in the vault.
package struct RequestFile: Equatable, Sendable {
    package let id: RequestID
    package let kind: CaseKind
    package internal(set) var number: String
    package internal(set) var managingBody: String
    /// The papers before the one that it stands on now, in order.
    var earlier: [Paper] = []
    /// The document system's time label, or else when it was recorded.
    package internal(set) var received: Timestamp
    /// Whether `received` is the document system's word and no clock of this machine.
    package internal(set) var hasLabel: Bool
    /// How far the record's own time can be trusted.
    package let recordedClock: ClockState
    package let recorded: Timestamp
    /// Names the record in the vault; nil once it was removed after its retention time.
    package internal(set) var personal: Commitment?
    /// In the order of the paper's rows.
    package let cases: [CaseID]
    /// Codes of what keeps it from being valid; empty for a valid one.
    package internal(set) var missing: [String]
    /// Since when it is valid: the terms count from here.
    package internal(set) var validSince: Timestamp?
    package internal(set) var returnReason: ReturnReason?
    package internal(set) var noticed: Timestamp?

    /// What a paper is known again by.
    struct Paper: Equatable, Sendable {
        let number: String
        let managingBody: String
        let received: Timestamp
        let deviceNumbers: [String]
    }
}

extension RequestFile.Paper: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(number)
        snapshot.put(shared: managingBody)
        snapshot.put(received)
        snapshot.put(deviceNumbers) { snapshot.put($0) }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        number = try snapshot.string()
        managingBody = try snapshot.sharedString()
        received = try snapshot.time()
        deviceNumbers = try snapshot.array { (reader) throws(SnapshotError) in
            try reader.string()
        }
    }
}

extension RequestID: Snapshotted {
    func write(to snapshot: SnapshotWriter) { snapshot.put(text) }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        text = try snapshot.name()
    }
}

extension RequestFile: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(id)
        snapshot.put(kind)
        snapshot.put(number)
        snapshot.put(shared: managingBody)
        snapshot.put(earlier)
        snapshot.put(received)
        snapshot.put(hasLabel)
        snapshot.put(recordedClock)
        snapshot.put(recorded)
        snapshot.put(personal) { snapshot.put($0.hash) }
        snapshot.put(cases)
        snapshot.put(missing) { snapshot.put(shared: $0) }
        snapshot.put(validSince) { snapshot.put($0) }
        snapshot.put(returnReason) { snapshot.put($0) }
        snapshot.put(noticed) { snapshot.put($0) }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        id = try snapshot.value()
        kind = try snapshot.choice()
        number = try snapshot.string()
        managingBody = try snapshot.sharedString()
        earlier = try snapshot.array()
        received = try snapshot.time()
        hasLabel = try snapshot.boolean()
        recordedClock = try snapshot.choice()
        recorded = try snapshot.time()
        personal = try snapshot.optional { (reader) throws(SnapshotError) in
            Commitment(try reader.hash())
        }
        cases = try snapshot.array()
        missing = try snapshot.array { (reader) throws(SnapshotError) in
            try reader.sharedString()
        }
        validSince = try snapshot.optional { (reader) throws(SnapshotError) in try reader.time() }
        returnReason = try snapshot.optional { (reader) throws(SnapshotError) in
            try reader.choice()
        }
        noticed = try snapshot.optional { (reader) throws(SnapshotError) in try reader.time() }
    }
}

/// What a request says of people: the vault's record of it.
package struct PersonalData: Equatable, Sendable {
    package var contact: ContactPerson
    /// A row each, without its device number, which is no personal datum.
    package var rows: [Row]
    /// The written permission to hand a body's device over: people write names into it.
    package var permission: String
    /// Loss, misuse, theft: what happened, as reported.
    package var report: String

    package struct Row: Equatable, Sendable {
        package var certificateName: String
        package var workplace: String
        package var mail: String
        package var certificateSerial: String
    }

    init(_ form: RequestForm) {
        contact = form.contact
        rows = form.devices.map {
            Row(
                certificateName: $0.certificateName, workplace: $0.workplace, mail: $0.mail,
                certificateSerial: $0.certificateSerial)
        }
        permission = form.particulars.permission
        report = form.particulars.report
    }

    /// The row of the paper, whole again.
    package func device(_ row: Int, number: String) -> DeviceRow {
        guard rows.indices.contains(row) else { return DeviceRow(deviceNumber: number) }
        let found = rows[row]
        return DeviceRow(
            deviceNumber: number, certificateName: found.certificateName,
            workplace: found.workplace, mail: found.mail,
            certificateSerial: found.certificateSerial)
    }
}
