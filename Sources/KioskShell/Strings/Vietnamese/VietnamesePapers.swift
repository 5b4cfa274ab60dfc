extension Phrase {
    /// Vietnamese: papers and their printing. Nil for others.
    var vietnamesePapers: String? {
        switch self {
        case .paperReception: "Giấy tiếp nhận, hẹn trả"
        case .paperCompletion: "Đề nghị bổ sung văn bản"
        case .paperNotice: "Thông báo kết quả"
        case .paperRefusal: "Thông báo không chấp nhận"
        case .paperRouting: "Công văn chuyển Cục"
        case .paperHandOver: "Biên bản bàn giao"
        case .paperForm07: "Thông báo bàn giao (Mẫu 07)"
        case .paperForm08: "Biên bản giao, nhận (Mẫu 08)"
        case .paperForm09: "Biên bản thất lạc (Mẫu 09)"
        case .paperMisuse: "Biên bản ghi nhận báo cáo"
        case .paperReceipt: "Phiếu xác nhận kết quả"
        case .paperLoading: "Đang lấy giấy tờ…"
        case .paperMore: "… còn {} dòng nữa"
        case .paperPrinting: "Đang in…"
        case .paperPrinted: "Đã chuyển lệnh in."
        case .paperFailed: "In không thành công: lệnh in kết thúc với mã {}."
        case .paperTimedOut: "In không thành công: lệnh in chạy quá lâu và đã bị dừng."
        case .paperNotStarted: "In không thành công: không chạy được lệnh in."
        case .paperNoCommand:
            """
            Chưa cấu hình lệnh in: kỹ thuật viên thêm --print LỆNH cho kiosk-shell.
            """
        case .noticeNoPrinter:
            """
            Chưa in được: chưa cấu hình lệnh in (kiosk-shell --print LỆNH, xem install.md).
            """
        case .noticeNoPreview: "Không xem trước được trang này ({}); vẫn in được."
        case .noticePrintFailed: "Giấy tờ vừa rồi in không thành công: mở lại giấy tờ đó để in lại."
        case .meansCaseSame: "Hồ sơ và thiết bị không thay đổi gì."
        case .faultPaperUnavailable: "Chưa lập được giấy tờ này."
        case .keyPrint: "In"
        case .noticeNoCode: "Không vẽ được mã QR: giấy không có mã. Hỏi kỹ thuật viên."
        case .keyPapers: "Hồ sơ, giấy tờ"
        default: nil
        }
    }
}
