import Expectations
import Foundation
import Glibc
import System
import Testing

@Suite struct FileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/file" }

    @Test func replacingLeavesTheOldOrTheNewContentWhateverFails() throws {
        try File.replace(path, with: [1, 2, 3])
        for call in [SystemCall.open, .write, .fdatasync, .rename] {
            let error = caught(SystemError.self) {
                try SystemFaults.failing(call, .noSpace) { try File.replace(path, with: [9]) }
            }
            #expect(error?.call == call && error?.errno == .noSpace)
            #expect(try File.contents(of: path, limit: 10) == [1, 2, 3])
            #expect(try File.names(in: folder.path) == ["file"], "\(call) left a draft")
        }
        try File.replace(path, with: [4], mode: 0o640)
        #expect(try File.contents(of: path, limit: 10) == [4])
        #expect(try File.status(of: path).mode & 0o777 == 0o640)
    }

    @Test func aDraftLeftByACrashIsNoHindrance() throws {
        try File.open(path + ".new", .creating(mode: 0o600)).writeText("half")
        try File.replace(path, with: [7])
        #expect(try File.contents(of: path, limit: 1) == [7])
        #expect(try File.names(in: folder.path) == ["file"])
    }

    @Test(arguments: [(0, true), (9, false), (10, true), (11, true)])
    func aFileLongerThanTheLimitIsRefused(limit: Int, isRead: Bool) throws {
        let content: [UInt8] = limit == 0 ? [] : [UInt8](repeating: 5, count: 10)
        try File.replace(path, with: content)
        if isRead {
            #expect(try File.contents(of: path, limit: limit) == content)
        } else {
            let error = caught(SystemError.self) {
                try File.contents(of: path, limit: limit)
            }
            #expect(error?.errno.rawValue == EFBIG)
            #expect(
                error?.description == "read \(path): is too long: at most \(limit) bytes are read")
        }
    }

    @Test func appendingGoesBehindWhatIsThere() throws {
        for text in ["one ", "two"] { try File.open(path, .appending).writeText(text) }
        #expect(try File.contents(of: path, limit: 100) == Array("one two".utf8))
        #expect(try File.status(of: path).mode & 0o777 == 0o600)
    }

    @Test func creatingFailsWhereTheFileExists() throws {
        _ = try File.open(path, .creating(mode: 0o600))
        let error = caught(SystemError.self) {
            _ = try File.open(path, .creating(mode: 0o600))
        }
        #expect(error?.errno == .exists)
    }

    @Test func aLinkAtTheEndIsNotWrittenThrough() throws {
        try File.replace(path, with: [1])
        symlink(path, path + ".link")
        #expect(throws: SystemError.self) { _ = try File.open(path + ".link", .appending) }
        #expect(try File.contents(of: path + ".link", limit: 10) == [1])
        #expect(try File.status(of: path + ".link").isLink)
        #expect(try File.target(ofLink: path + ".link") == path)
    }

    /// What may stand where a file is wanted, and what it is called.
    enum Stranger: String, CaseIterable {
        case folder = "a folder"
        case pipe = "a pipe (FIFO)"
        case socket = "a socket"
        case device = "a device"

        func put(at path: String) throws {
            switch self {
            case .folder: try File.makeFolder(path)
            case .pipe: #expect(mkfifo(path, 0o600) == 0)
            case .socket: _ = try UnixSocket.listen(at: path, mode: 0o600)
            case .device: symlink("/dev/zero", path)
            }
        }
    }

    @Test(arguments: Stranger.allCases, [File.Access.reading, .readingOwn, .appending])
    func whatIsNoFileIsNeitherReadNorWaitedFor(stranger: Stranger, access: File.Access) throws {
        try stranger.put(at: path)
        let error = caught(SystemError.self) { _ = try File.open(path, access) }
        let isLink = if case .reading = access { false } else { stranger == .device }
        let kind = isLink ? "a link" : stranger.rawValue
        #expect(
            error?.description == "open \(path): is \(kind), not a file: "
                + "move it away and put the file in its place")
        #expect(throws: SystemError.self) { try File.contents(of: path, limit: 10, access) }
    }

    @Test func aLinkIsReadWhereItMakesSenseAndNowhereElse() throws {
        try File.replace(path + ".other", with: [1])
        symlink(path + ".other", path)
        #expect(try File.contents(of: path, limit: 10) == [1])
        let error = caught(SystemError.self) {
            try File.contents(of: path, limit: 10, .readingOwn)
        }
        #expect(error?.errno == .isLink)
        #expect(error?.reason.hasPrefix("is a link, not a file") == true)
        try File.remove(path + ".other")
        let dangling = caught(SystemError.self) {
            try File.contents(of: path, limit: 10)
        }
        #expect(dangling?.errno == .noEntry)
        #expect(dangling?.reason.hasPrefix("is a link to what is not there") == true)
    }

    @Test(arguments: ["a", "b/c/d", "e/f/", "/g"])
    func aFolderIsMadeWithThoseAboveIt(name: String) throws {
        for _ in 0..<2 { try File.makeFolder(folder.path + "/" + name) }
        #expect(try File.status(of: folder.path + "/" + name).isFolder)
    }

    @Test func aFileIsReadAtAnyPlace() throws {
        try File.replace(path, with: Array(0..<100))
        let file = try File.open(path, .reading)
        #expect(try file.read(5, at: 10) == [10, 11, 12, 13, 14])
        #expect(try file.read(50, at: 98) == [98, 99])
        #expect(try file.read(5, at: 100).isEmpty)
        #expect(try file.read(-1, at: 0).isEmpty)
        var four = [UInt8](repeating: 0, count: 4)
        let n = try four.withUnsafeMutableBytes { try file.read(into: $0, at: 97) }
        #expect(n == 3 && four == [97, 98, 99, 0])
    }

    @Test func reservingRoomDoesNotMoveTheEnd() throws {
        let file = try File.open(path, .appending)
        try file.writeText("ab")
        try file.reserve(from: 2, length: 10_000)
        #expect(try file.status().size == 2)
        try file.writeText("c")
        try file.truncate(to: 1)
        #expect(try File.contents(of: path, limit: 10) == Array("a".utf8))
    }

    @Test func aLockIsOneHoldersAtATime() throws {
        var first: FileDescriptor? = try File.open(path, .appending)
        let second = try File.open(path, .appending)
        #expect(try first?.lockExclusively() == true)
        #expect(try second.lockExclusively() == false)
        first = nil
        #expect(try second.lockExclusively())
    }

    @Test func aDescriptorIsClosedWithItsOwnerAndNotWhenReleased() throws {
        func open() throws -> Int32 { try File.open("/dev/null", .device).release() }
        let kept = try open()
        #expect(fcntl(kept, F_GETFD) == FD_CLOEXEC)
        do { _ = FileDescriptor(owning: kept) }
        // Another test may be given the number at once, but then for another file.
        var status = stat()
        #expect(fstat(kept, &status) == -1 || status.st_rdev != makedev(1, 3))
    }

    private func makedev(_ major: UInt64, _ minor: UInt64) -> UInt64 { major << 8 | minor }

    @Test func anErrorNamesTheCallTheFileAndTheReason() throws {
        let error = caught(SystemError.self) {
            try File.contents(of: folder.path + "/none", limit: 1)
        }
        #expect(
            error?.description == "open \(folder.path)/none: no such file or directory")
    }

    /// A call, and the least that makes it.
    struct Use: Sendable, CustomTestStringConvertible {
        let call: SystemCall
        let make: @Sendable (String) throws -> Void

        init(_ call: SystemCall, _ make: @escaping @Sendable (String) throws -> Void) {
            self.call = call
            self.make = make
        }

        var testDescription: String { call.description }
    }

    private static let uses: [Use] = [
        Use(.open) { p in _ = try File.open(p, .reading) },
        Use(.read) { _ = try File.contents(of: $0, limit: 10) },
        Use(.write) { try File.open($0, .appending).writeText("x") },
        Use(.pread) { _ = try File.open($0, .reading).read(1, at: 0) },
        Use(.fstat) { _ = try File.open($0, .reading).status() },
        Use(.fstat) { _ = try File.status(of: $0) },
        Use(.ftruncate) { try File.open($0, .appending).truncate(to: 0) },
        Use(.fallocate) { try File.open($0, .appending).reserve(from: 0, length: 1) },
        Use(.fdatasync) { try File.open($0, .appending).syncData() },
        Use(.fsync) { try File.syncFolder(of: $0) },
        Use(.flock) { _ = try File.open($0, .appending).lockExclusively() },
        Use(.rename) { try File.rename($0, to: $0 + "2") },
        Use(.unlink) { try File.remove($0) },
        Use(.mkdir) { try File.makeFolder($0 + ".d") },
        Use(.chmod) { try File.setMode($0, 0o600) },
        Use(.readlink) { _ = try File.target(ofLink: $0) },
        Use(.opendir) { _ = try File.names(in: $0) },
        Use(.socket) { _ = try UnixSocket.connect(to: $0) },
        Use(.connect) { _ = try UnixSocket.connect(to: $0) },
        Use(.bind) { _ = try UnixSocket.listen(at: $0 + ".s", mode: 0o600) },
        Use(.listen) { _ = try UnixSocket.listen(at: $0 + ".s", mode: 0o600) },
        Use(.epoll_create) { _ in _ = try Poller() },
        Use(.epoll_ctl) { _ in try Poller().add(0, .reading, token: 0) },
        Use(.epoll_wait) { _ in _ = try Poller().wait(timeout: .zero) },
        Use(.eventfd) { _ in _ = try Doorbell() },
        Use(.signalfd) { _ in _ = try SignalSource([]) },
        Use(.poll) { _ = try File.open($0, .reading).wait(timeout: .zero) },
        Use(.pthread_create) { _ in try Thread.start(name: "never") {} },
        Use(.waitpid) { _ in _ = try Process.wait(for: 1, block: false) },
        Use(.kill) { _ in try Process.signal(Process.id, Signal(rawValue: 0)) },
    ]

    @Test(arguments: uses)
    func aCallThatFailsIsNamedAndNotMade(use: Use) throws {
        try File.replace(path, with: [1])
        let error = caught(SystemError.self) {
            try SystemFaults.failing(use.call, .inputOutput) { try use.make(path) }
        }
        #expect(error?.call == use.call && error?.errno == .inputOutput)
        #expect(try File.contents(of: path, limit: 10) == [1], "the call was made all the same")
    }
}
