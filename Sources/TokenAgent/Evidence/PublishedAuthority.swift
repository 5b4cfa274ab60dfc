import Crypto

/// A government authority by its published pin. A pin trusts nobody: it says what the installed
/// certificate is, as far as anybody outside the authority could make sure.
struct PublishedAuthority: Equatable, Sendable {
    enum Confirmation: Sendable {
        /// Read from the authority's own file, and equal to what two others pin.
        case measured
        /// Named by one public source.
        case oneSource
    }

    let name: String
    /// Upper-case hex.
    let sha256: String
    let confirmation: Confirmation

    static let all: [PublishedAuthority] = [
        PublishedAuthority(
            name: "the government's root G2",
            sha256: "F04BA4B459A7C9A1B971AD9B1CB833E695A80C79AEA63B174B66A70EDFE2FDB8",
            confirmation: .measured),
        PublishedAuthority(
            name: "the authority G2 for state bodies",
            sha256: "D8CAB7A4AEF92E6BB2509D7C61CEE7B44F3731B2D21074963530277B366FAE4B",
            confirmation: .measured),
        PublishedAuthority(
            name: "the authority G2 for bodies of the Party",
            sha256: "E4B402E3CB4CACC0A20D21FA49BCE76BEB4EB47BA7FFB7A8F71C554DBE561A81",
            confirmation: .oneSource),
        PublishedAuthority(
            name: "the government's root G1",
            sha256: "F7BC89054CEC7F12730D7B8CD3EB7955B163835087E5EB873EDFB584763B3F90",
            confirmation: .oneSource),
        PublishedAuthority(
            name: "the authority G1 for state bodies",
            sha256: "75E969C07BA35C29C72BBC1BFB880F20F3891A619B00B77EB02CA6160736A1FE",
            confirmation: .oneSource),
    ]

    static func named(_ certificate: Certificate) -> PublishedAuthority? {
        all.first { $0.sha256 == certificate.fingerprintSHA256 }
    }

    var words: String {
        switch confirmation {
        case .measured: "\(name), by a pin read from its own file and published by two others"
        case .oneSource: "\(name), by a pin that one public source names"
        }
    }
}
