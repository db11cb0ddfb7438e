internal import HTTPTypes
public import Hummingbird
internal import Postgres
internal import Synchronization
public import Web

/// Finds out who asks: from the bearer key of a request to the API, from the session's cookie of a request to a page.
///
/// No key: anyone. A key that is unknown, expired or revoked: 401, never less than what was claimed. What cannot be
/// a key at all is refused without asking the database. Keys are read from `Authorization` only; the API knows no
/// parameter for them and no cookie, and pages know no keys. A session that has ended is taken from the browser, which
/// goes on as a stranger's.
public struct Authentication: RouterMiddleware {
    /// The layer's context.
    public typealias Context = WebContext
    /// Who bears a key, nil for nobody.
    public typealias Lookup = @Sendable (BearerKey) async throws -> KeyHolder?

    /// What the layer asks about the sessions of pages.
    struct Sessions: Sendable {
        /// Who is signed in with a cookie, and whether its use is to be noted.
        var holder: @Sendable (Secret) async throws -> (SignedIn, isDue: Bool)?
        /// Notes the use; whether the cookie was exchanged for the second.
        var use: @Sendable (Secret, Secret) async throws -> Bool
        /// How cookies are set.
        var cookies = CookieRules(isSecure: false)
    }

    private let holder: Lookup
    private let uses: KeyUses?
    private let sessions: Sessions?

    /// - Parameters:
    ///   - holder: looks a key up; asked for every request, so that a revoked key ends at once.
    ///   - uses: notes when keys are used; nil notes nothing.
    ///   - sessions: of pages; without them everybody is a stranger there.
    init(uses: KeyUses? = nil, sessions: Sessions? = nil, holder: @escaping Lookup) {
        self.holder = holder
        self.uses = uses
        self.sessions = sessions
    }

    /// Reads the keys and sessions of the registry.
    ///
    /// - Parameter isSecure: whether readers come by https.
    public init(_ databases: Databases, isSecure: Bool = false) {
        let sessions = Sessions(
            holder: { try await SessionQueries.holder(of: $0, databases.open) },
            use: { try await SessionQueries.use($0, next: $1, databases.member) },
            cookies: CookieRules(isSecure: isSecure)
        )
        self.init(
            uses: KeyUses { try await KeyQueries.noteUse(of: $0, databases.member) },
            sessions: sessions
        ) { key in
            try await KeyQueries.holder(of: key, databases.open)
        }
    }

    /// Puts the reader into the context, or refuses.
    public func handle(
        _ request: Request,
        context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let path = context.path
        if path.hasPrefix("/api/") { return try await handleKey(request, context, next) }
        guard let sessions, !Self.impersonal.contains(where: { path.hasPrefix($0) }) else {
            return try await next(request, context)
        }
        return try await handleVisit(request, context, sessions, next)
    }

    /// What is the same for everybody.
    private static let impersonal = ["/assets/", "/health/", "/openapi.json", "/robots.txt", "/ogc/"]

    private func handleKey(
        _ request: Request,
        _ context: WebContext,
        _ next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard let field = request.headers[.authorization] else { return try await next(request, context) }
        guard let key = Self.key(in: field), let holder = try await holder(key) else {
            throw Problem(
                .unauthorized,
                headers: [.wwwAuthenticate: "Bearer realm=\"klappa\", error=\"invalid_token\""]
            )
        }
        await uses?.note(holder.key)
        var context = context
        context.identity = Reader.member(account: holder.account, grants: holder.grants)
        return try await next(request, context)
    }

    private func handleVisit(
        _ request: Request,
        _ context: WebContext,
        _ sessions: Sessions,
        _ next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let cookies = Cookies(request.headers)
        let rules = sessions.cookies
        let sent = cookies[rules.name(Visit.CookieWord.session)]
        let session = sent.flatMap { Secret($0) }
        var fields: [HTTPField] = []
        var member: SignedIn?
        if let session, let (holder, isDue) = try await sessions.holder(session) {
            member = holder
            let following = Secret.random()
            // A use that cannot be noted must not cost the page.
            if isDue, (try? await sessions.use(session, following)) == true {
                fields.append(rules.field(Visit.CookieWord.session, following.text, maxAge: 30 * 86_400))
            }
        } else if sent != nil {
            fields.append(rules.field(Visit.CookieWord.session, "", maxAge: 0))
        }
        let visit = Visit(
            member,
            secret: cookies[rules.name(Visit.CookieWord.form)].flatMap { Secret($0) },
            notice: cookies[rules.name(Visit.CookieWord.notice)].flatMap { Notice(cookie: $0) },
            cookies: rules
        )
        var context = context
        context.identity = visit
        var response = try await Visit.$current.withValue(visit) { [context] in
            try await next(request, context)
        }
        // What the page itself says of a cookie (a sign-out, a new session) is the last word.
        let names = response.headers[values: .setCookie].map { $0.prefix { $0 != "=" } }
        for field in fields where !names.contains(where: { field.value.hasPrefix("\($0)=") }) {
            response.headers.append(field)
        }
        return response
    }

    /// The key in `Bearer <key>` (RFC 6750 section 2.1); nil for another scheme or what is no key.
    static func key(in field: String) -> BearerKey? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return BearerKey(String(parts[1]))
    }
}
