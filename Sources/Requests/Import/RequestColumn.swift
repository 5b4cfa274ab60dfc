/// What a column of an imported table may hold: its name in programs, and its headings on paper.
enum RequestColumn: Hashable, CaseIterable {
    case row
    case kind
    case number
    case managingBody
    case received
    case contact(RequestField.Contact)
    case device(RequestField.Column)
    case permission
    case returnReason
    case noticed
    case report

    static let allCases: [RequestColumn] = {
        var all: [RequestColumn] = [.row, .kind, .number, .managingBody, .received]
        for field in RequestField.Contact.allCases { all.append(.contact(field)) }
        for column in RequestField.Column.allCases { all.append(.device(column)) }
        all += [.permission, .returnReason, .noticed, .report]
        return all
    }()

    /// The name in programs, as `contact_mobile`.
    var name: String {
        switch self {
        case .row: "row"
        case .kind: "kind"
        case .number: "number"
        case .managingBody: "managing_body"
        case .received: "received"
        case .contact(let field): "contact_" + field.rawValue
        case .device(let column): column.rawValue
        case .permission: "permission"
        case .returnReason: "return_reason"
        case .noticed: "noticed"
        case .report: "report"
        }
    }

    /// Headings of Mẫu 06, and of what stands around it in a letter.
    var headings: [String] {
        switch self {
        case .row: ["STT"]
        case .kind: ["Loại yêu cầu"]
        case .number: ["Số, ký hiệu", "Số văn bản", "Số, ký hiệu văn bản"]
        case .managingBody: ["Cơ quan, tổ chức quản lý trực tiếp"]
        case .received: ["Thời điểm nhận", "Ngày nhận", "Thời điểm tiếp nhận"]
        case .contact(.name): ["Họ và tên"]
        case .contact(.personalNumber): ["Số định danh cá nhân"]
        case .contact(.issuedOn): ["Ngày cấp"]
        case .contact(.issuedAt): ["Nơi cấp"]
        case .contact(.position): ["Chức vụ"]
        case .contact(.workplace): ["Cơ quan, tổ chức công tác của người phối hợp"]
        case .contact(.mobile): ["Số điện thoại di động"]
        case .device(.deviceNumber): ["Số hiệu thiết bị lưu khóa bí mật", "Số hiệu thiết bị"]
        case .device(.certificateName): ["Tên chứng thư chữ ký số", "Tên chứng thư"]
        case .device(.workplace): ["Cơ quan, tổ chức công tác của thuê bao"]
        case .device(.mail): ["Địa chỉ thư điện tử công vụ", "Thư điện tử công vụ"]
        case .device(.certificateSerial): ["Số hiệu chứng thư chữ ký số", "Số hiệu chứng thư"]
        case .permission: ["Văn bản cho phép bàn giao"]
        case .returnReason: ["Lý do thu hồi"]
        case .noticed: ["Ngày nhận thông báo thu hồi"]
        case .report: ["Nội dung báo cáo"]
        }
    }

    /// All of them, as messages say what may stand there.
    static let names = allCases.map(\.name).joined(separator: ", ")
    static let paperHeadings = allCases.map { $0.headings[0] }.joined(separator: "; ")

    /// The heading that stands twice on Mẫu 06: once among 1.1 to 1.7, once in the table.
    static let workplaceHeading = "Cơ quan, tổ chức công tác"

    /// Whether a cell of it speaks of the whole request and not of one device.
    var isOfRequest: Bool {
        switch self {
        case .row, .device: false
        default: true
        }
    }

    /// Whether a spreadsheet may take it for a number and spoil it.
    var isDigits: Bool {
        switch self {
        case .contact(.personalNumber), .contact(.mobile), .device(.deviceNumber),
            .device(.certificateSerial):
            true
        default: false
        }
    }

    /// Columns by what a heading folds to.
    private static let byHeading: [[String]: RequestColumn] = {
        var table: [[String]: RequestColumn] = [:]
        for column in allCases {
            for heading in [column.name] + column.headings { table[fold(heading)] = column }
        }
        return table
    }()

    /// Which column each heading names; nil where none.
    static func of(_ headings: [String]) -> [RequestColumn?] {
        let folded = headings.map(fold)
        let device = folded.firstIndex { byHeading[$0] == .device(.deviceNumber) }
        let workplace = fold(workplaceHeading)
        return folded.enumerated().map { i, words in
            if words == workplace {
                return i < device ?? 0 ? .contact(.workplace) : .device(.workplace)
            }
            return byHeading[words]
        }
    }

    /// Words without diacritics, and without the form's own numbering before them.
    private static func fold(_ heading: String) -> [String] {
        let words = ComparedText(heading).texts.map(VietnameseLetters.bare)
        return Array(words.drop { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    }
}

/// What a cell may say of a closed list: by names in programs or on paper.
private protocol WrittenInATable: RawRepresentable<String>, CaseIterable {
    /// On paper, the usual one first.
    var written: [String] { get }
}

extension WrittenInATable {
    fileprivate static func read(_ text: String) -> Self? {
        let wanted = ComparedText(text).texts
        return allCases.first { value in
            value.rawValue == text || value.written.contains { ComparedText($0).texts == wanted }
        }
    }

    /// All of them, as messages say what may stand there.
    fileprivate static var allNames: String {
        allCases.map { ($0.written.first.map { $0 + " " } ?? "") + "(\($0.rawValue))" }
            .joined(separator: ", ")
    }
}

extension CaseKind: WrittenInATable {
    fileprivate var written: [String] {
        switch self {
        case .restore: ["khôi phục", "khôi phục thiết bị", "Mẫu 06"]
        case .handOver: ["bàn giao", "bàn giao thiết bị"]
        case .takeBack: ["thu hồi", "thu hồi thiết bị", "giao nhận lại", "Mẫu 08"]
        case .lost: ["thất lạc", "mất", "Mẫu 09"]
        case .misuse: ["sử dụng sai mục đích", "bị đánh cắp", "đánh cắp"]
        }
    }

    /// By its name in programs or on paper.
    init?(written text: String) {
        guard let read = Self.read(text) else { return nil }
        self = read
    }

    static var writtenNames: String { allNames }
}

extension ReturnReason: WrittenInATable {
    fileprivate var written: [String] {
        switch self {
        case .expired: ["hết hạn", "hết hạn sử dụng"]
        case .revoked: ["bị thu hồi", "thu hồi"]
        }
    }

    init?(written text: String) {
        guard let read = Self.read(text) else { return nil }
        self = read
    }

    static var writtenNames: String { allNames }
}
