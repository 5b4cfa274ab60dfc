import System

/// Where pcscd listens, and who talks to it.
enum PCSCHolders {
    /// libpcsclite asks the same variable.
    static var socketPath: String {
        Process.variable("PCSCLITE_CSOCK_NAME") ?? "/run/pcscd/pcscd.comm"
    }

    /// Clients of pcscd without ourselves; none where nobody could be found.
    static func now() -> [Holder] {
        let processes = (try? SocketClients.processes(connectedTo: socketPath)) ?? []
        return processes.filter { $0 != Process.id }.map { process in
            let name = (try? File.contents(of: "/proc/\(process)/comm", limit: 64)) ?? []
            return Holder(
                process: process,
                program: String(decoding: name.prefix { $0 != 0x0A }, as: UTF8.self))
        }
    }
}
