internal import HTTPTypes
public import Hummingbird
internal import Postgres
internal import Synchronization
public import Web

/// Finds out who asks, from the bearer key of a request to the API.
///
/// No key: anyone. A key that is unknown, expired or revoked: 401, never less than what was claimed. What cannot be
/// a key at all is refused without asking the database. Keys are read from `Authorization` only; the API knows no
/// parameter for them, and pages know no keys.
public struct Authentication: RouterMiddleware {
    /// The layer's context.
    public typealias Context = WebContext
    /// Who bears a key, nil for nobody.
    public typealias Lookup = @Sendable (BearerKey) async throws -> KeyHolder?

    private let holder: Lookup
    private let uses: KeyUses?

    /// - Parameters:
    ///   - holder: looks a key up; asked for every request, so that a revoked key ends at once.
    ///   - uses: notes when keys are used; nil notes nothing.
    public init(uses: KeyUses? = nil, holder: @escaping Lookup) {
        self.holder = holder
        self.uses = uses
    }

    /// Reads the keys of the registry.
    public init(_ databases: Databases) {
        self.init(uses: KeyUses { try await KeyQueries.noteUse(of: $0, databases.member) }) { key in
            try await KeyQueries.holder(of: key, databases.open)
        }
    }

    /// Puts the reader into the context, or refuses.
    public func handle(
        _ request: Request,
        context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path.hasPrefix("/api/"), let field = request.headers[.authorization] else {
            return try await next(request, context)
        }
        guard let key = Self.key(in: field), let holder = try await holder(key) else {
            throw Problem(
                .unauthorized,
                headers: [.wwwAuthenticate: "Bearer realm=\"klappa\", error=\"invalid_token\""]
            )
        }
        await uses?.note(holder.key)
        var context = context
        context.identity = Reader.member(account: holder.account, rights: [holder.right])
        return try await next(request, context)
    }

    /// The key in `Bearer <key>` (RFC 6750 section 2.1); nil for another scheme or what is no key.
    static func key(in field: String) -> BearerKey? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return BearerKey(String(parts[1]))
    }
}
