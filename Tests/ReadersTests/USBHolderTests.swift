import Foundation
import System
import Testing

@testable import Readers

@Suite struct USBHolderTests {
    /// Any file does for a node: what counts is who has it open.
    @Test func aProcessThatHasTheNodeOpenIsNamedAndWeAreNot() throws {
        let path = NSTemporaryDirectory() + "node-" + UUID().uuidString
        #expect(FileManager.default.createFile(atPath: path, contents: Data()))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let ours = try #require(FileHandle(forReadingAtPath: path))
        #expect(USBHolders.now(path) == [])

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
        let holders = USBHolders.now([path, path + "-none"])
        #expect(holders.keys.sorted() == [path])
        #expect(holders[path]?.map(\.process) == [other.processIdentifier])
        #expect(holders[path]?.first?.program == "cat")
    }

    @Test func nobodyHasWhatIsNotThere() {
        #expect(USBHolders.now("/dev/bus/usb/000/000") == [])
        #expect(USBHolders.now(Set<String>()) == [:])
    }
}
