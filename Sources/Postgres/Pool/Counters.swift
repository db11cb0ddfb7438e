internal import CoreMetrics

/// What the client counts, through swift-metrics. Labels are few and fixed.
enum Counters {
    /// Gauges of one lending pool.
    struct PoolGauges: Sendable {
        let idle: Gauge
        let busy: Gauge
        let waiting: Gauge

        init(pool: String) {
            let labels = [("pool", pool)]
            idle = Gauge(label: "postgres_pool_idle", dimensions: labels)
            busy = Gauge(label: "postgres_pool_busy", dimensions: labels)
            waiting = Gauge(label: "postgres_pool_waiting", dimensions: labels)
        }
    }

    /// Counters of one client.
    struct Client: Sendable {
        let connects: Counter
        let connectFailures: Counter
        let queries: Counter
        let queryFailures: Counter
        let refusals: Counter
        let name: String

        init(name: String) {
            self.name = name
            let labels = [("pool", name)]
            connects = Counter(label: "postgres_connects_total", dimensions: labels)
            connectFailures = Counter(label: "postgres_connect_failures_total", dimensions: labels)
            queries = Counter(label: "postgres_queries_total", dimensions: labels)
            queryFailures = Counter(label: "postgres_query_failures_total", dimensions: labels)
            refusals = Counter(label: "postgres_refusals_total", dimensions: labels)
        }

        /// The reason is an SQLSTATE, a kind of error or one of a few fixed words.
        func retired(_ reason: String) {
            Counter(label: "postgres_retired_total", dimensions: [("pool", name), ("reason", reason)])
                .increment()
        }
    }

    static func cancelRequested() {
        Counter(label: "postgres_cancels_total", dimensions: [("outcome", "requested")]).increment()
    }

    static func cancelDelivered(_ delivered: Bool) {
        Counter(
            label: "postgres_cancels_total",
            dimensions: [("outcome", delivered ? "delivered" : "failed")]
        )
        .increment()
    }
}
