internal import HTTPTypes
internal import Hummingbird
internal import Postgres
public import Web

/// Everybody's own page: name and language of letters, what the account may do, and where else it is signed in.
public struct AccountPages: Sendable {
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
            table.member("/\(language)/account") { _, _, member in
                let form = Form(
                    site.words(language),
                    [("name", member.name), ("language", member.language.rawValue)]
                )
                return try await page(form, member, language)
            }
            table.member("/\(language)/account", .post) { request, context, member in
                var form = try await site.form(request, context)
                let name = form.text("name", upTo: 200)
                let letters = form.choice("language", of: Language.allCases.map(\.rawValue))
                guard form.isValid, let letters else { return try await page(form, member, language) }
                try await AccountQueries.change(member, name: name, language: letters, databases.member)
                return site.redirect(to: "/\(language)/account", notice: "account.saved")
            }
            table.member("/\(language)/account/sessions", .post) { request, context, member in
                _ = try await site.form(request, context)
                let count = try await SessionQueries.endOthers(of: member, databases.member)
                return site.redirect(
                    to: "/\(language)/account",
                    notice: count == 0 ? "account.noOthers" : "account.othersEnded"
                )
            }
        }
    }

    private func page(_ form: Form, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let words = form.words
        let languages = Language.allCases.map {
            FormField.Option($0.rawValue, words("account.language.\($0)"))
        }
        let names = try await GrantQueries.scopeNames(as: member.reader, databases.member)
        let view: View = [
            "errorSummary": form.summary,
            "action": .text("/\(language)/account"),
            "email": .optional(member.email),
            "fields": .list([
                FormField("name", words("account.name"), autocomplete: "name", limit: 200).view(form),
                FormField("language", words("account.language"), .radios(languages)).view(form),
            ]),
            "isKeeper": .flag(GrantPages.isFor(member.reader)),
            "hasGrants": .flag(!member.grants.isEmpty),
            "grants": .list(
                member.grants.map { grant in
                    [
                        "right": .text(words("account.right.\(grant.right.rawValue)")),
                        "scope": .text(names.text(of: grant, words)),
                    ]
                }
            ),
        ]
        let head = Site.Head(
            language: language,
            title: words("account.title"),
            description: words("account.description"),
            path: "/account",
            isUnlisted: true,
            status: form.status
        )
        return try site.answer("account/own", view, head)
    }
}
