extension Phrase {
    /// English: papers and their printing. Nil for others.
    var englishPapers: String? {
        switch self {
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
        case .noticeNoCode:
            """
            The QR code could not be drawn: the paper has none. Ask the technician.
            """
        case .keyPapers: "Case and papers"
        default: nil
        }
    }
}
