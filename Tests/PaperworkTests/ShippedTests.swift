import Testing

@testable import Paperwork

/// What comes with the station.
struct ShippedTests {
    @Test func templatesAreRight() {
        #expect(Shipped.read.mistakes.map(\.description) == [])
        #expect(Shipped.read.set != nil)
    }

    @Test(arguments: DocumentKind.allCases) func sampleIsWritten(_ kind: DocumentKind) throws {
        let set = try #require(Shipped.read.set)
        let values = DocumentValues.sample(kind, Shipped.office, isTraining: false)
        let paper = String(decoding: try set.render(kind, values), as: UTF8.self)
        #expect(paper.hasPrefix("<!doctype html>"))
        #expect(paper.contains("Độc lập - Tự do - Hạnh phúc"))
        #expect(!paper.contains("{{") && !paper.contains("TẬP DƯỢT"))
        #expect(paper.contains("MẪU TẠM") == kind.isProvisional)
        let given = DocumentValues.sample(kind, Shipped.office, isTraining: true)
        let training = try set.render(kind, given)
        #expect(String(decoding: training, as: UTF8.self).contains("TẬP DƯỢT"))
    }

    /// Each value that is given stands in some paper, so none is asked for in vain.
    @Test func everyPlaceholderIsSomePapers() {
        for field in DocumentField.allCases {
            #expect(DocumentKind.allCases.contains { $0.has(field) }, "\(field.rawValue)")
        }
    }

    @Test(arguments: DocumentKind.allCases) func tableHoldsTogether(_ kind: DocumentKind) {
        for field in kind.required + kind.optional {
            if let list = field.list { #expect(kind.has(list), "\(field.rawValue)") }
        }
        for field in kind.required {
            if let list = field.list { #expect(kind.required.contains(list)) }
        }
    }

    /// A basis that is only a draft is cited nowhere, and one in force only where it says.
    @Test func draftsAreNotCited() throws {
        let set = try #require(Shipped.read.set)
        let values = DocumentValues.sample(.restoreNotice, Shipped.office, isTraining: false)
        let paper = String(decoding: try set.render(.restoreNotice, values), as: UTF8.self)
        #expect(paper.contains("Nghị định A") && !paper.contains("Quyết định B"))
        let other = DocumentValues.sample(.refusal, Shipped.office, isTraining: false)
        let refusal = String(decoding: try set.render(.refusal, other), as: UTF8.self)
        #expect(!refusal.contains("Nghị định A"))
    }
}
