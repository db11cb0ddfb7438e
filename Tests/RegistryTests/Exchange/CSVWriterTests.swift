import Testing

@testable import Registry

private func written(_ table: [[String]], separator: UInt8 = UInt8(ascii: ",")) -> [UInt8] {
    var writer = CSVWriter(separator: separator)
    for row in table { writer.append(row) }
    return writer.take()
}

private func read(_ bytes: [UInt8], separator: UInt8?) throws -> [[String]] {
    var reader = CSVReader(separator: separator)
    reader.feed(bytes)
    reader.finish()
    var row = CSVRow()
    var table: [[String]] = []
    while try reader.next(into: &row) {
        table.append(try (0..<row.count).map { try row.text(at: $0) })
    }
    return table
}

/// Compared by bytes: Swift's strings are equal when they only look the same.
private func bytes(_ table: [[String]]) -> [[[UInt8]]] { table.map { $0.map { Array($0.utf8) } } }

@Suite struct CSVWriterTests {
    @Test func `rows end with CRLF and quotes stand where they must`() {
        let table = [
            ["name", "x"], ["Åsa", ""], ["a,b", "c;d"], ["say \"hi\"", " x"], ["one\ntwo", "1 2"],
        ]
        let expected =
            "name,x\r\nÅsa,\r\n\"a,b\",\"c;d\"\r\n\"say \"\"hi\"\"\",\" x\"\r\n\"one\ntwo\",1 2\r\n"
        #expect(written(table) == Array(expected.utf8))
        #expect(written([[""]]) == Array("\"\"\r\n".utf8))
        #expect(written([[]]).isEmpty)
    }

    @Test(arguments: [
        "=1+1", "+46 70 174 06 05", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a",
        "=HYPERLINK(\"http://example.com\",\"x\")", "'=1", "''+", "=", "'-",
    ])
    func `what a spreadsheet would run is written with an apostrophe and read back without`(value: String)
        throws
    {
        let bytes = written([["v"], [value]])
        let cell = bytes.dropFirst("v\r\n\"".utf8.count)
        #expect(cell.first == UInt8(ascii: "'"))
        #expect(try read(bytes, separator: nil).last == [value])
    }

    @Test(arguments: ["'t Hart", "'", "''", "a=b", "", "O'Brien", "'a=", "ﬁlm", "\u{FEFF}x"])
    func `harmless values carry no apostrophe`(value: String) throws {
        let bytes = written([["v"], [value]])
        #expect(!bytes.starts(with: Array("v\r\n\"'\(value)".utf8)))
        #expect(try read(bytes, separator: nil).last == [value])
    }

    @Test func `random tables are read back as they were written, and written again to the same bytes`()
        throws
    {
        var random = SplitMix(seed: 4180)
        let pieces = [
            "a", "å", ",", ";", "\t", "\"", "\r", "\n", "\r\n", "'", "=", "+", "-", "@", " ", "\u{FEFF}", "＝",
            "e\u{301}", "🎬", "0", "\0",
        ]
        for _ in 0..<1_000 {
            let width = Int.random(in: 1...5, using: &random)
            let table = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                (0..<width).map { _ in
                    (0..<Int.random(in: 0...5, using: &random)).map { _ in
                        pieces.randomElement(using: &random) ?? ""
                    }.joined()
                }
            }
            let separator = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].randomElement(
                using: &random
            )
            let first = written(table, separator: separator ?? 0x2C)
            let again = try read(first, separator: separator)
            #expect(bytes(again) == bytes(table))
            #expect(written(again, separator: separator ?? 0x2C) == first)
        }
    }

    @Test func `the separator of a written file is found again`() throws {
        for separator in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
            let table = [["name", "roles", "busy"], ["A", "x;y;z", "1,2\t3"]]
            #expect(try read(written(table, separator: separator), separator: nil) == table)
        }
    }
}
