import APDU
import Crypto
import Testing
import VirtualToken

@testable import Tokens

/// EF.C_DevAut of devices that exist, as their owners published them.
private enum Published {
    /// A Nitrokey HSM 2: device and issuer certificate, both on the root's curve.
    static let nitrokey =
        "7F2181E47F4E819D5F290100420D444544494E4B303430303030317F494F060A04007F0007020202020386"
        + "4104854A608E6F7B27D4B990C0EEA68F6C1D738E0E38CC9C6D1CEEDE55C0583F0B7B37363551A876B8EC2B"
        + "0DB88545ADFE418ABECD555C128BE81A5C6A0361FCA1DF5F201044454E4B3034303431343430303030307F"
        + "4C10060B2B0601040181C31F0301015301005F25060206000502085F24060301000502075F3740A4D5D47D"
        + "41451FCFAC7C8766EEBA2871CAA8086C6E789AF752A7968CF3310852962F428EEE0F209FBB6EB928E6DEFF"
        + "8AA3CC97F4B8EDC000131683AAF291968F7F2181E47F4E819D5F290100420E444553524341434331303030"
        + "30317F494F060A04007F0007020202020386410441BEF11216285DE54D35BAE22FC4953E99EDD7D0294B45"
        + "CF578AA8545E5F5BBB8F8AF9150E936F7F77777B1EECC58F2D823FE520EBC430964889A4463A7EB2425F20"
        + "0D444544494E4B303430303030317F4C10060B2B0601040181C31F0301015301805F25060204010003005F"
        + "240603020100020965005F3740039567AA4930C8327D651E45B133B71E90F2C134EB385162B96913C0AB3A"
        + "C265110860CDAD312F970C2A652DA8B31BE8A8FAEA5B87CD146D517937D8B8771122"

    /// The beginning of a board's that signs for itself: a request stands before its certificate.
    static let board =
        "678201ED7F218201937F4E82014B5F2901004210455350323230324531344130303030317F4982011D060A"
        + "04007F000702020202038120FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFF"
        + "FC2F8220000000000000000000000000000000000000000000000000000000000000000083200000000000"
        + "00000000000000000000000000000000000000000000000000000784410479BE667EF9DCBBAC55A06295CE"
        + "870B07029BFCDB2DCE28D959F2815B16F81798483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A6855419"
        + "9C47D08FFB10D4B88520FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD036414186"
        + "410466D5C0119B82CDA689B5F7DF10AC369A595C848456C138B40994B8D5D30612D3FE7993CB3DBDD2B06D"
        + "39E7BE6E4C469D8C04DEF09BA76BC6C87835FACDCCBB5C8701015F20104553503232303245313441303030"
        + "30315F3740510F9EDE6592FE89534DE359E04391D8266D4C64558FBE9347B48B84FCD64741EF9F53A08207"
        + "420F00D0464F921CB31A661FEDE4FAF728B4302AD922F00DA3BF4210455350323230324531344130303030"
        + "315F37407A4446352E69B9ACCFCCE39A4243D4F4369DDF4F219B9B51058422667FC1035303DFCE6782DB75"
        + "113B99245BE1C5D2F16A18FE5EDE327CE504CC7D8E336BA7E7"
}

/// Who vouches for a SmartCard-HSM, and what it vouches for.
@Suite struct CardVerifiableTests {
    private static func bytes(_ hex: String) -> [UInt8] { Hex.bytes(hex) ?? [] }

    private static func made(
        _ change: (inout SmartCardHSMRecipe) -> Void = { _ in }
    ) throws -> (card: SmartCardHSMCard, root: SmartCardHSMRoot) {
        let authority = try TrainingAuthority.make(now: Sample.now)
        var recipe = SmartCardHSMRecipe()
        recipe.certificates = .none
        change(&recipe)
        let card = try recipe.make(now: Sample.now, authority: authority) as? SmartCardHSMCard
        let root = SmartCardHSMRoot(try SmartCardHSMTrust.rootCertificate(authority.key))
        return (try #require(card), try #require(root))
    }

    @Test func theSchemeRootIsSignedByItself() throws {
        let root = try #require(SmartCardHSMRoot.scheme)
        #expect(root.certificate.holder == "DESRCACC100001")
        #expect(root.curve == .brainpoolP256r1)
    }

    @Test func aDeviceOfTheMakerLeadsToTheSchemeRoot() throws {
        let file = Self.bytes(Published.nitrokey)
        let device = try #require(SmartCardHSMDevice(file: file))
        let root = try #require(SmartCardHSMRoot.scheme)
        #expect(device.certificate.holder == "DENK040414400000")
        #expect(device.issuer.holder == "DEDINK0400001")
        #expect(device.leads(to: root))
        #expect(SmartCardHSMObject.deviceName(inCertificates: file) == "DENK0404144")
        let (_, other) = try Self.made()
        #expect(!device.leads(to: other))
    }

    @Test func aDeviceThatSignsForItselfHasANameAndNobodyBehindIt() {
        let file = Self.bytes(Published.board)
        #expect(SmartCardHSMObject.deviceName(inCertificates: file) == "ESP2202E14A")
        #expect(SmartCardHSMDevice(file: file) == nil)
        // Its curve is none that is known here.
        #expect(SmartCardHSMRequest(file) == nil)
    }

    /// Each byte of both certificates counts: signed, named, or the signature.
    @Test func anyOtherByteBreaksTheChain() throws {
        let root = try #require(SmartCardHSMRoot.scheme)
        let file = Self.bytes(Published.nitrokey)
        for place in file.indices {
            var other = file
            other[place] ^= 0x01
            #expect(SmartCardHSMDevice(file: other)?.leads(to: root) != true, "byte \(place)")
        }
        for count in stride(from: 0, to: file.count, by: 7) {
            #expect(SmartCardHSMDevice(file: Array(file.prefix(count)))?.leads(to: root) != true)
        }
    }

    @Test func aRootOfAnotherKeyIsNone() throws {
        let (card, root) = try Self.made()
        let device = try #require(SmartCardHSMDevice(file: card.state.deviceCertificates))
        #expect(device.leads(to: root))
        let (_, other) = try Self.made()
        // The same names, another key.
        #expect(!device.leads(to: other))
        #expect(try !device.leads(to: #require(SmartCardHSMRoot.scheme)))
    }

    /// A curve whose base point somebody chose makes any signature verify.
    @Test func parametersOfOnesOwnAreRefused() throws {
        let authority = try TrainingAuthority.make(now: Sample.now)
        let good = try SmartCardHSMTrust.rootCertificate(authority.key)
        for curve in CardCurve.allCases where curve == .p256 {
            for parameter in curve.parameters {
                var bytes = good
                let place = try #require(
                    bytes.indices.first {
                        bytes.count - $0 >= parameter.count
                            && bytes[$0..<($0 + parameter.count)].elementsEqual(parameter)
                    })
                bytes[place + parameter.count - 1] ^= 0x01
                #expect(CardVerifiableCertificate(bytes) == nil)
            }
        }
        #expect(CardVerifiableCertificate(good) != nil)
    }

    @Test(arguments: [KeyAlgorithm.p256, .rsa(bits: 2048)])
    func aRequestIsVouchedForByItsDevice(_ algorithm: KeyAlgorithm) throws {
        let (card, root) = try Self.made { $0.keys = [.init(1, algorithm)] }
        let (other, otherRoot) = try Self.made { $0.keys = [.init(1, .p256)] }
        let device = try #require(SmartCardHSMDevice(file: card.state.deviceCertificates))
        let stranger = try #require(SmartCardHSMDevice(file: other.state.deviceCertificates))
        let bytes = try #require(card.state.files[0xCE01])
        let request = try #require(SmartCardHSMRequest(bytes))
        #expect(request.isVouchedFor(by: device, under: root))
        #expect(!request.isVouchedFor(by: device, under: otherRoot))
        #expect(!request.isVouchedFor(by: stranger, under: otherRoot))
        #expect(try request.isFor(#require(card.state.keys[1]).publicKey))
        #expect(try !request.isFor(#require(other.state.keys[1]).publicKey))
        for place in stride(from: 0, to: bytes.count, by: 3) {
            var changed = bytes
            changed[place] ^= 0x01
            #expect(
                SmartCardHSMRequest(changed)?.isVouchedFor(by: device, under: root) != true,
                "byte \(place)")
        }
    }

    @Test(arguments: [
        "", "7F21", "7F2100", "7F21047F4E00", "7F21077F4E005F3700", "67", "6700", "67027F21",
        "7F21FF", "30030101FF",
    ])
    func anythingElseIsNeither(_ hex: String) {
        let bytes = Self.bytes(hex)
        #expect(CardVerifiableCertificate(bytes) == nil)
        #expect(SmartCardHSMRequest(bytes) == nil)
        #expect(SmartCardHSMDevice(file: bytes) == nil)
        #expect(SmartCardHSMRoot(bytes) == nil)
    }
}
