/// What was typed, pasted or imported, made ready to be kept: letters composed, blanks plain.
/// Nothing a person can see is changed.
package enum WrittenText {
    /// `text` with every Latin letter composed (NFC), marks in any canonical order. Other scripts
    /// pass unchanged, and so does a letter with more marks than any composed letter has.
    package static func composed(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { (0x300...0x36F).contains($0.value) }) else {
            return text
        }
        var result = String.UnicodeScalarView()
        for character in text {
            let scalars = character.unicodeScalars
            if scalars.count > 1, scalars.count <= 4, let one = letters[String(character)] {
                result.append(one)
            } else {
                result.append(contentsOf: scalars)
            }
        }
        return String(result)
    }

    /// One line: composed, each run of blanks (tabs, line ends and no-break spaces too) one
    /// space, none at the ends.
    package static func line(_ text: String) -> String {
        composed(text).split { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
            .joined(separator: " ")
    }

    /// The same line by line; empty lines at the ends go.
    package static func lines(_ text: String) -> String {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { line(String($0)) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.drop(while: \.isEmpty).joined(separator: "\n")
    }

    /// Whether something in `text` cannot be seen or turns the text around: control and format
    /// characters (bidirectional overrides, zero-width ones), private and unassigned ones. Line
    /// ends are no such thing here.
    package static func hidesSomething(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n"
            case .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                true
            default: false
            }
        }
    }

    /// Whether something in `text` can be read: a letter or a digit that shows. Blanks of any kind,
    /// fillers, and marks alone say nothing.
    package static func saysSomething(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                .otherLetter, .decimalNumber, .letterNumber, .otherNumber:
                !scalar.properties.isDefaultIgnorableCodePoint
            default: false
            }
        }
    }

    /// One line as a person sees it, for comparing: without what cannot be seen, in lower case,
    /// with one letter, dash, slash or quotation mark for all that look like it.
    package static func seen(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars
        where !scalar.properties.isDefaultIgnorableCodePoint {
            shown.append(VietnameseLetters.narrow(scalar))
        }
        let line = line(String(shown)).lowercased()
        var marks = ""
        for scalar in VietnameseLetters.seen(line).unicodeScalars {
            marks += VietnameseLetters.plainMark(scalar)
        }
        return marks
    }

    /// Whether a combining mark is left over that makes no letter with what is before it.
    package static func hasLooseMark(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x300...0x36F).contains($0.value) }
    }

    /// Every composed Latin letter. Strings are equal, and hash equally, where they are
    /// canonically equivalent: so a letter is found under each of its spellings.
    private static let letters: [String: Unicode.Scalar] = {
        var letters: [String: Unicode.Scalar] = [:]
        let blocks: [ClosedRange<UInt32>] = [0xC0...0x24F, 0x1E00...0x1EFF]
        for block in blocks {
            for value in block {
                guard let letter = Unicode.Scalar(value) else { continue }
                letters[String(Character(letter))] = letter
            }
        }
        return letters
    }()
}

extension RequestForm {
    /// The form as it is kept: what `WrittenText` does to each field, and numbers without
    /// blanks. To be done once, on entry.
    package func tidied() -> RequestForm {
        let line = WrittenText.line
        func dense(_ text: String) -> String { line(text).filter { $0 != " " } }
        var form = self
        form.number = line(number)
        form.managingBody = line(managingBody)
        form.contact = ContactPerson(
            name: line(contact.name), personalNumber: dense(contact.personalNumber),
            issuedOn: dense(contact.issuedOn), issuedAt: line(contact.issuedAt),
            position: line(contact.position), workplace: line(contact.workplace),
            mobile: line(contact.mobile))
        for i in form.devices.indices {
            let row = form.devices[i]
            form.devices[i].deviceNumber = line(row.deviceNumber)
            form.devices[i].certificateName = line(row.certificateName)
            form.devices[i].workplace = line(row.workplace)
            form.devices[i].mail = dense(row.mail)
            form.devices[i].certificateSerial = dense(row.certificateSerial)
        }
        form.particulars.permission = line(particulars.permission)
        form.particulars.report = WrittenText.lines(particulars.report)
        return form
    }
}
