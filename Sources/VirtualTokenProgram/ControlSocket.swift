import System
import VirtualToken

/// The socket that takes one-line commands.
final class ControlSocket {
    private static let listenerToken: UInt64 = 3
    private static let firstClient: UInt64 = 16
    private static let longestLine = 4096
    private static let mostClients = 16

    private let listener: FileDescriptor
    private let path: String
    private var clients: [UInt64: Client] = [:]
    private var next = ControlSocket.firstClient

    fileprivate final class Client {
        let descriptor: FileDescriptor
        var held: [UInt8] = []
        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    /// A line, read, and the way back.
    struct Received {
        let command: Result<ControlCommand, VirtualTokenError>
        fileprivate let client: Client

        func reply(_ line: String) {
            let bytes = Array((line + "\n").utf8)
            var sent = 0
            // A client that went away, or does not read its line, does not get it.
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { raw in
                    (try? client.descriptor.send(raw, wait: true)) ?? 0
                }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    init(at path: String, _ poller: borrowing Poller) throws(SystemError) {
        self.path = path
        listener = try UnixSocket.listen(at: path, mode: 0o600)
        try poller.add(listener.number, .reading, token: Self.listenerToken)
    }

    deinit { try? File.remove(path) }

    /// What came in on the descriptor that was polled under `token`.
    func commands(_ token: UInt64, _ poller: borrowing Poller) -> [Received] {
        if token == Self.listenerToken {
            accept(poller)
            return []
        }
        guard let client = clients[token] else { return [] }
        var bytes = [UInt8](repeating: 0, count: Self.longestLine)
        let count: Int?? = bytes.withUnsafeMutableBytes { room in
            try? client.descriptor.receive(into: room)
        }
        switch count {
        case .some(.none): return []
        case .some(.some(let count)) where count > 0: client.held += bytes[..<count]
        default:
            poller.remove(client.descriptor.number)
            clients[token] = nil
            return []
        }
        var received: [Received] = []
        while let end = client.held.firstIndex(of: 0x0A) {
            let line = String(decoding: client.held[..<end], as: UTF8.self)
            client.held.removeFirst(end + 1)
            received.append(Received(command: Self.read(line), client: client))
        }
        if client.held.count >= Self.longestLine { client.held = [] }
        return received
    }

    private static func read(_ line: String) -> Result<ControlCommand, VirtualTokenError> {
        do throws(VirtualTokenError) {
            return .success(try ControlCommand(parsing: line))
        } catch { return .failure(error) }
    }

    private func accept(_ poller: borrowing Poller) {
        guard let accepted = try? listener.accept(), clients.count < Self.mostClients else {
            return
        }
        let client = Client(accepted)
        guard (try? poller.add(client.descriptor.number, .reading, token: next)) != nil else {
            return
        }
        clients[next] = client
        next += 1
    }
}
