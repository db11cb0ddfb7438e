internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
public import Web

/// The way to a provider of sign-in and back, bound to the browser that set out.
///
/// Setting out is a link, for a form may lead nowhere but to this service (`form-action`). It keeps hashes of a state and of
/// the browser's secret; coming back uses them up before the provider is asked anything. What goes wrong ends on a page
/// that says so in a sentence; the log learns the reason, never a token, an address or a claim.
public struct OpenIDPages: Sendable {
    private let site: Site
    private let databases: Databases

    private var providers: OpenIDProviders { site.settings.openID }

    /// See the type.
    public init(site: Site, _ databases: Databases) {
        self.site = site
        self.databases = databases
    }

    /// All addresses of these pages; none without a provider.
    public func add(to table: inout RouteTable) {
        guard !providers.clients.isEmpty else { return }
        for language in Language.allCases {
            table.page("/\(language)/sign-in/with/{provider}") { request, context in
                try await setOut(request, context, language)
            }
            table.member("/\(language)/account/ties/{id}", .post) { request, context, member in
                _ = try await site.form(request, context)
                guard let id = UUID(uuidString: try context.parameters.require("id")),
                    try await OpenIDQueries.untie(id, of: member, databases.member)
                else { throw Problem(.notFound) }
                return site.redirect(to: "/\(language)/account", notice: "account.untied")
            }
        }
        table.page("/sign-in/return/{provider}") { request, context in
            try await comeBack(request, context)
        }
    }

    private func client(_ context: WebContext) throws -> OpenIDClient {
        guard let client = providers.client(try context.parameters.require("provider")) else {
            throw Problem(.notFound)
        }
        return client
    }

    /// The address to which the provider sends the browser back: to be registered there.
    static func returnAddress(_ origin: String, _ provider: OpenIDProvider) -> String {
        "\(origin)/sign-in/return/\(provider.key)"
    }

    // MARK: There

    private func setOut(_ request: Request, _ context: WebContext, _ language: Language) async throws
        -> Answer
    {
        let client = try client(context)
        let then =
            SignInPages.local(PageQuery(request.uri.query ?? "").first("then")) ?? "/\(language)/account"
        if context.visit.member != nil { return .redirect(to: then) }
        let rules = context.visit.cookies
        let known = Cookies(request.headers)[rules.name(Visit.CookieWord.asked)].flatMap { Secret($0) }
        let attempt = OpenIDAttempt(state: .random(), browser: known ?? .random())
        let address = Self.returnAddress(site.origin(for: request), client.provider)
        do {
            let there = try await client.authorization(attempt, returnsTo: address)
            let issuer = client.provider.issuer
            try await OpenIDQueries.begin(attempt, at: issuer, then: then, language, databases.member)
            var answer = Answer.redirect(to: there)
            answer.headers.append(rules.field(Visit.CookieWord.asked, attempt.browser.text, maxAge: 900))
            return answer
        } catch let error as OpenIDError {
            return try fail(error, client.provider, context, language)
        }
    }

    // MARK: And back

    private func comeBack(_ request: Request, _ context: WebContext) async throws -> Answer {
        let client = try client(context)
        let rules = context.visit.cookies
        let cookies = Cookies(request.headers)
        let browser = cookies[rules.name(Visit.CookieWord.asked)].flatMap { Secret($0) }
        let query = PageQuery(request.uri.query ?? "")
        guard let state = query.first("state").flatMap({ Secret($0) }) else {
            // Some providers leave the state out when somebody says no; nothing is done, so nothing is risked.
            if query.first("error") == "access_denied" {
                return try fail(.denied, client.provider, context, context.language)
            }
            return try say("gone", client.provider, context.language, status: 404)
        }
        switch try await OpenIDQueries.claim(
            state,
            browser: browser,
            at: client.provider.issuer,
            databases.member
        ) {
        case .gone: return try say("gone", client.provider, context.language, status: 404)
        case .elsewhere: return try say("elsewhere", client.provider, context.language, status: 403)
        case .claimed(let claimed):
            guard let browser else {
                return try say("elsewhere", client.provider, claimed.language, status: 403)
            }
            do {
                let code = try await Self.code(in: query, client)
                let attempt = OpenIDAttempt(state: state, browser: browser)
                return try await finish(claimed, code, attempt, client, request, context)
            } catch let error as OpenIDError {
                return try fail(error, client.provider, context, claimed.language)
            }
        }
    }

    /// The code of a good answer (RFC 6749 sections 4.1.2, RFC 9207 section 2.4).
    private static func code(in query: PageQuery, _ client: OpenIDClient) async throws -> String {
        let issuer = query.first("iss")
        let mustName = try await client.description().namesIssuer
        if issuer != nil || mustName {
            guard issuer == client.provider.issuer else {
                throw OpenIDError.malformed("another issuer answered")
            }
        }
        if let error = query.first("error") {
            throw error == "access_denied" ? OpenIDError.denied : .refused(OpenIDClient.code(error))
        }
        guard let code = query.first("code"), code.utf8.count <= 2000 else {
            throw OpenIDError.malformed("neither code nor error came")
        }
        return code
    }

    private func finish(
        _ claimed: OpenIDQueries.Claimed,
        _ code: String,
        _ attempt: OpenIDAttempt,
        _ client: OpenIDClient,
        _ request: Request,
        _ context: WebContext
    ) async throws -> Answer {
        let provider = client.provider
        let address = Self.returnAddress(site.origin(for: request), provider)
        let (person, roles) = try await client.person(code: code, attempt, returnsTo: address)
        let session = Secret.random()
        let (outcome, unknown) = try await OpenIDQueries.finish(
            claimed,
            person,
            roles: roles,
            at: provider.issuer,
            session: session,
            device: Device.name(of: request.headers[.userAgent]),
            databases.worker
        )
        if !unknown.isEmpty {
            context.logger.warning(
                "roles of a provider name scopes that do not exist",
                metadata: ["provider": "\(provider.key)", "scopes": "\(unknown.joined(separator: ", "))"]
            )
        }
        guard outcome == .signedIn else {
            return try say(outcome.rawValue, provider, claimed.language, status: outcome == .gone ? 404 : 403)
        }
        return try await begin(session, claimed, request, context)
    }

    /// Gives the browser its session; one that it had before ends.
    private func begin(
        _ session: Secret,
        _ claimed: OpenIDQueries.Claimed,
        _ request: Request,
        _ context: WebContext
    ) async throws -> Answer {
        let rules = context.visit.cookies
        if let old = Cookies(request.headers)[rules.name(Visit.CookieWord.session)].flatMap({ Secret($0) }) {
            try await SessionQueries.signOut(old, databases.member)
        }
        var answer = site.redirect(to: claimed.then, notice: "account.signedIn")
        answer.headers.append(rules.field(Visit.CookieWord.session, session.text, maxAge: 43_200))
        answer.headers.append(rules.field(Visit.CookieWord.asked, "", maxAge: 0))
        return answer
    }

    // MARK: Sentences

    private func fail(
        _ error: OpenIDError,
        _ provider: OpenIDProvider,
        _ context: WebContext,
        _ language: Language
    ) throws -> Answer {
        context.logger.warning(
            "sign-in through a provider failed",
            metadata: ["provider": "\(provider.key)", "what": "\(error.word)", "reason": "\(error.reason)"]
        )
        let status =
            switch error {
            case .unreachable, .malformed: 502
            case .denied, .refused, .token: 403
            }
        return try say(error.word, provider, language, status: status)
    }

    private func say(_ word: String, _ provider: OpenIDProvider, _ language: Language, status: Int) throws
        -> Answer
    {
        let words = site.words(language)
        var head = Site.Head(
            language: language,
            title: words("openid.\(word).title", ["provider": provider.name]),
            description: words("account.signInDescription"),
            path: "/sign-in",
            isUnlisted: true
        )
        head.status = status
        let view: View = [
            "title": .text(head.title),
            "lead": .text(words("openid.\(word).lead", ["provider": provider.name])),
            "detail": .text(words("openid.\(word).detail", ["provider": provider.name])),
            "again": .absent,
            "back": .flag(true),
            "letters": .absent,
        ]
        return try site.answer("account/said", view, head)
    }
}
