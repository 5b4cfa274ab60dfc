import StationInterface

// What the station says of commissionings.

extension Words {
    /// - Parameter message: a sentence without its stop.
    static func commissionRefused(
        _ reader: String, _ reason: String, _ message: String, next: String
    ) -> StationError {
        var message = message
        if message.hasSuffix("; nothing was sent to the token") {
            message = String(message.dropLast("; nothing was sent to the token".count))
        }
        return .commissionRefused(
            reader, reasons: [reason], message + "; no code was sent to the token.", next: next)
    }

    static func commissionStep(_ step: Station.CommissionStep.Step, _ form: String) -> Pair {
        switch step {
        case .block:
            Pair("Wrong PINs go to the token until it is locked.", next: "Do not pull the token.")
        case .unblock:
            Pair(
                "The unblocking code (\(form)) goes to the token.", next: "Do not pull the token.")
        case .prove:
            Pair(
                "The PIN goes to the token, and its key signs.",
                next: "Do not pull the token; touch it if it blinks.")
        }
    }

    static func changed(by: String, on: String) -> String {
        "The profile was changed since \(by) commissioned it on \(on): nobody has tried what it "
            + "says now."
    }

    static func seal(_ seal: Station.Profile.Seal) -> Pair {
        switch seal {
        case .here: Pair("commissioned here, unchanged", next: "")
        case .elsewhere:
            Pair("commissioned elsewhere: this station's journal has no line of it", next: "")
        case .changed:
            Pair(
                "changed since it was commissioned: taken for provisional",
                next: "Put back what was commissioned, or commission it anew.")
        }
    }

    static let commissioned = Pair(
        "The token was blocked and unblocked each way, and its key proved itself; the profile is "
            + "written and sealed.",
        next: "Put the profile into the station's folder of profiles, and start it again.")

    static func commissionEnded(_ stop: CommissionStop) -> Pair {
        let look = "Inspect the token: its counters tell how it stands."
        return switch (stop.outcome, stop.reason) {
        case (.cancelled, _):
            Pair("The commissioning was stopped before its next code.", next: look)
        case (.unknown, "token-removed"):
            Pair(
                "The token was pulled out while a code was on its way. Whether it arrived is not "
                    + "known; it is not sent again.", next: look)
        case (.unknown, _):
            Pair(
                "The answer to a code was lost (\(stop.reason)). Whether it arrived is not known; "
                    + "it is not sent again.", next: look)
        case (_, "wrong-pin-accepted"):
            Pair(
                "A PIN drawn at random was the right one, by chance or because the token takes "
                    + "any: it cannot be commissioned so.",
                next: "Begin again; should it happen twice, the token takes every PIN.")
        case (_, "not-blocked"):
            Pair(
                "The token took as many wrong PINs as were allowed and is not locked.",
                next: "Allow more wrong PINs, or take the model for one that does not lock.")
        case (_, "wrong-unblocking-code"):
            Pair("The token refused the unblocking code.", next: "Make sure of the code.")
        case (_, "unblocking-code-blocked"):
            Pair(
                "The unblocking code has no tries left.", next: "Take another token of the model.")
        case (_, "still-locked"):
            Pair(
                "The token took the unblocking code, and its PIN has no tries all the same.",
                next: look)
        case (_, "pin-not-taken"):
            Pair("The token is unblocked and does not take the PIN it was to have.", next: look)
        case (_, "signature-invalid"):
            Pair(
                "The token's signature does not verify under its certificate.",
                next: "Take another token of the model.")
        case (_, "token-changed"):
            Pair("After a cold reset it was not the same token.", next: look)
        case (_, "tries-missing"):
            Pair("After the right PIN the token does not have its tries back.", next: look)
        case (_, "journal"):
            Pair(
                "The record cannot be written; nothing more was sent to the token.",
                next: "tokenctl doctor tells what is wrong.")
        default:
            Pair("The token did not do what its family does (\(stop.reason)).", next: look)
        }
    }
}
