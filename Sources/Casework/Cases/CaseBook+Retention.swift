/// Which requests' personal data may go by a retention time.
extension CaseBook {
    /// Requests of which something personal is still kept and nothing is left to be done, whose
    /// last case came to its end before `moment`; the oldest first.
    ///
    /// An end that was recorded by a clock nobody vouches for came at no time that is known: such
    /// a request is not among them.
    package func requests(
        doneBefore moment: Timestamp
    ) -> [(request: RequestFile, done: Timestamp)] {
        let (requests, cases) = everything()
        let files = Dictionary(grouping: cases, by: \.request)
        return requests.compactMap { request in
            let own = files[request.id] ?? []
            guard request.personal != nil || own.contains(where: { !$0.written.isEmpty }),
                own.allSatisfy({ !$0.isPending && $0.sinceClock == .synced }),
                let done = own.map(\.since).max(), done < moment
            else { return nil }
            return (request, done)
        }
    }
}
