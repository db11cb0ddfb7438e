internal import Postgres
internal import Web

extension CrewPersonPage {
    /// What the template prints of the calendar.
    var calendarView: View {
        CalendarView(calendar: calendar, text: text, today: today, asked: asked).view
    }
}

/// The days of a person or location as the page shows them: a skyline of months, and the same as a list.
struct CalendarView {
    let calendar: CrewCalendar
    let text: CrewWords
    let today: Day
    /// The days that the reader asks about; empty when none.
    var asked: DayMultirange = .empty

    /// Days in a row that are the same.
    struct Span: Equatable {
        var state: CrewCalendar.DayState
        var first: Day
        var last: Day
    }

    /// What the template prints.
    var view: View {
        let spans = spans
        guard calendar.days != nil, let last = spans.last?.last else {
            return [
                "hasCalendar": false, "known": .absent, "legend": .absent, "calendar": .absent,
                "spans": .list([]),
                "calendarNote": .text(text.words("crew.calendar.hidden")),
            ]
        }
        let known = spans.last { $0.state != .unknown }?.last
        let notFree = spans.filter { $0.state != .free }
        let label = (notFree.map(sentence) + [text.words("crew.calendar.free")]).joined(separator: " ")
        return [
            "hasCalendar": true,
            "known": .text(
                known.map { text.words("crew.calendar.known", ["day": text.words.day($0)]) }
                    ?? text.words("crew.calendar.unknown")
            ),
            "legend": .markup(text.legend()),
            "calendar": .markup(CalendarMonths(months(spans, until: last)).drawn(label: label)),
            "calendarNote": .absent,
            "spans": .list(
                notFree.map { span in
                    let isOpen = span.state == .unknown && span.last == last
                    return [
                        "days": .text(isOpen ? from(span.first) : text.words.days(span.first, span.last)),
                        "state": .text(span.state.rawValue),
                        "word": .text(text.words("crew.day.\(span.state.rawValue)")),
                        "length": .text(
                            isOpen ? "" : text.words.count("crew.dayCount", span.last - span.first + 1)
                        ),
                    ]
                }
            ),
        ]
    }

    /// From today to the end of the month after the last day of which something is known: at least three months, at
    /// most a year, and as far as the days asked about.
    var spans: [Span] {
        guard calendar.days != nil else { return [] }
        var known: Day?
        if let until = calendar.span.lastDay {
            var day = until
            while day >= today, calendar.state(of: day) == .unknown { day = day - 1 }
            if day >= today { known = day }
        }
        let wanted = max(known ?? today, asked.ranges.last?.lastDay ?? today)
        let end = min(
            max(endOfMonth(wanted, later: 1), endOfMonth(today, later: 2)),
            endOfMonth(today, later: 11)
        )
        var spans: [Span] = []
        for day in today...end {
            let state = calendar.state(of: day) ?? .unknown
            if let last = spans.last, last.state == state {
                spans[spans.count - 1].last = day
            } else {
                spans.append(Span(state: state, first: day, last: day))
            }
        }
        return spans
    }

    private func months(_ spans: [Span], until last: Day) -> [CalendarMonths.Month] {
        var months: [CalendarMonths.Month] = []
        var first = today
        while first <= last {
            let end = endOfMonth(first, later: 0)
            let (year, month, dayOfMonth) = first.components
            let runs = spans.compactMap { span -> AvailabilityStrip.Run? in
                let from = max(span.first, first)
                let to = min(span.last, end)
                return from <= to ? AvailabilityStrip.Run(Self.drawn(span.state), to - from + 1) : nil
            }
            let name = MonthNames.short(month, text.language)
            let startOfMonth = first - (dayOfMonth - 1)
            months.append(
                .init(
                    name: months.isEmpty || month == 1 ? "\(name) \(year)" : name,
                    past: dayOfMonth - 1,
                    period: .init(runs: runs, daysToSaturday: CrewWords.daysToSaturday(startOfMonth))
                )
            )
            first = end + 1
        }
        return months
    }

    private func sentence(_ span: Span) -> String {
        let days = span.state == .unknown ? from(span.first) : text.words.days(span.first, span.last)
        return "\(text.words("crew.day.\(span.state.rawValue)")): \(days)."
    }

    private func from(_ day: Day) -> String { text.words("crew.calendar.from", ["day": text.words.day(day)]) }

    private func endOfMonth(_ day: Day, later months: Int) -> Day {
        let (year, month, _) = day.components
        let index = year * 12 + month - 1 + months
        let length = Day.length(year: index / 12, month: index % 12 + 1)
        return Day(year: index / 12, month: index % 12 + 1, day: length) ?? day
    }

    private static func drawn(_ state: CrewCalendar.DayState) -> AvailabilityStrip.State {
        switch state {
        case .free: .free
        case .held: .held
        case .busy: .busy
        case .unknown: .unknown
        }
    }
}
