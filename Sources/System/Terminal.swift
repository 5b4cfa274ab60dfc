import Glibc

/// A terminal's modes: saved, made raw or silent, put back.
package struct Terminal: Sendable {
    /// The descriptor of the terminal; this value does not own it.
    package let number: Int32

    /// The terminal behind `number`; nil where that is not a terminal.
    package init?(_ number: Int32) {
        guard Kernel.isTerminal(number) else { return nil }
        self.number = number
    }

    package static let standardInput: Int32 = 0
    package static let standardOutput: Int32 = 1
    package static let standardError: Int32 = 2

    /// The modes of one moment, to be put back later.
    package struct Modes: @unchecked Sendable {
        // termios is a plain structure of numbers.
        fileprivate let attributes: termios
    }

    package func modes() throws(SystemError) -> Modes {
        var attributes = termios()
        _ = try SystemCall.tcgetattr.attempt { Kernel.attributes(number, &attributes) }
        return Modes(attributes: attributes)
    }

    package func set(_ modes: Modes) throws(SystemError) {
        _ = try SystemCall.tcsetattr.attempt { Kernel.setAttributes(number, modes.attributes) }
    }

    /// Every key as it is pressed, nothing echoed, no signals from keys.
    package func makeRaw(from modes: Modes) throws(SystemError) {
        var attributes = modes.attributes
        Kernel.makeRaw(&attributes)
        try set(Modes(attributes: attributes))
    }

    /// Keys as they are pressed and not echoed, signals from keys as usual.
    package func makeSilent(from modes: Modes) throws(SystemError) {
        var attributes = modes.attributes
        Kernel.silence(&attributes)
        try set(Modes(attributes: attributes))
    }

    /// Reads what was typed, at most `buffer.count` bytes; 0 when the terminal is gone.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try SystemCall.read.attempt { Kernel.read(number, buffer) }
    }

    /// Columns and rows; nil where the terminal does not know.
    package func size() -> (columns: Int, rows: Int)? {
        var columns: UInt16 = 0
        var rows: UInt16 = 0
        guard Kernel.windowSize(number, &columns, &rows) == 0, columns > 0, rows > 0 else {
            return nil
        }
        return (Int(columns), Int(rows))
    }
}
