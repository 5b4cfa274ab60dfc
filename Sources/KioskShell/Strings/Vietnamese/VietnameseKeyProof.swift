extension Phrase {
    /// Vietnamese: a key check with the holder's PIN. Nil for others.
    var vietnameseKeyProof: String? {
        switch self {
        case .caseProve: "Kiểm tra khóa trong thiết bị"
        case .proofTitle: "Mời chủ thiết bị nhập mật khẩu của thiết bị"
        case .proofWhy:
            """
            Để xác nhận khóa bí mật nằm trong thiết bị này. Mật khẩu không hiện trên màn hình, \
            không được lưu lại.
            """
        case .proofLabel: "Mật khẩu của thiết bị"
        case .proofCosts: "Nhập sai là mất một lần thử. Còn {} lần."
        case .proofCostsUnknown: "Không rõ còn mấy lần thử: chỉ nhập khi nhớ chắc mật khẩu."
        case .proofChecking: "Đang kiểm tra khóa trong thiết bị…"
        case .proofHold: "KHÔNG RÚT THIẾT BỊ"
        case .provedTitle: "THIẾT BỊ GIỮ KHÓA BÍ MẬT CỦA CHỨNG THƯ"
        case .provedDoubtful: "THIẾT BỊ GIỮ KHÓA, NHƯNG CÓ ĐIỀU TRÁI NGƯỢC"
        case .provedNot: "CHƯA CHỨNG MINH ĐƯỢC KHÓA"
        case .provedLeft: "mật khẩu {}"
        case .provedHandOverDo: "Nhấn Enter về hồ sơ, rồi chọn Lập biên bản."
        case .provedRestoreDo:
            """
            Hồ sơ đã khôi phục xong: trao lại thiết bị, in thông báo và phiếu xác nhận.
            """
        case .provedDo: "Nhấn Enter về hồ sơ."
        case .provedDoubtfulDo:
            """
            Xem các dòng ✗ và hỏi kỹ thuật viên trước khi lập biên bản hoặc trao thiết bị.
            """
        case .provedNotDo:
            """
            Chưa bàn giao, chưa trao trả. Giữ thiết bị lại và báo kỹ thuật viên của trạm.
            """
        case .gradeAttested: "Nhà sản xuất xác nhận: khóa được sinh trong thiết bị này."
        case .gradeDevice: "Thiết bị tự khai: khóa được sinh trong thiết bị."
        case .gradePersonaliser:
            """
            Bên ghi thiết bị khai: khóa được sinh bên trong; thiết bị không tự khai.
            """
        case .gradePossession: "Thiết bị có khóa, đã ký thử; không rõ khóa được sinh ở đâu."
        case .gradeImported: "Khóa được nạp từ ngoài vào: có thể còn bản sao ở nơi khác."
        case .gradeNone: "Thiết bị chưa cho thấy có khóa của chứng thư."
        case .evidencePossession: "Ký thử bằng khóa chứng thư"
        case .evidenceOrigin: "Khóa sinh trong thiết bị"
        case .evidenceAttestation: "Nhà sản xuất xác nhận"
        case .evidenceHolder: "Đúng tên thuê bao"
        case .evidenceValidity: "Chứng thư đang có hiệu lực"
        case .evidenceLifetime: "Thời hạn không quá mức"
        case .evidencePath: "Đường dẫn chứng thực"
        case .evidenceRevocation: "Chưa bị thu hồi"
        case .evidenceSeen: "Khóa không ở thiết bị khác"
        case .evidenceSame: "Vẫn là một thiết bị"
        case .evidenceTiming: "Thời gian ký như của chip"
        case .evidenceMarks: "✓ đã rõ, ? chưa rõ, ✗ trái ngược"
        case .noticeWrongPINUnknown:
            """
            Mật khẩu không đúng; không rõ còn mấy lần thử. Chỉ nhập khi nhớ chắc.
            """
        case .noticeNoQuitChecking: "Đang kiểm tra khóa: chờ có kết quả rồi hãy thoát."
        case .doAskRestore:
            """
            Nếu chủ thiết bị không chắc mật khẩu: cơ quan quản lý đề nghị khôi phục theo Mẫu \
            số 06.
            """
        case .connectingProof:
            """
            Mật khẩu của thiết bị có thể đã được gửi: khi nối lại, trạm đọc lại số lần thử còn \
            lại.
            """
        case .keyToCase: "Về hồ sơ"
        case .evidenceIsShown: "đã rõ"
        case .evidenceIsNotShown: "chưa rõ"
        case .evidenceIsContradicted: "TRÁI NGƯỢC"
        case .keyAtPad: "Nhập ở đầu đọc"
        case .proofAtPad:
            """
            Trên bàn phím của đầu đọc: nhập mật khẩu của thiết bị trong {} giây. Màn hình \
            này không thấy mật khẩu đó.
            """
        case .noticePadNoPIN: "Không có mật khẩu nào được nhập ở đầu đọc; chưa mất lần thử nào."
        default: nil
        }
    }
}
