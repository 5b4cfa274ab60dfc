import System

/// Standard output and standard error, unbuffered.
enum Output {
    static func say(_ text: String) { write(text, to: Terminal.standardOutput) }
    static func complain(_ text: String) { write(text, to: Terminal.standardError) }

    private static func write(_ text: String, to number: Int32) {
        let output = FileDescriptor(owning: number)
        // Nobody to tell when even this fails.
        try? output.writeAll(Array(text.utf8))
        _ = output.release()
    }
}
