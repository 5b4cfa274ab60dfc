import Crypto
import Secrets
import Testing

/// Known answers are Python's hashlib.scrypt over the same bytes.
@Suite struct PasswordHashTests {
    static let cheap = PasswordHash.Cost(logN: 14, r: 8, p: 1)

    private static func secret(_ text: String) throws -> Secret {
        var buffer = try LockedBuffer(capacity: max(text.utf8.count, 1))
        for byte in text.utf8 { _ = buffer.append(byte) }
        return try Secret(buffer)
    }

    static let known = [
        (
            "correct horse",
            "$scrypt$ln=14,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$JbN2hANm9NOw4h5BRHZnbjzQ6Jr0QwNWojT"
                + "OC2WgIbU"
        ),
        (
            "mật khẩu của Lan",
            "$scrypt$ln=15,r=8,p=3$/////////////////////w$4YS8LhYHxjcE1cv5nsJFC9PfGgDKwCCI/eV"
                + "6HS8oFQU"
        ),
        (
            "12345678",
            "$scrypt$ln=14,r=16,p=2$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpK"
                + "issLS4vMDEyMzQ1Njc4OTo7PD0+Pw$1aQW4f/2hGb6lVamqza0Qe0n71oP6mq8HYdpLOLWXqY"
        ),
    ]

    @Test(arguments: known)
    func aHashIsThatOfItsPasswordAndOfNoOther(_ password: String, _ text: String) throws {
        let hash = try PasswordHash(text)
        #expect(hash.text == text)
        let isRight = try hash.matches(Self.secret(password))
        #expect(isRight)
        for other in ["", password + "x", String(password.dropLast()), password.uppercased() + "A"]
        {
            let isOther = try hash.matches(Self.secret(other))
            #expect(!isOther, "\(other)")
        }
    }

    @Test func aNewHashHasAFreshSaltAndReadsBack() throws {
        let a = try PasswordHash(of: Self.secret("mật khẩu"), cost: Self.cheap)
        let b = try PasswordHash(of: Self.secret("mật khẩu"), cost: Self.cheap)
        #expect(a.salt != b.salt && a.hash != b.hash)
        let again = try PasswordHash(a.text)
        #expect(again == a)
        let isRight = try again.matches(Self.secret("mật khẩu"))
        #expect(isRight)
    }

    @Test(arguments: [0, 7, 65])
    func aPasswordHasABoundedLength(_ count: Int) throws {
        #expect(throws: CryptoError.self) {
            _ = try PasswordHash(
                of: Self.secret(String(repeating: "a", count: count)), cost: Self.cheap)
        }
    }

    private static let salt = "AAAAAAAAAAAAAAAAAAAAAA"
    private static let hash = String(repeating: "A", count: 43)
    private static let wrong = [
        "", "$", "secret", "$scrypt$ln=15,r=8,p=3$\(salt)", "scrypt$ln=15,r=8,p=3$\(salt)$\(hash)",
        "$scrypt$ln=15,r=8,p=3$\(salt)$\(hash)$", "$scrypt$ln=15,r=8,p=3$\(salt)==$\(hash)",
        "$scrypt$ln=15,r=8,p=3$\(salt)$\(hash.dropLast())",
        "$scrypt$ln=15,r=8,p=3$\(salt.dropLast(4))$\(hash)",
        "$scrypt$ln=15,r=8,p=3$\(salt)$\(hash.dropLast())!",
        "$scrypt$r=8,ln=15,p=3$\(salt)$\(hash)",
        "$scrypt$ln=15,r=8$\(salt)$\(hash)", "$scrypt$ln=+15,r=8,p=3$\(salt)$\(hash)",
        "$scrypt$ln=,r=8,p=3$\(salt)$\(hash)", "$scrypt$ln=999,r=8,p=3$\(salt)$\(hash)",
        "$scrypt$ln=15,r=8,p=3,x=1$\(salt)$\(hash)", "$scrypt$ln=13,r=8,p=3$\(salt)$\(hash)",
        "$scrypt$ln=19,r=8,p=3$\(salt)$\(hash)", "$scrypt$ln=18,r=8,p=3$\(salt)$\(hash)",
        "$scrypt$ln=15,r=7,p=3$\(salt)$\(hash)", "$scrypt$ln=15,r=8,p=0$\(salt)$\(hash)",
        "$scrypt$ln=15,r=8,p=17$\(salt)$\(hash)", "$argon2id$ln=15,r=8,p=3$\(salt)$\(hash)",
        "$scrypt$ln=15,r=8,p=3$" + String(repeating: "A", count: 100_000) + "$\(hash)",
    ]

    @Test(arguments: wrong)
    func whatIsNoHashIsRefused(_ text: String) {
        #expect(throws: CryptoError.self) { _ = try PasswordHash(text) }
    }

    @Test func whatIsMadeHereIsWhatIsRead() throws {
        let text = "$scrypt$ln=15,r=8,p=3$\(Self.salt)$\(Self.hash)"
        #expect(try PasswordHash(text).cost == .usual)
    }
}
