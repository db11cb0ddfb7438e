internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
public import Web

/// The pages that belong to no feature: the first page, about, privacy, accessibility, and the assets.
public struct SitePages: Sendable {
    /// Tells how many people are listed.
    public typealias Counts = @Sendable () async throws -> CrewCounts
    /// Tells how many of everything each region has.
    public typealias Figures = @Sendable () async throws -> StrategyFigures

    private let site: Site
    private let vocabularies: @Sendable () async throws -> Vocabularies
    private let counts: Counts
    private let figures: Figures

    /// - Parameters:
    ///   - vocabularies: for whom to turn to in each region.
    ///   - figures: what the catalogues hold, region by region.
    public init(
        site: Site,
        vocabularies: @escaping @Sendable () async throws -> Vocabularies,
        counts: @escaping Counts,
        figures: @escaping Figures
    ) {
        self.site = site
        self.vocabularies = vocabularies
        self.counts = counts
        self.figures = figures
    }

    /// All addresses of these pages.
    public func add(to table: inout RouteTable) {
        table.page("/") { request, _ in
            let language = Language(acceptLanguage: request.headers[.acceptLanguage])
            var answer = Answer.redirect(to: "/\(language)")
            answer.headers[.vary] = "Accept-Language"
            return answer
        }
        for language in Language.allCases {
            table.page("/\(language)") { _, _ in try await home(language) }
            // The first page's form asks one question of the catalogue that was chosen.
            table.page("/\(language)/find") { request, _ in
                .redirect(to: HomeCatalogue.search(PageQuery(request.uri.query ?? ""), language))
            }
            table.page("/\(language)/about") { _, _ in try await text("about", language, section: .about) }
            table.page("/\(language)/privacy") { _, _ in try await text("privacy", language) }
            table.page("/\(language)/accessibility") { _, _ in try await text("accessibility", language) }
        }
        for address in site.assets.all {
            table.page(address) { _, _ in try asset(address) }
        }
        table.page("/robots.txt") { _, _ in
            let rules = "User-agent: *\nDisallow: /api/\n"
            return Answer(
                body: ByteBuffer(string: rules),
                contentType: "text/plain; charset=utf-8",
                caching: .fresh(seconds: 86_400)
            )
        }
    }

    func home(_ language: Language) async throws -> Answer {
        let words = site.words(language)
        let counts = try await counts()
        let figures = try await figures()
        let regions = SiteRegion.all.map { region -> View in
            [
                "code": .text(region.code),
                "name": .text(region.name),
                "address": .text("/\(language)/crew?region=\(region.code)"),
                "line": .text(words("site.region.\(region.code)")),
                "offers": .list(HomeCatalogue.all.compactMap { $0.offer(in: region.code, figures, words) }),
                "landscape": .markup(
                    Landscape(region.motif, light: region.light, seed: region.code).drawn(
                        id: "g-\(region.code)"
                    )
                ),
            ]
        }
        let example = AvailabilityStrip(periods: [
            .init(runs: [.init(.free, 5), .init(.busy, 2), .init(.free, 5)], daysToSaturday: 5),
            .init(runs: [.init(.free, 6)], daysToSaturday: 0),
        ])
        let view: View = [
            "regions": .list(regions),
            "count": .optional(counts.total > 0 ? words.count("home.count", counts.total) : nil),
            "kinds": .list(
                HomeCatalogue.searchable.enumerated().map { place, catalogue in
                    [
                        "value": .text(catalogue.name), "label": .text(words("home.\(catalogue.name)")),
                        "isFirst": .flag(place == 0),
                    ]
                }
            ),
            "catalogues": .list(HomeCatalogue.all.map { $0.view(figures, words) }),
            "datesExample": .text(words("home.datesExample")),
            "example": .markup(example.drawn(label: words("home.exampleWords"))),
        ]
        let head = Site.Head(
            language: language,
            title: words("home.pageTitle"),
            description: words("home.description"),
            path: "",
            isDemonstration: counts.areInvented
        )
        return try site.answer("site/home", view, head)
    }

    /// A page of prose.
    func text(_ name: String, _ language: Language, section: Site.Section? = nil) async throws -> Answer {
        let words = site.words(language)
        let vocabularies = try await vocabularies()
        let view: View = [
            "contact": .optional(site.settings.contact),
            "regions": .list(
                SiteRegion.all.map { region in
                    let contact = vocabularies.region(region.code)?.contact
                    return [
                        "code": .text(region.code),
                        "name": .text(region.name),
                        "body": .text(contact?.name ?? region.name),
                        "address": .optional(contact?.email.map { "mailto:\($0)" } ?? contact?.url),
                    ]
                }
            ),
        ]
        let head = Site.Head(
            language: language,
            title: words("\(name).title"),
            description: words("\(name).description"),
            path: "/\(name)",
            section: section
        )
        return try site.answer("site/\(name)", view, head)
    }

    private func asset(_ address: String) throws -> Answer {
        guard let asset = site.assets.asset(at: address) else { throw Problem(.notFound) }
        return Answer(
            body: ByteBuffer(bytes: asset.bytes),
            contentType: asset.contentType,
            caching: .immutable
        )
    }
}
