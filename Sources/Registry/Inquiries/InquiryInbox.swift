internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The inbox of an office: what is due first, narrowed by what the address says.
struct InquiryInbox: Sendable {
    let desk: InquiryDesk
    static let rows = 50

    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member(InquiryAddresses.inbox(language)) { request, _, member in
                try await page(PageQuery(request.uri.query ?? ""), member, language)
            }
        }
    }

    /// Reads the filter of an address; what is unknown is left out.
    static func filter(
        _ query: PageQuery,
        _ terms: InquiryTerms,
        _ vocabularies: Vocabularies,
        _ account: UUID
    )
        -> InquiryFilter
    {
        var filter = InquiryFilter()
        filter.text = query.first("q").map { String($0.prefix(100)) }
        filter.state = query.first("state").flatMap { InquiryFilter.State(rawValue: $0) } ?? .active
        filter.statuses = query.list("status").filter { terms.statuses[$0] != nil }
        filter.outcomes = query.list("outcome").filter { code in
            terms.statuses.terms.contains { $0.outcome == code }
        }
        filter.lostReasons = query.list("lostReason").filter { terms.lostReasons[$0] != nil }
        filter.regions = query.list("region").compactMap { vocabularies.region($0)?.no }
        filter.officer = query.first("officer") == "me" ? account : nil
        filter.received = query.first("received").flatMap(InquiryParameters.interval)
        filter.answered = query.first("answered").flatMap { InquiryFilter.Answered(rawValue: $0) }
        filter.isOverdue = query.first("overdue") == "true"
        filter.isOffered = query.first("offered") == "true"
        filter.isLed = query.first("led") == "true"
        filter.order = query.first("sort").flatMap { InquiryFilter.Order(rawValue: $0) } ?? .due
        return filter
    }

    private func page(_ query: PageQuery, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let offices = try desk.offices(of: member)
        let text = try await desk.text(language)
        let words = text.words
        let filter = Self.filter(query, text.terms, text.vocabularies, member.account)
        let number = min(max(query.first("page").flatMap { Int($0) } ?? 1, 1), 2_000)
        let page = try await desk.queries.list(
            filter,
            skipping: (number - 1) * Self.rows,
            limit: Self.rows,
            as: member.reader
        )
        let waiting = try await desk.queries.waiting(member.account, as: member.reader)
        let now = Date()
        let base = InquiryAddresses.inbox(language)
        func turn(_ to: Int) -> String {
            var turned = PageQuery()
            turned.items = query.items.filter { $0.name != "page" }
            if to > 1 { turned.add("page", String(to)) }
            return turned.address(base)
        }
        var view: View = [
            "desk": desk.links(words, at: .inbox),
            "lead": .text(
                words(
                    "inquiry.inbox.lead",
                    ["offices": words.list(offices.map { text.region(.string($0)) ?? $0 })]
                )
            ),
            "action": .text(base),
            "tabs": .list(tabs(waiting, query, words, base)),
            "q": .text(filter.text ?? ""),
            "count": .text(words.count("inquiry.inbox.count", page.total)),
            "hasRows": .flag(!page.items.isEmpty),
            "rows": .list(page.items.map { row($0, text, now: now) }),
            "previous": number > 1 ? .text(turn(number - 1)) : .absent,
            "next": page.next == nil ? .absent : .text(turn(number + 1)),
            "narrowed": .optional(narrowed(filter, query, text)),
            "all": .text(base),
        ]
        view["selects"] = .list(selects(query, filter, text, offices))
        let isInvented = page.items.contains { $0["invented"] == true }
        return try desk.site.answer(
            "inquiries/inbox",
            view,
            desk.head(words("inquiry.inbox.title"), "/inquiries", language, isInvented: isInvented)
        )
    }

    private func tabs(_ waiting: InquiryQueries.Waiting, _ query: PageQuery, _ words: Wording, _ base: String)
        -> [View]
    {
        let tabs: [(key: String, item: (String, String)?, count: Int)] = [
            ("active", nil, waiting.active), ("overdue", ("overdue", "true"), waiting.overdue),
            ("mine", ("officer", "me"), waiting.mine), ("offered", ("offered", "true"), waiting.offered),
        ]
        return tabs.map { tab in
            var address = PageQuery()
            if let item = tab.item { address.add(item.0, item.1) }
            let isCurrent = tab.item.map { query.first($0.0) == $0.1 } ?? query.items.isEmpty
            return [
                "address": .text(address.address(base)), "label": .text(words("inquiry.inbox.\(tab.key)")),
                "count": .text(words.number(tab.count)), "isCurrent": .flag(isCurrent),
            ]
        }
    }

    private func selects(
        _ query: PageQuery,
        _ filter: InquiryFilter,
        _ text: InquiryText,
        _ offices: [String]
    ) -> [View] {
        let words = text.words
        func select(_ name: String, _ options: [(String, String)]) -> View {
            let chosen = query.first(name) ?? ""
            return [
                "name": .text(name), "label": .text(words("inquiry.filter.\(name)")),
                "options": .list(
                    options.map {
                        ["value": .text($0.0), "label": .text($0.1), "isChosen": .flag($0.0 == chosen)]
                    }
                ),
            ]
        }
        var all = [
            select(
                "state",
                InquiryFilter.State.allCases.map {
                    ($0 == .active ? "" : $0.rawValue, words("inquiry.state.\($0.rawValue)"))
                }
            ),
            select(
                "status",
                [("", words("inquiry.filter.any"))]
                    + text.terms.statuses.offered.map { ($0.code, $0.name[text.language]) }
            ),
            select(
                "sort",
                InquiryFilter.Order.allCases.map {
                    ($0 == .due ? "" : $0.rawValue, words("inquiry.sort.\($0.rawValue)"))
                }
            ),
        ]
        all.insert(
            select(
                "region",
                [("", words("inquiry.filter.any"))] + SiteRegion.all.map { ($0.code, $0.name) }
            ),
            at: 2
        )
        return all
    }

    /// What else the address narrows, in words: the figures lead here with months, outcomes and reasons.
    private func narrowed(_ filter: InquiryFilter, _ query: PageQuery, _ text: InquiryText) -> String? {
        var parts: [String] = []
        if let received = filter.received, let first = received.firstDay, let last = received.lastDay {
            parts.append(text.words("inquiry.narrowed.received", ["days": text.words.days(first, last)]))
        }
        if let answered = filter.answered {
            parts.append(text.words("inquiry.answered.\(answered.rawValue)"))
        }
        parts += filter.outcomes.map { text.words("inquiry.outcome.\($0)") }
        parts += filter.lostReasons.compactMap { text.reason(.string($0)) }
        return parts.isEmpty ? nil : parts.joined(separator: " · ")
    }

    private func row(_ item: JSON, _ text: InquiryText, now: Date) -> View {
        let words = text.words
        let due = text.due(item["due"], now: now)
        let what: String
        if item["answeredAt"] == .null {
            what = words("inquiry.todo.first")
        } else if item["waitingSince"] != .null {
            what = words("inquiry.todo.message")
        } else {
            what = item["nextAction"]?.string ?? words("inquiry.todo.none")
        }
        return [
            "isLate": .flag(due?.isLate ?? false),
            "late": due?.isLate == true ? .text(due?.text ?? "") : .absent,
            "due": due?.isLate == false ? .text(due?.text ?? "") : .absent,
            "what": .text(item["outcome"] == "open" || due != nil ? what : text.status(item["status"]) ?? ""),
            "address": .text(InquiryAddresses.record(item["number"]?.string ?? "", text.language)),
            "title": .text(item["title"]?.string ?? ""),
            "company": .optional(item["company"]?.string),
            "type": .optional(text.productionType(item["productionType"])),
            "number": .text(item["number"]?.string ?? ""),
            "status": .text(text.status(item["status"]) ?? ""),
            "region": .text(text.region(item["region"]) ?? ""),
            "code": .text(item["region"]?.string ?? ""),
            "officer": .text(item["officer"]?["name"]?.string ?? words("inquiry.nobody")),
            "offered": .optional(
                text.region(item["offeredTo"]).map { words("inquiry.offeredTo", ["office": $0]) }
            ),
        ]
    }
}
