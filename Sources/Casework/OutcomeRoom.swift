import System

/// Room on the disk behind the journal's end, kept for the outcomes of open intents.
///
/// Blocks are allocated behind the end of the file (fallocate, the end does not move), so
/// whatever is written next at the end goes into them. That is why an ordinary line must
/// first have as many blocks more as it will use: else it would eat an outcome's. Where the
/// file system cannot do that, a ballast file of the same size is kept and given back just
/// before an outcome is written; between the two another process could take the room.
struct OutcomeRoom: ~Copyable, Sendable {
    private enum Way { case blocks, ballast }

    private let ballastPath: String
    private let askingPath: String
    private var way = Way.blocks
    private var kept: [Int64: Int64] = [:]
    /// Up to where in the journal blocks are known to be allocated.
    private var allocated: Int64 = 0
    private var ballast: Int64 = 0

    /// - Parameter journal: the file that the room is for; it makes its own beside it.
    init(besides journal: String) {
        ballastPath = journal + ".ballast"
        askingPath = journal + ".room"
    }

    /// Intents that have room, by sequence number, oldest first.
    var intents: [Int64] { kept.keys.sorted() }
    private var total: Int64 { kept.values.reduce(0, +) }

    /// Removes what a run that ended before left of a ballast.
    func clear() {
        if File.exists(ballastPath) { try? File.remove(ballastPath) }
    }

    /// Makes sure that a line of `length` bytes at `end` leaves everybody their room.
    /// - Parameters:
    ///   - keeping: bytes to keep besides, for the outcome of the line itself.
    ///   - intent: the open intent whose room the line may use.
    mutating func prepare(
        _ file: borrowing FileDescriptor, end: Int64, length: Int, keeping: Int?,
        outcomeOf intent: Int64?
    ) throws(SystemError) {
        let others = total - (intent.flatMap { kept[$0] } ?? 0)
        let behind = others + Int64(keeping ?? 0)
        if case .blocks = way {
            guard behind > 0 || intent != nil else { return }
            let wanted = end + Int64(length) + behind
            guard wanted > allocated else { return }
            do throws(SystemError) {
                try file.reserve(from: end, length: wanted - end)
                allocated = wanted
                return
            } catch  where error.errno == .notSupported {
                way = .ballast
            }
        }
        try resizeBallast(to: behind)
    }

    /// Asks the disk for `length` bytes more than what is kept, in a file of their own that is gone
    /// again: behind the journal's end they would stay its own, and the next asking find them.
    func ask(length: Int) throws(SystemError) {
        let file = try File.open(askingPath, .appending)
        defer { try? File.remove(askingPath) }
        do throws(SystemError) {
            try file.reserve(from: 0, length: Int64(length))
        } catch {
            guard error.errno == .notSupported else { throw error }
            try file.writeAll([UInt8](repeating: 0x20, count: length))
        }
    }

    mutating func keep(_ bytes: Int, for intent: Int64) { kept[intent] = Int64(bytes) }

    mutating func giveBack(_ intent: Int64) {
        kept[intent] = nil
        if case .ballast = way { try? resizeBallast(to: total) }
    }

    /// After the file was cut at `end`, which frees what was allocated behind it.
    mutating func restore(_ file: borrowing FileDescriptor, end: Int64) throws(SystemError) {
        allocated = end
        guard total > 0 else { return }
        try prepare(file, end: end, length: 0, keeping: nil, outcomeOf: nil)
    }

    private mutating func resizeBallast(to size: Int64) throws(SystemError) {
        guard size != ballast else { return }
        if size == 0 {
            try File.remove(ballastPath)
            ballast = 0
            return
        }
        // Bytes that no file system can leave out as a hole or pack well.
        let file = try File.open(ballastPath, .appending)
        do throws(SystemError) {
            if size < ballast {
                try file.truncate(to: size)
            } else {
                var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: size)
                var bytes: [UInt8] = []
                while bytes.count < Int(size - ballast) {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    bytes.append(UInt8(truncatingIfNeeded: state >> 56))
                }
                try file.writeAll(bytes)
            }
            try file.syncData()
            ballast = size
        } catch {
            try? file.truncate(to: ballast)
            throw error
        }
    }
}
