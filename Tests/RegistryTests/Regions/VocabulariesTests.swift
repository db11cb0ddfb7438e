import Testing
import Web

@testable import Registry

struct VocabulariesTests {
    @Test(arguments: [
        "Platschef", "platschef", "PLATSCHEF", "location manager", "Location Manager", " Platschef\n", "lm",
    ])
    func `a role is found by its titles and other names, whatever the case`(_ title: String) {
        #expect(Vocabularies.sample.role(titled: title)?.code == "location_manager")
    }

    @Test(arguments: ["Ljussättare", "ljussattare", "LJUSSÄTTARE", "Gaffer", "ljussa\u{308}ttare"])
    func `accents do not matter, however they are written`(_ title: String) {
        #expect(Vocabularies.sample.role(titled: title)?.code == "gaffer")
    }

    @Test
    func `what is unknown is nil`() {
        let vocabularies = Vocabularies.sample
        #expect(vocabularies.role("Gaffer") == nil)
        #expect(vocabularies.role(titled: "") == nil)
        #expect(vocabularies.region("Skåne") == nil)
        #expect(vocabularies.municipality("128") == nil)
        #expect(vocabularies.department("") == nil)
        #expect(vocabularies.language("xx") == nil)
        #expect(vocabularies.certificate("x") == nil)
    }

    @Test
    func `codes lead to their terms`() {
        let vocabularies = Vocabularies.sample
        #expect(vocabularies.region("skane")?.no == 12)
        #expect(vocabularies.municipality("1280")?.region == "skane")
        #expect(vocabularies.municipalities(named: "malmo").map(\.code) == ["1280"])
        #expect(vocabularies.department("light")?.name.en == "Lighting")
        #expect(vocabularies.role("gaffer")?.department == "light")
        #expect(vocabularies.language("sv")?.name.sv == "Svenska")
        #expect(vocabularies.certificate("licence_b")?.retired == false)
    }
}

extension Vocabularies {
    /// A few terms of each list.
    static let sample = Vocabularies(
        regions: [
            Region(
                no: 12,
                code: "skane",
                shortName: "Skåne",
                name: Localized(sv: "Skåne län", en: "Skåne County"),
                contact: Contact(
                    name: "Film i Skåne AB",
                    liaison: nil,
                    email: nil,
                    phone: nil,
                    url: "https://filmiskane.se/",
                    text: nil
                )
            )
        ],
        municipalities: [Municipality(code: "1280", no: 1280, region: "skane", name: "Malmö")],
        departments: [
            Department(no: 5, code: "locations", name: Localized(sv: "Inspelningsplatser", en: "Locations")),
            Department(no: 7, code: "light", name: Localized(sv: "Ljus", en: "Lighting")),
        ],
        roles: [
            Role(
                no: 43,
                code: "location_manager",
                department: "locations",
                name: Localized(sv: "Platschef", en: "Location manager"),
                aliases: ["LM"],
                headOfDepartment: true,
                retired: false
            ),
            Role(
                no: 61,
                code: "gaffer",
                department: "light",
                name: Localized(sv: "Ljussättare", en: "Gaffer"),
                aliases: [],
                headOfDepartment: true,
                retired: false
            ),
        ],
        languages: [Term(code: "sv", name: Localized(sv: "Svenska", en: "Swedish"), retired: false)],
        certificates: [
            Term(code: "licence_b", name: Localized(sv: "Körkort B", en: "Driving licence B"), retired: false)
        ]
    )
}
