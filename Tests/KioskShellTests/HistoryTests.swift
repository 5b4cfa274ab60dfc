import StationInterface
import Testing

@testable import KioskShell

/// A case's history on its screen: each kind of line in words, in both languages.
@Suite struct HistoryTests {
    static func happening(
        _ sequence: Int, _ kind: String, officer: String? = "b.tran", outcome: String? = nil,
        clock: String = "synced", code: Station.Spent? = nil, pin: Station.Spent? = nil,
        to addressee: String? = nil, restore: String? = nil, reasons: [String] = []
    ) -> Station.Happening {
        Station.Happening(
            sequence: sequence, time: "2026-11-20T17:05:00.123Z", clock: clock, kind: kind,
            user: 990, officer: officer, outcome: outcome, reasons: reasons,
            unblockingSpent: code, pinSpent: pin, addressee: addressee, restore: restore)
    }

    static let restored = [
        happening(3, "request.received"), happening(7, "restore.begun"),
        happening(8, "restore.approved", officer: "c.le"), happening(9, "restore.intent"),
        happening(
            10, "restore.outcome", outcome: "failed", code: Station.Spent(least: 0, most: 1)),
        happening(14, "restore.begun", officer: nil), happening(15, "restore.intent"),
        happening(
            16, "restore.outcome", outcome: "restored", code: Station.Spent(least: 0, most: 0)),
        happening(17, "case.notice-sent", clock: "unsynced", to: "managing-body"),
    ]

    static func shown(
        _ happenings: [Station.Happening] = restored, earlier: Int = 0
    ) -> CounterFixture {
        var fixture = ActTests.opened(["close"], state: "restored")
        fixture.key(.function(8))
        fixture.reply(.history(Station.CaseHistory(happenings, earlier: earlier)))
        return fixture
    }

    /// Of a line: what is said of it in Vietnamese.
    private static let rows: [(Station.Happening, [String])] = [
        (happening(1, "request.received"), ["21/11/2026 00:05", "Tiếp nhận đề nghị", "b.tran"]),
        (happening(1, "request.completed"), ["Đề nghị được bổ sung"]),
        (happening(1, "case.refused"), ["Từ chối bằng văn bản"]),
        (happening(1, "case.routed", to: "hsm"), ["Chuyển về Cục: HSM"]),
        (happening(1, "case.recorded"), ["Lập biên bản"]),
        (
            happening(1, "case.notice-sent", to: "provider"),
            ["Gửi thông báo: Cục Chứng thực số và Bảo mật thông tin"]
        ),
        (happening(1, "case.closed", officer: nil), ["Đóng hồ sơ", "không có cán bộ đăng nhập"]),
        (happening(1, "restore.refused"), ["trạm không nhận thiết bị"]),
        (happening(1, "restore.begun"), ["Bắt đầu khôi phục"]),
        (happening(1, "restore.approved"), ["Cán bộ thứ hai phê duyệt"]),
        (happening(1, "restore.intent"), ["Gửi mã tới thiết bị"]),
        (happening(1, "restore.outcome", outcome: "restored"), ["Đã khôi phục"]),
        (
            happening(1, "restore.outcome", outcome: "unblocked-unproven"),
            ["Đã mở khóa, chưa chứng minh được khóa"]
        ),
        (happening(1, "restore.outcome", outcome: "refused"), ["Dừng khôi phục"]),
        (
            happening(
                1, "restore.outcome", outcome: "failed", code: Station.Spent(least: 1, most: 1)),
            ["Khôi phục không thành công", "mất 1 lượt mã mở khóa"]
        ),
        (
            happening(
                1, "restore.outcome", outcome: "unknown", code: Station.Spent(least: 0, most: 1)),
            ["Chưa rõ kết quả khôi phục", "mất 0–1 lượt mã mở khóa"]
        ),
        (happening(1, "restore.resolved", outcome: "restored"), ["Đã khôi phục"]),
        (happening(1, "keycheck.intent"), ["Gửi mật khẩu để kiểm tra khóa"]),
        (happening(1, "keycheck.outcome", outcome: "proven"), ["Khóa đã được chứng minh"]),
        (
            happening(
                1, "keycheck.outcome", outcome: "not-proven",
                pin: Station.Spent(least: 1, most: 1)),
            ["Chưa chứng minh được khóa", "mất 1 lượt mật khẩu"]
        ),
        (happening(7, "case.recorded", clock: "unsynced"), ["đồng hồ chưa chỉnh", "dòng 7"]),
        // Of a later version.
        (happening(1, "case.praised", to: "everybody"), ["case.praised: everybody"]),
    ]

    @Test(arguments: rows.indices)
    func eachLineIsToldInWords(_ row: Int) {
        let (one, words) = Self.rows[row]
        let drawn = Self.shown([one]).drawn()
        for words in words { #expect(drawn.contains(words), "\(drawn)") }
        #expect(!drawn.contains("…"), "\(drawn)")
    }

    @Test func theLatestStandsAtTheTopAndKeysMoveOn() {
        var fixture = Self.shown(earlier: 2)
        let first = fixture.drawn()
        #expect(first.contains("dòng 17"))
        #expect(!first.contains("dòng 3 ") && !first.contains("dòng 3\n"))
        fixture.key(.end)
        let last = fixture.drawn()
        #expect(last.contains("Tiếp nhận đề nghị") && !last.contains("dòng 17"))
        #expect(last.contains("còn 2 việc trước đó"))
        fixture.key(.home)
        #expect(fixture.drawn() == first)
    }

    @Test(arguments: [Key.escape, .enter])
    func itLeadsBackToItsCase(_ key: Key) {
        var fixture = Self.shown()
        fixture.key(key)
        guard case .caseView(let view) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(view.found.number == "C-1")
        #expect(fixture.calls.last == .getRequest("Y-1"))
    }

    @Test func whatCannotBeReadIsSaidOnTheCase() {
        var fixture = ActTests.opened(["close"])
        fixture.key(.function(8))
        #expect(fixture.calls.last == .getHistory("C-1"))
        fixture.reply(.fault(AgentFault(.journal)))
        guard case .caseView = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(fixture.counter.notice != nil)
    }
}
