public import Metrics
internal import NIOConcurrencyHelpers

/// The metrics of this process in the memory of this process, readable as
/// [Prometheus text](https://prometheus.io/docs/instrumenting/exposition_formats/): a backend of swift-metrics.
///
/// ```swift
/// let metrics = Prometheus()
/// MetricsSystem.bootstrap(metrics)
/// ```
/// Names keep letters, digits and `_`. Counters end in `_total`; timers are histograms in seconds and end in
/// `_seconds`. A family holds at most ``seriesLimit`` sets of labels; what comes after is counted under the label
/// value `other`, so that no client can fill the memory.
public final class Prometheus: MetricsFactory {
    private struct Family {
        var kind: Kind
        var series: [[Label]: any Series] = [:]
    }

    enum Kind: String {
        case counter, gauge, histogram
    }

    struct Label: Hashable {
        var name: String
        var value: String
    }

    /// Upper bounds of the histogram of durations, in seconds.
    static let durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Upper bounds of the histogram of anything else.
    static let amountBuckets = [1.0, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 10_000, 100_000, 1_000_000]

    /// Sets of labels in one family.
    public let seriesLimit: Int
    private let families = NIOLockedValueBox<[String: Family]>([:])

    /// An empty registry.
    public init(seriesLimit: Int = 500) { self.seriesLimit = seriesLimit }

    // MARK: Making

    func counter(_ name: String, _ labels: [(String, String)] = []) -> Amount {
        series(name.hasSuffix("_total") ? name : name + "_total", .counter, labels) { Amount() }
    }

    func gauge(_ name: String, _ labels: [(String, String)] = []) -> Amount {
        series(name, .gauge, labels) { Amount() }
    }

    func histogram(_ name: String, _ labels: [(String, String)] = [], bounds: [Double]) -> Histogram {
        series(name, .histogram, labels) { Histogram(bounds: bounds) }
    }

    private func series<S: Series>(
        _ name: String,
        _ kind: Kind,
        _ labels: [(String, String)],
        make: () -> S
    ) -> S {
        let name = Self.sanitized(name)
        var labels = labels.map { Label(name: Self.sanitized($0.0), value: $0.1) }.sorted {
            $0.name < $1.name
        }
        return families.withLockedValue { families in
            var family = families[name] ?? Family(kind: kind)
            if family.series[labels] == nil, family.series.count >= seriesLimit {
                labels = labels.map { Label(name: $0.name, value: "other") }
            }
            // A name that is already used for another kind gets a series that nobody reads.
            if let known = family.series[labels] { return known as? S ?? make() }
            let new = make()
            family.series[labels] = new
            families[name] = family
            return new
        }
    }

    /// `postgres.pool-wait` becomes `postgres_pool_wait`.
    static func sanitized(_ name: String) -> String {
        var text = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    let isPlain =
                        scalar.isASCII
                        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                    return isPlain || scalar == "_" ? scalar : "_"
                }
            )
        )
        if text.first?.isNumber ?? true { text = "_" + text }
        return text
    }

    // MARK: Reading

    /// Everything as text, families and series in the order of their names.
    public var text: String {
        let families = families.withLockedValue { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            let ordered = family.series.map { (labels: Self.text(of: $0.key), series: $0.value) }
            for (labels, series) in ordered.sorted(by: { $0.labels < $1.labels }) {
                series.write(name: name, labels: labels, to: &text)
            }
        }
        return text
    }

    private static func text(of labels: [Label]) -> String {
        labels.map { label in
            let value = label.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
                "\n",
                with: "\\n"
            )
            return "\(label.name)=\"\(value)\""
        }.joined(separator: ",")
    }
}

extension Prometheus {
    /// A counter of swift-metrics.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    /// A gauge of swift-metrics.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    /// A histogram, or a gauge when nothing is to be aggregated.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool)
        -> any RecorderHandler
    {
        aggregate ? histogram(label, dimensions, bounds: Self.amountBuckets) : gauge(label, dimensions)
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = label.hasSuffix("_seconds") ? label : label + "_seconds"
        return histogram(name, dimensions, bounds: Self.durationBuckets)
    }

    /// Series live as long as the process.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Series live as long as the process.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Series live as long as the process.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Series live as long as the process.
    public func destroyTimer(_ handler: any TimerHandler) {}
}
