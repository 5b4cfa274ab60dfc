/// What a request that is to be valid is held to, by the code that the socket, the journal and
/// the statistics have; a code never changes.
package enum RequestRule: String, Hashable, Sendable, CaseIterable {
    case missing
    case tooLong = "too-long"
    case hiddenCharacter = "hidden-character"
    case looseMark = "loose-mark"
    case personalNumber = "personal-number"
    case dateForm = "date-form"
    case dateImpossible = "date-impossible"
    case dateInFuture = "date-future"
    case mobile = "mobile-form"
    case mailForm = "mail-form"
    case mailPrivate = "mail-private"
    case mailNotOffice = "mail-not-office"
    case deviceForm = "device-form"
    case deviceUnusual = "device-unusual"
    case deviceTwice = "device-twice"
    case deviceOpen = "device-open"
    case tooManyDevices = "too-many-devices"
    case bodyRenamed = "body-renamed"
    case bodySeveral = "body-several"
    case contactElsewhere = "contact-elsewhere"
    case receivedInFuture = "received-future"
    case permission = "permission-missing"
}
