import System

/// Who has a USB device's node open.
enum USBHolders {
    /// Processes with the device's node open, without ourselves, in the order of their numbers;
    /// those whose descriptors may not be read are missing.
    static func now(_ place: USBDevice.Place) -> [Holder] {
        if let others = HolderHelper.others(.node(place)) { return others }
        return (look([place.node])[place.node] ?? []).filter { $0.process != Process.id }
    }

    /// Those that this process can see by itself, for several nodes in one look at all processes;
    /// without those nobody has open.
    static func look(_ nodes: Set<String>) -> [String: [Holder]] {
        OpenFiles.processes(having: nodes).mapValues { processes in
            processes.map { Holder(process: $0, program: OpenFiles.program($0)) }
        }
    }
}
