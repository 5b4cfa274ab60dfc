extension Phrase {
    /// Vietnamese: what officers record in a case. Nil for others.
    var vietnameseActs: String? {
        switch self {
        case .actRefuse: "Từ chối đề nghị"
        case .actRoute: "Chuyển về Cục"
        case .actRecord: "Lập biên bản"
        case .actSendNotice: "Ghi nhận đã gửi thông báo"
        case .actClose: "Đóng hồ sơ"
        case .actRefuseMeans: "Lý do được in vào thông báo gửi cơ quan quản lý trực tiếp."
        case .actRouteMeans: "Trạm chỉ khôi phục PKI Token. Khóa bí mật của thuê bao này nằm ở đâu?"
        case .actCloseMeans: "Hồ sơ đã đóng thì không làm gì thêm được nữa. Chọn hoặc ghi lý do."
        case .actRecordHandOver:
            """
            Ghi nhận việc bàn giao. Khóa trong thiết bị phải được kiểm tra trong hồ sơ này trước \
            đó. Sau khi ghi nhận: in biên bản bàn giao và thông báo Mẫu số 07.
            """
        case .actRecordReturn:
            """
            Ghi nhận việc giao, nhận lại thiết bị đã hết hạn hoặc bị thu hồi. Sau khi ghi nhận: \
            in biên bản Mẫu số 08.
            """
        case .actRecordLost:
            """
            Ghi nhận thiết bị bị thất lạc. Sau khi ghi nhận: in biên bản Mẫu số 09.
            """
        case .actRecordMisuse:
            """
            Ghi nhận báo cáo thiết bị bị sử dụng sai mục đích, bị mất, bị đánh cắp. Sau khi ghi \
            nhận: in biên bản.
            """
        case .actNoticeHandOver: "Thông báo Mẫu số 07 gửi về Cục ngay sau khi bàn giao thiết bị."
        case .actNoticeReturn:
            """
            Thiết bị bị thu hồi gửi về Cục trong 05 ngày làm việc kể từ ngày cơ quan nhận thông \
            báo thu hồi, kèm biên bản Mẫu số 08.
            """
        case .actNoticeLost: "Biên bản Mẫu số 09 gửi ngay về Cục."
        case .actNoticeMisuse:
            """
            Báo ngay người có thẩm quyền và bộ phận chuyên trách công nghệ thông tin: ghi nhận \
            từng nơi đã báo.
            """
        case .actNoticeRestore:
            """
            Kết quả, hoặc việc từ chối kèm lý do, được thông báo cho cơ quan quản lý trực tiếp.
            """
        case .actDo: "Ghi nhận"
        case .actDoing: "Đang ghi nhận…"
        case .actOwnReason: "Lý do khác, mỗi câu một lần:"
        case .actOtherReason: "Hoặc lý do khác:"
        case .actReference: "Số văn bản, hoặc đã báo bằng cách nào:"
        case .carrierSIM: "SIM PKI"
        case .carrierHSM: "HSM"
        case .carrierCentralised: "Giải pháp ký số tập trung"
        case .carrierOther: "Nơi khác"
        case .closeDone: "Đã giải quyết xong, không còn việc phải làm."
        case .closeWithdrawn: "Cơ quan gửi văn bản đã rút đề nghị."
        case .closeTwice: "Trùng với một hồ sơ khác."
        case .closeMistaken: "Nhập sai, đã lập hồ sơ khác thay thế."
        case .refuseIncomplete: "Văn bản thiếu thông tin bắt buộc theo mẫu."
        case .refuseNotBody: "Văn bản không do cơ quan, tổ chức quản lý trực tiếp gửi."
        case .refuseMail: "Địa chỉ thư điện tử không phải thư điện tử công vụ."
        case .refuseDevice: "Số hiệu thiết bị trên văn bản không đúng với thiết bị."
        case .refuseOther: "Thông tin thuê bao khác với chứng thư trong thiết bị."
        case .refuseNotLocked: "Thiết bị không bị khóa do nhập sai mật khẩu."
        case .refuseExpired: "Chứng thư chữ ký số trong thiết bị đã hết hạn sử dụng."
        case .refuseBlocked: "Mã mở khóa cũng đã bị khóa, thiết bị không mở được nữa."
        case .refusePermission: "Thiếu văn bản cho phép bàn giao của người có thẩm quyền."
        case .refuseUnproven: "Thiết bị không chứng minh được khóa bí mật của chứng thư."
        case .refuseStillValid: "Chứng thư chữ ký số còn hạn và chưa bị thu hồi."
        case .refuseReport: "Báo cáo chưa nêu rõ việc gì đã xảy ra."
        case .toManagingBody: "Cơ quan, tổ chức quản lý trực tiếp"
        case .toProvider: "Cục Chứng thực số và Bảo mật thông tin"
        case .toAuthority: "Người có thẩm quyền"
        case .toTechnologyUnit: "Bộ phận chuyên trách công nghệ thông tin"
        case .noticeRefused:
            """
            Đã ghi nhận việc từ chối (dòng nhật ký {}). In thông báo và gửi cơ quan quản lý trực \
            tiếp.
            """
        case .noticeRouted: "Đã ghi nhận việc chuyển Cục (dòng nhật ký {}). In công văn chuyển."
        case .noticeRecorded: "Đã ghi nhận (dòng nhật ký {}). In biên bản, ký, rồi gửi thông báo."
        case .noticeSent: "Đã ghi nhận việc gửi thông báo (dòng nhật ký {})."
        case .noticeClosed: "Đã đóng hồ sơ (dòng nhật ký {})."
        case .noticeChooseFirst: "Chọn hoặc ghi ít nhất một câu trả lời."
        case .noticeProveFirst:
            """
            Khóa của thiết bị chưa được kiểm tra trong hồ sơ này, hoặc hồ sơ đã thay đổi.
            """
        case .noticeActUnclear:
            """
            Mất kết nối lúc đang ghi: xem trạng thái hồ sơ dưới đây trước khi làm lại.
            """
        case .keyRecord: "Ghi nhận"
        case .keyMark: "Đánh dấu"
        case .keyAdd: "Thêm"
        default: nil
        }
    }
}
