internal import FoundationEssentials
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
            table.member("/\(language)/account/sessions/{id}", .post) { request, context, member in
                try await endOne(request, context, member, language)
            }
        }
    }

    // Not optimised: Swift 6.3.1 crashes in a release build while it splits this coroutine.
    @_optimize(none)
    private func endOne(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        _ = try await site.form(request, context)
        guard let id = UUID(uuidString: try context.parameters.require("id")),
            try await SessionQueries.end(id, of: member, databases.member)
        else { throw Problem(.notFound) }
        return site.redirect(to: "/\(language)/account", notice: "account.sessionEnded")
    }

    /// Where one is signed in, this browser first.
    private func sessions(_ member: SignedIn, _ words: Wording) async throws -> [View] {
        let open = try await SessionQueries.list(of: member, databases.member)
        let sorted = open.filter { $0.id == member.session } + open.filter { $0.id != member.session }
        return sorted.map { session in
            let isHere = session.id == member.session
            let device = session.device ?? words("account.unknownDevice")
            let began = words.moment(session.createdAt)
            return [
                "device": .text(device),
                "here": .flag(isHere),
                "began": .text(began),
                "seen": .text(isHere ? words("account.seenNow") : words.moment(session.seenAt)),
                "end": isHere
                    ? .absent
                    : .view([
                        "action": .text(
                            "/\(words.language)/account/sessions/\(session.id.uuidString.lowercased())"
                        ),
                        "label": .text(words("account.endOneOf", ["device": device, "began": began])),
                    ]),
            ]
        }
    }

    /// The link to who wants to become a searcher, for offices.
    private func office(_ member: SignedIn, _ words: Wording) async throws -> View.Value {
        guard SearcherDeskPages.isFor(member.reader) else { return .absent }
        let waiting = try await SearcherQueries.waiting(as: member.reader, databases.member)
        return .text(words("searchers.deskTitle") + ": " + words.count("searchers.waiting", waiting))
    }

    /// The providers to which the account is tied.
    private func ties(_ member: SignedIn, _ words: Wording) async throws -> [View] {
        let providers = site.settings.openID.clients.map(\.provider)
        guard !providers.isEmpty else { return [] }
        return try await OpenIDQueries.ties(of: member, databases.member).map { tie in
            let name = providers.first { $0.issuer == tie.issuer }?.name ?? tie.issuer
            return [
                "name": .text(name),
                "seen": .text(words("account.tieSeen", ["moment": words.moment(tie.seenAt)])),
                "action": .text("/\(words.language)/account/ties/\(tie.id.uuidString.lowercased())"),
                "label": .text(words("account.untieFrom", ["provider": name])),
            ]
        }
    }

    private func page(_ form: Form, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let words = form.words
        let languages = Language.allCases.map {
            FormField.Option($0.rawValue, words("account.language.\($0)"))
        }
        let names = try await GrantQueries.scopeNames(as: member.reader, databases.member)
        let sessions = try await sessions(member, words)
        let ties = try await ties(member, words)
        let view: View = [
            "sessions": .list(sessions),
            "hasOthers": .flag(sessions.count > 1),
            "hasTies": .flag(!ties.isEmpty),
            "ties": .list(ties),
            "errorSummary": form.summary,
            "action": .text("/\(language)/account"),
            "email": .optional(member.email),
            "fields": .list([
                FormField("name", words("account.name"), autocomplete: "name", limit: 200).view(form),
                FormField("language", words("account.language"), .radios(languages)).view(form),
            ]),
            "isOffice": try await office(member, words),
            "maySearch": .flag(!SearcherDeskPages.isFor(member.reader)),
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
