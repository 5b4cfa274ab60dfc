import JSON

/// An error as it goes over the wire: its full name and what it carries.
package struct VarlinkFailure: Error, Equatable, Sendable {
    /// As `org.varlink.service.InvalidParameter`.
    package let error: String
    /// An object.
    package let parameters: JSONValue

    package init(_ error: String, _ parameters: JSONValue = [:]) {
        self.error = error
        self.parameters = parameters
    }

    /// No such interface.
    package static func interfaceNotFound(_ interface: String) -> VarlinkFailure {
        VarlinkFailure("org.varlink.service.InterfaceNotFound", ["interface": .string(interface)])
    }

    /// The interface has no such method.
    package static func methodNotFound(_ method: String) -> VarlinkFailure {
        VarlinkFailure("org.varlink.service.MethodNotFound", ["method": .string(method)])
    }

    /// The interface has the method, this service does not.
    package static func methodNotImplemented(_ method: String) -> VarlinkFailure {
        VarlinkFailure("org.varlink.service.MethodNotImplemented", ["method": .string(method)])
    }

    /// A parameter is missing, unknown, of the wrong kind or out of range; as a path.
    package static func invalidParameter(_ parameter: String) -> VarlinkFailure {
        VarlinkFailure("org.varlink.service.InvalidParameter", ["parameter": .string(parameter)])
    }

    /// The caller may not.
    package static let permissionDenied = VarlinkFailure("org.varlink.service.PermissionDenied")

    /// The method answers more than once and wants to be called with `more`.
    package static let expectedMore = VarlinkFailure("org.varlink.service.ExpectedMore")

    /// Parameters that could not be read: the one it is about is named.
    package init(_ error: JSONError) {
        self = .invalidParameter(error.path.isEmpty ? "parameters" : error.path)
    }
}

/// Runs `body`, which reads parameters; what it refuses becomes InvalidParameter.
package func readingParameters<R: ~Copyable>(
    _ body: () throws(JSONError) -> R
) throws(VarlinkFailure) -> R {
    do throws(JSONError) {
        return try body()
    } catch {
        throw VarlinkFailure(error)
    }
}
