/// What the pad of one reader can do for the card in it.
package struct PINPad: Equatable, Sendable {
    /// Empty without a pad, or with one that is not to be used.
    package let support: CCIDPINSupport
    /// The fewest and the most characters it lets somebody enter; nil where it does not say.
    package let digits: ClosedRange<UInt8>?
    /// Whether it has a display for messages.
    package let hasDisplay: Bool
    /// The longest command data it takes here, in bytes.
    package let maximumData: Int

    package static let none = PINPad(support: [])

    package init(
        support: CCIDPINSupport, digits: ClosedRange<UInt8>? = nil, hasDisplay: Bool = false,
        maximumData: Int = PINTemplate.longestData
    ) {
        self.support = support
        self.digits = digits
        self.hasDisplay = hasDisplay
        self.maximumData = maximumData
    }

    /// Whether an entry can be made here. A pad that lets fewer characters in than the card
    /// may want would keep its holder out.
    package func takes(_ operation: PINPadOperation) -> Bool {
        guard support.contains(operation.needs), operation.dataCount <= maximumData else {
            return false
        }
        guard let digits else { return true }
        let wanted = operation.format.digits
        return digits.lowerBound <= wanted.lowerBound && wanted.upperBound <= digits.upperBound
    }

    /// What two descriptions of one pad allow.
    package init(_ features: PINPadFeatures, _ properties: PINPadProperties?) {
        let least = properties?.minimumPIN ?? 0
        let most = properties?.maximumPIN ?? 0
        self.init(
            support: features.pinSupport, digits: most > 0 && least <= most ? least...most : nil,
            hasDisplay: properties?.display != nil)
    }
}

/// The way to a card whose reader may have a pad.
package protocol PINPadChannel: CardChannel, ~Copyable {
    /// What the pad can do for the card that is held.
    mutating func readPad() throws(CardFault) -> PINPad

    /// Has a code entered at the pad and sent to the card by the reader, once.
    ///
    /// - Parameter entry: its time-out must end before the step's hard cap.
    mutating func enterAtPad(
        _ operation: PINPadOperation, _ entry: PINEntry
    ) throws(CardFault) -> PINPadOutcome
}
