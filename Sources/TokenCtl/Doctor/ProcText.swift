/// What the kernel tells in text under /proc, and what stands in /etc/group.
enum ProcText {
    /// TCP ports that somebody listens on, from /proc/net/tcp or tcp6.
    static func listeningPorts(_ text: String) -> Set<Int> {
        var ports: Set<Int> = []
        for line in lines(text).dropFirst() {
            let words = words(line)
            // sl, local address:port, remote address:port, state; 0A is LISTEN.
            guard words.count > 3, words[3] == "0A",
                let colon = words[1].lastIndex(of: ":"),
                let port = Int(words[1][words[1].index(after: colon)...], radix: 16)
            else { continue }
            ports.insert(port)
        }
        return ports
    }

    /// Paths of Unix sockets that somebody listens on, from /proc/net/unix.
    static func listeningPaths(_ text: String) -> Set<String> {
        var paths: Set<String> = []
        for line in lines(text).dropFirst() {
            // Num RefCount Protocol Flags Type St Inode Path; the path may have blanks.
            let words = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true)
            guard words.count == 8, let flags = UInt32(words[3], radix: 16), flags & 0x10000 != 0
            else { continue }
            paths.insert(String(words[7]))
        }
        return paths
    }

    /// The groups of a process, the one it acts as first, from its status file.
    static func groups(_ status: String) -> [UInt32] {
        var groups: [UInt32] = []
        for line in lines(status) {
            if line.hasPrefix("Gid:") {
                // Real, effective, saved, file system.
                groups += words(line.dropFirst(4)).dropFirst().prefix(1).compactMap { UInt32($0) }
            } else if line.hasPrefix("Groups:") {
                groups += words(line.dropFirst(7)).compactMap { UInt32($0) }
            }
        }
        var seen: Set<UInt32> = []
        return groups.filter { seen.insert($0).inserted }
    }

    /// Names of groups by number, from /etc/group.
    static func groupNames(_ text: String) -> [UInt32: String] {
        var names: [UInt32: String] = [:]
        for line in lines(text) {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 3, let number = UInt32(fields[2]) else { continue }
            names[number] = String(fields[0])
        }
        return names
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: true)
    }

    private static func words(_ line: Substring) -> [Substring] {
        line.split(whereSeparator: { $0 == " " || $0 == "\t" })
    }
}
