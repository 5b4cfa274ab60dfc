// The one file of this module that names C: every other file of the house calls through it.
import CLinux
import Glibc

enum Kernel {
    // MARK: errno

    static let again = EAGAIN
    static let interrupted = EINTR
    static let noEntry = ENOENT
    static let noDevice = ENODEV
    static let exists = EEXIST
    static let noSpace = ENOSPC
    static let quotaExceeded = EDQUOT
    static let readOnly = EROFS
    static let accessDenied = EACCES
    static let notPermitted = EPERM
    static let isFolder = EISDIR
    static let notAFolder = ENOTDIR
    static let isLink = ELOOP
    static let noSuchAddress = ENXIO
    static let fileTooBig = EFBIG
    static let notSupported = EOPNOTSUPP
    static let connectionRefused = ECONNREFUSED
    static let connectionReset = ECONNRESET
    static let brokenPipe = EPIPE
    static let tooManyFiles = EMFILE
    static let tooManyFilesInSystem = ENFILE
    static let noMemory = ENOMEM
    static let invalid = EINVAL
    static let inputOutput = EIO
    static let inProgress = EINPROGRESS
    static let addressInUse = EADDRINUSE
    static let noSuchProcess = ESRCH
    static let timedOut = ETIMEDOUT

    static var lastError: Int32 { errno }

    static func words(for errno: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let base = buffer.baseAddress,
                strerror_r(errno, base, buffer.count) == 0
            else { return "errno \(errno)" }
            return String(cString: base)
        }
    }

    // MARK: Files

    static let readOnlyFlag = O_RDONLY | O_CLOEXEC | O_NOCTTY
    static let readWriteFlag = O_RDWR | O_CLOEXEC | O_NOCTTY
    static let createFlag = O_CREAT
    static let exclusiveFlag = O_EXCL
    static let truncateFlag = O_TRUNC
    static let appendFlag = O_APPEND
    static let noFollowFlag = O_NOFOLLOW
    static let folderFlag = O_DIRECTORY
    static let nonBlockingFlag = O_NONBLOCK

    static func open(_ path: String, _ flags: Int32, _ mode: UInt32) -> Int32 {
        ts_open(path, flags, mode)
    }
    static func close(_ fd: Int32) -> Int32 { Glibc.close(fd) }
    static func duplicate(_ fd: Int32) -> Int32 { fcntl(fd, F_DUPFD_CLOEXEC, 0) }
    static func read(_ fd: Int32, _ into: UnsafeMutableRawBufferPointer) -> Int {
        Glibc.read(fd, into.baseAddress, into.count)
    }
    static func pread(_ fd: Int32, _ into: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int {
        Int(ts_pread(fd, into.baseAddress, into.count, offset))
    }
    static func write(_ fd: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        Glibc.write(fd, bytes.baseAddress, bytes.count)
    }
    static func status(_ fd: Int32, _ status: inout stat) -> Int32 { fstat(fd, &status) }
    static func status(of path: String, _ status: inout stat) -> Int32 { lstat(path, &status) }
    static func statusBehindLinks(of path: String, _ status: inout stat) -> Int32 {
        fstatat(AT_FDCWD, path, &status, 0)
    }
    /// Reading, writing and looking into, by the rights that the process has now.
    static func mayUseFolder(_ path: String) -> Int32 {
        faccessat(AT_FDCWD, path, R_OK | W_OK | X_OK, AT_EACCESS)
    }
    static func truncate(_ fd: Int32, to length: Int64) -> Int32 { ts_truncate(fd, length) }
    /// Reserves blocks behind the end without moving the end.
    static func reserve(_ fd: Int32, from offset: Int64, length: Int64) -> Int32 {
        ts_reserve(fd, offset, length)
    }
    static func syncData(_ fd: Int32) -> Int32 { fdatasync(fd) }
    static func forgetPages(_ fd: Int32) { _ = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) }
    static func syncAll(_ fd: Int32) -> Int32 { fsync(fd) }
    static func lockExclusively(_ fd: Int32) -> Int32 { flock(fd, LOCK_EX | LOCK_NB) }
    static func rename(_ from: String, _ to: String) -> Int32 { Glibc.rename(from, to) }
    static func unlink(_ path: String) -> Int32 { Glibc.unlink(path) }
    static func makeFolder(_ path: String, _ mode: UInt32) -> Int32 { mkdir(path, mode_t(mode)) }
    static func changeMode(_ path: String, _ mode: UInt32) -> Int32 { chmod(path, mode_t(mode)) }
    static func changeOwner(_ path: String, group: UInt32) -> Int32 {
        chown(path, uid_t.max, gid_t(group))
    }
    static func readLink(_ path: String, _ into: UnsafeMutableRawBufferPointer) -> Int {
        guard let base = into.baseAddress else { return 0 }
        return readlink(path, base.assumingMemoryBound(to: CChar.self), into.count)
    }
    static func entries(of path: String, most: Int) -> [String]? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while names.count < most, let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
    static func realTimeNanoseconds() -> Int64 { time(CLOCK_REALTIME) }
    static func monotonicNanoseconds() -> Int64 { time(CLOCK_MONOTONIC) }
    private static func time(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
    static func clockIsSynchronised() -> Int32 { ts_clock_is_synchronised() }

    static func find(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress,
            let found = memchr(base, Int32(byte), bytes.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    // MARK: Sockets

    static func unixSocket(nonBlocking: Bool, datagram: Bool = false) -> Int32 {
        ts_unix_socket(nonBlocking ? 1 : 0, datagram ? 1 : 0)
    }
    static func tcpSocket() -> Int32 { ts_tcp_socket() }
    static func pair(_ ends: inout (Int32, Int32)) -> Int32 {
        withUnsafeMutableBytes(of: &ends) {
            ts_unix_pair($0.baseAddress?.assumingMemoryBound(to: Int32.self))
        }
    }
    static func bindUnix(_ fd: Int32, _ path: String) -> Int32 { ts_bind_unix(fd, path) }
    static func connectUnix(_ fd: Int32, _ path: String) -> Int32 { ts_connect_unix(fd, path) }
    static func setSendTimeout(_ fd: Int32, milliseconds: Int32) -> Int32 {
        ts_send_timeout(fd, milliseconds)
    }
    static func connectLoopback(_ fd: Int32, _ port: UInt16) -> Int32 {
        ts_connect_loopback(fd, port)
    }
    static func bindLoopback(_ fd: Int32, _ port: UInt16) -> Int32 { ts_bind_loopback(fd, port) }
    static func localPort(_ fd: Int32) -> Int32 { ts_local_port(fd) }
    static func listen(_ fd: Int32, _ backlog: Int32) -> Int32 { Glibc.listen(fd, backlog) }
    static func accept(_ fd: Int32, nonBlocking: Bool) -> Int32 {
        ts_accept(fd, nonBlocking ? 1 : 0)
    }
    static func send(_ fd: Int32, _ bytes: UnsafeRawBufferPointer, wait: Bool) -> Int {
        Int(ts_send(fd, bytes.baseAddress, bytes.count, wait ? 1 : 0))
    }
    static func sendTo(_ fd: Int32, _ path: String, _ bytes: UnsafeRawBufferPointer) -> Int {
        Int(ts_send_to_unix(fd, path, bytes.baseAddress, bytes.count))
    }
    static func receive(_ fd: Int32, _ into: UnsafeMutableRawBufferPointer, wait: Bool) -> Int {
        Int(ts_receive(fd, into.baseAddress, into.count, wait ? 1 : 0))
    }
    static func shutDown(_ fd: Int32) { _ = shutdown(fd, Int32(SHUT_RDWR)) }
    static func setNoDelay(_ fd: Int32) -> Int32 { ts_no_delay(fd) }
    static func setQuickAcknowledgement(_ fd: Int32) -> Int32 { ts_quick_acknowledgement(fd) }
    static func setNonBlocking(_ fd: Int32, _ on: Bool) -> Int32 {
        let flags = ts_fcntl(fd, F_GETFL, 0)
        guard flags != -1 else { return -1 }
        return ts_fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK)
    }
    static func setCloseOnExec(_ fd: Int32) -> Int32 { ts_fcntl(fd, F_SETFD, FD_CLOEXEC) }
    static func peer(_ fd: Int32, _ peer: inout ts_peer) -> Int32 { ts_peer_of(fd, &peer) }
    static func peerGroups(_ fd: Int32, _ groups: inout [UInt32]) -> Int32 {
        ts_peer_groups(fd, &groups, Int32(groups.count))
    }

    // MARK: Waiting

    static let readable = ts_epoll_in
    static let writable = ts_epoll_out
    static let hungUp = ts_epoll_hang_up
    static let peerClosed = ts_epoll_peer_closed
    static let failed = ts_epoll_error

    static func makePoller() -> Int32 { ts_epoll() }
    static func add(_ fd: Int32, to poller: Int32, _ events: UInt32, _ token: UInt64) -> Int32 {
        ts_epoll_add(poller, fd, events, token)
    }
    static func modify(_ fd: Int32, in poller: Int32, _ events: UInt32, _ token: UInt64) -> Int32 {
        ts_epoll_modify(poller, fd, events, token)
    }
    static func remove(_ fd: Int32, from poller: Int32) -> Int32 { ts_epoll_remove(poller, fd) }
    static func wait(_ poller: Int32, _ events: inout [ts_event], milliseconds: Int32) -> Int32 {
        ts_epoll_wait(poller, &events, Int32(events.count), milliseconds)
    }
    static func makeEventCounter() -> Int32 { ts_eventfd() }
    static func makeMemoryFile(isInherited: Bool = false) -> Int32 {
        ts_memory_file(isInherited ? 1 : 0)
    }
    static func rewind(_ fd: Int32) -> Int64 { Int64(lseek(fd, 0, SEEK_SET)) }
    static func makePipe(_ ends: inout (Int32, Int32)) -> Int32 {
        withUnsafeMutableBytes(of: &ends) {
            ts_pipe($0.baseAddress?.assumingMemoryBound(to: Int32.self))
        }
    }
    static func poll(_ fd: Int32, forWriting: Bool, milliseconds: Int32) -> Int32 {
        var one = pollfd(fd: fd, events: Int16(forWriting ? POLLOUT : POLLIN), revents: 0)
        return Glibc.poll(&one, 1, milliseconds)
    }

    // MARK: Signals

    /// Blocks the signals in this thread and those it starts; a descriptor to read them from.
    static func makeSignalDescriptor(_ signals: [Int32]) -> Int32 {
        ts_signalfd(signals, Int32(signals.count))
    }
    static func nextSignal(_ fd: Int32) -> Int32 { ts_next_signal(fd) }
    static func unblock(_ signals: [Int32]) { ts_unblock(signals, Int32(signals.count)) }
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    // MARK: Processes

    static func kill(_ process: Int32, _ signal: Int32) -> Int32 { Glibc.kill(process, signal) }
    static func wait(for process: Int32, _ status: inout Int32, block: Bool) -> Int32 {
        waitpid(process, &status, block ? 0 : WNOHANG)
    }
    /// posix_spawn: the new process's id, or minus an errno.
    ///
    /// What this process blocks or ignores (it polls for its signals, and it ignores broken
    /// pipes) would be inherited: a child that cannot be ended is nobody's intention.
    ///
    /// - Parameter standard: what the new process has instead of this one's input and outputs; it
    ///   then leads a session of its own.
    static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String],
        standard: (input: Int32, output: Int32)? = nil
    ) -> Int32 {
        var attributes = posix_spawnattr_t()
        guard posix_spawnattr_init(&attributes) == 0 else { return -ENOMEM }
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var ignored = sigset_t()
        sigemptyset(&ignored)
        sigaddset(&ignored, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &ignored)
        var flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        var actions = posix_spawn_file_actions_t()
        guard posix_spawn_file_actions_init(&actions) == 0 else { return -ENOMEM }
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let standard {
            flags |= ts_spawn_new_session
            for (from, to) in [(standard.input, 0), (standard.output, 1), (standard.output, 2)] {
                let failed = posix_spawn_file_actions_adddup2(&actions, from, Int32(to))
                guard failed == 0 else { return -failed }
            }
        }
        posix_spawnattr_setflags(&attributes, flags)
        var child = pid_t(0)
        let result = withCStrings(arguments) { argv in
            withCStrings(environment) { envp in
                posix_spawn(&child, path, &actions, &attributes, argv, envp)
            }
        }
        return result == 0 ? child : -result
    }
    private static func withCStrings<R>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
    ) -> R {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
    static var environment: [String] {
        var all: [String] = []
        guard var next = ts_environment() else { return [] }
        while let entry = next.pointee {
            all.append(String(cString: entry))
            next += 1
        }
        return all
    }
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    static func removeVariable(_ name: String) { unsetenv(name) }
    static var processID: Int32 { getpid() }
    static var userID: UInt32 { getuid() }
    static func exit(_ code: Int32) -> Never { Glibc.exit(code) }
    static func killSelf(with signal: Int32) -> Never {
        Glibc.signal(signal, SIG_DFL)
        unblock([signal])
        _ = raise(signal)
        Glibc.exit(128 + signal)
    }
    static func dieWithParent() -> Int32 { ts_die_with_parent(SIGHUP) }
    static func isGroupMember(named name: String) -> UInt32? {
        guard let entry = getgrnam(name) else { return nil }
        return entry.pointee.gr_gid
    }
    static func userID(named name: String) -> UInt32? {
        guard let entry = getpwnam(name) else { return nil }
        return entry.pointee.pw_uid
    }

    // MARK: Threads and memory

    static func setDumpable(_ on: Bool) -> Int32 { ts_set_dumpable(on ? 1 : 0) }
    static func lockMemoryOnFault() -> Int32 { ts_lock_memory_on_fault() }
    static func letGoOfProgram() { ts_let_go_of_program() }
    /// Advice, no more: where it is not taken, pages are small ones.
    static func preferLargePages(_ bytes: UnsafeMutableRawBufferPointer) {
        _ = madvise(bytes.baseAddress, bytes.count, MADV_HUGEPAGE)
    }
    static func nameThisThread(_ name: String) { _ = ts_set_thread_name(name) }
    static var mayBecomeRealTime: Bool { ts_may_become_real_time() == 1 }
    static func becomeRealTime(priority: Int32) -> Int32 { ts_become_real_time(priority) }
    /// This thread alone: to Linux each thread has its own.
    static func giveWay() { _ = Glibc.nice(19) }
    static func forbidCoreDumps() { ts_forbid_core_files() }

    static func startThread(stackSize: Int, _ argument: UnsafeMutableRawPointer) -> Int32 {
        var attributes = pthread_attr_t()
        var result = pthread_attr_init(&attributes)
        guard result == 0 else { return result }
        defer { pthread_attr_destroy(&attributes) }
        result = pthread_attr_setstacksize(&attributes, stackSize)
        guard result == 0 else { return result }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        return pthread_create(&thread, &attributes, { threadEntry($0) }, argument)
    }

    // MARK: Terminal

    static func isTerminal(_ fd: Int32) -> Bool { isatty(fd) == 1 }
    static func attributes(_ fd: Int32, _ attributes: inout termios) -> Int32 {
        tcgetattr(fd, &attributes)
    }
    static func setAttributes(_ fd: Int32, _ attributes: termios) -> Int32 {
        var attributes = attributes
        return tcsetattr(fd, TCSAFLUSH, &attributes)
    }
    static func makeRaw(_ attributes: inout termios) {
        cfmakeraw(&attributes)
        withUnsafeMutableBytes(of: &attributes.c_cc) { codes in
            codes[Int(VMIN)] = 1
            codes[Int(VTIME)] = 0
        }
    }
    static func silence(_ attributes: inout termios) {
        attributes.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON)
        withUnsafeMutableBytes(of: &attributes.c_cc) { codes in
            codes[Int(VMIN)] = 1
            codes[Int(VTIME)] = 0
        }
    }
    static func windowSize(_ fd: Int32, _ columns: inout UInt16, _ rows: inout UInt16) -> Int32 {
        ts_window_size(fd, &columns, &rows)
    }
}

extension File.Status {
    init(_ call: SystemCall, _ context: String, _ body: (inout stat) -> Int32) throws(SystemError) {
        var status = stat()
        _ = try call.attempt(context) { body(&status) }
        self.init(
            size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) &* 1_000_000_000
                &+ Int64(status.st_mtim.tv_nsec),
            inode: UInt64(status.st_ino), mode: UInt32(status.st_mode),
            owner: status.st_uid, group: status.st_gid)
    }
}

extension Kernel {
    static let connectionAborted = ECONNABORTED
    static let outOfRange = ERANGE

    static func peerIdentity(_ fd: Int32) throws(SystemError) -> (Int32, UInt32, UInt32) {
        var peer = ts_peer()
        _ = try SystemCall.getsockopt.attempt { ts_peer_of(fd, &peer) }
        return (peer.pid, peer.uid, peer.gid)
    }
}

extension Kernel {
    static func makeFolderWatch() -> Int32 { ts_inotify() }
    static func watchFolder(_ path: String, with watch: Int32) -> Int32 {
        ts_inotify_watch_folder(watch, path)
    }
    static func socketDiagnostics() -> Int32 { ts_sock_diag_socket() }
    static func pause(_ milliseconds: Int32) { _ = Glibc.poll(nil, 0, milliseconds) }
    static func touchStack(_ count: Int) { ts_touch_stack(count) }
}
