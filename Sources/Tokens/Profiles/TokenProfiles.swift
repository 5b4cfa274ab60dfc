import JSON

/// The profiles a station knows. For every token the ones that fit it stand one within the
/// other, so the narrowest is always one; that is seen to when they are put together.
package struct TokenProfiles: Equatable, Sendable {
    /// By name.
    package let all: [TokenProfile]

    /// None at all.
    package init() { all = [] }

    private init(_ all: [TokenProfile]) { self.all = all }

    /// Most files of one folder.
    package static var mostFiles: Int { 256 }

    /// Puts files together.
    /// - Returns: the profiles, or every mistake in any of them and between them.
    package static func load(
        _ files: [(name: String, bytes: [UInt8])]
    ) -> (profiles: TokenProfiles?, mistakes: [FileMistake]) {
        var found: [TokenProfile.InFile] = []
        var mistakes: [FileMistake] = []
        if files.count > mostFiles {
            mistakes.append(
                FileMistake(
                    file: files[mostFiles].name, line: 1, column: 1, path: "",
                    wrong: "one file too many", allowed: "\(mostFiles) files"))
        }
        for file in files.prefix(mostFiles) {
            let read = TokenProfile.parse(file.bytes, file: file.name)
            mistakes += read.mistakes
            if let profile = read.profile { found.append(profile) }
        }
        mistakes += conflicts(found)
        guard mistakes.isEmpty else { return (nil, mistakes) }
        return (TokenProfiles(found.map(\.profile).sorted { $0.name < $1.name }), [])
    }

    /// Names that stand twice, and pairs of which neither is the narrower.
    package static func conflicts(_ found: [TokenProfile.InFile]) -> [FileMistake] {
        var mistakes: [FileMistake] = []
        for (i, later) in found.enumerated() {
            for earlier in found[..<i] {
                func note(_ path: String, _ wrong: String, _ allowed: String) {
                    mistakes.append(
                        FileMistake(
                            file: later.file, line: later.line, column: later.column, path: path,
                            wrong: wrong, allowed: allowed))
                }
                if earlier.profile.name == later.profile.name {
                    note(
                        "name", "\"\(later.profile.name)\" is the name of \(earlier.file) too",
                        "a name of its own")
                }
                let (a, b) = (earlier.profile.match, later.profile.match)
                guard a.overlaps(b), a.isWithin(b) == b.isWithin(a) else { continue }
                note(
                    "match",
                    "a token could fit this and \"\(earlier.profile.name)\" "
                        + "(\(earlier.file): line \(earlier.line)), and neither is the narrower",
                    "a match that lies within the other's, or apart from it")
            }
        }
        return mistakes
    }

    /// A loaded profile that one of that name and match could not stand beside.
    /// - Parameter old: the one it takes the place of.
    package func conflict(
        of match: ProfileMatch, named name: String, replacing old: TokenProfile?
    ) -> TokenProfile? {
        all.first { other in
            guard other.name != old?.name else { return false }
            return other.name == name
                || match.overlaps(other.match)
                    && match.isWithin(other.match) == other.match.isWithin(match)
        }
    }

    /// The narrowest profile that fits; nil where none does.
    package func match(_ subject: ProfileSubject) -> TokenProfile? {
        var best: TokenProfile?
        for profile in all where profile.match.fits(subject) {
            if let found = best, found.match.isWithin(profile.match) { continue }
            best = profile
        }
        return best
    }
}
