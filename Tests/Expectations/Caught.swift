import Testing

/// The error of this type that `body` throws. Where it throws none, or one of another type, the
/// test has failed, and it is nil. (`#expect(throws:)` returns it too, but since Swift 6.1 only.)
package func caught<E: Error, R: ~Copyable>(
    _ type: E.Type, _ comment: @autoclosure () -> Comment? = nil,
    at place: SourceLocation = #_sourceLocation, by body: () throws -> R
) -> E? {
    do {
        _ = try body()
        Issue.record("nothing was thrown, not \(type). \(comment() ?? "")", sourceLocation: place)
    } catch let error as E {
        return error
    } catch {
        Issue.record("\(error) was thrown, not \(type). \(comment() ?? "")", sourceLocation: place)
    }
    return nil
}
