import System

/// Where pcscd listens, and who talks to it.
enum PCSCHolders {
    /// libpcsclite asks the same variable.
    static var socketPath: String {
        Process.variable("PCSCLITE_CSOCK_NAME") ?? "/run/pcscd/pcscd.comm"
    }

    /// Clients of pcscd without ourselves; none where nobody could be found.
    static func now() -> [Holder] {
        HolderHelper.others(.pcscd) ?? look().filter { $0.process != Process.id }
    }

    /// Those that this process can see by itself.
    static func look() -> [Holder] {
        let processes = (try? SocketClients.processes(connectedTo: socketPath)) ?? []
        return processes.map { Holder(process: $0, program: OpenFiles.program($0)) }
    }
}
