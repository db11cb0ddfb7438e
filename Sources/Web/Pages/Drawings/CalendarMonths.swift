/// The skyline as a calendar, one row a month, days under each other.
public struct CalendarMonths: Sendable {
    /// One month.
    public struct Month: Hashable, Sendable {
        /// `jan`, and with its year where a year begins.
        public var name: String
        /// Days at the start of the month that are over and are not drawn.
        public var past: Int
        /// The rest of the month, and the days from its first to its first Saturday.
        public var period: AvailabilityStrip.Period

        /// See the properties of the same names.
        public init(name: String, past: Int, period: AvailabilityStrip.Period) {
            self.name = name
            self.past = past
            self.period = period
        }
    }

    private let months: [Month]

    /// See the properties of the same names.
    public init(_ months: [Month]) { self.months = months }

    /// - Parameter label: the same in words, for who does not see it.
    public func drawn(label: String) -> Markup {
        var html = "<div class=\"months\" role=\"img\" aria-label=\"\(Markup.escape(label))\">"
        html += "<div class=\"m\"><span></span><div class=\"days\">"
        for day in 1...31 { html += day == 1 || day.isMultiple(of: 5) ? "<i>\(day)</i>" : "<i></i>" }
        html += "</div></div>"
        for month in months {
            html += "<div class=\"m\"><span>\(Markup.escape(month.name))</span>"
            html += AvailabilityStrip.segment(month.period, past: month.past).html + "</div>"
        }
        return Markup(html: html + "</div>")
    }
}
