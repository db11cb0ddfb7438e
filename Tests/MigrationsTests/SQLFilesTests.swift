import Testing

@testable import Migrations

@Suite struct SQLFilesTests {
    @Test func `the files that come with the program are whole`() throws {
        let files = try SQLFiles.bundled()
        #expect(files.migrations.first?.name == "0001_create_roles_and_extensions")
        #expect(files.references.map(\.name).contains("regions"))
        #expect(files.checks.count >= 20)
        for reference in files.references {
            #expect(throws: Never.self, "\(reference.name)") { try ReferenceLoader.statement(reference) }
        }
    }

    @Test func `a folder without the files is named`() {
        let error = #expect(throws: MigrationError.self) { try SQLFiles(directory: "/nowhere") }
        #expect(error?.kind == .files)
        #expect(error?.message.contains("/nowhere/migrations") == true)
    }

    @Test func `a table is read with its quotes, commas and line ends`() throws {
        let table = try CSVTable("a,b\r\n\"1,\"\"x\"\"\",\"två\nrader\"\r\n,\n", name: "t.csv")
        #expect(table.header == ["a", "b"])
        #expect(table.rows == [["1,\"x\"", "två\nrader"], ["", ""]])
        #expect(table.json == #"[{"a":"1,\"x\"","b":"två\nrader"},"# + "\n" + #"{"a":"","b":""}]"#)
    }

    @Test func `a last line without its end counts`() throws {
        #expect(try CSVTable("a,b\n1,2", name: "t.csv").rows == [["1", "2"]])
    }

    @Test func `a row of another length is named`() {
        let error = #expect(throws: MigrationError.self) { try CSVTable("a,b\n1,2\n3\n", name: "t.csv") }
        #expect(error?.message.contains("Row 2 of sql/reference/t.csv") == true)
    }

    @Test(arguments: [
        ("\"", #""\"""#), ("\\", #""\\""#), ("\u{1}", #""\u0001""#), ("\t", #""\t""#), ("ä", #""ä""#),
    ])
    func `JSON strings are escaped`(text: String, json: String) {
        #expect(CSVTable.quoted(text) == json)
    }
}
