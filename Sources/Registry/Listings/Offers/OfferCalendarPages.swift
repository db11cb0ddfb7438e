internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The days of a location: until when its calendar is known, and which days it is not to be had.
struct OfferCalendarPages: Sendable {
    let pages: OfferPages

    /// `/sv/offers/{id}/calendar`.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/offers/{id}/calendar") { _, context, member in
                let offer = try await pages.offer(context, member)
                guard offer.kind == .location else { throw Problem(.notFound) }
                return try await answer(offer, nil, member, language)
            }
            table.member("/\(language)/offers/{id}/calendar", .post) { request, context, member in
                let offer = try await pages.offer(context, member)
                guard offer.kind == .location else { throw Problem(.notFound) }
                let form = try await pages.site.form(request, context)
                return try await take(form, offer, member, language)
            }
        }
    }

    private func answer(_ offer: Offer, _ typed: Form?, _ member: SignedIn, _ language: Language) async throws
        -> Answer
    {
        let text = try await pages.text(language)
        let words = text.words
        let days = try await pages.databases.member.transaction(settings: member.reader.settings) {
            transaction in
            try await OfferCalendar.read(offer.id, transaction)
        }
        let form =
            typed
            ?? Form(
                words,
                [
                    ("knownFrom", days.knownFrom.map { "\($0)" } ?? "\(pages.today())"),
                    ("knownTo", days.knownTo.map { "\($0)" } ?? ""),
                ]
            )
        let own = "/\(language)\(offer.path)"
        let title = words("offers.calendarOf", ["name": offer.draft.name])
        let today = pages.today()
        let view: View = [
            "errorSummary": form.summary,
            "title": .text(title), "backAddress": .text(own), "backLabel": .text(offer.draft.name),
            "action": .text("\(own)/calendar"),
            "known": .list(
                [
                    FormField("knownFrom", words("offers.knownFrom"), .line("date")),
                    FormField(
                        "knownTo",
                        words("offers.knownTo"),
                        .line("date"),
                        hint: words("offers.knownToHint")
                    ),
                ].map { $0.view(form) }
            ),
            "block": .view(
                FormField("block", words("offers.block"), hint: words("offers.blockHint"), limit: 500).view(
                    form
                )
            ),
            "free": .view(
                FormField("free", words("offers.free"), hint: words("offers.freeHint"), limit: 500).view(form)
            ),
            "isKnown": .flag(days.knownTo != nil),
        ]
        let calendar = CalendarView(calendar: days.calendar(from: today), text: text, today: today)
        return try pages.site.answer(
            "offers/calendar",
            view.adding(renamed(calendar.view)),
            pages.head(title, "\(offer.path)/calendar", offer.kind, language, status: form.status)
        )
    }

    /// The form has a field that is called as the drawing's line of text is.
    private func renamed(_ view: View) -> View {
        var view = view
        view["knownUntil"] = view["known"] ?? .absent
        var cleaned: View = [:]
        for name in ["hasCalendar", "legend", "calendar", "spans", "calendarNote", "knownUntil"] {
            cleaned[name] = view[name] ?? .absent
        }
        return cleaned
    }

    private func take(_ form: Form, _ offer: Offer, _ member: SignedIn, _ language: Language) async throws
        -> Answer
    {
        var form = form
        let today = pages.today()
        let change: OfferCalendar.Change?
        if form.has("saveKnown") {
            change = known(&form)
        } else if form.has("saveFree") {
            change = .free(form.days("free", today: today))
        } else {
            change = .block(form.days("block", today: today))
        }
        guard form.isValid, let change else { return try await answer(offer, form, member, language) }
        try await Writes.transaction(pages.databases, as: member.reader) { transaction in
            try await OfferCalendar.write(change, to: offer.id, transaction)
        }
        return pages.site.redirect(to: "/\(language)\(offer.path)/calendar", notice: "offers.daysSaved")
    }

    private func known(_ form: inout Form) -> OfferCalendar.Change? {
        guard let from = form.day("knownFrom"), let to = form.day("knownTo") else { return nil }
        guard from <= to else {
            form.refuse("knownTo", form.words("offers.error.knownTo"))
            return nil
        }
        return .known(from: from, to: to)
    }
}

/// The days of a location as its owner and its office see and write them.
struct OfferCalendar: Sendable {
    var knownFrom: Day?
    var knownTo: Day?
    /// Blocked by the owner, taken from a feed or booked.
    var busy: DayMultirange
    /// Pencilled and not booked.
    var held: DayMultirange

    /// What is changed at a time.
    enum Change: Sendable {
        case known(from: Day, to: Day)
        case block(DayMultirange)
        case free(DayMultirange)
    }

    /// What is stored; nothing when the reader may not see it.
    static func read(_ id: UUID, _ transaction: Transaction) async throws -> OfferCalendar {
        let rows = try await transaction.query(
            """
            SELECT c.known_from, c.known_to,
                coalesce((
                    SELECT range_agg(x.days) FROM (
                        SELECT b.days FROM klappa.block b WHERE b.subject = \(id)
                        UNION ALL
                        SELECT b.days FROM klappa.booking b WHERE b.subject = \(id) AND b.state = 'confirmed') AS x), '{}'
                ) AS busy,
                coalesce((SELECT range_agg(h.days) FROM klappa.hold h WHERE h.subject = \(id) AND h.active), '{}') AS held
            FROM (SELECT) AS one
            LEFT JOIN klappa.calendar c ON c.subject = \(id)
            """
        )
        guard let row = rows.first else { return OfferCalendar(busy: .empty, held: .empty) }
        return OfferCalendar(
            knownFrom: try row.decode(Day?.self, "known_from"),
            knownTo: try row.decode(Day?.self, "known_to"),
            busy: try row.decode(DayMultirange.self, "busy"),
            held: try row.decode(DayMultirange.self, "held")
        )
    }

    /// Writes a change; bookings and holds stay.
    static func write(_ change: Change, to id: UUID, _ transaction: Transaction) async throws {
        switch change {
        case .known(let from, let to): try await know(id, from, to, transaction)
        case .block(let days):
            try await transaction.execute("INSERT INTO klappa.block (subject, days) VALUES (\(id), \(days))")
        case .free(let days): try await free(id, days, transaction)
        }
    }

    private static func know(_ id: UUID, _ from: Day, _ to: Day, _ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO klappa.calendar (subject, known_from, known_to) VALUES (\(id), \(from), \(to))
            ON CONFLICT (subject) DO UPDATE SET known_from = excluded.known_from, known_to = excluded.known_to
            """
        )
    }

    private static func free(_ id: UUID, _ days: DayMultirange, _ transaction: Transaction) async throws {
        try await transaction.execute(
            "DELETE FROM klappa.block WHERE subject = \(id) AND kind = 'blocked' AND days <@ \(days)"
        )
        try await transaction.execute(
            """
            UPDATE klappa.block SET days = days - \(days)
            WHERE subject = \(id) AND kind = 'blocked' AND days && \(days)
            """
        )
    }

    /// As pages draw it: from a day on for a year, or as long as the calendar is known, at most two years.
    func calendar(from first: Day) -> CrewCalendar {
        let length = min(max(365, knownTo.map { $0 - first + 1 } ?? 0), 730)
        let days = (0..<length).map { state(of: first + $0) }
        return CrewCalendar(span: DayRange(first: first, last: first + (length - 1)), days: days)
    }

    private func state(of day: Day) -> CrewCalendar.DayState {
        if busy.contains(day) { return .busy }
        if held.contains(day) { return .held }
        guard let knownFrom, let knownTo, knownFrom <= day, day <= knownTo else { return .unknown }
        return .free
    }
}
