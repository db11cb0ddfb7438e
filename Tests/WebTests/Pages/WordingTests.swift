import Foundation
import Testing

@testable import Web

@Suite struct WordingTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "klappa-texts-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func texts(_ json: String) throws -> Texts {
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(json.utf8).write(to: folder.appending(path: "crew.json"))
        return try Texts(folder: folder)
    }

    @Test(arguments: [
        (0, "0", "0"), (999, "999", "999"), (1_979, "1\u{202f}979", "1,979"),
        (-1_234_567, "\u{2212}1\u{202f}234\u{202f}567", "\u{2212}1,234,567"),
    ])
    func `whole numbers are grouped by locale`(number: Int, swedish: String, english: String) throws {
        let texts = try texts("{}")
        #expect(Wording(texts, in: .sv).number(number) == swedish)
        #expect(Wording(texts, in: .en).number(number) == english)
    }

    @Test(arguments: [
        (1_234_567.8, 1, "1\u{202f}234\u{202f}567,8", "1,234,567.8"), (0.05, 1, "0,1", "0.1"),
        (-0.5, 1, "\u{2212}0,5", "\u{2212}0.5"), (2, 2, "2,00", "2.00"), (3.06, 2, "3,06", "3.06"),
    ])
    func `decimals are written by locale`(number: Double, decimals: Int, swedish: String, english: String)
        throws
    {
        let texts = try texts("{}")
        #expect(Wording(texts, in: .sv).number(number, decimals: decimals) == swedish)
        #expect(Wording(texts, in: .en).number(number, decimals: decimals) == english)
    }

    @Test func `a count chooses its form and fills its names`() throws {
        let texts = try texts(
            """
            {"people": {"sv": {"one": "{count} person i {place}", "other": "{count} personer i {place}"},
                        "en": {"one": "{count} person in {place}", "other": "{count} people in {place}"}}}
            """
        )
        let words = Wording(texts, in: .sv)
        #expect(words.count("crew.people", 1, ["place": "Ystad"]) == "1 person i Ystad")
        #expect(words.count("crew.people", 1_200, ["place": "{count}"]) == "1\u{202f}200 personer i {count}")
        #expect(texts.names(in: "crew.people", .en) == ["count", "place"])
    }

    @Test func `a text without one of the languages stops the start`() {
        #expect(throws: PageError.self) { try texts(#"{"title": {"sv": "Crew"}}"#) }
    }

    @Test(arguments: [
        ([], "", ""), (["a"], "a", "a"), (["a", "b"], "a och b", "a and b"),
        (["a", "b", "c"], "a, b och c", "a, b and c"),
    ])
    func `a list ends with its conjunction`(words: [String], swedish: String, english: String) throws {
        let texts = try texts("{}")
        #expect(Wording(texts, in: .sv).list(words) == swedish)
        #expect(Wording(texts, in: .en).list(words) == english)
    }
}
