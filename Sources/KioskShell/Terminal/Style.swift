/// What a piece of the screen means. The palette turns it into colours, or into bold,
/// underline and reverse where there are none: meaning never hangs on colour alone.
enum Role: UInt8, CaseIterable, Sendable {
    /// The page behind the card, and quiet or strong text on it.
    case page, pageQuiet, pageStrong
    /// The line at the top.
    case bar
    /// The card: frame, text, quiet text, strong text, heading.
    case frame, text, quiet, strong, heading
    /// On the card: good news, bad news, what to beware of.
    case good, bad, warning
    /// An input field, and the one that has the keys.
    case field, fieldFocused
    /// The chosen line of a list.
    case chosen
    /// A key's name in the footer.
    case key
    /// A notice across the card.
    case notice
    /// The training banner.
    case training
    /// All of a screen that shows nothing.
    case dark
}

/// What the terminal can show.
enum ColorDepth: Equatable, Sendable {
    case monochrome, sixteen, many

    /// From the environment: `NO_COLOR` (any value but the empty one) and `TERM`.
    static func from(noColor: String?, term: String?) -> ColorDepth {
        if let noColor, !noColor.isEmpty { return .monochrome }
        guard let term, !term.isEmpty else { return .monochrome }
        if term.contains("256color") || term.hasPrefix("foot") || term.contains("direct") {
            return .many
        }
        if term.hasPrefix("vt") || term == "dumb" || term.hasSuffix("-m") || term.hasSuffix("-mono")
        {
            return .monochrome
        }
        return .sixteen
    }
}

/// The escape sequence that sets each role, complete in itself (it begins with a reset).
/// Text contrasts are at least 4.5 : 1 (WCAG AA) in the standard palettes.
struct Palette: Equatable, Sendable {
    let depth: ColorDepth

    func sequence(_ role: Role) -> StaticString {
        switch depth {
        case .many: many(role)
        case .sixteen: sixteen(role)
        case .monochrome: monochrome(role)
        }
    }

    private func many(_ role: Role) -> StaticString {
        switch role {
        case .page: "\u{1B}[0;38;5;255;48;5;23m"
        case .pageQuiet: "\u{1B}[0;38;5;152;48;5;23m"
        case .pageStrong: "\u{1B}[0;1;38;5;231;48;5;23m"
        case .bar: "\u{1B}[0;1;38;5;231;48;5;236m"
        case .frame: "\u{1B}[0;38;5;66;48;5;255m"
        case .text: "\u{1B}[0;38;5;234;48;5;255m"
        case .quiet: "\u{1B}[0;38;5;240;48;5;255m"
        case .strong: "\u{1B}[0;1;38;5;232;48;5;255m"
        case .heading: "\u{1B}[0;1;38;5;23;48;5;255m"
        case .good: "\u{1B}[0;1;38;5;22;48;5;255m"
        case .bad: "\u{1B}[0;1;38;5;124;48;5;255m"
        case .warning: "\u{1B}[0;1;38;5;94;48;5;255m"
        case .field: "\u{1B}[0;38;5;234;48;5;252m"
        case .fieldFocused: "\u{1B}[0;1;38;5;232;48;5;229m"
        case .chosen: "\u{1B}[0;1;38;5;231;48;5;24m"
        case .key: "\u{1B}[0;1;38;5;232;48;5;152m"
        case .notice: "\u{1B}[0;1;38;5;232;48;5;223m"
        case .training: "\u{1B}[0;1;38;5;16;48;5;220m"
        case .dark: "\u{1B}[0;38;5;255;48;5;16m"
        }
    }

    // A dark card: on the Linux console's light grey no green or red is readable.
    private func sixteen(_ role: Role) -> StaticString {
        switch role {
        case .page, .text: "\u{1B}[0;37;40m"
        case .pageQuiet, .quiet, .frame: "\u{1B}[0;36;40m"
        case .pageStrong, .strong, .heading: "\u{1B}[0;1;37;40m"
        case .bar: "\u{1B}[0;1;37;44m"
        case .good: "\u{1B}[0;1;32;40m"
        case .bad: "\u{1B}[0;1;31;40m"
        case .warning: "\u{1B}[0;1;33;40m"
        case .field: "\u{1B}[0;4;37;40m"
        case .fieldFocused: "\u{1B}[0;1;37;44m"
        case .chosen: "\u{1B}[0;30;46m"
        case .key: "\u{1B}[0;30;47m"
        case .notice: "\u{1B}[0;30;43m"
        case .training: "\u{1B}[0;30;43m"
        case .dark: "\u{1B}[0;30;40m"
        }
    }

    private func monochrome(_ role: Role) -> StaticString {
        switch role {
        case .page, .pageQuiet, .frame, .text, .quiet, .dark: "\u{1B}[0m"
        case .pageStrong, .strong, .heading, .good: "\u{1B}[0;1m"
        case .bar, .chosen, .key, .notice: "\u{1B}[0;7m"
        case .bad, .warning, .training: "\u{1B}[0;1;7m"
        case .field: "\u{1B}[0;4m"
        case .fieldFocused: "\u{1B}[0;1;4m"
        }
    }
}
