extension Array where Element == UInt8 {
    /// The array's bytes for the time of `body`, with its error's type kept.
    func withRawBytes<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try withUnsafeBufferPointer { (buffer) throws(E) in
            try body(UnsafeRawBufferPointer(buffer))
        }
    }
}
