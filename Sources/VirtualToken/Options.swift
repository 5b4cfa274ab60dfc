import Crypto

/// The command line of `virtual-token`, read.
package struct Options: Sendable {
    package enum Attachment: Equatable, Sendable {
        /// vpcd's port on this machine.
        case vpcd(port: UInt16)
        /// A training agent's socket for virtual tokens.
        case socket(path: String)
        /// A USB device that a USB/IP host attaches; 127.0.0.1, port 0 for any that is free.
        case usb(port: UInt16)
    }

    package var attachment: Attachment?
    package var model = PIVModel(yubico: true)
    package var personalisation = Personalisation()
    package var faults: [Fault] = []
    /// With `.usb` only.
    package var reader = ReaderDesign()
    package var readerFaults: [ReaderFault] = []
    /// What will be typed at the reader's pad.
    package var typed: [[String]] = []
    package var stateFolder: String?
    package var authorityFolder: String?
    package var authorityOut: String?
    package var control: String?
    package var stays = false
    /// Milliseconds to go on trying to connect at the start.
    package var patience = 5000
    package var wantsHelp = false
    package var wantsVersion = false

    /// - Parameter arguments: without the program's name.
    /// - Throws: `.badRequest` or `.badFault`, naming the option.
    package init(_ arguments: [String]) throws(VirtualTokenError) {
        var rest = arguments[...]
        var keys: [Personalisation.Key] = []
        var readerOption: String?
        if rest.first == "usb" {
            rest.removeFirst()
            attachment = .usb(port: 3240)
        }
        while let word = rest.popFirst() {
            var option = word
            var attached: String?
            if word.hasPrefix("--"), let sign = word.firstIndex(of: "=") {
                option = String(word[..<sign])
                attached = String(word[word.index(after: sign)...])
            }
            func value() throws(VirtualTokenError) -> String {
                if let attached { return attached }
                guard let next = rest.popFirst() else {
                    throw Self.error(option, "a value is missing")
                }
                return next
            }
            switch option {
            case "--help", "-h": wantsHelp = true
            case "--version": wantsVersion = true
            case "--vpcd":
                var port: UInt16 = 35963
                if attached == nil, let next = rest.first, let number = UInt16(next) {
                    port = number
                    rest.removeFirst()
                } else if let attached {
                    port = try Self.number(option, attached)
                }
                try attach(.vpcd(port: port), option)
            case "--attach": try attach(.socket(path: try value()), option)
            case "--model": try setModel(try value())
            case "--yubico-version": model.version = try Self.version(try value())
            case "--no-extended": model.extendedLength = false
            case "--oddity": try addOddity(try value())
            case "--listen":
                let text = try value()
                guard case .usb = attachment else {
                    throw Self.error(option, "only after the word usb")
                }
                attachment = .usb(port: try Self.port(option, text))
            case "--fault":
                let text = try value()
                if ReaderFault.isMeant(by: text) {
                    readerFaults.append(try ReaderFault(parsing: text))
                    readerOption = option
                } else {
                    faults.append(try Fault(parsing: text))
                }
            case "--typed":
                typed.append(try value().split(separator: ",").map(String.init))
                readerOption = option
            case "--state": stateFolder = try value()
            case "--ca": authorityFolder = try value()
            case "--ca-out": authorityOut = try value()
            case "--control": control = try value()
            case "--stay": stays = true
            case "--patience": patience = Int(try Self.number(option, try value()) as UInt32)
            case "--key": keys.append(try Self.key(try value()))
            case "--gzip": personalisation.compressed.insert(try Self.slot(option, try value()))
            case "--pin": personalisation.pin = try Self.code(option, try value())
            case "--puk": personalisation.puk = try Self.code(option, try value())
            case "--pin-tries": personalisation.pinTries = try Self.tries(option, try value())
            case "--puk-tries": personalisation.pukTries = try Self.tries(option, try value())
            case "--locked": personalisation.isLocked = true
            case "--serial": personalisation.serial = try Self.number(option, try value())
            case "--holder": personalisation.holder = try value()
            case "--body": personalisation.body = try value()
            case "--email":
                let address = try value()
                personalisation.email = address.isEmpty ? nil : address
            case "--expired": personalisation.validity = (-2 * 365 * 86_400)...(-86_400)
            case "--not-yet-valid": personalisation.validity = 86_400...(2 * 365 * 86_400)
            default:
                guard try reader.set(option, value) else {
                    throw Self.error(option, "no such option; see --help")
                }
                readerOption = option
            }
        }
        if let readerOption {
            guard case .usb = attachment else {
                throw Self.error(readerOption, "only after the word usb")
            }
        }
        if !keys.isEmpty { personalisation.keys = keys }
    }

    private mutating func attach(
        _ way: Attachment, _ option: String
    ) throws(VirtualTokenError) {
        guard attachment == nil else { throw Self.error(option, "only one way to attach") }
        attachment = way
    }

    /// `127.0.0.1:3240`. No other address is listened at: there is no proof of who connects.
    private static func port(
        _ option: String, _ text: String
    ) throws(VirtualTokenError) -> UInt16 {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "127.0.0.1", let port = UInt16(parts[1]) else {
            throw error(option, "\(text): 127.0.0.1:PORT expected")
        }
        return port
    }

    private mutating func setModel(_ name: String) throws(VirtualTokenError) {
        switch name {
        case "piv": model.yubico = false
        case "piv-yubico": model.yubico = true
        default: throw Self.error("--model", "\(name): piv or piv-yubico expected")
        }
    }

    private mutating func addOddity(_ name: String) throws(VirtualTokenError) {
        guard let known = PIVModel.Oddities.named.first(where: { $0.0 == name }) else {
            let names = PIVModel.Oddities.named.map(\.0).joined(separator: ", ")
            throw Self.error("--oddity", "\(name): one of \(names) expected")
        }
        model.oddities.insert(known.1)
    }

    /// `9a=rsa2048` or `9c=p256,imported`.
    private static func key(_ text: String) throws(VirtualTokenError) -> Personalisation.Key {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        let kinds = parts.last.map { $0.split(separator: ",").map(String.init) } ?? []
        guard parts.count == 2, let kind = kinds.first, let algorithm = algorithms[kind],
            kinds.count == 1 || kinds.dropFirst() == ["imported"]
        else {
            throw error(
                "--key", "\(text): SLOT=KIND expected, KIND rsa1024, rsa2048, rsa3072, p256 or p384"
            )
        }
        return Personalisation.Key(
            try slot("--key", parts[0]), algorithm,
            origin: kinds.count == 1 ? .generated : .imported)
    }

    private static let algorithms: [String: KeyAlgorithm] = [
        "rsa1024": .rsa(bits: 1024), "rsa2048": .rsa(bits: 2048), "rsa3072": .rsa(bits: 3072),
        "p256": .p256, "p384": .p384,
    ]

    private static func slot(
        _ option: String, _ text: String
    ) throws(VirtualTokenError) -> UInt8 {
        guard let bytes = Hex.bytes(text), bytes.count == 1,
            PIVSlot.certificateTag(bytes[0]) != nil
        else { throw error(option, "\(text): 9a, 9c, 9d, 9e or 82 to 95 expected") }
        return bytes[0]
    }

    private static func code(
        _ option: String, _ text: String
    ) throws(VirtualTokenError) -> String {
        let bytes = Array(text.utf8)
        guard (6...8).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw error(option, "6 to 8 ASCII characters expected") }
        return text
    }

    private static func tries(
        _ option: String, _ text: String
    ) throws(VirtualTokenError) -> Int {
        guard let tries = Int(text), (1...15).contains(tries) else {
            throw error(option, "\(text): 1 to 15 expected")
        }
        return tries
    }

    private static func version(_ text: String) throws(VirtualTokenError) -> [UInt8] {
        let parts = text.split(separator: ".").compactMap { UInt8($0) }
        guard parts.count == 3 else {
            throw error("--yubico-version", "\(text): like 5.4.3 expected")
        }
        return parts
    }

    private static func number<N: FixedWidthInteger>(
        _ option: String, _ text: String
    ) throws(VirtualTokenError) -> N {
        guard let number = N(text) else {
            throw error(option, "\(text): a number up to \(N.max) expected")
        }
        return number
    }

    private static func error(_ option: String, _ reason: String) -> VirtualTokenError {
        VirtualTokenError(.badRequest, "\(option): \(reason)")
    }
}
