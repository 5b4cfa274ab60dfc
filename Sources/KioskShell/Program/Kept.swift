import JSON
import System

/// What the screen process that comes after a crash goes on with: a paper that was being typed
/// in, or the case in hand. Never a code.
enum Kept: Equatable, Sendable {
    case form(CaseForm)
    case draft(RequestDraft)
    /// By its number; a restore of it runs on with the agent.
    case caseInHand(String)

    init?(_ here: Resume) {
        switch here {
        case .form(let form): self = .form(form.asKept)
        // What was found in it, or that somebody was about to drop it, is asked anew.
        case .draft(let draft):
            if draft.isEmpty { return nil }
            self = .draft(draft.asKept)
        case .caseView(let view): self = .caseInHand(view.found.number)
        case .act(let form): self = .caseInHand(form.found.number)
        case .request(let row), .proof(let row): self = .caseInHand(row.id)
        case .restore(let session): self = .caseInHand(session.subject.request.id)
        case .home, .cases, .intake: return nil
        }
    }
}

/// Where it lies: in memory that the keeper holds and never looks at, and on no disk, since it says
/// of people what a request says of them. With the keeper it is gone.
final class KeptMemory {
    private let memory: MemoryFile
    private var written: Kept?

    init(_ memory: consuming MemoryFile) { self.memory = memory }

    /// What the process before left; nil where it left nothing that is whole.
    func take() -> Kept? {
        written = (try? memory.contents()).flatMap { Kept(bytes: $0) }
        return written
    }

    func keep(_ kept: Kept?) {
        guard kept != written else { return }
        written = kept
        // Without it the screen works as ever.
        try? memory.replace(with: kept?.bytes ?? [])
    }
}

extension Kept {
    var bytes: [UInt8] {
        var writer = JSONWriter(into: JSONBytes())
        writer.beginObject()
        switch self {
        case .caseInHand(let number):
            writer.key("case")
            writer.string(number)
        case .form(let form):
            writer.key("form")
            writer.beginArray()
            for field in form.fields { writer.string(field.text) }
            writer.endArray()
            writer.key("focus")
            writer.integer(Int64(form.focus.rawValue))
        case .draft(let draft): draft.write(into: &writer)
        }
        writer.endObject()
        return (try? writer.finish())?.bytes ?? []
    }

    init?(bytes: [UInt8]) {
        let limits = JSONLimits(length: 1 << 21, stringLength: 1 << 13)
        let read = try? JSONReader.over(bytes, limits: limits) { (json) throws(JSONError) in
            let value = try json.value()
            try json.finish()
            return value
        }
        guard let read else { return nil }
        if let number = read["case"]?.string {
            self = .caseInHand(number)
        } else if let texts = read["form"]?.array {
            var form = CaseForm()
            guard texts.count == form.fields.count else { return nil }
            form.fields = texts.map { TextField($0.string ?? "") }
            form.focus =
                read["focus"]?.integer.flatMap { CaseForm.Field(rawValue: Int($0)) } ?? form.focus
            self = .form(form)
        } else if let draft = RequestDraft(kept: read) {
            self = .draft(draft)
        } else {
            return nil
        }
    }
}

extension CaseForm {
    /// The same as it is read back: each cursor stands at the end of its text.
    fileprivate var asKept: CaseForm {
        var form = CaseForm()
        form.fields = fields.map { TextField($0.text) }
        form.focus = focus
        return form
    }
}

extension RequestDraft {
    /// The entries whose texts are kept, in an order that kind and devices make.
    private var typed: [Entry] {
        pages.flatMap { entries(of: $0) }.filter { $0 != .kind && $0 != .returnReason }
    }

    /// The same as it is read back.
    fileprivate var asKept: RequestDraft {
        var draft = RequestDraft(kind, devices: devices, completing: completes, page: page)
        draft.isRevoked = isRevoked
        for entry in typed { draft[entry] = TextField(self[entry].text) }
        return draft
    }

    fileprivate func write(into writer: inout JSONWriter<JSONBytes>) {
        writer.key("paper")
        writer.string(kind.rawValue)
        writer.key("devices")
        writer.integer(Int64(devices))
        writer.key("page")
        writer.integer(Int64(page))
        if let completes {
            writer.key("completes")
            writer.string(completes)
        }
        if let isRevoked {
            writer.key("revoked")
            writer.boolean(isRevoked)
        }
        writer.key("texts")
        writer.beginArray()
        for entry in typed { writer.string(self[entry].text) }
        writer.endArray()
    }

    fileprivate init?(kept read: JSONValue) {
        guard let kind = read["paper"]?.string.flatMap({ Kind(rawValue: $0) }),
            let devices = read["devices"]?.integer, let page = read["page"]?.integer,
            (1...Int64(RequestDraft.mostDevices)).contains(devices), (0...1_000).contains(page)
        else { return nil }
        self.init(
            kind, devices: Int(devices), completing: read["completes"]?.string, page: Int(page))
        isRevoked = read["revoked"]?.bool
        let texts = read["texts"]?.array ?? []
        guard texts.count == typed.count else { return nil }
        for (entry, text) in zip(typed, texts) { self[entry] = TextField(text.string ?? "") }
    }
}
