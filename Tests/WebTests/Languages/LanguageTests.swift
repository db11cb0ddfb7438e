import Testing

@testable import Web

@Suite struct LanguageTests {
    @Test(arguments: [
        (nil, Language.sv), ("", .sv), ("en", .en), ("en-GB,en;q=0.9", .en), ("sv-SE, en;q=0.8", .sv),
        ("en;q=0.8, sv;q=0.9", .sv), ("de", .sv), ("de, *;q=0.1", .sv), ("sv;q=0, *", .en),
        ("sv;q=0,en;q=0", .sv),
        ("en;q=nonsense", .sv), ("EN", .en), ("*", .sv), ("en, sv", .en), (";;;,,,", .sv),
    ])
    func `the best language of a field is chosen`(field: String?, expected: Language) {
        #expect(Language(acceptLanguage: field) == expected)
    }

    @Test func `a page's address names its language`() {
        #expect(Language(path: "/sv/crew") == .sv)
        #expect(Language(path: "/en") == .en)
        #expect(Language(path: "/svenska") == nil)
        #expect(Language(path: "/") == nil)
        #expect(Language(path: "") == nil)
    }

    @Test(arguments: [
        (nil, 1000), ("*/*", 1000), ("application/json", 1000), ("application/*;q=0.5", 500),
        ("text/html", 0),
        ("application/json;q=0, */*", 0), ("text/html, application/json;q=0.2", 200),
        ("APPLICATION/JSON", 1000),
        ("application/json;q=2", 0), ("application/json; charset=utf-8; q=0.3", 300),
    ])
    func `a media type has the weight of its most specific range`(field: String?, expected: Int) {
        #expect(Accept(field).quality(ofMediaType: "application/json") == expected)
    }

    @Test func `compression must be asked for and may be forbidden`() {
        #expect(!Accept(nil).allows(coding: "gzip"))
        #expect(Accept("gzip, br").allows(coding: "gzip"))
        #expect(Accept("*").allows(coding: "gzip"))
        #expect(!Accept("gzip;q=0, *").allows(coding: "gzip"))
        #expect(!Accept("identity").allows(coding: "gzip"))
    }
}
