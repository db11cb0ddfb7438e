internal import Postgres
internal import Web

/// How the pages say what is known of somebody's days: in a few words, in a sentence, and as a strip.
struct CrewWords {
    let words: Wording
    let vocabularies: Vocabularies

    var language: Language { words.language }

    // MARK: Titles

    /// Codes that the vocabulary has lost are shown as they are.
    func role(_ code: String) -> String { vocabularies.role(code)?.name[language] ?? code }

    func region(_ code: String) -> String { vocabularies.region(code)?.shortName ?? code }

    func municipality(_ code: String?) -> String? { code.flatMap { vocabularies.municipality($0)?.name } }

    func spoken(_ code: String) -> String { vocabularies.language(code)?.name[language] ?? code }

    func certificate(_ code: String) -> String { vocabularies.certificate(code)?.name[language] ?? code }

    func department(_ code: String) -> String { vocabularies.department(code)?.name[language] ?? code }

    func grade(_ grade: CrewSearch.Grade) -> String { words("crew.grade.\(grade.rawValue)") }

    // MARK: Availability

    /// `15 av 18`, `Okänt`: the figure of a row.
    func figure(_ availability: CrewAvailability) -> String {
        switch availability.state {
        case .hidden: words("crew.state.hidden")
        case .none: words("crew.state.none")
        case .unknown: words("crew.state.unknown")
        case .full, .partial:
            words(
                "crew.freeOf",
                ["free": words.number(availability.free), "needed": words.number(availability.needed)]
            )
        }
    }

    /// `krock 5–7 mars, 2 okända`: what stands in the way, at most two periods named; nil when nothing does.
    func obstacles(_ availability: CrewAvailability) -> String? {
        guard availability.state != .hidden else { return words("crew.hiddenNote") }
        var parts = availability.clashes.prefix(2).map { clash in
            let days = words.days(clash.from, clash.to, year: false, short: true)
            return words("crew.clash.\(clash.kind.rawValue)", ["days": days])
        }
        if availability.clashes.count > 2 {
            parts.append(words.count("crew.clashesMore", availability.clashes.count - 2))
        }
        if availability.unknown > 0, availability.state != .unknown {
            parts.append(words.count("crew.unknownDays", availability.unknown))
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// The whole of it as a sentence, for who does not see the strip.
    func sentence(_ availability: CrewAvailability, needed: DayMultirange) -> String {
        let values = ["free": words.number(availability.free), "needed": words.number(availability.needed)]
        switch availability.state {
        case .hidden: return words("crew.hiddenNote")
        case .full: return words.count("crew.sentence.full", availability.needed)
        default: break
        }
        var parts = [words("crew.sentence.free", values)]
        for kind in [CrewAvailability.Clash.Kind.busy, .held] {
            let days = availability.clashes.filter { $0.kind == kind }
                .map { words.days($0.from, $0.to, year: false, short: false) }
            if !days.isEmpty {
                parts.append(words("crew.sentence.\(kind.rawValue)", ["days": words.list(days)]))
            }
        }
        let unknown = availability.unknownDays.ranges.compactMap { range -> String? in
            guard let first = range.firstDay, let last = range.lastDay else { return nil }
            return words.days(first, last, year: false)
        }
        if !unknown.isEmpty { parts.append(words("crew.sentence.unknown", ["days": words.list(unknown)])) }
        return parts.joined(separator: ", ")
    }

    /// The strip of the needed days; nil when the calendar is hidden.
    func strip(_ availability: CrewAvailability, needed: DayMultirange) -> Markup? {
        guard availability.state != .hidden else { return nil }
        var states: [(range: ClosedRange<Day>, state: AvailabilityStrip.State)] = []
        for clash in availability.clashes {
            states.append((clash.from...clash.to, clash.kind == .busy ? .busy : .held))
        }
        for range in availability.unknownDays.ranges {
            guard let first = range.firstDay, let last = range.lastDay else { continue }
            states.append((first...last, .unknown))
        }
        states.sort { $0.range.lowerBound < $1.range.lowerBound }
        let periods = needed.ranges.compactMap { range -> AvailabilityStrip.Period? in
            guard let first = range.firstDay, let last = range.lastDay else { return nil }
            var runs: [AvailabilityStrip.Run] = []
            var day = first
            for (span, state) in states where span.upperBound >= first && span.lowerBound <= last {
                let from = max(span.lowerBound, day)
                let to = min(span.upperBound, last)
                guard from <= to else { continue }
                if from > day { runs.append(.init(.free, from - day)) }
                runs.append(.init(state, to - from + 1))
                day = to + 1
            }
            if day <= last { runs.append(.init(.free, last - day + 1)) }
            return .init(runs: runs, daysToSaturday: Self.daysToSaturday(first))
        }
        return AvailabilityStrip(periods: periods).drawn(label: sentence(availability, needed: needed))
    }

    /// 0 on a Saturday, 6 on a Sunday.
    static func daysToSaturday(_ day: Day) -> Int { (13 - day.weekday) % 7 }

    /// What the shapes mean.
    func legend() -> Markup {
        AvailabilityLegend(
            free: words("crew.legend.free"),
            held: words("crew.legend.held"),
            busy: words("crew.legend.busy"),
            unknown: words("crew.legend.unknown"),
            weekend: words("crew.legend.weekend")
        )
        .drawn()
    }
}
