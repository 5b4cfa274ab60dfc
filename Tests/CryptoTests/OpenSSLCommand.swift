import Crypto
import Foundation
import Testing

/// The foreign judge: the `openssl` command in a folder of its own that goes away with it.
final class OpenSSLCommand {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("crypto-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    struct Failed: Error { let arguments: String, words: String }

    /// Runs `openssl` with blank-separated arguments and gives what it printed.
    @discardableResult
    func callAsFunction(_ arguments: String) throws -> [UInt8] {
        try run(arguments.split(separator: " ").map(String.init))
    }

    @discardableResult
    func run(_ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let out = Pipe()
        process.standardOutput = out
        process.standardInput = FileHandle.nullDevice
        let words = folder.appendingPathComponent("stderr-\(UUID().uuidString)")
        try Data().write(to: words)
        process.standardError = try FileHandle(forWritingTo: words)
        try process.run()
        let printed = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let text = (try? String(contentsOf: words, encoding: .utf8)) ?? ""
            throw Failed(
                arguments: arguments.joined(separator: " "),
                words: text + String(decoding: printed, as: UTF8.self))
        }
        return [UInt8](printed)
    }

    func text(_ arguments: String) throws -> String {
        String(decoding: try self(arguments), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appendingPathComponent(name))
    }

    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }
}

extension CryptoError {
    /// The code of what `body` throws; nil when it throws nothing.
    static func code(of body: () throws -> Void) -> CryptoError.Code? {
        do {
            try body()
            return nil
        } catch let error as CryptoError {
            return error.code
        } catch {
            Issue.record("not a CryptoError: \(error)")
            return nil
        }
    }
}
