import Casework
import System
import Varlink

/// Who calls and what may be done in this call: settled when the call came in. A sign-in that
/// begins or ends meanwhile changes nothing of it.
struct Caller: Equatable, Sendable {
    let who: Who
    let roles: Set<Role>
    let rights: Set<Right>

    func has(_ right: Right) -> Bool { rights.contains(right) }
}

/// How an officer proved to be who they are.
enum OfficerProof: String, Sendable {
    case password, token

    init(_ evidence: OfficerEvidence) {
        switch evidence {
        case .password: self = .password
        case .token: self = .token
        }
    }
}

extension Access {
    /// - Parameter officer: who is signed in; nil for nobody.
    func caller(_ peer: Peer, _ officer: (Officer, by: OfficerProof)? = nil) -> Caller {
        let given = roles(of: peer)
        var mine = given
        var rights = rights(of: peer)
        var who = Who(user: peer.user, proof: "peer-credentials")
        if let (officer, proof) = officer {
            mine.formIntersection(officer.roles)
            rights = officer.rights
            who.officer = officer.id
            who.proof = proof.rawValue
        } else {
            mine.subtract(required.roles)
            rights.subtract(required.rights)
        }
        // Whoever is anything may look.
        if !given.isEmpty { mine.insert(.observer) }
        return Caller(who: who, roles: mine, rights: rights)
    }
}

extension VarlinkCall {
    /// As the station's hook settled it; nobody where there is none.
    var caller: Caller {
        (grant as? Caller)
            ?? Caller(
                who: Who(user: peer.user, proof: "peer-credentials"), roles: [], rights: [])
    }
}
