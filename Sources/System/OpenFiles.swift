/// Who has a file open, by /proc.
package enum OpenFiles {
    /// Processes that have one of `paths` open, in ascending order, by path; those whose
    /// descriptors may not be read are missing.
    package static func processes(having paths: Set<String>) -> [String: [Int32]] {
        var found: [String: [Int32]] = [:]
        guard !paths.isEmpty else { return found }
        let processes = ((try? File.names(in: "/proc")) ?? []).compactMap { Int32($0) }
        for process in processes.sorted() {
            let folder = "/proc/\(process)/fd"
            guard let numbers = try? File.names(in: folder) else { continue }
            var open: Set<String> = []
            for number in numbers {
                guard let target = try? File.target(ofLink: "\(folder)/\(number)"),
                    paths.contains(target)
                else { continue }
                open.insert(target)
            }
            for path in open { found[path, default: []].append(process) }
        }
        return found
    }

    /// A process's name as in /proc/PID/comm, at most 15 bytes; empty when it is gone.
    package static func program(_ process: Int32) -> String {
        let name = (try? File.contents(of: "/proc/\(process)/comm", limit: 64)) ?? []
        return String(decoding: name.prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
