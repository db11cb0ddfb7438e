public import HTTPTypes
public import Hummingbird
public import Web

extension RouteTable {
    /// Serves a page to somebody who is signed in.
    public typealias MemberHandler = @Sendable (Request, WebContext, SignedIn) async throws -> Answer

    /// Adds a page for those who are signed in: a stranger is led to sign in first and comes back afterwards.
    ///
    /// - Parameter path: begins with a language, `/sv/account`.
    public mutating func member(
        _ path: String,
        _ method: HTTPRequest.Method = .get,
        _ handler: @escaping MemberHandler
    ) {
        page(path, method) { request, context in
            guard let member = context.visit.member else {
                var query = PageQuery()
                if request.method == .get || request.method == .head { query.add("then", request.uri.string) }
                return .redirect(to: query.address("/\(context.language)/sign-in"))
            }
            return try await handler(request, context, member)
        }
    }
}

extension HTTPField.Name {
    /// Where a request comes from, as the browser says (Fetch Metadata).
    static let secFetchSite: HTTPField.Name = {
        guard let name = HTTPField.Name("Sec-Fetch-Site") else { preconditionFailure("a field name") }
        return name
    }()
}
