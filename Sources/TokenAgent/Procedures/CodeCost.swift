import Tokens

/// What one code that was not taken cost: its answer held against its counter before and after.
///
/// Any status word may be false, so that none of the three is believed where another one
/// speaks against it, unless the third does too. One command costs one try at most.
struct CodeCost: Equatable, Sendable {
    let spent: Spent
    /// Tries left; nil where it is not known, or told in two ways.
    let left: Int?

    static let unclear = CodeCost(.noneOrOne, left: nil)

    private init(_ spent: Spent, left: Int?) {
        self.spent = spent
        self.left = left
    }

    /// - Parameters:
    ///   - answer: to the code; nil where it says nothing of the code.
    ///   - after: nil where the counter could not be read.
    init(_ answer: CodeAnswer?, before: Counter, after: Counter?) {
        let claim = Claim(answer)
        switch (before.known, after?.known) {
        case (let before?, let after?): self.init(claim, before: before, after: after)
        case (let before?, nil): self.init(claim, before: before)
        // What was spent is not seen; what is left may be told.
        case (nil, let after?):
            self.init(.noneOrOne, left: claim.left.map { $0 == after } ?? true ? after : nil)
        case (nil, nil): self.init(.noneOrOne, left: claim.left)
        }
    }

    private init(_ claim: Claim, before: Int, after: Int) {
        switch before - after {
        case 1:
            // Where the answer tells another count, it is the one that is wrong.
            self.init(.one, left: after)
        case 0:
            switch claim {
            case .nothing: self.init(.none, left: after)
            case .blocked where after == 0: self.init(.none, left: 0)
            // Two pairs: either the answer is wrong or one of the counters.
            case .wrong(nil), .wrong(after), .wrong(after - 1): self = .unclear
            case .blocked where after == 1: self = .unclear
            case .wrong, .blocked: self.init(.none, left: after)
            }
        // A code that was taken gives its tries back.
        case ..<0 where claim == .nothing: self.init(.none, left: after)
        default: self = .unclear
        }
    }

    /// The counter cannot be read any more.
    private init(_ claim: Claim, before: Int) {
        switch claim {
        case .wrong(before - 1): self.init(.one, left: before - 1)
        case .blocked where before == 1: self.init(.one, left: 0)
        case .blocked where before == 0: self.init(.none, left: 0)
        case .wrong, .blocked, .nothing: self = .unclear
        }
    }

    /// What an answer says of the code.
    private enum Claim: Equatable {
        case nothing
        case wrong(Int?)
        case blocked

        init(_ answer: CodeAnswer?) {
            self =
                switch answer {
                case .wrong(let left)?: .wrong(left)
                case .blocked?: .blocked
                case .accepted?, .unfit?, .refused?, nil: .nothing
                }
        }

        var left: Int? {
            switch self {
            case .nothing: nil
            case .wrong(let left): left
            case .blocked: 0
            }
        }
    }
}

extension CodeAnswer {
    /// The same, with the count that is known to be left where the counter could be read.
    func corrected(_ cost: CodeCost, by after: Counter?) -> CodeAnswer {
        guard after?.known != nil else { return self }
        return switch self {
        case .wrong: .wrong(left: cost.left)
        case .blocked where cost.left != 0: .wrong(left: cost.left)
        case .blocked, .accepted, .unfit, .refused: self
        }
    }
}
