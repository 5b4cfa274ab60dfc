extension Array where Element == UInt8 {
    /// The array's bytes for the time of `body`, with its error's type kept.
    func withRawBytes<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        // Swift 6.0's withUnsafeBytes loses the type of the error.
        try withUnsafeBytes { bytes -> Result<R, E> in
            do throws(E) {
                return .success(try body(bytes))
            } catch {
                return .failure(error)
            }
        }.get()
    }
}
