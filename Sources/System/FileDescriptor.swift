/// An open file, socket or event source with one owner; closed when it goes out of scope.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number the kernel knows it by; valid as long as this value lives.
    package let number: Int32

    /// Takes over a descriptor that nobody else will close.
    package init(owning number: Int32) { self.number = number }

    /// Takes over a descriptor inherited at start (socket activation) and keeps it from children.
    package init(inheriting number: Int32) throws(SystemError) {
        _ = try SystemCall.getsockopt.attempt("descriptor \(number)") {
            Kernel.setCloseOnExec(number)
        }
        self.number = number
    }

    /// A descriptor of its own for what another one has open, not passed on to children.
    package init(duplicating number: Int32) throws(SystemError) {
        self.number = try SystemCall.open.attempt("descriptor \(number)") {
            Kernel.duplicate(number)
        }
    }

    deinit { _ = Kernel.close(number) }

    /// Gives the number up without closing it.
    package consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }

    package func setNonBlocking(_ on: Bool) throws(SystemError) {
        _ = try SystemCall.setsockopt.attempt { Kernel.setNonBlocking(number, on) }
    }

    /// Reads at most `buffer.count` bytes; 0 at the end of the file or stream.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try SystemCall.read.attempt { Kernel.read(number, buffer) }
    }

    /// Writes all of `bytes`, however many calls that takes.
    package func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = try SystemCall.write.attempt { Kernel.write(number, rest) }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
    }

    /// Writes text to a descriptor this process was given and does not own: 1 or 2.
    package static func write(_ text: String, to number: Int32) throws(SystemError) {
        let borrowed = FileDescriptor(owning: number)
        let result: SystemError?
        do throws(SystemError) {
            try borrowed.writeAll(Array(text.utf8))
            result = nil
        } catch {
            result = error
        }
        _ = borrowed.release()
        if let result { throw result }
    }

    /// Waits until there is something to read (or room to write); false when `timeout` passed.
    /// nil waits without end.
    package func wait(forWriting: Bool = false, timeout: Duration?) throws(SystemError) -> Bool {
        let end = timeout.map { Instant.now + $0 }
        while true {
            let left = end.map { max(.zero, $0 - .now) }
            do throws(SystemError) {
                let ready = try SystemCall.poll.attempt(retry: .never) {
                    Kernel.poll(
                        number, forWriting: forWriting,
                        milliseconds: left.map { $0.wholeMilliseconds } ?? -1)
                }
                if ready > 0 { return true }
                if let end, Instant.now >= end { return false }
            } catch where error.errno == .interrupted {
                continue
            }
        }
    }
}
