/// This process and those it starts.
package enum Process {
    package static var id: Int32 { Kernel.processID }
    package static var userID: UInt32 { Kernel.userID }
    package static var environment: [String] { Kernel.environment }
    package static func variable(_ name: String) -> String? { Kernel.variable(name) }
    package static func removeVariable(_ name: String) { Kernel.removeVariable(name) }
    package static func exit(_ code: Int32) -> Never { Kernel.exit(code) }

    /// Ends this process by a signal's default action, as its parent expects after a crash.
    package static func end(by signal: Signal) -> Never { Kernel.killSelf(with: signal.rawValue) }

    /// SIGHUP to this process when its parent dies.
    package static func endWithParent() { _ = Kernel.dieWithParent() }

    /// The number of a group or user, by name; nil where there is none of that name.
    package static func groupID(named name: String) -> UInt32? { Kernel.isGroupMember(named: name) }
    package static func userID(named name: String) -> UInt32? { Kernel.userID(named: name) }

    /// Starts a program with standard input, output and error shared; its process id.
    package static func spawn(
        _ path: String, arguments: [String], environment: [String]? = nil
    ) throws(SystemError) -> Int32 {
        let result = Kernel.spawn(path, arguments, environment ?? Kernel.environment)
        guard result > 0 else {
            throw SystemError(.posix_spawn, Errno(rawValue: -result), path)
        }
        return result
    }

    /// Starts a program in a session of its own, so without this process's terminal: it reads
    /// `bytes`, and what it writes, on both its outputs, comes from the pipe `output`.
    package static func spawn(
        _ path: String, arguments: [String], environment: [String], reading bytes: [UInt8]
    ) throws(SystemError) -> (id: Int32, output: Int32) {
        let input = try SystemCall.memfd_create.attempt { Kernel.makeMemoryFile() }
        defer { _ = Kernel.close(input) }
        var written = 0
        while written < bytes.count {
            written += try SystemCall.write.attempt {
                bytes.withUnsafeBytes {
                    Kernel.write(input, UnsafeRawBufferPointer(rebasing: $0.dropFirst(written)))
                }
            }
        }
        _ = try SystemCall.lseek.attempt { Kernel.rewind(input) }
        var ends: (Int32, Int32) = (-1, -1)
        _ = try SystemCall.pipe.attempt { Kernel.makePipe(&ends) }
        let result = Kernel.spawn(
            path, arguments, environment, standard: (input: input, output: ends.1))
        _ = Kernel.close(ends.1)
        guard result > 0 else {
            _ = Kernel.close(ends.0)
            throw SystemError(.posix_spawn, Errno(rawValue: -result), path)
        }
        return (result, ends.0)
    }

    package enum End: Equatable, Sendable {
        case exited(Int32)
        case killed(by: Signal)
    }

    /// Waits for a child; nil when it still runs and `block` is false.
    package static func wait(for process: Int32, block: Bool = true) throws(SystemError) -> End? {
        var status: Int32 = 0
        let ended = try SystemCall.waitpid.attempt {
            Kernel.wait(for: process, &status, block: block)
        }
        guard ended != 0 else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(by: Signal(rawValue: signal))
    }

    /// Sends a signal to a process.
    package static func signal(_ process: Int32, _ signal: Signal) throws(SystemError) {
        _ = try SystemCall.kill.attempt("\(process)") { Kernel.kill(process, signal.rawValue) }
    }

    /// Keeps this process's memory from core dumps and from other users' debuggers.
    package static func forbidDumps() throws(SystemError) {
        Kernel.forbidCoreDumps()
        _ = try SystemCall.prctl.attempt { Kernel.setDumpable(false) }
    }

    /// Gives back the pages of the program's file that are mapped: most were there for its start
    /// alone. What is touched again is mapped again, without reading the disk while there is
    /// memory.
    package static func letGoOfProgram() { Kernel.letGoOfProgram() }

    /// Locks every page this process touches from now on, as it is touched (MCL_ONFAULT).
    package static func lockMemory() throws(SystemError) {
        _ = try SystemCall.mlockall.attempt { Kernel.lockMemoryOnFault() }
    }
}
