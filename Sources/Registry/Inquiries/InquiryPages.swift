internal import Hummingbird
internal import Postgres
public import Web

/// All pages of inquiries: the public form and the producer's page, and what the offices work with.
///
/// `InquiryFormPages` is for producers; `InquiryInbox`, `InquiryCasePages`, `InquiryLogPages`, `InquiryFiguresPage`
/// and `InquiryDefaultsPage` are for offices. `InquiryFields` is what forms ask, `InquiryText` how it is said.
public struct InquiryPages: Sendable {
    private let producers: InquiryFormPages
    private let changes: InquiryChangePages
    private let inbox: InquiryInbox
    private let cases: InquiryCasePages
    private let log: InquiryLogPages
    private let figures: InquiryFiguresPage
    private let defaults: InquiryDefaultsPage

    /// - Parameter today: the day in Stockholm; a test gives its own.
    init(
        site: Site,
        _ databases: Databases,
        vocabularies: @escaping @Sendable () async throws -> Vocabularies,
        today: @escaping @Sendable () -> Day
    ) {
        let desk = InquiryDesk(
            site: site,
            databases: databases,
            terms: InquiryTermCatalogue(databases.open),
            vocabularies: vocabularies,
            today: today
        )
        producers = InquiryFormPages(
            site: site,
            databases: databases,
            terms: desk.terms,
            vocabularies: vocabularies,
            today: today
        )
        changes = InquiryChangePages(
            site: site,
            databases: databases,
            terms: desk.terms,
            vocabularies: vocabularies,
            today: today
        )
        inbox = InquiryInbox(desk: desk)
        cases = InquiryCasePages(desk: desk)
        log = InquiryLogPages(desk: desk)
        figures = InquiryFiguresPage(desk: desk)
        defaults = InquiryDefaultsPage(desk: desk)
    }

    /// All addresses of these pages.
    public func add(to table: inout RouteTable) {
        producers.add(to: &table)
        changes.add(to: &table)
        inbox.add(to: &table)
        log.add(to: &table)
        figures.add(to: &table)
        defaults.add(to: &table)
        cases.add(to: &table)
    }
}

/// What the pages of an office share: who may come, how codes are said, the row of links above every page.
struct InquiryDesk: Sendable {
    let site: Site
    let databases: Databases
    let terms: InquiryTermCatalogue
    let vocabularies: @Sendable () async throws -> Vocabularies
    let today: @Sendable () -> Day

    var queries: InquiryQueries { InquiryQueries(database: databases.member) }

    /// The letters of a request, with links to where it came.
    func letters(_ request: Request) -> InquiryLetters {
        InquiryLetters(texts: site.letters, origin: site.origin(for: request))
    }

    /// Codes of the regions in whose office somebody works.
    /// - Throws: 403 when there is none.
    func offices(of member: SignedIn) throws(Problem) -> [String] {
        let offices = member.reader.offices(of: SiteRegion.all.map(\.code))
        guard !offices.isEmpty else { throw Problem(.forbidden) }
        return offices
    }

    func text(_ language: Language) async throws -> InquiryText {
        InquiryText(
            words: site.words(language),
            terms: try await terms.current(),
            vocabularies: try await vocabularies()
        )
    }

    /// The page of a desk.
    enum Place: String, CaseIterable { case inbox, log, review, figures, defaults }

    /// The links above every page of the desk, for the partial `inquiries/desk`.
    func links(_ words: Wording, at place: Place? = nil) -> View.Value {
        .list(
            Place.allCases.map { each in
                let address =
                    switch each {
                    case .inbox: InquiryAddresses.inbox(words.language)
                    case .log: InquiryAddresses.log(words.language)
                    case .review: "/\(words.language)/review"
                    case .figures: InquiryAddresses.figures(words.language)
                    case .defaults: InquiryAddresses.defaults(words.language)
                    }
                return [
                    "address": .text(address), "label": .text(words("inquiry.desk.\(each.rawValue)")),
                    "isCurrent": .flag(each == place),
                ]
            }
        )
    }

    func head(
        _ title: String,
        _ path: String,
        _ language: Language,
        isInvented: Bool = false,
        status: Int = 200
    )
        -> Site.Head
    {
        Site.Head(
            language: language,
            title: title,
            description: site.words(language)("inquiry.desk.description"),
            path: path,
            section: .inquiries,
            isWide: true,
            isDemonstration: isInvented,
            isUnlisted: true,
            status: status
        )
    }
}
