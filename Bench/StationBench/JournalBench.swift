import Casework
import System

/// Lines as a refused restore writes them: neither the shortest nor the longest there are.
enum JournalBench {
    static func append(_ words: [String]) {
        guard let count = Int(words[1]), count > 0 else { fail("\(words[1]) is no number") }
        do throws(JournalError) {
            let journal = try Journal(in: words[0], mode: .training)
            let who = Who(user: 1000, proof: "peer-credentials")
            var times: [Int64] = []
            times.reserveCapacity(count)
            for _ in 0..<count {
                let began = Instant.now
                try journal.append(.restoreRefused, who: who) {
                    $0.put(.reader, "Virtual PCD 00 00")
                    $0.put(.serial, "12345678")
                    $0.put(.reasons, ["token-mismatch"])
                    $0.put(.triesSpent, 0)
                }
                times.append((Instant.now - began).wholeNanoseconds)
            }
            printTimes(times)
        } catch {
            fail("\(error)")
        }
    }

    static func verify(_ words: [String]) {
        do throws(JournalError) {
            let began = Instant.now
            let result = try Journal.verify(words[0] + "/" + JournalFormat.fileName)
            let took = (Instant.now - began).wholeNanoseconds
            guard result.holds else { fail("the chain is broken") }
            printTimes([took])
        } catch {
            fail("\(error)")
        }
    }

    /// Opens the cases of `folder`, as a start does; the time, and how many cases there are.
    static func start(_ words: [String]) {
        do throws(CaseError) {
            let began = Instant.now
            let book = try CaseBook(in: words[0], mode: .training)
            let took = (Instant.now - began).wholeNanoseconds
            guard book.anomalies.isEmpty else { fail("lines that make no sense") }
            printTimes([took, Int64(book.count)])
        } catch {
            fail("\(error)")
        }
    }

    /// Writes a snapshot beside the journal of `folder`.
    static func snapshot(_ words: [String]) {
        do {
            let book = try CaseBook(in: words[0], mode: .training)
            let began = Instant.now
            try book.saveSnapshot()
            printTimes([(Instant.now - began).wholeNanoseconds])
        } catch {
            fail("\(error)")
        }
    }

    /// Checks what a snapshot stands for, as the agent does behind its start.
    static func rest(_ words: [String]) {
        do {
            let book = try CaseBook(in: words[0], mode: .training)
            let began = Instant.now
            guard try book.journal.checkTheRest() else { fail("the chain is broken") }
            printTimes([(Instant.now - began).wholeNanoseconds])
        } catch {
            fail("\(error)")
        }
    }
}
