import Secrets

/// One code being typed or read, byte by byte, in locked memory.
struct CodeEditor: ~Copyable {
    enum Step: Equatable, Sendable {
        case more
        /// The line is over.
        case done
        /// The end of input at an empty line.
        case ended
    }

    /// Longest code taken, in bytes; longer than any token's.
    static let longest = 64

    private enum Escape { case none, begun, sequence }

    private var buffer: LockedBuffer
    private var escape = Escape.none
    private let isTyped: Bool
    /// More came than a code can be; what was kept is not the code.
    private(set) var isTooLong = false

    /// - Parameter isTyped: keys of a terminal, with their editing, rather than bytes of a file.
    init(isTyped: Bool) throws(SecretError) {
        buffer = try LockedBuffer(capacity: CodeEditor.longest)
        self.isTyped = isTyped
    }

    mutating func take(_ byte: UInt8) -> Step {
        if byte == UInt8(ascii: "\n") { return .done }
        if isTyped { return takeKey(byte) }
        keep(byte)
        return .more
    }

    private mutating func takeKey(_ key: UInt8) -> Step {
        switch escape {
        case .begun:
            // Keys such as the arrows send ESC, a bracket or O, and go on to a letter.
            escape = key == UInt8(ascii: "[") || key == UInt8(ascii: "O") ? .sequence : .none
            return .more
        case .sequence:
            if (0x40...0x7E).contains(key) { escape = .none }
            return .more
        case .none: break
        }
        switch key {
        case 0x0D: return .done
        case 0x04: return buffer.count == 0 ? .ended : .done
        case 0x08, 0x7F: removeLast()
        case 0x15: clear()
        case 0x1B: escape = .begun
        case 0x00..<0x20: break
        default: keep(key)
        }
        return .more
    }

    private mutating func keep(_ byte: UInt8) {
        if !buffer.append(byte) { isTooLong = true }
    }

    /// Takes back the last character, in all its bytes.
    private mutating func removeLast() {
        // What did not fit is not there to be taken back: begin again.
        if isTooLong { return clear() }
        while buffer.count > 0 {
            let isContinuation = buffer.withBytes { $0[$0.count - 1] & 0xC0 == 0x80 }
            buffer.removeLast()
            if !isContinuation { return }
        }
    }

    private mutating func clear() {
        buffer.wipe()
        isTooLong = false
    }

    /// Length in bytes so far.
    var count: Int { buffer.count }

    /// The code, without the CR that a line of a file may end in; none when it was too long.
    consuming func finish() throws(CodeDesk.Trouble) -> Secret {
        if isTooLong { throw .tooLong }
        if !isTyped, buffer.withBytes({ $0.last == 0x0D }) { buffer.removeLast() }
        guard let code = try? Secret(buffer) else { throw .noLockedMemory }
        return code
    }
}
