/// What a template may be made of: elements, and which attributes they take.
///
/// Whatever is not listed is a mistake, so a template cannot name anything outside of itself.
struct Markup: Sendable {
    enum Content: Equatable, Sendable {
        /// Nothing; there is no end tag.
        case void
        /// Blocks and text.
        case flow
        /// Text and what stands in a line.
        case phrasing
        /// These elements and no text.
        case only([String])
        /// Text without elements.
        case text
        case style
    }

    let name: String
    let content: Content
    var attributes: [String] = []
    /// Stands in a line of text.
    var isPhrasing = false

    static let everywhere = ["class", "id", "style", "title", "lang"]

    static let all: [Markup] = parts + blocks + lines

    private static let parts: [Markup] = [
        Markup(name: "html", content: .only(["head", "body"])),
        Markup(name: "head", content: .only(["meta", "title", "style"])),
        Markup(name: "meta", content: .void, attributes: ["charset", "name", "content"]),
        Markup(name: "title", content: .text),
        Markup(name: "style", content: .style),
        Markup(name: "body", content: .flow),
        Markup(
            name: "table",
            content: .only(["caption", "colgroup", "thead", "tbody", "tfoot"])),
        Markup(name: "caption", content: .phrasing),
        Markup(name: "colgroup", content: .only(["col"])),
        Markup(name: "col", content: .void, attributes: ["span"]),
        Markup(name: "thead", content: .only(["tr"])),
        Markup(name: "tbody", content: .only(["tr"])),
        Markup(name: "tfoot", content: .only(["tr"])),
        Markup(name: "tr", content: .only(["th", "td"])),
        Markup(name: "th", content: .flow, attributes: ["colspan", "rowspan", "scope"]),
        Markup(name: "td", content: .flow, attributes: ["colspan", "rowspan"]),
        Markup(name: "ol", content: .only(["li"]), attributes: ["start", "type"]),
        Markup(name: "ul", content: .only(["li"])),
        Markup(name: "li", content: .flow),
        Markup(name: "hr", content: .void),
        Markup(name: "br", content: .void, isPhrasing: true),
        Markup(
            name: "img", content: .void, attributes: ["src", "alt", "width", "height"],
            isPhrasing: true),
    ]

    private static let blocks: [Markup] =
        ["header", "footer", "main", "section", "article", "div"].map { name in
            Markup(name: name, content: .flow)
        }

    private static let lines: [Markup] = paragraphs + words

    private static let paragraphs: [Markup] = ["p", "h1", "h2", "h3", "h4"].map { name in
        Markup(name: name, content: .phrasing)
    }

    private static let words: [Markup] =
        ["span", "b", "strong", "i", "em", "u", "s", "small", "sup", "sub"].map { name in
            Markup(name: name, content: .phrasing, isPhrasing: true)
        }

    static func named(_ name: String) -> Markup? { all.first { $0.name == name } }

    func takes(_ attribute: String) -> Bool {
        attributes.contains(attribute) || Markup.everywhere.contains(attribute)
    }

    /// Whether `inner` may stand right within this.
    func takes(_ inner: Markup) -> Bool {
        switch content {
        case .void, .text, .style: false
        case .only(let names): names.contains(inner.name)
        case .phrasing: inner.isPhrasing
        case .flow: Markup.flow.contains(inner.name)
        }
    }

    /// Elements that stand wherever blocks do.
    private static let flow: [String] = all.filter { element in
        if element.isPhrasing { return true }
        switch element.name {
        case "html", "head", "body", "meta", "title", "style", "caption", "colgroup", "col",
            "thead", "tbody", "tfoot", "tr", "th", "td", "li":
            return false
        default: return true
        }
    }.map(\.name)

    /// What to do about an element that is not allowed.
    static func remedy(forElement name: String) -> String {
        switch name {
        case "script", "noscript", "template", "canvas":
            "Take it out: a paper runs no program"
        case "link": "Take it out, and put the styles into the template's <style>"
        case "a": "Take it out, and write the address as text"
        case "iframe", "frame", "object", "embed", "audio", "video", "source", "picture":
            "Take it out: a paper must be whole in itself"
        case "svg", "math":
            "Take it out, and put the picture in as <img src=\"data:image/png;base64,...\">"
        case "form", "input", "button", "select", "textarea":
            "Take it out; what is filled in by hand stands as dots"
        case "base": "Take it out: a paper refers to nothing"
        case "center", "font":
            "Take it out, and say how it looks in <style>"
        default:
            "Take it out; allowed are " + all.map(\.name).joined(separator: ", ")
        }
    }

    /// What to do about an element that cannot stand right within this.
    func remedy(forInner inner: Markup) -> String {
        switch content {
        case .only(let names): return "There may stand <\(names.joined(separator: ">, <"))>"
        case .phrasing where Markup.named("div")?.takes(inner) == true:
            return "Close <\(name)> before it, or make that a <div>"
        default:
            let takers = Markup.all.filter { $0.takes(inner) }.map(\.name)
            guard (1...3).contains(takers.count), takers != ["html"] else { return "Take it out" }
            return "Put it into a <\(takers.joined(separator: "> or <"))>"
        }
    }

    /// What to do about an attribute that is not allowed.
    func remedy(forAttribute attribute: String) -> String {
        if attribute.hasPrefix("on") { return "Take it out: a paper runs no program" }
        switch attribute {
        case "href", "srcset", "background", "action", "poster", "data", "http-equiv":
            return "Take it out: a paper must be whole in itself"
        case "align", "valign", "bgcolor", "border", "cellpadding", "cellspacing", "color",
            "face", "size", "nowrap", "width", "height":
            return "Take it out, and say how it looks in <style>"
        default:
            let allowed = (attributes + Markup.everywhere).joined(separator: ", ")
            return "Take it out; <\(name)> may have \(allowed)"
        }
    }
}

/// The references to characters that a template may have; any other stands as itself.
let namedReferences: [String] = [
    "amp", "lt", "gt", "quot", "apos", "nbsp", "ensp", "emsp", "thinsp", "ndash", "mdash",
    "hellip", "laquo", "raquo", "lsquo", "rsquo", "ldquo", "rdquo", "middot", "bull", "times",
    "deg", "sect", "copy", "minus", "le", "ge", "ne", "rarr", "check",
]
