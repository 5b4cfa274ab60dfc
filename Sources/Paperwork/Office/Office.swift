/// The office that the station stands in: who writes its papers, and on what bases.
package struct Office: Equatable, Sendable {
    /// The provider of the certification service, to whom some papers go.
    package struct Provider: Equatable, Sendable {
        package var name: String
        package var superior: String?
        package var address: String?
        package var identifier: String?

        package init(name: String, superior: String?, address: String?, identifier: String?) {
            self.name = name
            self.superior = superior
            self.address = address
            self.identifier = identifier
        }
    }

    /// Who signs papers. A name that is not given is written by hand.
    package struct Signer: Equatable, Sendable {
        /// As `KT. GIÁM ĐỐC`, above the position.
        package var capacity: String?
        package var position: String
        package var name: String?

        package init(capacity: String?, position: String, name: String?) {
            self.capacity = capacity
            self.position = position
            self.name = name
        }
    }

    /// A legal basis.
    package struct Basis: Equatable, Sendable {
        package enum State: String, CaseIterable, Sendable {
            case inForce = "in-force"
            /// Kept, and never cited.
            case draft
        }

        package var text: String
        package var state: State
        /// The papers that cite it.
        package var papers: [DocumentKind]

        package init(text: String, state: State, papers: [DocumentKind]) {
            self.text = text
            self.state = state
            self.papers = papers
        }

        package func isCited(in kind: DocumentKind) -> Bool {
            state == .inForce && papers.contains(kind)
        }
    }

    package var name: String
    package var superior: String
    /// Stands in the numbers of papers: `Số: 12/TB-SKHCN`.
    package var symbol: String
    /// Stands before the day of papers.
    package var place: String
    package var identifier: String?
    package var address: String?
    package var phone: String?
    package var email: String?
    package var provider: Provider
    package var signer: Signer
    package var bases: [Basis]
    /// Who gets a copy of each paper, besides those it is for.
    package var copies: [String]

    package init(
        name: String, superior: String, symbol: String, place: String, identifier: String?,
        address: String?, phone: String?, email: String?, provider: Provider, signer: Signer,
        bases: [Basis], copies: [String]
    ) {
        self.name = name
        self.superior = superior
        self.symbol = symbol
        self.place = place
        self.identifier = identifier
        self.address = address
        self.phone = phone
        self.email = email
        self.provider = provider
        self.signer = signer
        self.bases = bases
        self.copies = copies
    }

    /// Where the office's file lies when nothing else is said.
    package static let usualFile = "/etc/token-station/office.json5"

    /// An office that there is not, to look at templates with.
    package static let sample = Office(
        name: "Sở Khoa học và Công nghệ", superior: "Ủy ban nhân dân tỉnh Sông Vân",
        symbol: "SKHCN", place: "Sông Vân", identifier: "H00.0",
        address: "Số 1 đường Hòa Bình, phường Trung Tâm, tỉnh Sông Vân", phone: "0000 000 000",
        email: "sokhcn@songvan.example",
        provider: Provider(
            name: "Cục Chứng thực số và Bảo mật thông tin", superior: "Ban Cơ yếu Chính phủ",
            address: nil, identifier: nil),
        signer: Signer(capacity: nil, position: "Giám đốc", name: nil),
        bases: [
            Basis(
                text: "Nghị định số 68/2024/NĐ-CP ngày 25 tháng 6 năm 2024 của Chính phủ quy định "
                    + "về chữ ký số chuyên dùng công vụ", state: .inForce,
                papers: [.restoreNotice, .refusal, .routingLetter])
        ], copies: [])

    /// Longest file that is read, in bytes.
    package static var longestFile: Int { 64 * 1024 }
}
