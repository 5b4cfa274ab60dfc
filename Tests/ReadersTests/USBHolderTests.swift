import Foundation
import System
import Testing

@testable import Readers

@Suite struct USBHolderTests {
    /// Any file does for a node: what counts is who has it open.
    @Test func whoeverHasTheNodeOpenIsNamed() throws {
        let path = NSTemporaryDirectory() + "node-" + UUID().uuidString
        #expect(FileManager.default.createFile(atPath: path, contents: Data()))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let ours = try #require(FileHandle(forReadingAtPath: path))
        let mine = Holder(process: Process.id, program: OpenFiles.program(Process.id))
        #expect(USBHolders.look([path]) == [path: [mine]])

        let other = Foundation.Process()
        other.executableURL = URL(fileURLWithPath: "/bin/cat")
        let input = Pipe()
        other.standardInput = input
        other.standardOutput = FileHandle.nullDevice
        other.standardError = ours
        try other.run()
        // The end of its input ends it; a signal might be blocked by whoever started the tests.
        defer {
            try? input.fileHandleForWriting.close()
            other.waitUntilExit()
        }
        let holders = USBHolders.look([path, path + "-none"])
        #expect(holders.keys.sorted() == [path])
        let theirs = Holder(process: other.processIdentifier, program: "cat")
        #expect(holders[path] == [mine, theirs].sorted { $0.process < $1.process })
    }

    @Test func nobodyHasWhatIsNotThere() {
        #expect(USBHolders.look(["/dev/bus/usb/000/000"]) == [:])
        #expect(USBHolders.look([]) == [:])
    }
}
