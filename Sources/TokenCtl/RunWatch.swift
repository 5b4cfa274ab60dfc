import JSON
import StationInterface
import System
import Varlink

extension Run {
    /// The readers until somebody has seen enough.
    func watch() throws(Failure) -> ExitCode {
        let signals = self.signals()
        let connection = try connect()
        try connection.begin(Station.Watch())
        let ear = try Ear(connection, signals, output: Terminal.standardOutput)
        var last: [Station.Reader]? = nil
        while !console.isClosed {
            switch try ear.next(nil) {
            case .signal(.stop): continue
            case .signal, .unheard: return .good
            case .silence: continue
            case .reply(let reply):
                if let error = reply.error {
                    throw Failure(
                        .remote(error: error, parameters: reply.parameters), path: socket)
                }
                let readers = try Reply<Station.Readers>(reply.parameters).message.readers
                if console.json {
                    console.put(reply.parameters)
                } else {
                    console.show { $0.add(readers, since: last) }
                }
                last = readers
                if !reply.continues { return .good }
            }
        }
        return .good
    }
}

extension Page {
    /// The readers, or what changed since they were shown.
    mutating func add(_ readers: [Station.Reader], since last: [Station.Reader]?) {
        guard let last else { return add(readers) }
        for reader in readers where !last.contains(reader) {
            let before = last.first { $0.name == reader.name }
            var line = TextLine(reader.name, .strong)
            line.add(before == nil ? "  is new: " : "  ")
            line.add(reader.state.rawValue, Page.tone(reader.state))
            if reader.state == .present { line.add(", card \(reader.insertion)") }
            if let detail = reader.detail { line.add(": \(detail)") }
            for holder in reader.holders { line.add(", may be held by \(name(holder))") }
            self.line(line)
        }
        for reader in last where !readers.contains(where: { $0.name == reader.name }) {
            var line = TextLine(reader.name, .strong)
            line.add("  is gone")
            self.line(line)
        }
    }
}
