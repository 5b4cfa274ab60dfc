import System

/// Who has a USB device's node open.
package enum USBHolders {
    /// Processes with `node` ("/dev/bus/usb/001/004") open, without ourselves, in the order of
    /// their numbers; those whose descriptors may not be read are missing.
    package static func now(_ node: String) -> [Holder] {
        now([node])[node] ?? []
    }

    /// The same for several nodes in one look at all processes; without those nobody has open.
    package static func now(_ nodes: Set<String>) -> [String: [Holder]] {
        OpenFiles.processes(having: nodes).compactMapValues { processes in
            let others = processes.filter { $0 != Process.id }.map {
                Holder(process: $0, program: OpenFiles.program($0))
            }
            return others.isEmpty ? nil : others
        }
    }
}
