import Foundation
import System

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
    let path = NSTemporaryDirectory() + "system-" + UUID().uuidString

    init() throws { try File.makeFolder(path) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension SystemFaults {
    /// Makes one call fail, each time, for the code that `body` runs.
    static func failing<R>(_ call: SystemCall, _ errno: Errno, _ body: () throws -> R) rethrows -> R
    {
        try $current.withValue(SystemFaults { $0 == call ? errno : nil }) { try body() }
    }
}

extension FileDescriptor {
    func writeText(_ text: String) throws(SystemError) { try writeAll(Array(text.utf8)) }

    /// What one receive gives, as text; nil when it would have to wait.
    func receiveText(wait: Bool = true) throws -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let n = try buffer.withUnsafeMutableBytes { try receive(into: $0, wait: wait) }
        return n.map { String(decoding: buffer[..<$0], as: UTF8.self) }
    }

    func sendText(_ text: String) throws -> Int {
        try Array(text.utf8).withUnsafeBytes { try send($0, wait: true) }
    }
}
