internal import Postgres
public import Web

/// Everything that the registry serves, as a table of contents.
public enum Routes {
    /// The operations of the API, in the order of the document.
    ///
    /// Nothing is asked of the database until an operation runs, so the document can be made without one.
    ///
    /// - Parameters:
    ///   - origin: the public address of the service without a slash at its end.
    ///   - texts: of which letters are written; nil where the operations are only described.
    public static func operations(_ databases: Databases, origin: String?, texts: Texts? = nil) -> [Operation]
    {
        let queries = VocabularyQueries(databases.open)
        let vocabularies = VocabularyCatalogue { try await queries.load() }
        var operations = [APIInfo.operation(origin: origin)]
        operations += VocabularyRoutes.operations(databases.open, vocabularies)
        operations += CrewRoutes.operations(CrewDirectory(databases, vocabularies))
        operations += OwnListingRoutes.operations(databases, vocabularies)
        operations += InquiryRoutes.operations(databases, vocabularies, texts: texts, origin: origin)
        operations += StrategyRoutes.operations(databases)
        operations += TalentRoutes.operations(databases, vocabularies, texts: texts, origin: origin)
        operations += CompanyRoutes.operations(CompanyDirectory(databases, vocabularies))
        operations += LocationRoutes.operations(LocationDirectory(databases, vocabularies))
        operations += ReviewRoutes.operations(databases, vocabularies, texts: texts, origin: origin)
        operations += PlaceRoutes.operations(PlaceQueries(databases.open), vocabularies)
        operations += PlanRoutes.operations(databases)
        operations += StrategyEditRoutes.operations(databases)
        return operations
    }

    /// Every address: the API, its description, the pages.
    ///
    /// - Parameters:
    ///   - site: the templates of the pages; its ``Site/problemPage(_:_:_:)`` belongs into the error boundary.
    ///   - photos: where photographs lie; nil serves none.
    public static func table(
        _ databases: Databases,
        site: Site,
        photos: PhotoStore? = nil,
        origin: String?
    ) -> RouteTable {
        var table = RouteTable()
        let operations = operations(databases, origin: origin, texts: site.texts)
        table.add(operations)
        let document = LivingDocument(of: operations, origin: origin, databases)
        table.codes = { try await document.codes() }
        table.page("/openapi.json") { _, _ in
            .json(await document.current().json.bytes, caching: .fresh(seconds: 60))
        }
        if let photos { PhotoQueries(databases, photos).add(to: &table) }
        pages(databases, site: site, photos: photos, on: &table)
        return table
    }

    private static func pages(
        _ databases: Databases,
        site: Site,
        photos: PhotoStore?,
        on table: inout RouteTable
    ) {
        let queries = VocabularyQueries(databases.open)
        let catalogue = VocabularyCatalogue { try await queries.load() }
        let vocabularies: @Sendable () async throws -> Vocabularies = { try await catalogue.current() }
        SignInPages(site: site, databases).add(to: &table)
        OpenIDPages(site: site, databases).add(to: &table)
        AccountPages(site: site, databases).add(to: &table)
        KeyPages(site: site, databases).add(to: &table)
        SearcherPages(site: site, databases: databases).add(to: &table)
        ShortlistPages(site: site, databases: databases).add(to: &table)
        GrantPages(site: site, databases).add(to: &table)
        OwnDataPages(site: site, databases: databases, photos: photos).add(to: &table)
        if let letters = site.settings.keptLetters {
            LetterPages(site: site, letters: letters).add(to: &table)
        }
        let directory = CrewDirectory(databases, catalogue)
        let crew = PublicCrew(directory)
        SitePages(
            site: site,
            vocabularies: vocabularies,
            counts: { try await crew.counts() },
            figures: { try await StrategyQueries.figures(databases.open) }
        ).add(to: &table)
        StrategyEditPages(site: site, databases).add(to: &table)
        PlanPages(site: site, databases).add(to: &table)
        StrategyPages(site: site, strategy: PublicStrategy(databases), vocabularies: vocabularies).add(
            to: &table
        )
        TalentPages(site: site, databases, vocabularies: vocabularies, answers: site.settings.answers).add(
            to: &table
        )
        InquiryPages(site: site, databases, vocabularies: vocabularies, today: { Day.todayInStockholm }).add(
            to: &table
        )
        CrewPages(
            site: site,
            crew: crew,
            vocabularies: vocabularies,
            today: { Day.todayInStockholm },
            history: { try await History.of($0, as: $1, databases) },
            shared: { try await directory.shared(by: $0, with: $1) }
        ).add(to: &table)
        RenewalPages(site: site, databases: databases).add(to: &table)
        PeoplePages(
            site: site,
            databases: databases,
            vocabularies: vocabularies,
            today: { Day.todayInStockholm }
        ).add(to: &table)
        CompanyPages(site: site, databases: databases, catalogue: catalogue).add(to: &table)
        LocationPages(
            site: site,
            databases: databases,
            catalogue: catalogue,
            outlines: RegionOutlines(databases.open),
            today: { Day.todayInStockholm }
        )
        .add(to: &table)
        OfferPages(
            site: site,
            databases: databases,
            vocabularies: vocabularies,
            directory: LocationDirectory(databases, catalogue),
            outlines: RegionOutlines(databases.open),
            store: photos,
            today: { Day.todayInStockholm }
        )
        .add(to: &table)
        ReviewPages(
            site: site,
            databases: databases,
            vocabularies: vocabularies,
            desk: InquiryDesk(
                site: site,
                databases: databases,
                terms: InquiryTermCatalogue(databases.open),
                vocabularies: vocabularies,
                today: { Day.todayInStockholm }
            )
        )
        .add(to: &table)
    }
}
