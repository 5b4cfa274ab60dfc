extension Phrase {
    /// Vietnamese: what the agent finds of the station, and what to do about it. Nil for others.
    var vietnameseChecks: String? {
        switch self {
        case .checkGood: "bình thường"
        case .checkJournal: "Nhật ký"
        case .wrongJournal: "không ghi thêm được, nên việc nào phải ghi thì trạm không làm"
        case .wrongJournalOpen: "người khác đọc hoặc sửa được tệp nhật ký"
        case .mendJournalOpen: "Đóng quyền của tệp rồi kiểm tra. Các lệnh: tokenctl doctor"
        case .mendJournal:
            """
            Xem đĩa còn chỗ và còn ghi được không; giữ nguyên tệp nhật ký. Cách làm: tokenctl \
            doctor
            """
        case .checkVault: "Nơi lưu dữ liệu cá nhân"
        case .wrongVault: "không đọc hoặc không ghi được"
        case .mendVault:
            "Thư mục phải là của root, quyền 700, trên đĩa còn chỗ. Cách làm: tokenctl doctor"
        case .checkCases: "Dòng nhật ký về hồ sơ"
        case .wrongCases: "có dòng ghi điều không thể có"
        case .mendCases: "Gửi các dòng này (tokenctl journal show) cho nơi phụ trách phần mềm."
        case .checkLaterLines: "Dòng nhật ký của phiên bản mới hơn"
        case .wrongLaterLines: "phiên bản này không hiểu các dòng ấy"
        case .mendLaterLines:
            "Cài lại phiên bản mới hơn; từ nay đến lúc đó trạm không xóa dữ liệu cá nhân nào."
        case .checkSnapshot: "Bản tóm tắt hồ sơ"
        case .wrongSnapshot: "không khớp với nhật ký, đã bị bỏ; hồ sơ được dựng lại từ nhật ký"
        case .mendSnapshot:
            """
            Xem các việc từ lúc khởi động (tokenctl journal show) và tìm xem ai khác ghi được \
            vào thư mục của trạm.
            """
        case .checkRestores: "Lần khôi phục"
        case .wrongRestores: "có lần chưa rõ kết quả"
        case .mendRestores: "Đọc lại các thiết bị này khi chúng được mang đến."
        case .checkPCSCD: "pcscd"
        case .wrongPCSCD: "không trả lời: không dùng được đầu đọc nào của nó"
        case .mendPCSCD: "systemctl start pcscd.socket; trạm tự nhận ra."
        case .checkUSB: "USB"
        case .wrongUSB: "không theo dõi được cổng USB"
        case .mendUSB: "Dịch vụ phải thấy /dev/bus/usb và /run/udev; sau đó khởi động lại dịch vụ."
        case .checkReader: "Đầu đọc {}"
        case .wrongReader: "không dùng được lúc này"
        case .mendReader:
            """
            Rút thiết bị, lau sạch rồi cắm lại; nếu vẫn vậy, cắm lại đầu đọc. Xem thêm: tokenctl \
            reader
            """
        case .wrongReaderHeld: "chương trình khác đang giữ"
        case .mendReaderHeld: "Tắt chương trình đó: trạm cần dùng đầu đọc một mình."
        case .checkReaders: "Đầu đọc"
        case .wrongReaders: "chưa thấy đầu đọc nào"
        case .mendReaders:
            "Cắm đầu đọc hoặc thiết bị; nếu vẫn không thấy, xem lsusb và nhật ký của pcscd."
        case .checkVirtualDriver: "Đầu đọc ảo (vpcd)"
        case .wrongVirtualDriver:
            "đang mở trên máy làm việc thật: chương trình khác có thể giả làm thiết bị"
        case .mendVirtualDriver: "apt-get purge vsmartcard-vpcd"
        case .checkMemory: "Bộ nhớ"
        case .wrongMemory: "chưa khóa hết: mật khẩu vẫn được khóa, phần khác có thể bị ghi ra đĩa"
        case .mendMemory: "Cho dịch vụ quyền CAP_IPC_LOCK hoặc LimitMEMLOCK=infinity."
        case .checkClock: "Đồng hồ"
        case .wrongClock: "chưa đồng bộ: thời hạn và ngày của chứng thư chưa biết chắc"
        case .mendClock: "Cho máy kết nối được với máy chủ thời gian (timedatectl)."
        case .checkProfiles: "Tệp loại thiết bị"
        case .wrongProfiles: "chưa có tệp nào: loại thiết bị nào cần tệp thì bị từ chối"
        case .mendProfiles:
            "Cài các tệp loại thiết bị và ghi thư mục của chúng vào cấu hình (\"profiles\")."
        case .checkPapers: "Giấy tờ"
        case .wrongPapers: "chưa in được: thiếu tệp của cơ quan hoặc mẫu giấy tờ"
        case .mendPapers:
            "Đặt vào /etc/token-station/office.json5 và /etc/token-station/templates rồi nạp lại "
                + "(systemctl reload token-agent)."
        case .checkOfficeFiles: "Tệp do cơ quan soạn"
        case .wrongOfficeFiles: "có tệp sai nên chưa được dùng"
        case .mendOfficeFiles:
            "Sửa chỗ được nêu dưới đây rồi nạp lại (systemctl reload token-agent)."
        case .checkCalendar: "Lịch ngày làm việc"
        case .wrongCalendar: "chưa có, sắp hết hoặc có chỗ cần đối chiếu"
        case .wrongCalendarOver: "không có ngày hôm nay: chưa tính được thời hạn"
        case .mendCalendar:
            """
            Đặt lịch đúng vào thư mục lịch, thử bằng tokenctl calendar check, rồi nạp lại \
            (systemctl reload token-agent).
            """
        case .checkProfile: "Loại thiết bị {}"
        case .wrongProfile: "tệp đã đổi sau khi kiểm nghiệm: coi như chưa kiểm nghiệm"
        case .mendProfile: "Đặt lại tệp đã kiểm nghiệm, hoặc kiểm nghiệm lại."
        case .checkOfficers: "Danh sách cán bộ"
        case .wrongOfficersFew: "có ít cán bộ hơn số phải đăng nhập"
        case .mendOfficersFew:
            "Ghi thêm cán bộ (officers.json5) rồi nạp lại (systemctl reload token-agent)."
        case .wrongOfficersOpen: "người khác đọc hoặc sửa được tệp này"
        case .mendOfficersOpen: "chmod 600 cho tệp được nêu dưới đây."
        case .checkRoots: "Chứng thư gốc"
        case .wrongRoots: "chưa có: không kiểm tra được đường dẫn chứng thực"
        case .mendRoots: "Cài tệp chứng thư của nhà cung cấp và ghi vào cấu hình (\"roots\")."
        default: nil
        }
    }
}
