/// Turns what PostgreSQL wrote before it gave up into a sentence and a decision whether to try again.
enum StartFailure {
    /// Reads the words of `initdb` or the end of the log, in English (`LC_MESSAGES=C`).
    ///
    /// - Parameters:
    ///   - output: the words.
    ///   - directory: where; for the sentence.
    ///   - freeBytes: space left on its disk; a full disk may leave no words at all.
    static func error(from output: String, in directory: StateDirectory, freeBytes: Int?)
        -> PrivateServerError
    {
        let path = directory.path
        func has(_ text: String) -> Bool { output.contains(text) }
        if has("pre-existing shared memory block") || has("is another postmaster")
            || has("could not create shared memory segment: File exists")
        {
            return PrivateServerError(
                .leftovers,
                "Processes of a crashed PostgreSQL in \(path) have not ended; wait a moment and start again, or end the "
                    + "postgres processes that work in \(directory.data)."
            )
        }
        if has("No space left on device") || has("Disk quota exceeded") || (freeBytes ?? .max) < 1 << 20 {
            return PrivateServerError(
                .diskFull,
                "The disk that holds \(path) is full and PostgreSQL cannot start; free some space and start again "
                    + "(what was saved is still there)."
            )
        }
        if has("Read-only file system") {
            return PrivateServerError(
                .readOnly,
                "The disk that holds \(path) is mounted read-only and PostgreSQL cannot start; remount it writable."
            )
        }
        if has("Address already in use") {
            return PrivateServerError(
                .address,
                "The address or socket that the PostgreSQL of \(path) wants is taken; stop the server that has it "
                    + "(\(line(with: "Address already in use", in: output)))."
            )
        }
        if has("Permission denied") || has("has wrong ownership") || has("invalid permissions") {
            return PrivateServerError(
                .readOnly,
                "PostgreSQL may not use its files in \(path) (\(line(with: "ermission", in: output))); restore their owner "
                    + "and mode."
            )
        }
        return PrivateServerError(
            .start,
            "PostgreSQL in \(path) did not start: \(lastReason(in: output)) (more in \(directory.log))."
        )
    }

    private static func line(with text: String, in output: String) -> String {
        let lines = output.split(separator: "\n").filter { $0.contains(text) }
        return strip(lines.last.map(String.init) ?? text)
    }

    private static func lastReason(in output: String) -> String {
        let lines = output.split(separator: "\n").map(String.init)
        let telling = lines.last { ["FATAL:", "PANIC:", "ERROR:", "error:"].contains(where: $0.contains) }
        return strip(telling ?? lines.last ?? "it said nothing")
    }

    /// Without the time and process in front, and without a full stop.
    private static func strip(_ line: String) -> String {
        var text = Substring(line)
        for mark in ["FATAL:  ", "PANIC:  ", "ERROR:  ", "LOG:  ", "HINT:  ", "error: "] {
            if let found = text.firstRange(of: mark) { text = text[found.upperBound...] }
        }
        return text.hasSuffix(".") ? String(text.dropLast()) : String(text)
    }
}
