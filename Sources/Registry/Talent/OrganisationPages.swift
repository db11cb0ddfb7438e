internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The organisations that run programmes: administrators add them, and then give somebody the right to manage one.
struct OrganisationPages: Sendable {
    let pages: TalentPages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/manage/organisations") { _, _, member in
                try await list(nil, member, language)
            }
            table.member("/\(language)/manage/organisations", .post) { request, context, member in
                try await add(request, context, member, language)
            }
        }
    }

    private func list(_ typed: Form?, _ member: SignedIn, _ language: Language) async throws -> Answer {
        guard member.reader.has(.administrator) else { throw Problem(.forbidden) }
        let words = pages.site.words(language)
        let form = typed ?? Form(words)
        let rows = try await pages.databases.member.query(
            "SELECT o.name, o.email, o.url FROM klappa.organisation o ORDER BY o.name, o.id",
            settings: member.reader.settings
        )
        let view: View = [
            "errorSummary": form.summary,
            "isEmpty": .flag(rows.isEmpty),
            "organisations": .list(
                try rows.map { row in
                    [
                        "name": .text(try row.decode(String.self, "name")),
                        "email": .optional(try row.decode(String?.self, "email")),
                        "url": .optional(try row.decode(String?.self, "url")),
                    ]
                }
            ),
            "action": .text("/\(language)/manage/organisations"),
            "fields": .list([
                FormField("name", words("talent.name"), limit: 200).view(form),
                FormField("email", words("talent.email"), .email, isOptional: true, limit: 254).view(form),
                FormField("url", words("talent.site"), .line("url"), isOptional: true, limit: 500).view(form),
            ]),
        ]
        let head = ManagePages.head(
            words("manage.organisations"),
            "/manage/organisations",
            language,
            words,
            status: form.status
        )
        return try pages.site.answer("talent/organisations", view, head)
    }

    private func add(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context)
        let name = form.text("name", upTo: 200)
        let email = form["email"].isEmpty ? nil : form.email("email")
        let url = form.link("url")
        guard form.isValid else { return try await list(form, member, language) }
        let id = UUID.version7()
        let slug = [ManagedQuestion.slug(name), String(id.uuidString.lowercased().suffix(6))]
            .filter { !$0.isEmpty }.joined(separator: "-")
        try await Writes.transaction(pages.databases, as: member.reader) { transaction in
            try await transaction.execute(
                """
                INSERT INTO klappa.organisation (id, slug, name, email, url)
                VALUES (\(id), \(slug), \(name), \(email), \(url))
                """
            )
        }
        return pages.site.redirect(to: "/\(language)/manage/organisations", notice: "manage.saved")
    }
}
