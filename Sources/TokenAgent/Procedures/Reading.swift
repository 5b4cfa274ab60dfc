import APDU
import Casework
import Crypto
import System
import Tokens

/// What one look at a token showed, without a code.
struct Reading: Equatable, Sendable {
    let identity: TokenIdentity
    let counters: Tokens.Counters
    /// The family's, for the PIN that is there.
    let pinRule: Tokens.CodeRule
    /// The ways this token can be unblocked, best first, and the one that is meant here.
    let ways: [UnblockingWay]
    let way: UnblockingWay?
    /// The certificate whose key a restore would prove, and what the device says of that key.
    let proving: TokenCertificate?
    let traits: KeyTraits?
    /// What is known of its model; nil where nothing is.
    var profile: TokenProfile? = nil
    /// What of it can be entered at a pad: at any, until `at` has narrowed it down to one.
    var pad = PadEntries.none

    /// The same, with what the reader's own pad takes.
    func at(_ pad: PINPad) -> Reading {
        var narrowed = self
        narrowed.pad = self.pad.possible(at: pad)
        return narrowed
    }

    /// The count was told by PIV's empty VERIFY in this very reading: metadata, which need no such
    /// question, tell the limit with it.
    var pinWasAskedFor: Bool {
        guard identity.family == .piv, counters.pin.limit == nil else { return false }
        return switch counters.pin.left {
        case .known, .unknown(.verified): true
        case .unknown: false
        }
    }

    /// The empty VERIFY was answered oddly: it may have cost a try, and is not repeated.
    var queryWasOdd: Bool { counters.pin.left == .unknown(.oddAnswer) }
}

/// Whether the counter of a token may be asked for; told by its family and number.
typealias QuerySafety = @Sendable (_ token: TokenName?) -> Bool

extension StatusQuery {
    /// What the record knows of a token goes before what its model's profile says.
    init(isSafe: Bool, profile: TokenProfile?) {
        self = isSafe ? profile?.statusQuery ?? .asFamilyKnows : .forbidden
    }
}

extension Reading {
    /// Recognises the token on a fresh session and reads identity and counters.
    /// - Parameters:
    ///   - number: the request's device number, which decides what key is proven.
    ///   - form: the way that is meant; else the first that may lead somewhere.
    static func take<C: CardChannel & ~Copyable>(
        _ card: inout C, for number: String? = nil, by form: UnblockingForm? = nil,
        profiles: TokenProfiles = TokenProfiles(), querySafety: QuerySafety
    ) throws(TokenError) -> Reading {
        let applet = try TokenFamilies.recognise(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        let profile = profiles.match(identity)
        var ways = try applet.readUnblocking(&card)
        if let profile {
            ways = ways.map(profile.narrowing)
            if profile.pin.narrowing(applet.pinRule) == nil || !profile.agrees(with: identity.marks)
            {
                ways = ways.map(\.withoutPINThatFits)
            }
        }
        let way =
            form.map { form in ways.first { $0.form == form } }
            ?? ways.first { $0.isOpen } ?? ways.first
        let pin = try applet.readPINCounter(
            &card,
            asking: StatusQuery(
                isSafe: querySafety(identity.recordName), profile: profile))
        let matched = number.flatMap(identity.match)
        let proving = identity.provingCertificate(matched: matched)
        var traits: KeyTraits? = nil
        if let proving { traits = try applet.readTraits(&card, of: proving.slot) }
        var reading = Reading(
            identity: identity,
            counters: Tokens.Counters(pin: pin, unblocking: way?.counter ?? .unknown(.notShown)),
            pinRule: applet.pinRule, ways: ways, way: way, proving: proving, traits: traits,
            profile: profile, pad: try applet.padEntries(&card, opening: proving?.slot))
        // A pad holds a new PIN to the family's lengths.
        if !reading.newPINRule.hasLengths(of: reading.pinRule) {
            reading.pad = PadEntries(verify: reading.pad.verify, unblock: nil)
        }
        return reading
    }

    /// The token of this reading once more, after a reset or another applet's answer: selects
    /// anew, and reads number, the certificates of `slots`, counters.
    func again<C: CardChannel & ~Copyable>(
        _ card: inout C, slots: [KeySlot], of form: UnblockingForm?, asking query: StatusQuery
    ) throws(TokenError) -> (identity: TokenIdentity, counters: Tokens.Counters) {
        let applet = try TokenFamilies.recognise(&card, expected: identity.family)
        return (
            try applet.readIdentity(&card, slots: slots),
            try applet.readCounters(&card, of: form, asking: query)
        )
    }

    /// The certificates that have to be read again for another token to be noticed: none where
    /// this one has a number of its own.
    var slotsThatTell: [KeySlot] {
        guard identity.serial == nil, identity.guid == nil else { return [] }
        return proving.map { [$0.slot] } ?? []
    }

    /// Whether this is the token that the record has under a number, family and certificate. A
    /// number alone may be that of another family's token, or of one written anew.
    func isOf(_ name: TokenName, certificate: String?) -> Bool {
        guard identity.deviceNumber == name.serial,
            name.family == nil || name.family == identity.family.rawValue
        else { return false }
        guard let certificate else { return true }
        return identity.certificates.contains {
            $0.certificate.fingerprintSHA256 == certificate
        }
    }

    /// Whether what was read again is this token, as far as its numbers tell, and its
    /// certificate where it has none.
    func isOf(_ seen: TokenIdentity) -> Bool {
        seen.isSame(as: identity, proving: slotsThatTell.first)
    }

    /// What a new PIN must look like.
    var newPINRule: Tokens.CodeRule { profile?.pin.narrowing(pinRule) ?? pinRule }

    /// What its model is worth to the station; nil where nothing is known of it and nothing
    /// needs to be.
    var standing: ProfileStanding.State? {
        if let profile { return profile.worth }
        // Where the standard leaves things open, a model that nobody described is not tried.
        return FamilyLimits.of(identity.family.rawValue)?.isGeneric == true ? .provisional : nil
    }

    /// The counter of the code that the record calls `code`.
    func counter(ofCode code: String?) -> Tokens.Counter {
        ways.first { $0.form.code.rawValue == code }?.counter ?? .unknown(.notShown)
    }
}

/// What can be done for a token, and why not.
struct Assessment: Equatable, Sendable {
    enum Reason: String, Sendable {
        case unblockingCodeBlocked = "unblocking-code-blocked"
        case unblockingNotSet = "unblocking-not-set"
        case unblockingNotSetOrBlocked = "unblocking-not-set-or-blocked"
        case codeFormUnknown = "code-form-unknown"
        case unblockingSwitchedOff = "unblocking-switched-off"
        case providerOnly = "provider-only"
        case notInProfile = "not-in-profile"
        case modelRefused = "model-refused"
        case modelProvisional = "model-provisional"
        case noUnblocking = "no-unblocking"
        case notIdentifiable = "not-identifiable"
        case certificateExpired = "certificate-expired"
        case notLocked = "not-locked"
        case pinCountUnknown = "pin-count-unknown"
        case statusQueryUnsafe = "status-query-unsafe"
        case unblockingCountUnknown = "unblocking-count-unknown"
        case lastTry = "last-try"
        case noProvingKey = "no-proving-key"
    }

    enum Help: Equatable, Sendable { case possible, notLocked, impossible }

    let locked: Bool?
    let help: Help
    let reasons: [Reason]

    /// - Parameters:
    ///   - now: Unix time; nil while the clock is not synchronised, and dates are unknown.
    ///   - lastUnblockingCount: what an earlier answer of this token told, where it shows none.
    init(_ reading: Reading, now: Int64?, lastUnblockingCount: Int? = nil) {
        var blocking: [Reason] = []
        var notes: [Reason] = []
        if reading.identity.deviceNumber == nil { blocking.append(.notIdentifiable) }
        switch reading.way?.obstacle {
        case .notSet?: blocking.append(.unblockingNotSet)
        case .notSetOrBlocked?: blocking.append(.unblockingNotSetOrBlocked)
        case .codeFormUnknown?: blocking.append(.codeFormUnknown)
        case .switchedOff?: blocking.append(.unblockingSwitchedOff)
        case .providerOnly?: blocking.append(.providerOnly)
        case .notInProfile?: blocking.append(.notInProfile)
        case nil: if reading.way == nil { blocking.append(.noUnblocking) }
        }
        switch reading.standing {
        case .refused?: blocking.append(.modelRefused)
        case .provisional?: notes.append(.modelProvisional)
        case .published?, .commissioned?, nil: break
        }
        switch reading.counters.unblocking.known ?? lastUnblockingCount {
        case _ where reading.way?.isOpen != true && reading.way?.obstacle != nil: break
        case _ where reading.way == nil: break
        case 0?: blocking.append(.unblockingCodeBlocked)
        case 1?: notes.append(.lastTry)
        case nil: notes.append(.unblockingCountUnknown)
        default: break
        }
        if let now, let proving = reading.proving, now > proving.certificate.notAfter {
            blocking.append(.certificateExpired)
        }
        if reading.proving == nil { notes.append(.noProvingKey) }
        switch reading.counters.pin.left {
        case .known(let n): locked = n == 0
        case .unknown(let why):
            locked = nil
            notes.append(
                why == .oddAnswer || why == .queryUnsafe ? .statusQueryUnsafe : .pinCountUnknown)
        }
        if !blocking.isEmpty {
            help = .impossible
        } else if locked == false {
            help = .notLocked
            notes.insert(.notLocked, at: 0)
        } else {
            help = .possible
        }
        reasons = blocking + notes
    }
}
