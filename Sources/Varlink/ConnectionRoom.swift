/// How a service's owner stands to a caller: who is given a connection where there are few.
package enum VarlinkStanding: Sendable {
    /// Strangers share a part of the connections, however many they are.
    case stranger
    case known
    /// Has some connections that nobody else is given.
    case keeper
}

/// Whose a connection is.
struct ConnectionHolder {
    let user: UInt32
    let standing: VarlinkStanding
}

extension VarlinkLimits {
    /// Connections of all strangers together.
    package var connectionsOfStrangers: Int { connections / 4 }
    /// Connections that only keepers are given.
    package var connectionsForKeepers: Int { min(4, connections / 4) }

    /// The standing of one more caller, who is asked about once and only where it matters; nil
    /// where there is no room for it.
    func admit(
        _ user: UInt32, among others: some Sequence<ConnectionHolder>,
        as judge: () -> VarlinkStanding
    ) -> VarlinkStanding? {
        var (all, sameUser, strangers, keepers) = (0, 0, 0, 0)
        for other in others {
            all += 1
            if other.user == user { sameUser += 1 }
            switch other.standing {
            case .stranger: strangers += 1
            case .known: break
            case .keeper: keepers += 1
            }
        }
        guard all < connections, sameUser < connectionsPerUser else { return nil }
        let standing = judge()
        let isFull = all - keepers >= connections - connectionsForKeepers
        let hasRoom =
            switch standing {
            case .keeper: true
            case .known: !isFull
            case .stranger: !isFull && strangers < connectionsOfStrangers
            }
        return hasRoom ? standing : nil
    }
}
