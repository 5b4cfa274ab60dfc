extension Phrase {
    /// Vietnamese: a restore, from the token to the result. Nil for others.
    var vietnameseRestore: String? {
        switch self {
        case .stepCase: "Hồ sơ"
        case .stepToken: "Thiết bị"
        case .stepUnblock: "Mở khóa"
        case .stepPIN: "Mật khẩu mới"
        case .stepResult: "Kết quả"
        case .waitingTitle: "Mời cắm thiết bị vào đầu đọc"
        case .waitingFor: "Hồ sơ {} · {}"
        case .waitingReaders: "Đầu đọc"
        case .waitingNoReader: "Chưa thấy đầu đọc nào. Hãy cắm đầu đọc hoặc thiết bị vào cổng USB."
        case .waitingSeveral: "Có nhiều thiết bị: dùng mũi tên để chọn."
        case .waitingHeld:
            """
            Thiết bị vẫn còn trong đầu đọc: nhấn Enter để đọc lại, hoặc cắm thiết bị \
            khác.
            """
        case .waitingReads: "Thiết bị được đọc ngay khi cắm; việc đọc không làm mất lần thử nào."
        case .readerEmpty: "trống"
        case .readerPresent: "có thiết bị"
        case .readerMute: "thiết bị không trả lời"
        case .readerStuck: "bị treo, cần rút đầu đọc ra cắm lại"
        case .readerBusy: "chương trình khác đang dùng"
        case .readerBusyBy: "đang bị dùng bởi: {}"
        case .readerUnavailable: "không dùng được"
        case .readerNone: "Đầu đọc: chưa thấy"
        case .readingTitle: "Đang đọc thiết bị…"
        case .readingHint: "Không làm mất lần thử nào."
        case .identityTitle: "Thiết bị này của ai?"
        case .identityRequest: "Theo hồ sơ"
        case .identityToken: "Đọc từ thiết bị"
        case .rowDevice: "Số hiệu thiết bị"
        case .rowHolder: "Thuê bao"
        case .rowBody: "Cơ quan, tổ chức"
        case .rowEmail: "Thư công vụ"
        case .rowCertificate: "Số hiệu chứng thư"
        case .rowValidity: "Hiệu lực"
        case .rowFamily: "Loại thiết bị"
        case .same: "khớp"
        case .different: "KHÁC"
        case .look: "soát"
        case .identityDiffers: "Chứng thư trong thiết bị khác với hồ sơ: dừng ở đây."
        case .identitySame: "Thiết bị khớp với hồ sơ."
        case .helpTitle: "Có khôi phục được không?"
        case .helpPossible: "Khôi phục được"
        case .helpLocked: "Thiết bị đang bị khóa do nhập sai mật khẩu quá số lần quy định."
        case .helpNotLocked: "Thiết bị KHÔNG bị khóa"
        case .helpNotLockedWhy:
            """
            Mật khẩu còn {} lần thử. Thiết bị không bị khóa thì không khôi phục, trừ khi \
            chủ thiết bị đã quên mật khẩu.
            """
        case .helpUnclear: "Thiết bị không cho biết số lần thử còn lại"
        case .helpUnclearWhy:
            """
            Không rõ thiết bị có bị khóa hay không; dịch vụ sẽ quyết định khi tiến hành.
            """
        case .helpImpossible: "Không khôi phục được tại trạm"
        case .helpImpossibleDo:
            """
            Chưa mất lần thử nào. Thông báo bằng văn bản, nêu rõ lý do, cho cơ quan quản \
            lý trực tiếp.
            """
        case .forgottenYes: "ĐÃ GHI NHẬN: chủ thiết bị khai đã quên mật khẩu"
        case .forgottenNo: "Nhấn F8 nếu chủ thiết bị khai đã quên mật khẩu (ghi vào nhật ký)."
        case .helpUnblockTries: "Mã mở khóa còn {} lần thử. Nhập sai là mất một lần."
        case .helpUnblockUnknown:
            """
            Không rõ mã mở khóa còn mấy lần thử. Nhập sai có thể làm hỏng hẳn thiết bị.
            """
        case .reasonNotLocked: "Thiết bị không bị khóa."
        case .reasonBlocked: "Mã mở khóa cũng đã bị khóa: thiết bị không mở được nữa."
        case .reasonLastTry:
            """
            Mã mở khóa chỉ còn một lần thử: chỉ người có quyền riêng mới được dùng.
            """
        case .reasonExpired: "Chứng thư đã hết hạn sử dụng."
        case .reasonModelProvisional: "Loại thiết bị này chưa được kiểm nghiệm tại trạm."
        case .reasonModelRefused: "Trạm không khôi phục loại thiết bị này."
        case .reasonNotInProfile: "Cách mở khóa này không dùng cho loại thiết bị này."
        case .helpAsking: "Đang xin phép dịch vụ…"
        case .unblockTitle: "Nhập mã mở khóa (PUK)"
        case .unblockWho: "Dành cho cán bộ. Mã không hiện trên màn hình và không được lưu lại."
        case .unblockLabel: "Mã mở khóa"
        case .unblockLength: "Dài {} – {} ký tự; đã nhập {}."
        case .unblockLengthExact: "Dài đúng {} ký tự; đã nhập {}."
        case .unblockNext: "Tiếp theo: xoay màn hình để chủ thiết bị tự chọn mật khẩu mới."
        case .permitLeft: "Phiên mở khóa còn {} phút"
        case .pinTitle: "Mời chủ thiết bị chọn mật khẩu mới"
        case .pinPrivate: "Chỉ mình quý vị được biết mật khẩu này. Màn hình chỉ hiện dấu chấm."
        case .pinLabel: "Mật khẩu mới"
        case .pinRepeat: "Nhập lại mật khẩu mới"
        case .pinRuleLength: "từ {} đến {} ký tự"
        case .pinRuleLengthExact: "đúng {} ký tự"
        case .pinRuleDigits: "chỉ gồm chữ số 0–9"
        case .pinRuleAny: "chữ không dấu, chữ số và ký hiệu"
        case .pinRuleSame: "hai lần nhập giống nhau"
        case .progressTitle: "Đang khôi phục thiết bị"
        case .progressHold: "ĐANG GHI VÀO THẺ – KHÔNG RÚT THIẾT BỊ"
        case .progressPulled: "Thiết bị đã bị rút ra. Chờ trạm kết luận…"
        case .progressFollowed: "Đã kết nối lại, đang hỏi kết quả của lần khôi phục…"
        case .progressElapsed: "{} giây"
        case .progressOf: "{} / tối đa {} giây"
        case .progressStarting: "Đang bắt đầu…"
        case .stepIdentify: "Đọc và đối chiếu thiết bị"
        case .stepUnblocking: "Mở khóa, đặt mật khẩu mới"
        case .stepVerify: "Kiểm tra mật khẩu mới"
        case .stepSign: "Ký thử bằng khóa trong thiết bị"
        case .stepCompare: "Khởi động lại thẻ, đọc lại số lần thử"
        case .stepJournal: "Ghi nhật ký"
        case .resultRestored: "ĐÃ KHÔI PHỤC"
        case .resultRestoredWhy:
            """
            Mật khẩu mới đã có hiệu lực; khóa bí mật trong thiết bị đã ký thử thành công.
            """
        case .resultRestoredDo:
            """
            Trao lại thiết bị cho chủ thiết bị. In thông báo cho cơ quan quản lý trực \
            tiếp.
            """
        case .resultUnproven: "ĐÃ MỞ KHÓA, CHƯA CHỨNG MINH ĐƯỢC KHÓA"
        case .resultUnprovenWhy:
            """
            Mật khẩu mới đã được đặt, nhưng chưa ký thử được bằng khóa trong thiết bị.
            """
        case .resultUnprovenDo:
            """
            Chưa trao trả. Mở hồ sơ này, chọn Kiểm tra khóa: chỉ cần mật khẩu mới, không cần \
            mã mở khóa.
            """
        case .resultFailed: "KHÔNG THÀNH CÔNG"
        case .resultFailedWhy:
            """
            Mật khẩu cũ và khóa bí mật không thay đổi; số lần thử đã mất ghi ở dưới.
            """
        case .resultFailedDo: "Đối chiếu lại mã mở khóa với nguồn cấp trước khi thử lần nữa."
        case .resultFailedEnd:
            """
            Không còn lần thử nào: thông báo bằng văn bản cho cơ quan quản lý trực tiếp.
            """
        case .resultRefused: "TỪ CHỐI"
        case .resultRefusedWhy: "Dịch vụ không tiến hành. Không có mã nào được gửi vào thiết bị."
        case .resultUnknown: "CHƯA RÕ KẾT QUẢ"
        case .resultUnknownWhy:
            """
            Thiết bị hoặc dịch vụ bị ngắt đúng lúc đang ghi. Có thể mã đã dùng hoặc chưa.
            """
        case .resultUnknownDo:
            """
            Cắm lại chính thiết bị này: trạm đọc số lần thử và kết luận. Không nhập lại \
            mã trước đó.
            """
        case .spentLabel: "Số lần thử đã dùng"
        case .spentUnknown: "0 hoặc 1"
        case .journalLabel: "Mã nhật ký"
        case .noticePulled:
            """
            Thiết bị đã được rút ra. Chưa mất lần thử nào; mọi mã đã nhập đã được xóa. \
            Cắm lại để tiếp tục.
            """
        case .noticeIdle: "Đã xóa các mã vì 60 giây không có phím nào. Mời nhập lại."
        case .noticePermitExpired:
            """
            Giấy phép mở khóa đã hết hạn; mọi mã đã nhập đã được xóa. Nhấn Enter để xin \
            lại.
            """
        case .noticeForgottenFirst:
            """
            Thiết bị không bị khóa: nhấn F8 để ghi nhận chủ thiết bị quên mật khẩu, rồi \
            Enter.
            """
        case .noticeUnblockingLength: "Mã mở khóa chưa đúng độ dài."
        case .noticeRulesFirst: "Mật khẩu chưa đạt các quy tắc bên trên."
        case .noticeCommonPIN:
            """
            Mật khẩu này quá quen thuộc hoặc có in trong tài liệu của nhà sản xuất: mời chọn \
            mật khẩu khác.
            """
        case .noticeDifferent:
            "Hai lần nhập không giống nhau: mời nhập lại; nếu gõ nhầm ở ô đầu, nhấn Tab."
        case .noticeNewCodeRefused:
            """
            Mật khẩu mới không được chấp nhận. Chưa mất lần thử nào. Nhập lại mã mở khóa \
            và chọn mật khẩu khác.
            """
        case .noticeCancelAsked: "Đã xin hủy. Bước đang ghi vào thẻ vẫn phải chạy xong."
        case .noticeNoQuitNow: "Đang khôi phục: chờ có kết quả rồi hãy thoát."
        case .noticeCompareFirst:
            """
            Đối chiếu các dòng có dấu ≈ với văn bản, rồi nhấn F7 để ghi nhận.
            """
        case .noticeUnblockingUnfit:
            """
            Mã mở khóa không đúng dạng của thiết bị này. Chưa mất lần thử nào.
            """
        case .comparedYes: "ĐÃ ĐỐI CHIẾU các dòng có dấu ≈ với văn bản: trùng khớp"
        case .comparedNo:
            """
            Đối chiếu các dòng ≈ với văn bản (số hiệu: số in trên vỏ). Đúng cùng người, \
            cơ quan, thiết bị thì nhấn F7.
            """
        case .progressOverdue: "Lâu hơn dự kiến. Thẻ vẫn đang ghi: KHÔNG rút thiết bị."
        case .progressPadUnblock:
            """
            Trên bàn phím của đầu đọc: nhập mã mở khóa, rồi nhập mật khẩu mới hai lần, trong {} \
            giây. Màn hình này không thấy các mã đó.
            """
        case .progressPadPIN:
            """
            Trên bàn phím của đầu đọc: nhập lại mật khẩu mới một lần nữa, trong {} giây, để kiểm \
            tra khóa.
            """
        case .progressTouch: "Khi đèn trên thiết bị nháy, hãy chạm vào thiết bị."
        case .triesLeft: "Còn lại"
        case .triesBoth: "mật khẩu {} · mã mở khóa {}"
        case .resultFailedNothing:
            """
            Chưa mất lần thử nào; mật khẩu cũ và khóa bí mật không thay đổi.
            """
        case .resultUnprovenKeep: "Giữ thiết bị lại, chưa trao trả, và báo kỹ thuật viên của trạm."
        case .unprovenNoKey: "Thiết bị không có chứng thư với khóa dùng để ký."
        case .unprovenSignature: "Chữ ký thử không khớp với chứng thư của thiết bị."
        case .unprovenChanged: "Sau khi khởi động lại, thẻ không còn là thẻ lúc trước."
        case .reasonNotIdentifiable:
            """
            Thiết bị không cho biết số hiệu và không có chứng thư: không phân biệt được \
            với thiết bị khác.
            """
        case .reasonQueryUnsafe:
            """
            Hỏi số lần thử của thiết bị này không an toàn: có thể đã mất 0 hoặc 1 lần; \
            trạm không hỏi lại.
            """
        case .reasonNoProvingKey:
            """
            Thiết bị không có khóa ký: mở khóa xong cũng không chứng minh được khóa.
            """
        case .stepConnect: "Nối với thiết bị"
        case .identityOther: "Đây không phải thiết bị của hồ sơ: số hiệu thiết bị khác nhau."
        case .identityUntouched: "Thiết bị này chưa bị thay đổi gì và không mất lần thử nào."
        case .helpLastTry: "Mã mở khóa chỉ còn MỘT lần thử"
        case .helpLastTryWhy:
            """
            Trạm không tự dùng lần thử cuối cùng nên không hỏi mã. Chưa mất lần thử nào.
            """
        case .helpTriesUnknown: "Không rõ mã mở khóa còn mấy lần thử"
        case .helpTriesUnknownWhy:
            """
            Sau lần lỗi trước, đây có thể là lần thử cuối cùng: trạm không tự dùng nên \
            không hỏi mã. Chưa mất lần thử nào.
            """
        case .helpLastTryDo:
            """
            Người có quyền last_try, khi đã chắc chắn về mã, có thể làm tiếp bằng lệnh: \
            tokenctl restore --case {} --last-try
            """
        case .helpNotLockedOne:
            """
            Mật khẩu còn 1 lần thử. Thiết bị không bị khóa thì không khôi phục, trừ khi chủ \
            thiết bị đã quên mật khẩu.
            """
        case .permitLeftOne: "Phiên mở khóa còn 1 phút"
        case .pinHint:
            """
            Xin tránh mã quen thuộc như 123456 và mã in trong tài liệu của nhà sản xuất; \
            cũng không được trùng mã mở khóa.
            """
        case .noticeNewCodeCommon:
            """
            Mật khẩu mới quá quen thuộc hoặc có in trong tài liệu. Chưa mất lần thử nào. \
            Nhập lại mã mở khóa và chọn mật khẩu khác.
            """
        case .noticeNewCodeSame:
            """
            Mật khẩu mới trùng với mã mở khóa. Chưa mất lần thử nào. Nhập lại mã mở khóa và \
            chọn mật khẩu khác.
            """
        case .turnBackTitle: "Xin xoay màn hình lại cho cán bộ"
        case .turnBackWhy:
            """
            Mọi mã vừa nhập đã được xóa. Bước tiếp theo hỏi mã mở khóa (PUK) của cán bộ, \
            không phải mật khẩu mới; mật khẩu mới sẽ được hỏi lại sau đó.
            """
        case .turnBackDo: "Cán bộ nhấn Enter khi màn hình đã quay về phía mình."
        case .rowWorkplace: "Đơn vị công tác"
        case .rowContact: "Người đến làm việc"
        default: nil
        }
    }
}
