extension Phrase {
    var vietnamese: String {
        switch self {
        case .title: "TRẠM KHÔI PHỤC THIẾT BỊ LƯU KHÓA BÍ MẬT"
        case .trainingBanner: "TẬP DƯỢT  ·  thiết bị ảo, không phải nghiệp vụ thật  ·  TẬP DƯỢT"
        case .agentThere: "Dịch vụ: sẵn sàng"
        case .agentGone: "Dịch vụ: mất kết nối"
        case .tooSmall: "Màn hình quá nhỏ"
        case .tooSmallNeed: "Cần ít nhất {} × {}, hiện là {} × {}."
        case .tooSmallDo: "Hãy phóng to cửa sổ hoặc giảm cỡ chữ."
        case .stepCase: "Hồ sơ"
        case .stepToken: "Thiết bị"
        case .stepUnblock: "Mở khóa"
        case .stepPIN: "Mật khẩu mới"
        case .stepResult: "Kết quả"
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
        case .keyFinish: "Kết thúc"
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
        case .casesNew: "Khôi phục: nhập nhanh 4 ô"
        case .casesLoading: "Đang lấy danh sách hồ sơ…"
        case .casesMore: "… còn {} hồ sơ nữa"
        case .formTitle: "Hồ sơ mới theo Mẫu số 06"
        case .formHint: "Nhập đúng như trên văn bản đề nghị."
        case .fieldRequestNumber: "Số văn bản đề nghị"
        case .fieldManagingBody: "Cơ quan, tổ chức quản lý trực tiếp"
        case .fieldHolder: "Thuê bao (chủ thiết bị)"
        case .fieldDeviceNumber: "Số hiệu thiết bị"
        case .formSaving: "Đang lưu hồ sơ…"
        case .formMissing: "còn trống"
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
        case .unknown: "không rõ"
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
        case .problemTitle: "Chưa tiếp tục được"
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
        case .noticeAgentBack: "Đã kết nối lại với dịch vụ. Mã đã nhập (nếu có) đã được xóa."
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
        case .noticePasteRefused: "Không dán vào ô mã: hãy gõ bằng bàn phím."
        case .noticeCodeFull: "Mã dài quá mức cho phép."
        case .noticeNotPrintable: "Mật khẩu mới chỉ gồm chữ không dấu, chữ số và ký hiệu."
        case .noticeFieldEmpty: "Còn ô chưa nhập."
        case .noticeForgottenFirst:
            """
            Thiết bị không bị khóa: nhấn F8 để ghi nhận chủ thiết bị quên mật khẩu, rồi \
            Enter.
            """
        case .noticeUnblockingLength: "Mã mở khóa chưa đúng độ dài."
        case .noticeRulesFirst: "Mật khẩu chưa đạt các quy tắc bên trên."
        case .noticeDifferent:
            "Hai lần nhập không giống nhau: mời nhập lại; nếu gõ nhầm ở ô đầu, nhấn Tab."
        case .noticeNewCodeRefused:
            """
            Mật khẩu mới không được chấp nhận. Chưa mất lần thử nào. Nhập lại mã mở khóa \
            và chọn mật khẩu khác.
            """
        case .noticeCancelAsked: "Đã xin hủy. Bước đang ghi vào thẻ vẫn phải chạy xong."
        case .noticeNoQuitNow: "Đang khôi phục: chờ có kết quả rồi hãy thoát."
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
        case .noticeCompareFirst:
            """
            Đối chiếu các dòng có dấu ≈ với văn bản, rồi nhấn F7 để ghi nhận.
            """
        case .noticeUnblockingUnfit:
            """
            Mã mở khóa không đúng dạng của thiết bị này. Chưa mất lần thử nào.
            """
        case .keyNotCompared: "Bỏ xác nhận"
        case .keyCompared: "Đã đối chiếu, trùng khớp"
        case .comparedYes: "ĐÃ ĐỐI CHIẾU các dòng có dấu ≈ với văn bản: trùng khớp"
        case .comparedNo:
            """
            Máy không tự kết luận được các dòng có dấu ≈. Đối chiếu với văn bản (số hiệu: số \
            in trên vỏ); nếu đúng là cùng người, cùng cơ quan, cùng thiết bị thì nhấn F7.
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
        case .keyMove: "Di chuyển"
        case .keyAskCancel: "Xin hủy"
        case .keyTryOn: "Thử tiếp"
        case .faultRefusedByToken:
            """
            Thiết bị từ chối lệnh mở khóa: dạng của mã hoặc của mật khẩu mới không hợp.
            """
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
        case .doCaseBusy:
            """
            Để thiết bị trong đầu đọc cho trạm đọc lại rồi nhấn Enter; nếu vẫn vậy, báo \
            kỹ thuật viên.
            """
        case .identityOther: "Đây không phải thiết bị của hồ sơ: số hiệu thiết bị khác nhau."
        case .identityUntouched: "Thiết bị này chưa bị thay đổi gì và không mất lần thử nào."
        case .doAskBody:
            """
            Hỏi lại cơ quan gửi văn bản: nhầm thiết bị, hoặc văn bản phải sửa và gửi lại.
            """
        case .doFindToken:
            """
            Tìm đúng thiết bị của hồ sơ rồi cắm vào. Nếu hồ sơ nhập sai, về danh sách và \
            nhập lại.
            """
        case .keyOtherToken: "Thiết bị khác"
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
        case .helpNotLockedOne:
            """
            Mật khẩu còn 1 lần thử. Thiết bị không bị khóa thì không khôi phục, trừ khi chủ \
            thiết bị đã quên mật khẩu.
            """
        case .permitLeftOne: "Phiên mở khóa còn 1 phút"
        case .meansSpentOne: "Đã mất một lần thử."
        case .caseStateOpen: "chưa tiến hành"
        case .caseStateInProgress: "đang khôi phục"
        case .caseStateRestored: "đã khôi phục"
        case .caseStateUnproven: "đã mở khóa, chưa chứng minh được khóa"
        case .caseStateRefused: "đã từ chối"
        case .caseStateFailed: "lần khôi phục trước không thành công"
        case .caseStateUnknown: "chưa rõ kết quả: cắm lại thiết bị để kết luận"
        case .caseStateClosed: "đã đóng"
        case .pinHint:
            """
            Xin tránh mã quen thuộc như 123456 và mã in trong tài liệu của nhà sản xuất; \
            cũng không được trùng mã mở khóa.
            """
        case .faultNewCodeCommon:
            """
            Mật khẩu mới quá quen thuộc hoặc có in trong tài liệu của nhà sản xuất.
            """
        case .faultNewCodeSame: "Mật khẩu mới trùng với mã mở khóa."
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
        case .barOfficer: "Cán bộ: {}"
        case .homeTitle: "Việc cần làm"
        case .homeNothingDue: "Không còn việc nào đến hạn."
        case .homeOpen: "{} việc đang chờ."
        case .homeLate: "{} việc đang chờ, trong đó {} việc đã quá hạn."
        case .homeJournalProblem: "Nhật ký của trạm có vấn đề: {}. Hãy báo kỹ thuật viên."
        case .homeCalendarProblem: "Lịch ngày làm việc có vấn đề: {}. Hãy báo kỹ thuật viên."
        case .errandCases: "Tìm hồ sơ"
        case .errandSignIn: "Đăng nhập cán bộ"
        case .errandSignOff: "Đổi cán bộ, đăng xuất"
        case .errandTechnician: "Tình trạng trạm (kỹ thuật)"
        case .caseStateIncomplete: "Chờ bổ sung"
        case .caseStateRouted: "Đã chuyển Cục"
        case .caseStateRecorded: "Đã lập biên bản, chờ gửi thông báo"
        case .caseStateSent: "Đã gửi thông báo"
        case .kindRestore: "Khôi phục"
        case .kindHandOver: "Bàn giao"
        case .kindReturn: "Thu hồi"
        case .kindLost: "Báo thất lạc"
        case .kindMisuse: "Báo lạm dụng, mất trộm"
        case .dueBy: "hạn {}"
        case .dueLate: "QUÁ HẠN (hạn {})"
        case .dueAtOnce: "phải làm ngay"
        case .dueUnconfirmed: "thời hạn chưa có căn cứ: cán bộ quyết định"
        case .dueUnknown: "chưa tính được thời hạn"
        case .officerTitle: "Đăng nhập"
        case .officerWho: "Chọn tên của mình:"
        case .officerPassword: "Mật khẩu của {}"
        case .officerInsertToken: "Hãy cắm thiết bị lưu khóa bí mật của chính cán bộ vào đầu đọc."
        case .officerPIN: "Mật khẩu của thiết bị trong {}"
        case .officerPINCosts: "Mỗi lần nhập sai làm mất một lần thử của thiết bị này."
        case .officerChecking: "Đang kiểm tra…"
        case .approvalTitle: "Cán bộ thứ hai phê duyệt"
        case .noticeNoOfficers:
            """
            Trạm chưa có danh sách cán bộ: hãy báo kỹ thuật viên (officers.json5).
            """
        case .noticeSignedOff: "Đã đăng xuất vì lâu không có thao tác."
        case .caseListOpen: "Hồ sơ đang mở"
        case .caseListAll: "Tất cả hồ sơ gần đây"
        case .caseListSearch: "Gõ để tìm theo số, cơ quan, họ tên, số thiết bị (không cần dấu):"
        case .caseListNone: "Không có hồ sơ nào như vậy."
        case .caseTitle: "Hồ sơ {} · {}"
        case .caseRestore: "Khôi phục thiết bị này"
        case .rowWorkplace: "Đơn vị công tác"
        case .rowContact: "Người đến làm việc"
        case .keySearch: "Gõ để tìm"
        case .keyByToken: "Bằng thiết bị"
        case .keyWithDone: "Cả hồ sơ đã xong"
        case .keyOnlyOpen: "Chỉ hồ sơ đang mở"
        case .technicianTitle: "Tình trạng của trạm"
        case .technicianLoading: "Đang hỏi dịch vụ…"
        case .technicianVersion: "Phiên bản"
        case .technicianServices: "Đường tới đầu đọc"
        case .technicianRecord: "Nhật ký"
        case .technicianClock: "Đồng hồ"
        case .technicianCalendar: "Lịch ngày làm việc"
        case .technicianNotAllowed: "Phần kiểm tra chi tiết cần cán bộ có vai trò kỹ thuật viên."
        case .technicianLooking: "Đang kiểm tra…"
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
        case .errandRequest: "Hồ sơ Mẫu số 06 và loại khác"
        case .requestTitle: "Hồ sơ mới"
        case .requestCompleting: "Bổ sung hồ sơ"
        case .requestPage: "trang {}/{}"
        case .requestPaper: "Văn bản đề nghị"
        case .requestContact: "1. Người phối hợp thực hiện"
        case .requestDevice: "2. Thiết bị thứ {} trên {}"
        case .requestReport: "Nội dung sự việc"
        case .requestBody: "Cơ quan quản lý trực tiếp"
        case .requestKind: "Loại hồ sơ"
        case .requestReceived: "Thời điểm nhận"
        case .requestPermission: "Văn bản cho phép"
        case .requestReturnReason: "Lý do thu hồi"
        case .requestNoticed: "Ngày nhận thông báo"
        case .requestHappened: "Sự việc"
        case .returnRevoked: "chứng thư bị thu hồi"
        case .returnExpired: "chứng thư hết hạn"
        case .contactName: "1.1 Họ và tên"
        case .contactPersonalNumber: "1.2 Số định danh cá nhân"
        case .contactIssuedOn: "1.3 Ngày cấp"
        case .contactIssuedAt: "1.4 Nơi cấp"
        case .contactPosition: "1.5 Chức vụ"
        case .contactWorkplace: "1.6 Cơ quan công tác"
        case .contactMobile: "1.7 Điện thoại di động"
        case .deviceNumberLabel: "2.1 Số hiệu thiết bị"
        case .deviceCertificateName: "2.2 Tên chứng thư"
        case .deviceWorkplace: "2.3 Cơ quan công tác"
        case .deviceMail: "2.4 Thư điện tử công vụ"
        case .deviceCertificateSerial: "Số hiệu chứng thư"
        case .requestDevices: "Số thiết bị"
        case .requestRow: "thiết bị {}"
        case .requestValid: "Hồ sơ hợp lệ."
        case .requestOpen: "Còn {} điểm phải bổ sung thì hồ sơ mới hợp lệ:"
        case .requestMore: "… và {} điểm nữa"
        case .hintLocalTime: "ngày/tháng/năm giờ:phút; trống: bây giờ"
        case .hintDate: "ngày/tháng/năm"
        case .takenTitle: "Đã nhận hồ sơ {}."
        case .takenKnown: "Văn bản này đã được nhận từ trước: hồ sơ {}."
        case .takenIncomplete: "Hồ sơ còn phải bổ sung: thời hạn chưa tính, chưa khôi phục được."
        case .keyTake: "Nhận hồ sơ"
        case .keyFirstGap: "Đến điểm còn thiếu"
        case .keyTakeIncomplete: "Nhận, chờ bổ sung"
        case .keyAddDevice: "Thêm thiết bị"
        case .keyRemoveDevice: "Bỏ thiết bị này"
        case .keyNextPage: "Trang sau"
        case .noticeLeaveDraft: "Nhấn Esc lần nữa để bỏ hồ sơ đang nhập."
        case .noticeMostDevices: "Một hồ sơ có nhiều nhất 100 thiết bị."
        case .noticeMustComplete: "Mục này phải bổ sung thì hồ sơ mới hợp lệ."
        case .faultRequestKnown: "Văn bản này đã được nhận từ trước."
        case .faultDeviceOpen: "Thiết bị này đang có một hồ sơ chưa giải quyết xong."
        case .findingMissing: "còn trống"
        case .findingPermission: "phải có văn bản cho phép của cơ quan"
        case .findingPersonalNumber: "phải đủ 12 chữ số"
        case .findingDateForm: "chưa đúng dạng ngày/tháng/năm"
        case .findingDateImpossible: "không có ngày này"
        case .findingDateFuture: "ngày này chưa đến"
        case .findingMobile: "phải đủ 10 chữ số của số di động"
        case .findingContactElsewhere: "không thuộc cơ quan đề nghị: hỏi lại"
        case .findingDeviceForm: "không thể là số hiệu thiết bị"
        case .findingDeviceUnusual: "dạng lạ: hãy so với thiết bị"
        case .findingDeviceTwice: "trùng với dòng khác"
        case .findingDeviceOpen: "thiết bị đang có hồ sơ mở"
        case .findingMailForm: "không phải địa chỉ thư"
        case .findingMailPrivate: "là thư cá nhân, không phải công vụ"
        case .findingMailNotOffice: "không thuộc tên miền cơ quan đã biết"
        case .findingBodyRenamed: "tên cũ của cơ quan đã đổi tên"
        case .findingBodySeveral: "tên cũ ứng với nhiều cơ quan: hỏi lại"
        case .findingReceivedFuture: "thời điểm nhận chưa đến"
        case .findingHiddenCharacter: "có ký tự ẩn"
        case .findingLooseMark: "có dấu không ghép được với chữ"
        case .findingTooLong: "quá dài"
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
        case .faultActRefused:
            """
            Hồ sơ đang ở trạng thái không làm được việc này: có thể nơi khác vừa xử lý.
            """
        case .faultRequestUnknown: "Không còn thông tin của văn bản này (đã xóa sau thời hạn lưu)."
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
        case .evidenceIsShown: "đã rõ"
        case .evidenceIsNotShown: "chưa rõ"
        case .evidenceIsContradicted: "TRÁI NGƯỢC"
        case .noticeNoCode: "Không vẽ được mã QR: giấy không có mã. Hỏi kỹ thuật viên."
        case .keyAtPad: "Nhập ở đầu đọc"
        case .proofAtPad:
            """
            Trên bàn phím của đầu đọc: nhập mật khẩu của thiết bị trong {} giây. Màn hình \
            này không thấy mật khẩu đó.
            """
        case .noticePadNoPIN: "Không có mật khẩu nào được nhập ở đầu đọc; chưa mất lần thử nào."
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
        case .keyPapers: "Giấy tờ"
        case .historyTitle: "Quá trình xử lý hồ sơ {}"
        case .historyMeans: "Theo nhật ký của trạm, việc mới nhất ở trên."
        case .historyMore: "… còn {} việc trước đó"
        case .historyReceived: "Tiếp nhận đề nghị"
        case .historyCompleted: "Đề nghị được bổ sung"
        case .historyRefused: "Từ chối bằng văn bản"
        case .historyRouted: "Chuyển về Cục"
        case .historyRecorded: "Lập biên bản"
        case .historyNotice: "Gửi thông báo"
        case .historyClosed: "Đóng hồ sơ"
        case .historyNotBegun: "Chưa khôi phục: trạm không nhận thiết bị"
        case .historyBegun: "Bắt đầu khôi phục"
        case .historyApproved: "Cán bộ thứ hai phê duyệt"
        case .historyIntent: "Gửi mã tới thiết bị"
        case .historyRestored: "Đã khôi phục, khóa đã được chứng minh"
        case .historyUnproven: "Đã mở khóa, chưa chứng minh được khóa"
        case .historyGivenUp: "Dừng khôi phục, chưa làm gì với thiết bị"
        case .historyFailed: "Khôi phục không thành công"
        case .historyUnknown: "Chưa rõ kết quả khôi phục"
        case .historyProving: "Gửi mật khẩu để kiểm tra khóa"
        case .historyProven: "Khóa đã được chứng minh"
        case .historyNotProven: "Chưa chứng minh được khóa"
        case .historyNobody: "không có cán bộ đăng nhập"
        case .historyCodeTries: "mất {} lượt mã mở khóa"
        case .historyPINTries: "mất {} lượt mật khẩu"
        case .historyClock: "đồng hồ chưa chỉnh"
        case .historyLine: "dòng {}"
        case .keyHistory: "Quá trình"
        }
    }
}
