internal import Foundation
internal import Postgres
internal import Web

/// A published programme as strangers know it.
///
/// The files beside this one: `Call` and `Question` for what programmes open; `ProgrammeQueries` has the SQL of the
/// projections, `TalentRoutes` and `TalentSchemas` the API, `ProgrammePages` the public pages; `Application…` is what
/// applicants do, `Assessment…` what the organisation does with it, `TalentLetters` what is written to whom.
struct Programme: Hashable, Sendable {
    let id: UUID
    let slug: String
    let organisation: String
    let organisationEmail: String?
    let organisationURL: String?
    let type: Localized
    /// Code and name of the priority that it serves.
    let priority: Localized
    /// Codes of the regions.
    let regions: [String]
    let name: Localized
    let summary: Localized
    let description: Localized
    let url: String?
    let startsOn: Day?
    let endsOn: Day?
    let invented: Bool

    /// Reads a row of ``ProgrammeQueries``.
    init(_ row: Row) throws(PostgresError) {
        id = try row.value("id")
        slug = try row.value("slug")
        organisation = try row.value("organisation")
        organisationEmail = try row.value("organisation_email")
        organisationURL = try row.value("organisation_url")
        type = try row.localized("type")
        priority = try row.localized("priority")
        regions = try row.value("regions")
        name = try row.localized("name")
        summary = try row.localized("summary")
        description = try row.localized("description")
        url = try row.value("url")
        startsOn = try row.value("starts_on")
        endsOn = try row.value("ends_on")
        invented = try row.value("invented")
    }
}

/// A call as strangers know it.
struct Call: Sendable {
    /// Whether it takes applications, by the database's clock.
    enum Status: String, Sendable, CaseIterable {
        /// Not yet.
        case upcoming
        /// Now.
        case open
        /// The deadline has passed; what comes is kept and marked late.
        case late
        /// Not any more.
        case closed
    }

    let id: UUID
    let programme: UUID
    let status: Status
    let unlisted: Bool
    let title: Localized
    let guidelines: Localized
    let opensAt: Instant
    let closesAt: Instant
    let places: Int
    let questions: [Question]
    let invented: Bool

    /// Whether somebody may apply, be it late.
    var takesApplications: Bool { status == .open || status == .late }

    /// Reads a row of ``ProgrammeQueries``.
    init(_ row: Row) throws {
        id = try row.value("id")
        programme = try row.value("programme")
        let word = try row.decode(String.self, "status")
        guard let status = Status(rawValue: word) else { throw PostgresError.decoding("status \(word)") }
        self.status = status
        unlisted = try row.value("unlisted")
        title = try row.localized("title")
        guidelines = try row.localized("guidelines")
        opensAt = try row.value("opens_at")
        closesAt = try row.value("closes_at")
        places = Int(try row.decode(Int32.self, "places"))
        questions = try Question.read(try row.value("questions"))
        invented = try row.value("invented")
    }
}

extension Row {
    /// A column by name, as the type that is wanted.
    func value<Value: PostgresDecodable>(_ name: String) throws(PostgresError) -> Value {
        try decode(Value.self, name)
    }

    /// The columns `<name>_sv` and `<name>_en`.
    func localized(_ name: String) throws(PostgresError) -> Localized {
        Localized(sv: try decode(String.self, name + "_sv"), en: try decode(String.self, name + "_en"))
    }
}
