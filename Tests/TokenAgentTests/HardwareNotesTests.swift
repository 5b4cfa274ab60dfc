import APDU
import Foundation
import Testing

/// hardware-notes.md and the udev rules against the table the host goes by.
@Suite struct HardwareNotesTests {
    private static func text(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func hex(_ number: UInt16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// bcdDevice as people write it: 0516 is 5.16.
    private static func release(_ number: UInt16) -> String {
        let digits = Self.hex(number)
        return String(UInt16(digits.prefix(2), radix: 16) ?? 0, radix: 16) + "." + digits.suffix(2)
    }

    private static func releases(_ range: ClosedRange<UInt16>) -> String {
        if range == 0...0xFFFF { return "all" }
        if range.lowerBound == range.upperBound { return release(range.lowerBound) }
        if range.lowerBound == 0 { return "before " + release(range.upperBound + 1) }
        return release(range.lowerBound) + " to " + release(range.upperBound)
    }

    @Test func theQuirksInTheNotesAreThoseOfTheTable() throws {
        let written = try Self.text("hardware-notes.md").split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 5, cells[1].hasPrefix("`") else { return nil as String? }
            #expect(!cells[0].isEmpty && !cells[3].isEmpty, "\(line)")
            return "\(cells[1]) \(cells[2]): \(cells[4])"
        }
        let table = CCIDQuirk.table.flatMap { row in
            row.devices.map { device in
                "`\(Self.hex(device.vendor)):\(Self.hex(device.product))` "
                    + "\(Self.releases(device.releases)): \(row.reason)"
            }
        }
        for row in table where !written.contains(row) { Issue.record("not in the notes: \(row)") }
        for row in written where !table.contains(row) { Issue.record("not in the table: \(row)") }
        #expect(written.count == table.count)
    }

    @Test func theRulesMarkTheReadersOfTheVendorsClass() throws {
        let text = try Self.text("udev/70-token-station.rules")
        let row = /\nATTR\{idVendor\}=="(\w+)", ATTR\{idProduct\}=="(\w+)", ENV\{TOKEN_STATION_READER\}/
        let models = text.matches(of: row).map { "\($0.1):\($0.2)" }
        let table = CCIDQuirk.table.filter { $0.quirk == .vendorSpecificClass }.flatMap(\.devices)
        #expect(Set(models) == Set(table.map { Self.hex($0.vendor) + ":" + Self.hex($0.product) }))
    }
}
