internal import Postgres
internal import Web

/// A search that cannot be answered, with everything that is wrong about it.
struct CrewRefusal: Error, Sendable {
    /// Parameters by name, in the order of the documentation.
    let errors: [FieldError]

    /// As the API says it.
    var problem: Problem { .invalid(errors) }
}

extension CrewPlan {
    /// Turns codes into numbers.
    ///
    /// - Parameters:
    ///   - named: roles that the text names; empty when it names none.
    ///   - words: what is left of the text.
    /// - Throws: ``CrewRefusal`` naming each unknown code and each combination that says nothing.
    init(
        _ search: CrewSearch,
        for audience: CrewAudience,
        named: [String],
        words: [WordChoice],
        _ vocabularies: Vocabularies
    ) throws(CrewRefusal) {
        var reader = CodeReader()
        let roles = reader.read("role", search.roles) { vocabularies.role($0)?.no }
        let departments = reader.read("department", search.departments) { code in
            vocabularies.department(code).map { _ in code }
        }
        regions = reader.read("region", search.regions) { vocabularies.region($0)?.no }
        municipalities = reader.read("municipality", search.municipalities) {
            vocabularies.municipality($0)?.no
        }
        languages = reader.read("language", search.languages) { vocabularies.language($0)?.code }
        certificates = reader.read("certificate", search.certificates) { vocabularies.certificate($0)?.code }
        reader.check(search)
        guard reader.errors.isEmpty else { throw CrewRefusal(errors: reader.errors) }
        let chosen = Set(departments)
        self.roles = RoleChoice(
            chosen: roles.isEmpty ? nil : Set(roles),
            ofDepartments: chosen.isEmpty
                ? nil : Set(vocabularies.roles.filter { chosen.contains($0.department) }.map(\.no)),
            named: named.isEmpty ? nil : Set(named.compactMap { vocabularies.role($0)?.no })
        )
        self.audience = audience
        grades = CrewSearch.Grade.bits(search.grades)
        reach = search.reach
        near = search.near
        self.words = words
        dates = search.dates
        coverage = search.coverage
        order = search.order
    }
}

/// Reads codes and notes what is wrong.
struct CodeReader {
    /// What was found wrong so far.
    private(set) var errors: [FieldError] = []

    /// The values of the codes that are known, each once, in order.
    mutating func read<Value: Hashable>(_ name: String, _ codes: [String], _ value: (String) -> Value?)
        -> [Value]
    {
        var values: [Value] = []
        for code in codes {
            guard let value = value(code) else {
                errors.append(Self.unknown(.field(name), code))
                continue
            }
            if !values.contains(value) { values.append(value) }
        }
        return values
    }

    /// Notes combinations that say nothing.
    mutating func check(_ search: CrewSearch) {
        if let radius = search.near?.radius, !(radius > 0 && radius <= 2000) {
            errors.append(
                .field(
                    "radius",
                    "out-of-range",
                    Localized(sv: "Ange 1 till 2000 km.", en: "Give 1 to 2000 km.")
                )
            )
        }
        if let fault = CrewDates.fault(in: search.dates) {
            errors.append(.field("dates", fault.code, fault.message))
        }
    }

    /// A code that no vocabulary knows.
    static func unknown(_ place: FieldError.Place, _ code: String) -> FieldError {
        let shown = code.prefix(60)
        let message = Localized(sv: "Värdet \(shown) finns inte.", en: "There is no value \(shown).")
        return switch place {
        case .field(let name): .field(name, "unknown-value", message)
        case .pointer(let pointer): .pointer(pointer, "unknown-value", message)
        }
    }
}

/// The days that can be asked for at once.
enum CrewDates {
    /// Runs of days at most.
    static let runs = 50
    /// Days at most, as far as counts are described: more than there are in the years that a day can have.
    static let limit = 4_000_000

    /// What is wrong with days, if anything: unbounded, or in too many pieces.
    static func fault(in dates: DayMultirange) -> (code: String, message: Localized)? {
        guard dates.count != nil else {
            return ("unbounded", Localized(sv: "Ange en sista dag.", en: "Give a last day."))
        }
        return fault(inWritten: dates.ranges.count)
    }

    /// What is wrong with so many intervals, if anything; they count as they were written, before those that meet are one.
    static func fault(inWritten count: Int) -> (code: String, message: Localized)? {
        guard count > runs else { return nil }
        return (
            "too-many-intervals",
            Localized(sv: "Ange högst \(runs) perioder.", en: "Give \(runs) intervals at most.")
        )
    }
}
