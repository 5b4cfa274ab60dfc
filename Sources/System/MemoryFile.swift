/// A file without a name that lies in memory alone, for as long as somebody has it open.
package struct MemoryFile: ~Copyable, Sendable {
    private let file: FileDescriptor

    /// One that programs which are started find open under the same number.
    package init() throws(SystemError) {
        file = FileDescriptor(
            owning: try SystemCall.memfd_create.attempt { Kernel.makeMemoryFile(isInherited: true) })
    }

    /// The one that this process was started with; its own children do not get it.
    package init(inheriting number: Int32) throws(SystemError) {
        file = try FileDescriptor(inheriting: number)
    }

    package var number: Int32 { file.number }

    /// The whole content.
    package func contents() throws(SystemError) -> [UInt8] {
        try file.read(Int(try file.status().size), at: 0)
    }

    /// Writes the content anew; what was there before is gone.
    package func replace(with bytes: [UInt8]) throws(SystemError) {
        try file.truncate(to: 0)
        _ = try SystemCall.lseek.attempt { Kernel.rewind(file.number) }
        try file.writeAll(bytes)
    }
}
