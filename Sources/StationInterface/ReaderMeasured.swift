import JSON

extension Station {
    /// Round trips of one kind, in microseconds.
    package struct Latency: StationMessage, Equatable {
        package let count, p50, p90, p99, max: Int

        /// Of at least one time; each figure is one that was measured (nearest rank).
        package init(of first: Int, _ others: [Int] = []) {
            let sorted = ([first] + others).sorted()
            /// The smallest time that so many percent of all do not exceed.
            func rank(_ percent: Int) -> Int {
                sorted[Swift.max((sorted.count * percent + 99) / 100, 1) - 1]
            }
            count = sorted.count
            p50 = rank(50)
            p90 = rank(90)
            p99 = rank(99)
            max = rank(100)
        }

        package init(_ fields: Fields) throws(FieldError) {
            count = try fields.integer("count")
            p50 = try fields.integer("p50")
            p90 = try fields.integer("p90")
            p99 = try fields.integer("p99")
            max = try fields.integer("max")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("count", count)
            writer.member("p50", p50)
            writer.member("p90", p90)
            writer.member("p99", p99)
            writer.member("max", max)
        }
    }

    package struct ReaderMeasured: StationMessage, Equatable {
        package let status: Latency
        package let select: Latency

        package init(status: Latency, select: Latency) {
            self.status = status
            self.select = select
        }

        package init(_ fields: Fields) throws(FieldError) {
            status = try fields.message("status")
            select = try fields.message("select")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("status", status)
            writer.message("select", select)
        }
    }

    package struct MeasureReader: StationRequest {
        package typealias Reply = ReaderMeasured
        package static let method = DevicesInterface.name + ".MeasureReader"
        /// How many round trips of each kind may be asked for.
        package static let most = 1000

        package let reader: String
        package let times: Int

        package init(reader: String, times: Int) {
            self.reader = reader
            self.times = times
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var name = ""
            var times = 0
            try reader.parameters(["reader", "times"]) { key, value throws(JSONError) in
                if key == "reader" {
                    name = try value.string(maxLength: 256)
                } else {
                    times = Int(try value.integer(in: 1...Int64(Self.most)))
                }
            }
            self.reader = name
            self.times = times
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("reader", reader)
            writer.member("times", times)
        }
    }
}
