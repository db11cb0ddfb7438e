internal import Foundation
internal import Postgres
internal import Web

/// The one way to crew: searches, records, calendars and staffing, always for a reader.
///
/// ```swift
/// let directory = CrewDirectory(databases, vocabularies)
/// var search = CrewSearch()
/// search.roles = ["gaffer"]
/// search.regions = ["skane", "halland"]
/// search.dates = DayMultirange([DayRange(first: first, last: last)])
/// let results = try await directory.search(search, for: context.reader)
/// ```
/// Everything is answered from projections that hold nothing but what the reader may see: those for anyone, or those
/// for approved searchers. Calendars kept from everybody are in neither, so such people are found as `hidden`.
///
/// Calendars are kept for three years from a first day that moves each year. Needed days outside of them are unknown,
/// never free; ``CrewResults/beyondCalendar`` says which.
public actor CrewDirectory {
    private let databases: Databases
    private let catalogue: VocabularyCatalogue
    private let bits: KeptBits
    private var window: CrewWindow?

    /// - Parameters:
    ///   - databases: `open` is read for anyone, `member` for approved searchers.
    ///   - vocabularies: what codes and titles are checked against.
    public init(_ databases: Databases, _ vocabularies: VocabularyCatalogue) {
        self.databases = databases
        catalogue = vocabularies
        bits = databases.bits.crew
    }

    /// People that match, with the total and the counts asked for.
    ///
    /// - Throws: `Problem` 400 naming each unknown code, 409 for the cursor of another search; `PostgresError`.
    public nonisolated func search(_ search: CrewSearch, for reader: Reader) async throws -> CrewResults {
        let vocabularies = try await catalogue.current()
        let audience = CrewAudience(reader)
        let database = database(for: audience)
        let text = try await understand(search.text, vocabularies, database)
        let plan: CrewPlan
        do {
            plan = try CrewPlan(
                search,
                for: audience,
                named: text?.understood.roles ?? [],
                words: text?.words ?? [],
                vocabularies
            )
        } catch {
            throw error.problem
        }
        let (offset, cursor) = try place(of: search, plan)
        // The window moves once a year; who then has read an old one asks again.
        for window in try await [currentWindow(), nil] {
            let window = if let window { window } else { try await readWindow() }
            let facets = CrewFacet.allCases.filter(search.facets.contains)
            let page = CrewPage(
                plan: plan,
                window: window,
                limit: search.limit + 1,
                offset: offset,
                cursor: cursor
            )
            let counting = CrewCounting(
                bits: bits,
                vocabularies: vocabularies,
                facets: facets,
                hasTotals: search.countsCoverages
            )
            guard let (found, counts) = try await page.find(database, counting) else { continue }
            return try results(found, plan, window, limit: search.limit)
                .with(facets: facets, counts, in: vocabularies, text?.understood)
        }
        throw Problem.unavailable()
    }

    /// A person in full, by slug or id; nil when there is nobody of that name whom this reader may see.
    public nonisolated func record(_ slugOrID: String, for reader: Reader) async throws -> CrewRecord? {
        guard let (body, version) = try await recordBody(slugOrID, for: reader) else { return nil }
        return CrewRecord(
            body: body,
            version: version,
            listing: try CrewJSON.decode(CrewListing.self, from: body),
            details: try CrewJSON.decode(CrewRecord.Details.self, from: body)
        )
    }

    /// The record's JSON text and version alone, untouched.
    nonisolated func recordBody(
        _ slugOrID: String,
        for reader: Reader
    ) async throws -> (body: [UInt8], version: Int64)? {
        try await CrewRecordQueries.find(slugOrID, database(for: CrewAudience(reader)))
    }

    /// A person's days, by id; nil when there is nobody of that id whom this reader may see.
    public nonisolated func calendar(of id: String, for reader: Reader) async throws -> CrewCalendar? {
        let audience = CrewAudience(reader)
        return try await CrewRecordQueries.calendar(of: id, audience, database(for: audience))
    }

    /// What a person, by id, shares with approved searchers; nil for a reader who is none.
    nonisolated func shared(by id: String, with reader: Reader) async throws -> CrewPages.SharedWithSearchers?
    {
        guard reader.seesWhatIsSharedWithSearchers, let key = UUID(uuidString: id) else { return nil }
        return CrewPages.SharedWithSearchers(
            contacts: try await CrewRecordQueries.sharedContacts(of: key, as: reader, databases.member),
            calendar: try await calendar(of: id, for: reader)
        )
    }

    /// How far a crew can be filled, from each region by itself and from all together.
    ///
    /// - Throws: `Problem` 400 naming each unknown code by its JSON pointer; `PostgresError`.
    public nonisolated func staff(_ request: StaffingRequest, for reader: Reader) async throws
        -> StaffingResult
    {
        let audience = CrewAudience(reader)
        let plan: StaffingPlan
        do {
            plan = try StaffingPlan(request, for: audience, try await catalogue.current())
        } catch let refusal as CrewRefusal {
            throw refusal.problem
        }
        for window in try await [currentWindow(), nil] {
            let window = if let window { window } else { try await readWindow() }
            let queries = StaffingQueries(plan: plan, window: window)
            if let candidates = try await queries.candidates(database(for: audience)) {
                return plan.fill(from: candidates)
            }
        }
        throw Problem.unavailable()
    }

    private nonisolated func database(for audience: CrewAudience) -> PostgresClient {
        audience.isApproved ? databases.member : databases.open
    }

    private func currentWindow() async throws -> CrewWindow {
        if let window { return window }
        return try await readWindow()
    }

    private func readWindow() async throws -> CrewWindow {
        let read = CrewWindow(firstDay: try await CrewRecordQueries.firstDay(databases.open))
        window = read
        return read
    }
}

// MARK: Parts of a search

extension CrewDirectory {
    /// What typed text means: first titles and aliases of roles, then words that somebody has, then titles and words
    /// within one typing error of what is left. Nil when there is no word in it.
    private nonisolated func understand(
        _ text: String?,
        _ vocabularies: Vocabularies,
        _ database: PostgresClient
    ) async throws -> (understood: CrewResults.Understood, words: [CrewPlan.WordChoice])? {
        guard let text = text.map(CrewText.init), !text.words.isEmpty else { return nil }
        let titles = vocabularies.roleTitles
        var (roles, rest) = text.rolesNamed(in: titles)
        let telling = rest.filter { !CrewText.stopWords.contains(Vocabularies.fold(text.words[$0])) }
        if !telling.isEmpty || !roles.isEmpty { rest = telling }
        guard !rest.isEmpty else { return (.init(roles: roles, text: nil), []) }
        let read = try await CrewTextQueries.read(rest.map { text.words[$0] }, database)
        let words = Dictionary(uniqueKeysWithValues: zip(rest, read))
        let mistyped = text.rolesMistyped(
            in: titles,
            among: rest,
            unknown: Set(rest.filter { words[$0]?.isFound == false })
        )
        for role in mistyped.roles where !roles.contains(role) { roles.append(role) }
        var choices: [CrewPlan.WordChoice] = []
        var shown: [String] = []
        for word in mistyped.rest.compactMap({ words[$0] }) where !word.folded.isEmpty {
            let mended =
                word.isFound || word.folded.count < 4
                ? [] : try await CrewTextQueries.mended(word.folded, database)
            shown.append(mended.isEmpty ? word.folded : mended.joined(separator: "|"))
            choices.append(
                CrewPlan.WordChoice(
                    names: mended.isEmpty ? word.folded + ":*" : mended.joined(separator: "|"),
                    about: word.folded
                )
            )
        }
        return (.init(roles: roles, text: shown.isEmpty ? nil : shown.joined(separator: " ")), choices)
    }

    /// Where the answer begins.
    private nonisolated func place(
        of search: CrewSearch,
        _ plan: CrewPlan
    ) throws -> (offset: Int, cursor: CrewCursor?) {
        switch search.place {
        case .page(let page): return (max(0, page - 1) * search.limit, nil)
        case .cursor(let text):
            do throws(CrewCursor.Fault) {
                return (0, try CrewCursor(text, of: plan.fingerprint))
            } catch {
                let message = Localized(
                    sv: "Markören hör inte till den här sökningen; börja om utan den.",
                    en: "The cursor does not belong to this search; start again without it."
                )
                let errors = [FieldError.field("cursor", "foreign-cursor", message)]
                throw error == .foreign ? Problem(.foreignCursor, errors: errors) : Problem.invalid(errors)
            }
        }
    }

    private nonisolated func results(
        _ found: CrewSearchQueries.Found,
        _ plan: CrewPlan,
        _ window: CrewWindow,
        limit: Int
    ) throws(PostgresError) -> CrewResults {
        let shown = found.rows.prefix(limit)
        var next: String?
        if found.rows.count > limit, let last = shown.last {
            next = try last.cursor(of: plan).text
        }
        return CrewResults(
            items: shown.map { row in
                CrewItem(
                    body: row.body,
                    availability: plan.hasDates ? availability(of: row, plan, window) : nil,
                    distance: row.distance.flatMap {
                        $0 == CrewMatch.nowhere ? nil : Double(($0 + 50) / 100) / 10
                    }
                )
            },
            isMeasured: plan.near != nil,
            total: found.total ?? 0,
            next: next,
            facets: [:],
            understood: nil,
            beyondCalendar: window.outside(plan.dates)
        )
    }

    private nonisolated func availability(
        of row: CrewSearchQueries.FoundRow,
        _ plan: CrewPlan,
        _ window: CrewWindow
    ) -> CrewAvailability {
        guard plan.coverage != .full, row.score != plan.needed else { return .allFree(plan.needed) }
        guard let days = row.days else { return .hidden(plan.needed) }
        return CrewAvailability(
            needed: plan.dates,
            free: window.days(of: days.free),
            held: window.days(of: days.held),
            busy: window.days(of: days.busy)
        )
    }
}

extension CrewAudience {
    /// The audience of a reader.
    init(_ reader: Reader) {
        if case .member(let account, _) = reader, reader.seesWhatIsSharedWithSearchers {
            self = .approved(account: account.uuidString.lowercased())
        } else {
            self = .anyone
        }
    }
}

extension CrewResults {
    /// The same results with counts, values in the order of the vocabularies, and what the text meant.
    func with(
        facets: [CrewFacet],
        _ counted: CrewFacetQueries.Counts,
        in vocabularies: Vocabularies,
        _ understood: Understood?
    ) -> CrewResults {
        var counts: [CrewFacet: [Count]] = [:]
        for facet in facets {
            counts[facet] = facet.values(in: vocabularies).map { value in
                Count(value: value, count: counted.facets[facet]?[value] ?? 0)
            }
        }
        return CrewResults(
            items: items,
            isMeasured: isMeasured,
            total: total,
            next: next,
            facets: counts,
            totals: counted.totals,
            understood: understood,
            beyondCalendar: beyondCalendar
        )
    }
}

extension CrewFacet {
    /// Every value, in the order of the vocabulary.
    func values(in vocabularies: Vocabularies) -> [String] {
        switch self {
        case .role: vocabularies.roles.map(\.code)
        case .grade: CrewSearch.Grade.allCases.map(\.rawValue)
        case .department: vocabularies.departments.map(\.code)
        case .region: vocabularies.regions.map(\.code)
        case .municipality: vocabularies.municipalities.map(\.code)
        case .language: vocabularies.languages.map(\.code)
        case .certificate: vocabularies.certificates.map(\.code)
        }
    }
}
