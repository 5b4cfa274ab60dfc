import Testing

@testable import TokenCtl

/// Which lines an export takes.
@Suite struct ExportTests {
    private static func line(_ number: Int, _ kind: String, case id: String?, _ what: String)
        -> [UInt8]
    {
        Array(
            """
            {"seq":\(number),"time":"2026-11-2\(number)T03:40:00.123Z","clock":"synced",\
            "boot":"b0010000-0000-4000-8000-000000000001","mono":5,"kind":"\(kind)",\
            "who":{"uid":0}\(id.map { ",\"case\":\"\($0)\"" } ?? ""),"what":\(what),\
            "prev":"\(String(repeating: "0", count: 64))"}
            """.utf8)
    }

    private static let lines = [
        line(
            1, "request.received", case: nil,
            #"{"request":"R2026-000001","rows":[{"case":"2026-000001"},{"case":"2026-000002"}]}"#),
        line(
            2, "request.received", case: nil,
            #"{"request":"R2026-000002","rows":[{"case":"2026-000003"}]}"#),
        line(3, "request.completed", case: nil, #"{"request":"R2026-000001"}"#),
        line(4, "request.completed", case: nil, #"{"request":"R2026-000002"}"#),
        line(5, "case.recorded", case: "2026-000002", "{}"),
        line(6, "case.recorded", case: "2026-000001", "{}"),
        line(7, "request.personal-removed", case: nil, #"{"request":"R2026-000001"}"#),
        line(8, "service.stopped", case: nil, "{}"),
    ]

    private static let orders: [(ExportOrder, [Int])] = [
        (ExportOrder(), [1, 2, 3, 4, 5, 6, 7, 8]),
        (ExportOrder(caseNumber: "2026-000001"), [1, 3, 6, 7]),
        (ExportOrder(caseNumber: "2026-000002"), [1, 3, 5, 7]),
        (ExportOrder(caseNumber: "2026-000003"), [2, 4]),
        (ExportOrder(caseNumber: "2026-000009"), []),
        // What opened it is before the period.
        (
            ExportOrder(from: .init("2026-11-23T00:00:00.000Z"), caseNumber: "2026-000001"),
            [3, 6, 7]
        ),
        (ExportOrder(kinds: ["request"], caseNumber: "2026-000001"), [1, 3, 7]),
    ]

    @Test(arguments: orders.indices)
    func linesOfACaseAreThoseOfItsRequestToo(_ row: Int) {
        var order = Self.orders[row].0
        let taken = Self.lines.enumerated().filter { order.wants($0.element) }.map { $0.offset + 1 }
        #expect(taken == Self.orders[row].1)
        #expect((order.missing == nil) == (order.caseNumber != "2026-000009"))
    }

    @Test("what is nowhere in the record is told", arguments: [
        (ExportOrder(kinds: ["restor"]), "called restor."),
        (ExportOrder(kinds: ["request", "case.record"]), "called case.record."),
        (ExportOrder(kinds: ["request."]), "called request.."),
        (ExportOrder(caseNumber: "2026-00001"), "no case 2026-00001"),
        // Of this version's kinds there may be none; one of a later version is seen.
        (ExportOrder(kinds: ["restore", "commission.begun"]), nil),
        (ExportOrder(kinds: ["mood", "mood.changed"]), nil),
        (ExportOrder(from: .init("2026-11-29T00:00:00.000Z"), kinds: ["case"]), nil),
    ])
    func slipsAreTold(_ order: ExportOrder, _ told: String?) {
        var order = order
        for line in Self.lines + [Self.line(9, "mood.changed", case: nil, "{}")] {
            _ = order.wants(line)
        }
        #expect((order.missing == nil) == (told == nil))
        #expect(order.missing?.exit != .good)
        if let told { #expect(order.missing?.message.contains(told) == true) }
    }
}
