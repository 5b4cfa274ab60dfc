extension Phrase {
    /// English: what went wrong, what it means and what to do. Nil for others.
    var englishProblems: String? {
        switch self {
        case .problemTitle: "This cannot continue yet"
        case .problemRestore: "The restore cannot continue yet"
        case .problemProof: "The key check cannot continue yet"
        case .problemHandOver: "The hand-over's key check cannot continue yet"
        case .labelHappened: "What happened"
        case .labelMeans: "What it means for the token"
        case .labelDo: "What to do"
        case .labelDetail: "For the technician"
        case .meansNothingSent: "No code was sent to the token; its tries are unchanged."
        case .meansNothingSpent: "No try was spent."
        case .meansSpent: "{} tries were spent."
        case .meansJournal:
            """
            The station does nothing it cannot put on record; the token was not touched.
            """
        case .faultTokenGone: "The token was pulled."
        case .faultTokenChanged: "The token in the reader is not the one that was looked at before."
        case .faultTokenMute: "The token does not answer."
        case .faultReaderStuck: "The reader is stuck."
        case .faultReaderBusy: "Another program holds the reader."
        case .faultReaderUnavailable: "The reader cannot be used."
        case .faultMismatch: "The token is not that of the request."
        case .faultCaseClosed: "This request is closed already."
        case .faultCaseUnknown: "The service does not know this request."
        case .faultNotLocked: "The token is not locked."
        case .faultCannotHelp: "This token cannot be restored here."
        case .faultModelProvisional:
            "This model has not been tried yet; the station does not restore it."
        case .faultNewCodeRefused: "The new PIN was not accepted."
        case .faultWrongUnblockingCode: "The unblocking code is wrong."
        case .faultUnblockingCodeBlocked: "The unblocking code is blocked."
        case .faultLastTry: "One try is left: the station does not use the last one by itself."
        case .faultJournal: "The station's journal cannot be written."
        case .faultPermissionDenied: "This user has no right to do this."
        case .faultCancelled: "The restore was cancelled."
        case .faultOther: "The service reports an error."
        case .doInsertAgain: "Insert the token again and press Enter."
        case .doRightToken: "Insert the token of the request and press Enter."
        case .doReinsertOrOtherReader:
            """
            Pull the token, insert it again or use another reader, then press Enter.
            """
        case .doReplugReader: "Unplug the reader, plug it in again, then press Enter."
        case .doCloseOthers: "Close other signing or token programs, then press Enter."
        case .doCompareRequest: "Compare the number on the token with the request letter."
        case .doOtherCase: "Press Esc for the list and choose another request."
        case .doForgottenKey:
            """
            If the holder forgot the PIN: read the token again and record it with F8.
            """
        case .doRefuseInWriting: "Tell the managing body in writing, with the reason."
        case .doBeginAgain: "Press Enter to begin again with this token."
        case .doOtherPIN: "Press Enter and choose another PIN."
        case .doCheckCode: "Compare the code with its source before another try."
        case .doAskTechnician: "Call the station's technician (command: tokenctl doctor)."
        case .doWaitAndRetry: "Wait until it has ended, then press Enter."
        case .meansSpentBetween: "{} to {} tries were spent."
        case .faultTokenDisturbed: "Another program disturbed the token meanwhile."
        case .faultTokenUnsupported: "The station does not know this kind of token."
        case .faultTokenFault: "The token answered against its standard."
        case .faultCaseBusy: "A restore of this request is running, or its outcome is unknown."
        case .faultRestoreUnknown: "The service does not know this restore any more."
        case .faultOtherWay: "This token is unblocked in a way that these screens do not have."
        case .faultPermitEnded: "The permit was used or has expired (ten minutes)."
        case .faultUnblockingCodeUnfit: "The unblocking code cannot be of this token."
        case .faultStillWorking: "The token is still writing, past its time. Do not pull it."
        case .faultFieldInvalid: "A field is too long or holds characters that cannot be used."
        case .faultNoLockedMemory: "There is no locked memory to hold codes safely."
        case .faultRefusedByToken:
            """
            The token refused to be unblocked: the form of the code or of the new PIN is \
            not to its liking.
            """
        case .doCaseBusy:
            """
            Leave the token in the reader for the station to read it, press Enter; else \
            call the technician.
            """
        case .doAskBody:
            """
            Ask the body that sent the letter: it is the wrong token, or the letter has to be \
            corrected and sent again.
            """
        case .doFindToken:
            """
            Find the token of this request and insert it. If the request was typed wrongly, \
            go back to the list and enter it again.
            """
        case .doLastTry:
            """
            Somebody with the right last_try can go on, once sure of the code: tokenctl \
            restore … --last-try
            """
        case .faultTriesUnknown:
            """
            After an earlier failure it is unknown how many unblocking tries are left: the \
            station does not spend what may be the last one.
            """
        case .meansSpentOne: "One try was spent."
        case .faultNewCodeCommon: "The new PIN is a common code or stands in makers' manuals."
        case .faultNewCodeSame: "The new PIN is the same as the unblocking code."
        case .faultSignInRequired: "An officer has to sign in for this."
        case .doSignIn: "Sign in and do it again."
        case .faultWrongPassword: "Wrong password. No token lost a try."
        case .faultPasswordMustWait: "Wrong too often: wait {} seconds."
        case .faultOfficerUnknown: "This officer cannot sign in by password."
        case .faultOfficerToken: "This token is nobody's on the list. No PIN was sent."
        case .faultOfficerCertificate: "The token's certificate is not valid today, or is revoked."
        case .faultOfficerKey: "The token did not prove its key."
        case .faultNotChecked: "Could not be checked: the station lacks resources."
        case .faultSameOfficer: "Who approves must be another than who began."
        case .faultNoCounterRole: "This officer does not have the role counter."
        case .faultWrongPIN: "Wrong PIN of the token; {} tries left."
        case .faultPINBlocked: "This token is locked."
        case .faultPINLastTry: "The token has one try left: the station does not send it."
        case .faultPINUnfit: "The PIN is not of the form this token takes."
        case .faultRequestKnown: "This paper is on record already."
        case .faultNoticeKnown: "This notice is on record already, with the same reference."
        case .faultDeviceOpen: "This device has a case that is not done yet."
        case .faultDeviceOpenIn: "This device has case {}, which is not done yet."
        case .faultActRefused:
            """
            This cannot be done with the case as it stands; somebody else may have acted.
            """
        case .faultRequestUnknown:
            """
            What this paper said is no longer kept (removed after its retention time).
            """
        default: nil
        }
    }
}
