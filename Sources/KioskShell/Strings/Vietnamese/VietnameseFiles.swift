extension Phrase {
    /// Vietnamese: requests from files. Nil for others.
    var vietnameseFiles: String? {
        switch self {
        case .errandFiles: "Hồ sơ từ tệp"
        case .filesTitle: "Hồ sơ từ tệp của hệ thống văn bản"
        case .filesMeans:
            """
            Chọn tệp để đọc (CSV hoặc JSON). Đọc tệp chưa nhận hồ sơ nào; tệp không bị thay \
            đổi.
            """
        case .filesNone: "Không có tệp nào. Chép tệp vào thư mục hoặc cắm USB rồi nhấn F5."
        case .filesMore: "… còn {} tệp nữa"
        case .noticeFileUnreadable: "Không đọc được tệp: {}"
        case .keyReadFile: "Đọc tệp"
        case .keyTakeAll: "Nhận hết hồ sơ hợp lệ"
        case .intakeTitle: "Hồ sơ trong tệp {}"
        case .intakeEmpty: "Tệp không có hồ sơ nào."
        case .intakeChecking: "Đang kiểm tra: {} trên {} hồ sơ…"
        case .intakeStanding: "{} hồ sơ · đã nhận {} · còn {} nhận được ngay"
        case .intakeLine: "dòng {}"
        case .intakePlace: "dòng {}, cột {}"
        case .intakeOf: "{} · {} thiết bị"
        case .intakeTaken: "đã nhận {}"
        case .intakeKnown: "có từ trước: {}"
        case .intakeOpen: "phải bổ sung: {}"
        case .intakeLook: "cần nhìn lại"
        case .intakeValid: "hợp lệ"
        case .intakeMistakes:
            """
            Tệp có {} chỗ không đọc được nên không hồ sơ nào được nhận. Gửi lại cho nơi lập \
            tệp để sửa:
            """
        case .noticeIntakeOpen: "Hồ sơ này còn điểm phải bổ sung: F9 để nhận và chờ bổ sung."
        default: nil
        }
    }
}
