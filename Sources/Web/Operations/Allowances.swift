/// Which methods an address has, for those who ask with one that the router cannot even name.
struct Allowances: Sendable {
    private let routes: [(segments: [Substring], allow: String)]

    init(_ routes: [(path: String, allow: String)]) {
        // Words before parameters: the more special address decides.
        self.routes = routes.map { ($0.path.split(separator: "/"), $0.allow) }.sorted { one, other in
            one.segments.count { $0.hasPrefix("{") } < other.segments.count { $0.hasPrefix("{") }
        }
    }

    /// The `Allow` field of the address in a request target; nil when there is no such address.
    func allow(for target: some StringProtocol) -> String? {
        let segments = target.prefix { $0 != "?" }.split(separator: "/")
        return routes.first { route in
            route.segments.count == segments.count
                && zip(route.segments, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }?.allow
    }
}
