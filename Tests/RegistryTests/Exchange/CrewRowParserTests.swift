import Postgres
import Testing
import Web

@testable import Registry

private let vocabulary = CrewVocabulary(
    regions: .init([
        .init(code: "skane", names: ["Skåne", "Skåne län", "Skåne County"]),
        .init(code: "halland", names: ["Halland", "Hallands län"]),
    ]),
    municipalities: .init([
        .init(code: "1280", names: ["Malmö", "Malmö stad"], region: "skane"),
        .init(code: "1380", names: ["Halmstad", "Halmstads kommun"], region: "halland"),
    ]),
    roles: .init([
        .init(code: "first_ad", names: ["Inspelningsledare", "First assistant director", "1:e AD"]),
        .init(code: "location_manager", names: ["Platschef", "Location manager"]),
        .init(code: "gaffer", names: ["Belysningsmästare", "Gaffer"]),
        .init(code: "sound_mixer", names: ["A-ljud", "Production sound mixer"]),
    ]),
    languages: .init([
        .init(code: "sv", names: ["Svenska", "Swedish"]),
        .init(code: "en", names: ["Engelska", "English"]),
        .init(code: "se", names: ["Nordsamiska", "Northern Sami"]),
    ])
)

private struct Outcome {
    var rows: [CrewRow] = []
    var problems = CrewProblems()
    var halfConsents = 0
}

/// Parses a whole file; today is 1 March 2027.
private func parse(_ text: String, limit: Int = 100) throws -> Outcome {
    var reader = CSVReader()
    var row = CSVRow()
    reader.feed(Array(text.utf8))
    reader.finish()
    var outcome = Outcome(problems: CrewProblems(limit: limit))
    guard try reader.next(into: &row) else { return outcome }
    let header = CrewHeader(row, problems: &outcome.problems)
    guard outcome.problems.count == 0 else { return outcome }
    let today = try #require(Day("2027-03-01"))
    var parser = CrewRowParser(header: header, vocabulary: vocabulary, today: today)
    while try reader.next(into: &row) {
        if let person = parser.parse(row, problems: &outcome.problems) { outcome.rows.append(person) }
    }
    outcome.halfConsents = parser.halfConsents
    return outcome
}

private func days(_ text: String) throws -> DayMultirange {
    DayMultirange(
        try text.split(separator: ";").map { item in
            let ends = item.split(separator: "/").map { Day(String($0)) }
            return DayRange(first: try #require(ends[0]), last: try #require(ends[ends.count - 1]))
        }
    )
}

@Suite struct CrewRowParserTests {
    @Test func `a row with every column is read in full`() throws {
        let outcome = try parse(
            [
                "name,region,municipality,roles,languages,email,phone,headline_sv,headline_en,known_from,known_to,busy",
                ",availability_visibility,email_visibility,phone_visibility,consent_date,consent_source\n",
                " Åsa  Öberg ,skane,1280,gaffer:head_of_department;first_ad,sv:native;en,asa@example.com",
                ",'+46 70 174 06 05,Ljus,Light,2027-01-01,2027-12-31,2027-03-01/2027-03-12;2027-03-20;2027-03-13",
                ",nobody,anyone,request,2026-05-04,\"Form 12, \"\"crew\"\"\"\n",
            ].joined()
        )
        #expect(outcome.problems.kept.isEmpty)
        let row = try #require(outcome.rows.first)
        #expect(row.line == 2)
        #expect(row.name == "Åsa  Öberg")
        #expect(row.region == "skane")
        #expect(row.municipality == "1280")
        #expect(row.rolesText == "gaffer:head_of_department;first_ad")
        #expect(row.languagesText == "sv:native;en")
        #expect(row.email == "asa@example.com")
        #expect(row.phone == "+46 70 174 06 05")
        #expect(row.headlineSv == "Ljus")
        #expect(row.headlineEn == "Light")
        #expect(row.knownFrom == Day("2027-01-01"))
        #expect(row.knownTo == Day("2027-12-31"))
        #expect(row.busy == (try days("2027-03-01/2027-03-13;2027-03-20")))
        #expect(row.availabilityVisibility == "nobody")
        #expect(row.emailVisibility == "anyone")
        #expect(row.phoneVisibility == "request")
        #expect(row.consent?.givenOn == Day("2026-05-04"))
        #expect(row.consent?.source == "Form 12, \"crew\"")
    }

    @Test func `only name, region and roles must be there, in any order`() throws {
        let outcome = try parse("ROLES;Name;region\nGaffer;Bo Ek;Skåne\n")
        #expect(outcome.problems.kept.isEmpty)
        var expected = CrewRow()
        expected.line = 2
        expected.name = "Bo Ek"
        expected.region = "skane"
        expected.roles = [.init(code: "gaffer", grade: .professional)]
        #expect(outcome.rows == [expected])
        #expect(expected.availabilityVisibility == "approved")
        #expect(expected.emailVisibility == "office")
        #expect(expected.phoneVisibility == "office")
    }

    @Test(arguments: [
        ("platschef", "location_manager"), ("LOCATION MANAGER", "location_manager"),
        ("belysningsmastare", "gaffer"), ("Belysningsma\u{308}stare : Trainee", "gaffer:trainee"),
        ("1:e AD", "first_ad"), ("1:e ad:assistant", "first_ad:assistant"), ("gaffer; ;Gaffer;", "gaffer"),
        ("gaffer;a-ljud;first_ad", "gaffer;first_ad;sound_mixer"), ("\u{A0}Gaffer\u{A0}", "gaffer"),
    ])
    func `roles go by code, title or other name in any case, the first is primary`(
        cell: String,
        expected: String
    )
        throws
    {
        let outcome = try parse("name,region,roles\nA,skane,\(cell)\n")
        #expect(outcome.problems.kept.isEmpty)
        #expect(outcome.rows.first?.rolesText == expected)
    }

    @Test(arguments: [
        ("", "roles", "required"), ("name,region\nA,skane\n", "roles", "missing_column"),
        ("name,region,roles,phon\nA,skane,gaffer,1\n", "phon", "unknown_column"),
        ("name,region,roles,Name\nA,skane,gaffer,1\n", "name", "repeated_column"),
        ("name,region,roles\n,skane,gaffer\n", "name", "required"),
        ("name,region,roles\nA,,gaffer\n", "region", "required"),
        ("name,region,roles\nA,skane, ; \n", "roles", "required"),
        ("name,region,roles\nA,skane\n", "", "cell_count"),
        ("name,region,roles\nA,skane,gaffer,x\n", "", "cell_count"),
        ("name,region,roles\n\"A\nB\",skane,gaffer\n", "name", "control_character"),
        ("name,region,roles\nA,skone,gaffer\n", "region", "unknown_region"),
        ("name,region,roles\nA,skane,gafer\n", "roles", "unknown_role"),
        ("name,region,roles\nA,skane,gaffer:boss\n", "roles", "unknown_grade"),
        ("name,region,roles\nA,skane,gaffer;gaffer:trainee\n", "roles", "repeated_role"),
        (
            "name,region,roles,municipality\nA,skane,gaffer,Malmo\u{308}e\n", "municipality",
            "unknown_municipality"
        ),
        (
            "name,region,roles,municipality\nA,skane,gaffer,Halmstad\n", "municipality",
            "municipality_elsewhere"
        ),
        ("name,region,roles,languages\nA,skane,gaffer,svensk\n", "languages", "unknown_language"),
        ("name,region,roles,languages\nA,skane,gaffer,sv:good\n", "languages", "unknown_proficiency"),
        ("name,region,roles,languages\nA,skane,gaffer,sv;svenska:native\n", "languages", "repeated_language"),
        ("name,region,roles,email\nA,skane,gaffer,a@b\n", "email", "email"),
        ("name,region,roles,email\nA,skane,gaffer,a b@example.com\n", "email", "email"),
        ("name,region,roles,phone\nA,skane,gaffer,call me\n", "phone", "phone"),
        ("name,region,roles,phone\nA,skane,gaffer,12\n", "phone", "phone"),
        (
            "name,region,roles,known_from,known_to\nA,skane,gaffer,2027-02-30,2027-03-01\n", "known_from",
            "day"
        ),
        ("name,region,roles,known_from,known_to\nA,skane,gaffer,infinity,2027-03-01\n", "known_from", "day"),
        (
            "name,region,roles,known_from,known_to\nA,skane,gaffer,1999-12-31,2027-03-01\n", "known_from",
            "day_range"
        ),
        ("name,region,roles,known_from,known_to\nA,skane,gaffer,2027-03-01,\n", "known_to", "known_half"),
        ("name,region,roles,known_from\nA,skane,gaffer,2027-03-01\n", "known_to", "known_half"),
        (
            "name,region,roles,known_from,known_to\nA,skane,gaffer,2027-03-02,2027-03-01\n", "known_to",
            "end_before_start"
        ),
        ("name,region,roles,busy\nA,skane,gaffer,2027-03-01/\n", "busy", "interval"),
        ("name,region,roles,busy\nA,skane,gaffer,2027-03-01/2027-03-02/2027-03-03\n", "busy", "interval"),
        ("name,region,roles,busy\nA,skane,gaffer,2027-03-02/2027-03-01\n", "busy", "end_before_start"),
        ("name,region,roles,busy\nA,skane,gaffer,2199-12-31/2200-01-01\n", "busy", "day_range"),
        (
            "name,region,roles,availability_visibility\nA,skane,gaffer,request\n", "availability_visibility",
            "visibility"
        ),
        ("name,region,roles,email_visibility\nA,skane,gaffer,nobody\n", "email_visibility", "visibility"),
        ("name,region,roles,phone_visibility\nA,skane,gaffer,all\n", "phone_visibility", "visibility"),
        (
            "name,region,roles,consent_date,consent_source\nA,skane,gaffer,2027-03-02,form\n", "consent_date",
            "future"
        ),
        ("name,region,roles,consent_date,consent_source\nA,skane,gaffer,today,form\n", "consent_date", "day"),
    ])
    func `each rule is reported with its line and column`(file: String, column: String, code: String) throws {
        let outcome = try parse(file.isEmpty ? "name,region,roles\nA,skane,\n" : file)
        #expect(outcome.rows.isEmpty)
        #expect(outcome.problems.count == 1)
        let problem = try #require(outcome.problems.kept.first)
        #expect(problem.column == column)
        #expect(problem.code == code)
        let headerRules = ["missing_column", "unknown_column", "repeated_column"]
        #expect(problem.line == (headerRules.contains(code) ? 1 : 2))
        #expect(!problem.sentence.sv.isEmpty && problem.sentence.sv != problem.sentence.en)
    }

    @Test func `lengths are counted in characters`() throws {
        let long = String(repeating: "å", count: 200)
        #expect(try parse("name,region,roles\n\(long),skane,gaffer\n").problems.count == 0)
        let outcome = try parse("name,region,roles\n\(long)x,skane,gaffer\n")
        #expect(outcome.problems.kept.first?.rule == .tooLong(limit: 200))
    }

    @Test func `what was probably meant is suggested`() throws {
        let outcome = try parse("name,region,roles\nA,hallnd,platchef\n")
        #expect(
            outcome.problems.kept.map(\.rule) == [
                .unknownRegion("hallnd", suggestion: "halland"),
                .unknownRole("platchef", suggestion: "Platschef"),
            ]
        )
        #expect(
            try parse("name,region,rols\nA,skane,gaffer\n").problems.kept.first?.rule
                == .unknownColumn(suggestion: "roles")
        )
    }

    @Test func `every bad cell is counted and only the first are kept`() throws {
        let rows = (0..<1_000).map { "P\($0),skane,gaffer,2027-13-01,x" }.joined(separator: "\n")
        let outcome = try parse("name,region,roles,known_from,known_to\n\(rows)\n", limit: 7)
        #expect(outcome.problems.count == 2_000)
        #expect(outcome.problems.kept.map(\.line) == [2, 2, 3, 3, 4, 4, 5])
        #expect(outcome.rows.isEmpty)
    }

    @Test func `a row with one consent column counts as without consent`() throws {
        let outcome = try parse(
            "name,region,roles,consent_date,consent_source\nA,skane,gaffer,2027-03-01,\nB,skane,gaffer,,form\n"
                + "C,skane,gaffer,2027-03-01,form\nD,skane,gaffer,,\n"
        )
        #expect(outcome.problems.count == 0)
        #expect(outcome.rows.map { $0.consent != nil } == [false, false, true, false])
        #expect(outcome.halfConsents == 2)
    }

    @Test func `text that is not UTF-8 is one bad cell among others`() throws {
        var reader = CSVReader()
        var row = CSVRow()
        reader.feed(Array("name,region,roles\nBj".utf8) + [0xF6] + Array("rn,skane,gafer\n".utf8))
        reader.finish()
        var problems = CrewProblems()
        #expect(try reader.next(into: &row))
        let header = CrewHeader(row, problems: &problems)
        var parser = CrewRowParser(header: header, vocabulary: vocabulary, today: Day(number: 10_000))
        #expect(try reader.next(into: &row))
        #expect(parser.parse(row, problems: &problems) == nil)
        #expect(problems.kept.map(\.code) == ["not_utf8", "unknown_role"])
        #expect(problems.kept.map(\.column) == ["name", "roles"])
    }

    @Test func `a report cannot drive the terminal`() throws {
        let problem = CrewProblem(
            line: 2,
            column: "roles",
            .unknownRole("\u{1B}[2J\u{202E}x", suggestion: nil)
        )
        #expect(problem.sentence.sv == "”·[2J·x”: ingen yrkesroll")
        let long = CrewProblem(line: 2, column: "busy", .interval(String(repeating: "9", count: 100)))
        #expect(
            long.sentence.en.contains("\(String(repeating: "9", count: 60))…”")
                || long.sentence.en.contains("9…")
        )
    }
}
