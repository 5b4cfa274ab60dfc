/// A key that proved itself in a device.
package struct KeySighting: Equatable, Sendable {
    /// The number that stands for the device in the record.
    package let serial: String
    /// The first time it did.
    package let first: Timestamp
    /// How many times.
    package internal(set) var count: Int

    package init(serial: String, first: Timestamp, count: Int) {
        self.serial = serial
        self.first = first
        self.count = count
    }
}

/// Which keys proved themselves in which devices: a private key that never leaves its device is
/// seen in one alone.
struct KeySightings: Sendable {
    /// By the SHA-256 of the public key's SubjectPublicKeyInfo, in order of time.
    private var byKey: [Hash256: [KeySighting]] = [:]

    func sightings(of key: String) -> [KeySighting] {
        Hash256(hex: key).flatMap { byKey[$0] } ?? []
    }

    mutating func note(_ key: String?, in serial: String, at time: Timestamp) {
        guard let key = key.flatMap({ Hash256(hex: $0) }), !serial.isEmpty else { return }
        KeySightings.note(serial, at: time, among: &byKey[key, default: []])
    }

    private static func note(
        _ serial: String, at time: Timestamp, among sightings: inout [KeySighting]
    ) {
        if let known = sightings.firstIndex(where: { $0.serial == serial }) {
            sightings[known].count += 1
        } else {
            sightings.append(KeySighting(serial: serial, first: time, count: 1))
        }
    }
}

extension KeySightings: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(byKey.sorted { $0.key < $1.key }) { key, sightings in
            snapshot.put(key)
            snapshot.put(sightings)
        }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        let count = try snapshot.count()
        byKey.reserveCapacity(snapshot.room(for: count))
        for _ in 0..<count { byKey[try snapshot.hash()] = try snapshot.array() }
    }
}

extension KeySighting: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(serial)
        snapshot.put(first)
        snapshot.put(count)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            serial: try snapshot.string(), first: try snapshot.time(),
            count: try snapshot.number())
    }
}
