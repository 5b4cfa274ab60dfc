import Casework
import Crypto
import Expectations
import Foundation
import System
import Testing

/// A small journal and what may happen to its bytes.
@Suite struct DamageTests {
    private let good: [UInt8]
    private let goodLines: [[UInt8]]
    private let head: String

    init() throws {
        let folder = TemporaryFolder()
        let book = try CaseBook(in: folder.path, mode: .training, clock: HandClock().clock())
        let file = try book.open(.sample, who: officer).file
        try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
        let open = try book.intend(.sample(), case: file.id, who: officer)
        _ = try open.finish(
            RestoreEnd(restore: "r1", outcome: .restored, triesSpent: .exactly(0)))
        try book.record(.closed(reason: "done"), case: file.id, who: officer)
        good = try folder.bytes()
        goodLines = lines(good)
        head = book.journal.head.hash
    }

    private func verify(_ bytes: [UInt8]) throws -> VerifyResult {
        let folder = TemporaryFolder()
        try folder.write(bytes)
        return try Journal.verify(folder.journal)
    }

    private func joined(_ lines: [[UInt8]]) -> [UInt8] { lines.flatMap { $0 + [0x0A] } }

    @Test func theUndamagedJournalHolds() throws {
        let result = try verify(good)
        #expect(result.holds && result.torn == nil)
        #expect(result.lines == 6)
        #expect(result.head == head)
    }

    @Test(arguments: [UInt8(0x01), 0x20, 0x80, 0xFF])
    func aChangedByteIsReportedWithItsLine(mask: UInt8) throws {
        var line: Int64 = 1
        let count = Int64(goodLines.count)
        for i in good.indices {
            var bytes = good
            bytes[i] ^= mask
            let result = try verify(bytes)
            let isLineFeed = good[i] == 0x0A
            if line < count {
                #expect(result.firstBad?.line == line, "byte \(i) of line \(line)")
            } else if isLineFeed {
                #expect(result.torn?.line == count)
            } else if let bad = result.firstBad {
                // Where nothing follows, a changed hash of the line before cannot be told
                // from that line changed.
                #expect(bad.line == count || bad.line == count - 1, "byte \(i)")
            } else {
                // Nothing in the file witnesses the last line, but the receipt does.
                #expect(result.head != head || result.torn != nil, "byte \(i)")
                let witness = try self.witness(bytes)
                #expect(witness == nil)
            }
            if isLineFeed { line += 1 }
        }
    }

    private func witness(_ bytes: [UInt8]) throws -> Int64? {
        let folder = TemporaryFolder()
        try folder.write(bytes)
        return try Journal.verify(folder.journal, witness: String(head.prefix(16))).witnessed
    }

    @Test func theReceiptsDigitsAreFoundInTheFile() throws {
        #expect(try witness(good) == 6)
        #expect(try witness(joined(Array(goodLines.dropLast()))) == nil)
    }

    @Test func aLineFeedPutInAnywhereIsReported() throws {
        var line: Int64 = 1
        for i in good.indices {
            var bytes = good
            if good[i] != 0x0A { bytes[i] = 0x0A } else { bytes.insert(0x0A, at: i) }
            let result = try verify(bytes)
            // A line feed behind a whole line makes an empty line of its own.
            let expected = good[i] == 0x0A ? line + 1 : line
            #expect(result.firstBad?.line == expected, "byte \(i)")
            if good[i] == 0x0A { line += 1 }
        }
    }

    @Test(arguments: 0..<5)
    func aRemovedLineIsReported(index: Int) throws {
        var lines = goodLines
        lines.remove(at: index)
        #expect(try verify(joined(lines)).firstBad?.line == Int64(index + 1))
    }

    @Test(arguments: 0..<5)
    func swappedLinesAreReported(index: Int) throws {
        var lines = goodLines
        lines.swapAt(index, index + 1)
        #expect(try verify(joined(lines)).firstBad?.line == Int64(index + 1))
    }

    /// Each line in the place of each other, and every run of lines taken out.
    @Test func linesChangedRoundOrTakenOutAreReportedWithTheFirst() throws {
        for i in goodLines.indices {
            for j in goodLines.indices where j > i {
                var lines = goodLines
                lines.swapAt(i, j)
                #expect(try verify(joined(lines)).firstBad?.line == Int64(i + 1), "\(i) \(j)")
                lines = goodLines
                lines.removeSubrange(i..<j)
                #expect(try verify(joined(lines)).firstBad?.line == Int64(i + 1), "\(i) \(j)")
                lines = goodLines
                lines.insert(lines[i], at: j + 1)
                #expect(try verify(joined(lines)).firstBad?.line == Int64(j + 2), "\(i) \(j)")
            }
        }
    }

    @Test func aByteTakenOutOrPutInAnywhereIsReported() throws {
        let lastStart = joined(Array(goodLines.dropLast())).count
        for i in good.indices {
            let line = Int64(good[..<i].count { $0 == 0x0A }) + 1
            var less = good
            less.remove(at: i)
            var more = good
            more.insert(good[i] == 0x0A ? 0x20 : good[i], at: i)
            for bytes in [less, more] {
                let result = try verify(bytes)
                if i < lastStart {
                    #expect(result.firstBad?.line == line, "byte \(i)")
                } else {
                    // Nothing in the file witnesses the last line, but the receipt does.
                    let isSeen = result.firstBad != nil || result.torn != nil
                    #expect(isSeen || result.head != head, "byte \(i)")
                }
            }
        }
    }

    /// Lines are read and hashed in pieces of a megabyte: what stands at their edges counts too.
    @Test func aLongJournalIsCheckedAcrossTheEdgesOfItsPieces() throws {
        let folder = TemporaryFolder()
        do {
            let journal = try Journal(in: folder.path, mode: .training)
            let text = String(repeating: "x", count: 900)
            while try folder.size() < 3_300_000 {
                try journal.append(.serviceStarted, who: officer) { $0.put(.reason, text) }
            }
        }
        let long = try folder.bytes()
        let whole = try verify(long)
        #expect(whole.holds && whole.lines == Int64(long.count { $0 == 0x0A }))
        for edge in [1 << 20, 2 << 20, 3 << 20] {
            for i in stride(from: edge - 2400, to: edge + 2400, by: 371) {
                var bytes = long
                bytes[i] ^= 1
                let line = Int64(long[..<i].count { $0 == 0x0A }) + 1
                #expect(try verify(bytes).firstBad?.line == line, "byte \(i)")
            }
            let cut = try verify(Array(long[..<edge]))
            #expect(cut.holds && cut.lines == Int64(long[..<edge].count { $0 == 0x0A }))
        }
        // Many short lines fill a piece before its bytes do.
        let feeds = try verify(long + [UInt8](repeating: 0x0A, count: 20_000))
        #expect(feeds.firstBad?.line == whole.lines + 1)
        let tail = try verify(long + [UInt8](repeating: 0x78, count: 300_000))
        #expect(tail.firstBad?.line == whole.lines + 1)
    }

    @Test(arguments: 0..<6)
    func aRepeatedLineIsReported(index: Int) throws {
        var lines = goodLines
        lines.insert(lines[index], at: index)
        #expect(try verify(joined(lines)).firstBad?.line == Int64(index + 2))
    }

    @Test(arguments: ["", "{}", "hello", "{\"seq\":7}", "long"])
    func aForeignLineIsReported(name: String) throws {
        let text = name == "long" ? String(repeating: "x", count: 70_000) : name
        for index in 0...6 {
            var lines = goodLines
            lines.insert(Array(text.utf8), at: index)
            #expect(try verify(joined(lines)).firstBad?.line == Int64(index + 1), "at \(index)")
        }
    }

    /// Somebody who renumbers and hashes anew from a line on is seen where the forgery
    /// begins, unless they forge all that follows: then by the head on a receipt.
    @Test func aLineForgedWithAFittingHashIsReported() throws {
        var lines = goodLines
        let text = String(decoding: lines[2], as: UTF8.self)
        lines[2] = Array(text.replacingOccurrences(of: "reader 0", with: "reader 1").utf8)
        #expect(lines[2] != goodLines[2])
        #expect(try verify(joined(lines)).firstBad?.line == 3)
    }

    @Test func aJournalCutAnywhereCostsTheTornLineOnly() throws {
        for length in 0..<good.count {
            let result = try verify(Array(good[..<length]))
            let whole = good[..<length].count { $0 == 0x0A }
            #expect(result.holds && result.lines == Int64(whole), "\(length) bytes")
            let rest = length - joined(Array(goodLines[..<whole])).count
            #expect((result.torn?.bytes.count ?? 0) == rest, "\(length) bytes")
        }
    }

    @Test func openingSetsATornLineAsideAndSaysSo() throws {
        let lastStart = joined(Array(goodLines.dropLast())).count
        for length in (lastStart + 1)..<good.count {
            let folder = TemporaryFolder()
            try folder.write(Array(good[..<length]))
            let torn = Array(good[lastStart..<length])
            let journal = try Journal(in: folder.path, mode: .training)
            #expect(try folder.bytes("journal.torn-6") == torn)
            let last = try #require(lines(try folder.bytes()).last)
            let entry = try last.withUnsafeBytes { try JournalEntry($0, number: 6) }
            #expect(entry.kind == .journalTorn)
            let what = try entry.what()
            #expect(what["bytes"]?.integer == Int64(torn.count))
            #expect(try what["sha256"]?.string == SHA256.hex(torn))
            #expect(what["file"]?.string == "journal.torn-6")
            #expect(try Journal.verify(folder.journal).head == journal.head.hash)
        }
    }

    @Test func linesThatAreGoneUnderARunningStationAreMissed() throws {
        let folder = TemporaryFolder()
        try folder.write(good)
        let journal = try Journal(in: folder.path, mode: .training)
        #expect(try journal.verify().holds)
        let whole = try folder.bytes()
        let starts = [0] + whole.indices.filter { whole[$0] == 0x0A }.map { $0 + 1 }
        for (line, start) in starts.dropLast().enumerated() {
            try folder.write(Array(whole[..<start]))
            let bad = try journal.verify().firstBad
            #expect(bad?.line == Int64(line + 1))
            #expect(bad?.reason.contains("is missing") == true)
        }
    }

    @Test(arguments: [1, 500, 4096, 100_000])
    func aTailOfNulsIsTorn(count: Int) throws {
        let folder = TemporaryFolder()
        try folder.write(good + [UInt8](repeating: 0, count: count))
        let journal = try Journal(in: folder.path, mode: .training)
        #expect(journal.head.sequence == 7)
        #expect(try Journal.verify(folder.journal).holds)
        #expect(try folder.bytes("journal.torn-7").count == count)
    }

    @Test func aLastLineWithAHoleOfNulsIsTorn() throws {
        var bytes = good
        for i in (good.count - 300)..<(good.count - 100) { bytes[i] = 0 }
        #expect(try verify(bytes).torn?.line == 6)
        #expect(try verify(bytes + bytes[..<10]).torn?.line == 6)
        // With a line behind it, it was answered for: somebody did this.
        #expect(try verify(bytes + goodLines[5] + [0x0A]).firstBad?.line == 6)
    }

    @Test func aStartThatDiedBeforeItReportedTheTornLineIsMadeUpFor() throws {
        let folder = TemporaryFolder()
        try folder.write(joined(Array(goodLines.dropLast())))
        try folder.write(Array("half a line".utf8), to: "journal.torn-6")
        _ = try Journal(in: folder.path, mode: .training)
        let last = try #require(lines(try folder.bytes()).last)
        #expect(String(decoding: last, as: UTF8.self).contains("\"kind\":\"journal.torn\""))
    }

    @Test func aBrokenJournalIsNotOpenedAndNotTouched() throws {
        let folder = TemporaryFolder()
        var bytes = good
        bytes[good.count / 2] ^= 1
        try folder.write(bytes)
        let error = caught(JournalError.self) {
            _ = try Journal(in: folder.path, mode: .training)
        }
        guard case .broken(let line) = error?.code else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect((1...6).contains(line))
        #expect(error?.reason.contains("line \(line) ") == true)
        #expect(try folder.bytes() == bytes)
        var reader = try JournalReader(folder.journal)
        var shown = 0
        while try reader.next() != nil { shown += 1 }
        #expect(shown == 6)
    }

    /// The cases of the lines before the wrong one can be looked at, and nothing is done.
    @Test func aBrokenJournalIsShownAsFarAsItHoldsAndTakesNoLine() throws {
        var begin = 0
        for line in goodLines {
            var bytes = good
            bytes[begin + line.count / 2] ^= 1
            begin += line.count + 1
            guard let bad = try verify(bytes).firstBad?.line else { continue }
            let folder = TemporaryFolder()
            try folder.write(bytes + Array("half a line".utf8))
            let book = try CaseBook(in: folder.path, mode: .training)
            guard case .stopped(let cause) = book.journal.state else {
                Issue.record("line \(bad): the writer goes on")
                continue
            }
            #expect(cause.code == .broken(line: bad) && !book.isWhole)
            #expect(book.journal.head.sequence == bad - 1)
            #expect(book.count == (bad > 2 ? 1 : 0))
            #expect(throws: CaseError.self) {
                try book.receive(.sample, missing: [], who: officer)
            }
            var reader = try book.journal.lines()
            var shown: Int64 = 0
            while try reader.next() != nil { shown += 1 }
            #expect(shown == bad - 1)
            book.endUpkeep()
            #expect(try folder.bytes() == bytes + Array("half a line".utf8))
            #expect(Set(try folder.names()) == ["journal.ndjson", "vault"])
        }
    }

    /// Every byte in every place of a line's `prev`: only lower-case hexadecimal digits make a
    /// line, whatever number others would spell.
    @Test func onlyHexadecimalDigitsMakeAHash() throws {
        let last = try #require(goodLines.last)
        let digits = Set("0123456789abcdef".utf8)
        for place in (last.count - 66)..<(last.count - 2) {
            for byte in UInt8.min...UInt8.max {
                var line = last
                line[place] = byte
                let isLine = line.withUnsafeBytes { (try? JournalEntry($0, number: 6)) != nil }
                #expect(isLine == digits.contains(byte), "\(byte) at \(place)")
            }
        }
    }

    @Test func theScriptWithSha256sumComesToTheSameResult() throws {
        var cases: [[UInt8]] = [
            good, [], joined(Array(goodLines.dropLast())),
            joined([goodLines[0], goodLines[2]]), good + Array("{\"seq\":7".utf8),
            good + [0, 0, 0], joined(goodLines + [goodLines[5]]), joined(goodLines + [[]]),
        ]
        for step in stride(from: 11, to: good.count - goodLines[5].count, by: 61) {
            var bytes = good
            bytes[step] ^= 0x01
            cases.append(bytes)
        }
        for step in stride(from: 40, to: good.count - goodLines[5].count, by: 173) {
            var (less, more) = (good, good)
            less.remove(at: step)
            more.insert(0x20, at: step)
            cases += [less, more]
        }
        for line in [1, 2, 6] {
            // The middle of a line's prev.
            var bytes = good
            bytes[joined(Array(goodLines[..<line])).count - 20] ^= 0x01
            cases.append(bytes)
        }
        var hole = good
        for i in (good.count - 300)..<(good.count - 100) { hole[i] = 0 }
        cases.append(hole)
        // What stands behind the last line feed is torn up to a quarter of a megabyte.
        let x = UInt8(ascii: "x")
        for count in [70_000, 262_143, 262_144, 3_000_000] {
            cases.append(good + [UInt8](repeating: x, count: count))
        }
        // A line is at most 64 KiB, whoever hashed it.
        for count in [60_000, 70_000] {
            for index in goodLines.indices {
                cases.append(
                    try rechained(index) {
                        $0.replacingOccurrences(
                            of: "\"what\":{",
                            with: "\"what\":{\"more\":\"\(String(repeating: "x", count: count))\",")
                    })
            }
            let long = [UInt8](repeating: x, count: count)
            cases += [good + long + [0x0A], good + long + [0, 0x0A]]
            cases.append(joined(goodLines.dropLast() + [goodLines[2], long]))
        }
        let users = [
            "-1", "01", "4294967296", "99999999999999999999", "1.5", "\"0\"", "", "0", "4294967295",
        ]
        for user in users {
            for index in [0, 2, 5] {
                cases.append(
                    try rechained(index) {
                        $0.replacingOccurrences(of: "\"uid\":1000", with: "\"uid\":" + user)
                            .replacingOccurrences(
                                of: "\"uid\":\(Process.userID)", with: "\"uid\":" + user)
                    })
            }
        }
        for bytes in cases {
            let folder = TemporaryFolder()
            try folder.write(bytes)
            let result = try Journal.verify(folder.journal)
            var expected = ""
            if let bad = result.firstBad {
                expected = "line \(bad.line) is wrong\n"
            } else {
                if let torn = result.torn { expected = "line \(torn.line) is torn\n" }
                expected += "\(result.lines) lines, head \(result.head)\n"
            }
            let found = try script(folder.journal)
            #expect(found == expected, "\(String(decoding: bytes.prefix(5000), as: UTF8.self))")
        }
    }

    /// The journal with one line changed and all behind it hashed anew, as a forger would.
    private func rechained(_ index: Int, _ change: (String) -> String) throws -> [UInt8] {
        var lines = goodLines
        for i in index..<lines.count {
            var text = String(decoding: lines[i], as: UTF8.self)
            if i == index { text = change(text) }
            if i > index {
                text = String(text.dropLast(66)) + (try SHA256.hex(lines[i - 1])) + "\"}"
            }
            lines[i] = Array(text.utf8)
        }
        return joined(lines)
    }

    private func script(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Foundation.Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [root.path + "/integration/journal_verify.sh", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
