internal import NIOConcurrencyHelpers
internal import NIOCore

/// What is kept of each request: one line in the access log and one entry in the metrics. Nothing of it is personal:
/// the route's template instead of the address, no query, no client.
final class RequestRecorder: RequestObserver {
    private struct Key: Hashable {
        var route: String
        var method: String
        var status: Int
    }

    private let metrics: Prometheus
    private let log: LogSink?
    private let connections: Amount
    private let durations = NIOLockedValueBox<[Key: Histogram]>([:])

    /// - Parameter log: nil writes no access log.
    init(metrics: Prometheus, log: LogSink?) {
        self.metrics = metrics
        self.log = log
        connections = metrics.gauge("http_connections")
    }

    func connectionOpened() { connections.increment(by: 1.0) }
    func connectionClosed() { connections.decrement(by: 1.0) }

    func refused(_ refusal: Refusal) {
        metrics.counter("http_refused_requests", [("code", refusal.problem.code.code)]).increment(
            by: Int64(1)
        )
        log?.write([
            "time": .string(Timestamp.now.rfc3339),
            "level": "info",
            "logger": "access",
            "message": "refused",
            "request": .string(refusal.request.description),
            "status": .integer(Int64(refusal.problem.code.status)),
            "code": .string(refusal.problem.code.code),
        ])
    }

    /// An answer that has been made.
    func answered(
        method: String,
        route: String,
        status: Int,
        bytes: Int,
        duration: Duration,
        request: RequestID,
        trace: TraceParent?
    ) {
        let (seconds, attoseconds) = duration.components
        let microseconds = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
        histogram(Key(route: route, method: method, status: status)).record(Double(microseconds) / 1e6)
        guard let log else { return }
        // One such line is written for each request, so it is text from the start. Nothing in it needs escaping: the
        // route is a template of ours, everything else digits, words and identifiers.
        var line = ByteBuffer()
        line.reserveCapacity(320)
        line.writeStaticString(#"{"time":""#)
        Timestamp.now.write(to: &line)
        line.writeStaticString(#"","level":"info","logger":"access","message":"request","request":""#)
        line.writeString(request.description)
        line.writeStaticString(#"","method":""#)
        line.writeString(method)
        line.writeStaticString(#"","route":""#)
        line.writeString(route)
        line.writeStaticString(#"","status":"#)
        line.writeDecimal(status)
        line.writeStaticString(#","bytes":"#)
        line.writeDecimal(bytes)
        line.writeStaticString(#","milliseconds":"#)
        line.writeDecimal(microseconds / 1000)
        line.writeStaticString(".")
        line.writeDecimal(microseconds % 1000, digits: 3)
        if let trace {
            line.writeStaticString(#","traceparent":""#)
            line.writeString(trace.description)
            line.writeStaticString("\"")
        }
        line.writeStaticString("}")
        log.queue(line)
    }

    /// Waits, for a moment, until the log has what it was given.
    func drain() async { await log?.drain() }

    /// Routes, methods and statuses are bounded by the route table, so this cache is.
    private func histogram(_ key: Key) -> Histogram {
        durations.withLockedValue { durations in
            if let known = durations[key] { return known }
            let new = metrics.histogram(
                "http_request_duration_seconds",
                [("route", key.route), ("method", key.method), ("status", String(key.status))],
                bounds: Prometheus.durationBuckets
            )
            durations[key] = new
            return new
        }
    }
}
