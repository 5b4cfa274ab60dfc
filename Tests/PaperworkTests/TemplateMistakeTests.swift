import Foundation
import JSON
import Testing

@testable import Paperwork

/// Every mistake has its place and a remedy.
struct TemplateMistakeTests {
    @Test func aRightTemplateHasNone() {
        #expect(mistakes(slip("<p>a &amp; b</p>")) == [])
    }

    /// In the body, which begins in line 4: what is wrong, its column, and a word of the remedy.
    static let inBody: [(String, wrong: String, column: Int, remedy: String)] = [
        ("<p>{{cas.number}}</p>", "no placeholder \"cas.number\"", 4, "Did you mean case.number"),
        ("<p>{{reporter.name}}</p>", "(reception-slip) has no reporter.name", 4, "docs/"),
        ("<p>{{device.number}}</p>", "outside of its list", 4, "{{#each devices}}"),
        ("<p>{{devices}}</p>", "devices is a list", 4, "{{#each devices}}"),
        ("<p>{{case.number|long}}</p>", "only days and times are |long", 4, "Take"),
        ("<p>{{due|upper}}</p>", "a day has no capitals", 4, "Take"),
        ("<p>{{due|big}}</p>", "nothing is written as \"big\"", 4, "|long"),
        ("<p>{{}}</p>", "the placeholder has no name", 4, "Write one"),
        ("<p>{{case.number</p>", "does not end on its line", 4, "}}"),
        ("<p>{{#with a}}</p>", "no {{#with a}}", 4, "{{#if NAME}}"),
        ("{{#if due}}<p>a</p>", "{{#if due}} is not closed", 1, "{{/if}}"),
        ("{{#each devices}}a", "{{#each devices}} is not closed", 1, "{{/each}}"),
        ("{{#each due}}a{{/each}}", "due is no list", 1, "{{#if due}}"),
        ("{{#if due}}<p>{{/if}}</p>", "<p> is not closed", 12, "</p>"),
        ("<p>{{#if due}}</p>{{/if}}", "</p> closes nothing here", 15, "a block"),
        ("{{else}}", "belongs to no {{#if}}", 1, "once"),
        ("{{#if due}}a{{else}}b{{else}}c{{/if}}", "belongs to no {{#if}}", 22, "once"),
        ("{{/each}}", "{{/each}} closes nothing", 1, "Take it out"),
        ("<p>{{if due}}</p>", "{{if due}} is no beginning", 4, "Write {{#if due}}"),
        ("{{#if due}}a{{/if}", "{{/if does not end on its line with }}", 13, "Write {{/if}}"),
        ("{{#if due}}a{{endif}}", "{{endif}} is no beginning or end", 13, "Write {{/if}}"),
        ("{{#if due}}a{{/each}}", "does not close {{#if due}} of line 4", 13, "Write {{/if}}"),
        ("{{#each devices}}{{#if due}}a{{/each}}", "{{#if due}} is not", 18, "before {{/each}}"),
        ("{{#if xyz}}<p>a</p>", "{{#if xyz}} is not closed", 1, "{{/if}}"),
        ("<p>{{an advice}}</p>", "no placeholder \"an advice\"", 4, "Did you mean advice"),
        (
            "<p>{office.phone}</p>", "\"office.phone\" stands in other brackets", 4,
            "{{office.phone}}"
        ),
        ("<p>{ {office.phone} }</p>", "in other brackets", 4, "Write {{office.phone}}"),
        ("<p>[[office.name|upper]]</p>", "in other brackets", 4, "{{office.name|upper}}"),
        ("<p>a ｛｛due｝｝</p>", "in other brackets", 6, "Write {{due}}"),
        ("<td>a</td>", "<td> cannot stand right in <body>", 1, "Put it into a <tr>"),
        ("{{> _gone.html}}", "no part \"_gone.html\"", 1, "begin with _"),
        ("<script>alert(1 < 2)</script>", "<script> is not allowed", 1, "no program"),
        ("<p onclick=\"x()\">a</p>", "the attribute onclick", 4, "no program"),
        ("<a href=\"http://x\">a</a>", "<a> is not allowed", 1, "address as text"),
        (
            "<img src=\"http://x/a.png\">", "lies elsewhere", 11,
            "Save it as PNG"
        ),
        (
            "<img src=\"https://x/a.png\">", "lies elsewhere", 11,
            "base64 -w 0"
        ),
        (
            "<img src=\"logo.png\">", "\"logo.png\" is a file, and not in the template itself", 11,
            "base64 -w 0"
        ),
        (
            "<img src=\"data:image/svg+xml;base64,AAAA\">", "is SVG, which papers do not take", 11,
            "Save it as PNG"
        ),
        (
            "<img src=\"data:image/gif;base64,R0lGODlh\">", "is GIF, which papers do not take", 11,
            "Save it as PNG"
        ),
        (
            "<img src=\"data:image/png;base64,iVBORw0KGgo!\">", "has here what is none", 44,
            "anew"
        ),
        (
            "<img src=\"data:image/png;base64,iVBORw0K\nGgoA\">", "runs over several lines", 41,
            "base64 -w 0"
        ),
        (
            "<img src=\"data:image/png;base64,iVBORw0KGgo AAAA\">", "a blank stands", 44,
            "Take it out"
        ),
        (
            "<img src=\"data:image/png;base64,/9j/AAAA\">",
            "is JPEG, and image/png is written before it", 11,
            "data:image/jpeg;base64,"
        ),
        (
            "<img src=\"data:image/png;base64,R0lGODlh\">", "is GIF, and image/png", 11,
            "Save it as PNG"
        ),
        (
            "<img src=\"data:image/jpeg;base64,iVBORw0KGgoA\">", "is PNG, and image/jpeg", 11,
            "Write data:image/png;base64,"
        ),
        (
            "<img src=\"data:image/png;base64,iVBORw0KGgoAA\">", "is cut off", 11,
            "all that it prints"
        ),
        (
            "<img src=\"data:image/png;base64,AAAA\">", "the base64 of no picture", 33,
            "anew"
        ),
        (
            "<img src=\"data:image/png;base64,\">", "no picture stands behind", 11,
            "base64 -w 0"
        ),
        (
            "<img src=\"data:image/jpg;base64,/9j/\">", "no picture begins with", 11,
            "Write data:image/jpeg;base64,"
        ),
        (
            "<img src=\"data:image/png; base64,AAAA\">", "no picture begins with", 11,
            "Write data:image/png;base64,"
        ),
        ("<img alt=\"a\">", "<img> has no picture", 1, "src"),
        ("<p style=\"background: url(a)\">a</p>", "url() is not allowed: a paper", 23, "<img"),
        ("<p style=\"background: u&#114;l(a)\">a</p>", "may have no &", 24, "character"),
        ("<p style=\"a: '\\75'\">a</p>", "no backslash", 15, "character itself"),
        ("<iframe src=\"x\"></iframe>", "<iframe> is not allowed", 1, "whole"),
        ("<svg></svg>", "<svg> is not allowed", 1, "<img"),
        ("<form></form>", "<form> is not allowed", 1, "dots"),
        ("<p><div>a</div></p>", "<div> cannot stand right in <p>", 4, "Close <p>"),
        ("<table><tr></tr></table>", "<tr> cannot stand right in <table>", 8, "<tbody>"),
        ("<table>a</table>", "text stands right in <table>", 8, "<tbody>"),
        ("<table>{{due}}</table>", "text stands right in <table>", 8, "<tbody>"),
        ("<p>a", "<p> is not closed", 1, "</p>"),
        ("a</p>", "</p> closes nothing", 2, "Take it out"),
        ("<p>a</br></p>", "</br> closes nothing", 5, "<br> has no end"),
        ("<div/>", "<div/> is no element without content", 5, "<div></div>"),
        ("<p class=a>b</p>", "the value of class has no quotes", 4, "class=\"value\""),
        ("<p class>b</p>", "the attribute class has no value", 4, "class=\"value\""),
        ("<p class=\"a\" class=\"b\">c</p>", "class stands twice", 14, "Take one out"),
        ("<p class=\"{{due}}\">c</p>", "a placeholder stands in a tag", 11, "text"),
        ("<p {{due}}>c</p>", "no attribute of <p>", 4, "stand in text"),
        (
            "<table><tbody><tr><td colspan=\"0\">a</td></tr></tbody></table>", "1 to 100", 32,
            "number"
        ),
        ("<p>a & b</p>", "& begins no known reference", 6, "&amp;"),
        ("<p>&unknown;</p>", "& begins no known reference", 4, "&amp;"),
        ("<p>&#8238;</p>", "& begins no known reference", 4, "&amp;"),
        ("<p>a < b</p>", "< begins no tag", 6, "&lt;"),
        ("<!-- a", "comment does not end", 1, "-->"),
        (
            "<p>Së Khoa häc vµ C«ng nghÖ</p>", "letters of TCVN3 (ABC fonts, as .VnTime)", 4,
            "Unicode dựng sẵn"
        ),
        ("<p>UÛy ban nhaân daân</p>", "letters of VNI fonts", 4, "Type it anew"),
        // One word is enough, also among right ones.
        ("<p>Ngµy: {{due}}</p>", "letters of TCVN3", 4, "Unicode dựng sẵn"),
        ("<p>Thiết bÞ</p>", "letters of TCVN3", 4, "Unicode dựng sẵn"),
        ("<p>Sè: ®Ò nghị</p>", "letters of TCVN3", 4, "Unicode dựng sẵn"),
        ("<p>Ngaøy: {{due}}</p>", "letters of VNI fonts", 4, "Type it anew"),
        ("<p>Khoùa bí mật</p>", "letters of VNI fonts", 4, "Type it anew"),
        ("<p>Ñôn đề nghị</p>", "letters of VNI fonts", 4, "Type it anew"),
        ("<p>a\u{202E}b</p>", "U+202E, which cannot be seen", 5, "Take it out"),
        ("<p>e\u{301}</p>", "two characters (not NFC)", 4, "precomposed"),
        ("<body></body>", "<body> cannot stand right in <body>", 1, "Take it out"),
    ]

    @Test(arguments: inBody.indices) func isExplained(_ index: Int) throws {
        let (body, wrong, column, remedy) = Self.inBody[index]
        let found = mistakes(slip(body))
        let first = try #require(found.first { $0.wrong.contains(wrong) }, "\(body): \(found)")
        #expect(first.line == 4 && first.column == column, "\(body): \(first)")
        #expect(first.remedy.contains(remedy), "\(first)")
        #expect(first.file == "t")
    }

    /// All that is shipped and written in Vietnamese, word for word, and what stands beside it.
    @Test func rightWordsAreNotTakenForLegacyOnes() throws {
        let root = Shipped.config.deletingLastPathComponent()
        let names = ["config/templates", "docs", "Sources/KioskShell/Strings/Vietnamese"]
        var lines = [
            "goõng, xoong, Ngoãn, Quý, quý, hoà, thuỷ, HÒA BÌNH, CÔ TÔ, ÁO, Nghị định¹, 2 m²",
            "«Token» Windows® © 2026 3×4 § 5 10 µm 1ª Mẫu số 06·07",
        ]
        for name in names {
            let folder = root.appendingPathComponent(name)
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
            where [".html", ".md", ".swift"].contains(where: file.hasSuffix) {
                let text = try String(
                    contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
                lines += text.split(separator: "\n").map(String.init)
            }
        }
        #expect(lines.count > 3_000)
        for line in lines { #expect(TextEncoding.wrongWord(line) == nil, "\(line)") }
    }

    @Test("what is no template at all is one mistake", arguments: [
        ("", "nothing stands in the file"), (" \n", "nothing stands in the file"),
        ("PK\u{3}\u{4}\u{14}", "the file is a spreadsheet or a document of a word processor"),
        ("{\\rtf1 a}", "the file is a document of a word processor"),
    ])
    func noTemplateAtAll(_ file: String, _ wrong: String) {
        let found = mistakes(file)
        #expect(found.count == 1 && found.first?.wrong.hasPrefix(wrong) == true, "\(found)")
    }

    /// One point, as a program writes it.
    private static let png = Data(
        base64Encoded:
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
            + "awAAAABJRU5ErkJggg==")

    /// Two scans, a restart, stuffed bytes, fill bytes, and a segment that holds a whole picture.
    private static let jpeg = Data([
        0xFF, 0xD8, 0xFF, 0xE1, 0, 10, 0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 0xFF, 0xD9,
        0xFF, 0xFF, 0xDB, 0, 3, 1, 0xFF, 0xDA, 0, 4, 1, 2,
        7, 0xFF, 0, 8, 0xFF, 0xD3, 9, 0xFF, 0xDA, 0, 3, 1, 5, 0xFF, 0, 6, 0xFF, 0xD9,
    ])

    @Test("a picture goes up to its own end", arguments: [("png", png), ("jpeg", jpeg)])
    func cutPictures(type: String, picture: Data?) throws {
        let whole = try #require(picture).base64EncodedString()
        func found(_ base64: String) -> [String] {
            mistakes(slip("<p><img src=\"data:image/\(type);base64,\(base64)\" alt=\"a\"></p>"))
                .map(\.wrong)
        }
        #expect(found(whole) == [])
        for length in stride(from: 16, to: whole.count, by: 4) {
            let cut = found(String(whole.prefix(length)))
            #expect(cut.count == 1 && cut[0].contains("cut off"), "\(length): \(cut)")
        }
        // What stands behind the end is nobody's matter.
        let longer = try #require(picture) + Data([1, 2, 3])
        #expect(found(longer.base64EncodedString()) == [])
    }

    static let styles: [(String, String)] = [
        ("@import 'a.css';", "@import is not allowed"),
        ("@import url(http://x);", "@import is not allowed"),
        ("@font-face { a: b }", "@font-face is not allowed"),
        ("@namespace a;", "@namespace is not allowed"),
        ("p { background: URL( 'x' ) }", "url() is not allowed"),
        ("p { background: image-set('x' 1x) }", "image-set() is not allowed"),
        ("p { background: -webkit-image-set('x' 1x) }", "image-set() is not allowed"),
        ("p { background: src('x') }", "src() is not allowed"),
        ("p { width: expression(1) }", "expression() is not allowed"),
        ("p { background: u\\72l(x) }", "no backslash"),
        ("p { a: 'b\n' }", "does not end on its line"),
        ("p { a: b", "\"{\" is not closed"),
        ("p } ", "\"}\" closes nothing"),
        ("p { a: (b } )", "closes nothing"),
        ("/* a", "comment does not end"),
        ("<!-- a", "may have no <"),
        ("p { a: {{due}} }", "a placeholder stands in <style>"),
        ("{{> _letterhead.html}}", "stands in the wrong place"),
    ]

    @Test(arguments: styles.indices) func stylesAreGoneOver(_ index: Int) {
        let (style, wrong) = Self.styles[index]
        let found = mistakes(slip("", style: style))
        #expect(found.contains { $0.wrong.contains(wrong) && $0.line < 4 }, "\(style): \(found)")
    }

    @Test func placesInStylesStayRightBehindAPart() throws {
        let style = "\n{{> _a.css}}\np { background: url(x) }\n"
        let found = mistakes(slip("", style: style), parts: ["_a.css": "p { a: b }\n"])
        let only = try #require(found.first)
        #expect(found.count == 1 && only.line == 4 && only.column == 17)
    }

    @Test func aPartsMistakeIsToldInThePart() throws {
        let parts = ["_a.html": "<p>a</p>\n<p>{{gone}}</p>", "_b.html": "</div>"]
        let found = mistakes(slip("<div>{{> _a.html}}{{> _b.html}}</div>"), parts: parts)
        #expect(found.map(\.file) == ["_a.html", "_b.html"])
        #expect(found.first?.line == 2 && found.first?.column == 4)
        #expect(found.last?.wrong.contains("</div> closes nothing") == true)
        let nested = mistakes(
            slip("{{> _a.html}}"), parts: ["_a.html": "{{> _a.html}}"])
        #expect(nested.map(\.wrong) == ["a part cannot take in another"])
    }

    /// What is forgotten is the only mistake told, whatever it upsets behind it.
    @Test(arguments: [
        ("{{/if}}", "", "{{#if advice}} is not closed"),
        ("{{/if}}", "{{/if}", "{{/if does not end on its line"),
        ("{{/if}}", "{{/each}}", "{{/each}} does not close {{#if advice}} of line 46"),
        ("</p>", "", "<p> is not closed"), ("</p>", "<p>", "<p> is not closed"),
    ]) func oneSlipIsOneMistake(_ old: String, _ new: String, _ wrong: String) throws {
        let page = try #require(Shipped.files.first { $0.base == "refusal.html" })
        let text = String(decoding: page.bytes, as: UTF8.self)
        let line = "{{#if advice}}<p>{{advice}}</p>{{/if}}"
        #expect(text.contains(line))
        let bad = text.replacing(line, line.replacing(old, new))
        let files = Shipped.files.filter { $0.base != page.base }
        let file = TemplateFile(name: page.name, bytes: Array(bad.utf8))
        let found = TemplateSet.load(files + [file]).mistakes
        #expect(found.count == (new == "<p>" ? 2 : 1), "\(found)")
        #expect(found.first?.file == page.name && found.first?.line == 46, "\(found)")
        #expect(found.first?.wrong.contains(wrong) == true, "\(found)")
    }

    @Test func anUnclosedParagraphIsToldAtItsBeginning() throws {
        let page = try #require(Shipped.files.first { $0.base == "refusal.html" })
        let text = String(decoding: page.bytes, as: UTF8.self)
        let end = "Kính gửi: {{body.name}}</p>"
        #expect(text.contains(end))
        let bad = text.replacing(end, "Kính gửi: {{body.name}}")
        let file = TemplateFile(name: page.name, bytes: Array(bad.utf8))
        let found = TemplateSet.load(Shipped.files.filter { $0.base != page.base } + [file])
        #expect(found.mistakes.map(\.wrong) == ["<p> is not closed"], "\(found.mistakes)")
        #expect(found.mistakes.first?.file == page.name)
        #expect(found.mistakes.first?.remedy.contains("where it ends, before <p>") == true)
    }

    @Test func aPartInTheWrongPlaceIsToldAtThePage() {
        let parts = ["_a.html": "<!-- a -->\n<td>a</td>"]
        let found = mistakes(slip("<p>a</p>\n{{> _a.html}}"), parts: parts)
        #expect(
            found == [
                TemplateMistake(
                    file: "t", line: 5, column: 1,
                    wrong: "the part _a.html has <td> in its line 2, which cannot stand right in "
                        + "<body>", remedy: "Put it into a <tr>")
            ])
    }

    @Test func bracketsThatArePlainTextStay() {
        #expect(mistakes(slip("<p>[1] {a} [due] [[b]] ｛c｝ [ office.phone</p>")) == [])
    }

    @Test func whatIsRequiredIsTold() {
        let found = mistakes(slip("{{#if due}}{{due}}{{/if}}", required: false))
        for name in ["office.name", "case.number", "body.name", "request.received", "due"] {
            #expect(found.contains { $0.wrong.contains("must show {{\(name)}}") }, "\(name)")
        }
        #expect(found.count == 5)
        #expect(found.allSatisfy { $0.remedy.contains("outside of every {{#if}}") })
    }

    @Test func aRowsValueIsRequiredInItsList() {
        let file = TemplateFile(name: "t", bytes: Array(slip("").utf8))
        let found = TemplateSet.mistakes(.refusal, file, parts: [])
        #expect(found.contains { $0.wrong.contains("must show {{#each devices}}") })
        #expect(
            found.contains {
                $0.wrong.contains("must show {{device.reason}}")
                    && $0.remedy.contains("within {{#each devices}}")
            })
    }

    @Test func theFileItselfIsChecked() {
        func only(_ bytes: [UInt8]) -> String { mistakes(bytes).first?.wrong ?? "" }
        #expect(only([0xEF, 0xBB, 0xBF] + Array(slip("").utf8)).contains("byte order mark"))
        #expect(only(Array(slip("").utf8) + [0xC3]).contains("not UTF-8"))
        #expect(only([UInt8](repeating: 0x20, count: PaperLimits.file + 1)).contains("larger"))
        #expect(mistakes("A").contains { $0.wrong.contains("does not begin with <!doctype html>") })
        #expect(mistakes("A").contains { $0.wrong == "there is no <body>" })
        let other = slip("").replacing("utf-8", "latin1").replacing("\"vi\"", "\"en\"")
        #expect(
            mistakes(other).map(\.wrong) == ["the language is not vi", "the encoding is not utf-8"])
        let deep = String(repeating: "<div>", count: 2000)
        #expect(mistakes(slip(deep)).contains { $0.wrong.contains("more than 64 things") })
        let blocks = String(repeating: "{{#if due}}", count: 2000)
        #expect(mistakes(slip(blocks)).contains { $0.wrong.contains("more than 6 blocks") })
        #expect(mistakes(slip(String(repeating: "&", count: 5000))).count == PaperLimits.mistakes)
    }

    @Test(arguments: ["refusal.htm", "refusal.HTML", "Refusal.html", "refusal.html.txt"])
    func aTemplateUnderAnotherNameIsNamed(_ name: String) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/templates-\(UUID())"
        try FileManager.default.copyItem(atPath: Shipped.config.path + "/templates", toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.moveItem(
            atPath: folder + "/refusal.html", toPath: folder + "/" + name)
        let found = TemplateSet.load(try TemplateFile.all(in: folder)).mistakes
        #expect(
            found == [
                TemplateMistake(
                    file: folder + "/" + name, line: 1, column: 1,
                    wrong: "this file stands where refusal.html is missing",
                    remedy: "Rename it to refusal.html")
            ])
        try FileManager.default.copyItem(
            atPath: Shipped.config.path + "/templates/refusal.html",
            toPath: folder + "/refusal.html")
        let both = TemplateSet.load(try TemplateFile.all(in: folder)).mistakes
        #expect(both.count == (name == "Refusal.html" ? 1 : 0))
    }

    @Test func aFolderMustBeWhole() {
        let some = Shipped.files.filter { $0.base != "refusal.html" }
        let odd = TemplateFile(name: "x/refusl.html", bytes: [])
        let found = TemplateSet.load(some + [odd])
        #expect(found.set == nil)
        #expect(found.mistakes.map(\.file) == ["refusal.html", "x/refusl.html"])
        #expect(
            found.mistakes.map(\.wrong) == [
                "this template is missing", "no paper has this template",
            ])
    }
}

extension String {
    fileprivate func replacing(_ old: String, _ new: String) -> String {
        var text = ""
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(old) {
                text += new
                rest = rest.dropFirst(old.count)
            } else {
                text.append(rest.removeFirst())
            }
        }
        return text
    }
}
