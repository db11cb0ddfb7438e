internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// Beginning: a stranger says who they are and gets a link by mail; who is signed in gets the form.
struct OfferBeginPages: Sendable {
    let pages: OfferPages

    /// `/sv/locations/offer` and `/sv/companies/offer`.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            for kind in Offer.Kind.allCases {
                let path = "/\(language)/\(kind.plural)/offer"
                table.page(path) { _, context in
                    guard let member = context.visit.member else {
                        return try begin(Form(pages.site.words(language)), kind, language)
                    }
                    return try await new(kind, member, language)
                }
                table.page(path, .post) { request, context in
                    guard let member = context.visit.member else {
                        return try await ask(request, context, kind, language)
                    }
                    return try await OfferEditPages(pages: pages).take(
                        request,
                        context,
                        .new(kind),
                        member,
                        language
                    )
                }
            }
        }
    }

    private func begin(_ form: Form, _ kind: Offer.Kind, _ language: Language) throws -> Answer {
        let words = form.words
        let title = words("offers.begin.\(kind.rawValue)")
        let view: View = [
            "errorSummary": form.summary,
            "title": .text(title),
            "lead": .text(words("offers.begin.\(kind.rawValue)Lead")),
            "backAddress": .text("/\(language)/\(kind.plural)"),
            "backLabel": .text(words("site.nav.\(kind.plural)")),
            "action": .text("/\(language)/\(kind.plural)/offer"),
            "fields": .list([
                FormField("name", words("offers.yourName"), autocomplete: "name", limit: 200).view(form),
                FormField(
                    "email",
                    words("offers.yourEmail"),
                    .email,
                    hint: words("offers.yourEmailHint"),
                    autocomplete: "email",
                    limit: 254
                ).view(form),
            ]),
        ]
        var head = pages.head(title, "/\(kind.plural)/offer", kind, language, status: form.status)
        head.isUnlisted = false
        return try pages.site.answer("offers/begin", view, head)
    }

    private func ask(
        _ request: Request,
        _ context: WebContext,
        _ kind: Offer.Kind,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 8 << 10)
        let name = form.text("name", upTo: 200)
        let email = form.email("email")
        guard form.isValid else { return try begin(form, kind, language) }
        return try await pages.site.confirm(
            email,
            name: name,
            then: "/\(language)/\(kind.plural)/offer",
            request,
            context,
            pages.databases
        )
    }

    private func new(_ kind: Offer.Kind, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let text = try await pages.text(language)
        var values = [("email", member.email ?? "")]
        if kind == .location { values.append(("ownerName", member.name)) }
        return try await OfferEditPages(pages: pages).answer(
            Form(text.words, values),
            .new(kind),
            text,
            status: 200
        )
    }
}
