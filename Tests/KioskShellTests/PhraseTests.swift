import Testing

@testable import KioskShell

@Suite struct PhraseTests {
    @Test(arguments: Phrase.allCases)
    func everyPhraseHasBothTexts(_ phrase: Phrase) {
        #expect(!phrase.vietnamese.isEmpty && !phrase.english.isEmpty)
        #expect(places(phrase.vietnamese) == places(phrase.english))
        for text in [phrase.vietnamese, phrase.english] {
            #expect(text.unicodeScalars.allSatisfy { CharacterWidth.of($0) != nil })
            #expect(!text.contains("  ") || phrase == .trainingBanner)
            #expect(text.first != " " && text.last != " ")
        }
    }

    /// No table hides what another says.
    @Test(arguments: Phrase.allCases)
    func everyPhraseStandsInOneTableOfEachLanguage(_ phrase: Phrase) {
        let english = [
            phrase.englishCommon, phrase.englishHome, phrase.englishCases, phrase.englishRequests,
            phrase.englishFiles, phrase.englishActs, phrase.englishPapers, phrase.englishKeyProof,
            phrase.englishRestore, phrase.englishProblems, phrase.englishChecks,
        ]
        let vietnamese = [
            phrase.vietnameseCommon, phrase.vietnameseHome, phrase.vietnameseCases,
            phrase.vietnameseRequests, phrase.vietnameseFiles, phrase.vietnameseActs,
            phrase.vietnamesePapers, phrase.vietnameseKeyProof, phrase.vietnameseRestore,
            phrase.vietnameseProblems, phrase.vietnameseChecks,
        ]
        for tables in [english, vietnamese] { #expect(tables.count { $0 != nil } == 1) }
        #expect(english.firstIndex { $0 != nil } == vietnamese.firstIndex { $0 != nil })
    }

    /// Vietnamese texts are NFC: no mark stands alone.
    @Test(arguments: Phrase.allCases)
    func vietnameseIsComposed(_ phrase: Phrase) {
        #expect(phrase.vietnamese.unicodeScalars.allSatisfy { CharacterWidth.of($0) == 1 })
    }

    @Test func placesAreFilledInOrder() {
        #expect(Phrase.pinRuleLength.text(.english, ["4", "8"]) == "4 to 8 characters")
        #expect(Phrase.pinRuleLength.text(.english, ["4"]) == "4 to  characters")
        #expect(Phrase.waitingFor.text(.english, ["{}", "x"]) == "Request {} · x")
    }

    /// The terms of the decree and its forms.
    @Test(arguments: [
        (Phrase.fieldManagingBody, "Cơ quan, tổ chức quản lý trực tiếp"),
        (.fieldDeviceNumber, "Số hiệu thiết bị"), (.fieldHolder, "Thuê bao"),
        (.title, "THIẾT BỊ LƯU KHÓA BÍ MẬT"), (.errandRequest, "Mẫu số 06"),
        (.helpLocked, "nhập sai mật khẩu quá số lần quy định"),
    ])
    func termsAreThoseOfTheDecree(_ phrase: Phrase, _ term: String) {
        #expect(phrase.vietnamese.contains(term))
    }

    private func places(_ text: String) -> Int {
        text.split(separator: "{}", omittingEmptySubsequences: false).count
    }
}
