extension Phrase {
    var english: String {
        switch self {
        case .title: "TOKEN STATION"
        case .trainingBanner:
            "TRAINING  ·  virtual tokens, nothing here is real  ·  TRAINING (TẬP DƯỢT)"
        case .agentThere: "Service: ready"
        case .agentGone: "Service: not connected"
        case .tooSmall: "The screen is too small"
        case .tooSmallNeed: "At least {} × {} are needed; it is {} × {}."
        case .tooSmallDo: "Enlarge the window or choose a smaller font."
        case .stepCase: "Request"
        case .stepToken: "Token"
        case .stepUnblock: "Unblock"
        case .stepPIN: "New PIN"
        case .stepResult: "Result"
        case .keyGoOn: "Go on"
        case .keyBack: "Back"
        case .keyCancel: "Cancel"
        case .keyHome: "To the requests"
        case .keyLanguage: "Tiếng Việt"
        case .inputOff: "Input: as typed"
        case .inputTelex: "Input: Telex"
        case .inputVNI: "Input: VNI"
        case .keyPad: "Digits"
        case .toldCharacters: "{} characters"
        case .toldKeys: "Keys: {}"
        case .toldChosen: "{} (chosen)"
        case .toldMet: "{}: met"
        case .toldUnmet: "{}: not met"
        case .toldStep: "Step {} of 5: {}"
        case .toldArrows: "up and down arrows"
        case .toldStepDone: "{}: done, {}"
        case .toldStepFailed: "{}: failed"
        case .toldStepRunning: "{}: running, at most {} seconds"
        case .padClear: "Clear"
        case .padErase: "Back"
        case .keyQuit: "Quit"
        case .keyRetryNow: "Try again now"
        case .keyChoose: "Choose"
        case .keyRefresh: "Refresh"
        case .keyNextField: "Next field"
        case .keySave: "Save, go on"
        case .keyReadToken: "Read the token"
        case .keyRightToken: "This is the token"
        case .keyForgotten: "Record: PIN forgotten"
        case .keyAskPermit: "Begin to unblock"
        case .keyClearCode: "Clear"
        case .keySend: "Confirm"
        case .keySwitchField: "Other field"
        case .keyTryAgain: "Try this token again"
        case .keyFinish: "Finish"
        case .connectingTitle: "The station's service is not there"
        case .connectingNow: "Connecting to the station's service…"
        case .lossAbsent: "The service token-agent is not running, or is starting again."
        case .lossRefused: "This user has no right to talk to the service."
        case .lossForeign:
            """
            The service answers in a way this program does not know: perhaps another \
            version.
            """
        case .lossHungUp: "The service has just hung up."
        case .connectingRetries: "This screen tries again by itself; it mostly takes seconds."
        case .connectingSafe: "No code is being sent; the token's tries do not change."
        case .connectingRestore:
            """
            The restore stays with the service. Do NOT pull the token; the result appears \
            once the service is back.
            """
        case .connectingDo:
            """
            If this lasts longer than a minute, call the technician (command: tokenctl \
            doctor).
            """
        case .casesNew: "Restore: four fields only"
        case .casesLoading: "Fetching the requests…"
        case .casesMore: "… {} more"
        case .formTitle: "New request on form 06"
        case .formHint: "Type what the request letter says."
        case .fieldRequestNumber: "Request number"
        case .fieldManagingBody: "Directly managing body"
        case .fieldHolder: "Subscriber (holder)"
        case .fieldDeviceNumber: "Device number"
        case .formSaving: "Saving the request…"
        case .formMissing: "still empty"
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
        case .unknown: "unknown"
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
        case .problemTitle: "The restore cannot continue yet"
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
        case .noticeAgentBack:
            """
            Connected to the service again. Codes typed before, if any, were wiped.
            """
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
        case .noticePasteRefused: "Codes cannot be pasted: please type them."
        case .noticeCodeFull: "The code is longer than any token takes."
        case .noticeNotPrintable: "A new PIN takes letters without accents, digits and signs only."
        case .noticeFieldEmpty: "A field is still empty."
        case .noticeForgottenFirst:
            """
            The token is not locked: press F8 to record that the PIN was forgotten, then \
            Enter.
            """
        case .noticeUnblockingLength: "The unblocking code has not the right length."
        case .noticeRulesFirst: "The PIN does not meet the rules above yet."
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
        case .noticeCompareFirst:
            """
            Compare the lines marked ≈ with the letter, then press F7 to record it.
            """
        case .noticeUnblockingUnfit:
            """
            The unblocking code cannot be of this token. No try was spent.
            """
        case .keyNotCompared: "Take it back"
        case .keyCompared: "Compared, the same"
        case .comparedYes: "The lines marked ≈ WERE COMPARED with the letter: the same"
        case .comparedNo:
            """
            The lines marked ≈ cannot be decided by machine. Compare them with the letter \
            (the number: the printed one); if they mean the same, press F7.
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
        case .keyMove: "Move"
        case .keyAskCancel: "Ask to cancel"
        case .keyTryOn: "Try again"
        case .faultRefusedByToken:
            """
            The token refused to be unblocked: the form of the code or of the new PIN is \
            not to its liking.
            """
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
        case .doCaseBusy:
            """
            Leave the token in the reader for the station to read it, press Enter; else \
            call the technician.
            """
        case .identityOther: "This is not the token of the request: the device numbers differ."
        case .identityUntouched: "Nothing was changed in this token and no try was spent."
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
        case .keyOtherToken: "Another token"
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
        case .helpNotLockedOne:
            """
            The PIN has 1 try left. A token that is not locked is not restored, unless its \
            holder forgot the PIN.
            """
        case .permitLeftOne: "Permit: 1 minute left"
        case .meansSpentOne: "One try was spent."
        case .caseStateOpen: "not begun"
        case .caseStateInProgress: "being restored"
        case .caseStateRestored: "restored"
        case .caseStateUnproven: "unblocked, key not proven yet"
        case .caseStateRefused: "refused"
        case .caseStateFailed: "last restore failed"
        case .caseStateUnknown: "outcome unknown: insert this token to find out"
        case .caseStateClosed: "closed"
        case .pinHint:
            """
            Please no common code such as 123456 and none from a maker's manual; it must \
            also differ from the unblocking code.
            """
        case .faultNewCodeCommon: "The new PIN is a common code or stands in makers' manuals."
        case .faultNewCodeSame: "The new PIN is the same as the unblocking code."
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
        case .barOfficer: "Officer: {}"
        case .homeTitle: "To be done"
        case .homeNothingDue: "Nothing is due."
        case .homeOpen: "{} waiting."
        case .homeLate: "{} waiting, {} of them late."
        case .homeJournalProblem: "The station's record has a problem: {}. Tell the technician."
        case .homeCalendarProblem:
            """
            The calendar of working days has a problem: {}. Tell the technician.
            """
        case .errandCases: "Find a case"
        case .errandSignIn: "Sign an officer in"
        case .errandSignOff: "Change officer, sign off"
        case .errandTechnician: "Station state (technician)"
        case .caseStateIncomplete: "To be completed"
        case .caseStateRouted: "Passed on to the Cục"
        case .caseStateRecorded: "Recorded, notice to go"
        case .caseStateSent: "Notice sent"
        case .kindRestore: "Restore"
        case .kindHandOver: "Hand-over"
        case .kindReturn: "Return"
        case .kindLost: "Loss"
        case .kindMisuse: "Misuse or theft"
        case .dueBy: "due {}"
        case .dueLate: "LATE (was due {})"
        case .dueAtOnce: "at once"
        case .dueUnconfirmed: "no term is confirmed: an officer decides"
        case .dueUnknown: "term not known yet"
        case .officerTitle: "Sign in"
        case .officerWho: "Choose your name:"
        case .officerPassword: "Password of {}"
        case .officerInsertToken: "Insert the officer's own token into a reader."
        case .officerPIN: "PIN of the token in {}"
        case .officerPINCosts: "Each wrong entry costs one try of this token."
        case .officerChecking: "Checking…"
        case .approvalTitle: "A second officer approves"
        case .noticeNoOfficers:
            """
            The station has no list of officers: tell the technician (officers.json5).
            """
        case .noticeSignedOff: "Signed off: nothing was pressed for a long time."
        case .caseListOpen: "Open cases"
        case .caseListAll: "All recent cases"
        case .caseListSearch:
            """
            Type to search numbers, bodies, names, devices (accents not needed):
            """
        case .caseListNone: "No such case."
        case .caseTitle: "Case {} · {}"
        case .caseRestore: "Restore this device"
        case .rowWorkplace: "Workplace"
        case .rowContact: "Contact person"
        case .keySearch: "Type to search"
        case .keyByToken: "By token"
        case .keyWithDone: "With those done"
        case .keyOnlyOpen: "Open ones only"
        case .technicianTitle: "State of the station"
        case .technicianLoading: "Asking the service…"
        case .technicianVersion: "Version"
        case .technicianServices: "Ways to readers"
        case .technicianRecord: "Record"
        case .technicianClock: "Clock"
        case .technicianCalendar: "Working days"
        case .technicianNotAllowed:
            """
            The checks in detail want an officer with the role technician.
            """
        case .technicianLooking: "Looking…"
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
        case .errandRequest: "New request, all fields"
        case .requestTitle: "New request"
        case .requestCompleting: "Completing a request"
        case .requestPage: "page {} of {}"
        case .requestPaper: "The letter"
        case .requestContact: "1. Contact person"
        case .requestDevice: "2. Device {} of {}"
        case .requestReport: "What happened"
        case .requestBody: "Managing body"
        case .requestKind: "Kind"
        case .requestReceived: "Received at"
        case .requestPermission: "Written permission"
        case .requestReturnReason: "Reason of return"
        case .requestNoticed: "Notice received on"
        case .requestHappened: "What happened"
        case .returnRevoked: "certificate revoked"
        case .returnExpired: "certificate expired"
        case .contactName: "1.1 Full name"
        case .contactPersonalNumber: "1.2 Personal number"
        case .contactIssuedOn: "1.3 Issued on"
        case .contactIssuedAt: "1.4 Issued at"
        case .contactPosition: "1.5 Position"
        case .contactWorkplace: "1.6 Workplace"
        case .contactMobile: "1.7 Mobile phone"
        case .deviceNumberLabel: "2.1 Device number"
        case .deviceCertificateName: "2.2 Certificate name"
        case .deviceWorkplace: "2.3 Workplace"
        case .deviceMail: "2.4 Official mail"
        case .deviceCertificateSerial: "Certificate serial"
        case .requestDevices: "Devices"
        case .requestRow: "device {}"
        case .requestValid: "The request is valid."
        case .requestOpen: "To be completed before it is valid: {}"
        case .requestMore: "… and {} more"
        case .hintLocalTime: "dd/mm/yyyy hh:mm; empty: now"
        case .hintDate: "dd/mm/yyyy"
        case .takenTitle: "Request {} is taken in."
        case .takenKnown: "This paper is on record already: request {}."
        case .takenIncomplete: "The request is incomplete: no term runs, and nothing is restored."
        case .keyTake: "Take it in"
        case .keyFirstGap: "To the first gap"
        case .keyTakeIncomplete: "Take in incomplete"
        case .keyAddDevice: "Add device"
        case .keyRemoveDevice: "Remove device"
        case .keyNextPage: "Next page"
        case .noticeLeaveDraft: "Press Esc again to drop what was typed."
        case .noticeMostDevices: "A request has 100 devices at most."
        case .noticeMustComplete: "This has to be completed before the request is valid."
        case .faultRequestKnown: "This paper is on record already."
        case .faultDeviceOpen: "This device has a case that is not done yet."
        case .findingMissing: "empty"
        case .findingPermission: "wants the body's written permission"
        case .findingPersonalNumber: "has to be 12 digits"
        case .findingDateForm: "not dd/mm/yyyy"
        case .findingDateImpossible: "no such day"
        case .findingDateFuture: "not yet"
        case .findingMobile: "has to be the 10 digits of a mobile"
        case .findingContactElsewhere: "not of the asking body: ask"
        case .findingDeviceForm: "cannot be a device number"
        case .findingDeviceUnusual: "unusual: compare with the device"
        case .findingDeviceTwice: "stands in another row too"
        case .findingDeviceOpen: "a case of this device is open"
        case .findingMailForm: "no mail address"
        case .findingMailPrivate: "a private address, not official"
        case .findingMailNotOffice: "at no known office domain"
        case .findingBodyRenamed: "an old name of the body"
        case .findingBodySeveral: "an old name of several bodies: ask"
        case .findingReceivedFuture: "lies in the future"
        case .findingHiddenCharacter: "holds a hidden character"
        case .findingLooseMark: "holds a loose diacritic"
        case .findingTooLong: "too long"
        case .actRefuse: "Refuse the request"
        case .actRoute: "To the Cục (no PKI token)"
        case .actRecord: "Make the record"
        case .actSendNotice: "Note that a notice went"
        case .actClose: "Close the case"
        case .actRefuseMeans: "Reasons are printed, in Vietnamese, for the managing body."
        case .actRouteMeans:
            """
            The station restores PKI tokens only. Where is this subscriber's private key?
            """
        case .actCloseMeans:
            """
            Nothing more can be done in a closed case. Choose or write the reason.
            """
        case .actRecordHandOver:
            """
            Records the hand-over. The key in the device must have been checked in this case \
            before. Print the hand-over record and the notice (Mẫu 07) afterwards.
            """
        case .actRecordReturn:
            """
            Records that an expired or revoked device was given back. Print the record (Mẫu 08) \
            afterwards.
            """
        case .actRecordLost:
            """
            Records that the device is lost. Print the record (Mẫu 09) afterwards.
            """
        case .actRecordMisuse:
            """
            Records the report of a device misused, lost or stolen. Print the record afterwards.
            """
        case .actNoticeHandOver: "The notice (Mẫu 07) goes to the Cục right after the hand-over."
        case .actNoticeReturn:
            """
            A revoked device goes to the Cục within 5 working days of the day the body got the \
            notice of revocation, with the record (Mẫu 08).
            """
        case .actNoticeLost: "The record (Mẫu 09) goes to the Cục at once."
        case .actNoticeMisuse:
            """
            Tell the person in charge and the information technology unit at once, and note \
            each.
            """
        case .actNoticeRestore:
            """
            The managing body is told the outcome, or the refusal with its reasons.
            """
        case .actDo: "Record it"
        case .actDoing: "Recording…"
        case .actOwnReason: "Another reason, one sentence at a time:"
        case .actOtherReason: "Or another reason:"
        case .actReference: "The letter's number, or how it was told:"
        case .carrierSIM: "SIM PKI"
        case .carrierHSM: "HSM"
        case .carrierCentralised: "Centralised signing"
        case .carrierOther: "Elsewhere"
        case .closeDone: "Done; nothing is left to do."
        case .closeWithdrawn: "The body has withdrawn its request."
        case .closeTwice: "The same as another case."
        case .closeMistaken: "Entered wrongly; another case takes its place."
        case .refuseIncomplete: "The paper lacks what the form requires."
        case .refuseNotBody: "The paper does not come from the directly managing body."
        case .refuseMail: "The mail address is not an official one."
        case .refuseDevice: "The device number on the paper is not that of the device."
        case .refuseOther: "The subscriber on the paper is not that of the certificate."
        case .refuseNotLocked: "The device is not locked by wrong passwords."
        case .refuseExpired: "The certificate in the device has expired."
        case .refuseBlocked: "The unblocking code is blocked too; nothing unlocks the device."
        case .refusePermission: "The written permission to hand the device over is missing."
        case .refuseUnproven: "The device does not prove the private key of its certificate."
        case .refuseStillValid: "The certificate is neither expired nor revoked."
        case .refuseReport: "The report does not say clearly what happened."
        case .toManagingBody: "Directly managing body"
        case .toProvider: "The provider (the Cục)"
        case .toAuthority: "The person in charge"
        case .toTechnologyUnit: "The information technology unit"
        case .noticeRefused:
            """
            The refusal is on record (journal line {}). Print the notice for the managing body.
            """
        case .noticeRouted: "On record (journal line {}). Print the letter to the Cục."
        case .noticeRecorded:
            """
            On record (journal line {}). Print the record, sign it, then send the notice.
            """
        case .noticeSent: "That the notice went is on record (journal line {})."
        case .noticeClosed: "The case is closed (journal line {})."
        case .noticeChooseFirst: "Choose or write at least one answer."
        case .noticeProveFirst:
            """
            The key of this device has not been checked in this case, or the case has changed.
            """
        case .noticeActUnclear:
            """
            The connection broke while recording: look at the case below before doing it again.
            """
        case .keyRecord: "Record"
        case .keyMark: "Mark"
        case .keyAdd: "Add"
        case .faultActRefused:
            """
            This cannot be done with the case as it stands; somebody else may have acted.
            """
        case .faultRequestUnknown:
            """
            What this paper said is no longer kept (removed after its retention time).
            """
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
        case .paperReception: "Reception slip"
        case .paperCompletion: "Request to complete"
        case .paperNotice: "Notice of the outcome"
        case .paperRefusal: "Notice of refusal"
        case .paperRouting: "Letter to the Cục"
        case .paperHandOver: "Hand-over record"
        case .paperForm07: "Hand-over notice (Mẫu 07)"
        case .paperForm08: "Return record (Mẫu 08)"
        case .paperForm09: "Record of loss (Mẫu 09)"
        case .paperMisuse: "Record of a report"
        case .paperReceipt: "Receipt for the holder"
        case .paperLoading: "Fetching the paper…"
        case .paperMore: "… {} more lines"
        case .paperPrinting: "Printing…"
        case .paperPrinted: "Handed to the printer."
        case .paperFailed: "Not printed: the command ended with code {}."
        case .paperTimedOut: "Not printed: the command took too long and was ended."
        case .paperNotStarted: "Not printed: the command could not be started."
        case .paperNoCommand:
            """
            No command for printing: a technician gives kiosk-shell --print COMMAND.
            """
        case .noticeNoPrinter:
            """
            Not printed: no command is configured (kiosk-shell --print COMMAND, see \
            install.md).
            """
        case .noticeNoPreview: "This page cannot be shown ({}); it can still be printed."
        case .noticePrintFailed: "The last paper was not printed: open it again to print it."
        case .meansCaseSame: "Nothing has changed in the case or the device."
        case .faultPaperUnavailable: "This paper cannot be made now."
        case .keyPrint: "Print"
        case .evidenceIsShown: "shown"
        case .evidenceIsNotShown: "not shown"
        case .evidenceIsContradicted: "CONTRADICTED"
        case .noticeNoCode:
            """
            The QR code could not be drawn: the paper has none. Ask the technician.
            """
        case .keyAtPad: "At the reader's pad"
        case .proofAtPad:
            """
            At the reader's pad: enter the token's PIN within {} seconds. This screen does \
            not see it.
            """
        case .noticePadNoPIN: "No PIN was entered at the reader; no try was spent."
        case .errandFiles: "Requests from a file"
        case .filesTitle: "Requests from the document system's files"
        case .filesMeans:
            """
            Choose a file to read (CSV or JSON). Reading takes nothing in and changes no \
            file.
            """
        case .filesNone:
            """
            There is no file. Copy it into the folder, or plug the stick in, and press F5.
            """
        case .filesMore: "… and {} more files"
        case .noticeFileUnreadable: "The file cannot be read: {}"
        case .keyReadFile: "Read the file"
        case .keyTakeAll: "Take all valid ones in"
        case .intakeTitle: "Requests in the file {}"
        case .intakeEmpty: "The file has no requests."
        case .intakeChecking: "Checking: {} of {} requests…"
        case .intakeStanding: "{} requests · {} taken in · {} can be taken in now"
        case .intakeLine: "line {}"
        case .intakePlace: "line {}, column {}"
        case .intakeOf: "{} · devices: {}"
        case .intakeTaken: "taken in: {}"
        case .intakeKnown: "on record: {}"
        case .intakeOpen: "to complete: {}"
        case .intakeLook: "look again"
        case .intakeValid: "valid"
        case .intakeMistakes:
            """
            The file has {} places that cannot be read, so nothing of it is taken in. Send \
            it back to be mended:
            """
        case .noticeIntakeOpen:
            """
            This request has points to complete: F9 takes it in to be completed later.
            """
        case .keyPapers: "Papers"
        case .historyTitle: "History of case {}"
        case .historyMeans: "From the station's journal, the latest at the top."
        case .historyMore: "… {} more before these"
        case .historyReceived: "Request taken in"
        case .historyCompleted: "Request completed"
        case .historyRefused: "Refused in writing"
        case .historyRouted: "Sent on to the Cục"
        case .historyRecorded: "Record made"
        case .historyNotice: "Notice sent"
        case .historyClosed: "Case closed"
        case .historyNotBegun: "Not begun: the station did not take the token"
        case .historyBegun: "Restore begun"
        case .historyApproved: "Approved by a second officer"
        case .historyIntent: "A code goes to the token"
        case .historyRestored: "Restored, its key proven"
        case .historyUnproven: "Unblocked, its key not proven"
        case .historyGivenUp: "Given up, nothing done to the token"
        case .historyFailed: "Restore failed"
        case .historyUnknown: "Outcome of the restore unknown"
        case .historyProving: "A PIN goes to the token for a key check"
        case .historyProven: "Key proven"
        case .historyNotProven: "Key not proven"
        case .historyNobody: "no officer signed in"
        case .historyCodeTries: "unblocking code tries spent: {}"
        case .historyPINTries: "PIN tries spent: {}"
        case .historyClock: "clock not set"
        case .historyLine: "line {}"
        case .keyHistory: "History"
        }
    }
}
