import JSON

extension Station {
    /// How long a token took for each signature of a key check, in microseconds.
    package struct Timing: StationMessage, Equatable {
        /// How the times lie in what is known of the model.
        package enum Judgement: String, Sendable { case unknown, inside, suspicious }

        package let challenges, minimum, median, p90, maximum: Int
        /// The mean difference of one signature to the next; nil for a single one.
        package let jitter: Int?
        /// In the order in which they were made.
        package let times: [Int]
        /// How often the token asked for more time; nil where the way to it does not show that.
        package let timeExtensions: Int?
        package let judgement: Judgement

        package init(
            minimum: Int, median: Int, p90: Int, maximum: Int, jitter: Int?, times: [Int],
            timeExtensions: Int?, judgement: Judgement
        ) {
            challenges = times.count
            self.minimum = minimum
            self.median = median
            self.p90 = p90
            self.maximum = maximum
            self.jitter = jitter
            self.times = times
            self.timeExtensions = timeExtensions
            self.judgement = judgement
        }

        package init(_ fields: Fields) throws(FieldError) {
            challenges = try fields.integer("challenges")
            minimum = try fields.integer("min_us")
            median = try fields.integer("median_us")
            p90 = try fields.integer("p90_us")
            maximum = try fields.integer("max_us")
            jitter = try fields.optionalInteger("jitter_us")
            times = try fields.integers("times_us")
            timeExtensions = try fields.optionalInteger("time_extensions")
            judgement = try fields.choice("judgement")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("challenges", challenges)
            writer.member("min_us", minimum)
            writer.member("median_us", median)
            writer.member("p90_us", p90)
            writer.member("max_us", maximum)
            writer.member("jitter_us", jitter)
            writer.key("times_us")
            writer.beginArray()
            for time in times { writer.integer(Int64(time)) }
            writer.endArray()
            writer.member("time_extensions", timeExtensions)
            writer.member("judgement", judgement.rawValue)
        }
    }
}
