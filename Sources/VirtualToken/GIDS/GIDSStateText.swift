import Crypto

// A GIDS card's state as it is kept.
extension GIDSState {
    /// The text that is kept.
    func text() throws(VirtualTokenError) -> String {
        var lines = [
            "pin " + StateText.words(pin), "admin " + StateText.words(admin),
            "activated \(isActivated ? 1 : 0)",
        ]
        for file in files.values.sorted(by: { $0.number < $1.number }) {
            lines.append("file \(file.isActivated ? 1 : 0) \(Hex.lower(file.parameters))")
            for (tag, content) in file.objects.sorted(by: { $0.key < $1.key }) {
                lines.append("object \(file.number) \(tag) \(Self.word(content))")
            }
            guard let key = file.key else { continue }
            do throws(CryptoError) {
                lines.append("key \(file.number) \(Hex.lower(try key.pkcs8()))")
            } catch {
                throw VirtualTokenError(.crypto, "the key in file \(file.number): \(error)")
            }
        }
        return StateText.text(GIDSCard.family, lines)
    }

    private static func word(_ bytes: [UInt8]) -> String {
        bytes.isEmpty ? "-" : Hex.lower(bytes)
    }

    /// - Throws: `.damagedState`, naming the line.
    package init(_ text: String) throws(VirtualTokenError) {
        var pin: CardCode?
        var admin: CardCode?
        var isActivated: Bool?
        var files: [UInt16: GIDSFile] = [:]
        try StateText.read(text, of: GIDSCard.family) { words in
            switch (words.first, words.count) {
            case ("pin", 5):
                pin = StateText.code(words)
                return pin != nil
            case ("admin", 5):
                admin = StateText.code(words)
                return admin != nil
            case ("activated", 2):
                isActivated = words[1] == "1"
                return words[1] == "1" || words[1] == "0"
            case ("file", 3):
                guard let parameters = Hex.bytes(words[2]),
                    var file = GIDSFile(parameters: parameters)
                else { return false }
                file.isActivated = words[1] == "1"
                files[file.number] = file
            case ("object", 4):
                guard let number = UInt16(words[1]), files[number] != nil,
                    let tag = UInt32(words[2]),
                    let content = words[3] == "-" ? [] : Hex.bytes(words[3])
                else { return false }
                files[number]?.objects[tag] = content
            case ("key", 3):
                guard let number = UInt16(words[1]), files[number] != nil,
                    let pair = Hex.bytes(words[2]).flatMap({ try? KeyPair(pkcs8: $0) })
                else { return false }
                files[number]?.key = pair
            default: return false
            }
            return true
        }
        guard let pin, let admin, let isActivated else {
            throw VirtualTokenError(.damagedState, "a line is missing")
        }
        self.init(pin: pin, admin: admin, isActivated: isActivated)
        self.files = files
    }
}
