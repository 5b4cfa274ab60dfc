/// A paper that came in: who asks for what, and for which devices.
///
/// Nothing here is checked: the station says what is missing or impossible.
package struct RequestForm: Equatable, Sendable {
    package var kind: CaseKind
    /// The letter's number and symbol, as `123/UBND-VP`.
    package var number: String
    /// The body that asks: its head signs (cơ quan, tổ chức quản lý trực tiếp).
    package var managingBody: String
    /// The time label of the document system; nil for a paper brought to the counter, which is
    /// received when it is recorded.
    package var received: Timestamp?
    /// Section 1: who the body sends.
    package var contact: ContactPerson
    /// Section 2, a row a device.
    package var devices: [DeviceRow]
    /// What only some kinds say.
    package var particulars: Particulars

    package init(
        kind: CaseKind = .restore, number: String, managingBody: String,
        received: Timestamp? = nil, contact: ContactPerson = ContactPerson(),
        devices: [DeviceRow], particulars: Particulars = Particulars()
    ) {
        self.kind = kind
        self.number = number
        self.managingBody = managingBody
        self.received = received
        self.contact = contact
        self.devices = devices
        self.particulars = particulars
    }

    /// Rows of one request.
    package static let mostDevices = 100
}

/// Người phối hợp thực hiện: section 1 of Mẫu 06, fields 1.1 to 1.7. Empty where the paper is.
package struct ContactPerson: Equatable, Sendable {
    package var name: String
    /// Số định danh cá nhân, twelve digits; on the form and nowhere else.
    package var personalNumber: String
    /// As written: dd/mm/yyyy.
    package var issuedOn: String
    package var issuedAt: String
    package var position: String
    package var workplace: String
    package var mobile: String

    package init(
        name: String = "", personalNumber: String = "", issuedOn: String = "",
        issuedAt: String = "", position: String = "", workplace: String = "", mobile: String = ""
    ) {
        self.name = name
        self.personalNumber = personalNumber
        self.issuedOn = issuedOn
        self.issuedAt = issuedAt
        self.position = position
        self.workplace = workplace
        self.mobile = mobile
    }
}

/// One row of section 2 of Mẫu 06.
package struct DeviceRow: Equatable, Sendable {
    /// Số hiệu thiết bị lưu khóa bí mật.
    package var deviceNumber: String
    /// Tên chứng thư chữ ký số: a person's name or a body's.
    package var certificateName: String
    /// Cơ quan, tổ chức công tác.
    package var workplace: String
    /// Địa chỉ thư điện tử công vụ.
    package var mail: String
    /// Số hiệu chứng thư, in hex digits; Mẫu 06 has no such column, other forms do.
    package var certificateSerial: String

    package init(
        deviceNumber: String, certificateName: String = "", workplace: String = "",
        mail: String = "", certificateSerial: String = ""
    ) {
        self.deviceNumber = deviceNumber
        self.certificateName = certificateName
        self.workplace = workplace
        self.mail = mail
        self.certificateSerial = certificateSerial
    }
}

/// What only some kinds of request say; empty or nil elsewhere.
package struct Particulars: Equatable, Sendable {
    /// Hand-over of a body's device: number and date of the written permission
    /// (NĐ 30/2020 Điều 32.2.b).
    package var permission: String
    package var returnReason: ReturnReason?
    /// Return: when the body got the notice of revocation; its five working days count from
    /// there.
    package var noticed: Timestamp?
    /// Loss, misuse, theft: what happened, as reported.
    package var report: String

    package init(
        permission: String = "", returnReason: ReturnReason? = nil, noticed: Timestamp? = nil,
        report: String = ""
    ) {
        self.permission = permission
        self.returnReason = returnReason
        self.noticed = noticed
        self.report = report
    }
}
