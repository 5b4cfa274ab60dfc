extension BodyTable {
    /// The table by its words: one with diacritics, and one without for what is written so.
    struct Index: Sendable {
        /// An old name in a text: its words from `start` to `end`, with the district behind it.
        struct Found {
            let start: Int
            let end: Int
            let changes: [Int]
            /// Whether the district was named and told which.
            let isByDistrict: Bool
        }

        private let old: [[String]: [Int]]
        private let new: Set<[String]>
        private let districts: [[String]]
        private let successors: [[ComparedText.Word]]
        private let spellings: [[String]: [ComparedText.Word]]
        private let place: [String]
        private let fold: @Sendable (String) -> String
        private let longest: Int

        init(
            _ changes: [Change], _ spellings: [Spelling], _ place: String?,
            _ fold: @escaping @Sendable (String) -> String
        ) {
            func folded(_ text: String?) -> [ComparedText.Word] {
                BodyTable.words(text ?? "").map {
                    ComparedText.Word(text: fold($0.text), ends: $0.ends)
                }
            }
            var old: [[String]: [Int]] = [:]
            var new: Set<[String]> = []
            for (i, change) in changes.enumerated() {
                old[folded(change.old).map(\.text), default: []].append(i)
                new.insert(folded(change.new).map(\.text))
            }
            var also: [[String]: [ComparedText.Word]] = [:]
            for spelling in spellings {
                let name = folded(spelling.name)
                for other in spelling.also {
                    let words = folded(other).map(\.text)
                    if words != name.map(\.text) { also[words] = name }
                }
            }
            old[[]] = nil
            also[[]] = nil
            self.old = old
            self.new = new
            self.spellings = also
            self.fold = fold
            self.place = folded(place).map(\.text)
            districts = changes.map { folded($0.district).map(\.text) }
            successors = changes.map { folded($0.new) }
            longest = (Array(old.keys) + Array(also.keys)).map(\.count).max() ?? 0
        }

        /// Old names in `words`, from left to right, the longest at each place. `around` is what
        /// stands elsewhere and may name the district.
        func oldNames(in words: [ComparedText.Word], around: [[String]] = []) -> [Found] {
            let texts = words.map { fold($0.text) }
            var found: [Found] = []
            var at = 0
            while at < texts.count {
                let next = oldName(at, texts, words, around)
                if let next { found.append(next) }
                at = next?.end ?? at + 1
            }
            return found
        }

        private func oldName(
            _ start: Int, _ texts: [String], _ words: [ComparedText.Word], _ around: [[String]]
        ) -> Found? {
            for end in candidates(start, texts.count) {
                let name = Array(texts[start..<end])
                guard let changes = old[name] else { continue }
                // A district behind the name says which; one in a certificate stands elsewhere.
                let here = changes.filter { i in
                    !districts[i].isEmpty && texts[end...].starts(with: districts[i])
                }
                if let first = here.first {
                    return Found(
                        start: start, end: end + districts[first].count, changes: here,
                        isByDistrict: true)
                }
                let elsewhere = changes.filter { i in
                    !districts[i].isEmpty && around.contains { $0.holds(districts[i]) }
                }
                guard endsName(end, texts, words) else { continue }
                if !elsewhere.isEmpty {
                    return Found(start: start, end: end, changes: elsewhere, isByDistrict: true)
                }
                // In use again: by itself the name means the body of today.
                if new.contains(name) { return nil }
                return Found(start: start, end: end, changes: changes, isByDistrict: false)
            }
            return nil
        }

        /// What `words` say with old names replaced by those of today: one text, or several
        /// where an old name went to several.
        func today(_ words: [ComparedText.Word], around: [[String]]) -> [ComparedText] {
            var texts: [[ComparedText.Word]] = [[]]
            var at = 0
            for found in oldNames(in: words, around: around) {
                let before = Array(words[at..<found.start])
                at = found.end
                var grown: [[ComparedText.Word]] = []
                for text in texts {
                    for i in found.changes.prefix(16) where grown.count < 64 {
                        grown.append(text + before + successors[i])
                    }
                }
                texts = grown
            }
            return texts.map { ComparedText(words: withoutPlace($0 + words[at...])) }
        }

        /// `words` with each other spelling replaced by the name itself.
        func spelled(_ words: [ComparedText.Word]) -> ComparedText {
            let texts = words.map { fold($0.text) }
            var result: [ComparedText.Word] = []
            var at = 0
            while at < texts.count {
                let end = candidates(at, texts.count).first {
                    spellings[Array(texts[at..<$0])] != nil && endsName($0, texts, words)
                }
                if let end, let name = spellings[Array(texts[at..<end])] {
                    result += name
                    at = end
                } else {
                    result.append(ComparedText.Word(text: texts[at], ends: words[at].ends))
                    at += 1
                }
            }
            return ComparedText(words: withoutPlace(result))
        }

        private func candidates(_ start: Int, _ count: Int) -> ReversedCollection<Range<Int>> {
            let last = min(start + longest, count)
            return (start + 1..<max(last + 1, start + 1)).reversed()
        }

        /// Whether a name may end before `end`: not where more of it may follow, as in "xã An"
        /// and "xã An Dương".
        private func endsName(_ end: Int, _ texts: [String], _ words: [ComparedText.Word]) -> Bool {
            if end == texts.count || words[end - 1].ends { return true }
            let rest = texts[end...]
            return Self.units.contains { rest.starts(with: $0.map(fold)) }
                || !place.isEmpty && rest.starts(with: place)
        }

        private func withoutPlace(_ words: [ComparedText.Word]) -> [ComparedText.Word] {
            guard !place.isEmpty, words.count > place.count,
                words.suffix(place.count).map({ fold($0.text) }) == place
            else { return words }
            return Array(words.dropLast(place.count))
        }

        /// What begins the name of a larger unit.
        private static let units = ["quận", "huyện", "thị xã", "thành phố", "tỉnh"].map {
            ComparedText($0).texts
        }
    }
}

extension [String] {
    /// Whether `part` stands in it, word for word.
    fileprivate func holds(_ part: [String]) -> Bool {
        guard !part.isEmpty, part.count <= count else { return false }
        return indices.contains { self[$0...].starts(with: part) }
    }
}
