internal import Postgres
internal import Web

/// The own calendar as the template prints it.
struct OwnCalendarPage {
    let subject: CalendarSubject
    let calendar: OwnCalendar
    let text: CrewWords
    let today: Day

    private var words: Wording { text.words }
    private var base: String { "/\(text.language)\(subject.home)/calendar" }

    /// How far the months are looked up; they are drawn as far as something is known, for a year at most.
    private static let horizon = 400

    /// The forms as they are first shown.
    static func form(_ calendar: OwnCalendar, _ words: Wording) -> Form {
        fill(Form(words, [("version", String(calendar.version))]), from: calendar)
    }

    /// The form of one part with what is stored in the other.
    static func fill(_ form: Form, from calendar: OwnCalendar) -> Form {
        var form = form
        if !form.has("knownFrom"), !form.has("knownTo") {
            form.set("knownFrom", calendar.known?.firstDay?.description)
            form.set("knownTo", calendar.known?.lastDay?.description)
        }
        return form
    }

    /// - Parameter month: a day of the month in which days are chosen; nil for the one of the day that the form has, or else
    ///   of today.
    func view(_ form: Form, month: Day? = nil) -> View {
        let seen = calendar.seen(from: today, count: Self.horizon)
        let view: View = [
            "errorSummary": form.summary,
            "title": .text(subject.title),
            "name": .text(subject.name),
            "home": .text("/\(text.language)\(subject.home)"),
            "version": .text(form["version"]),
            "daysAction": .text(base + "/days"),
            "knownAction": .text(base + "/known"),
            "audience": .text(subject.audience),
            "audienceAddress": .text("/\(text.language)\(subject.home)/edit#\(subject.audienceField)"),
            "isKnown": .flag(calendar.known != nil),
            "picker": .view(
                DayPicker(calendar: calendar, text: text, today: today, base: base).view(form, month: month)
            ),
            "days": .list([
                FormField("from", words("listing.from"), .date).view(form),
                FormField("to", words("listing.to"), .date, hint: words("listing.toHint"), isOptional: true)
                    .view(form),
            ]),
            "knownFields": .list([
                FormField("knownFrom", words("listing.knownFrom"), .date, isOptional: true).view(form),
                FormField("knownTo", words("listing.knownTo"), .date, isOptional: true).view(form),
            ]),
            "entries": .list(entries),
            "hasEntries": .flag(!entries.isEmpty),
        ]
        return view.adding(CalendarView(calendar: seen, text: text, today: today).view)
    }

    /// What stands from today on, in order of time.
    private var entries: [View] {
        let all = OwnCalendar.Kind.allCases.flatMap { kind in
            calendar.days(kind).ranges.compactMap { range -> (Day, Day, OwnCalendar.Kind)? in
                guard let first = range.firstDay, let last = range.lastDay, last >= today else { return nil }
                return (first, last, kind)
            }
        }
        return all.sorted { ($0.0, $0.1, $0.2.rawValue) < ($1.0, $1.1, $1.2.rawValue) }.map {
            first,
            last,
            kind in
            let days = words.days(first, last)
            return [
                "days": .text(days),
                "state": .text(kind == .held ? "held" : "busy"),
                "word": .text(words("listing.day.\(kind.rawValue)")),
                "length": .text(words.count("crew.dayCount", last - first + 1)),
                "remove": kind == .blocked
                    ? .view([
                        "from": .text("\(first)"), "to": .text("\(last)"),
                        "label": .text(words("listing.removeDays", ["days": days])),
                    ]) : .absent,
            ]
        }
    }

    /// What was asked for beside what stands now.
    static func clash(_ change: OwnCalendarPages.Change, _ now: OwnCalendar, _ words: Wording) -> FormClash {
        var clash = FormClash()
        switch change {
        case .block(let days), .free(let days):
            clash.compare(
                "from",
                words(change.notice == "listing.daysFree" ? "listing.markFree" : "listing.markTaken"),
                words.periods(days).joined(separator: ", "),
                words.periods(now.blocked).joined(separator: ", ")
            )
        case .known(let known):
            func written(_ range: DayRange?) -> String {
                guard let first = range?.firstDay, let last = range?.lastDay else { return "" }
                return words.days(first, last)
            }
            clash.compare("knownFrom", words("listing.known"), written(known), written(now.known))
        }
        return clash
    }
}
