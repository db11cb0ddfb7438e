/// Where the service listens, whom it answers for, and every limit on what a client may ask of it.
///
/// The defaults suit a small machine behind a proxy or none. All sizes are in bytes.
public struct ServerConfiguration: Sendable {
    /// Address of the public listener; loopback unless told otherwise.
    public var host = "127.0.0.1"
    /// Port of the public listener; 0 lets the system choose.
    public var port = 8080
    /// Address of the listener for metrics and health.
    public var adminHost = "127.0.0.1"
    /// Port of the listener for metrics and health; nil leaves it out, 0 lets the system choose.
    public var adminPort: Int? = 9090
    /// The address under which readers know the service (`https://klappa.example`); `https` switches on HSTS.
    public var publicURL: String?
    /// Names that a `Host` field may carry besides loopback and the public one, in lower case without port; `*`
    /// accepts every name.
    public var hosts: Set<String> = []
    /// Origins from which pages may load pictures besides their own: map tiles.
    public var imageSources: [String] = []
    /// See ``ServerLimits``.
    public var limits = ServerLimits()

    /// Loopback on the usual ports.
    public init() {}

    /// Whether readers come by https.
    var isSecure: Bool { publicURL?.hasPrefix("https://") ?? false }

    /// Every name that a `Host` field may carry.
    var acceptedHosts: Set<String> {
        var names = hosts.union(["localhost", "127.0.0.1", "[::1]", host.lowercased()])
        if let publicURL, let scheme = publicURL.firstIndex(of: ":"), publicURL[scheme...].hasPrefix("://") {
            let authority = publicURL[scheme...].dropFirst(3).prefix { $0 != "/" }
            names.insert(HostField(String(authority))?.name ?? String(authority))
        }
        return names
    }
}

/// Limits on what a client may send and how long it may take. A value that is too small hurts honest clients on
/// slow lines; one that is too large lets a few dishonest ones hold the service.
public struct ServerLimits: Sendable {
    /// Longest request target; longer is 414.
    public var target = 8 << 10
    /// All header fields together; more is 431.
    public var headerBytes = 32 << 10
    /// Number of header fields; more is 431.
    public var headerCount = 100
    /// Longest body of any request; a longer one, declared or sent, is 413. Operations set lower limits.
    public var body = 1 << 20
    /// From the first byte of a request, or from connecting, to the end of its header.
    public var headerDeadline = Duration.seconds(10)
    /// From the end of the header to the end of the body, however steadily it drips.
    public var bodyDeadline = Duration.seconds(30)
    /// Between an answer and the next request.
    public var idleDeadline = Duration.seconds(60)
    /// For the client to take one part of an answer (a whole one, unless it is streamed).
    public var writeDeadline = Duration.seconds(30)
    /// For a handler whose client has closed its side to go on before it is cancelled.
    public var abandonment = Duration.seconds(1)
    /// How long a refused client may go on sending before the connection is cut.
    public var linger = Duration.seconds(2)
    /// Connections at a time; more wait in the queue of the kernel.
    public var connections = 1024
    /// Requests being answered at a time; more get 503 at once.
    public var requests = 256
    /// From the signal to stop until requests that are still running are cut.
    public var shutdownDeadline = Duration.seconds(25)

    /// The defaults.
    public init() {}
}
