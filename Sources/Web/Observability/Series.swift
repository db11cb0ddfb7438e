internal import Metrics
internal import NIOConcurrencyHelpers

/// One set of labels of a family.
protocol Series: Sendable {
    /// Appends its lines; `labels` are already text, without braces.
    func write(name: String, labels: String, to text: inout String)
}

/// A number that goes up (counter) or anywhere (gauge).
final class Amount: Series, CounterHandler, MeterHandler, RecorderHandler {
    private let value = NIOLockedValueBox<Double>(0)

    /// The number now.
    var now: Double { value.withLockedValue { $0 } }

    func increment(by amount: Int64) { value.withLockedValue { $0 += Double(amount) } }
    func reset() { value.withLockedValue { $0 = 0 } }
    func set(_ new: Int64) { value.withLockedValue { $0 = Double(new) } }
    func set(_ new: Double) { value.withLockedValue { $0 = new } }
    func increment(by amount: Double) { value.withLockedValue { $0 += amount } }
    func decrement(by amount: Double) { value.withLockedValue { $0 -= amount } }
    func record(_ new: Int64) { set(new) }
    func record(_ new: Double) { set(new) }

    func write(name: String, labels: String, to text: inout String) {
        text += labels.isEmpty ? "\(name) \(now)\n" : "\(name){\(labels)} \(now)\n"
    }
}

/// A cumulative histogram with fixed bounds.
final class Histogram: Series, TimerHandler, RecorderHandler {
    private struct State {
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: NIOLockedValueBox<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = NIOLockedValueBox(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLockedValue { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func write(name: String, labels: String, to text: inout String) {
        let (counts, sum) = state.withLockedValue { ($0.counts, $0.sum) }
        let prefix = labels.isEmpty ? "" : labels + ","
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        var total = 0
        for (position, count) in counts.enumerated() {
            total += count
            let bound = position < bounds.count ? "\(bounds[position])" : "+Inf"
            text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)\n"
        }
        text += "\(name)_sum\(braces) \(sum)\n\(name)_count\(braces) \(total)\n"
    }
}
