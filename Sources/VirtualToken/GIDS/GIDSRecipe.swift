import Crypto

/// The command line of a GIDS token.
package struct GIDSRecipe: TokenRecipe {
    package typealias Container = GIDSFiles.Container

    package var model = GIDSModel()
    package var containers = [Container(.exchange, .rsa(bits: 2048))]
    /// A test PIN, ASCII.
    package var pin = "123456"
    /// The administrator's test key.
    package var admin: [UInt8] = (0..<24).map { $0 % 8 + 1 }
    package var pinTries = 3
    package var adminTries = 3
    /// No tries left for the PIN.
    package var isLocked = false
    /// Not initialised: neither files nor codes.
    package var isBlank = false
    /// Certificates are stored as they are.
    package var isUncompressed = false
    package var serial: UInt32 = 12_345_678
    package var subject = CertificateSubject()
    private var hasContainers = false

    package init() {}

    package mutating func set(
        _ option: String, _ value: () throws(VirtualTokenError) -> String
    ) throws(VirtualTokenError) -> Bool {
        switch option {
        case "--no-extended": model.extendedLength = false
        case "--oddity": try addOddity(try value())
        case "--key": try addContainer(try value())
        case "--pin": pin = try OptionValue.code(option, try value(), GIDSCard.pinLengths)
        case "--admin":
            guard let key = Hex.bytes(try value()), key.count == 24 else {
                throw OptionValue.error(option, "48 hexadecimal digits expected")
            }
            admin = key
        case "--pin-tries": pinTries = try OptionValue.tries(option, try value())
        case "--admin-tries": adminTries = try OptionValue.tries(option, try value())
        case "--locked": isLocked = true
        case "--blank": isBlank = true
        case "--uncompressed": isUncompressed = true
        case "--serial":
            let number: UInt32 = try OptionValue.number(option, try value())
            guard number <= 99_999_999 else {
                throw OptionValue.error(option, "\(number): at most eight digits expected")
            }
            serial = number
        default: return try subject.set(option, value)
        }
        return true
    }

    private mutating func addOddity(_ name: String) throws(VirtualTokenError) {
        guard let known = GIDSModel.Oddities.named.first(where: { $0.0 == name }) else {
            let names = GIDSModel.Oddities.named.map(\.0).joined(separator: ", ")
            throw OptionValue.error("--oddity", "\(name): one of \(names) expected")
        }
        model.oddities.insert(known.1)
    }

    /// `kxc=rsa2048`: containers in the order they are given; `none` for none at all.
    private mutating func addContainer(_ text: String) throws(VirtualTokenError) {
        if !hasContainers { containers = [] }
        hasContainers = true
        if text == "none" { return }
        let key = try OptionValue.key(
            "--key", text,
            [
                ("rsa1024", .rsa(bits: 1024)), ("rsa2048", .rsa(bits: 2048)),
                ("rsa3072", .rsa(bits: 3072)), ("p256", .p256), ("p384", .p384),
            ])
        guard let purpose = Container.Purpose(rawValue: key.place) else {
            throw OptionValue.error("--key", "\(key.place): kxc or ksc expected")
        }
        guard !key.isImported else {
            throw OptionValue.error("--key", "\(text): this family tells no key's origin")
        }
        guard containers.count < 16 else {
            throw OptionValue.error("--key", "\(text): 16 containers at most")
        }
        containers.append(Container(purpose, key.algorithm))
    }

    package func make(
        now: Int64, authority: CertificateIssuer
    ) throws(VirtualTokenError) -> any SimulatedCard {
        guard !isBlank else { return GIDSCard(model, .blank) }
        var state = GIDSState(
            pin: CardCode(value: Array(pin.utf8), total: pinTries, left: isLocked ? 0 : nil),
            admin: CardCode(value: admin, total: adminTries), isActivated: true)
        do throws(CryptoError) {
            var certificates: [[UInt8]] = []
            for (index, container) in containers.enumerated() {
                let pair = try KeyPair(generating: container.algorithm)
                var file = GIDSFile(parameters: GIDSFiles.key(index, container))
                file?.key = pair
                state.add(file)
                let usage: KeyUsage =
                    container.purpose == .exchange
                    ? [.digitalSignature, .keyEncipherment] : [.digitalSignature, .nonRepudiation]
                let certificate = try subject.certificate(
                    for: pair.publicKey, usage: usage, now: now, authority: authority)
                certificates.append(
                    GIDSFiles.certificate(certificate, compressed: !isUncompressed))
            }
            fill(&state, certificates)
            return GIDSCard(model, state)
        } catch {
            throw VirtualTokenError(.crypto, "making a token: \(error)")
        }
    }

    /// The file system around the certificates.
    private func fill(_ state: inout GIDSState, _ certificates: [[UInt8]]) {
        var entries = [
            GIDSFiles.Entry(directory: "mscp", file: GIDSFiles.directory),
            GIDSFiles.Entry(
                directory: "", name: "cardid", file: GIDSFiles.administered,
                object: GIDSFiles.cardIdentifier),
            GIDSFiles.Entry(
                directory: "", name: "cardapps", file: GIDSFiles.common,
                object: GIDSFiles.applications),
            GIDSFiles.Entry(
                directory: "", name: "cardcf", file: GIDSFiles.common, object: GIDSFiles.cache),
            GIDSFiles.Entry(
                directory: "mscp", name: "cmapfile", file: GIDSFiles.common,
                object: GIDSFiles.containerMap),
        ]
        var common: [UInt32: [UInt8]] = [
            GIDSFiles.applications: Array("mscp".utf8) + [0, 0, 0, 0],
            GIDSFiles.cache: [0, 0, 0, 0, 0, 0],
            GIDSFiles.containerMap: GIDSFiles.containerMap(containers),
        ]
        for (index, certificate) in certificates.enumerated() {
            let tag = GIDSFiles.firstCertificate + UInt32(truncatingIfNeeded: index)
            entries.append(
                GIDSFiles.Entry(
                    directory: "mscp", name: containers[index].certificateName(index),
                    file: GIDSFiles.common, object: tag))
            common[tag] = certificate
        }
        let files: [(UInt16, write: UInt8, read: UInt8, [UInt32: [UInt8]])] = [
            (
                GIDSFiles.directory, 0x30, 0x00,
                [
                    GIDSFiles.masterFile: GIDSFiles.masterFile(entries),
                    GIDSFiles.keyMap: GIDSFiles.keyMap(containers),
                ]
            ),
            (GIDSFiles.common, 0x30, 0x00, common),
            (0xA011, 0x30, 0xFF, [:]),
            (
                GIDSFiles.administered, 0x20, 0x00,
                [GIDSFiles.cardIdentifier: Self.identifier(serial)]
            ),
            (0xA013, 0x30, 0x30, [:]), (0xA014, 0x20, 0x20, [:]),
        ]
        for (number, write, read, objects) in files {
            var file = GIDSFile(
                parameters: GIDSFiles.dataObjects(number, write: write, read: read))
            file?.objects = objects
            state.add(file)
        }
        state.add(GIDSFile(parameters: GIDSFiles.administratorKeyParameters))
    }

    /// Shaped like a random UUID (RFC 9562, 5.4), the serial number its last eight digits.
    static func identifier(_ serial: UInt32) -> [UInt8] {
        var digits: [UInt8] = []
        var rest = serial
        for _ in 0..<4 {
            let pair = UInt8(truncatingIfNeeded: rest % 100)
            digits.insert((pair / 10) << 4 | pair % 10, at: 0)
            rest /= 100
        }
        return [0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0] + digits
    }

    package func keeping(_ text: String) throws(VirtualTokenError) -> any SimulatedCard {
        GIDSCard(model, try GIDSState(text))
    }
}

extension GIDSState {
    /// A file of its own making, in use.
    fileprivate mutating func add(_ file: GIDSFile?) {
        guard var file else { return }
        file.isActivated = true
        files[file.number] = file
    }
}
