import System
import Testing

@Suite struct MemoryTests {
    @Test func aProgramThatLetsGoOfItsFilesHoldsLessOfThemAndGoesOn() throws {
        let before = try mappedOfFiles()
        Process.letGoOfProgram()
        let after = try mappedOfFiles()
        #expect(after < before / 2)
    }

    /// KiB of files that are mapped and in memory.
    private func mappedOfFiles() throws -> Int {
        let status = String(
            decoding: try File.contents(of: "/proc/self/status", limit: 65536), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssFile:") }
        return try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }
}
