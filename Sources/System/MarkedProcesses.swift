/// Processes by what stands in the environment they were started with, which a child inherits even
/// where it leads a session of its own and its parent is gone.
package enum MarkedProcesses {
    /// Kills all that carry `mark`, NAME=VALUE; one that was started with another environment, or
    /// as somebody else, is not found.
    package static func end(_ mark: String) {
        let wanted = Array(mark.utf8)
        // What forks while it is looked for has a child that is met in the next round.
        for _ in 0..<16 {
            let found = ((try? File.names(in: "/proc")) ?? []).compactMap { Int32($0) }
                .filter { $0 != Process.id && carries($0, wanted) }
            if found.isEmpty { return }
            for process in found { try? Process.signal(process, .kill) }
        }
    }

    private static func carries(_ process: Int32, _ mark: [UInt8]) -> Bool {
        // The kernel's own limit for one of these strings is less.
        guard let all = try? File.contents(of: "/proc/\(process)/environ", limit: 4 << 20) else {
            return false
        }
        return all.split(separator: 0).contains { $0.elementsEqual(mark) }
    }
}
