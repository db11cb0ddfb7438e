internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// Beginning a listing: a stranger confirms an address by letter; whoever is signed in gives name and region, is shown the
/// public listings of that name, and gets a draft.
struct RegisterPages: Sendable {
    let pages: PeoplePages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page("/\(language)/crew/register") { _, context in
                if context.visit.member != nil { return .redirect(to: "/\(language)\(PeoplePages.home)") }
                return try door(Form(pages.site.words(language)), language)
            }
            table.page("/\(language)/crew/register", .post) { request, context in
                if context.visit.member != nil { return .redirect(to: "/\(language)\(PeoplePages.home)") }
                return try await ask(request, context, language)
            }
            table.member("/\(language)\(PeoplePages.home)/begin") { request, _, member in
                let name = PageQuery(request.uri.query ?? "").first("name")
                return try await start(name, member, language)
            }
            table.member("/\(language)\(PeoplePages.home)/begin", .post) { request, context, member in
                try await begin(request, context, member, language)
            }
        }
    }

    // MARK: A stranger

    private func door(_ form: Form, _ language: Language) throws -> Answer {
        let words = form.words
        let view: View = [
            "errorSummary": form.summary,
            "action": .text("/\(language)/crew/register"),
            "signIn": .text("/\(language)/sign-in?then=/\(language)\(PeoplePages.home)"),
            "fields": .list([
                OwnListingForm.name(words).view(form),
                FormField(
                    "email",
                    words("listing.email"),
                    .email,
                    hint: words("listing.emailHint"),
                    autocomplete: "email",
                    limit: 254
                ).view(form),
            ]),
        ]
        let head = Site.Head(
            language: language,
            title: words("listing.title.register"),
            description: words("listing.registerDescription"),
            path: "/crew/register",
            section: .crew,
            status: form.status
        )
        return try pages.site.answer("people/register", view, head)
    }

    private func ask(_ request: Request, _ context: WebContext, _ language: Language) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 8 << 10)
        let name = form.text("name", upTo: 200)
        let email = form.email("email")
        guard form.isValid else { return try door(form, language) }
        let then = "/\(language)\(PeoplePages.home)"
        return try await pages.site.confirm(email, name: name, then: then, request, context, pages.databases)
    }

    // MARK: A draft

    /// The first form of somebody who has no listing; with a name also who is listed under it.
    func start(_ name: String?, _ member: SignedIn, _ language: Language) async throws -> Answer {
        if try await pages.listing(member) != nil { return .redirect(to: "/\(language)\(PeoplePages.home)") }
        let form = Form(pages.site.words(language), [("name", name ?? member.name)])
        let alike = try await OwnListingQueries.alike(name ?? member.name, pages.databases.open)
        return try await page(form, alike, member, language)
    }

    private func page(
        _ form: Form,
        _ alike: [CrewListing],
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        let words = form.words
        let text = try await pages.text(language)
        let regions = SiteRegion.all.map { FormField.Option($0.code, $0.name) }
        let view: View = [
            "errorSummary": form.summary,
            "action": .text("/\(language)\(PeoplePages.home)/begin"),
            "nobody": .optional(form["nobody"]),
            "claims": try await ClaimPages(pages: pages).view(of: member, text),
            "alike": alike.isEmpty ? .absent : .view(ClaimPages.alike(alike, text)),
            "fields": .list([
                OwnListingForm.name(words).view(form),
                FormField(
                    "homeRegion",
                    words("listing.homeRegion"),
                    .select(regions),
                    hint: words("listing.homeRegionHint")
                ).view(form),
            ]),
        ]
        let head = pages.head("begin", language, path: "/begin", status: form.status)
        return try pages.site.answer("people/begin", view, head)
    }

    private func begin(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 16 << 10)
        let name = form.text("name", upTo: 200)
        let region = form.choice("homeRegion", of: SiteRegion.all.map(\.code))
        guard form.isValid, let region else { return try await page(form, [], member, language) }
        // Whoever has been shown the others and still goes on is none of them.
        if form["nobody"] != name {
            let alike = try await OwnListingQueries.alike(name, pages.databases.open)
            if !alike.isEmpty { return try await page(form.asking(for: name), alike, member, language) }
        }
        do {
            try await Writes.transaction(pages.databases, as: member.reader) { transaction in
                var draft = CrewWriting.Draft(name: name, region: region)
                // The address is theirs, as the letter proved; it stays in the office until they say otherwise.
                draft.contacts =
                    member.email.map {
                        [.init(kind: "email", value: $0, visibility: "office")]
                    } ?? []
                try await CrewWriting.create(draft, id: .version7(), for: member.account, transaction)
            }
        } catch let error as PostgresError where error.constraint == "person_one_each" {
            return pages.done("listing.begunBefore", language)
        }
        return pages.done("listing.begun", language, "/edit")
    }
}

extension Form {
    /// The form with the name for which those of the same name are shown.
    fileprivate func asking(for name: String) -> Form {
        var form = self
        form.set("nobody", name)
        return form
    }
}
