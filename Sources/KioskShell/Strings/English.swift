extension Phrase {
    /// Each phrase stands in one of the tables by screen; a test says so.
    var english: String {
        englishCommon ?? englishHome ?? englishCases ?? englishRequests ?? englishFiles
            ?? englishActs ?? englishPapers ?? englishKeyProof ?? englishRestore
            ?? englishProblems ?? englishChecks ?? ""
    }
}
