/// Who is at the other end of a Unix socket, as the kernel knows it.
package struct Peer: Equatable, Hashable, Sendable {
    package let process: Int32
    package let user: UInt32
    package let group: UInt32
    /// Supplementary groups, as they were when the other end connected.
    package let groups: [UInt32]

    package init(process: Int32, user: UInt32, group: UInt32, groups: [UInt32]) {
        self.process = process
        self.user = user
        self.group = group
        self.groups = groups
    }
}

/// Stream sockets in the file system; a path that begins with "@" is an abstract name.
package enum UnixSocket {
    /// Binds and listens. A socket file left over by a dead process is replaced; one that
    /// somebody still answers on is not.
    /// - Parameter mode: permissions of the socket file.
    package static func listen(
        at path: String, mode: UInt32, backlog: Int32 = 64
    ) throws(SystemError) -> FileDescriptor {
        let listener = FileDescriptor(
            owning: try SystemCall.socket.attempt { Kernel.unixSocket(nonBlocking: true) })
        do throws(SystemError) {
            _ = try SystemCall.bind.attempt(path) { Kernel.bindUnix(listener.number, path) }
        } catch where error.errno == .addressInUse {
            guard let status = try? File.status(of: path), status.isSocket, !isAnswered(path) else {
                throw error
            }
            try File.remove(path)
            _ = try SystemCall.bind.attempt(path) { Kernel.bindUnix(listener.number, path) }
        }
        if !path.hasPrefix("@") { try File.setMode(path, mode) }
        _ = try SystemCall.listen.attempt(path) { Kernel.listen(listener.number, backlog) }
        return listener
    }

    private static func isAnswered(_ path: String) -> Bool {
        do throws(SystemError) {
            _ = try connect(to: path, timeout: .seconds(1))
            return true
        } catch {
            return error.errno != .connectionRefused
        }
    }

    /// - Parameter timeout: at least a millisecond; where nobody takes connections any more, the
    ///   kernel keeps who connects waiting without an end. Holds for sending, too.
    /// - Throws: `SystemError` with `.again` after the timeout.
    package static func connect(
        to path: String, timeout: Duration? = nil
    ) throws(SystemError) -> FileDescriptor {
        let socket = FileDescriptor(
            owning: try SystemCall.socket.attempt { Kernel.unixSocket(nonBlocking: false) })
        if let timeout {
            // Zero would be no timeout.
            let milliseconds = max(timeout.wholeMilliseconds, 1)
            _ = try SystemCall.setsockopt.attempt {
                Kernel.setSendTimeout(socket.number, milliseconds: milliseconds)
            }
        }
        _ = try SystemCall.connect.attempt(path) { Kernel.connectUnix(socket.number, path) }
        return socket
    }

    /// Two ends connected to each other.
    package static func pair() throws(SystemError) -> (Int32, Int32) {
        var ends: (Int32, Int32) = (-1, -1)
        _ = try SystemCall.socket.attempt { Kernel.pair(&ends) }
        return ends
    }

    /// A socket to send datagrams from; sending never waits.
    package static func datagrams() throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            owning: try SystemCall.socket.attempt {
                Kernel.unixSocket(nonBlocking: true, datagram: true)
            })
    }

    /// Sends one datagram to a Unix socket, as sd_notify does.
    package static func sendDatagram(_ text: String, to path: String) throws(SystemError) {
        let socket = try datagrams()
        try socket.sendDatagram(Array(text.utf8), to: path)
    }
}

/// TCP to and from this machine itself: vpcd's port, USB/IP's.
package enum LoopbackSocket {
    /// Connects to 127.0.0.1 at `port`, without Nagle's delay.
    package static func connect(port: UInt16) throws(SystemError) -> FileDescriptor {
        let socket = FileDescriptor(
            owning: try SystemCall.socket.attempt { Kernel.tcpSocket() })
        _ = try SystemCall.connect.attempt("127.0.0.1:\(port)") {
            Kernel.connectLoopback(socket.number, port)
        }
        _ = try SystemCall.setsockopt.attempt { Kernel.setNoDelay(socket.number) }
        return socket
    }

    /// Listens at 127.0.0.1 and `port`, 0 for any that is free; accepting never waits.
    package static func listen(
        port: UInt16, backlog: Int32 = 8
    ) throws(SystemError) -> FileDescriptor {
        let name = "127.0.0.1:\(port)"
        let listener = FileDescriptor(
            owning: try SystemCall.socket.attempt { Kernel.tcpSocket() })
        try listener.setNonBlocking(true)
        _ = try SystemCall.bind.attempt(name) { Kernel.bindLoopback(listener.number, port) }
        _ = try SystemCall.listen.attempt(name) { Kernel.listen(listener.number, backlog) }
        return listener
    }
}

extension FileDescriptor {
    /// Takes one waiting connection; nil when there is none. Use on a listening socket.
    package func accept(nonBlocking: Bool = true) throws(SystemError) -> FileDescriptor? {
        do throws(SystemError) {
            return FileDescriptor(
                owning: try SystemCall.accept.attempt {
                    Kernel.accept(number, nonBlocking: nonBlocking)
                })
        } catch where error.errno == .again || error.errno == .connectionAborted {
            return nil
        }
    }

    /// Receives what is there; nil when a non-blocking receive would have to wait, 0 at the end.
    package func receive(
        into buffer: UnsafeMutableRawBufferPointer, wait: Bool = false
    ) throws(SystemError) -> Int? {
        do throws(SystemError) {
            return try SystemCall.recv.attempt { Kernel.receive(number, buffer, wait: wait) }
        } catch where error.errno == .again {
            return nil
        }
    }

    /// Sends what goes at once; 0 when a non-blocking send would have to wait. Never a signal.
    package func send(_ bytes: UnsafeRawBufferPointer, wait: Bool = false) throws(SystemError)
        -> Int
    {
        do throws(SystemError) {
            return try SystemCall.send.attempt { Kernel.send(number, bytes, wait: wait) }
        } catch where error.errno == .again {
            return 0
        }
    }

    /// Sends one datagram to whoever is bound to `path`; EAGAIN where that one's queue is full.
    package func sendDatagram(_ bytes: [UInt8], to path: String) throws(SystemError) {
        _ = try SystemCall.send.attempt(path) {
            bytes.withUnsafeBytes { Kernel.sendTo(number, path, $0) }
        }
    }

    /// Ends both directions, so that whoever waits on the socket wakes up.
    package func shutDown() { Kernel.shutDown(number) }

    /// The TCP port this socket is bound to.
    package func localPort() throws(SystemError) -> UInt16 {
        UInt16(clamping: try SystemCall.getsockopt.attempt { Kernel.localPort(number) })
    }

    /// Sends small pieces at once (TCP_NODELAY).
    package func sendWithoutDelay() throws(SystemError) {
        _ = try SystemCall.setsockopt.attempt { Kernel.setNoDelay(number) }
    }

    /// Asks for an acknowledgement of what was just read (TCP_QUICKACK; the kernel forgets it).
    package func acknowledgeAtOnce() { _ = Kernel.setQuickAcknowledgement(number) }

    /// SO_PEERCRED and SO_PEERGROUPS.
    package func peer() throws(SystemError) -> Peer {
        let (process, user, group) = try Kernel.peerIdentity(number)
        var groups = [UInt32](repeating: 0, count: 64)
        while true {
            do throws(SystemError) {
                let n = try SystemCall.getsockopt.attempt { Kernel.peerGroups(number, &groups) }
                return Peer(
                    process: process, user: user, group: group, groups: Array(groups.prefix(Int(n)))
                )
            } catch where error.errno == .outOfRange && groups.count < 65536 {
                groups = [UInt32](repeating: 0, count: groups.count * 4)
            }
        }
    }
}

extension Errno {
    package static let connectionAborted = Errno(rawValue: Kernel.connectionAborted)
    package static let outOfRange = Errno(rawValue: Kernel.outOfRange)
}
