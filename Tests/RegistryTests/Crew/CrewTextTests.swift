import Testing
import Web

@testable import Registry

struct CrewTextTests {
    private let titles = Vocabularies(
        regions: [],
        municipalities: [],
        departments: [],
        roles: [
            role(1, "location_manager", "Platschef", "Location manager", ["inspelningsplatschef"]),
            role(2, "production_manager", "Produktionsledare", "Production manager", []),
            role(3, "gaffer", "Ljussättare", "Gaffer", []),
            role(4, "makeup_artist", "Maskör", "Make-up artist", []),
        ],
        languages: [],
        certificates: []
    ).roleTitles

    private static func role(
        _ no: Int16,
        _ code: String,
        _ sv: String,
        _ en: String,
        _ aliases: [String]
    ) -> Vocabularies.Role {
        Vocabularies.Role(
            no: no,
            code: code,
            department: "d",
            name: Localized(sv: sv, en: en),
            aliases: aliases,
            headOfDepartment: false,
            retired: false
        )
    }

    @Test(arguments: [
        ("platschef", ["location_manager"], []),
        ("Location Manager", ["location_manager"], []),
        ("inspelningsplatschef", ["location_manager"], []),
        ("ljussattare", ["gaffer"], []),
        ("LJUSSÄTTARE", ["gaffer"], []),
        ("ljussa\u{308}ttare", ["gaffer"], []),
        ("make-up artist", ["makeup_artist"], []),
        ("gaffer Anna Berg", ["gaffer"], [1, 2]),
        ("manager", [], [0]),
        ("gaffer, platschef", ["gaffer", "location_manager"], []),
        ("", [], []),
    ])
    func `titles are found in either language, with and without their dots`(
        text: String,
        roles: [String],
        rest: [Int]
    ) {
        let found = CrewText(text).rolesNamed(in: titles)
        #expect(found.roles == roles)
        #expect(found.rest == rest)
    }

    @Test func `a title one error away is found when its words are nobody's`() {
        let text = CrewText("locaton manager Anna")
        let found = text.rolesMistyped(in: titles, among: [0, 1, 2], unknown: [0])
        #expect(found.roles == ["location_manager"])
        #expect(found.rest == [2])
    }

    @Test func `a title one error away is not found when its words are somebody's`() {
        let found = CrewText("gaffel").rolesMistyped(in: titles, among: [0], unknown: [])
        #expect(found.roles == [])
        #expect(found.rest == [0])
    }

    @Test func `words that do not stand together are no title`() {
        let text = CrewText("locaton gaffer manager")
        let found = text.rolesMistyped(in: titles, among: [0, 2], unknown: [0])
        #expect(found.roles == [])
    }
}

struct TypoTests {
    @Test(arguments: [
        ("gaffer", "gafer"), ("gaffer", "gafffer"), ("gaffer", "gaffel"), ("gaffer", "agffer"),
        ("gaffer", "gaffre"),
    ])
    func `one letter more, less, other, or two exchanged are one error`(one: String, other: String) {
        #expect(Typo.isOne(Array(one.utf8), Array(other.utf8)))
        #expect(Typo.isOne(Array(other.utf8), Array(one.utf8)))
    }

    @Test(arguments: [
        ("gaffer", "gaffer"), ("gaffer", "gfa fer"), ("gaffer", "gffr"), ("abcd", "badc"), ("ab", ""),
    ])
    func `nothing and more than one are not`(one: String, other: String) {
        #expect(!Typo.isOne(Array(one.utf8), Array(other.utf8)))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `the candidates of a word are exactly the words one error away`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        func word() -> String {
            String(
                (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    "abc".randomElement(using: &random) ?? "a"
                }
            )
        }
        let typed = word()
        let candidates = Typo.candidates(for: typed)
        for _ in 0..<50 {
            let other = word()
            let isCandidate =
                candidates.words.contains(other)
                || candidates.patterns.contains { pattern in
                    pattern.count == other.count && zip(pattern, other).allSatisfy { $0 == "_" || $0 == $1 }
                }
            // The pattern of the word itself fits it too; the word is never asked for.
            #expect(isCandidate == (other == typed || Typo.isOne(Array(typed.utf8), Array(other.utf8))))
        }
    }
}
