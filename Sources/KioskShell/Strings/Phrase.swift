/// The languages of the counter.
enum Language: String, Sendable, CaseIterable {
    case vietnamese = "vi"
    case english = "en"
}

/// Every text the shell shows, by name. Terms are those of the decree and its forms; "{}"
/// stands where an argument goes.
enum Phrase: String, CaseIterable, Sendable {
    case title, trainingBanner, agentThere, agentSought, agentGone, tooSmall, tooSmallNeed
    case tooSmallDo
    case stepCase, stepToken, stepUnblock, stepPIN, stepResult
    case keyGoOn, keyBack, keyCancel, keyHome, keyLanguage, keyQuit, keyRetryNow, keyChoose
    case keyRefresh, keyNextField, keySave, keyReadToken, keyRightToken, keyForgotten
    case keyAskPermit, keyClearCode, keySend, keySwitchField, keyTryAgain, keyLookAgain
    case keyFinish
    case connectingTitle, connectingNow, lossAbsent, lossRefused, lossForeign, lossHungUp
    case connectingRetries, connectingSafe, connectingRestore, connectingDo
    case casesNew, casesLoading
    case casesMore, casesAbove, caseMissingMore
    case formTitle, formHint, fieldRequestNumber, fieldManagingBody, fieldHolder
    case fieldDeviceNumber, formSaving, formMissing
    case waitingTitle, waitingFor, waitingReaders, waitingNoReader, waitingSeveral, waitingHeld
    case waitingReads, readerEmpty, readerPresent, readerMute, readerStuck, readerBusy
    case readerBusyBy, readerUnavailable, readerNone, readingTitle, readingHint
    case identityTitle, identityRequest, identityToken, rowDevice, rowHolder, rowBody, rowEmail
    case rowCertificate, rowValidity, rowFamily, unknown
    case same, different, look, identityDiffers, identitySame
    case helpTitle, helpPossible, helpLocked, helpNotLocked, helpNotLockedWhy, helpUnclear
    case helpUnclearWhy, helpImpossible, helpImpossibleDo, forgottenYes, forgottenNo
    case helpUnblockTries, helpUnblockUnknown, reasonNotLocked, reasonBlocked, reasonLastTry
    case reasonExpired, reasonModelProvisional, reasonModelRefused, reasonNotInProfile, helpAsking
    case unblockTitle, unblockWho, unblockLabel, unblockLength, unblockLengthExact, unblockNext
    case permitLeft
    case pinTitle, pinPrivate, pinLabel, pinRepeat, pinRuleLength, pinRuleLengthExact
    case pinRuleDigits, pinRuleAny, pinRuleSame
    case progressTitle, progressHold, progressPulled, progressFollowed, progressElapsed
    case progressOf, progressStarting, stepIdentify, stepUnblocking, stepVerify, stepSign
    case stepCompare, stepJournal
    case resultRestored, resultRestoredWhy, resultRestoredDo, resultUnproven, resultUnprovenWhy
    case resultUnprovenDo, resultFailed, resultFailedWhy, resultFailedDo, resultFailedEnd
    case resultRefused, resultRefusedWhy, resultUnknown, resultUnknownWhy, resultUnknownDo
    case spentLabel, spentUnknown, journalLabel
    case problemTitle, problemRestore, problemProof, problemHandOver
    case labelHappened, labelMeans, labelDo, labelDetail, meansNothingSent
    case meansNothingSpent, meansSpent, meansJournal, faultTokenGone, faultTokenChanged
    case faultTokenMute, faultReaderStuck, faultReaderBusy, faultReaderUnavailable, faultMismatch
    case faultCaseClosed, faultCaseUnknown, faultNotLocked, faultCannotHelp, faultModelProvisional
    case faultNewCodeRefused, faultWrongUnblockingCode, faultUnblockingCodeBlocked, faultLastTry
    case faultJournal, faultPermissionDenied
    case faultCancelled, faultOther, doInsertAgain, doRightToken
    case doReinsertOrOtherReader, doReplugReader, doCloseOthers, doCompareRequest, doOtherCase
    case doForgottenKey, doRefuseInWriting, doBeginAgain, doOtherPIN, doCheckCode
    case doAskTechnician, doWaitAndRetry
    case noticeAgentBack, noticeScreenBack, noticePulled, noticeIdle, noticePermitExpired
    case noticePasteRefused
    case noticeCodeFull, noticeNotPrintable, noticeFieldEmpty, noticeForgottenFirst
    case noticeDeviceNothing, noticeDeviceCharacter
    case noticeUnblockingLength, noticeRulesFirst, noticeDifferent, noticeNewCodeRefused
    case noticeCancelAsked, noticeNoQuitNow
    case meansSpentBetween, faultTokenDisturbed, faultTokenUnsupported, faultTokenFault
    case faultCaseBusy, faultRestoreUnknown
    case faultPermitEnded, faultOtherWay, faultUnblockingCodeUnfit, faultStillWorking,
        faultFieldInvalid
    case faultNoLockedMemory, noticeCompareFirst
    case noticeUnblockingUnfit, keyCompared, keyNotCompared, comparedYes, comparedNo,
        progressOverdue
    case progressPadUnblock, progressPadPIN, progressTouch, triesLeft, triesBoth, keyMove,
        keyAskCancel, keyTryOn
    case stepConnect, doCaseBusy
    case faultRefusedByToken, resultFailedNothing, resultUnprovenKeep, unprovenNoKey
    case unprovenSignature, unprovenChanged, reasonNotIdentifiable, reasonQueryUnsafe
    case reasonNoProvingKey
    case doAskBody
    case identityOther, identityUntouched, doFindToken, keyOtherToken
    case helpLastTry, helpLastTryWhy, helpLastTryDo, doLastTry, faultTriesUnknown
    case helpTriesUnknown, helpTriesUnknownWhy
    case helpNotLockedOne, permitLeftOne, meansSpentOne
    case caseStateOpen, caseStateInProgress, caseStateRestored, caseStateUnproven
    case caseStateRefused, caseStateFailed, caseStateUnknown, caseStateClosed
    case inputOff, inputTelex, inputVNI, keyPad, padClear, padErase
    case toldCharacters, toldKeys, toldChosen, toldMet, toldUnmet, toldStep, toldArrows
    case toldStepDone, toldStepFailed, toldStepRunning
    case pinHint, faultNewCodeCommon, faultNewCodeSame, noticeNewCodeCommon, noticeNewCodeSame
    case barOfficer, homeTitle, homeNothingDue, homeOpen, homeLate, homeJournalProblem
    case homeVaultProblem, homeOfficeProblem, errandCases, errandSignIn, errandSignOff
    case errandTechnician
    case caseStateIncomplete, caseStateRouted, caseStateRecorded, caseStateSent, kindRestore
    case kindHandOver, kindReturn, kindLost, kindMisuse, dueBy, dueLate, dueAtOnce
    case dueUnconfirmed, dueUnknown, officerTitle, officerWho, officerPassword
    case officerInsertToken, officerPIN, officerPINCosts, officerChecking, officerLooking
    case approvalTitle
    case noticeNoOfficers, noticeSignedOff, caseListOpen, caseListAll, caseListSearch
    case caseListNone, caseTitle, caseRestore, rowWorkplace, rowContact, keySearch, keyByToken
    case keyWithDone, keyOnlyOpen, technicianTitle, technicianLoading, technicianVersion
    case technicianServices, technicianRecord, technicianClock, technicianCalendar
    case technicianReader, technicianRecordTitle, technicianRecordMeans, keyRecordLines, keyChecks
    case technicianNotAllowed, technicianLooking, technicianAbove, technicianMore
    case faultSignInRequired, doSignIn
    case faultWrongPassword, faultPasswordMustWait, faultOfficerUnknown, faultOfficerToken
    case faultOfficerCertificate, faultOfficerKey, faultNotChecked, faultSameOfficer
    case faultNoCounterRole, faultWrongPIN, faultPINBlocked, faultPINLastTry, faultPINUnfit
    case errandRequest, requestTitle, requestCompleting, requestPage, requestPaper
    case requestContact, requestDevice, requestReport, requestKind, requestBody, requestReceived
    case requestPermission, requestReturnReason, requestNoticed, requestHappened, returnRevoked
    case returnExpired, contactName, contactPersonalNumber, contactIssuedOn, contactIssuedAt
    case contactPosition, contactWorkplace, contactMobile, deviceNumberLabel
    case deviceCertificateName, deviceWorkplace, deviceMail, deviceCertificateSerial
    case requestDevices, requestRow, requestValid, requestOpen, requestMore, hintLocalTime
    case intakeMore
    case hintDate, takenTitle, takenKnown, takenIncomplete, keyTake, keyFirstGap
    case keyTakeIncomplete, keyAddDevice, keyRemoveDevice, keyNextPage, noticeLeaveDraft
    case noticeMostDevices, noticeMustComplete, faultRequestKnown, faultNoticeKnown, faultDeviceOpen
    case faultDeviceOpenIn, caseStateKeyProven
    case findingMissing
    case findingPermission, findingPersonalNumber, findingDateForm, findingDateImpossible
    case findingDateFuture, findingMobile, findingContactElsewhere, findingDeviceForm
    case findingDeviceUnusual, findingDeviceTwice, findingDeviceOpen, findingMailForm
    case findingMailPrivate, findingMailNotOffice, findingBodyRenamed, findingBodySeveral
    case findingReceivedFuture, findingHiddenCharacter, findingLooseMark, findingTooLong
    case actRefuse, actRoute, actRecord, actSendNotice, actClose, actRefuseMeans, actRouteMeans
    case actCloseMeans, actRecordHandOver, actRecordReturn, actRecordLost, actRecordMisuse
    case actNoticeHandOver, actNoticeReturn, actNoticeLost, actNoticeMisuse, actNoticeRestore
    case actDo, actDoing, actOwnReason, actOtherReason, actReference, carrierSIM, carrierHSM
    case carrierCentralised, carrierOther, closeDone, closeWithdrawn, closeTwice, closeMistaken
    case refuseIncomplete, refuseNotBody, refuseMail, refuseDevice, refuseOther, refuseNotLocked
    case refuseExpired, refuseBlocked, refusePermission, refuseUnproven, refuseStillValid
    case refuseReport, toManagingBody, toProvider, toAuthority, toTechnologyUnit, noticeRefused
    case noticeRouted, noticeRecorded, noticeSent, noticeClosed, noticeChooseFirst
    case noticeProveFirst, noticeActUnclear, keyRecord, keyMark, keyAdd, faultActRefused
    case faultRequestUnknown
    case caseProve, proofTitle, proofWhy, proofLabel, proofCosts, proofCostsUnknown
    case proofChecking, proofHold, provedTitle, provedDoubtful, provedNot, provedLeft
    case provedHandOverDo, provedRestoreDo, provedDo, provedDoubtfulDo, provedNotDo
    case gradeAttested, gradeDevice, gradePersonaliser, gradePossession, gradeImported, gradeNone
    case evidencePossession, evidenceOrigin, evidenceAttestation, evidenceHolder
    case evidenceValidity, evidenceLifetime, evidencePath, evidenceRevocation, evidenceSeen
    case evidenceSame, evidenceTiming, evidenceMarks, noticeWrongPINUnknown, noticeNoQuitChecking
    case doAskRestore, connectingProof, keyToCase
    case paperReception, paperCompletion, paperNotice, paperRefusal, paperRouting, paperHandOver
    case paperForm07, paperForm08, paperForm09, paperMisuse, paperReceipt, paperLoading
    case paperMore, paperPrinting, paperPrinted, paperFailed, paperTimedOut, paperNotStarted
    case paperNoCommand, noticeNoPrinter, noticeNoPreview, noticePrintFailed, meansCaseSame
    case faultPaperUnavailable, keyPrint
    case evidenceIsShown, evidenceIsNotShown, evidenceIsContradicted
    case keyPapers
    case errandFiles, filesTitle, filesMeans, filesNone, filesMore, filesLeftOut
    case filesLeftOutOfSeen, filesCrowded, noticeFileUnreadable, noticeFileTooLong, intakeMistake
    case keyReadFile, keyTakeAll, intakeTitle, intakeEmpty, intakeChecking, intakeStanding
    case intakeLine, intakePlace, intakeColumn, intakeOf, intakeTaken, intakeKnown, intakeOpen
    case intakeLook, intakeValid, intakeMistakes, noticeIntakeOpen, noticeIntakeChanged
    case mistakeLongFile, mistakeUTF16, mistakeNotUTF8, mistakeEmpty, mistakeNoHeading
    case mistakeHeading, mistakeTwice, mistakeManyLines, mistakeManyCells, mistakeManyRequests
    case mistakeCells, mistakeOpenQuote, mistakeBehindQuote, mistakeBareQuote, mistakeLetters
    case mistakeShortened, mistakeNames, mistakeKind, mistakeReason, mistakeTime, mistakeOther
    case mistakeKey, mistakeMissingKey, mistakeValue, mistakeTooLong, mistakeJSON, mistakeForeign
    case noticeNoCode, keyAtPad, proofAtPad, noticePadNoPIN
    case historyTitle, historyMeans, historyMore, historyReceived, historyCompleted
    case historyRefused, historyRouted, historyRecorded, historyNotice, historyClosed
    case historyNotBegun, historyBegun, historyApproved, historyIntent, historyRestored
    case historyUnproven, historyGivenUp, historyFailed, historyUnknown, historyProving
    case historyProven, historyNotProven, historyNobody, historyCodeTries, historyPINTries
    case historyClock, historyLine, keyHistory
    case noticeCommonPIN, noticeNumberFirst, listNotShown, noticeScreenRestarted
    case stateSynced, stateUnsynced, stateRunning, stateAbsent, stateDisabled
    case turnBackTitle, turnBackWhy, turnBackDo
    case checkGood, checkJournal, wrongJournal, mendJournal, checkVault, wrongVault, mendVault
    case wrongJournalOpen, mendJournalOpen
    case checkCases, wrongCases, mendCases, checkLaterLines, wrongLaterLines, mendLaterLines
    case checkSnapshot, wrongSnapshot, mendSnapshot, checkRestores, wrongRestores, mendRestores
    case checkPCSCD, wrongPCSCD, mendPCSCD, checkUSB, wrongUSB, mendUSB, checkReader, wrongReader
    case mendReader, wrongReaderHeld, mendReaderHeld, checkReaders, wrongReaders, mendReaders
    case checkVirtualDriver, wrongVirtualDriver, mendVirtualDriver, checkMemory, wrongMemory
    case mendMemory, checkClock, wrongClock, mendClock, checkProfiles, wrongProfiles, mendProfiles
    case checkPapers, wrongPapers, mendPapers, checkOfficeFiles, wrongOfficeFiles, mendOfficeFiles
    case checkCalendar, wrongCalendar, wrongCalendarOver, mendCalendar, checkProfile, wrongProfile
    case mendProfile, checkOfficers, wrongOfficersFew, mendOfficersFew, wrongOfficersOpen
    case mendOfficersOpen, checkRoots, wrongRoots, mendRoots

    func text(_ language: Language) -> String {
        switch language {
        case .vietnamese: vietnamese
        case .english: english
        }
    }

    /// The text with its places filled; what has no place is left out.
    func text(_ language: Language, _ arguments: [String]) -> String {
        var filled = ""
        var rest = arguments[...]
        var opened = false
        for character in text(language) {
            if opened {
                opened = false
                if character == "}" {
                    filled += rest.popFirst() ?? ""
                    continue
                }
                filled.append("{")
            }
            if character == "{" { opened = true } else { filled.append(character) }
        }
        return filled
    }
}
