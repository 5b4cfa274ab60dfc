extension Phrase {
    /// English: a key check with the holder's PIN. Nil for others.
    var englishKeyProof: String? {
        switch self {
        case .caseProve: "Check the key in the device"
        case .proofTitle: "Holder: please enter your device's PIN"
        case .proofWhy:
            """
            It shows that the private key is in this device. The PIN is neither shown nor \
            kept.
            """
        case .proofLabel: "The device's PIN"
        case .proofCosts: "A wrong PIN costs a try. Left: {}."
        case .proofCostsUnknown:
            """
            How many tries are left is unknown: enter the PIN only if you are sure of it.
            """
        case .proofChecking: "Checking the key in the device…"
        case .proofHold: "DO NOT PULL THE DEVICE"
        case .provedTitle: "THE DEVICE HOLDS THE CERTIFICATE'S KEY"
        case .provedDoubtful: "THE DEVICE HOLDS THE KEY, BUT SOMETHING SPEAKS AGAINST IT"
        case .provedNot: "THE KEY IS NOT PROVEN"
        case .provedLeft: "PIN {}"
        case .provedHandOverDo: "Enter leads back to the case; then make the record."
        case .provedRestoreDo:
            """
            The restore is complete: give the device back, print the notice and the receipt.
            """
        case .provedDo: "Enter leads back to the case."
        case .provedDoubtfulDo:
            """
            Read the lines with ✗ and ask the technician before recording or giving it away.
            """
        case .provedNotDo: "Do not hand it over. Keep the device and call the technician."
        case .gradeAttested: "The maker answers for it: the key was made in this device."
        case .gradeDevice: "The device says: the key was made in it."
        case .gradePersonaliser:
            """
            Whoever wrote the device says the key was made in it; the device does not say.
            """
        case .gradePossession:
            """
            The device has the key and signed; where the key was made is unknown.
            """
        case .gradeImported: "The key was imported: a copy may be elsewhere."
        case .gradeNone: "The device has not shown that it holds the key."
        case .evidencePossession: "Signed with the key"
        case .evidenceOrigin: "Key made in the device"
        case .evidenceAttestation: "Attested by the maker"
        case .evidenceHolder: "Subscriber's name"
        case .evidenceValidity: "Certificate is valid today"
        case .evidenceLifetime: "Lifetime within the limit"
        case .evidencePath: "Certification path"
        case .evidenceRevocation: "Not revoked"
        case .evidenceSeen: "Key in no other device"
        case .evidenceSame: "Still the same device"
        case .evidenceTiming: "Signing time as of the chip"
        case .evidenceMarks: "✓ shown, ? not shown, ✗ contradicted"
        case .noticeWrongPINUnknown:
            """
            Wrong PIN; how many tries are left is unknown. Enter it only if you are sure.
            """
        case .noticeNoQuitChecking: "The key is being checked: wait for the result, then leave."
        case .doAskRestore:
            """
            If the holder is not sure of the PIN, the managing body asks for a restore (Mẫu \
            06).
            """
        case .connectingProof:
            """
            The device's PIN may have been sent: the tries left are read when the service is \
            back.
            """
        case .keyToCase: "To the case"
        case .evidenceIsShown: "shown"
        case .evidenceIsNotShown: "not shown"
        case .evidenceIsContradicted: "CONTRADICTED"
        case .keyAtPad: "At the reader's pad"
        case .proofAtPad:
            """
            At the reader's pad: enter the token's PIN within {} seconds. This screen does \
            not see it.
            """
        case .noticePadNoPIN: "No PIN was entered at the reader; no try was spent."
        default: nil
        }
    }
}
