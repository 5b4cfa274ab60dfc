import JSON

/// What a person wrote freely when a case was closed or a notice sent: people put names into it.
package enum Remark: Equatable, Sendable {
    /// In the vault, under this name.
    case kept(Commitment)
    /// In the journal's own line, as earlier versions wrote it.
    case plain(String)
}

/// Why a case was refused.
package struct Refusal: Equatable, Sendable {
    /// Codes of `RefusalReason`; sentences in lines of earlier versions.
    package let reasons: [String]
    /// Names the vault's record of the reasons as they were given; nil where the codes say all.
    package let written: Commitment?

    package init(reasons: [String], written: Commitment? = nil) {
        self.reasons = reasons
        self.written = written
    }
}

/// A record of the vault with what a person wrote at an act.
package struct KeptText: Equatable, Sendable {
    package let act: CaseAct
    package let name: Commitment
}

/// The vault's record of what a person wrote: `{"written":["…"]}`.
enum WrittenRecord {
    private static let key = "written"

    static func text(_ written: [String]) throws(JSONWriteError) -> [UInt8] {
        var writer = JSONWriter(into: JSONBytes())
        writer.beginObject()
        writer.key(key)
        writer.beginArray()
        for text in written { writer.string(text) }
        writer.endArray()
        writer.endObject()
        return try writer.finish().bytes
    }

    static func read(_ record: [UInt8]) throws(JSONError) -> [String] {
        let limits = JSONLimits(length: Vault.longestRecord)
        return try JSONReader.over(record, limits: limits) {
            (reader) throws(JSONError) -> [String] in
            var written: [String] = []
            try reader.beginObject()
            while let name = try reader.nextKey() {
                guard name == key else {
                    try reader.skip()
                    continue
                }
                try reader.beginArray()
                while try reader.nextElement() { written.append(try reader.string()) }
            }
            try reader.finish()
            return written
        }
    }
}

// MARK: As they stand in a snapshot

extension Commitment: Snapshotted {
    func write(to snapshot: SnapshotWriter) { snapshot.put(hash) }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self.init(try snapshot.hash())
    }
}

extension Remark: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        switch self {
        case .kept(let name):
            snapshot.put(true)
            snapshot.put(name)
        case .plain(let text):
            snapshot.put(false)
            snapshot.put(text)
        }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self = try snapshot.boolean() ? .kept(try snapshot.value()) : .plain(try snapshot.string())
    }
}

extension Refusal: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(reasons) { snapshot.put(shared: $0) }
        snapshot.put(written)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            reasons: try snapshot.array { (reader) throws(SnapshotError) in
                try reader.sharedString()
            }, written: try snapshot.optional())
    }
}

extension KeptText: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(act)
        snapshot.put(name)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self.init(act: try snapshot.choice(), name: try snapshot.value())
    }
}
