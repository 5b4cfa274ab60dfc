/// systemd's side of a service: readiness, watchdog, sockets passed at start
/// (sd_notify(3), sd_listen_fds(3)).
package struct ServiceManager: Sendable {
    private let notifySocket: String?
    /// How often the watchdog wants to hear from us: half of what the unit allows.
    package let watchdogInterval: Duration?
    /// Sockets that were passed, from descriptor 3 on.
    package let passedSockets: [Int32]

    /// Reads the environment and takes out of it what is not for children.
    package init() {
        notifySocket = Process.variable("NOTIFY_SOCKET")
        let process = Process.variable("WATCHDOG_PID").flatMap { Int32($0) }
        if let microseconds = Process.variable("WATCHDOG_USEC").flatMap({ Int64($0) }),
            microseconds > 0, process == nil || process == Process.id
        {
            watchdogInterval = .microseconds(microseconds / 2)
        } else {
            watchdogInterval = nil
        }
        let receiver = Process.variable("LISTEN_PID").flatMap { Int32($0) }
        let count = Process.variable("LISTEN_FDS").flatMap { Int32($0) } ?? 0
        passedSockets =
            receiver == Process.id && (1...16).contains(count) ? Array(3..<(3 + count)) : []
        for name in [
            "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS",
            "LISTEN_FDNAMES",
        ] {
            Process.removeVariable(name)
        }
    }

    /// Best effort: a service manager that is gone changes nothing for the service.
    package func tell(_ state: String) {
        guard let notifySocket else { return }
        try? UnixSocket.sendDatagram(state, to: notifySocket)
    }

    package func ready(_ status: String) { tell("READY=1\nSTATUS=\(status)") }
    package func status(_ status: String) { tell("STATUS=\(status)") }
    package func stopping() { tell("STOPPING=1") }
    package func alive() { tell("WATCHDOG=1") }
}
