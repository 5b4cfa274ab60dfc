import Expectations
import Testing

@testable import Readers
@testable import System

@Suite struct SocketClientTests {
    /// qemu-user knows no sock_diag.
    @Test(.disabled(if: isEmulated)) func namesTheProcessAtTheOtherEnd() throws {
        let path = "/tmp/readers-clients-\(Process.id)-\(UInt64.random(in: 0...UInt64.max))"
        let listener = try UnixSocket.listen(at: path, mode: 0o600)
        #expect(try SocketClients.processes(connectedTo: path) == [])
        let client = VirtualConnection(try UnixSocket.connect(to: path))
        guard let accepted = try listener.accept() else {
            Issue.record("no connection")
            return
        }
        #expect(try SocketClients.processes(connectedTo: path) == [Process.id])
        client.end()
        accepted.shutDown()
        try File.remove(path)
    }

    @Test func aDamagedTableIsReadAsFarAsItGoes() throws {
        // One socket: inode 7, name "/a", file inode 9, peer 8.
        var message: [UInt8] = [1, 1, 1, 0, 7, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
        message += [7, 0, 0, 0] + Array("/a".utf8) + [0, 0]
        message += [12, 0, 1, 0, 9, 0, 0, 0, 1, 0, 0, 0]
        message += [8, 0, 2, 0, 8, 0, 0, 0]
        let whole: [UInt8] =
            [UInt8(16 + message.count), 0, 0, 0, 20, 0, 2, 0] + [UInt8](repeating: 0, count: 8)
            + message
        var sockets: [UnixSocketTable.Socket] = []
        #expect(UnixSocketTable.parse(whole[...], into: &sockets))
        #expect(
            sockets == [UnixSocketTable.Socket(inode: 7, peer: 8, name: "/a", fileInode: 9)])
        var generator = SystemRandomNumberGenerator()
        for length in 0...whole.count {
            var damaged = Array(whole[..<length])
            _ = UnixSocketTable.parse(damaged[...], into: &sockets)
            for _ in 0..<50 where !damaged.isEmpty {
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                damaged[place] = UInt8.random(in: 0...255, using: &generator)
                var found: [UnixSocketTable.Socket] = []
                _ = UnixSocketTable.parse(damaged[...], into: &found)
                #expect(found.count <= damaged.count / 32)
            }
        }
    }

    @Test func aWatchedFolderTellsOfWhatComes() throws {
        let kept = try TestFolder()
        let folder = kept.path
        let watch = try FolderWatch(folder)
        #expect(try watch.descriptor.wait(timeout: .zero) == false)
        let listener = try UnixSocket.listen(at: folder + "/socket", mode: 0o600)
        #expect(try watch.descriptor.wait(timeout: .seconds(10)))
        watch.drain()
        #expect(try watch.descriptor.wait(timeout: .zero) == false)
        try File.remove(folder + "/socket")
        #expect(try watch.descriptor.wait(timeout: .seconds(10)))
        #expect(throws: SystemError(.inotify_add_watch, .noEntry, folder + "/none")) {
            _ = try FolderWatch(folder + "/none")
        }
        _ = listener.number
    }
}

@Suite struct PCSCCodeTests {
    @Test func saysWhatLibpcscliteSaysAndTheNumber() {
        #expect(
            PCSCCode.sharingViolation.description == "sharing violation (0x8010000b)")
        #expect(
            ReaderError.pcsc(call: "SCardConnect", code: 0x8010_0009).description
                == "SCardConnect: unknown reader specified (0x80100009)")
    }

    @Test func holdersAreNamed() {
        #expect(
            ReaderError.heldByOthers([Holder(process: 12, program: "scdaemon")]).description
                == "another program holds the card; it could be scdaemon (process 12)")
    }
}
