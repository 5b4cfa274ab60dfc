/// Files by path: what the journal, the vault and the configuration need, and no more.
package enum File {
    package enum Access: Sendable {
        /// A file, also at the end of a link.
        case reading
        /// A file of a folder of the station's own, where a link has no business.
        case readingOwn
        /// Creates the file, only for its owner, where there is none.
        case appending
        /// Fails where the file exists already.
        case creating(mode: UInt32)
        /// Reads and writes a device node that is there.
        case device

        fileprivate var flags: Int32 {
            switch self {
            case .reading: Kernel.readOnlyFlag
            case .readingOwn: Kernel.readOnlyFlag | Kernel.noFollowFlag
            case .appending:
                Kernel.readWriteFlag | Kernel.createFlag | Kernel.appendFlag | Kernel.noFollowFlag
            case .creating:
                Kernel.readWriteFlag | Kernel.createFlag | Kernel.exclusiveFlag
                    | Kernel.noFollowFlag
            case .device: Kernel.readWriteFlag | Kernel.noFollowFlag
            }
        }

        fileprivate var mode: UInt32 {
            if case .creating(let mode) = self { mode } else { 0o600 }
        }

        fileprivate var isOfDevices: Bool { if case .device = self { true } else { false } }
    }

    /// Opens `path`; symbolic links at its end are not followed when writing.
    ///
    /// What is no regular file, unless a device is asked for, is refused and never waited for: a
    /// pipe's other end may never come.
    package static func open(_ path: String, _ access: Access) throws(SystemError)
        -> FileDescriptor
    {
        let flags = access.flags | (access.isOfDevices ? 0 : Kernel.nonBlockingFlag)
        let number: Int32
        do throws(SystemError) {
            number = try SystemCall.open.attempt(path) { Kernel.open(path, flags, access.mode) }
        } catch {
            throw error.explained(by: try? status(of: path))
        }
        if !access.isOfDevices {
            do throws(SystemError) {
                let found = try Status(SystemCall.fstat, path) { Kernel.status(number, &$0) }
                if let finding = found.whyNoFile {
                    throw SystemError(
                        .open, found.isFolder ? .isFolder : .invalid, path, finding: finding)
                }
            } catch {
                _ = Kernel.close(number)
                throw error
            }
        }
        return FileDescriptor(owning: number)
    }

    /// The whole of a file of at most `limit` bytes.
    /// - Throws: `EFBIG` as an errno when the file is longer.
    package static func contents(
        of path: String, limit: Int, _ access: Access = .reading
    ) throws(SystemError) -> [UInt8] {
        let file = try open(path, access)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(max(limit, 1), 65536))
        while true {
            let n: Int
            do {
                n = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
            } catch let error as SystemError {
                throw error
            } catch {
                throw SystemError(.read, .inputOutput, path)
            }
            if n == 0 { return bytes }
            guard bytes.count + n <= limit else {
                throw SystemError(
                    .read, .tooLong, path, finding: "is too long: at most \(limit) bytes are read")
            }
            bytes += chunk[..<n]
        }
    }

    /// Replaces `path` so that after a crash either the old or the new content stands there.
    package static func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o600)
        throws(SystemError)
    {
        let draft = path + ".new"
        try? remove(draft)
        let file = try open(draft, .creating(mode: mode))
        do throws(SystemError) {
            try file.writeAll(bytes)
            try file.syncData()
            _ = try SystemCall.rename.attempt(path) { Kernel.rename(draft, path) }
        } catch {
            // On a full disk a forgotten draft would keep the room that is wanted.
            try? remove(draft)
            throw error
        }
        try syncFolder(of: path)
    }

    package static func rename(_ from: String, to: String) throws(SystemError) {
        _ = try SystemCall.rename.attempt(to) { Kernel.rename(from, to) }
    }

    package static func remove(_ path: String) throws(SystemError) {
        _ = try SystemCall.unlink.attempt(path) { Kernel.unlink(path) }
    }

    package static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
        _ = try SystemCall.chmod.attempt(path) { Kernel.changeMode(path, mode) }
    }

    /// Gives a file to a group, by number.
    package static func setGroup(_ path: String, _ group: UInt32) throws(SystemError) {
        _ = try SystemCall.chmod.attempt(path) { Kernel.changeOwner(path, group: group) }
    }

    /// Creates a folder, and those above it, where there is none.
    package static func makeFolder(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
        do throws(SystemError) {
            _ = try SystemCall.mkdir.attempt(path) { Kernel.makeFolder(path, mode) }
        } catch {
            switch error.errno {
            case .exists: return
            case .noEntry:
                guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { throw error }
                try makeFolder(String(path[..<slash]), mode: mode)
                do throws(SystemError) {
                    _ = try SystemCall.mkdir.attempt(path) { Kernel.makeFolder(path, mode) }
                } catch where error.errno == .exists {
                    // Somebody else was quicker, or the path ends in a slash.
                }
            default: throw error
            }
        }
    }

    /// The names in a folder, without "." and "..", in no order; `most` of them where there are
    /// more.
    package static func names(
        in folder: String, most: Int = .max
    ) throws(SystemError) -> [String] {
        if let faults = SystemFaults.current, let errno = faults.failing(.opendir) {
            throw SystemError(.opendir, errno, folder)
        }
        guard let names = Kernel.entries(of: folder, most: most) else {
            throw SystemError(.opendir, Errno(rawValue: Kernel.lastError), folder)
        }
        return names
    }

    /// Where a symbolic link points to.
    package static func target(ofLink path: String) throws(SystemError) -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let n = try SystemCall.readlink.attempt(path) {
            buffer.withUnsafeMutableBytes { Kernel.readLink(path, $0) }
        }
        return String(decoding: buffer[..<n], as: UTF8.self)
    }

    package struct Status: Equatable, Sendable {
        package let size: Int64
        /// When its content was last changed, in nanoseconds since 1970.
        package let modified: Int64
        package let inode: UInt64
        /// Permission bits and kind, as in st_mode.
        package let mode: UInt32
        package let owner: UInt32
        package let group: UInt32

        package var isFolder: Bool { mode & 0o170000 == 0o040000 }
        package var isSocket: Bool { mode & 0o170000 == 0o140000 }
        package var isFile: Bool { mode & 0o170000 == 0o100000 }
        package var isLink: Bool { mode & 0o170000 == 0o120000 }
        package var isPipe: Bool { mode & 0o170000 == 0o010000 }

        /// What it is instead of a regular file, and what to do about it; nil for a file.
        package var whyNoFile: String? {
            isFile
                ? nil : "is \(kind), not a file: move it away and put the file in its place"
        }

        /// In words.
        package var kind: String {
            if isFile {
                "a file"
            } else if isFolder {
                "a folder"
            } else if isPipe {
                "a pipe (FIFO)"
            } else if isSocket {
                "a socket"
            } else if isLink {
                "a link"
            } else {
                "a device"
            }
        }
    }

    /// What stands at `path` itself; a link is not followed.
    package static func status(of path: String) throws(SystemError) -> Status {
        try Status(SystemCall.fstat, path) { Kernel.status(of: path, &$0) }
    }

    /// What a link at `path` leads to.
    package static func statusBehindLinks(of path: String) throws(SystemError) -> Status {
        try Status(SystemCall.fstat, path) { Kernel.statusBehindLinks(of: path, &$0) }
    }

    /// Asks whether this process may read, write and make files in a folder.
    package static func checkUse(ofFolder path: String) throws(SystemError) {
        _ = try SystemCall.access.attempt(path) { Kernel.mayUseFolder(path) }
    }

    package static func exists(_ path: String) -> Bool { (try? status(of: path)) != nil }

    /// Makes the entry of `path` in its folder outlive a power cut.
    package static func syncFolder(of path: String) throws(SystemError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let opened = FileDescriptor(
            owning: try SystemCall.open.attempt(folder) {
                Kernel.open(folder, Kernel.readOnlyFlag | Kernel.folderFlag, 0)
            })
        _ = try SystemCall.fsync.attempt(folder) { Kernel.syncAll(opened.number) }
    }
}

extension SystemError {
    /// With what stands there, where the errno alone would send people the wrong way.
    fileprivate func explained(by status: File.Status?) -> SystemError {
        guard let status, let finding = status.whyNoFile else { return self }
        return switch errno {
        case .isLink, .isFolder, .noSuchAddress:
            SystemError(call, errno, context, finding: finding)
        case .noEntry where status.isLink:
            SystemError(
                call, errno, context,
                finding: "is a link to what is not there: mend it, or put the file in its place")
        default: self
        }
    }
}

extension FileDescriptor {
    package func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        var failure: SystemError? = nil
        bytes.withUnsafeBytes { all in
            do throws(SystemError) { try writeAll(all) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Reads `count` bytes at `offset`; fewer only at the end of the file.
    package func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(count, 0))
        var have = 0
        while have < bytes.count {
            let at = offset + Int64(have)
            let n = try SystemCall.pread.attempt {
                bytes.withUnsafeMutableBytes {
                    Kernel.pread(
                        number, UnsafeMutableRawBufferPointer(rebasing: $0.dropFirst(have)), at: at)
                }
            }
            if n == 0 { break }
            have += n
        }
        bytes.removeLast(bytes.count - have)
        return bytes
    }

    /// Reads at most `buffer.count` bytes at `offset`; 0 at the end of the file.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64)
        throws(SystemError) -> Int
    {
        try SystemCall.pread.attempt { Kernel.pread(number, buffer, at: offset) }
    }

    /// Waits until the content and size are on the medium.
    package func syncData() throws(SystemError) {
        _ = try SystemCall.fdatasync.attempt { Kernel.syncData(number) }
    }

    /// Lets go of what the kernel holds of the file, so that the next read asks the medium. Advice,
    /// no more: a file system that has no medium keeps what it has.
    package func forgetPages() { Kernel.forgetPages(number) }

    package func truncate(to length: Int64) throws(SystemError) {
        _ = try SystemCall.ftruncate.attempt { Kernel.truncate(number, to: length) }
    }

    /// Reserves room on the medium for `length` bytes from `offset`; the end does not move.
    package func reserve(from offset: Int64, length: Int64) throws(SystemError) {
        _ = try SystemCall.fallocate.attempt { Kernel.reserve(number, from: offset, length: length) }
    }

    /// Takes the file for this process alone; false when another has it.
    package func lockExclusively() throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try SystemCall.flock.attempt { Kernel.lockExclusively(number) }
            return true
        } catch where error.errno == .again {
            return false
        }
    }

    package func status() throws(SystemError) -> File.Status {
        try File.Status(SystemCall.fstat, "") { Kernel.status(number, &$0) }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// What a large page is aligned to.
    package static let largePage = 1 << 21

    /// Asks for large pages where the kernel has them: a large buffer, aligned to `largePage`, is
    /// then had with few faults.
    package func preferLargePages() { Kernel.preferLargePages(self) }
}

extension UnsafeRawBufferPointer {
    /// The first place of `byte`.
    package func place(of byte: UInt8) -> Int? { Kernel.find(byte, in: self) }
}
