// A running service is sent anything, in pieces: it answers or hangs up, its answers are
// messages, at most one for each that was sent, and it goes on with the next client. The first
// byte chooses the size of the pieces.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/Varlink
// seed: 407B226D6574686F64223A226F72672E6578616D706C652E742E45222C22706172616D6574657273223A7B2261223A2262227D7D00
// seed: 057B226D6574686F64223A226F72672E7661726C696E6B2E736572766963652E476574496E666F227D007B226D6574686F64223A22782E59222C226F6E65776179223A747275657D00
// seed: 097B226D6574686F64223A226F72672E6578616D706C652E742E45222C226D6F7265223A747275657D0000
import JSON
import System
import Varlink

private struct Echo: VarlinkInterface {
    let name = "org.example.t"
    let description = "interface org.example.t\nmethod E(a: string) -> (a: string)\n"

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        let value: JSONValue
        do throws(JSONError) {
            value = try parameters.value()
        } catch {
            throw VarlinkFailure(error)
        }
        if call.wantsMore { call.replyContinuing { $0.member("a", value) } }
        call.reply { $0.member("a", value) }
    }
}

private let path: String = {
    var path = "@varlink-fuzz-\(Instant.now.nanoseconds)"
    do {
        var limits = VarlinkLimits()
        limits.message = 1024
        let server = try VarlinkServer(
            VarlinkIdentity(vendor: "", product: "", version: "", url: ""), interfaces: [Echo()],
            limits: limits)
        try server.listen(on: try UnixSocket.listen(at: path, mode: 0o600))
        try Thread.start(name: "service") {
            do { try server.run() } catch { fatalError("the service has ended: \(error)") }
        }
    } catch {
        fatalError("no service: \(error)")
    }
    return path
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let size = input.first else { return 0 }
    let bytes = input.dropFirst()
    do {
        let socket = try UnixSocket.connect(to: path)
        send(bytes, in: max(1, Int(size)), to: socket)
        check(try everything(from: socket), sent: bytes)
    } catch {
        fatalError("the service cannot be reached: \(error)")
    }
    return 0
}

/// The end is a message that is none, so that the service hangs up in any case.
private func send(
    _ bytes: Slice<UnsafeRawBufferPointer>, in size: Int, to socket: borrowing FileDescriptor
) {
    var rest = Array(bytes) + [0, 0]
    while !rest.isEmpty {
        let sent = rest.prefix(size).withUnsafeBytes { try? socket.send($0, wait: true) }
        guard let sent, sent > 0 else { return }
        rest.removeFirst(sent)
    }
}

private func everything(from socket: borrowing FileDescriptor) throws -> [UInt8] {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
        guard try socket.wait(timeout: .seconds(4)) else {
            fatalError("neither answered nor hung up")
        }
        let n = chunk.withUnsafeMutableBytes { try? socket.receive(into: $0, wait: true) } ?? 0
        if n == 0 { return all }
        all += chunk[..<n]
    }
}

private func check(_ answers: [UInt8], sent: Slice<UnsafeRawBufferPointer>) {
    var finals = 0
    for message in answers.split(separator: 0) {
        let value = Array(message).withUnsafeBytes { bytes -> JSONValue? in
            var reader = JSONReader(bytes)
            return try? reader.value()
        }
        guard case .object? = value, value?["parameters"] != nil else {
            fatalError("an answer that is none")
        }
        if value?["continues"] == nil { finals += 1 }
    }
    precondition(finals <= sent.count { $0 == 0 } + 1, "more answers than calls")
}
