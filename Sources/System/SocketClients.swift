/// Who is connected to a listening Unix socket, by sock_diag(7) and /proc.
package enum SocketClients {
    /// The processes that hold the client's end of a connection to the socket at `path`, in
    /// ascending order; processes whose descriptors may not be read are missing.
    package static func processes(connectedTo path: String) throws(SystemError) -> [Int32] {
        let socketFile = (try? File.status(of: path))?.inode
        let ours = try UnixSocketTable.read().filter { socket in
            guard socket.peer != 0 else { return false }
            return socket.name == path || (socketFile != nil && socket.fileInode == socketFile)
        }
        let ends = Set(ours.map { "socket:[\($0.peer)]" })
        guard !ends.isEmpty else { return [] }
        return try File.names(in: "/proc").compactMap { Int32($0) }.filter { process in
            let folder = "/proc/\(process)/fd"
            guard let numbers = try? File.names(in: folder) else { return false }
            return numbers.contains { number in
                (try? File.target(ofLink: "\(folder)/\(number)")).map(ends.contains) ?? false
            }
        }.sorted()
    }
}

/// The kernel's table of Unix sockets of this network namespace.
package struct UnixSocketTable {
    package struct Socket: Equatable, Sendable {
        package let inode: UInt32
        /// Inode of the other end; 0 where there is none.
        package let peer: UInt32
        /// The path it is bound to, accepted ones that of their listener; empty without.
        package let name: String
        /// Inode of the socket file, lowest 32 bits; nil without.
        package let fileInode: UInt64?
    }

    /// linux/sock_diag.h, linux/unix_diag.h, linux/netlink.h.
    private static let byFamily: UInt16 = 20
    private static let request: UInt16 = 0x001
    private static let dump: UInt16 = 0x300
    private static let errorMessage: UInt16 = 2
    private static let done: UInt16 = 3
    private static let unixFamily: UInt8 = 1
    private static let showNameFileAndPeer: UInt32 = 0x1 | 0x2 | 0x4

    package static func read() throws(SystemError) -> [Socket] {
        let netlink = FileDescriptor(
            owning: try SystemCall.socket.attempt("sock_diag") { Kernel.socketDiagnostics() })
        // nlmsghdr, then unix_diag_req for sockets in every state.
        var question: [UInt8] = []
        for word in [UInt32(40), UInt32(byFamily) | UInt32(request | dump) << 16, 1, 0] {
            withUnsafeBytes(of: word) { question += $0 }
        }
        for word in [UInt32(unixFamily).littleEndian, UInt32.max, 0, showNameFileAndPeer, 0, 0] {
            withUnsafeBytes(of: word) { question += $0 }
        }
        try netlink.writeAll(question)

        var sockets: [Socket] = []
        var room = [UInt8](repeating: 0, count: 32768)
        while try netlink.wait(timeout: .seconds(1)) {
            let n = try SystemCall.recv.attempt("sock_diag") {
                room.withUnsafeMutableBytes { Kernel.receive(netlink.number, $0, wait: false) }
            }
            guard n > 0, parse(room[..<n], into: &sockets) else { break }
        }
        return sockets
    }

    /// Takes the sockets out of one datagram; false when it was the last.
    package static func parse(_ datagram: ArraySlice<UInt8>, into sockets: inout [Socket]) -> Bool {
        var rest = datagram
        while rest.count >= 16 {
            let length = Int(word(rest, 0))
            guard length >= 16, length <= rest.count else { return false }
            switch half(rest, 4) {
            case done, errorMessage: return false
            case byFamily:
                if let socket = socket(rest.dropFirst(16).prefix(length - 16)) {
                    sockets.append(socket)
                }
            default: break
            }
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return true
    }

    /// unix_diag_msg and its attributes.
    private static func socket(_ message: ArraySlice<UInt8>) -> Socket? {
        guard message.count >= 16, message.first == unixFamily else { return nil }
        let inode = word(message, 4)
        var name = ""
        var file: UInt64? = nil
        var peer: UInt32 = 0
        var rest = message.dropFirst(16)
        while rest.count >= 4 {
            let length = Int(half(rest, 0))
            guard length >= 4, length <= rest.count else { break }
            let value = rest.dropFirst(4).prefix(length - 4)
            switch half(rest, 2) {
            case 0: name = String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
            case 1 where value.count >= 8: file = UInt64(word(value, 0))
            case 2 where value.count >= 4: peer = word(value, 0)
            default: break
            }
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return Socket(inode: inode, peer: peer, name: name, fileInode: file)
    }

    /// A 32-bit or 16-bit number of this machine's byte order; the caller has checked that
    /// it is there.
    private static func word(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> UInt32 {
        bytes.dropFirst(offset).prefix(4).withUnsafeBytes { raw in
            raw.count == 4 ? raw.loadUnaligned(as: UInt32.self) : 0
        }
    }
    private static func half(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> UInt16 {
        bytes.dropFirst(offset).prefix(2).withUnsafeBytes { raw in
            raw.count == 2 ? raw.loadUnaligned(as: UInt16.self) : 0
        }
    }
}
