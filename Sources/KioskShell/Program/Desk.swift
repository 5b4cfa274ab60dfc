import Secrets

/// The counter's desk: brings keys, codes, the agent and the screen together.
///
/// Keys are decoded and acted on one at a time, straight from locked memory: a character of a
/// code goes into its field and nowhere else, so that no list of keys ever spells a code.
final class Desk {
    private(set) var counter: Counter
    private let link: any AgentLink
    /// Nil where no command for printing is configured.
    private let printer: OfficeCommand?
    /// Nil where no command that draws codes is configured.
    private let qr: OfficeCommand?
    private let folder: RequestFolder
    /// Nil where nothing is kept over a crash.
    private let memory: KeptMemory?
    private var decoder = KeyDecoder()
    /// What has begun to be pasted.
    private var paste: Paste?
    /// When the terminal last sent something.
    private var lastRead: Milliseconds
    private var codes: Codes
    /// What the terminal sent, wiped after each read.
    private var keys: LockedBuffer
    private var renderer: Renderer
    /// Tells lines instead of painting cells; nil where there is a screen.
    private var teller: PlainTeller?
    private var size: Size
    /// What can be touched on the screen that was painted last.
    private var targets: [Target] = []
    /// The keys for a code on the screen, and the screen they belong to.
    private var pad: CodePad?
    private var padScreen: PadScreen?
    /// The last key was a touch.
    private var isTouched = false
    private(set) var hasQuit = false

    /// The fields a code can be in.
    private struct Codes: ~Copyable {
        var unblocking: CodeField
        var newPIN: CodeField
        var repeated: CodeField
        var proof: CodeField

        init() throws(SecretError) {
            // All before any is stored: a half-made value could not be torn down.
            let first = try CodeField()
            let second = try CodeField()
            let third = try CodeField()
            let fourth = try CodeField()
            unblocking = first
            newPIN = second
            repeated = third
            proof = fourth
        }

        mutating func wipe() {
            unblocking.wipe()
            newPIN.wipe()
            repeated.wipe()
            proof.wipe()
        }
    }

    init(
        language: Language, input: InputMethod? = nil, link: any AgentLink, renderer: Renderer,
        printer: OfficeCommand? = nil, qr: OfficeCommand? = nil,
        blankAfter: Milliseconds? = nil, imports: [String] = [], isPlain: Bool = false,
        memory: KeptMemory? = nil, size: Size, now: Milliseconds
    ) throws(SecretError) {
        counter = Counter(language: language, input: input, kept: memory?.take(), now: now)
        lastRead = now
        self.memory = memory
        codes = try Codes()
        keys = try LockedBuffer(capacity: 1024)
        self.link = link
        self.printer = printer
        self.qr = qr
        folder = RequestFolder(paths: imports)
        counter.canPrint = printer != nil
        counter.canDrawCodes = qr != nil
        // Who hears the screen sees no darkness.
        counter.blankAfter = isPlain ? nil : blankAfter
        counter.canImport = !imports.isEmpty
        self.renderer = renderer
        teller = isPlain ? PlainTeller() : nil
        self.size = size
    }

    func start(at now: Milliseconds) {
        apply(counter.start(), at: now)
        takeMessages(at: now)
    }

    /// Whether an escape byte waits to become a key or the begin of one.
    var hasPendingEscape: Bool { decoder.hasPendingEscape }

    /// When what the terminal began is over, should nothing more of it come; nil where nothing
    /// has begun.
    var typingDeadline: Milliseconds? { decoder.patience.map { lastRead + $0 } }

    /// Lets `source` write what the terminal sent into locked memory, acts on it, and wipes it.
    /// False when there was nothing, which is the terminal's end.
    func read<E: Error>(
        at now: Milliseconds, _ source: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) -> Bool {
        let count = try keys.fill(source)
        lastRead = now
        keys.withBytes { typed($0, at: now) }
        keys.wipe()
        return count > 0
    }

    private func typed(_ bytes: UnsafeRawBufferPointer, at now: Milliseconds) {
        for byte in bytes where !hasQuit {
            if let key = decoder.feed(byte) { press(key, at: now) }
        }
    }

    /// No more bytes came: ends what began, once its time is up.
    func endTyping(at now: Milliseconds) {
        guard let due = typingDeadline, due <= now else { return }
        if let key = decoder.flush() { press(key, at: now) }
    }

    func tick(at now: Milliseconds) { handle(.tick, at: now) }

    /// Takes what the agent said meanwhile.
    func takeMessages(at now: Milliseconds) {
        // A message can make the counter ask something that fails at once; the link never has
        // more to say than it was asked.
        for end in printer?.takeEnds() ?? [] { handle(.printed(end.ticket, end.end), at: now) }
        for end in qr?.takeEnds() ?? [] {
            handle(.codeDrawn(end.ticket, svg: end.end == .done ? end.said : nil), at: now)
        }
        for _ in 0..<64 {
            let messages = link.takeMessages()
            if messages.isEmpty { return }
            for message in messages { handle(.agent(message), at: now) }
        }
    }

    func resize(_ size: Size) { self.size = size }

    /// The terminal may show anything: paint it whole next time.
    func repaint() {
        renderer.forget()
        teller?.forget()
    }

    /// The bytes that bring the terminal up to date.
    func paint() -> [UInt8] {
        if teller != nil { return teller?.tell(ToldPage(counter)) ?? [] }
        let grid = ScreenView.draw(counter, size: size, pad: pad)
        targets = grid.targets
        return renderer.render(grid) + renderer.turn(isDark: counter.isDark)
    }

    // MARK: inside

    private func press(_ key: Key, at now: Milliseconds) {
        // Where the question cannot be seen nobody answers it.
        guard teller != nil || size.isEnough || key.neverAnswers else { return }
        if case .pointer(let pointer) = key { return touch(pointer, at: now) }
        isTouched = false
        act(key, at: now)
    }

    private func act(_ key: Key, at now: Milliseconds) {
        // A touch belongs to the screen it was made on: none counts until the next is painted.
        targets = []
        if key == .function(6), padScreen != nil, teller == nil {
            pad = pad == nil ? CodePad() : nil
            return
        }
        switch key {
        case .pasteBegin, .pasted, .pasteEnd, .pasteLost: return take(pasted: key, at: now)
        default: break
        }
        guard let slot = counter.codeSlot else { return handle(.key(key), at: now) }
        switch key {
        case .character(let scalar): type(scalar, into: slot, at: now)
        case .backspace: erase(slot, at: now)
        case .control("u"): clear(slot, at: now)
        case .alt, .delete, .left, .right, .home, .end, .insert, .pointer: break
        default: handle(.key(key), at: now)
        }
    }

    private func take(pasted key: Key, at now: Milliseconds) {
        if key == .pasteBegin { paste = Paste() }
        if let slot = counter.codeSlot {
            paste?.refuse()
            // The end of a paste that was given up: its rest was taken for keys.
            let isStray = key == .pasteEnd && paste == nil
            if isStray { clear(slot, at: now) }
            if isStray || key == .pasteBegin { handle(.codeRefused(.pasted), at: now) }
        } else if key == .pasteBegin {
            handle(.key(key), at: now)
        }
        switch key {
        case .pasted(let scalar): paste?.take(scalar)
        case .pasteEnd:
            let whole = paste?.end() ?? []
            paste = nil
            for scalar in whole { handle(.key(.pasted(scalar)), at: now) }
        case .pasteLost: paste = nil
        default: break
        }
    }

    /// Does what is where the pointer is. Only the pad types, and into a code field alone: its
    /// digit goes there straight, as a typed one does.
    private func touch(_ pointer: Pointer, at now: Milliseconds) {
        guard let effect = targets.effect(of: pointer) else { return }
        let painted = targets
        isTouched = pointer.act == .press
        switch effect {
        case .key(let key):
            act(key, at: now)
            // Turns of the wheel come many at once, and mean the same list.
            if pointer.act != .press { targets = painted }
        case .pad(let place):
            guard let slot = counter.codeSlot, let act = pad?[place] else { return }
            switch act {
            case .type(let digit): type(digit, into: slot, at: now)
            case .clear: clear(slot, at: now)
            case .erase: erase(slot, at: now)
            }
        case .wheel: break
        }
    }

    private func erase(_ slot: CodeSlot, at now: Milliseconds) {
        edit(slot) { $0.removeLast() }
        tell(slot, at: now)
    }

    private func clear(_ slot: CodeSlot, at now: Milliseconds) {
        edit(slot) { $0.wipe() }
        tell(slot, at: now)
    }

    /// The pad leaves with its screen; a finger that comes to the next one finds a new one.
    private func keepPad() {
        let screen = counter.padScreen
        guard screen != padScreen else { return }
        padScreen = screen
        pad = screen != nil && isTouched ? CodePad() : nil
    }

    private func type(_ scalar: Unicode.Scalar, into slot: CodeSlot, at now: Milliseconds) {
        // A new code is printable ASCII, so that every keyboard types it alike; an old one is
        // whatever it is.
        if slot == .newPIN || slot == .repeatedPIN, !(0x20...0x7E).contains(scalar.value) {
            return handle(.codeRefused(.notPrintable), at: now)
        }
        var taken = false
        edit(slot) { taken = $0.append(scalar) }
        if taken {
            tell(slot, at: now)
        } else {
            handle(.codeRefused(.full), at: now)
        }
    }

    private func edit(_ slot: CodeSlot, _ body: (inout CodeField) -> Void) {
        switch slot {
        case .unblocking: body(&codes.unblocking)
        case .newPIN: body(&codes.newPIN)
        case .repeatedPIN: body(&codes.repeated)
        case .proof: body(&codes.proof)
        }
    }

    private func tell(_ slot: CodeSlot, at now: Milliseconds) {
        var facts =
            switch slot {
            case .unblocking: codes.unblocking.facts
            case .newPIN: codes.newPIN.facts
            case .repeatedPIN: codes.repeated.facts
            case .proof: codes.proof.facts
            }
        if slot == .newPIN { facts.isPublished = codes.newPIN.isPublished }
        let same = codes.newPIN.matches(codes.repeated)
        handle(.code(slot, facts, same: same), at: now)
    }

    private func handle(_ event: CounterEvent, at now: Milliseconds) {
        apply(counter.handle(event, at: now), at: now)
        keepPad()
        memory?.keep(hasQuit ? nil : counter.kept)
    }

    private func apply(_ effects: [CounterEffect], at now: Milliseconds) {
        for effect in effects {
            switch effect {
            case .connect: link.connect()
            case .call(let ticket, let call): link.call(ticket, call)
            case .unblock(let ticket, let restore): send(ticket, restore, at: now)
            case .prove(let ticket, let call): prove(ticket, call, at: now)
            case .wipeCodes: codes.wipe()
            case .wipe(let slot): edit(slot) { $0.wipe() }
            case .print(let ticket, let html): printer?.run(ticket, html)
            case .drawCode(let ticket, let text): qr?.run(ticket, text)
            case .listFiles: handle(.listed(folder.files()), at: now)
            case .readFile(let file):
                handle(.fileRead(file, folder.content(of: file)), at: now)
            case .quit: hasQuit = true
            }
        }
    }

    private func prove(_ ticket: Ticket, _ call: ProvingCall, at now: Milliseconds) {
        do throws(SecretError) {
            let code = try codes.proof.take()
            codes.wipe()
            link.prove(ticket, call, code)
        } catch {
            codes.wipe()
            let fault = AgentFault(.noLockedMemory, detail: error.description)
            handle(.agent(.reply(ticket, .fault(fault))), at: now)
        }
    }

    private func send(_ ticket: Ticket, _ restore: String, at now: Milliseconds) {
        // The counter sends only when both entries are the same; nothing but the fields themselves
        // can say so.
        guard codes.newPIN.matches(codes.repeated) else {
            codes.wipe()
            return handle(.agent(.reply(ticket, .fault(AgentFault(.newCodeRefused)))), at: now)
        }
        do throws(SecretError) {
            let code = try codes.unblocking.take()
            let pin = try codes.newPIN.take()
            codes.wipe()
            link.unblock(ticket, restore: restore, unblockingCode: code, newPIN: pin)
        } catch {
            codes.wipe()
            let fault = AgentFault(.noLockedMemory, detail: error.description)
            handle(.agent(.reply(ticket, .fault(fault))), at: now)
        }
    }
}

extension Key {
    /// The language and leaving, by which no token is sent anything.
    fileprivate var neverAnswers: Bool {
        switch self {
        case .function(2), .function(10), .control("l"), .control("q"): true
        default: false
        }
    }
}
