internal import CoreMetrics
internal import Glibc

/// Makes connections: tries every server of a configuration, every address of each, one after the other.
///
/// Each attempt has a deadline of its own. Names are looked up on a thread that may block.
final class Connector: Sendable {
    let configuration: PostgresConfiguration
    let counters: Counters.Client

    init(_ configuration: PostgresConfiguration, counters: Counters.Client) {
        self.configuration = configuration
        self.counters = counters
    }

    /// Opens a session.
    /// - Parameter statementTimeout: the session's own `statement_timeout`, for lanes.
    /// - Throws: kind `connect`, listing every attempt; `retry` is `.never` when a wrong password, a missing database
    ///   or the like was met, and nothing better elsewhere.
    func open(isShared: Bool, statementTimeout: Duration? = nil) async throws(PostgresError) -> Session {
        var failures: [(place: String, error: PostgresError)] = []
        let wanted =
            configuration.options["target_session_attrs"]
            ?? getenv("PGTARGETSESSIONATTRS").map {
                String(cString: $0)
            }
        // "prefer-standby" is two rounds: first standbys only, then anyone.
        let rounds: [String?] = wanted == "prefer-standby" ? ["standby", "any"] : [wanted]
        for attributes in rounds {
            for target in try configuration.targets() {
                let addresses: [PostgresConfiguration.Target]
                do throws(PostgresError) {
                    addresses = try await Lookup.addresses(of: target, limit: configuration.deadlines.connect)
                } catch {
                    if error.kind == .cancelled { throw error }
                    failures.append((Self.place(target), error))
                    continue
                }
                for address in addresses {
                    do throws(PostgresError) {
                        let session = try await attempt(address, attributes, isShared, statementTimeout)
                        counters.connects.increment()
                        return session
                    } catch {
                        if error.kind == .cancelled { throw error }
                        failures.append((Self.place(address), error))
                    }
                }
            }
        }
        counters.connectFailures.increment()
        throw Self.summary(failures)
    }

    private func attempt(
        _ target: PostgresConfiguration.Target,
        _ attributes: String?,
        _ isShared: Bool,
        _ statementTimeout: Duration?
    ) async throws(PostgresError) -> Session {
        let deadline = Deadline(after: configuration.deadlines.connect)
        let session = Session(
            parameters: configuration.parameters(for: target, sessionAttributes: attributes),
            isShared: isShared,
            statementCapacity: configuration.transactionPooling ? 0 : configuration.limits.preparedStatements
        )
        try await session.connect(until: deadline)
        var settings = configuration.sessionSettings
        if let statementTimeout { settings["statement_timeout"] = Self.milliseconds(statementTimeout) }
        if settings.isEmpty || configuration.transactionPooling { return session }
        let names = settings.sorted { $0.key < $1.key }.map { name, value -> SQL in
            "set_config(\(name), \(value), false)"
        }
        var sql: SQL = "SELECT "
        sql.append(SQL.joined(names, separator: ", "))
        let segment = Segment(
            sql,
            timeout: configuration.deadlines.connect,
            deadline: deadline,
            mayRepeat: false
        )
        session.submit(segment)
        do throws(PostgresError) {
            _ = try await segment.ticket.value()
        } catch {
            await session.close(reason: "its settings were refused")
            throw PostgresError(.connect, error.message, retry: error.retry, sqlState: error.sqlState)
        }
        return session
    }

    /// `statement_timeout` takes whole milliseconds, at least 1: 0 would mean none.
    static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let value =
            seconds.multipliedReportingOverflow(by: 1000).partialValue + attoseconds / 1_000_000_000_000_000
        return String(min(max(value, 1), Int64(Int32.max)))
    }

    private static func place(_ target: PostgresConfiguration.Target) -> String {
        let host = target.host ?? target.hostaddr ?? "default host"
        let address = target.hostaddr.map { $0 == host ? "" : " (\($0))" } ?? ""
        return host + address + (target.port.map { " port \($0)" } ?? "")
    }

    static func summary(_ failures: [(place: String, error: PostgresError)]) -> PostgresError {
        let text = failures.map { "\($0.place): \($0.error.message)" }.joined(separator: "; ")
        // A permanent mistake is the news, unless some server might only be busy or down for the moment.
        let errors = failures.map(\.error)
        let permanent = errors.first { $0.sqlState.map(ErrorRules.isPermanent) == true }
        let hopeful = errors.contains {
            $0.sqlState == .cannotConnectNow || $0.sqlState == .tooManyConnections
        }
        return PostgresError(
            .connect,
            "no connection: \(text)",
            retry: permanent != nil && !hopeful ? .never : .connection,
            sqlState: permanent?.sqlState ?? errors.first { $0.sqlState != nil }?.sqlState
        )
    }
}

/// Looks names up without blocking: libpq would block in `PQconnectPoll`.
enum Lookup {
    /// The target once for each of its addresses, in the resolver's order; as it is when it needs no lookup.
    static func addresses(
        of target: PostgresConfiguration.Target,
        limit: Duration
    ) async throws(PostgresError) -> [PostgresConfiguration.Target] {
        guard target.needsLookup, let host = target.host else { return [target] }
        let ticket = Ticket<[String]>()
        BlockingThread.start(name: "pg-lookup") { ticket.settle(resolve(host)) }
        // The thread cannot be stopped; after the limit its answer is dropped.
        let timer = LookupTimer(ticket, at: Deadline(after: limit))
        Reactor.shared.wake(timer)
        return try await ticket.value().map { address in
            var result = target
            result.hostaddr = address
            return result
        }
    }

    private static func resolve(_ host: String) -> Result<[String], PostgresError> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            return .failure(PostgresError(.connect, String(cString: gai_strerror(code)), retry: .connection))
        }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, UInt32(text.count), nil, 0, NI_NUMERICHOST)
                == 0
            {
                let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                let address = String(decoding: bytes, as: UTF8.self)
                if !addresses.contains(address) { addresses.append(address) }
            }
            next = entry.ai_next
        }
        return .success(addresses)
    }
}

/// Ends a lookup that takes too long.
private final class LookupTimer: Wakeable {
    private let ticket: Ticket<[String]>
    private let deadline: Deadline

    init(_ ticket: Ticket<[String]>, at deadline: Deadline) {
        self.ticket = ticket
        self.deadline = deadline
    }

    func woken() {
        let ticket = ticket
        _ = Reactor.shared.schedule(at: deadline) {
            ticket.fail(PostgresError(.timeout, "the name was not looked up in time", retry: .connection))
        }
    }
}
