extension Phrase {
    /// Vietnamese: what went wrong, what it means and what to do. Nil for others.
    var vietnameseProblems: String? {
        switch self {
        case .problemTitle: "Chưa tiếp tục được"
        case .problemRestore: "Khôi phục: chưa tiếp tục được"
        case .problemProof: "Kiểm tra khóa: chưa tiếp tục được"
        case .problemHandOver: "Kiểm tra khóa để bàn giao: chưa tiếp tục được"
        case .labelHappened: "Việc gì xảy ra"
        case .labelMeans: "Ảnh hưởng đến thiết bị"
        case .labelDo: "Cần làm gì"
        case .labelDetail: "Cho kỹ thuật viên"
        case .meansNothingSent: "Chưa gửi mã nào vào thiết bị; số lần thử không đổi."
        case .meansNothingSpent: "Không mất lần thử nào."
        case .meansSpent: "Đã mất {} lần thử."
        case .meansJournal:
            """
            Trạm không làm gì khi chưa ghi được nhật ký; thiết bị không bị động đến.
            """
        case .faultTokenGone: "Thiết bị đã được rút ra."
        case .faultTokenChanged: "Thiết bị trong đầu đọc không phải thiết bị đã xem lúc trước."
        case .faultTokenMute: "Thiết bị không trả lời."
        case .faultReaderStuck: "Đầu đọc bị treo."
        case .faultReaderBusy: "Chương trình khác đang giữ đầu đọc."
        case .faultReaderUnavailable: "Đầu đọc không dùng được."
        case .faultMismatch: "Thiết bị không khớp với hồ sơ."
        case .faultCaseClosed: "Hồ sơ này đã đóng."
        case .faultCaseUnknown: "Dịch vụ không thấy hồ sơ này."
        case .faultNotLocked: "Thiết bị không bị khóa."
        case .faultCannotHelp: "Thiết bị này không khôi phục được tại trạm."
        case .faultModelProvisional: "Loại thiết bị này chưa được kiểm nghiệm; trạm chưa khôi phục."
        case .faultNewCodeRefused: "Mật khẩu mới không được chấp nhận."
        case .faultWrongUnblockingCode: "Mã mở khóa sai."
        case .faultUnblockingCodeBlocked: "Mã mở khóa đã bị khóa."
        case .faultLastTry: "Chỉ còn một lần thử: trạm không tự dùng lần cuối."
        case .faultJournal: "Không ghi được nhật ký của trạm."
        case .faultPermissionDenied: "Tài khoản đang dùng không có quyền làm việc này."
        case .faultCancelled: "Lần khôi phục đã được hủy."
        case .faultOther: "Dịch vụ báo lỗi."
        case .doInsertAgain: "Cắm lại thiết bị rồi nhấn Enter."
        case .doRightToken: "Cắm đúng thiết bị của hồ sơ rồi nhấn Enter."
        case .doReinsertOrOtherReader: "Rút thiết bị ra, cắm lại hoặc đổi đầu đọc, rồi nhấn Enter."
        case .doReplugReader: "Rút đầu đọc khỏi cổng USB, cắm lại, rồi nhấn Enter."
        case .doCloseOthers: "Đóng các chương trình ký số hoặc quản lý token khác, rồi nhấn Enter."
        case .doCompareRequest: "Đối chiếu số hiệu trên vỏ thiết bị với văn bản đề nghị."
        case .doOtherCase: "Nhấn Esc để về danh sách và chọn hồ sơ khác."
        case .doForgottenKey:
            """
            Nếu chủ thiết bị đã quên mật khẩu: đọc lại thiết bị rồi nhấn F8 để ghi nhận.
            """
        case .doRefuseInWriting:
            """
            Thông báo bằng văn bản, nêu rõ lý do, cho cơ quan quản lý trực tiếp.
            """
        case .doBeginAgain: "Nhấn Enter để bắt đầu lại với thiết bị này."
        case .doOtherPIN: "Nhấn Enter rồi chọn mật khẩu khác."
        case .doCheckCode: "Đối chiếu mã mở khóa với nguồn cấp trước khi thử lần nữa."
        case .doAskTechnician: "Báo kỹ thuật viên của trạm (lệnh: tokenctl doctor)."
        case .doWaitAndRetry: "Chờ lần khôi phục kia xong rồi nhấn Enter."
        case .meansSpentBetween: "Đã mất từ {} đến {} lần thử."
        case .faultTokenDisturbed: "Chương trình khác đã chen vào khi đang làm việc với thiết bị."
        case .faultTokenUnsupported: "Trạm không hỗ trợ loại thiết bị này."
        case .faultTokenFault: "Thiết bị trả lời sai chuẩn."
        case .faultCaseBusy: "Hồ sơ này đang có một lần khôi phục chưa xong hoặc chưa rõ kết quả."
        case .faultRestoreUnknown: "Dịch vụ không còn giữ lần khôi phục này."
        case .faultOtherWay:
            "Thiết bị này phải mở khóa bằng cách khác, không làm được trên màn hình này."
        case .faultPermitEnded: "Giấy phép mở khóa đã dùng hoặc đã hết hạn (mười phút)."
        case .faultUnblockingCodeUnfit: "Mã mở khóa không đúng dạng của thiết bị này."
        case .faultStillWorking: "Thiết bị vẫn đang ghi, quá thời hạn. Không rút thiết bị."
        case .faultFieldInvalid: "Có ô quá dài hoặc chứa ký tự không dùng được."
        case .faultNoLockedMemory: "Không có bộ nhớ khóa để giữ mã an toàn."
        case .faultRefusedByToken:
            """
            Thiết bị từ chối lệnh mở khóa: dạng của mã hoặc của mật khẩu mới không hợp.
            """
        case .doCaseBusy:
            """
            Để thiết bị trong đầu đọc cho trạm đọc lại rồi nhấn Enter; nếu vẫn vậy, báo \
            kỹ thuật viên.
            """
        case .doAskBody:
            """
            Hỏi lại cơ quan gửi văn bản: nhầm thiết bị, hoặc văn bản phải sửa và gửi lại.
            """
        case .doFindToken:
            """
            Tìm đúng thiết bị của hồ sơ rồi cắm vào. Nếu hồ sơ nhập sai, về danh sách và \
            nhập lại.
            """
        case .doLastTry:
            """
            Người có quyền last_try, khi đã chắc chắn về mã, có thể làm tiếp bằng lệnh: \
            tokenctl restore … --last-try
            """
        case .faultTriesUnknown:
            """
            Sau lần lỗi trước, không rõ mã mở khóa còn mấy lần thử: trạm không tự dùng lần \
            có thể là cuối cùng.
            """
        case .meansSpentOne: "Đã mất một lần thử."
        case .faultNewCodeCommon:
            """
            Mật khẩu mới quá quen thuộc hoặc có in trong tài liệu của nhà sản xuất.
            """
        case .faultNewCodeSame: "Mật khẩu mới trùng với mã mở khóa."
        case .faultSignInRequired: "Việc này cần cán bộ đăng nhập trước."
        case .doSignIn: "Đăng nhập rồi làm lại."
        case .faultWrongPassword: "Mật khẩu không đúng. Không thiết bị nào mất lần thử."
        case .faultPasswordMustWait: "Đã sai nhiều lần: chờ {} giây rồi thử lại."
        case .faultOfficerUnknown: "Cán bộ này không đăng nhập được bằng mật khẩu."
        case .faultOfficerToken:
            """
            Thiết bị này không thuộc cán bộ nào trong danh sách. Chưa gửi mật khẩu nào.
            """
        case .faultOfficerCertificate:
            """
            Chứng thư số của thiết bị không còn hiệu lực hoặc đã bị thu hồi.
            """
        case .faultOfficerKey: "Thiết bị không chứng minh được khóa của mình."
        case .faultNotChecked: "Chưa kiểm tra được: trạm thiếu tài nguyên."
        case .faultSameOfficer: "Người phê duyệt phải khác người đã bắt đầu."
        case .faultNoCounterRole: "Cán bộ này không có vai trò trực quầy."
        case .faultWrongPIN: "Mật khẩu của thiết bị không đúng; còn {} lần thử."
        case .faultPINBlocked: "Thiết bị này đã bị khóa."
        case .faultPINLastTry: "Thiết bị chỉ còn một lần thử: trạm không gửi."
        case .faultPINUnfit: "Mật khẩu này không đúng quy cách của thiết bị."
        case .faultRequestKnown: "Văn bản này đã được nhận từ trước."
        case .faultNoticeKnown: "Thông báo này đã được ghi nhận từ trước, cùng số và ký hiệu."
        case .faultDeviceOpen: "Thiết bị này đang có một hồ sơ chưa giải quyết xong."
        case .faultDeviceOpenIn: "Thiết bị này đang có hồ sơ {} chưa giải quyết xong."
        case .faultActRefused:
            """
            Hồ sơ đang ở trạng thái không làm được việc này: có thể nơi khác vừa xử lý.
            """
        case .faultRequestUnknown: "Không còn thông tin của văn bản này (đã xóa sau thời hạn lưu)."
        default: nil
        }
    }
}
