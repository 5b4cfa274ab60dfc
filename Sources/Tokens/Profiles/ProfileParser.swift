import JSON

extension TokenProfile {
    /// Longest file that is read, in bytes.
    package static var longestFile: Int { 64 * 1024 }

    /// A profile as one file writes it, and where its `match` stands (or its start, without).
    package struct InFile: Equatable, Sendable {
        package let profile: TokenProfile
        package let file: String
        package let line: Int
        package let column: Int
    }

    /// Reads one file.
    /// - Returns: the profile, or every mistake that was found, in the order of the file.
    package static func parse(
        _ bytes: [UInt8], file: String
    ) -> (profile: InFile?, mistakes: [FileMistake]) {
        var reader = FileReader(ProfileKey.keys)
        var draft: ProfileDraft?
        do throws(JSONError) {
            let limits = JSONLimits(depth: 4, length: longestFile, stringLength: 4096, keys: 64)
            draft = try JSONReader.over(bytes, dialect: .configuration, limits: limits) {
                (json) throws(JSONError) in
                try ProfileDraft(&json, &reader)
            }
        } catch {
            reader.note(error)
        }
        var found: InFile?
        if let draft, var profile = draft.profile(&reader) {
            profile.seal = ProfileSeal.read(bytes)
            // A record of a commissioning whose seal was taken off.
            if profile.seal == .absent, profile.commissioning != nil { profile.seal = .broken }
            found = InFile(
                profile: profile, file: file, line: draft.matchPlace?.line ?? 1,
                column: draft.matchPlace?.column ?? 1)
        }
        let mistakes = reader.mistakes(in: file)
        return (mistakes.isEmpty ? found : nil, mistakes)
    }
}

extension ProfileDraft {
    /// Holds the values against each other and against the family; nil where something is
    /// missing, which has been noted.
    func profile(_ reader: inout FileReader) -> TokenProfile? {
        guard let family else { return nil }
        let match = checkedMatch(family.value, &reader)
        let code = pin.checked("the PIN", family.value?.pin, family.value, &reader)
        let ways = checkedWays(family.value, &reader)
        let signatures = checkedSignatures(&reader)
        let standing = checkedStanding(&reader)
        if family.value == nil {
            if let state = self.standing.state, state.value != .refused {
                reader.note(
                    state.place, "what no family knows cannot be helped: it is \"refused\"")
            }
            for place in placesOfUse { reader.note(place, "says nothing with the family none") }
        }
        guard let name, let title, let standing else { return nil }
        return TokenProfile(
            name: name.value, title: title.value, match: match,
            statusQuery: statusQuery?.value ?? .asFamilyKnows, pin: code, ways: ways,
            signatures: signatures,
            writeCap: writeCap.map { .milliseconds($0.value) }, standing: standing,
            commissioning: checkedCommissioning(standing.state, &reader))
    }

    private func checkedCommissioning(
        _ state: ProfileStanding.State, _ reader: inout FileReader
    ) -> Commissioning? {
        guard let place = commissionPlace else { return nil }
        if state != .commissioned { reader.note(place, "says nothing with \"\(state.rawValue)\"") }
        guard let id = commission.id, let station = commission.station, let at = commission.at,
            let user = commission.user, let serial = commission.serial,
            let signatures = commission.signatures
        else { return nil }
        return Commissioning(
            id: id.value, station: station.value, at: at.value, user: user.value,
            serial: serial.value, firmware: commission.firmware?.value,
            pinTries: commission.pinTries?.value, signatures: signatures.value)
    }

    /// Where something stands that only a token of a known family can make use of.
    private var placesOfUse: [FilePlace] {
        [statusQuery?.place, ways?.place, signatures?.place, writeCap?.place].compactMap { $0 }
            + pin.places
    }

    private func checkedMatch(
        _ family: FamilyLimits?, _ reader: inout FileReader
    ) -> ProfileMatch {
        if let from, let below, below.value <= from.value {
            reader.note(below.place, "no version is before this and from \(from.value) on")
        }
        if versionPlace != nil, from == nil, below == nil, let versionPlace,
            !reader.hasNoted(below: versionPlace.path)
        {
            reader.note(versionPlace, "names neither \"from\" nor \"below\"")
        }
        if family == nil {
            for place in [
                aid?.place, model?.place, label?.place, manufacturer?.place, versionPlace,
            ] {
                guard let place else { continue }
                reader.note(place, "a card that no family knows shows none of it")
            }
            if atrs == nil || atrs?.value.isEmpty == true,
                !reader.hasNoted(below: "match.atr")
            {
                let place = atrs?.place ?? matchPlace ?? self.family?.place
                if let place {
                    reader.note(place, "with the family none, \"atr\" must name one at least")
                }
            }
        }
        return ProfileMatch(
            family: family?.name, aid: aid?.value, model: model?.value, label: label?.value,
            manufacturer: manufacturer?.value,
            version: versionPlace == nil
                ? nil : VersionRange(from: from?.value, below: below?.value),
            atrs: atrs?.value ?? [])
    }

    private func checkedWays(
        _ family: FamilyLimits?, _ reader: inout FileReader
    ) -> [ProfileWay]? {
        guard let ways else { return nil }
        var checked: [ProfileWay] = []
        for way in ways.value {
            guard let form = way.form else { continue }
            if checked.contains(where: { $0.form == form.value }) {
                reader.note(form.place, "stands twice")
            }
            if let family, family.way(form.value) == nil {
                reader.note(
                    form.place,
                    "the family \(family.name) has only "
                        + family.ways.map(\.form.rawValue).joined(separator: " and "))
                continue
            }
            let limits = family?.way(form.value)
            if limits != nil, limits?.code == nil {
                for place in way.code.places {
                    reader.note(place, "nothing is typed where a key answers a challenge")
                }
            }
            checked.append(
                ProfileWay(
                    form: form.value,
                    code: way.code.checked("this code", limits?.code, family, &reader)))
        }
        return checked
    }

    private func checkedSignatures(_ reader: inout FileReader) -> [SignatureEnvelope] {
        var checked: [SignatureEnvelope] = []
        for entry in signatures?.value ?? [] {
            if let least = entry.shortest, let most = entry.longest, most.value < least.value {
                reader.note(most.place, "is below min_us (\(least.value))")
            } else if let least = entry.shortest, let most = entry.longest,
                let spread = entry.spread, spread.value > most.value - least.value
            {
                reader.note(
                    spread.place, "is above max_us - min_us (\(most.value - least.value))")
            }
            guard let key = entry.key else { continue }
            if checked.contains(where: { $0.key == key.value }) {
                reader.note(key.place, "stands twice")
            }
            guard let least = entry.shortest, let most = entry.longest, let spread = entry.spread
            else { continue }
            checked.append(
                SignatureEnvelope(
                    key: key.value, shortest: .microseconds(least.value),
                    longest: .microseconds(most.value), spread: .microseconds(spread.value)))
        }
        return checked
    }

    private func checkedStanding(_ reader: inout FileReader) -> ProfileStanding? {
        guard let place = standingPlace, let state = standing.state else { return nil }
        func need(_ value: Placed<String>?, _ key: String) -> String {
            if let value { return value.value }
            if !reader.hasNoted(below: "standing." + key) {
                reader.note(
                    JSONError(
                        code: .invalid("\"\(state.value.rawValue)\" needs it"), line: place.line,
                        column: place.column, path: "standing." + key))
            }
            return ""
        }
        func without(_ values: [Placed<String>?]) {
            for value in values {
                guard let value else { continue }
                reader.note(value.place, "says nothing with \"\(state.value.rawValue)\"")
            }
        }
        switch state.value {
        case .published:
            without([standing.by, standing.on, standing.evidence, standing.next])
            return .published(sources: need(standing.reason, "reason"))
        case .commissioned:
            without([standing.reason, standing.next])
            return .commissioned(
                by: need(standing.by, "by"), on: need(standing.on, "on"),
                evidence: need(standing.evidence, "evidence"))
        case .provisional:
            without([standing.evidence, standing.next])
            return .provisional(
                reason: need(standing.reason, "reason"), by: need(standing.by, "by"),
                on: need(standing.on, "on"))
        case .refused:
            without([standing.by, standing.on, standing.evidence])
            return .refused(
                reason: need(standing.reason, "reason"), next: need(standing.next, "next"))
        }
    }
}

extension ProfileDraft.Code {
    /// Where it says anything.
    var places: [FilePlace] {
        [
            reference?.place, minimum?.place, maximum?.place, characters?.place, stored?.place,
            padding?.place,
        ].compactMap { $0 }
    }

    /// Holds a code against what its family allows; `limits` is nil where nothing is to be held.
    func checked(
        _ what: String, _ limits: CodeRule?, _ family: FamilyLimits?,
        _ reader: inout FileReader
    ) -> ProfileCode {
        if let family, let limits {
            for bound in [minimum, maximum] {
                guard let bound, !(limits.minimum...limits.maximum).contains(bound.value) else {
                    continue
                }
                reader.note(
                    bound.place,
                    "\(what) of the family \(family.name) has \(limits.minimum) to "
                        + "\(limits.maximum) characters")
            }
            if let characters, !characters.value.isWithin(limits.characters) {
                reader.note(
                    characters.place, "widens the family's \(limits.characters.rawValue)")
            }
            if !family.isGeneric {
                for place in [reference?.place, stored?.place, padding?.place] {
                    guard let place else { continue }
                    reader.note(place, "the family \(family.name) fixes it: leave it out")
                }
            }
        }
        if let minimum, let maximum, maximum.value < minimum.value {
            reader.note(maximum.place, "is below min (\(minimum.value))")
        }
        if let stored, padding == nil, !reader.hasNoted(below: stored.place.sibling("pad")) {
            reader.note(stored.place, "needs \"pad\" beside it")
        }
        if let padding, stored == nil, !reader.hasNoted(below: padding.place.sibling("stored")) {
            reader.note(padding.place, "needs \"stored\" beside it")
        }
        if let stored, let maximum, stored.value < maximum.value {
            reader.note(stored.place, "is below max (\(maximum.value))")
        }
        var code = ProfileCode()
        code.reference = reference?.value
        code.minimum = minimum?.value
        code.maximum = maximum?.value
        code.characters = characters?.value
        code.stored = stored?.value
        code.padding = padding?.value
        return code
    }
}

extension FilePlace {
    /// The path of another member of the same object.
    fileprivate func sibling(_ key: String) -> String {
        let outer = path.split(separator: ".").dropLast().joined(separator: ".")
        return outer.isEmpty ? key : outer + "." + key
    }
}
