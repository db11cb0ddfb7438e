/// The availability strip: a skyline in which a free day stands tall.
///
/// Form first, colour second, so that it survives print, greyscale and forced colours: free days are full height, held
/// ones striped, busy ones a low bar, unknown ones dots. One `.seg` per unbroken period, one `<rect>` per run of equal
/// days; what varies is an attribute or a class, never a `style`. It is always shown beside words that say the same.
public struct AvailabilityStrip: Hashable, Sendable {
    /// What a day is to the reader. Ordered by how bad it is for who needs the day.
    public enum State: Int, CaseIterable, Hashable, Sendable, Comparable {
        case free, unknown, held, busy

        /// Better before worse.
        public static func < (one: State, other: State) -> Bool { one.rawValue < other.rawValue }

        /// `x` and `width` are added; without them the shape fills its box.
        var shape: String {
            switch self {
            case .free: #"class="k-free" height="100%""#
            case .held: #"class="k-held" height="100%""#
            case .busy: #"class="k-busy" y="72%" height="28%""#
            case .unknown: #"class="k-unknown" y="30%" height="70%""#
            }
        }
    }

    /// Days in a row that are the same.
    public struct Run: Hashable, Sendable {
        /// The same for all of them.
        public var state: State
        /// At least 1.
        public var days: Int

        /// See the properties of the same names.
        public init(_ state: State, _ days: Int) {
            self.state = state
            self.days = days
        }
    }

    /// One unbroken period.
    public struct Period: Hashable, Sendable {
        /// In order of time.
        public var runs: [Run]
        /// Days from the first of the period to its first Saturday, 0 to 6.
        public var daysToSaturday: Int

        /// See the properties of the same names.
        public init(runs: [Run], daysToSaturday: Int) {
            self.runs = runs
            self.daysToSaturday = daysToSaturday
        }

        var days: Int { runs.reduce(0) { $0 + $1.days } }
    }

    /// In order of time, none empty.
    public var periods: [Period]

    /// The most units that are drawn apart; beyond them a unit is a week, then several weeks.
    static let mostUnits = 62

    /// See the properties of the same names.
    public init(periods: [Period]) { self.periods = periods.filter { $0.days > 0 } }

    /// How many days a unit of the drawing stands for: 1 up to 62 days, then a multiple of 7.
    public var daysPerUnit: Int {
        var unit = 1
        while periods.reduce(0, { $0 + ($1.days + unit - 1) / unit }) > max(Self.mostUnits, periods.count) {
            unit = unit == 1 ? 7 : unit + 7
        }
        return unit
    }

    /// - Parameter label: the same in words, for who does not see it.
    public func drawn(label: String) -> Markup {
        let unit = daysPerUnit
        let segments = periods.map { Self.segment($0, unit: unit) }
        return "<div class=\"sky\" role=\"img\" aria-label=\"\(label)\">\(Markup.joined(segments))</div>"
    }

    /// One period alone, for a row of a calendar; `past` days before it take their room and are not drawn.
    static func segment(_ period: Period, unit: Int = 1, past: Int = 0) -> Markup {
        let runs = unit == 1 ? merged(period.runs) : coarse(period.runs, unit: unit)
        let total = past + runs.reduce(0) { $0 + $1.days }
        let days = min(total, mostUnits)
        var html = "<span class=\"seg d-\(days)"
        html += unit == 1 ? " a-\(period.daysToSaturday)\">" : " weeks\">"
        html += "<svg aria-hidden=\"true\">"
        var start = past
        for run in runs {
            html += "<rect \(run.state.shape)"
            html += " x=\"\(percent(start, of: total))%\" width=\"\(percent(run.days, of: total))%\"/>"
            start += run.days
        }
        return Markup(html: html + "</svg></span>")
    }

    /// Neighbours of the same state become one run, so that patterns are not cut.
    private static func merged(_ runs: [Run]) -> [Run] {
        var merged: [Run] = []
        for run in runs where run.days > 0 {
            if let last = merged.last, last.state == run.state {
                merged[merged.count - 1].days += run.days
            } else {
                merged.append(run)
            }
        }
        return merged
    }

    /// The runs in units of several days; the worst day of a unit shows.
    private static func coarse(_ runs: [Run], unit: Int) -> [Run] {
        let days = runs.flatMap { Array(repeating: $0.state, count: $0.days) }
        let units = stride(from: 0, to: days.count, by: unit).map { start in
            Run(days[start..<min(start + unit, days.count)].max() ?? .unknown, 1)
        }
        return merged(units)
    }

    /// At most two decimals, without trailing zeros: `41.67`, `75`.
    static func percent(_ part: Int, of whole: Int) -> String {
        let hundredths = (part * 20_000 / max(whole, 1) + 1) / 2
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return String(whole) }
        return rest.isMultiple(of: 10) ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// What the shapes of a strip mean, in words given by the page.
public struct AvailabilityLegend: Sendable {
    private let words: [(AvailabilityStrip.State, String)]
    private let weekend: String

    /// - Parameter weekend: names the line under Saturdays and Sundays.
    public init(free: String, held: String, busy: String, unknown: String, weekend: String) {
        words = [(.free, free), (.held, held), (.busy, busy), (.unknown, unknown)]
        self.weekend = weekend
    }

    /// A list of the shapes with their words.
    public func drawn() -> Markup {
        var html = "<ul class=\"legend\" role=\"list\">"
        for (state, word) in words {
            html +=
                "<li><svg aria-hidden=\"true\"><rect \(state.shape) width=\"100%\"/></svg>\(Markup.escape(word))</li>"
        }
        html +=
            "<li><svg class=\"wk\" aria-hidden=\"true\"><rect class=\"k-busy\" width=\"100%\" height=\"100%\"/></svg>"
        return Markup(html: html + Markup.escape(weekend) + "</li></ul>")
    }
}
