extension Phrase {
    /// English: what many screens share: the frame, keys, the line mode, the way to the agent. Nil
    /// for others.
    var englishCommon: String? {
        switch self {
        case .title: "TOKEN STATION"
        case .trainingBanner:
            "TRAINING  ·  virtual tokens, nothing here is real  ·  TRAINING (TẬP DƯỢT)"
        case .agentThere: "Service: ready"
        case .agentSought: "Service: connecting"
        case .agentGone: "Service: not connected"
        case .tooSmall: "The screen is too small"
        case .tooSmallNeed: "At least {} × {} are needed; it is {} × {}."
        case .tooSmallDo: "Enlarge the window or choose a smaller font."
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
        case .keyLookAgain: "Look at it again"
        case .keyFinish: "To the list"
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
        case .unknown: "unknown"
        case .noticeScreenBack:
            """
            The screen stopped and is back. What was being typed is here; codes were wiped.
            """
        case .noticeScreenRestarted: "The screen stopped and is back. Codes were wiped."
        case .noticeAgentBack:
            """
            Connected to the service again. Codes typed before, if any, were wiped.
            """
        case .noticePasteRefused: "Codes cannot be pasted: please type them."
        case .noticeCodeFull: "The code is longer than any token takes."
        case .noticeNotPrintable: "A new PIN takes letters without accents, digits and signs only."
        case .noticeFieldEmpty: "A field is still empty."
        case .noticeDeviceNothing: "The device number has no letter and no digit."
        case .noticeDeviceCharacter:
            """
            The device number holds {} as character {}: type it again, in plain letters, digits \
            and signs.
            """
        case .keyNotCompared: "Take it back"
        case .keyCompared: "Compared, the same"
        case .keyMove: "Move"
        case .keyAskCancel: "Ask to cancel"
        case .keyTryOn: "Try again"
        case .keyOtherToken: "Another token"
        case .keyNextPage: "Next page"
        default: nil
        }
    }
}
