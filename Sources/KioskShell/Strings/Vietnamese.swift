extension Phrase {
    /// Each phrase stands in one of the tables by screen; a test says so.
    var vietnamese: String {
        vietnameseCommon ?? vietnameseHome ?? vietnameseCases ?? vietnameseRequests
            ?? vietnameseFiles
            ?? vietnameseActs ?? vietnamesePapers ?? vietnameseKeyProof ?? vietnameseRestore
            ?? vietnameseProblems ?? vietnameseChecks ?? ""
    }
}
