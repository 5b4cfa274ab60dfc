// What a paper says is read in a room of its own, without a record: the counter's screen reads
// files too. Whoever has the cases has those words with them.
@_exported import Requests
