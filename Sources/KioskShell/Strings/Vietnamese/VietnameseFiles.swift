extension Phrase {
    /// Vietnamese: requests from files. Nil for others.
    var vietnameseFiles: String? {
        switch self {
        case .errandFiles: "Hồ sơ từ tệp"
        case .filesTitle: "Hồ sơ từ tệp của hệ thống văn bản"
        case .filesMeans:
            """
            Chọn tệp để đọc (CSV hoặc JSON), tệp mới nhất ở trên. Đọc tệp chưa nhận hồ sơ nào; \
            tệp không bị thay đổi.
            """
        case .filesNone: "Không có tệp nào. Chép tệp vào thư mục hoặc cắm USB rồi nhấn F5."
        case .filesMore: "… còn {} tệp ở dưới"
        case .filesLeftOut:
            """
            Chỉ liệt kê {} tệp mới nhất; còn {} tệp cũ hơn. Muốn thấy các tệp cũ: chuyển bớt \
            tệp đã nhận sang nơi khác rồi nhấn F5.
            """
        case .filesLeftOutOfSeen:
            "Trong số đã xem chỉ liệt kê {} tệp mới nhất, còn {} tệp nữa không liệt kê."
        case .filesCrowded:
            """
            {}: có hơn {} mục nên không xem hết, có thể thiếu tệp. Chuyển bớt sang nơi khác \
            rồi nhấn F5.
            """
        case .noticeFileUnreadable: "Không đọc được tệp: {}"
        case .noticeFileTooLong:
            """
            Tệp {} quá lớn (nhiều nhất {} KiB) nên chưa được đọc: chia thành nhiều tệp nhỏ.
            """
        case .intakeMistake:
            """
            Tệp có một chỗ không đọc được nên không hồ sơ nào được nhận. Gửi lại cho nơi lập \
            tệp để sửa:
            """
        case .keyReadFile: "Đọc tệp"
        case .keyTakeAll: "Nhận hết hồ sơ hợp lệ"
        case .intakeTitle: "Hồ sơ trong tệp {}"
        case .intakeEmpty: "Tệp không có hồ sơ nào."
        case .intakeChecking: "Đang kiểm tra: {} trên {} hồ sơ…"
        case .intakeStanding: "{} hồ sơ · đã nhận {} · {} hợp lệ · {} cần nhìn lại từng hồ sơ"
        case .intakeLine: "dòng {}"
        case .intakePlace: "dòng {}, ký tự {}"
        case .intakeColumn: "cột \"{}\""
        case .intakeOf: "{} · {} thiết bị"
        case .intakeTaken: "đã nhận {}"
        case .intakeKnown: "có từ trước: {}"
        case .intakeMore: "… còn {} dòng nữa: nhấn → để xem tiếp"
        case .intakeOpen: "phải bổ sung: {}"
        case .intakeLook: "cần nhìn lại"
        case .intakeValid: "hợp lệ"
        case .intakeMistakes:
            """
            Tệp có {} chỗ không đọc được nên không hồ sơ nào được nhận. Gửi lại cho nơi lập \
            tệp để sửa:
            """
        case .noticeIntakeOpen: "Hồ sơ này còn điểm phải bổ sung: F9 để nhận và chờ bổ sung."
        case .noticeIntakeChanged: "Hồ sơ này vừa có điểm mới: xem lại rồi hãy nhận."
        case .mistakeLongFile: "Tệp quá lớn: chia thành nhiều tệp nhỏ."
        case .mistakeForeign:
            """
            Tệp là bảng tính, tài liệu, PDF hoặc ảnh, không phải văn bản: lưu lại bằng CSV UTF-8.
            """
        case .mistakeUTF16: "Tệp là UTF-16: lưu lại bằng UTF-8 (bảng tính: CSV UTF-8)."
        case .mistakeNotUTF8:
            """
            Từ chỗ này không phải UTF-8, có thể là TCVN3 (ABC) hay VNI: chuyển sang Unicode rồi \
            lưu lại bằng UTF-8.
            """
        case .mistakeEmpty: "Tệp trống: cần một dòng tên cột, rồi mỗi thiết bị một dòng."
        case .mistakeNoHeading: "Dòng đầu phải là tên cột như trên Mẫu số 06; không rõ tên nào cả."
        case .mistakeHeading: "Không có cột nào tên như vậy: đổi tên cột, hoặc để trống tên đó."
        case .mistakeTwice: "Mục này ghi hai lần: bỏ một."
        case .mistakeManyLines: "Nhiều hơn {} dòng: chia thành nhiều tệp."
        case .mistakeManyCells: "Một dòng có nhiều hơn {} ô."
        case .mistakeManyRequests: "Nhiều hơn {} hồ sơ: chia thành nhiều tệp."
        case .mistakeCells: "Dòng này có {} ô mà tên cột có {}: thừa hoặc thiếu một dấu ngăn cách."
        case .mistakeOpenQuote: "Dấu ngoặc kép mở ở đây mà không đóng."
        case .mistakeBehindQuote:
            """
            Sau dấu ngoặc kép đóng còn có chữ: dấu ngoặc kép nằm trong ô phải viết hai lần.
            """
        case .mistakeBareQuote:
            """
            Dấu ngoặc kép nằm giữa ô: đặt cả ô trong ngoặc kép, và viết dấu này hai lần.
            """
        case .mistakeLetters:
            """
            Chữ của bảng mã khác (TCVN3, VNI) hoặc đã bị đọc sai: chuyển sang Unicode rồi lưu \
            lại bằng UTF-8.
            """
        case .mistakeShortened:
            """
            Bảng tính đã rút gọn số này: đổi cột thành văn bản rồi nhập lại cho đủ chữ số.
            """
        case .mistakeNames: "Dùng một trong: {}"
        case .mistakeKind: "Không có loại hồ sơ nào tên như vậy."
        case .mistakeReason: "Không có lý do thu hồi nào tên như vậy."
        case .mistakeTime: "Không phải ngày giờ, như 21/11/2026 10:40."
        case .mistakeOther:
            """
            Khác với dòng {} của cùng một hồ sơ (cùng số văn bản và cơ quan): ghi cho giống, \
            hoặc để trống ở đây.
            """
        case .mistakeKey: "Không có mục nào tên như vậy."
        case .mistakeMissingKey: "Thiếu mục này."
        case .mistakeValue: "Không dùng được: chỗ này cần giá trị thuộc loại khác."
        case .mistakeTooLong: "Quá dài hoặc quá nhiều."
        case .mistakeJSON: "Không đúng dạng JSON; phần sau của tệp chưa được đọc."
        default: nil
        }
    }
}
