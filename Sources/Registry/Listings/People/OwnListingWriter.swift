internal import FoundationEssentials
internal import NIOCore
internal import Postgres
internal import Web

/// What the operations on a listing read and write, on behalf of the bearer of a key.
struct OwnListingWriter: Sendable {
    let databases: Databases
    let catalogue: VocabularyCatalogue

    // MARK: The listing

    /// - Throws: `Problem` 404.
    func listing(_ slugOrID: String, as reader: Reader) async throws -> (body: [UInt8], version: Int64) {
        let found = try await databases.member.transaction(settings: reader.settings) {
            try await OwnListingQueries.body(.named(slugOrID), $0)
        }
        guard let found else { throw Problem(.notFound) }
        return found
    }

    /// - Throws: `Problem`: 400, 404, 403, 428, 412.
    func replace(_ slugOrID: String, _ body: JSON, _ ifMatch: Writes.IfMatch, as reader: Reader) async throws
        -> (body: [UInt8], version: Int64)
    {
        let draft = try ListingBody(body: body, vocabularies: try await catalogue.current()).draft()
        return try await Writes.change(ifMatch, databases, as: reader) { transaction, version in
            try await change(slugOrID, to: draft, version, transaction)
        } current: { transaction in
            let now = try await OwnListingQueries.body(.named(slugOrID), transaction)
            return now.map { ($0.version, JSON(ByteBuffer(bytes: $0.body))) }
        }
    }

    /// Nil when it has another version.
    private func change(
        _ slugOrID: String,
        to draft: CrewWriting.Draft,
        _ version: Int64,
        _ transaction: Transaction
    ) async throws -> (body: [UInt8], version: Int64)? {
        guard let listing = try await OwnListingQueries.find(.named(slugOrID), transaction) else {
            throw Problem(.notFound)
        }
        if draft.roles.isEmpty, listing.state != .draft { throw ListingBody.roleMissing }
        let id = try listing.key()
        if try await OwnListingQueries.mayWord(id, transaction) {
            let changed = try await CrewWriting.change(id, to: draft, version: version, transaction)
            guard changed != nil else { return nil }
        } else {
            guard try await ListingSteps.lock(id, .person, version: version, transaction) else { return nil }
            try await OwnListingQueries.propose(draft, for: listing, isSent: true, transaction)
        }
        // An office may have moved it out of its own sight.
        guard let body = try await OwnListingQueries.body(.named(listing.id), transaction) else {
            throw Problem(.conflict)
        }
        return body
    }

    // MARK: The calendar

    /// - Throws: `Problem` 404.
    func calendar(_ slugOrID: String, as reader: Reader) async throws -> OwnCalendar {
        try await databases.member.transaction(settings: reader.settings) {
            try await OwnCalendarQueries.find(subject(slugOrID, $0), $0)
        }
    }

    /// - Throws: `Problem`: 400, 404, 428, 412.
    func replaceCalendar(
        _ slugOrID: String,
        _ body: JSON,
        _ ifMatch: Writes.IfMatch,
        as reader: Reader
    ) async throws -> OwnCalendar {
        let known = body["known"].flatMap { value in
            value == .null ? nil : Self.days(value).ranges.first
        }
        var blocked = DayMultirange.empty
        for value in body["blocked"]?.array ?? [] {
            blocked = blocked.union(Self.days(value))
        }
        return try await Writes.change(ifMatch, databases, as: reader) { transaction, version in
            try await replace(slugOrID, known, blocked, version, transaction)
        } current: { transaction in
            let now = try await OwnCalendarQueries.find(subject(slugOrID, transaction), transaction)
            return (now.version, now.json)
        }
    }

    private func replace(
        _ slugOrID: String,
        _ known: DayRange?,
        _ blocked: DayMultirange,
        _ version: Int64,
        _ transaction: Transaction
    ) async throws -> OwnCalendar? {
        let subject = try await subject(slugOrID, transaction)
        let begun = try await OwnCalendarQueries.begin(subject, version: version, transaction)
        guard begun != nil else { return nil }
        let before = try await OwnCalendarQueries.find(subject, transaction)
        let gone = before.blocked.subtracting(blocked)
        if !gone.isEmpty { try await OwnCalendarQueries.free(gone, of: subject, transaction) }
        let new = blocked.subtracting(before.blocked)
        if !new.isEmpty { try await OwnCalendarQueries.block(new, of: subject, transaction) }
        try await OwnCalendarQueries.setKnown(known, of: subject, transaction)
        return try await OwnCalendarQueries.find(subject, transaction)
    }

    /// Blocks days; gives the calendar as it is then.
    ///
    /// - Throws: `Problem` 404.
    func block(_ days: DayMultirange, of slugOrID: String, _ transaction: Transaction) async throws
        -> OwnCalendar
    {
        let subject = try await subject(slugOrID, transaction)
        try await OwnCalendarQueries.begin(subject, transaction)
        try await OwnCalendarQueries.block(days, of: subject, transaction)
        return try await OwnCalendarQueries.find(subject, transaction)
    }

    private func subject(_ slugOrID: String, _ transaction: Transaction) async throws -> UUID {
        guard let listing = try await OwnListingQueries.find(.named(slugOrID), transaction) else {
            throw Problem(.notFound)
        }
        return try listing.key()
    }

    /// A period that fits ``OwnListingSchemas/period``, both ends included.
    static func days(_ value: JSON) -> DayMultirange {
        let ends = ["from", "to"].compactMap { value[$0]?.string.flatMap { Day($0) } }
        guard let first = ends.min(), let last = ends.max() else { return .empty }
        return DayMultirange([DayRange(first: first, last: last)])
    }
}

extension OwnCalendar {
    /// As the API tells it.
    var json: JSON {
        func list(_ days: DayMultirange) -> JSON { .array(days.ranges.map(JSON.init(days:))) }
        return [
            "known": known.map(JSON.init(days:)) ?? .null, "blocked": list(blocked), "feed": list(feed),
            "booked": list(booked), "held": list(held), "version": .integer(version),
        ]
    }
}
