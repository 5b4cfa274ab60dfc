import Secrets

/// The shell's way to the agent, as far as the desk needs it: what is asked goes out at once,
/// what comes back is taken when the desk has time. Nothing here waits for an answer.
protocol AgentLink: AnyObject {
    /// Drops what there was and begins anew: `.connected` and `.readers`, or `.lost`, follow.
    func connect()
    func call(_ ticket: Ticket, _ call: AgentCall)
    /// Sends both codes, once.
    func unblock(
        _ ticket: Ticket, restore: String, unblockingCode: consuming Secret,
        newPIN: consuming Secret)
    /// Sends one code, once.
    func prove(_ ticket: Ticket, _ call: ProvingCall, _ code: consuming Secret)
    /// What has come since the last time, in order.
    func takeMessages() -> [AgentMessage]
}
