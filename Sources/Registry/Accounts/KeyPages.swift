internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Postgres
public import Web

/// One's own API keys, and for who keeps rights those of their scope: made, shown once, ended at once.
///
/// The page offers what the reader's own grants include; the database refuses the rest.
public struct KeyPages: Sendable {
    private let site: Site
    private let databases: Databases

    /// See the type.
    public init(site: Site, _ databases: Databases) {
        self.site = site
        self.databases = databases
    }

    /// For how many days a key may hold.
    static let days = [30, 90, 365]

    /// All addresses of these pages.
    public func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/account/keys") { _, _, member in
                try await page(Form(site.words(language), [("days", "90")]), member, language)
            }
            table.member("/\(language)/account/keys", .post) { request, context, member in
                try await make(request, context, member, language)
            }
            table.member("/\(language)/account/keys/{id}", .post) { request, context, member in
                _ = try await site.form(request, context)
                guard let id = UUID(uuidString: try context.parameters.require("id")),
                    try await KeyQueries.end(id, as: member.reader, databases.member)
                else { throw Problem(.notFound) }
                return site.redirect(to: "/\(language)/account/keys", notice: "keys.ended")
            }
        }
    }

    private func make(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await site.form(request, context)
        let words = form.words
        let offer = KeyOffer(
            reader: member.reader,
            names: try await GrantQueries.scopeNames(as: member.reader, databases.member),
            words: words
        )
        let name = form.text("name", upTo: 200)
        let right = form.choice("right", of: offer.rights.map(\.value)).flatMap { Right(rawValue: $0) }
        let scopes = form.choices("scope", of: offer.scopes.map(\.value))
        let days = form.choice("days", of: Self.days.map { String($0) }).flatMap { Int($0) }
        let wish = KeyOffer.wish(scopes)
        if wish == nil { form.refuse("scope", words(scopes.isEmpty ? "form.choose" : "keys.oneKindOfScope")) }
        guard form.isValid, let right, let wish, let days else {
            return try await page(form, member, language)
        }
        let key = BearerKey.random()
        let refusal = try await store(
            key,
            .init(
                name: name,
                right: right,
                regions: wish.regions,
                organisation: wish.organisation,
                days: days
            ),
            member
        )
        if let refusal {
            form.refuse(refusal.field, words(refusal.text))
            return try await page(form, member, language)
        }
        return try await page(Form(words, [("days", "90")]), member, language, made: (name, key))
    }

    /// Has the key made.
    ///
    /// - Returns: the field that is wrong and the text that says why, when the database refuses.
    private func store(
        _ key: BearerKey,
        _ wish: KeyQueries.Wish,
        _ member: SignedIn
    ) async throws -> (field: String, text: String)? {
        do throws(PostgresError) {
            try await KeyQueries.make(key, wish, as: member.reader, databases.member)
            return nil
        } catch {
            if error.sqlState == .insufficientPrivilege { return ("scope", "keys.notYours") }
            if error.constraint == "api_key_few" { return ("name", "keys.enough") }
            throw error
        }
    }

    // MARK: The page

    private func page(
        _ form: Form,
        _ member: SignedIn,
        _ language: Language,
        made: (name: String, key: BearerKey)? = nil
    ) async throws -> Answer {
        let words = form.words
        let names = try await GrantQueries.scopeNames(as: member.reader, databases.member)
        let offer = KeyOffer(reader: member.reader, names: names, words: words)
        let keys = try await KeyQueries.list(as: member.reader, most: 500, databases.member)
        let own = keys.filter(\.isOwn)
        let others = keys.filter { !$0.isOwn }
        let days = Self.days.map { FormField.Option(String($0), words.count("keys.days", $0)) }
        let view: View = [
            "errorSummary": form.summary,
            "action": .text("/\(language)/account/keys"),
            "made": .optional(
                made.map { made in
                    ["name": .text(words("keys.madeNow", ["name": made.name])), "key": .text(made.key.text)]
                        as View
                }
            ),
            "mayMake": .flag(!offer.rights.isEmpty),
            "fields": .list([
                FormField("name", words("keys.name"), hint: words("keys.nameHint"), limit: 200).view(form),
                FormField("right", words("keys.right"), .select(offer.rights)).view(form),
                FormField("scope", words("keys.scope"), .ticks(offer.scopes), hint: words("keys.scopeHint"))
                    .view(form),
                FormField("days", words("keys.expiry"), .radios(days)).view(form),
            ]),
            "own": .list(own.map { row($0, names, words) }),
            "hasOwn": .flag(!own.isEmpty),
            "others": .list(others.map { row($0, names, words) }),
            "hasOthers": .flag(!others.isEmpty),
        ]
        let head = Site.Head(
            language: language,
            title: words("keys.title"),
            description: words("keys.description"),
            path: "/account/keys",
            isWide: true,
            isUnlisted: true,
            status: form.status
        )
        return try site.answer("account/keys", view, head)
    }

    private func row(_ key: APIKey, _ names: ScopeNames, _ words: Wording) -> View {
        let state = key.state(at: .now)
        let scopes =
            key.regions.isEmpty
            ? [names.text(of: Grant(key.right, organisation: key.organisation), words)]
            : key.regions.map { names.text(of: Grant(key.right, region: $0), words) }
        let until = key.expiresAt.map { words("keys.until", ["day": words.day($0.inStockholm)]) }
        return [
            "name": .text(key.name),
            "maker": .text(key.isOwn ? "" : key.maker ?? words("keys.commandLine")),
            "made": .text(words.day(key.createdAt.inStockholm)),
            "right": .text(words("account.right.\(key.right.rawValue)")),
            "scope": .text(words.list(scopes)),
            "state": .text(
                state == .valid ? until ?? words("keys.forever") : words("keys.state.\(state.rawValue)")
            ),
            "used": .text(key.lastUsedAt.map { words.moment($0) } ?? words("keys.neverUsed")),
            "end": state == .valid
                ? .view([
                    "action": .text("/\(words.language)/account/keys/\(key.id.uuidString.lowercased())"),
                    "label": .text(words("keys.endOf", ["name": key.name])),
                ]) : .absent,
        ]
    }
}

/// What somebody may put into a key, for the choices of the page: what `klappa.covers` has of their grants.
struct KeyOffer {
    let reader: Reader
    let names: ScopeNames
    let words: Wording

    /// What a right includes, itself first.
    private static func included(in right: Right) -> [Right] {
        switch right {
        case .administrator: [.administrator, .regionAdministrator, .commissioner, .searcher]
        case .regionAdministrator: [.regionAdministrator, .commissioner, .searcher]
        case .commissioner: [.commissioner, .searcher]
        case .searcher: [.searcher]
        case .programmeManager: [.programmeManager]
        case .reviewer: []
        }
    }

    var rights: [FormField.Option] {
        let held = Set(reader.grants.flatMap { Self.included(in: $0.right) })
        return Right.allCases.filter(held.contains)
            .map { FormField.Option($0.rawValue, words("account.right.\($0.rawValue)")) }
    }

    /// `everywhere`, `region:skane`, `organisation:<id>`.
    var scopes: [FormField.Option] {
        let isEverywhere = reader.grants.contains(where: \.isEverywhere)
        let everywhere = isEverywhere ? [FormField.Option("everywhere", words("account.everywhere"))] : []
        let regions = names.regions
            .filter { region in isEverywhere || reader.grants.contains { $0.region == region.code } }
            .map { FormField.Option("region:\($0.code)", $0.name) }
        let organisations = names.organisations
            .filter { organisation in reader.has(.programmeManager, of: organisation.id) }
            .map { FormField.Option("organisation:\($0.id)", $0.name) }
        return everywhere + regions + organisations
    }

    /// Regions, or one organisation, or everything; nil for a mixture and for nothing.
    static func wish(_ scopes: [String]) -> (regions: [String], organisation: UUID?)? {
        let parts = scopes.map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
        if parts.count == 1, parts[0].first == "everywhere" { return ([], nil) }
        if parts.count == 1, parts[0].first == "organisation", let id = UUID(uuidString: parts[0].last ?? "")
        {
            return ([], id)
        }
        guard !parts.isEmpty, parts.allSatisfy({ $0.first == "region" && $0.count == 2 }) else { return nil }
        return (parts.map { $0[1] }, nil)
    }
}
