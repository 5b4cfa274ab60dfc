import JSON

/// The interfaces a service has, with the methods their texts name.
struct Registry: Sendable {
    struct Entry: Sendable {
        let interface: any VarlinkInterface
        let methods: Set<String>
    }

    private let entries: [String: Entry]

    init(
        _ identity: VarlinkIdentity, _ interfaces: [any VarlinkInterface]
    ) throws(VarlinkServerError) {
        var texts = [OrgVarlinkService.text]
        var names = [OrgVarlinkService.name]
        for interface in interfaces {
            names.append(interface.name)
            texts.append(interface.description)
        }
        let service = OrgVarlinkService(
            identity: identity, texts: Array(zip(names, texts)).sorted { $0.0 < $1.0 })
        var entries: [String: Entry] = [:]
        for interface in [service] + interfaces {
            let description: InterfaceDescription
            do throws(InterfaceError) {
                description = try InterfaceDescription(parsing: interface.description)
            } catch {
                throw .malformedDescription(interface: interface.name, error)
            }
            guard description.name == interface.name else {
                throw .otherName(interface: interface.name, inText: description.name)
            }
            guard entries[interface.name] == nil else {
                throw .duplicateInterface(interface.name)
            }
            entries[interface.name] = Entry(
                interface: interface, methods: Set(description.methods.map(\.name)))
        }
        self.entries = entries
    }

    /// What answers the method.
    func interface(for request: Request) throws(VarlinkFailure) -> any VarlinkInterface {
        guard let entry = entries[request.interface] else {
            throw .interfaceNotFound(request.interface.isEmpty ? request.method : request.interface)
        }
        guard entry.methods.contains(request.method) else {
            throw .methodNotFound(request.fullMethod)
        }
        return entry.interface
    }
}

/// `org.varlink.service`, which every service answers.
struct OrgVarlinkService: VarlinkInterface {
    static let name = "org.varlink.service"
    let identity: VarlinkIdentity
    /// Name and text of each interface, in the order of the names.
    let texts: [(String, String)]

    var name: String { Self.name }
    var description: String { Self.text }

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        switch call.method {
        case "GetInfo":
            try readNothing(&parameters)
            call.reply {
                $0.member("vendor", identity.vendor)
                $0.member("product", identity.product)
                $0.member("version", identity.version)
                $0.member("url", identity.url)
                $0.member("interfaces", texts.map(\.0))
            }
        case "GetInterfaceDescription":
            let wanted = try readInterface(&parameters)
            guard let text = texts.first(where: { $0.0 == wanted })?.1 else {
                throw .interfaceNotFound(wanted)
            }
            call.reply { $0.member("description", text) }
        default:
            throw .methodNotFound(call.fullMethod)
        }
    }

    private func readNothing(_ reader: inout JSONReader) throws(VarlinkFailure) {
        do throws(JSONError) {
            try reader.noMembers()
        } catch {
            throw VarlinkFailure(error)
        }
    }

    private func readInterface(_ reader: inout JSONReader) throws(VarlinkFailure) -> String {
        do throws(JSONError) {
            var interface: String?
            try reader.beginObject()
            while let key = try reader.nextKey() {
                guard key == "interface" else { throw reader.unknownKey(key) }
                interface = try reader.string()
            }
            guard let interface else { throw reader.missingKey("interface") }
            return interface
        } catch {
            throw VarlinkFailure(error)
        }
    }

    /// The text that varlink.org gives.
    static let text = """
        # The Varlink Service Interface is provided by every varlink service. It
        # describes the service and the interfaces it implements.
        interface org.varlink.service

        # Get a list of all the interfaces a service provides and information
        # about the implementation.
        method GetInfo() -> (
          vendor: string,
          product: string,
          version: string,
          url: string,
          interfaces: []string
        )

        # Get the description of an interface that is implemented by this service.
        method GetInterfaceDescription(interface: string) -> (description: string)

        # The requested interface was not found.
        error InterfaceNotFound (interface: string)

        # The requested method was not found
        error MethodNotFound (method: string)

        # The interface defines the requested method, but the service does not
        # implement it.
        error MethodNotImplemented (method: string)

        # One of the passed parameters is invalid.
        error InvalidParameter (parameter: string)

        # Client is denied access
        error PermissionDenied ()

        # Method is expected to be called with 'more' set to true, but wasn't
        error ExpectedMore ()

        """
}
