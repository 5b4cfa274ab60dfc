import Casework
import Paperwork
import WorkingDays

/// A report's words for the office.
enum ReportWords {
    static func of(_ kind: CaseKind) -> String {
        switch kind {
        case .restore: "Khôi phục thiết bị"
        case .handOver: "Bàn giao thiết bị"
        case .takeBack: "Thu hồi thiết bị"
        case .lost: "Thiết bị thất lạc"
        case .misuse: "Sử dụng sai mục đích"
        }
    }

    static func of(_ stage: CaseStage) -> String {
        switch stage {
        case .incomplete: "Chờ bổ sung hồ sơ"
        case .open: "Chưa xử lý"
        case .inProgress: "Đang xử lý"
        case .restored: "Đã khôi phục"
        case .unblockedUnproven: "Đã mở khóa, chưa kiểm tra được khóa bí mật"
        case .refused: "Từ chối, có nêu rõ lý do"
        case .failed: "Khôi phục chưa thành công"
        case .unknown: "Chưa rõ kết quả"
        case .routed: "Chuyển Cục Chứng thực số và Bảo mật thông tin"
        case .recorded: "Đã lập biên bản, chưa gửi thông báo"
        case .sent: "Đã lập biên bản và gửi thông báo"
        case .closed: "Kết thúc, không xử lý tiếp"
        }
    }

    static func of(_ origin: CaseOrigin) -> String {
        switch origin {
        case .carriedOver: "Kỳ trước chuyển sang"
        case .received: "Tiếp nhận trong kỳ"
        case .reopened: "Xử lý lại"
        }
    }

    static func done(_ standing: CaseStanding) -> String {
        switch standing {
        case .inTime: "Đúng hạn"
        case .late: "Quá hạn"
        case .noTerm: "Không có thời hạn"
        case .unknown: "Chưa xác định"
        }
    }

    static func open(_ standing: CaseStanding) -> String {
        standing == .inTime ? "Trong hạn" : done(standing)
    }

    static func of(_ taken: TimeTaken) -> String {
        switch taken {
        case .sameDay: "Trong ngày"
        case .oneDay: "1 ngày làm việc"
        case .twoDays: "2 ngày làm việc"
        case .upToFive: "3 đến 5 ngày làm việc"
        case .upToTen: "6 đến 10 ngày làm việc"
        case .longer: "Trên 10 ngày làm việc"
        case .unknown: "Chưa xác định"
        }
    }

    static func of(_ fate: RestoreFate) -> String {
        switch fate {
        case .restored: "Đã khôi phục"
        case .unblockedUnproven: "Đã mở khóa, chưa kiểm tra khóa"
        case .refused: "Không thực hiện"
        case .failed: "Chưa thành công"
        case .unknown: "Chưa rõ kết quả"
        case .running: "Đang xử lý"
        }
    }

    /// A reason by its code, in words; as an officer wrote it in lines of earlier versions.
    static func reason(_ text: String) -> String {
        ReasonWords.of(text).map { "\($0) (\(text))" } ?? text
    }

    static func of(_ period: ReportPeriod) -> String {
        switch (period.from, period.to) {
        case (nil, nil): "Toàn bộ thời gian có ghi chép"
        case (let from?, nil): "Từ ngày \(day(from))"
        case (nil, let to?): "Đến hết ngày \(day(to))"
        case (let from?, let to?):
            from == to ? "Ngày \(day(from))" : "Từ ngày \(day(from)) đến hết ngày \(day(to))"
        }
    }

    /// dd/mm/yyyy.
    static func day(_ date: CivilDate) -> String {
        let (year, month, day) = date.parts
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(two(day))/\(two(month))/\(year)"
    }
}
