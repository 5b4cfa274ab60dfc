import Casework

/// What a check of a request found, in the words of the letter that asks the body to complete it.
enum FindingWords {
    /// - Parameter code: as the journal has it, `devices[0].mail:mail-private`.
    /// - Returns: the field and what to do; nil for a code of another version.
    static func of(_ code: String) -> (field: String, toDo: String)? {
        guard let at = code.lastIndex(of: ":") else { return nil }
        let place = code[..<at]
        guard let toDo = rules[String(code[code.index(after: at)...])] else { return nil }
        if place.hasPrefix("devices["), let end = place.firstIndex(of: "]"),
            let row = Int(place[place.index(place.startIndex, offsetBy: 8)..<end]),
            let column = fields[String(place[place.index(after: end)...])]
        {
            return ("\(column) (dòng \(row + 1))", toDo)
        }
        return fields[String(place)].map { ($0, toDo) }
    }

    /// What asks for it, as the letter cites it; nil where nothing confirmed does.
    static func rule(_ code: String, _ kind: CaseKind) -> String? {
        if code == "permission:permission-missing" {
            return "Điểm b khoản 2 Điều 32 Nghị định số 30/2020/NĐ-CP"
        }
        // What the fields of the other forms are is not confirmed.
        guard kind == .restore, !ownRules.contains(where: { code.hasSuffix(":" + $0) }) else {
            return nil
        }
        if code.hasPrefix("contact.") { return "Mẫu số 06, Mục 1" }
        return code.hasPrefix("devices") ? "Mẫu số 06, Mục 2" : nil
    }

    /// Of the station's own, and no form's.
    private static let ownRules = ["device-open", "too-many-devices"]

    private static let fields = [
        "number": "Số, ký hiệu văn bản", "managing_body": "Cơ quan, tổ chức quản lý trực tiếp",
        "received": "Thời điểm nhận văn bản", "contact.name": "Họ và tên (mục 1.1)",
        "contact.personal_number": "Số định danh cá nhân (mục 1.2)",
        "contact.issued_on": "Ngày cấp (mục 1.3)", "contact.issued_at": "Nơi cấp (mục 1.4)",
        "contact.position": "Chức vụ (mục 1.5)",
        "contact.workplace": "Cơ quan, tổ chức công tác (mục 1.6)",
        "contact.mobile": "Số điện thoại di động (mục 1.7)",
        "devices": "Danh sách thiết bị (mục 2)",
        ".device_number": "Số hiệu thiết bị lưu khóa bí mật",
        ".certificate_name": "Tên chứng thư chữ ký số", ".workplace": "Cơ quan, tổ chức công tác",
        ".mail": "Địa chỉ thư điện tử công vụ",
        ".certificate_serial": "Số hiệu chứng thư chữ ký số",
        "permission": "Văn bản cho phép bàn giao", "return_reason": "Lý do giao lại thiết bị",
        "noticed": "Ngày nhận thông báo thu hồi", "report": "Nội dung báo cáo",
    ]

    private static let rules = [
        "missing": "Chưa có; đề nghị bổ sung",
        "too-long": "Quá dài; đề nghị ghi ngắn gọn",
        "hidden-character": "Có ký tự ẩn; đề nghị ghi lại",
        "loose-mark": "Có dấu thanh không đi với chữ nào; đề nghị ghi lại",
        "personal-number": "Phải gồm 12 chữ số; đề nghị ghi lại theo thẻ căn cước",
        "date-form": "Đề nghị ghi theo dạng ngày/tháng/năm",
        "date-impossible": "Ngày không có trong lịch; đề nghị ghi lại",
        "date-future": "Ngày ở tương lai; đề nghị ghi lại",
        "mobile-form": "Chưa đúng dạng số điện thoại di động; đề nghị ghi lại",
        "mail-form": "Chưa đúng dạng địa chỉ thư điện tử; đề nghị ghi lại",
        "mail-private": "Đề nghị ghi địa chỉ thư điện tử công vụ, không dùng hộp thư cá nhân",
        "mail-not-office": "Đề nghị xác nhận đây là địa chỉ thư điện tử công vụ",
        "device-form": "Chưa đúng dạng; đề nghị ghi theo số in trên thiết bị",
        "device-unusual": "Đề nghị đối chiếu với số in trên thiết bị",
        "device-twice": "Thiết bị được ghi hai lần; đề nghị bỏ một dòng",
        "device-open": "Thiết bị đang được xử lý theo một đề nghị khác",
        "too-many-devices": "Quá số dòng của một đề nghị; đề nghị tách thành nhiều văn bản",
        "body-renamed": "Cơ quan đã đổi tên; đề nghị ghi tên hiện nay",
        "body-several": "Cơ quan đã được sắp xếp thành nhiều cơ quan; đề nghị ghi rõ cơ quan nào",
        "contact-elsewhere": "Đề nghị ghi rõ người phối hợp thực hiện công tác tại cơ quan nào",
        "received-future": "Thời điểm ở tương lai; đề nghị ghi lại",
        "permission-missing":
            "Chưa có văn bản cho phép của người có thẩm quyền; đề nghị bổ sung",
    ]
}
