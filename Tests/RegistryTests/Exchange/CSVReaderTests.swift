import Testing

@testable import Registry

/// Reads all of `text`, handed over in chunks of `size` bytes.
private func rows(_ bytes: [UInt8], chunk size: Int = 7, limits: CSVReader.Limits = .init()) throws
    -> [[String]]
{
    var reader = CSVReader(limits: limits)
    var row = CSVRow()
    var rows: [[String]] = []
    func take() throws {
        while try reader.next(into: &row) {
            rows.append(try (0..<row.count).map { try row.text(at: $0) })
        }
    }
    for start in stride(from: 0, to: bytes.count, by: size) {
        reader.feed(Array(bytes[start..<min(start + size, bytes.count)]))
        try take()
    }
    reader.finish()
    try take()
    return rows
}

private func rows(_ text: String, chunk size: Int = 7) throws -> [[String]] {
    try rows(Array(text.utf8), chunk: size)
}

private func error(_ bytes: [UInt8], limits: CSVReader.Limits = .init()) -> CSVError? {
    do {
        _ = try rows(bytes, limits: limits)
        return nil
    } catch {
        return error as? CSVError
    }
}

private func error(_ text: String, limits: CSVReader.Limits = .init()) -> CSVError? {
    error(Array(text.utf8), limits: limits)
}

@Suite struct CSVReaderTests {
    @Test(arguments: [
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1,5\t2;3\n", [["a", "b"], ["1,5", "2;3"]]),
        ("\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("\u{FEFF}\"a\",b\n", [["a", "b"]]),
        ("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", [["a", "b"], ["x,y", "say \"hi\""]]),
        ("a,b\n\"one\r\ntwo\",\"\"\n", [["a", "b"], ["one\r\ntwo", ""]]),
        ("a,b\n,\n", [["a", "b"], ["", ""]]),
        ("a,b\n1,", [["a", "b"], ["1", ""]]),
        ("\r\n\na,b\n\n\r\n1,2\n\n", [["a", "b"], ["1", "2"]]),
        ("a\n\"\"\n", [["a"], [""]]),
        ("\"a;b;c\",d\n", [["a;b;c", "d"]]),
        ("", []),
        ("\u{FEFF}", []),
        ("ä", [["ä"]]),
        ("a,b\n'+46 70,'hej\n", [["a", "b"], ["+46 70", "'hej"]]),
    ])
    func `every form that spreadsheets write is read`(text: String, expected: [[String]]) throws {
        for size in [1, 2, 3, 5, 64] {
            #expect(try rows(text, chunk: size) == expected, "chunks of \(size)")
        }
    }

    @Test func `each error names the line and the column`() {
        #expect(error("a,b\n1,x\"y\n") == CSVError(.quoteInsideCell, line: 2, column: 2))
        #expect(error("a,b\n\"x\" ,2\n") == CSVError(.textAfterQuote, line: 2, column: 1))
        #expect(error("a,b\n\"x\ny\",2\n3,\"\n4,5\n") == CSVError(.openQuote, line: 4, column: 2))
        #expect(error(Array("a,b\nx,".utf8) + [0xE5, 0x0A]) == CSVError(.notUTF8, line: 2, column: 2))
        #expect(error([0xFF, 0xFE, 0x61, 0x00]) == CSVError(.utf16, line: 1, column: 1))
        #expect(error([0xFE, 0xFF, 0x00, 0x61]) == CSVError(.utf16, line: 1, column: 1))
    }

    @Test func `a file may not ask for more memory than the limits`() {
        var limits = CSVReader.Limits()
        limits.cell = 10
        limits.row = 15
        limits.cells = 3
        #expect(
            error("a,b\n1,12345678901\n", limits: limits)
                == CSVError(.cellTooLong(limit: 10), line: 2, column: 2)
        )
        #expect(
            error("a\n\"12345678901\n", limits: limits)
                == CSVError(.cellTooLong(limit: 10), line: 2, column: 1)
        )
        #expect(
            error("a,b\n12345678,12345678\n", limits: limits)
                == CSVError(.rowTooLong(limit: 15), line: 2, column: 2)
        )
        #expect(
            error("a,b,c\n1,2,3,4\n", limits: limits) == CSVError(.tooManyCells(limit: 3), line: 2, column: 4)
        )
        #expect(error("a,b,c\n1,2,3", limits: limits) == nil)
        #expect(
            error("a,b,c\n1,2,3,4", limits: limits) == CSVError(.tooManyCells(limit: 3), line: 2, column: 4)
        )
    }

    @Test func `a cell after a line end in quotes knows its own line`() throws {
        var reader = CSVReader()
        var row = CSVRow()
        reader.feed(Array("a,b,c\r\n\"1\r\n2\",\"3\n4\r5\",6\r\n7,8,9\r\n".utf8))
        #expect(try reader.next(into: &row))
        #expect(row.line == 1)
        #expect(try reader.next(into: &row))
        #expect([row.line, row.line(at: 0), row.line(at: 1), row.line(at: 2)] == [2, 2, 3, 5])
        #expect(try reader.next(into: &row))
        #expect(row.line == 6)
        #expect(try !reader.next(into: &row))
    }

    @Test func `an error of form is given again at every later call`() {
        var reader = CSVReader()
        var row = CSVRow()
        reader.feed(Array("a,b\nx\"y,1\n2,3\n".utf8))
        #expect(throws: Never.self) { try reader.next(into: &row) }
        for _ in 0..<2 {
            #expect(throws: CSVError(.quoteInsideCell, line: 2, column: 1)) { try reader.next(into: &row) }
        }
    }

    @Test func `random bytes give rows or an error in any chunks, and always the same`() {
        var random = SplitMix(seed: 26)
        let alphabet: [UInt8] = Array("a,;\"\r\n\t'=ö ".utf8) + [0xEF, 0xBB, 0xBF, 0xFF, 0x00]
        var limits = CSVReader.Limits()
        limits.cell = 12
        limits.row = 30
        limits.cells = 6
        var read = 0
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let whole = Result { try rows(bytes, chunk: 1_000, limits: limits) }
            let pieces = Result {
                try rows(bytes, chunk: Int.random(in: 1...9, using: &random), limits: limits)
            }
            switch (whole, pieces) {
            case (.success(let first), .success(let second)):
                #expect(first == second)
                read += 1
            case (.failure(let first), .failure(let second)):
                #expect(first as? CSVError == second as? CSVError)
            default: Issue.record("chunks changed the outcome of \(bytes)")
            }
        }
        #expect(read > 100)
    }
}

/// A small generator whose numbers are the same in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
