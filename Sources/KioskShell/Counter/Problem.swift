/// Something went wrong before a code was sent: what happened, what it means for the token,
/// what to do now.
struct Problem: Equatable, Sendable {
    var happened: Sentence
    var means: Sentence
    var todo: Sentence
    /// The agent's own words, small print.
    var detail = ""
    var wayOn = WayOn.sameToken

    /// What Enter leads to.
    enum WayOn: Equatable, Sendable {
        case sameToken
        /// This token can never go on in this request.
        case otherToken
        /// Trying again cannot succeed: only the list leads on.
        case none
    }

    init(_ happened: Sentence, means: Sentence, todo: Sentence, detail: String = "") {
        self.happened = happened
        self.means = means
        self.todo = todo
        self.detail = detail
    }

    init(_ fault: AgentFault) {
        let spent: Sentence
        switch fault.spent {
        case .some(.none): spent = Sentence(.meansNothingSpent)
        case .some(let n) where n.least == 1 && n.most == 1: spent = Sentence(.meansSpentOne)
        case .some(let n) where n.least == n.most: spent = Sentence(.meansSpent, String(n.most))
        case .some(let n): spent = Sentence(.meansSpentBetween, String(n.least), String(n.most))
        case nil: spent = Sentence(.meansNothingSent)
        }
        self.init(
            Problem.happened(fault), means: spent, todo: Sentence(Problem.words(fault.code).todo),
            detail: fault.detail)
        wayOn = Problem.wayOn(fault.code)
        if fault.code == .journal { means = Sentence(.meansJournal) }
    }

    /// What happened, and with which case.
    static func happened(_ fault: AgentFault) -> Sentence {
        if let openCase = fault.openCase { return Sentence(.faultDeviceOpenIn, openCase) }
        return Sentence(words(fault.code).happened)
    }

    private static func wayOn(_ code: AgentFault.Code) -> WayOn {
        switch code {
        case .mismatch: .otherToken
        case .tokenUnsupported, .cannotHelp, .modelProvisional, .unblockingCodeBlocked, .lastTry,
            .triesUnknown, .caseClosed, .caseUnknown, .requestUnknown, .actRefused, .otherWay:
            .none
        default: .sameToken
        }
    }

    /// What happened and what to do, for each error of the agent.
    static func words(_ code: AgentFault.Code) -> (happened: Phrase, todo: Phrase) {
        switch code {
        case .tokenGone: (.faultTokenGone, .doInsertAgain)
        case .tokenChanged: (.faultTokenChanged, .doRightToken)
        case .tokenMute: (.faultTokenMute, .doReinsertOrOtherReader)
        case .tokenDisturbed: (.faultTokenDisturbed, .doCloseOthers)
        case .tokenUnsupported: (.faultTokenUnsupported, .doRefuseInWriting)
        case .tokenFault: (.faultTokenFault, .doReinsertOrOtherReader)
        case .readerStuck: (.faultReaderStuck, .doReplugReader)
        case .readerBusy: (.faultReaderBusy, .doCloseOthers)
        case .readerUnavailable: (.faultReaderUnavailable, .doReplugReader)
        case .mismatch: (.faultMismatch, .doFindToken)
        case .caseClosed: (.faultCaseClosed, .doOtherCase)
        case .caseBusy: (.faultCaseBusy, .doCaseBusy)
        case .caseUnknown: (.faultCaseUnknown, .doOtherCase)
        case .requestUnknown: (.faultRequestUnknown, .doOtherCase)
        case .actRefused: (.faultActRefused, .doOtherCase)
        case .paperUnavailable: (.faultPaperUnavailable, .doAskTechnician)
        case .restoreUnknown: (.faultRestoreUnknown, .doBeginAgain)
        case .notLocked: (.faultNotLocked, .doForgottenKey)
        case .cannotHelp: (.faultCannotHelp, .doRefuseInWriting)
        case .modelProvisional: (.faultModelProvisional, .doAskTechnician)
        case .permitEnded: (.faultPermitEnded, .doBeginAgain)
        case .newCodeRefused: (.faultNewCodeRefused, .doOtherPIN)
        case .newCodeCommon: (.faultNewCodeCommon, .doOtherPIN)
        case .newCodeSame: (.faultNewCodeSame, .doOtherPIN)
        case .unblockingCodeUnfit: (.faultUnblockingCodeUnfit, .doCheckCode)
        case .wrongUnblockingCode: (.faultWrongUnblockingCode, .doCheckCode)
        case .unblockingCodeBlocked: (.faultUnblockingCodeBlocked, .doRefuseInWriting)
        case .lastTry: (.faultLastTry, .doLastTry)
        case .triesUnknown: (.faultTriesUnknown, .doLastTry)
        case .stillWorking: (.faultStillWorking, .doWaitAndRetry)
        case .journal: (.faultJournal, .doAskTechnician)
        case .permissionDenied: (.faultPermissionDenied, .doAskTechnician)
        case .signInRequired: (.faultSignInRequired, .doSignIn)
        case .wrongPassword: (.faultWrongPassword, .doSignIn)
        case .passwordMustWait: (.faultPasswordMustWait, .doSignIn)
        case .officerUnknown: (.faultOfficerUnknown, .doAskTechnician)
        case .officerToken: (.faultOfficerToken, .doAskTechnician)
        case .officerCertificate: (.faultOfficerCertificate, .doAskTechnician)
        case .officerKey: (.faultOfficerKey, .doAskTechnician)
        case .notChecked: (.faultNotChecked, .doAskTechnician)
        case .sameOfficer: (.faultSameOfficer, .doSignIn)
        case .noCounterRole: (.faultNoCounterRole, .doSignIn)
        case .wrongPIN: (.faultWrongPIN, .doCheckCode)
        case .pinBlocked: (.faultPINBlocked, .doAskTechnician)
        case .pinLastTry: (.faultPINLastTry, .doAskTechnician)
        case .pinUnfit: (.faultPINUnfit, .doCheckCode)
        case .requestKnown: (.faultRequestKnown, .doOtherCase)
        case .noticeKnown: (.faultNoticeKnown, .doOtherCase)
        case .deviceOpen: (.faultDeviceOpen, .doOtherCase)
        case .fieldInvalid: (.faultFieldInvalid, .doCompareRequest)
        case .cancelled: (.faultCancelled, .doBeginAgain)
        case .noLockedMemory: (.faultNoLockedMemory, .doAskTechnician)
        case .refusedByToken: (.faultRefusedByToken, .doCheckCode)
        case .other: (.faultOther, .doAskTechnician)
        case .otherWay: (.faultOtherWay, .doAskTechnician)
        }
    }
}
