internal import Hummingbird
internal import Postgres
public import Web

/// The pages of companies: the search and a company.
public struct CompanyPages: Sendable {
    private let site: Site
    private let directory: CompanyDirectory
    private let vocabularies: @Sendable () async throws -> Vocabularies

    init(site: Site, databases: Databases, catalogue: VocabularyCatalogue) {
        self.site = site
        directory = CompanyDirectory(databases, catalogue)
        vocabularies = { try await catalogue.current() }
    }

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page("/\(language)/companies") { request, _ in
                try await search(PageQuery(request.uri.query ?? ""), language)
            }
            table.page("/\(language)/companies/{slug}") { _, context in
                try await company(try context.parameters.require("slug"), language)
            }
        }
    }

    func search(_ query: PageQuery, _ language: Language) async throws -> Answer {
        let text = CrewWords(words: site.words(language), vocabularies: try await vocabularies())
        let form = CompanyForm(query, text.vocabularies, text.words)
        if form.errors.isEmpty, form.canonical != query {
            return .redirect(to: form.canonical.address("/\(language)/companies"))
        }
        var found: CompanySearchPage.Found?
        if form.errors.isEmpty {
            var search = form.search
            search.facets = Set(CompanyFacet.allCases)
            let results = try await directory.search(search)
            let listings = try results.items.map { try CrewJSON.decode(CompanyListing.self, from: $0.body) }
            found = .init(results: results, listings: listings)
        }
        if let total = found?.results.total, total > 0, CompanyForm.pages(of: total) < form.page {
            let last = form.changed { $0.page = CompanyForm.pages(of: total) }
            return .redirect(to: last.canonical.address("/\(language)/companies"))
        }
        let page = CompanySearchPage(form: form, found: found, text: text)
        let head = Site.Head(
            language: language,
            title: page.heading,
            description: text.words("companies.description"),
            path: "/companies",
            query: form.canonical,
            section: .companies,
            isWide: true,
            isDemonstration: found?.listings.contains(where: \.invented) ?? false,
            isUnlisted: !form.canonical.items.isEmpty,
            status: form.errors.isEmpty ? 200 : 400
        )
        return try site.answer("companies/search", page.view, head)
    }

    func company(_ slug: String, _ language: Language) async throws -> Answer {
        guard let record = try await directory.record(slug) else { throw Problem(.notFound) }
        let listing = record.listing
        if slug != listing.slug { return .redirect(to: "/\(language)/companies/\(listing.slug)") }
        let text = CrewWords(words: site.words(language), vocabularies: try await vocabularies())
        let words = text.words
        let page = CompanyPage(record: record, text: text)
        let values = ["categories": words.list(Array(page.categories.prefix(3))), "town": page.town]
        let head = Site.Head(
            language: language,
            title: listing.name,
            description: words("companies.pageDescription", values),
            path: "/companies/\(listing.slug)",
            section: .companies,
            isDemonstration: listing.invented,
            isUnlisted: listing.invented
        )
        return try site.answer("companies/show", page.view, head)
    }
}
