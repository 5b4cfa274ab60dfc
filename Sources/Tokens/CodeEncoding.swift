import Secrets

/// What families share that write codes the way their cards take them.
enum CodeEncoding {
    /// Locked memory for so many bytes.
    static func room(_ count: Int) throws(CodeUnfit) -> LockedBuffer {
        do throws(SecretError) { return try LockedBuffer(capacity: count) } catch {
            throw .noLockedMemory
        }
    }

    static func sealed(_ buffer: consuming LockedBuffer) throws(CodeUnfit) -> Secret {
        do throws(SecretError) { return try Secret(buffer) } catch { throw .tooLong }
    }

    /// A code for the command that is called `name`; one that cannot be made is that command's
    /// error, and nothing was sent.
    static func made(
        for name: String, _ body: () throws(CodeUnfit) -> Secret
    ) throws(TokenError) -> Secret {
        do throws(CodeUnfit) { return try body() } catch { throw TokenError(error, name) }
    }
}

extension TokenError {
    /// A code was not sent, since it cannot be made.
    init(_ unfit: CodeUnfit, _ command: String) {
        self.init(unfit == .noLockedMemory ? .noLockedMemory : .malformed, command)
    }
}
