internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// What everyone reads of talent programmes: the list, a programme, a call.
struct ProgrammePages: Sendable {
    let site: Site
    let queries: ProgrammeQueries
    let vocabularies: @Sendable () async throws -> Vocabularies

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page("/\(language)/programmes") { request, _ in
                try await list(PageQuery(request.uri.query ?? ""), language)
            }
            table.page("/\(language)/programmes/{slug}") { _, context in
                try await programme(context.parameters.require("slug"), language)
            }
            table.page("/\(language)/calls/{id}") { _, context in
                try await call(context.parameters.require("id"), language)
            }
        }
    }

    private func text(_ language: Language) async throws -> TalentWords {
        TalentWords(words: site.words(language), vocabularies: try await vocabularies())
    }

    // MARK: The list

    func list(_ query: PageQuery, _ language: Language) async throws -> Answer {
        let text = try await text(language)
        let words = text.words
        let terms = try await queries.terms()
        let filter = ProgrammeQueries.Filter(
            text: query.first("q").map { String($0.prefix(200)) },
            types: query.list("type").filter { code in terms.types.contains { $0.0 == code } },
            regions: query.list("region").filter { text.vocabularies.region($0) != nil },
            priorities: query.list("priority").filter { code in terms.priorities.contains { $0.0 == code } },
            open: query.first("open") == "true" ? true : nil
        )
        let programmes = try await queries.programmes(filter, language)
        let calls = try await queries.calls(of: programmes.map(\.id))
        let byProgramme = Dictionary(grouping: calls, by: \.programme)
        let open = calls.filter { $0.status == .open }.sorted { $0.closesAt < $1.closesAt }
        let names = Dictionary(programmes.map { ($0.id, $0) }) { first, _ in first }
        let visitor = Visit.current?.member?.reader
        let view: View = [
            "isMember": .flag(visitor != nil),
            "isManager": .flag(visitor?.has(.programmeManager) ?? false),
            "action": .text("/\(language)/programmes"),
            "q": .text(filter.text ?? ""),
            "onlyOpen": .flag(filter.open == true),
            "regions": .list(options(SiteRegion.all.map { ($0.code, $0.name) }, chosen: filter.regions)),
            "types": .list(options(terms.types.map { ($0.0, $0.1[language]) }, chosen: filter.types)),
            "priorities": .list(
                options(terms.priorities.map { ($0.0, $0.1[language]) }, chosen: filter.priorities)
            ),
            "found": .text(words.count("talent.found", programmes.count)),
            "hasOpen": .flag(!open.isEmpty),
            "open": .list(
                open.map { call in
                    [
                        "address": .text("/\(language)/calls/\(call.id.uuidString.lowercased())"),
                        "title": .text(call.title[language]),
                        "programme": .text(names[call.programme]?.name[language] ?? ""),
                        "status": .view(text.status(call)),
                        "places": .text(words.count("talent.places", call.places)),
                    ]
                }
            ),
            "isEmpty": .flag(programmes.isEmpty),
            "programmes": .list(programmes.map { card($0, byProgramme[$0.id] ?? [], text) }),
        ]
        let head = Site.Head(
            language: language,
            title: words("talent.title"),
            description: words("talent.description"),
            path: "/programmes",
            query: canonical(filter),
            section: .talent,
            isDemonstration: programmes.contains(where: \.invented),
            isUnlisted: !canonical(filter).items.isEmpty
        )
        return try site.answer("talent/programmes", view, head)
    }

    private func canonical(_ filter: ProgrammeQueries.Filter) -> PageQuery {
        var query = PageQuery()
        query.add("q", filter.text)
        query.add("region", filter.regions.joined(separator: ","))
        query.add("type", filter.types.joined(separator: ","))
        query.add("priority", filter.priorities.joined(separator: ","))
        if filter.open == true { query.add("open", "true") }
        return query
    }

    private func options(_ all: [(String, String)], chosen: [String]) -> [View] {
        all.map { code, name in
            ["value": .text(code), "label": .text(name), "isChosen": .flag(chosen.contains(code))]
        }
    }

    private func card(_ programme: Programme, _ calls: [Call], _ text: TalentWords) -> View {
        let next = calls.first { $0.takesApplications } ?? calls.first { $0.status == .upcoming }
        return [
            "address": .text("/\(text.language)/programmes/\(programme.slug)"),
            "name": .text(programme.name[text.language]),
            "summary": .text(programme.summary[text.language]),
            "meta": .text("\(programme.type[text.language]) · \(programme.organisation)"),
            "regions": .list(regions(programme.regions, text)),
            "status": .optional(next.map { text.status($0) }),
            "invented": .flag(programme.invented),
        ]
    }

    private func regions(_ codes: [String], _ text: TalentWords) -> [View] {
        codes.map { ["code": .text($0), "name": .text(text.regions([$0]))] }
    }

    // MARK: A programme

    func programme(_ slug: String, _ language: Language) async throws -> Answer {
        guard let programme = try await queries.programme(slug) else { throw Problem(.notFound) }
        let text = try await text(language)
        let words = text.words
        let calls = try await queries.calls(of: [programme.id])
        let view: View = [
            "name": .text(programme.name[language]),
            "summary": .text(programme.summary[language]),
            "landscape": .markup(landscape(programme)),
            "invented": .flag(programme.invented),
            "paragraphs": TalentWords.paragraphs(programme.description[language]),
            "hasCalls": .flag(!calls.isEmpty),
            "calls": .list(
                calls.map { call in
                    [
                        "address": .text("/\(language)/calls/\(call.id.uuidString.lowercased())"),
                        "title": .text(call.title[language]),
                        "status": .view(text.status(call)),
                        "places": .text(words.count("talent.places", call.places)),
                    ]
                }
            ),
            "facts": .list(facts(programme, text)),
            "regions": .list(regions(programme.regions, text)),
            "contact": .optional(programme.organisationEmail),
            "url": .optional(programme.url ?? programme.organisationURL),
        ]
        let head = Site.Head(
            language: language,
            title: programme.name[language],
            description: programme.summary[language],
            path: "/programmes/\(programme.slug)",
            section: .talent,
            isDemonstration: programme.invented
        )
        return try site.answer("talent/programme", view, head)
    }

    private func landscape(_ programme: Programme) -> Markup {
        let region = programme.regions.first.flatMap(SiteRegion.named)
        return Landscape(region?.motif ?? .lake, seed: programme.slug).drawn(id: "g-programme")
    }

    private func facts(_ programme: Programme, _ text: TalentWords) -> [View] {
        let words = text.words
        var facts: [(String, String)] = [
            (words("talent.organisation"), programme.organisation),
            (words("talent.type"), programme.type[text.language]),
            (words("talent.regions"), text.regions(programme.regions)),
            (words("talent.priority"), programme.priority[text.language]),
        ]
        switch (programme.startsOn, programme.endsOn) {
        case (let first?, let last?): facts.append((words("talent.days"), words.days(first, last)))
        case (let first?, nil): facts.append((words("talent.starts"), words.day(first)))
        case (nil, let last?): facts.append((words("talent.ends"), words.day(last)))
        case (nil, nil): break
        }
        return facts.map { ["term": .text($0.0), "value": .text($0.1)] }
    }

    // MARK: A call

    func call(_ id: String, _ language: Language) async throws -> Answer {
        guard let id = UUID(uuidString: id), let (call, programme) = try await queries.call(id) else {
            throw Problem(.notFound)
        }
        let text = try await text(language)
        let words = text.words
        let path = "/calls/\(id.uuidString.lowercased())"
        let view: View = [
            "title": .text(call.title[language]),
            "programme": .text(programme.name[language]),
            "programmeAddress": .text("/\(language)/programmes/\(programme.slug)"),
            "summary": .text(programme.summary[language]),
            "landscape": .markup(landscape(programme)),
            "invented": .flag(call.invented),
            "status": .view(text.status(call)),
            "opens": .text(text.instant(call.opensAt)),
            "closes": .text(text.instant(call.closesAt)),
            "paragraphs": TalentWords.paragraphs(call.guidelines[language]),
            "questions": .list(
                call.questions.map { question in
                    [
                        "label": .text(question.label[language]),
                        "kind": .text(Self.limits(question, words)),
                        "isOptional": .flag(!question.required),
                    ]
                }
            ),
            "apply": .optional(call.takesApplications ? "/\(language)\(path)/apply" : nil),
            "isLate": .flag(call.status == .late),
            "facts": .list(
                [["term": .text(words("talent.placesTerm")), "value": .text(words.number(call.places))]]
                    + facts(programme, text)
            ),
            "contact": .optional(programme.organisationEmail),
        ]
        let head = Site.Head(
            language: language,
            title: "\(call.title[language]), \(programme.name[language])",
            description: programme.summary[language],
            path: path,
            section: .talent,
            isDemonstration: call.invented,
            isUnlisted: call.unlisted
        )
        return try site.answer("talent/call", view, head)
    }

    /// `text, högst 1 500 tecken`.
    static func limits(_ question: Question, _ words: Wording) -> String {
        let kind = words("talent.kind.\(question.kind.rawValue)")
        switch question.kind {
        case .shortText, .longText:
            return words("talent.upTo", ["kind": kind, "count": words.number(question.longest ?? 0)])
        case .choice:
            return words(
                "talent.among",
                [
                    "kind": kind,
                    "choices": words.list((question.choices ?? []).map { $0.name[words.language] }),
                ]
            )
        case .file: return words("talent.fileTypes", ["kind": kind])
        case .number, .link: return kind
        }
    }
}
