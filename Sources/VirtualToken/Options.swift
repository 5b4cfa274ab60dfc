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
    /// The token, by the model's family.
    package var recipe: any TokenRecipe
    package var faults: [Fault] = []
    /// With `.usb` only.
    package var reader = ReaderDesign()
    package var readerFaults: [ReaderFault] = []
    /// What will be typed at the reader's pad.
    package var typed: [[String]] = []
    package var stateFolder: String?
    package var authorityFolder: String?
    package var authorityOut: String?
    package var deviceRootOut: String?
    package var control: String?
    package var stays = false
    /// Milliseconds to go on trying to connect at the start.
    package var patience = 5000
    package var wantsHelp = false
    package var wantsVersion = false

    /// - Parameter arguments: without the program's name.
    /// - Throws: `.badRequest` or `.badFault`, naming the option.
    package init(_ arguments: [String]) throws(VirtualTokenError) {
        recipe = try Self.model(in: arguments).recipe()
        var rest = arguments[...]
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
                    throw OptionValue.error(option, "a value is missing")
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
                    port = try OptionValue.number(option, attached)
                }
                try attach(.vpcd(port: port), option)
            case "--attach": try attach(.socket(path: try value()), option)
            case "--model": _ = try value()
            case "--listen":
                let text = try value()
                guard case .usb = attachment else {
                    throw OptionValue.error(option, "only after the word usb")
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
            case "--cvc-out": deviceRootOut = try value()
            case "--control": control = try value()
            case "--stay": stays = true
            case "--patience": patience = Int(try OptionValue.number(option, try value()) as UInt32)
            default:
                if try recipe.set(option, value) { continue }
                guard try reader.set(option, value) else {
                    throw OptionValue.error(option, "no such option; see --help")
                }
                readerOption = option
            }
        }
        if let readerOption {
            guard case .usb = attachment else {
                throw OptionValue.error(readerOption, "only after the word usb")
            }
        }
    }

    private mutating func attach(
        _ way: Attachment, _ option: String
    ) throws(VirtualTokenError) {
        guard attachment == nil else { throw OptionValue.error(option, "only one way to attach") }
        attachment = way
    }

    /// `127.0.0.1:3240`. No other address is listened at: there is no proof of who connects.
    private static func port(
        _ option: String, _ text: String
    ) throws(VirtualTokenError) -> UInt16 {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "127.0.0.1", let port = UInt16(parts[1]) else {
            throw OptionValue.error(option, "\(text): 127.0.0.1:PORT expected")
        }
        return port
    }

    /// The model decides which other options there are, so it is looked for before them.
    private static func model(in arguments: [String]) throws(VirtualTokenError) -> TokenModel {
        var model = TokenModel.all[0]
        for (index, word) in arguments.enumerated() {
            if word.hasPrefix("--model=") {
                model = try TokenModel.named(String(word.dropFirst(8)))
            } else if word == "--model", index + 1 < arguments.count {
                model = try TokenModel.named(arguments[index + 1])
            }
        }
        return model
    }
}
