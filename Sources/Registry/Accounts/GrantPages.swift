internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Postgres
public import Web

/// Who may do what: seen, given and taken by administrators everywhere and by region administrators in their region.
///
/// The page offers what the reader's own grants allow; row security decides.
public struct GrantPages: Sendable {
    private let site: Site
    private let databases: Databases

    /// See the type.
    public init(site: Site, _ databases: Databases) {
        self.site = site
        self.databases = databases
    }

    /// All addresses of these pages.
    public func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/grants") { _, _, member in
                try await page(Form(site.words(language), [("letters", language.rawValue)]), member, language)
            }
            table.member("/\(language)/grants", .post) { request, context, member in
                try await give(request, context, member, language)
            }
            table.member("/\(language)/grants/{id}", .post) { request, context, member in
                try await take(request, context, member, language)
            }
        }
    }

    /// Whether somebody may see the page at all.
    static func isFor(_ reader: Reader) -> Bool { reader.has(.administrator, .regionAdministrator) }

    private func give(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await site.form(request, context)
        let names = try await GrantQueries.scopeNames(as: member.reader, databases.member)
        let offer = GrantOffer(reader: member.reader, names: names, words: form.words)
        let email = form.email("email")
        let name = form.optionalText("name", upTo: 200)
        let right = form.choice("right", of: offer.rights.map(\.value)).flatMap { Right(rawValue: $0) }
        let scope = form.choice("scope", of: offer.scopes.map(\.value))
        let letters = form.choice("letters", of: Language.allCases.map(\.rawValue)).flatMap {
            Language(rawValue: $0)
        }
        let grant = right.flatMap { right in scope.flatMap { GrantOffer.grant(right, $0) } }
        if let grant, grant.right == .administrator, !grant.isEverywhere {
            form.refuse("scope", form.words("account.administratorsEverywhere"))
        }
        guard form.isValid, let grant, let letters else { return try await page(form, member, language) }

        let words = form.words
        let invitation = GrantQueries.Invitation(email: email, name: name, grant: grant, language: letters)
        let origin = site.origin(for: request)
        let outcome = try await Writes.transaction(databases, as: member.reader) { transaction in
            let (outcome, letterLanguage) = try await GrantQueries.give(
                invitation,
                by: member.account,
                transaction
            )
            if outcome == .given {
                let place = grant.isEverywhere ? nil : names.text(of: grant, words)
                let letter = site.letters.invitation(
                    invitation,
                    place: place,
                    in: letterLanguage,
                    origin: origin
                )
                try await site.letters.write(letter, in: transaction)
            }
            return outcome
        }
        switch outcome {
        case .given:
            return site.redirect(to: "/\(language)/grants", notice: "account.given", ["email": email])
        case .held: return site.redirect(to: "/\(language)/grants", notice: "account.held", ["email": email])
        case .refused:
            form.refuse("email", form.words("account.refused"))
            return try await page(form, member, language)
        }
    }

    // Not optimised: Swift 6.3.1 crashes in a release build while it splits this coroutine.
    @_optimize(none)
    private func take(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        _ = try await site.form(request, context)
        guard let id = UUID(uuidString: try context.parameters.require("id")) else {
            throw Problem(.notFound)
        }
        let taken = try await GrantQueries.take(id, as: member.reader, databases.member)
        guard taken else { throw Problem(.notFound) }
        return site.redirect(to: "/\(language)/grants", notice: "account.taken")
    }

    private func page(_ form: Form, _ member: SignedIn, _ language: Language) async throws -> Answer {
        guard Self.isFor(member.reader) else { throw Problem(.forbidden) }
        let words = form.words
        let names = try await GrantQueries.scopeNames(as: member.reader, databases.member)
        let offer = GrantOffer(reader: member.reader, names: names, words: words)
        let held = try await GrantQueries.list(as: member.reader, databases.member)
        let rows = held.map { held -> View in
            let right = words("account.right.\(held.grant.right.rawValue)")
            let scope = names.text(of: held.grant, words)
            return [
                "name": .text(held.name),
                "email": .optional(held.isMachine ? words("account.machine") : held.email),
                "right": .text(right),
                "scope": .text(scope),
                "givenBy": .optional(held.givenBy),
                "givenOn": .text(words.day(held.givenAt.inStockholm)),
                "take": offer.mayTake(held, member)
                    ? .view([
                        "action": .text("/\(language)/grants/\(held.id.uuidString.lowercased())"),
                        "label": .text(
                            words("account.takeFrom", ["name": held.name, "right": right, "scope": scope])
                        ),
                    ]) : .absent,
            ]
        }
        let languages = Language.allCases.map {
            FormField.Option($0.rawValue, words("account.language.\($0)"))
        }
        let view: View = [
            "errorSummary": form.summary,
            "action": .text("/\(language)/grants"),
            "fields": .list([
                FormField("email", words("account.email"), .email, limit: 254).view(form),
                FormField(
                    "name",
                    words("account.name"),
                    hint: words("account.inviteNameHint"),
                    isOptional: true,
                    limit: 200
                ).view(form),
                FormField("right", words("account.right"), .select(offer.rights)).view(form),
                FormField("scope", words("account.scope"), .select(offer.scopes)).view(form),
                FormField("letters", words("account.inviteLanguage"), .radios(languages)).view(form),
            ]),
            "count": .text(words.count("account.grantCount", held.count)),
            "grants": .list(rows),
        ]
        let head = Site.Head(
            language: language,
            title: words("account.grantsTitle"),
            description: words("account.grantsDescription"),
            path: "/grants",
            isWide: true,
            isUnlisted: true,
            status: form.status
        )
        return try site.answer("account/grants", view, head)
    }
}

/// What somebody may give and take, for the choices of the page.
struct GrantOffer {
    let reader: Reader
    let names: ScopeNames
    let words: Wording

    private var isAdministrator: Bool { reader.has(.administrator) }

    var rights: [FormField.Option] {
        Right.allCases.filter { isAdministrator || $0 != .administrator }
            .map { FormField.Option($0.rawValue, words("account.right.\($0.rawValue)")) }
    }

    /// `everywhere`, `region:skane`, `organisation:<id>`.
    var scopes: [FormField.Option] {
        let everywhere = isAdministrator ? [FormField.Option("everywhere", words("account.everywhere"))] : []
        let regions = names.regions
            .filter { isAdministrator || reader.has(.regionAdministrator, in: $0.code) }
            .map { FormField.Option("region:\($0.code)", $0.name) }
        let organisations =
            isAdministrator
            ? names.organisations.map { FormField.Option("organisation:\($0.id)", $0.name) } : []
        return everywhere + regions + organisations
    }

    static func grant(_ right: Right, _ scope: String) -> Grant? {
        let parts = scope.split(separator: ":", maxSplits: 1).map(String.init)
        switch parts.first {
        case "everywhere": return Grant(right)
        case "region" where parts.count == 2: return Grant(right, region: parts[1])
        case "organisation" where parts.count == 2:
            return UUID(uuidString: parts[1]).map { Grant(right, organisation: $0) }
        default: return nil
        }
    }

    /// The rule of `klappa.may_give`, for showing the button.
    func mayTake(_ held: GrantQueries.Held, _ member: SignedIn) -> Bool {
        if held.account == member.account { return false }
        if isAdministrator { return true }
        guard held.grant.right != .administrator, let region = held.grant.region else { return false }
        return reader.has(.regionAdministrator, in: region)
    }
}
