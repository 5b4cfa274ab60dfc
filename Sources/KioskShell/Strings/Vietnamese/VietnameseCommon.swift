extension Phrase {
    /// Vietnamese: what many screens share: the frame, keys, the line mode, the way to the agent.
    /// Nil for others.
    var vietnameseCommon: String? {
        switch self {
        case .title: "TRẠM KHÔI PHỤC THIẾT BỊ LƯU KHÓA BÍ MẬT"
        case .trainingBanner: "TẬP DƯỢT  ·  thiết bị ảo, không phải nghiệp vụ thật  ·  TẬP DƯỢT"
        case .agentThere: "Dịch vụ: sẵn sàng"
        case .agentSought: "Dịch vụ: đang kết nối"
        case .agentGone: "Dịch vụ: mất kết nối"
        case .tooSmall: "Màn hình quá nhỏ"
        case .tooSmallNeed: "Cần ít nhất {} × {}, hiện là {} × {}."
        case .tooSmallDo: "Hãy phóng to cửa sổ hoặc giảm cỡ chữ."
        case .keyGoOn: "Tiếp tục"
        case .keyBack: "Quay lại"
        case .keyCancel: "Hủy"
        case .keyHome: "Về danh sách hồ sơ"
        case .keyLanguage: "English"
        case .inputOff: "Gõ không dấu"
        case .inputTelex: "Gõ Telex"
        case .inputVNI: "Gõ VNI"
        case .keyPad: "Phím số"
        case .toldCharacters: "{} ký tự"
        case .toldKeys: "Phím: {}"
        case .toldChosen: "{} (đang chọn)"
        case .toldMet: "{}: đạt"
        case .toldUnmet: "{}: chưa đạt"
        case .toldStep: "Bước {} trên 5: {}"
        case .toldArrows: "mũi tên lên và xuống"
        case .toldStepDone: "{}: xong, {}"
        case .toldStepFailed: "{}: không được"
        case .toldStepRunning: "{}: đang làm, tối đa {} giây"
        case .padClear: "Xóa"
        case .padErase: "Lùi"
        case .keyQuit: "Thoát"
        case .keyRetryNow: "Thử lại ngay"
        case .keyChoose: "Chọn"
        case .keyRefresh: "Làm mới"
        case .keyNextField: "Ô kế tiếp"
        case .keySave: "Lưu, tiếp tục"
        case .keyReadToken: "Đọc thiết bị"
        case .keyRightToken: "Đúng thiết bị này"
        case .keyForgotten: "Ghi nhận: quên mật khẩu"
        case .keyAskPermit: "Tiến hành mở khóa"
        case .keyClearCode: "Xóa hết"
        case .keySend: "Xác nhận"
        case .keySwitchField: "Đổi ô nhập"
        case .keyTryAgain: "Thử lại thiết bị này"
        case .keyLookAgain: "Xem lại thiết bị này"
        case .keyFinish: "Về danh sách"
        case .connectingTitle: "Chưa kết nối được dịch vụ của trạm"
        case .connectingNow: "Đang kết nối với dịch vụ của trạm…"
        case .lossAbsent: "Dịch vụ token-agent chưa chạy hoặc đang khởi động lại."
        case .lossRefused: "Tài khoản đang dùng không có quyền làm việc với dịch vụ."
        case .lossForeign: "Dịch vụ trả lời không đúng cách: có thể khác phiên bản."
        case .lossHungUp: "Dịch vụ vừa ngắt kết nối."
        case .connectingRetries: "Màn hình tự thử lại; thường chỉ mất vài giây."
        case .connectingSafe: "Không có mã nào đang được gửi; số lần thử của thiết bị không đổi."
        case .connectingRestore:
            """
            Lần khôi phục vẫn do dịch vụ giữ. KHÔNG rút thiết bị; kết quả hiện ra khi kết \
            nối lại.
            """
        case .connectingDo:
            """
            Nếu kéo dài quá một phút, hãy báo kỹ thuật viên (lệnh: tokenctl doctor).
            """
        case .unknown: "không rõ"
        case .noticeScreenBack:
            """
            Màn hình vừa tự khởi động lại. Phần đang nhập còn nguyên; mã đã nhập (nếu có) đã bị xóa.
            """
        case .noticeScreenRestarted: "Màn hình vừa tự khởi động lại. Mã đã nhập (nếu có) đã bị xóa."
        case .noticeAgentBack: "Đã kết nối lại với dịch vụ. Mã đã nhập (nếu có) đã được xóa."
        case .noticePasteRefused: "Không dán vào ô mã: hãy gõ bằng bàn phím."
        case .noticeCodeFull: "Mã dài quá mức cho phép."
        case .noticeNotPrintable: "Mật khẩu mới chỉ gồm chữ không dấu, chữ số và ký hiệu."
        case .noticeFieldEmpty: "Còn ô chưa nhập."
        case .noticeDeviceNothing: "Số hiệu thiết bị không có chữ hay số nào."
        case .noticeDeviceCharacter:
            """
            Số hiệu thiết bị có {} ở ký tự thứ {}: gõ lại bằng chữ không dấu, số và ký hiệu \
            thường.
            """
        case .keyNotCompared: "Bỏ xác nhận"
        case .keyCompared: "Đã đối chiếu, trùng khớp"
        case .keyMove: "Di chuyển"
        case .keyAskCancel: "Xin hủy"
        case .keyTryOn: "Thử tiếp"
        case .keyOtherToken: "Thiết bị khác"
        case .keyNextPage: "Trang sau"
        default: nil
        }
    }
}
