extension Run {
    func examine() throws(Failure) -> ExitStatus { .good }
}
