/// A value that cannot be copied, where several hold it. Swift 6.0's optimiser does not compile
/// such values as locals among calls that throw.
final class Owned<Value: ~Copyable & Sendable>: Sendable {
    let value: Value
    init(_ value: consuming Value) { self.value = value }
}
