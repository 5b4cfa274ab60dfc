import Crypto

/// The last line of a profile's file that a station wrote after a commissioning: what was
/// written, and which line of which journal says so.
///
/// It is no signature. The journal is the witness: whoever has it finds the SHA-256 of the file's
/// other bytes in that line.
package struct ProfileSeal: Equatable, Sendable {
    /// Of the bytes before the seal, lower-case hex.
    package let sha256: String
    /// The line's number, and its own SHA-256.
    package let sequence: Int64
    package let head: String

    /// What a file's seal is worth without a journal.
    package enum State: Equatable, Sendable {
        /// There is none: somebody wrote the file by hand.
        case absent
        /// The file is as it was sealed; whose journal says so is not known here.
        case whole(ProfileSeal)
        /// The file was changed since, or its seal was.
        case broken
    }

    package init(sha256: String, sequence: Int64, head: String) {
        self.sha256 = sha256
        self.sequence = sequence
        self.head = head
    }

    private static let start = "// sealed: "

    package var line: String {
        "\(Self.start)sha256 \(sha256), journal line \(sequence), \(head)\n"
    }

    /// nil for anything but such a line, its LF included.
    private init?(line: some Sequence<UInt8>) {
        let words = String(decoding: Array(line), as: UTF8.self)
        let parts = words.split(separator: " ")
        guard parts.count == 8, parts[3].count == 65, let sequence = Int64(parts[6].dropLast()),
            sequence > 0, parts[7].count == 65
        else { return nil }
        self.init(
            sha256: String(parts[3].dropLast()), sequence: sequence,
            head: String(parts[7].dropLast()))
        guard words == self.line else { return nil }
    }

    /// Looks at a whole file.
    package static func read(_ bytes: [UInt8]) -> State {
        let start = Array(Self.start.utf8)
        var lines: [Int] = []
        for place in bytes.indices
        where (place == 0 || bytes[place - 1] == 0x0A) && bytes[place...].starts(with: start) {
            lines.append(place)
        }
        guard let place = lines.first else { return .absent }
        guard lines.count == 1, let seal = ProfileSeal(line: bytes[place...]),
            (try? SHA256.hex(Array(bytes[..<place]))) == seal.sha256
        else { return .broken }
        return .whole(seal)
    }
}

/// What a profile says of the commissioning it comes from.
package struct Commissioning: Equatable, Sendable {
    /// As the journal names it.
    package var id: String
    package var station: String
    /// RFC 3339, UTC.
    package var at: String
    /// Who the kernel said it was.
    package var user: Int
    /// Of the token that was tried.
    package var serial: String
    /// As the token told it; nil where it did not.
    package var firmware: String?
    /// The tries its PIN had when none was spent; nil where it did not show them.
    package var pinTries: Int?
    /// How many signatures were timed.
    package var signatures: Int

    package init(
        id: String, station: String, at: String, user: Int, serial: String, firmware: String?,
        pinTries: Int?, signatures: Int
    ) {
        self.id = id
        self.station = station
        self.at = at
        self.user = user
        self.serial = serial
        self.firmware = firmware
        self.pinTries = pinTries
        self.signatures = signatures
    }
}
