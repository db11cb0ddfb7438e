internal import Foundation
internal import Postgres
internal import Web

/// Says what a case holds in one language: titles of codes, times in Stockholm, facts, entries of the timeline.
struct InquiryText: Sendable {
    let words: Wording
    let terms: InquiryTerms
    let vocabularies: Vocabularies

    var language: Language { words.language }

    func status(_ code: JSON?) -> String? { terms.title(\.statuses, code?.string, language) }
    func source(_ code: JSON?) -> String? { terms.title(\.sources, code?.string, language) }
    func reason(_ code: JSON?) -> String? { terms.title(\.lostReasons, code?.string, language) }
    func productionType(_ code: JSON?) -> String? { terms.title(\.productionTypes, code?.string, language) }
    func region(_ code: JSON?) -> String? { code?.string.map { vocabularies.region($0)?.shortName ?? $0 } }
    func role(_ code: JSON?) -> String? { code?.string.map { vocabularies.role($0)?.name[language] ?? $0 } }

    // MARK: Times

    private static let stockholm = TimeZone(identifier: "Europe/Stockholm") ?? .gmt

    /// The instant of `2026-11-24T13:58:52Z`.
    static func date(_ instant: JSON?) -> Date? {
        instant?.string.flatMap { try? Date($0, strategy: .iso8601) }
    }

    /// `24 november 2026 kl. 14.58`, `24 November 2026, 14:58`.
    func moment(_ instant: JSON?) -> String? {
        guard let date = Self.date(instant) else { return nil }
        return words("inquiry.moment", ["day": words.day(Day.inStockholm(date)), "time": time(date)])
    }

    /// `24 nov 14.58`: the day of the year alone.
    func shortMoment(_ instant: JSON?) -> String? {
        guard let date = Self.date(instant) else { return nil }
        return "\(shortDay(Day.inStockholm(date))) \(time(date))"
    }

    func shortDay(_ day: Day) -> String { words.days(day, day, year: false, short: true) }

    private func time(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = Self.stockholm
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        let (hour, minute) = (parts.hour ?? 0, parts.minute ?? 0)
        let two = { (number: Int) in number < 10 ? "0\(number)" : String(number) }
        return two(hour) + (language == .sv ? "." : ":") + two(minute)
    }

    /// `i dag 14.58`, `i morgon 14.58`, `24 nov 14.58`, and whether it is late. Midnight ends a day: it is named by the day
    /// that ends, without a time.
    func due(_ instant: JSON?, now: Date) -> (text: String, isLate: Bool)? {
        guard let date = Self.date(instant) else { return nil }
        let written = time(date)
        let isEndOfDay = written.hasPrefix("00") && written.hasSuffix("00")
        let day = Day.inStockholm(isEndOfDay ? date.addingTimeInterval(-1) : date)
        let at = ["time": isEndOfDay ? "" : written]
        let text =
            switch day.number - Day.inStockholm(now).number {
            case 0: words("inquiry.due.today", at)
            case 1: words("inquiry.due.tomorrow", at)
            case -1: words("inquiry.due.yesterday", at)
            default: "\(shortDay(day)) \(isEndOfDay ? "" : written)"
            }
        return (text.trimmingCharacters(in: .whitespaces), date < now)
    }

    // MARK: Facts

    func money(_ amount: JSON?, _ currency: JSON?) -> String? {
        amount?.amount.map { number in
            let written = words.number(Int(number.rounded()))
            let unit = currency?.string ?? "SEK"
            return language == .sv ? "\(written) \(unit == "SEK" ? "kr" : unit)" : "\(unit) \(written)"
        }
    }

    func phase(_ phase: JSON) -> String {
        let days = words.periods(phase.days).joined(separator: ", ")
        guard let count = phase["dayCount"]?.amount else { return days }
        let isWhole = count == count.rounded()
        let number = isWhole ? words.count("crew.dayCount", Int(count)) : words.number(count, decimals: 1)
        return "\(days) (\(number))"
    }

    /// What a case asks for, as labels with lines; what is not said is left out.
    func facts(_ record: JSON, isOffice: Bool) -> [View] {
        var facts: [View] = []
        func add(_ label: String, _ lines: [String]) {
            let lines = lines.filter { !$0.isEmpty }
            if !lines.isEmpty { facts.append(["label": .text(words(label)), "lines": .texts(lines)]) }
        }
        func paragraphs(_ text: JSON?) -> [String] {
            (text?.string ?? "").split(separator: "\n").map(String.init)
        }
        add("inquiry.field.productionType", [productionType(record["productionType"]) ?? ""])
        add("inquiry.field.company", [record["company"]?.string ?? ""])
        for phase in record["phases"]?.array ?? [] {
            add("inquiry.phase.\(phase["kind"]?.string ?? "shoot")", [self.phase(phase)])
        }
        add(
            "inquiry.part.crew",
            (record["crew"]?.array ?? []).map { "\($0["count"]?.integer ?? 1) × \(role($0["role"]) ?? "")" }
                + paragraphs(record["crewNeeds"])
        )
        add(
            "inquiry.part.places",
            (record["locationTypes"]?.array ?? []).compactMap {
                terms.title(\.locationTypes, $0.string, language)
            }
                + paragraphs(record["locationNeeds"])
        )
        add("inquiry.field.budget", [money(record["budget"], record["currency"]) ?? ""])
        add("inquiry.field.summary", paragraphs(record["summary"]))
        if isOffice {
            if let spend = money(record["spendPerDay"], record["currency"]) {
                let how = record["spendTyped"] == true ? "inquiry.spend.typed" : "inquiry.spend.default"
                add("inquiry.field.spendPerDay", ["\(spend) (\(words(how)))"])
            }
            add("inquiry.field.source", [source(record["source"]) ?? ""])
        }
        for contact in record["contacts"]?.array ?? [] {
            add(
                "inquiry.part.contact",
                ["name", "title", "email", "phone"].map { contact[$0]?.string ?? "" }
                    + (contact["locked"] == true ? [words("inquiry.locked")] : [])
            )
        }
        return facts
    }

    // MARK: The timeline

    /// An entry for the partial `inquiries/entry`.
    func entry(_ entry: JSON, isOffice: Bool) -> View {
        let kind = entry["kind"]?.string ?? "note"
        let name = entry["author"]?.string ?? entry["name"]?.string
        let office = region(entry["region"])
        let values = [
            "name": name ?? words("inquiry.producer"), "office": office ?? "",
            "contact": entry["contact"]?.string ?? words("inquiry.producer"),
            "from": status(entry["fromStatus"]) ?? "",
            "to": status(entry["toStatus"]) ?? status(entry["status"]) ?? "",
        ]
        let who: String
        switch kind {
        case "status":
            let isFirst = isOffice ? entry["fromStatus"]?.string == nil : entry["status"] == "new"
            who =
                isFirst
                ? words("inquiry.entry.first")
                : words(isOffice ? "inquiry.entry.status" : "inquiry.entry.now", values)
        case "handover":
            who = words("inquiry.entry.handover.\(entry["handover"]?.string ?? "offered")", values)
        case "answer": who = words(isOffice ? "inquiry.entry.answer" : "inquiry.entry.answerTo", values)
        default: who = words("inquiry.entry.\(kind)", values)
        }
        let lines = (entry["body"]?.string ?? "").split(separator: "\n").map(String.init)
        let isFromOffice = ["answer", "call", "letter", "note"].contains(kind)
        return [
            "class": .text(kind == "status" || kind == "handover" ? "sys" : isFromOffice ? "out" : "in"),
            "who": .text(who),
            "instant": .text(entry["at"]?.string ?? ""),
            "at": .text(moment(entry["at"]) ?? ""),
            "tag": .optional(
                isOffice && kind != "answer" && entry["isAnswer"] == true
                    ? words("inquiry.entry.wasAnswer") : nil
            ),
            "quote": lines.isEmpty ? .absent : .view(["lines": .texts(lines)]),
        ]
    }

    // MARK: Matching

    /// The searches that answer the needs of a case, with its days filled in unless they are over: then there is
    /// nobody to fill the posts, and places are shown for any day.
    func matches(_ record: JSON, today: Day) -> [View] {
        var shoot = (record["phases"]?.array ?? []).first { $0["kind"] == "shoot" }?.days ?? .empty
        let isOver = shoot.ranges.last?.lastDay.map { $0 < today } ?? false
        if isOver { shoot = .empty }
        let dates = CrewSearchForm.written(shoot)
        var links: [View] = []
        func add(_ label: String, _ query: PageQuery, _ path: String) {
            links.append([
                "label": .text(words(label)), "address": .text(query.address("/\(language)\(path)")),
            ])
        }
        if !isOver, let crew = record["crew"]?.array, !crew.isEmpty {
            var query = PageQuery()
            query.add("dates", dates)
            query.add("region", record["region"]?.string)
            for need in crew {
                query.add("role", need["role"]?.string)
                query.add("count", need["count"]?.integer.map { String($0) })
            }
            add("inquiry.match.crew", query, "/crew/staffing")
            var all = PageQuery()
            all.items = query.items.filter { $0.name != "region" }
            add("inquiry.match.crewEverywhere", all, "/crew/staffing")
        }
        if let types = record["locationTypes"]?.array, !types.isEmpty {
            var query = PageQuery()
            for type in types { query.add("type", type.string) }
            query.add("region", record["region"]?.string)
            query.add("dates", dates)
            add("inquiry.match.places", query, "/locations")
        }
        return links
    }
}
