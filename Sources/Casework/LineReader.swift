import System

/// Reads a file line by line in pieces of fixed size: memory stays the same for any length.
struct LineReader: ~Copyable {
    enum Piece {
        /// A line without its LF, at `offset`; valid until the next call.
        case line(UnsafeRawBufferPointer)
        /// What stands behind the last LF.
        case tail(UnsafeRawBufferPointer)
        /// More bytes without an LF than a line may have.
        case overlong
        case end
    }

    private let room: UnsafeMutableRawBufferPointer
    private var held = 0..<0
    private var isAtEnd = false
    private var isDone = false
    /// Where in the file the last piece began.
    private(set) var offset: Int64
    /// Where in the file the next piece begins.
    private(set) var nextOffset: Int64

    /// - Parameter offset: where in the file reading begins.
    init(from offset: Int64 = 0) {
        room = .allocate(byteCount: 4 * JournalFormat.longestLine, alignment: 16)
        self.offset = offset
        nextOffset = offset
    }

    deinit { room.deallocate() }

    mutating func next(_ file: borrowing FileDescriptor) throws(SystemError) -> Piece {
        if isDone { return .end }
        var searched = held.lowerBound
        while true {
            if let end = firstLineFeed(in: searched..<held.upperBound) {
                let line = UnsafeRawBufferPointer(rebasing: room[held.lowerBound..<end])
                offset = nextOffset
                nextOffset += Int64(line.count + 1)
                held = (end + 1)..<held.upperBound
                if line.count >= JournalFormat.longestLine {
                    isDone = true
                    return .overlong
                }
                return .line(line)
            }
            if isAtEnd { return tail() }
            // A tail may be as long as the room: a torn line with what a power cut left
            // behind it. Beyond that nobody's pen slipped.
            if held.count == room.count {
                isDone = true
                offset = nextOffset
                return .overlong
            }
            searched = held.count
            try fill(file)
        }
    }

    private mutating func tail() -> Piece {
        isDone = true
        offset = nextOffset
        guard !held.isEmpty else { return .end }
        return .tail(UnsafeRawBufferPointer(rebasing: room[held]))
    }

    private mutating func fill(_ file: borrowing FileDescriptor) throws(SystemError) {
        if let base = room.baseAddress, held.lowerBound > 0 {
            base.copyMemory(from: base.advanced(by: held.lowerBound), byteCount: held.count)
            held = 0..<held.count
        }
        let free = UnsafeMutableRawBufferPointer(rebasing: room[held.upperBound...])
        let n = try file.read(into: free, at: nextOffset + Int64(held.count))
        if n == 0 { isAtEnd = true }
        held = 0..<(held.count + n)
    }

    private func firstLineFeed(in range: Range<Int>) -> Int? {
        UnsafeRawBufferPointer(rebasing: room[range]).place(of: 0x0A).map { range.lowerBound + $0 }
    }
}
