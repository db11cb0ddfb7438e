public import HTTPTypes
public import Hummingbird

/// All addresses of the service: operations of the API and pages.
///
/// From the table follow routing, HEAD for every GET, OPTIONS and 405 with `Allow` for every address, and the
/// OpenAPI document of the operations.
public struct RouteTable: Sendable {
    /// Serves a page, a file or anything else that is no operation of the API.
    public typealias PageHandler = @Sendable (Request, WebContext) async throws -> Answer
    private typealias Responder = @Sendable (Request, WebContext) async throws -> Response

    /// The codes of the vocabularies that parameters and bodies speak of, by the names of these.
    public typealias Codes = @Sendable () async throws -> [String: [String]]

    /// Where the codes of the vocabularies are had; nil leaves all judging of codes to the handlers.
    public var codes: Codes?
    /// In the order of the document.
    public private(set) var operations: [Operation] = []
    private var pages: [(path: String, method: HTTPRequest.Method, handler: PageHandler)] = []
    private var raw: [(path: String, method: HTTPRequest.Method, handler: Responder)] = []

    /// An empty table.
    public init() {}

    /// Adds operations of the API.
    public mutating func add(_ operations: [Operation]) { self.operations += operations }

    /// Adds a page: `path` with parameters in braces (`/{language}/crew/{slug}`).
    public mutating func page(
        _ path: String,
        _ method: HTTPRequest.Method = .get,
        _ handler: @escaping PageHandler
    ) {
        pages.append((path, method, handler))
    }

    /// Adds an address that writes its own answer, for what is too large to be an ``Answer``: downloads, streams.
    public mutating func stream(
        _ path: String,
        _ method: HTTPRequest.Method = .get,
        _ handler: @escaping @Sendable (Request, WebContext) async throws -> Response
    ) {
        raw.append((path, method, handler))
    }

    /// The methods of each address as `Allow` lists them, by the segments of its path.
    var allowances: Allowances {
        var methods: [String: Set<HTTPRequest.Method>] = [:]
        for operation in operations { methods[operation.path, default: []].insert(operation.method) }
        for page in pages { methods[page.path, default: []].insert(page.method) }
        for route in raw { methods[route.path, default: []].insert(route.method) }
        return Allowances(methods.map { ($0.key, Self.allow($0.value)) })
    }

    private static func allow(_ methods: some Sequence<HTTPRequest.Method>) -> String {
        var allowed = Set(methods).union([.options])
        if allowed.contains(.get) { allowed.insert(.head) }
        return allowed.map(\.rawValue).sorted().joined(separator: ", ")
    }

    /// Puts every address on a router, after the router has its layers.
    public func register(on router: Router<WebContext>) {
        var paths: [String] = []
        var routes: [String: [HTTPRequest.Method: Responder]] = [:]
        func add(_ path: String, _ method: HTTPRequest.Method, _ responder: @escaping Responder) {
            if routes[path] == nil { paths.append(path) }
            routes[path, default: [:]][method] = responder
        }
        for operation in operations {
            add(operation.path, operation.method) { [codes] request, context in
                try await operation.answer(request, context, codes: codes)
                    .response(to: request, vary: "Accept, Authorization, Accept-Encoding", isPublicAPI: true)
            }
        }
        for page in pages {
            add(page.path, page.method) { request, context in
                let answer = try await page.handler(request, context)
                // A page in a language is made for whoever comes.
                let vary = answer.language == nil ? "Accept-Encoding" : "Cookie, Accept-Encoding"
                return answer.response(to: request, vary: vary)
            }
        }
        for route in raw { add(route.path, route.method, route.handler) }
        for path in paths { register(path, routes[path] ?? [:], on: router) }
    }

    private func register(
        _ path: String,
        _ methods: [HTTPRequest.Method: Responder],
        on router: Router<WebContext>
    ) {
        let allow = Self.allow(methods.keys)
        let isAPI = path.hasPrefix("/api/")
        for method in HTTPRequest.Method.known {
            if let responder = methods[method] ?? (method == .head ? methods[.get] : nil) {
                router.on(RouterPath(path), method: method, use: responder)
            } else if method == .options {
                router.on(RouterPath(path), method: method) { request, _ in
                    CrossOrigin.options(request, allow: allow, isPublicAPI: isAPI)
                }
            } else {
                router.on(RouterPath(path), method: method) { (_, _) -> Response in
                    throw Problem(.methodNotAllowed, headers: [.allow: allow])
                }
            }
        }
    }
}

extension HTTPRequest.Method {
    /// The methods of RFC 9110 and PATCH: what is none of them is answered with 501.
    static let known: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]
}
