import System

/// Who has a USB device's node open.
package enum USBHolders {
    /// Processes with `node` ("/dev/bus/usb/001/004") open, without ourselves, in the order of
    /// their numbers; those whose descriptors may not be read are missing.
    package static func now(_ node: String) -> [Holder] {
        now([node])[node] ?? []
    }

    /// The same for several nodes in one look at all processes.
    package static func now(_ nodes: Set<String>) -> [String: [Holder]] {
        var found: [String: [Holder]] = [:]
        guard !nodes.isEmpty else { return found }
        let processes = ((try? File.names(in: "/proc")) ?? []).compactMap { Int32($0) }
        for process in processes.sorted() where process != Process.id {
            let folder = "/proc/\(process)/fd"
            guard let numbers = try? File.names(in: folder) else { continue }
            var open: Set<String> = []
            for number in numbers {
                guard let target = try? File.target(ofLink: "\(folder)/\(number)"),
                    nodes.contains(target)
                else { continue }
                open.insert(target)
            }
            guard !open.isEmpty else { continue }
            let holder = Holder(process: process, program: program(process))
            for node in open { found[node, default: []].append(holder) }
        }
        return found
    }

    private static func program(_ process: Int32) -> String {
        let name = (try? File.contents(of: "/proc/\(process)/comm", limit: 64)) ?? []
        return String(decoding: name.prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
