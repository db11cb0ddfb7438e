internal import Postgres
internal import Web

/// A month in which days are chosen: pressing one takes it as the first day, pressing a later one as the last. Each day is a
/// link that fills the form; a script does the same in place, and walks by the arrow keys.
struct DayPicker {
    let calendar: OwnCalendar
    let text: CrewWords
    let today: Day
    /// The address of the page.
    let base: String

    private var words: Wording { text.words }

    /// What the template prints.
    func view(_ form: Form, month asked: Day?) -> View {
        let (from, to) = (typed("from", form), typed("to", form))
        let first = start(asked ?? from ?? today)
        let (year, month, _) = first.components
        let length = Day.length(year: year, month: month)
        var cells: [View] = (1..<first.weekday).map { _ in ["day": .absent] }
        for day in first...(first + (length - 1)) { cells.append(["day": .view(cell(day, from, to))]) }
        while !cells.count.isMultiple(of: 7) { cells.append(["day": .absent]) }
        return [
            "name": .text("\(MonthNames.long(month, text.language)) \(year)"),
            "weekdays": .texts(MonthNames.weekdays[text.language] ?? []),
            "weeks": .list(
                stride(from: 0, to: cells.count, by: 7).map { ["cells": .list(Array(cells[$0..<$0 + 7]))] }
            ),
            "previous": .view(turn(to: first - 1, from, to)),
            "next": .view(turn(to: first + length, from, to)),
        ]
    }

    private func typed(_ name: String, _ form: Form) -> Day? {
        Day(form[name]).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The first day of a month, within the years that a form takes.
    private func start(_ day: Day) -> Day {
        let day = day.isFinite && (1900...2199).contains(day.components.year) ? day : today
        return day - (day.components.day - 1)
    }

    private func cell(_ day: Day, _ from: Day?, _ to: Day?) -> View {
        let state = calendar.state(of: day)
        let isPicked = from.map { $0 <= day && day <= (to ?? $0) } ?? false
        var label = "\(words.day(day)), \(words("crew.day.\(state.rawValue)"))"
        if isPicked { label += ", " + words("listing.picked") }
        // The second press ends what the first began.
        let begins = from.flatMap { to == nil && $0 < day ? $0 : nil }
        return [
            "number": .text(String(day.components.day)), "date": .text("\(day)"),
            "state": .text(state.rawValue), "label": .text(label), "isPicked": .flag(isPicked),
            "isToday": .flag(day == today), "isPast": .flag(day < today),
            "address": .text(address(day, from: begins ?? day, to: begins == nil ? nil : day) + "#pick"),
        ]
    }

    private func turn(to day: Day, _ from: Day?, _ to: Day?) -> View {
        let (year, month, _) = day.components
        return [
            "address": .text(address(day, from: from, to: to) + "#pick"),
            "label": .text("\(MonthNames.long(month, text.language)) \(year)"),
        ]
    }

    private func address(_ day: Day, from: Day?, to: Day?) -> String {
        var query = PageQuery()
        query.add("month", String("\(day)".prefix(7)))
        query.add("from", from.map { "\($0)" })
        query.add("to", to.map { "\($0)" })
        return query.address(base)
    }
}
