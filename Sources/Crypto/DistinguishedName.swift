/// A distinguished name (RFC 5280, 4.1.2.4): attributes in the certificate's own order.
///
/// Values are as the certificate has them: not normalised, and with any character but NUL in
/// them. Whoever shows one on a terminal escapes it.
package struct DistinguishedName: Equatable, Hashable, Sendable, CustomStringConvertible {
    package struct Attribute: Equatable, Hashable, Sendable {
        /// OpenSSL's short name (`CN`, `O`, `OU`, `L`, `C`, `emailAddress`), or the OID in dots.
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let attributes: [Attribute]

    package init(_ attributes: [Attribute]) { self.attributes = attributes }

    /// All values of one attribute, first to last.
    package func values(_ name: String) -> [String] {
        attributes.filter { $0.name == name }.map(\.value)
    }

    /// The last CN: the most specific one where there are several.
    package var commonName: String? { values("CN").last }

    /// The first O.
    package var organization: String? { values("O").first }

    /// OU values, outer to inner as the certificate lists them.
    package var organizationalUnits: [String] { values("OU") }

    /// `C=VN, O=…, CN=…`: for people; not the escaped form of RFC 4514.
    package var description: String {
        attributes.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    }
}
