import WorkingDays

// Invented data, to see what a template makes of them.

extension DocumentValues {
    /// Values for a paper of that kind. Nobody of these names and numbers is meant.
    package static func sample(
        _ kind: DocumentKind, _ office: Office, isTraining: Bool
    ) -> DocumentValues {
        var values = DocumentValues(office, isTraining: isTraining)
        let texts: [DocumentField: String] = [
            .caseNumber: "2026-000123", .requestNumber: "45/UBND-VP",
            .bodyName: "Ủy ban nhân dân xã Minh Tân",
            .contactName: "Nguyễn Thị Hương",
            .contactPosition: "Công chức Văn phòng",
            .contactBody: "Ủy ban nhân dân xã Minh Tân", .contactPhone: "0900 000 000",
            .giverName: "Trần Văn Bình", .giverPosition: "Văn thư",
            .giverBody: "Ủy ban nhân dân xã Minh Tân", .giverID: "000000000001",
            .giverIDPlace: "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
            .receiverName: "Nguyễn Thị Hương", .receiverPosition: "Công chức Văn phòng",
            .receiverBody: "Ủy ban nhân dân xã Minh Tân", .receiverID: "000000000002",
            .receiverIDPlace: "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
            .reporterName: "Trần Văn Bình", .reporterPosition: "Văn thư",
            .reporterBody: "Ủy ban nhân dân xã Minh Tân", .reporterPhone: "0900 000 001",
            .reporterID: "000000000001",
            .reporterIDPlace: "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
            .eventText: """
            Không tìm thấy thiết bị trong tủ khóa khi bắt đầu buổi làm việc.
            Lần sử dụng gần nhất là chiều hôm trước.
            """,
            .holderName: "Nguyễn Thị Hương", .resultText: "Đã khôi phục", .resultTries: "0",
            .resultEvidence: "khóa bí mật ở trong thiết bị và khớp với chứng thư",
            .resultLine: "1265", .resultCode: "06d1 8e40 b7f3 29ac",
            .officerName: "Lê Thu Lan", .journalHead: "9f3c 71d0 52ab 08e4", .journalLine: "1287",
        ]
        for (field, text) in texts { values[field] = .text(text) }
        values[.term] = .count(1)
        if let day = CivilDate(year: 2026, month: 2, day: 3) {
            for field in DocumentField.allCases
            where field.list == nil && !DocumentField.unrecorded.contains(field) {
                if field.form == .day { values[field] = .day(day) }
                if field.form == .moment {
                    values[field] = TimeLabel(date: day, hour: 8, minute: 5).map { .moment($0) }
                }
            }
        }
        values[.due] = CivilDate(year: 2026, month: 2, day: 4).map { .day($0) }
        values[.devices] = .rows(devices(kind))
        switch kind {
        case .handOverRecord:
            values[.resultText] = .text("khóa bí mật ở trong thiết bị và khớp với chứng thư")
            values[.resultEvidence] = .text("thiết bị tự khai khóa được sinh trong thiết bị")
            values.makeBody(.giverName, of: [.giverPosition, .giverID, .giverIDDay, .giverIDPlace])
        case .form08:
            values.makeBody(
                .receiverName,
                of: [.receiverPosition, .receiverID, .receiverIDDay, .receiverIDPlace])
        // Who takes the device away is on no record.
        case .receipt: values[.receiverName] = .byHand
        default: break
        }
        values[.findings] = .rows([
            DocumentRow([
                .findingField: .text("Địa chỉ thư điện tử công vụ (dòng 2)"),
                .findingText: .text("Ghi địa chỉ thư điện tử công vụ, không phải hộp thư cá nhân"),
                .findingRule: .text("Mẫu số 06, Mục 2"),
            ]),
            DocumentRow([
                .findingField: .text("Số điện thoại di động"),
                .findingText: .text("Ghi số điện thoại của người phối hợp thực hiện khôi phục"),
                .findingRule: .text("Mẫu số 06, Mục 1"),
            ]),
        ])
        values[.told] = .rows([
            DocumentRow([
                .toldWho: .text("Chủ tịch Ủy ban nhân dân xã Minh Tân"),
                .toldMoment: values[.requestReceived] ?? .unknown, .toldHow: .text("Điện thoại"),
            ])
        ])
        return values
    }

    /// The managing body is that party, and its representative writes in who it is.
    private mutating func makeBody(_ name: DocumentField, of particulars: [DocumentField]) {
        self[name] = .byHand
        for field in particulars { self[field] = nil }
    }

    private static func devices(_ kind: DocumentKind) -> [DocumentRow] {
        let done = CivilDate(year: 2026, month: 2, day: 3)
            .flatMap { TimeLabel(date: $0, hour: 9, minute: 40) }
        let people = [("Nguyễn Thị Hương", "huongnt"), ("Phạm Đức Thuận", "thuanpd")]
        return people.enumerated().map { index, person in
            var row = DocumentRow([
                .deviceNumber: .text("0000000\(index + 1)"),
                .deviceKind: .text("SIM PKI"),
                .deviceCertificate: .text(person.0),
                .deviceSerial: .text("00000000000000A\(index + 1)"),
                .deviceBody: .text("Ủy ban nhân dân xã Minh Tân"),
                .deviceEmail: .text("\(person.1)@minhtan.example"),
                .deviceOutcome: .text("Đã khôi phục"),
                .deviceDone: done.map { .moment($0) } ?? .unknown,
                .deviceReason: .text("Chứng thư chữ ký số đã hết hạn sử dụng"),
            ])
            // The first of a request was restored, the second was not.
            if kind == .restoreNotice {
                row[index == 0 ? .deviceReason : .deviceDone] = nil
                if index == 1 { row[.deviceOutcome] = .text("Không khôi phục") }
            }
            return row
        }
    }
}
