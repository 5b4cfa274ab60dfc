import Expectations
import Foundation
import Glibc
import System
import Testing

@Suite struct SocketTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path + "/s" }

    @Test(arguments: [false, true])
    func aConnectionCarriesBytesBothWays(isAbstract: Bool) throws {
        let path = isAbstract ? "@token-station-test-\(UUID().uuidString)" : self.path
        let listener = try UnixSocket.listen(at: path, mode: 0o600)
        let nobody = try listener.accept() == nil
        #expect(nobody)
        let client = try UnixSocket.connect(to: path)
        guard let server = try listener.accept() else {
            Issue.record("nobody came")
            return
        }
        #expect(try server.receiveText(wait: false) == nil)
        #expect(try client.sendText("hello") == 5)
        #expect(try server.receiveText() == "hello")
        #expect(try server.sendText("you") == 3)
        #expect(try client.receiveText() == "you")
        client.shutDown()
        #expect(try server.receiveText() == "")
    }

    /// The kernel keeps who connects to a full queue waiting; a backlog of 0 is a queue of one.
    @Test func whoConnectsToAFullQueueWaitsNoLongerThanAskedFor() throws {
        let listener = try UnixSocket.listen(at: path, mode: 0o600, backlog: 0)
        let first = try UnixSocket.connect(to: path, timeout: .seconds(30))
        var error: SystemError?
        do throws(SystemError) {
            _ = try UnixSocket.connect(to: path, timeout: .milliseconds(1))
        } catch let caught {
            error = caught
        }
        #expect(error?.errno == .again)
        let came = try listener.accept() != nil
        #expect(came)
        _ = first
    }

    @Test func theKernelSaysWhoTheOtherEndIs() throws {
        let listener = try UnixSocket.listen(at: path, mode: 0o600)
        let client = try UnixSocket.connect(to: path)
        guard let server = try listener.accept() else {
            Issue.record("nobody came")
            return
        }
        let peer = try server.peer()
        #expect(peer.process == getpid())
        #expect(peer.user == getuid() && peer.group == getgid())
        var groups = [gid_t](repeating: 0, count: 65536)
        let n = getgroups(Int32(groups.count), &groups)
        #expect(peer.groups.sorted() == groups.prefix(Int(n)).sorted())
        _ = client
    }

    @Test func theSocketFileHasTheModeAskedFor() throws {
        _ = try UnixSocket.listen(at: path, mode: 0o620)
        #expect(try File.status(of: path).mode & 0o777 == 0o620)
    }

    @Test func aSocketLeftByADeadProcessIsReplaced() throws {
        do { _ = try UnixSocket.listen(at: path, mode: 0o600) }
        #expect(try File.status(of: path).isSocket)
        let listener = try UnixSocket.listen(at: path, mode: 0o600)
        _ = try UnixSocket.connect(to: path)
        let came = try listener.accept() != nil
        #expect(came)
    }

    @Test func aSocketSomebodyAnswersOnIsLeftAlone() throws {
        let first = try UnixSocket.listen(at: path, mode: 0o600)
        let error = caught(SystemError.self) {
            _ = try UnixSocket.listen(at: path, mode: 0o600)
        }
        #expect(error?.errno == .addressInUse)
        _ = try UnixSocket.connect(to: path)
        _ = first.number
    }

    @Test func aFileThatIsNoSocketIsLeftAlone() throws {
        try File.replace(path, with: [1])
        #expect(throws: SystemError.self) { _ = try UnixSocket.listen(at: path, mode: 0o600) }
        #expect(try File.contents(of: path, limit: 1) == [1])
    }

    @Test(arguments: ["", String(repeating: "x", count: 200)])
    func aNameThatDoesNotFitAnAddressIsSaid(name: String) {
        let error = caught(SystemError.self) { _ = try UnixSocket.connect(to: name) }
        #expect(error?.errno.rawValue == ENAMETOOLONG)
    }

    @Test func aWriteToAClosedEndIsAnErrorAndNoSignal() throws {
        let (a, b) = try UnixSocket.pair()
        let near = FileDescriptor(owning: a)
        do { _ = FileDescriptor(owning: b) }
        let error = caught(SystemError.self) { _ = try near.sendText("x") }
        #expect(error?.errno == .brokenPipe)
    }

    @Test func aSendThatWouldWaitSaysSo() throws {
        let (a, b) = try UnixSocket.pair()
        let near = FileDescriptor(owning: a)
        let far = FileDescriptor(owning: b)
        let block = [UInt8](repeating: 7, count: 65536)
        var sent = 0
        while true {
            let n = try block.withUnsafeBytes { try near.send($0) }
            if n == 0 { break }
            sent += n
        }
        #expect(sent > 0)
        #expect(try !near.wait(forWriting: true, timeout: .zero))
        #expect(try far.wait(timeout: .zero))
    }

    @Test func aDatagramReachesItsSocket() throws {
        let server = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        let owner = FileDescriptor(owning: server)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(server, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        try UnixSocket.sendDatagram("READY=1", to: path)
        #expect(try owner.receiveText() == "READY=1")
    }
}
