/// The station's own reasons in words for people.
package enum ReasonWords {
    /// nil for what is none of them: an officer's reason is words already.
    package static func of(_ code: String) -> String? {
        switch code {
        case "not-locked": "Thiết bị không bị khóa"
        case "token-mismatch": "Thiết bị không phải thiết bị ghi trong văn bản đề nghị"
        case "request-differs":
            "Nội dung văn bản đề nghị khác với chứng thư chữ ký số trong thiết bị"
        case "certificate-expired": "Chứng thư chữ ký số đã hết hạn sử dụng"
        case "unblocking-blocked", "unblocking-code-blocked":
            "Mã mở khóa của thiết bị đã bị khóa, phải gửi nhà cung cấp dịch vụ"
        case "model-provisional": "Loại thiết bị chưa được kiểm nghiệm tại trạm"
        case "other": "Lý do khác"
        default: rules[code]
        }
    }

    /// What the check of a request finds, as a reason to refuse it.
    private static let rules = [
        "missing": "Văn bản đề nghị chưa ghi đủ thông tin",
        "too-long": "Thông tin ghi trong văn bản đề nghị quá dài",
        "hidden-character": "Thông tin ghi trong văn bản đề nghị có ký tự ẩn",
        "loose-mark": "Thông tin ghi trong văn bản đề nghị có dấu thanh không đi với chữ nào",
        "personal-number": "Số định danh cá nhân không đủ 12 chữ số",
        "date-form": "Ngày ghi không đúng dạng ngày/tháng/năm",
        "date-impossible": "Ngày ghi không có trong lịch",
        "date-future": "Ngày ghi ở tương lai",
        "mobile-form": "Số điện thoại di động không đúng dạng",
        "mail-form": "Địa chỉ thư điện tử không đúng dạng",
        "mail-private": "Địa chỉ thư điện tử là hộp thư cá nhân, không phải thư điện tử công vụ",
        "mail-not-office": "Chưa xác nhận được địa chỉ thư điện tử là thư điện tử công vụ",
        "device-form": "Số hiệu thiết bị không đúng dạng",
        "device-unusual": "Số hiệu thiết bị không khớp với số in trên thiết bị",
        "device-twice": "Thiết bị được ghi hai lần trong văn bản đề nghị",
        "device-open": "Thiết bị đang được xử lý theo một đề nghị khác",
        "too-many-devices": "Văn bản đề nghị có quá nhiều thiết bị",
        "body-renamed": "Văn bản đề nghị ghi tên cũ của cơ quan",
        "body-several": "Văn bản đề nghị chưa ghi rõ cơ quan sau sắp xếp",
        "contact-elsewhere":
            "Người phối hợp thực hiện không công tác tại cơ quan có trong văn bản đề nghị",
        "received-future": "Thời điểm nhận văn bản ở tương lai",
        "permission-missing": "Chưa có văn bản cho phép của người có thẩm quyền",
    ]
}
