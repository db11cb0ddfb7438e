internal import HTTPTypes
public import Hummingbird
internal import Postgres
public import Web

/// Signing in by a mailed link, and signing out.
///
/// The link works once, for 15 minutes, in the browser that asked for it: that browser has a cookie of which the database
/// keeps the hash. Opening it shows a button and uses nothing up, so that a mail scanner that follows links spoils none.
/// The answer is the same whether the address has an account or not, and so is the work.
public struct SignInPages: Sendable {
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
            table.page("/\(language)/sign-in") { request, context in
                let query = PageQuery(request.uri.query ?? "")
                let then = Self.local(query.first("then"))
                if context.visit.member != nil { return .redirect(to: then ?? "/\(language)/account") }
                return try ask(
                    Form(site.words(language), [("email", query.first("email") ?? "")]),
                    then,
                    language
                )
            }
            table.page("/\(language)/sign-in", .post) { request, context in
                try await send(request, context, language)
            }
            table.page("/\(language)/sign-in/sent") { _, _ in try say("sent", language) }
            table.page("/\(language)/sign-in/{token}") { request, context in
                try await open(context.parameters.require("token"), request, context, language)
            }
            table.page("/\(language)/sign-in/{token}", .post) { request, context in
                try await signIn(context.parameters.require("token"), request, context, language)
            }
            table.page("/\(language)/sign-out", .post) { request, context in
                try await signOut(request, context, language)
            }
        }
    }

    // MARK: Asking

    private func ask(_ form: Form, _ then: String?, _ language: Language) throws -> Answer {
        let words = form.words
        let view: View = [
            "errorSummary": form.summary,
            "action": .text("/\(language)/sign-in"),
            "then": .optional(then),
            "providers": .list(providers(then, language)),
            "hasProviders": .flag(!site.settings.openID.clients.isEmpty),
            "fields": .list([
                FormField(
                    "email",
                    words("account.email"),
                    .email,
                    hint: words("account.emailHint"),
                    autocomplete: "email",
                    limit: 254
                ).view(form)
            ]),
        ]
        let head = Site.Head(
            language: language,
            title: words("account.signIn"),
            description: words("account.signInDescription"),
            path: "/sign-in",
            isUnlisted: true,
            status: form.status
        )
        return try site.answer("account/sign-in", view, head)
    }

    /// Links to the providers through which staff may sign in.
    private func providers(_ then: String?, _ language: Language) -> [View] {
        site.settings.openID.clients.map { client in
            var query = PageQuery()
            query.add("then", then)
            return [
                "address": .text(query.address("/\(language)/sign-in/with/\(client.provider.key)")),
                "label": .text(site.words(language)("openid.with", ["provider": client.provider.name])),
            ]
        }
    }

    private func send(_ request: Request, _ context: WebContext, _ language: Language) async throws -> Answer
    {
        var form = try await site.form(request, context, limit: 8 << 10)
        let email = form.email("email")
        let then = Self.local(form["then"])
        guard form.isValid else { return try ask(form, then, language) }
        let wanted = SessionQueries.Request(
            email: email,
            name: nil,
            language: language,
            then: then ?? "/\(language)/account"
        )
        return try await send(wanted, request, context)
    }

    /// Writes the letter with the link and leads to the page that says so: for signing in, and for other features'
    /// first forms, which open an account by giving a name.
    ///
    /// - Returns: a redirect with the cookie that binds the link to this browser.
    func send(
        _ wanted: SessionQueries.Request,
        _ request: Request,
        _ context: WebContext
    ) async throws -> Answer {
        let visit = context.visit
        // Whoever asks twice may use either letter.
        let known = Cookies(request.headers)[visit.cookies.name(Visit.CookieWord.asked)].flatMap {
            Secret($0)
        }
        let browser = known ?? .random()
        let token = Secret.random()
        let base = "\(site.origin(for: request))/\(wanted.language)/sign-in"
        try await SessionQueries.ask(
            wanted,
            token: token,
            browser: browser,
            link: "\(base)/\(token.text)",
            askAgain: base,
            databases.member
        )
        var answer = site.redirect(to: "/\(wanted.language)/sign-in/sent")
        answer.headers.append(visit.cookies.field(Visit.CookieWord.asked, browser.text, maxAge: 900))
        return answer
    }

    // MARK: The link

    private func open(
        _ text: String,
        _ request: Request,
        _ context: WebContext,
        _ language: Language
    ) async throws -> Answer {
        guard let token = Secret(text) else { return try say("gone", language, status: 404) }
        let browser = Cookies(request.headers)[context.visit.cookies.name(Visit.CookieWord.asked)]
            .flatMap { Secret($0) }
        switch try await SessionQueries.link(token, browser: browser, databases.open) {
        case .gone: return try say("gone", language, status: 404)
        case .elsewhere: return try say("elsewhere", language, status: 403)
        case .ready(let email):
            let words = site.words(language)
            let view: View = [
                "action": .text("/\(language)/sign-in/\(token.text)"),
                "lead": .text(words("account.readyLead", ["email": email])),
            ]
            return try site.answer("account/ready", view, head("ready", language))
        }
    }

    private func signIn(
        _ text: String,
        _ request: Request,
        _ context: WebContext,
        _ language: Language
    ) async throws -> Answer {
        _ = try await site.form(request, context, limit: 8 << 10)
        let visit = context.visit
        let cookies = Cookies(request.headers)
        guard let token = Secret(text) else { return try say("gone", language, status: 404) }
        guard let browser = cookies[visit.cookies.name(Visit.CookieWord.asked)].flatMap({ Secret($0) }) else {
            return try say("elsewhere", language, status: 403)
        }
        let session = Secret.random()
        let device = Device.name(of: request.headers[.userAgent])
        switch try await SessionQueries.signIn(
            token,
            browser: browser,
            session: session,
            device: device,
            databases.member
        ) {
        case .gone: return try say("gone", language, status: 404)
        case .elsewhere: return try say("elsewhere", language, status: 403)
        case .signedIn(let then):
            // A session that this browser had before ends: its cookie is replaced.
            if let old = cookies[visit.cookies.name(Visit.CookieWord.session)].flatMap({ Secret($0) }) {
                try await SessionQueries.signOut(old, databases.member)
            }
            var answer = site.redirect(to: then, notice: "account.signedIn")
            answer.headers.append(
                visit.cookies.field(Visit.CookieWord.session, session.text, maxAge: 30 * 86_400)
            )
            answer.headers.append(visit.cookies.field(Visit.CookieWord.asked, "", maxAge: 0))
            return answer
        }
    }

    private func signOut(_ request: Request, _ context: WebContext, _ language: Language) async throws
        -> Answer
    {
        _ = try await site.form(request, context, limit: 8 << 10)
        let rules = context.visit.cookies
        if let session = Cookies(request.headers)[rules.name(Visit.CookieWord.session)].flatMap({ Secret($0) }
        ) {
            try await SessionQueries.signOut(session, databases.member)
        }
        var answer = site.redirect(to: "/\(language)", notice: "account.signedOut")
        answer.headers.append(rules.field(Visit.CookieWord.session, "", maxAge: 0))
        return answer
    }

    // MARK: Sentences

    private func head(_ name: String, _ language: Language) -> Site.Head {
        let words = site.words(language)
        return Site.Head(
            language: language,
            title: words("account.\(name)Title"),
            description: words("account.signInDescription"),
            path: "/sign-in",
            isUnlisted: true
        )
    }

    /// A page that only says something: the letter is on its way, the link is gone, another browser asked.
    private func say(_ name: String, _ language: Language, status: Int = 200) throws -> Answer {
        let words = site.words(language)
        var head = head(name, language)
        head.status = status
        let view: View = [
            "title": .text(head.title),
            "lead": .text(words("account.\(name)Lead")),
            "detail": .text(words("account.\(name)Detail")),
            "again": .flag(name != "sent"),
            "back": .absent,
            // In a demonstration no letter comes: it lies on a page.
            "letters": name == "sent" && site.settings.keptLetters != nil
                ? .text("/\(language)/letters") : .absent,
        ]
        return try site.answer("account/said", view, head)
    }

    /// An address of our own to which one may be led; nil for anything else.
    static func local(_ path: String?) -> String? {
        guard let path, path.utf8.count <= 1000, Language(path: path) != nil, !path.hasPrefix("//"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        return path
    }
}

extension Site {
    /// Answers a stranger's first form: writes a letter whose link confirms the address, opens an account under a name when
    /// the address has none, signs in, and leads on.
    ///
    /// - Parameters:
    ///   - email: as ``Form/email(_:)`` has read it.
    ///   - name: how a new account is called, 1 to 200 characters.
    ///   - path: where the link leads: an address of our own, with its language, at most 1,000 characters.
    /// - Returns: the redirect to the page that says that a letter is on its way; it binds the link to this browser.
    public func confirm(
        _ email: String,
        name: String,
        then path: String,
        _ request: Request,
        _ context: WebContext,
        _ databases: Databases
    ) async throws -> Answer {
        let wanted = SessionQueries.Request(
            email: email,
            name: name,
            language: context.language,
            then: SignInPages.local(path) ?? "/\(context.language)/account"
        )
        return try await SignInPages(site: self, databases).send(wanted, request, context)
    }

    /// The address under which readers know the service, for links in letters.
    ///
    /// A `Host` field proves nothing: without a configured address only one of this very machine is believed, or a
    /// stranger could have links to their own host sent.
    func origin(for request: Request) -> String {
        if let origin = settings.origin { return origin }
        let host = request.head.authority ?? ""
        let name = host.prefix { $0 != ":" }
        return name == "localhost" || name == "127.0.0.1" || host.hasPrefix("[::1]")
            ? "http://\(host)" : "http://127.0.0.1:8080"
    }
}
