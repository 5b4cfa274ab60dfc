import Casework
import Crypto
import Foundation
import System
import Testing
import Tokens
import VirtualToken

@testable import TokenAgent

/// What a key check finds, item by item.
@Suite struct EvidenceTests {
    static let day: Int64 = 86_400
    static let now = Sample.now

    /// An authority, a key in a device, and its certificate.
    struct Scene {
        let authority: CertificateIssuer
        let key: KeyPair
        let certificate: Certificate
        var gathered: Gathered
        var trust: Trust
        var background: Background

        init(
            serial: String? = "12345678", origin: KeyTraits.Origin? = .generated,
            valid: ClosedRange<Int64> = (now - day)...(now + 365 * day), name: String = "Ánh"
        ) throws {
            authority = try Personalisation.authority(now: now)
            key = try KeyPair(generating: .p256)
            certificate = try authority.issue(
                CertificateContent(
                    subject: [("CN", name)], key: key.publicKey, notBefore: valid.lowerBound,
                    notAfter: valid.upperBound))
            let entry = TokenCertificate(
                slot: KeySlot(rawValue: "9c"), use: .signature, certificate: certificate)
            gathered = Gathered(
                entry: entry,
                identity: TokenIdentity(
                    family: .piv, model: "PIV", serial: serial, guid: nil, certificates: [entry]),
                traits: KeyTraits(origin: origin, wantsPINEachTime: false, wantsTouch: false),
                continuity: .oneSession(isSameAfterReset: true))
            trust = Trust(roots: [authority.certificate], intermediates: [])
            background = Background(trust: trust, now: now)
        }

        mutating func sign(_ times: [Int], with other: KeyPair? = nil) throws {
            for time in times {
                let challenge = try Challenge()
                let block = try SignatureInput.block(
                    for: challenge.message, key: .p256, scheme: .ecdsaSHA256)
                gathered.answers.append((challenge, try (other ?? key).signBlock(block)))
                gathered.times.append(time)
            }
        }

        /// Has the device state something of a key, signed under `maker`.
        mutating func attest(
            of stated: KeyPair? = nil, serial: String? = "12345678", by maker: CertificateIssuer
        ) throws {
            let device = try KeyPair(generating: .p256)
            var content = CertificateContent(
                subject: [("CN", "F9")], key: device.publicKey, notBefore: now - day,
                notAfter: now + day)
            content.isAuthority = true
            let signer = CertificateIssuer(certificate: try maker.issue(content), key: device)
            gathered.attestation = KeyAttestation(
                statement: try signer.issue(
                    CertificateContent(
                        subject: [("CN", "9c")], key: (stated ?? key).publicKey,
                        notBefore: now - day, notAfter: now + day)),
                signer: signer.certificate, serial: serial, firmware: "5.4.3",
                pinPolicy: "always", touchPolicy: "never")
        }

        var proof: Proof { .judge(gathered, background) }

        func item(_ name: String) -> Proof.Item? { proof.items.first { $0.item == name } }
    }

    // MARK: Possession and grade

    @Test func everySignatureMustVerify() throws {
        var scene = try Scene()
        #expect(scene.item("possession")?.finding == .notShown)
        #expect(!scene.proof.isProven && scene.proof.grade == .notShown)
        #expect(scene.proof.timing == nil)

        try scene.sign([900])
        #expect(scene.proof.isProven)
        #expect(scene.item("possession")?.how.hasPrefix("a signature over a fresh") == true)
        try scene.sign([910, 920, 930])
        #expect(scene.item("possession")?.how.hasPrefix("4 signatures, each over") == true)
        #expect(scene.proof.timing?.times.median == 910)

        var refused = scene
        refused.gathered.answers.append((try Challenge(), nil))
        #expect(refused.item("possession")?.finding == .notShown)
        #expect(!refused.proof.isProven)

        try scene.sign([940], with: KeyPair(generating: .p256))
        #expect(scene.item("possession")?.finding == .contradicted)
        #expect(
            scene.item("possession")?.how.hasPrefix("1 of 5 signatures") == true)
        #expect(!scene.proof.isProven && scene.proof.grade == .notShown)
    }

    @Test(
        arguments: [
            (KeyTraits.Origin.generated, true, Proof.Grade.attested),
            (.generated, false, .deviceSaysGenerated), (nil, true, .attested),
            (nil, false, .possession),
            (.imported, false, .imported), (.imported, true, .imported),
        ] as [(KeyTraits.Origin?, Bool, Proof.Grade)])
    func theGradeIsTheBestThatIsShown(
        _ origin: KeyTraits.Origin?, _ attested: Bool, _ grade: Proof.Grade
    ) throws {
        var scene = try Scene(origin: origin)
        try scene.sign([900])
        if attested {
            let maker = try Personalisation.authority(now: Self.now)
            scene.trust.attestation = AttestationTrust([maker.certificate])
            scene.background = Background(trust: scene.trust, now: Self.now)
            try scene.attest(by: maker)
        }
        #expect(scene.proof.grade == grade)
        // Without a signature none of it counts.
        scene.gathered.answers = []
        #expect(scene.proof.grade == .notShown)
    }

    @Test(
        arguments: [(.generated, .personaliserSays), (.imported, .possession)]
            as [(KeyTraits.Origin, Proof.Grade)])
    func whatThePersonaliserSaysIsAGradeOfItsOwnAndShowsNothing(
        _ says: KeyTraits.Origin, _ grade: Proof.Grade
    ) throws {
        var scene = try Scene(origin: nil)
        scene.gathered.traits = KeyTraits(
            origin: nil, wantsPINEachTime: false, wantsTouch: false, personaliserSays: says)
        try scene.sign([900])
        #expect(scene.proof.grade == grade)
        #expect(scene.item("origin")?.finding == .notShown)
        #expect(scene.item("origin")?.how.hasPrefix("whoever wrote the token") == true)
    }

    @Test func aStatementIsHeardOnlyForThisKeyThisDeviceAndAnInstalledRoot() throws {
        let maker = try Personalisation.authority(now: Self.now)
        let other = try KeyPair(generating: .p256)
        let rows: [(String, Proof.Item.Finding, String, Bool, (inout Scene) throws -> Void)] = [
            (
                "all", .shown, "the device states that the key was made in it", true,
                { try $0.attest(by: maker) }
            ),
            ("no statement", .notShown, "the device states nothing", true, { _ in }),
            ("no roots", .notShown, "no root of a maker", false, { try $0.attest(by: maker) }),
            (
                "another key", .contradicted, "what the device states is of another key", true,
                { try $0.attest(of: other, by: maker) }
            ),
            (
                "another device", .contradicted,
                "what the device states is of serial number 87654321, and it tells 12345678",
                true, { try $0.attest(serial: "87654321", by: maker) }
            ),
            (
                "no number stated", .notShown, "the statement leads to an installed root", true,
                { try $0.attest(serial: nil, by: maker) }
            ),
            (
                "another maker", .notShown, "the device's statement leads to no installed root",
                true,
                { try $0.attest(by: Personalisation.authority(now: Self.now + 60)) }
            ),
            (
                "too late", .contradicted, "the device's statement leads to no root: ", true,
                {
                    try $0.attest(by: maker)
                    $0.background = Background(
                        trust: $0.background.trust, now: Self.now + 2 * Self.day)
                }
            ),
        ]
        for (name, finding, how, hasRoots, change) in rows {
            var scene = try Scene()
            try scene.sign([900])
            if hasRoots { scene.trust.attestation = AttestationTrust([maker.certificate]) }
            scene.background = Background(trust: scene.trust, now: Self.now)
            try change(&scene)
            let item = try #require(scene.item("attestation"))
            #expect(item.finding == finding, "\(name)")
            #expect(item.how.hasPrefix(how), "\(name): \(item.how)")
            #expect((scene.proof.grade == .attested) == (finding == .shown), "\(name)")
        }
    }

    // MARK: Dates, names, path

    @Test(arguments: [
        (Int64(1826), Proof.Item.Finding.shown, "within the five years"),
        (1827, .shown, "within the five"),
        (1828, .contradicted, "longer than the five years"),
        (1096, .shown, "within the three years"),
        (1097, .shown, "within the five years"), (1, .shown, "within the three years"),
    ])
    func aLifetimeIsWhatTheDecreeAllows(
        _ days: Int64, _ finding: Proof.Item.Finding, _ how: String
    ) throws {
        let begin = Self.now - Self.day
        let scene = try Scene(valid: begin...(begin + days * Self.day))
        let item = try #require(scene.item("lifetime"))
        #expect(item.finding == finding)
        #expect(item.how.hasPrefix("valid for \(days) days in all: " + how), "\(item.how)")
    }

    @Test(arguments: [
        (Int64?(now), Proof.Item.Finding.shown, "valid from 2027-01-14 to 2027-02-14"),
        (now - 2 * day, .contradicted, "begins on 2027-01-14"),
        (now + 40 * day, .contradicted, "ended on 2027-02-14"),
        (nil, .notShown, "not synchronised"),
    ])
    func datesAreToldAndUnknownWithoutAClock(
        _ time: Int64?, _ finding: Proof.Item.Finding, _ how: String
    ) throws {
        var scene = try Scene(valid: (Self.now - Self.day)...(Self.now + 30 * Self.day))
        scene.background = Background(trust: scene.trust, now: time)
        let item = try #require(scene.item("validity"))
        #expect(item.finding == finding)
        #expect(item.how.contains(how), "\(item.how)")
    }

    @Test(arguments: [
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh", true),
        ("Nguyễn Thị Ánh", "NGUYỄN  THỊ ÁNH ", true),
        // The same letters, their accents written apart.
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh".decomposedStringWithCanonicalMapping, true),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Anh", false),
    ])
    func theHolderIsComparedByName(_ named: String, _ asked: String, _ isSame: Bool) throws {
        var scene = try Scene(name: named)
        #expect(scene.item("holder") == nil)
        scene.background.holder = asked
        let item = try #require(scene.item("holder"))
        #expect(item.finding == (isSame ? .shown : .notShown))
        // What the request says stands in no evidence.
        #expect(!item.how.contains(asked) && !item.how.contains(named))
    }

    @Test func thePathNamesItsRootAndWhatIsPublishedOfIt() throws {
        var scene = try Scene()
        let pin = scene.authority.certificate.fingerprintSHA256
        #expect(scene.item("path")?.finding == .shown)
        #expect(scene.item("path")?.how.contains("SHA-256 \(pin): none of the") == true)
        scene.background = Background(trust: Trust(roots: [], intermediates: []), now: Self.now)
        #expect(scene.item("path")?.finding == .notShown)
        let other = try Personalisation.authority(now: Self.now)
        scene.background = Background(
            trust: Trust(roots: [other.certificate], intermediates: []), now: Self.now)
        #expect(scene.item("path")?.finding == .contradicted)
        #expect(scene.proof.contradicted == ["path"])
    }

    @Test func publishedPinsAreWholeHashesAndDiffer() {
        let pins = PublishedAuthority.all.map(\.sha256)
        #expect(Set(pins).count == pins.count)
        for pin in pins { #expect(Hex.bytes(pin).map { Hex.upper($0) } == pin && pin.count == 64) }
        #expect(PublishedAuthority.all.count { $0.confirmation == .measured } == 2)
    }

    // MARK: The record, the session, the times

    @Test func aKeySeenInAnotherDeviceIsNoKeyOfThisOne() throws {
        func sighting(_ serial: String, _ count: Int) -> KeySighting {
            KeySighting(serial: serial, first: Timestamp(seconds: Self.now), count: count)
        }
        let rows: [(String?, [KeySighting], Proof.Item.Finding, String)] = [
            ("12345678", [], .shown, "has not seen this key before"),
            ("12345678", [sighting("12345678", 1)], .shown, "since 2027-01-15, once"),
            ("12345678", [sighting("12345678", 7)], .shown, "since 2027-01-15, 7 times"),
            (
                "12345678", [sighting("12345678", 7), sighting("9", 1)], .contradicted,
                "in device 9, first on 2027-01-15"
            ),
            (nil, [sighting("9", 1)], .notShown, "tells no number of its own"),
        ]
        for (serial, sightings, finding, how) in rows {
            var scene = try Scene(serial: serial)
            scene.background.sightings = sightings
            let item = try #require(scene.item("seen-before"))
            #expect(item.finding == finding)
            #expect(item.how.contains(how), "\(item.how)")
        }
    }

    @Test func aTokenThatIsAnotherAfterItsResetProvesNothing() throws {
        let rows: [(Continuity, Proof.Item.Finding, Bool)] = [
            (.sincePermit, .shown, true), (.oneSession(isSameAfterReset: true), .shown, true),
            (.oneSession(isSameAfterReset: nil), .notShown, true),
            (.oneSession(isSameAfterReset: false), .contradicted, false),
        ]
        for (continuity, finding, isProven) in rows {
            var scene = try Scene()
            try scene.sign([900])
            scene.gathered.continuity = continuity
            #expect(scene.item("same-token")?.finding == finding)
            #expect(scene.proof.isProven == isProven)
            #expect((scene.proof.grade == .notShown) == !isProven)
        }
    }

    @Test func timesInformAndLowerNoGrade() throws {
        let envelope = SignatureEnvelope(
            key: .p256, shortest: .microseconds(500), longest: .microseconds(2000),
            spread: .microseconds(100))
        let rows: [([Int], SignatureEnvelope?, Proof.Item.Finding, String)] = [
            ([905], nil, .notShown, "one signature in 0.91 ms; what this model takes"),
            ([900, 950, 1000], envelope, .shown, "3 signatures in 0.90 ms to 1.00 ms, median"),
            ([30, 40], envelope, .contradicted, "suspicious: faster than the chip can be; 2 sig"),
            (
                [600, 1900, 3000], envelope, .contradicted,
                "suspicious: slower than it ever is, spread like a network in between; "
            ),
        ]
        for (times, envelope, finding, how) in rows {
            var scene = try Scene()
            try scene.sign(times)
            scene.background.envelope = envelope
            let item = try #require(scene.item("timing"))
            #expect(item.finding == finding)
            #expect(item.how.hasPrefix(how), "\(item.how)")
            #expect(scene.proof.grade == .deviceSaysGenerated)
        }
    }

    @Test(
        arguments: [
            (nil, false, false, false, 5), (nil, false, false, true, 5),
            (7, false, false, false, 7),
            (7, true, false, false, 7), (7, true, false, true, 1), (7, false, true, false, 1),
            (nil, true, true, true, 1),
        ] as [(Int?, Bool, Bool, Bool, Int)])
    func nobodyTouchesOrTypesForEachSignature(
        _ wanted: Int?, _ eachTime: Bool, _ touch: Bool, _ atPad: Bool, _ expected: Int
    ) {
        let traits = KeyTraits(
            origin: nil, wantsPINEachTime: eachTime, wantsTouch: touch)
        #expect(Agent.challenges(wanted, traits, isAtPad: atPad) == expected)
    }
}
