internal import Crypto
internal import Foundation
internal import Postgres
internal import Web

/// Which cases a list shows, and in which order.
///
/// A filter only ever narrows what row security lets the reader see: naming another region gives an empty list.
struct InquiryFilter: Hashable, Sendable {
    /// How far cases have come.
    enum State: String, CaseIterable, Sendable {
        /// Something more is expected, also of those that landed.
        case active
        /// Nothing is decided.
        case open
        /// With an outcome.
        case closed
        case all
    }

    /// How the first answer came.
    enum Answered: String, CaseIterable, Sendable {
        case inTime = "in-time"
        case late
        case waiting
    }

    enum Order: String, CaseIterable, Sendable {
        /// What is due first, then what has no date.
        case due
        /// The latest first.
        case received
    }

    /// Part of number, title or company.
    var text: String?
    var state = State.active
    /// Codes, any of them.
    var statuses: [String] = []
    var outcomes: [String] = []
    var lostReasons: [String] = []
    var sources: [String] = []
    var productionTypes: [String] = []
    /// Numbers of regions that lead, any of them.
    var regions: [Int16] = []
    /// Who is responsible.
    var officer: UUID?
    /// When they came.
    var received: DayRange?
    var answered: Answered?
    /// What is due before now.
    var isOverdue = false
    /// What another region offers to an office of the reader.
    var isOffered = false
    /// Led by an office of the reader, not only seen.
    var isLed = false
    var order = Order.due

    /// What the list is made of, as SQL over `klappa.inquiry i`.
    var condition: SQL {
        var parts: [SQL] = []
        switch state {
        case .active: parts.append("NOT i.final")
        case .open: parts.append("i.outcome = 'open'")
        case .closed: parts.append("i.outcome <> 'open'")
        case .all: break
        }
        if let text {
            let pattern = "%" + text.replacing(/[\\%_]/) { "\\\($0.output)" } + "%"
            parts.append("i.words LIKE klappa.fold(\(pattern))")
        }
        if !statuses.isEmpty { parts.append("i.status = ANY (\(statuses))") }
        if !outcomes.isEmpty { parts.append("i.outcome = ANY (\(outcomes))") }
        if !lostReasons.isEmpty { parts.append("i.lost_reason = ANY (\(lostReasons))") }
        if !sources.isEmpty { parts.append("i.source = ANY (\(sources))") }
        if !productionTypes.isEmpty { parts.append("i.production_type = ANY (\(productionTypes))") }
        if !regions.isEmpty { parts.append("i.lead_region = ANY (\(regions))") }
        if let officer { parts.append("i.officer = \(officer)") }
        if let received, let first = received.firstDay, let last = received.lastDay {
            parts.append(
                """
                i.received_at >= (\(first)::timestamp AT TIME ZONE 'Europe/Stockholm')
                    AND i.received_at < ((\(last) + 1)::timestamp AT TIME ZONE 'Europe/Stockholm')
                """
            )
        }
        switch answered {
        case .inTime: parts.append("i.answered_at <= i.answer_due")
        case .late: parts.append("i.answered_at > i.answer_due")
        case .waiting: parts.append("i.answered_at IS NULL")
        case nil: break
        }
        if isOverdue { parts.append("i.due < now()") }
        if isLed { parts.append("i.lead_region = ANY ((SELECT klappa.my_offices())::smallint[])") }
        if isOffered {
            parts.append(
                """
                EXISTS (
                    SELECT FROM klappa.inquiry_handover h
                    WHERE h.inquiry = i.id AND h.state = 'offered'
                        AND h.to_region = ANY ((SELECT klappa.my_offices())::smallint[]))
                """
            )
        }
        return parts.isEmpty ? "true" : .joined(parts, separator: "\n    AND ")
    }

    /// Tells filters apart in cursors.
    var fingerprint: String {
        let digest = SHA256.hash(data: Data("\(self)".utf8))
        return digest.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// Where a list of cases ended: the fingerprint of its filter and the sort key of the last item.
struct InquiryCursor: Hashable, Sendable {
    /// The instant by which the list is ordered; nil behind those that have one.
    var at: Instant?
    var number: String

    static let pattern = JSONSchema.Pattern(
        "^[0-9a-f]{16}-(n|-?[0-9]{1,19})-SYD-[0-9]{4}-[0-9]{4,9}$",
        limit: 70
    ) {
        $0.utf8.count <= 70
            && $0.wholeMatch(of: /[0-9a-f]{16}-(?:n|-?[0-9]{1,19})-SYD-[0-9]{4}-[0-9]{4,9}/) != nil
    }

    func text(of filter: InquiryFilter) -> String {
        "\(filter.fingerprint)-\(at.map { String($0.microseconds) } ?? "n")-\(number)"
    }

    /// Reads a text that has the form.
    /// - Throws: 409 when it belongs to another list.
    init(_ text: String, of filter: InquiryFilter) throws(Problem) {
        guard text.hasPrefix(filter.fingerprint + "-"),
            let match = text.wholeMatch(of: /[0-9a-f]{16}-(n|-?[0-9]{1,19})-(SYD-[0-9]{4}-[0-9]{4,9})/)
        else { throw Problem(.foreignCursor) }
        at = Int64(match.1).map { Instant(microseconds: $0) }
        number = String(match.2)
    }

    init(at: Instant?, number: String) {
        self.at = at
        self.number = number
    }

    /// What comes behind, as SQL over `klappa.inquiry i`.
    func condition(_ order: InquiryFilter.Order) -> SQL {
        switch (order, at) {
        case (.received, let at?): "(i.received_at, i.number) < (\(at), \(number))"
        case (.received, nil): "i.number < \(number)"
        case (.due, let at?): "((i.due, i.number) > (\(at), \(number)) OR i.due IS NULL)"
        case (.due, nil): "(i.due IS NULL AND i.number > \(number))"
        }
    }
}
