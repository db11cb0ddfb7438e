internal import Postgres

extension CrewAvailability {
    /// The needed days held against a calendar, as a search would say it.
    init(of needed: DayMultirange, in calendar: CrewCalendar) {
        var counts: [CrewCalendar.DayState: Int] = [:]
        var clashes: [Clash] = []
        var unknown: [DayRange] = []
        for range in needed.ranges {
            guard let first = range.firstDay, let last = range.lastDay, first <= last else { continue }
            for day in first...last {
                guard let state = calendar.state(of: day) else { continue }
                counts[state, default: 0] += 1
                switch state {
                case .free: break
                case .unknown: unknown.append(DayRange(day))
                case .held, .busy:
                    let kind: Clash.Kind = state == .busy ? .busy : .held
                    if let before = clashes.last, before.kind == kind, before.to + 1 == day {
                        clashes[clashes.count - 1] = Clash(from: before.from, to: day, kind: kind)
                    } else {
                        clashes.append(Clash(from: day, to: day, kind: kind))
                    }
                }
            }
        }
        let total = needed.count ?? 0
        let free = counts[.free] ?? 0
        let state: State =
            if calendar.days == nil {
                .hidden
            } else if free == total {
                .full
            } else if free > 0 {
                .partial
            } else {
                counts[.unknown] == nil ? .none : .unknown
            }
        self.init(
            state: state,
            needed: total,
            free: free,
            held: counts[.held] ?? 0,
            busy: counts[.busy] ?? 0,
            unknown: counts[.unknown] ?? 0,
            clashes: clashes,
            unknownDays: DayMultirange(unknown)
        )
    }
}
