import WorkingDays

/// Checks a request before it is taken in: what keeps it from being valid, and what a person
/// should look at. Values in, values out.
package struct Intake: Sendable {
    /// Mail domains that are the offices' own, with everything below them.
    package var officeSuffixes: [String]
    /// Domains where anybody can have an address; `yahoo.*` also stands for those of countries.
    package var privateProviders: [String]
    /// nil while the clock is not to be trusted: then nothing is said to lie in the future.
    package var now: Timestamp?
    /// Of local time from UTC.
    package var minutesEast: Int64

    package static let officeSuffixes = [".gov.vn"]
    package static let privateProviders = [
        "gmail.com", "googlemail.com", "yahoo.*", "ymail.com", "rocketmail.com", "hotmail.*",
        "outlook.*", "live.*", "msn.com", "icloud.com", "me.com", "mac.com", "aol.com",
        "proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.io", "zoho.com",
        "zohomail.com", "mail.com", "gmx.*", "fastmail.com", "yandex.*", "mail.ru", "qq.com",
        "163.com", "126.com", "zing.vn",
    ]

    package init(
        now: Timestamp?, minutesEast: Int64 = 420,
        officeSuffixes: [String] = Intake.officeSuffixes,
        privateProviders: [String] = Intake.privateProviders
    ) {
        self.now = now
        self.minutesEast = minutesEast
        self.officeSuffixes = officeSuffixes
        self.privateProviders = privateProviders
    }

    /// Everything found, in the paper's order. The form is tidied first, so that spellings of
    /// Unicode and blanks find nothing.
    ///
    /// - Parameter openDevices: the open case of a device, asked with the number's
    ///   `DeviceNumber.key`.
    package func findings(
        _ form: RequestForm, bodies: BodyTable, openDevices: (String) -> CaseID?
    ) -> [Finding] {
        var desk = Desk(intake: self, form: form.tidied(), bodies: bodies)
        desk.checkTexts()
        desk.checkReceived()
        desk.checkContact()
        desk.checkDevices(openDevices)
        desk.checkParticulars()
        return desk.sorted()
    }

    /// The local day; nil while the clock is not to be trusted.
    var today: CivilDate? {
        guard let now else { return nil }
        let day = now.date(minutesEast: minutesEast)
        return CivilDate(year: day.year, month: day.month, day: day.day)
    }
}
