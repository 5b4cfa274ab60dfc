import APDU
import Crypto
import Testing
import Tokens
import VirtualToken

@testable import TokenAgent

/// What a SmartCard-HSM's request says in a key check.
@Suite struct KeyRequestTests {
    private static let now: Int64 = 1_800_000_000

    /// A device, its certificate and its request read from it, and its key's signature.
    private struct Scene {
        let card: SmartCardHSMCard
        let root: SmartCardHSMRoot
        var gathered: Gathered

        init(
            _ certificates: SmartCardHSMRecipe.Certificates, serial: UInt32 = 12_345_678
        ) throws {
            let authority = try TrainingAuthority.make(now: now)
            var recipe = SmartCardHSMRecipe()
            recipe.certificates = certificates
            recipe.serial = serial
            let made = try recipe.make(now: now, authority: authority)
            card = try #require(made as? SmartCardHSMCard)
            root = try #require(
                SmartCardHSMRoot(try SmartCardHSMTrust.rootCertificate(authority.key)))
            var channel = VirtualChannel(card)
            let applet = try TokenFamilies.recognise(&channel)
            let identity = try applet.readIdentity(&channel, slots: nil)
            let entry = try #require(identity.provingCertificate())
            gathered = Gathered(
                entry: entry, identity: identity,
                traits: try applet.readTraits(&channel, of: entry.slot),
                continuity: .sincePermit)
            gathered.request = try applet.readKeyRequest(&channel, of: entry.slot)
            let challenge = try Challenge()
            let key = try #require(card.state.keys[1])
            let block = try SignatureInput.block(
                for: challenge.message, key: .p256, scheme: .ecdsaSHA256)
            gathered.answers = [(challenge, try key.signBlock(block))]
        }

        func judge(_ roots: [SmartCardHSMRoot]) -> (Proof.Grade, Proof.Item?) {
            var trust = Trust(roots: [], intermediates: [])
            trust.attestation = AttestationTrust([], roots)
            let proof = Proof.judge(gathered, Background(trust: trust, now: now))
            return (proof.grade, proof.items.first { $0.item == "attestation" })
        }
    }

    @Test func aKeyIsAttestedByARequestThatLeadsToARoot() throws {
        let scene = try Scene(.apart)
        let (grade, item) = scene.judge([scene.root])
        #expect(grade == .attested)
        #expect(item?.finding == .shown)
        #expect(item?.how.hasSuffix("VT12345678; signed up to VTROOT00001") == true)
    }

    @Test func withoutItsRootTheDevicesWordIsAllThereIs() throws {
        let scene = try Scene(.apart)
        let other = try Scene(.apart)
        let (grade, item) = scene.judge([other.root])
        #expect(grade == .deviceSaysGenerated)
        #expect(item?.finding == .notShown)
    }

    @Test func aCertificateInItsPlaceLeavesPossession() throws {
        let scene = try Scene(.withKeys)
        #expect(scene.gathered.request == nil)
        let (grade, item) = scene.judge([scene.root])
        #expect(grade == .possession)
        #expect(item?.finding == .notShown)
    }

    @Test func anotherDevicesRequestSpeaksAgainstThisOne() throws {
        var scene = try Scene(.apart)
        let other = try Scene(.apart, serial: 87_654_321)
        scene.gathered.request = other.gathered.request
        let (grade, item) = scene.judge([scene.root, other.root])
        #expect(grade == .deviceSaysGenerated)
        #expect(item?.finding == .contradicted)
    }

    @Test func theSchemesOwnRootIsKnownWithoutAFile() {
        #expect(AttestationTrust().devices.map(\.certificate.holder) == ["DESRCACC100001"])
        #expect(AttestationTrust().judges(.smartCardHSM))
        #expect(!AttestationTrust().judges(.piv))
    }
}
