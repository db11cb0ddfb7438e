import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

@Suite struct SitePagesTests {
    private func pages() throws -> SitePages {
        SitePages(
            site: try Site(
                settings: .init(origin: "https://klappa.example", contact: "hej@klappa.example")
            ),
            vocabularies: { CrewSamples.vocabularies },
            counts: { CrewCounts(total: 1_979, regions: ["skane": 1_126, "halland": 1], areInvented: true) },
            figures: {
                StrategyFigures(
                    counts: [
                        .crew: ["skane": 1_126, "halland": 1], .locations: ["skane": 1_240],
                        .programmes: ["skane": 3, "kalmar": 2],
                    ],
                    totals: [.programmes: 4]
                )
            }
        )
    }

    @Test(arguments: Language.allCases, ["home", "about", "privacy", "accessibility"])
    func `the pages of prose are as stored`(language: Language, name: String) async throws {
        let pages = try pages()
        let answer = name == "home" ? try await pages.home(language) : try await pages.text(name, language)
        #expect(answer.language == language)
        try StoredPages.expect(answer, is: "\(name).\(language)")
    }

    @Test(arguments: Language.allCases, [ProblemCode.notFound, .unexpected, .unavailable, .notAcceptable])
    func `a problem is a page with its number`(language: Language, code: ProblemCode) async throws {
        let site = try Site()
        let router = Router(context: WebContext.self)
        router.get("/problem") { request, context -> String in
            var context = context
            context.language = language
            let answer = try #require(site.problemPage(Problem(code), request, context))
            #expect(String(buffer: answer.body).contains(context.requestID.description))
            #expect(answer.status.code == code.status)
            return StoredPages.text(answer).replacing(context.requestID.description, with: "0000")
        }
        try await Application(router: router).test(.router) { client in
            try await client.execute(uri: "/problem", method: .get) { response in
                let answer = Answer.html(String(buffer: response.body), language: language)
                try StoredPages.expect(answer, is: "problem-\(code.status).\(language)")
            }
        }
    }

    @Test(arguments: [
        ("q=ljus&region=skane&dates=2027-03-01", "/sv/crew?q=ljus&region=skane&dates=2027-03-01"),
        (
            "kind=locations&q=lada&region=&dates=2027-03-01/2027-03-05",
            "/sv/locations?q=lada&dates=2027-03-01/2027-03-05"
        ),
        ("kind=companies&q=kamera&dates=2027-03-01", "/sv/companies?q=kamera"),
        ("kind=nothing&q=a%26b", "/sv/crew?q=a%26b"), ("", "/sv/crew"),
    ])
    func `the form of the first page leads to the catalogue that was chosen`(query: String, address: String) {
        #expect(HomeCatalogue.search(PageQuery(query), .sv) == address)
    }

    @Test func `canonical and alternate links name the public address`() async throws {
        let html = StoredPages.text(try await pages().home(.en))
        #expect(html.contains(#"<link rel="canonical" href="https://klappa.example/en">"#))
        #expect(html.contains(#"<link rel="alternate" hreflang="sv" href="https://klappa.example/sv">"#))
    }

    @Test func `the first page with everything on it stays within 60 kB`() async throws {
        let site = try Site()
        let home = try await pages().home(.sv).body
        // The page names its style sheet, script and fonts; the style sheet names fonts.
        let named = site.assets.all.filter { String(buffer: home).contains($0) }
        #expect(named.filter { $0.hasSuffix(".woff2") }.count == 2, "made by deploy/fonts")
        var sum = try #require(Gzip.compress(home)).readableBytes
        for address in named {
            let file = ByteBuffer(bytes: try #require(site.assets.asset(at: address)).bytes)
            // Fonts are compressed already.
            sum +=
                address.hasSuffix(".woff2")
                ? file.readableBytes : try #require(Gzip.compress(file)).readableBytes
        }
        #expect(sum <= 60_000, "\(sum) bytes")
    }
}
