extension Phrase {
    /// English: a restore, from the token to the result. Nil for others.
    var englishRestore: String? {
        switch self {
        case .stepCase: "Request"
        case .stepToken: "Token"
        case .stepUnblock: "Unblock"
        case .stepPIN: "New PIN"
        case .stepResult: "Result"
        case .waitingTitle: "Please insert the token"
        case .waitingFor: "Request {} · {}"
        case .waitingReaders: "Readers"
        case .waitingNoReader: "No reader seen. Plug the reader or the token into a USB port."
        case .waitingSeveral: "Several tokens are there: choose with the arrow keys."
        case .waitingHeld:
            """
            The token is still there: press Enter to read it again, or insert another \
            one.
            """
        case .waitingReads: "A token is read as soon as it is inserted; reading spends no try."
        case .readerEmpty: "empty"
        case .readerPresent: "token present"
        case .readerMute: "token does not answer"
        case .readerStuck: "stuck, unplug the reader and plug it in again"
        case .readerBusy: "in use by another program"
        case .readerBusyBy: "in use by: {}"
        case .readerUnavailable: "unavailable"
        case .readerNone: "Readers: none seen"
        case .readingTitle: "Reading the token…"
        case .readingHint: "This spends no try."
        case .identityTitle: "Whose token is this?"
        case .identityRequest: "The request says"
        case .identityToken: "The token says"
        case .rowDevice: "Device number"
        case .rowHolder: "Subscriber"
        case .rowBody: "Body"
        case .rowEmail: "Official e-mail"
        case .rowCertificate: "Certificate no."
        case .rowValidity: "Validity"
        case .rowFamily: "Kind of token"
        case .same: "same"
        case .look: "look"
        case .different: "OTHER"
        case .identityDiffers:
            """
            The certificate on the token says otherwise than the request: stop here.
            """
        case .identitySame: "The token is that of the request."
        case .helpTitle: "Can it be restored?"
        case .helpPossible: "It can be restored"
        case .helpLocked: "The token is locked after too many wrong passwords."
        case .helpNotLocked: "The token is NOT locked"
        case .helpNotLockedWhy:
            """
            The PIN has {} tries left. A token that is not locked is not restored, unless \
            its holder forgot the PIN.
            """
        case .helpUnclear: "The token hides how many tries are left"
        case .helpUnclearWhy: "Whether it is locked is unknown; the service decides when you go on."
        case .helpImpossible: "It cannot be restored here"
        case .helpImpossibleDo:
            """
            No try was spent. Tell the managing body in writing, with the reason.
            """
        case .forgottenYes: "RECORDED: the holder says the PIN was forgotten"
        case .forgottenNo: "Press F8 if the holder says the PIN was forgotten (goes on record)."
        case .helpUnblockTries: "The unblocking code has {} tries left. A wrong one spends a try."
        case .helpUnblockUnknown:
            """
            How many unblocking tries are left is unknown. A wrong code may end the \
            token.
            """
        case .reasonNotLocked: "The token is not locked."
        case .reasonBlocked:
            """
            The unblocking code is blocked too: the token cannot be opened any more.
            """
        case .reasonLastTry: "One unblocking try is left: only someone with that right may use it."
        case .reasonExpired: "The certificate has expired."
        case .reasonModelProvisional: "This model has not been tried at the station yet."
        case .reasonModelRefused: "The station does not restore tokens of this model."
        case .reasonNotInProfile: "This way of unblocking is not used for this model."
        case .helpAsking: "Asking the service for a permit…"
        case .unblockTitle: "Enter the unblocking code (PUK)"
        case .unblockWho: "For the officer. The code is not shown and not kept."
        case .unblockLabel: "Unblocking code"
        case .unblockLength: "{} to {} characters; {} typed."
        case .unblockLengthExact: "Exactly {} characters; {} typed."
        case .unblockNext: "Next: turn the screen, the holder chooses the new PIN."
        case .permitLeft: "Permit: {} minutes left"
        case .pinTitle: "Please choose your new PIN"
        case .pinPrivate: "You alone should know it. The screen shows dots only."
        case .pinLabel: "New PIN"
        case .pinRepeat: "The new PIN again"
        case .pinRuleLength: "{} to {} characters"
        case .pinRuleLengthExact: "exactly {} characters"
        case .pinRuleDigits: "digits 0–9 only"
        case .pinRuleAny: "letters without accents, digits and signs"
        case .pinRuleSame: "both entries are the same"
        case .progressTitle: "Restoring the token"
        case .progressHold: "WRITING TO THE CARD – DO NOT PULL THE TOKEN"
        case .progressPulled: "The token was pulled. Waiting for the station's verdict…"
        case .progressFollowed: "Connected again, asking how the restore went…"
        case .progressElapsed: "{} s"
        case .progressOf: "{} of at most {} s"
        case .progressStarting: "Starting…"
        case .stepIdentify: "Read and compare the token"
        case .stepUnblocking: "Unblock, set the new PIN"
        case .stepVerify: "Check the new PIN"
        case .stepSign: "Test signature by the key in the token"
        case .stepCompare: "Restart the card, read the counters"
        case .stepJournal: "Write the journal"
        case .resultRestored: "RESTORED"
        case .resultRestoredWhy:
            """
            The new PIN works; the private key in the token made a valid signature.
            """
        case .resultRestoredDo:
            """
            Give the token back to its holder. Send the notice to the managing body.
            """
        case .resultUnproven: "UNBLOCKED, KEY NOT PROVEN"
        case .resultUnprovenWhy:
            """
            The new PIN is set, but no valid test signature was made by the key in the \
            token.
            """
        case .resultUnprovenDo:
            """
            Do not give it back. In its case choose to check the key: the new PIN is enough.
            """
        case .resultFailed: "FAILED"
        case .resultFailedWhy:
            """
            The old PIN and the private key are unchanged; the tries spent are stated \
            below.
            """
        case .resultFailedDo: "Compare the unblocking code with its source before another try."
        case .resultFailedEnd: "No try is left: tell the managing body in writing."
        case .resultRefused: "REFUSED"
        case .resultRefusedWhy: "The service did not go on. No code was sent to the token."
        case .resultUnknown: "OUTCOME UNKNOWN"
        case .resultUnknownWhy:
            """
            The token or the service was cut off while writing. The code may or may not \
            have been used.
            """
        case .resultUnknownDo:
            """
            Insert this very token again: the station reads its counters and decides. \
            Enter no code before that.
            """
        case .spentLabel: "Tries spent"
        case .spentUnknown: "0 or 1"
        case .journalLabel: "Journal head"
        case .noticePulled:
            """
            The token was pulled. No try was spent; all codes typed were wiped. Insert it \
            again to go on.
            """
        case .noticeIdle:
            """
            The codes were wiped after 60 seconds without a key. Please enter them again.
            """
        case .noticePermitExpired:
            """
            The permit has expired; all codes typed were wiped. Press Enter to ask again.
            """
        case .noticeForgottenFirst:
            """
            The token is not locked: press F8 to record that the PIN was forgotten, then \
            Enter.
            """
        case .noticeUnblockingLength: "The unblocking code has not the right length."
        case .noticeRulesFirst: "The PIN does not meet the rules above yet."
        case .noticeCommonPIN:
            "This PIN is a common code or stands in makers' manuals: please choose another."
        case .noticeDifferent:
            "The entries differ: type it again; if the first was mistyped, press Tab."
        case .noticeNewCodeRefused:
            """
            The new PIN was not accepted. No try was spent. Enter the unblocking code \
            again and choose another PIN.
            """
        case .noticeCancelAsked:
            """
            Asked to cancel. A step that writes to the card is still finished.
            """
        case .noticeNoQuitNow: "A restore is running: wait for the result before leaving."
        case .noticeCompareFirst:
            """
            Compare the lines marked ≈ with the letter, then press F7 to record it.
            """
        case .noticeUnblockingUnfit:
            """
            The unblocking code cannot be of this token. No try was spent.
            """
        case .comparedYes: "The lines marked ≈ WERE COMPARED with the letter: the same"
        case .comparedNo:
            """
            Compare the lines marked ≈ with the letter (the number: the printed one). If \
            they mean the same, press F7.
            """
        case .progressOverdue: "Longer than planned. The card is still writing: do NOT pull it."
        case .progressPadUnblock:
            """
            At the reader's pad: enter the unblocking code, then the new PIN twice, within {} \
            seconds. This screen does not see them.
            """
        case .progressPadPIN:
            """
            At the reader's pad: enter the new PIN once more, within {} seconds, so that the \
            key can be checked.
            """
        case .progressTouch: "When the token's light blinks, touch it."
        case .triesLeft: "Left"
        case .triesBoth: "PIN {} · unblocking code {}"
        case .resultFailedNothing:
            """
            No try was spent; the old PIN and the private key are unchanged.
            """
        case .resultUnprovenKeep:
            """
            Keep the token, do not hand it back, and call the station's technician.
            """
        case .unprovenNoKey: "The token holds no certificate with a key that may sign."
        case .unprovenSignature: "The test signature does not verify under the token's certificate."
        case .unprovenChanged: "After its reset it was not the same token."
        case .reasonNotIdentifiable:
            """
            The token tells no number and holds no certificate: it cannot be told from \
            another.
            """
        case .reasonQueryUnsafe:
            """
            Asking this token for its counter is not safe: it may have cost 0 or 1 try \
            and is not repeated.
            """
        case .reasonNoProvingKey:
            """
            The token holds no signing key: its key cannot be proven afterwards.
            """
        case .stepConnect: "Connect to the token"
        case .identityOther: "This is not the token of the request: the device numbers differ."
        case .identityUntouched: "Nothing was changed in this token and no try was spent."
        case .helpLastTry: "Only ONE try of the unblocking code is left"
        case .helpLastTryWhy:
            """
            The station does not spend the last try by itself, so no code is asked for. No \
            try was spent.
            """
        case .helpTriesUnknown: "It is unknown how many unblocking tries are left"
        case .helpTriesUnknownWhy:
            """
            After an earlier failure it may be the last one: the station does not spend \
            it by itself, so no code is asked for. No try was spent.
            """
        case .helpLastTryDo:
            """
            Somebody with the right last_try can go on, once sure of the code: tokenctl \
            restore --case {} --last-try
            """
        case .helpNotLockedOne:
            """
            The PIN has 1 try left. A token that is not locked is not restored, unless its \
            holder forgot the PIN.
            """
        case .permitLeftOne: "Permit: 1 minute left"
        case .pinHint:
            """
            Please no common code such as 123456 and none from a maker's manual; it must \
            also differ from the unblocking code.
            """
        case .noticeNewCodeCommon:
            """
            The new PIN is a common code or stands in makers' manuals. No try was spent. \
            Enter the unblocking code again and choose another PIN.
            """
        case .noticeNewCodeSame:
            """
            The new PIN is the same as the unblocking code. No try was spent. Enter the \
            unblocking code again and choose another PIN.
            """
        case .turnBackTitle: "Please turn the screen back to the officer"
        case .turnBackWhy:
            """
            Every code that was typed is wiped. What is asked for next is the officer's \
            unblocking code (PUK), not the new PIN; the new PIN is asked for again after it.
            """
        case .turnBackDo: "The officer presses Enter once the screen faces them."
        case .rowWorkplace: "Workplace"
        case .rowContact: "Contact person"
        default: nil
        }
    }
}
