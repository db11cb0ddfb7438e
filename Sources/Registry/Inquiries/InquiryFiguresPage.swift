internal import Hummingbird
internal import Postgres
internal import Web

/// The figures of an office's cases by the month in which they came; every number leads to the cases behind it.
struct InquiryFiguresPage: Sendable {
    let desk: InquiryDesk

    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member(InquiryAddresses.figures(language)) { request, _, member in
                try await page(PageQuery(request.uri.query ?? ""), member, language)
            }
        }
    }

    private func page(_ query: PageQuery, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let offices = try desk.offices(of: member)
        let text = try await desk.text(language)
        let words = text.words
        let regions = query.list("region").filter { offices.contains($0) }
        let today = desk.today().components
        let year =
            query.first("year").flatMap { Int($0) }.flatMap { (2000...2199).contains($0) ? $0 : nil }
            ?? today.year
        let figures = try await InquiryFigures.read(
            year: year,
            regions: regions.isEmpty ? offices : regions,
            databases: desk.databases,
            as: member.reader
        )
        func link(_ items: (String, String)...) -> String {
            var query = PageQuery()
            query.add("state", "all")
            query.add("led", "true")
            query.add("region", regions.joined(separator: ","))
            for item in items { query.add(item.0, item.1) }
            return query.address(InquiryAddresses.inbox(language))
        }
        let chosen = regions.joined(separator: ",")
        func cells(_ counts: InquiryFigures.Counts, _ received: String, in region: String = chosen) -> [View]
        {
            let cells: [(Int, [(String, String)])] = [
                (counts.received, []), (counts.inTime, [("answered", "in-time")]),
                (counts.late, [("answered", "late")]),
                (counts.unanswered, [("answered", "waiting")]), (counts.landed, [("outcome", "landed")]),
                (counts.lost, [("outcome", "lost")]),
                (counts.otherwise, [("outcome", "postponed,not_pursued,duplicate,spam")]),
                (counts.open, [("outcome", "open")]),
            ]
            return cells.map { count, items in
                var query = PageQuery()
                query.add("state", "all")
                query.add("led", "true")
                query.add("region", region)
                query.add("received", received)
                for item in items { query.add(item.0, item.1) }
                return [
                    "address": count > 0 ? .text(query.address(InquiryAddresses.inbox(language))) : .absent,
                    "number": .text(words.number(count)),
                ]
            }
        }
        let wholeYear = "\(year)-01-01/\(year)-12-31"
        let last = max(today.year, figures.firstYear)
        let years: [View] = (figures.firstYear...last).reversed().map { each in
            ["value": .text(String(each)), "isChosen": .flag(each == year)]
        }
        let offered: [View] = SiteRegion.all.filter { offices.contains($0.code) }.map { region in
            [
                "code": .text(region.code), "name": .text(region.name),
                "isChecked": .flag(regions.contains(region.code)),
            ]
        }
        let months: [View] = (1...12).map { month in
            let two = month < 10 ? "0\(month)" : "\(month)"
            let days = "\(year)-\(two)-01/\(year)-\(two)-\(Day.length(year: year, month: month))"
            return [
                "label": .text(MonthNames.long(month, language)),
                "cells": .list(cells(figures.months[month] ?? InquiryFigures.Counts(), days)),
            ]
        }
        let byRegion: [View] = figures.byRegion.map { entry in
            let name: String = text.region(.string(entry.region)) ?? entry.region
            return [
                "code": .text(entry.region), "label": .text(name),
                "cells": .list(cells(entry.counts, wholeYear, in: entry.region)),
            ]
        }
        let losses: [View] = figures.losses.map { loss in
            let reason: String = text.reason(.string(loss.reason)) ?? loss.reason
            let address = link(("received", wholeYear), ("outcome", "lost"), ("lostReason", loss.reason))
            return [
                "label": .text(reason), "number": .text(words.number(loss.count)), "address": .text(address),
            ]
        }
        var share: String?
        if figures.sum.received > 0 {
            share = words(
                "inquiry.figures.share",
                [
                    "inTime": words.number(figures.sum.inTime),
                    "received": words.number(figures.sum.received),
                    "share": words.number(figures.sum.inTime * 100 / figures.sum.received),
                ]
            )
        }
        let view: View = [
            "desk": desk.links(words, at: .figures),
            "title": .text(words("inquiry.figures.title", ["year": String(year)])),
            "action": .text(InquiryAddresses.figures(language)),
            "years": .list(years),
            "regions": .list(offered),
            "months": .list(months),
            "sum": .list(cells(figures.sum, wholeYear)),
            "byRegion": .list(byRegion),
            "hasLosses": .flag(!figures.losses.isEmpty),
            "losses": .list(losses),
            "share": .optional(share),
        ]
        return try desk.site.answer(
            "inquiries/figures",
            view,
            desk.head(
                words("inquiry.figures.title", ["year": String(year)]),
                "/inquiries/figures",
                language,
                isInvented: figures.areInvented
            )
        )
    }
}

/// Counts of the cases that some offices lead, by the month of receipt. What is counted in one month adds up:
/// received = answered in time + late + unanswered = landed + lost + otherwise closed + open.
struct InquiryFigures: Sendable {
    struct Counts: Hashable, Sendable {
        var received = 0
        var inTime = 0
        var late = 0
        var unanswered = 0
        var landed = 0
        var lost = 0
        var otherwise = 0
        var open = 0

        static func += (sum: inout Counts, other: Counts) {
            sum.received += other.received
            sum.inTime += other.inTime
            sum.late += other.late
            sum.unanswered += other.unanswered
            sum.landed += other.landed
            sum.lost += other.lost
            sum.otherwise += other.otherwise
            sum.open += other.open
        }
    }

    /// By month, 1 to 12; months without cases are missing.
    var months: [Int: Counts] = [:]
    var sum = Counts()
    /// In the order of the regions' codes.
    var byRegion: [(region: String, counts: Counts)] = []
    /// The most frequent reason first.
    var losses: [(reason: String, count: Int)] = []
    var firstYear: Int
    var areInvented = false

    static func read(year: Int, regions: [String], databases: Databases, as reader: Reader) async throws
        -> InquiryFigures
    {
        let own: SQL = """
            i.lead_region = ANY ((SELECT klappa.my_offices())::smallint[])
                AND i.lead_region IN (SELECT r.no FROM klappa.region r WHERE r.code = ANY (\(regions)))
            """
        let inYear: SQL = """
            i.received_at >= (make_date(\(Int32(year)), 1, 1)::timestamp AT TIME ZONE 'Europe/Stockholm')
                AND i.received_at < (make_date(\(Int32(year + 1)), 1, 1)::timestamp AT TIME ZONE 'Europe/Stockholm')
            """
        let rows = try await databases.member.query(
            """
            SELECT r.code, extract(month FROM i.received_at AT TIME ZONE 'Europe/Stockholm')::integer AS month,
                count(*)::integer AS received,
                (count(*) FILTER (WHERE i.answered_at <= i.answer_due))::integer AS in_time,
                (count(*) FILTER (WHERE i.answered_at > i.answer_due))::integer AS late,
                (count(*) FILTER (WHERE i.answered_at IS NULL))::integer AS unanswered,
                (count(*) FILTER (WHERE i.outcome = 'landed'))::integer AS landed,
                (count(*) FILTER (WHERE i.outcome = 'lost'))::integer AS lost,
                (count(*) FILTER (WHERE i.outcome NOT IN ('open', 'landed', 'lost')))::integer AS otherwise,
                (count(*) FILTER (WHERE i.outcome = 'open'))::integer AS open,
                bool_or(i.invented) AS invented
            FROM klappa.inquiry i
            JOIN klappa.region r ON r.no = i.lead_region
            WHERE \(own) AND \(inYear)
            GROUP BY r.code, month
            ORDER BY r.code, month
            """,
            lane: .search,
            settings: reader.settings
        )
        let first = try await databases.member.query(
            """
            SELECT coalesce(extract(year FROM min(i.received_at) AT TIME ZONE 'Europe/Stockholm'), \(Int32(year)))::integer AS year
            FROM klappa.inquiry i
            WHERE \(own)
            """,
            lane: .search,
            settings: reader.settings
        )
        var figures = InquiryFigures(
            firstYear: Int(try first.first?.decode(Int32.self, "year") ?? Int32(year))
        )
        for row in rows {
            func number(_ name: String) throws -> Int { Int(try row.decode(Int32.self, name)) }
            let counts = Counts(
                received: try number("received"),
                inTime: try number("in_time"),
                late: try number("late"),
                unanswered: try number("unanswered"),
                landed: try number("landed"),
                lost: try number("lost"),
                otherwise: try number("otherwise"),
                open: try number("open")
            )
            let code = try row.decode(String.self, "code")
            figures.months[try number("month"), default: Counts()] += counts
            figures.sum += counts
            if figures.byRegion.last?.region == code {
                figures.byRegion[figures.byRegion.count - 1].counts += counts
            } else {
                figures.byRegion.append((code, counts))
            }
            if try row.decode(Bool.self, "invented") { figures.areInvented = true }
        }
        let losses = try await databases.member.query(
            """
            SELECT i.lost_reason AS reason, count(*)::integer AS count
            FROM klappa.inquiry i
            WHERE \(own) AND \(inYear) AND i.outcome = 'lost'
            GROUP BY i.lost_reason
            ORDER BY count(*) DESC, i.lost_reason
            """,
            lane: .search,
            settings: reader.settings
        )
        figures.losses = try losses.map {
            (try $0.decode(String.self, "reason"), Int(try $0.decode(Int32.self, "count")))
        }
        return figures
    }
}
