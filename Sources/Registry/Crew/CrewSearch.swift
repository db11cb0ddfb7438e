public import Postgres

/// What somebody looks for among crew: every filter of `GET /api/v1/crew` as one value.
///
/// The files beside this one: `CrewResults` is the answer, `CrewListing` a person as everybody may see them,
/// `CrewAvailability` their days against the days needed, `Staffing` whole crews, `CrewDirectory` the one type that
/// answers, `CrewQueries…` its SQL, `CrewRoutes` the API.
///
/// Values of `roles`, `grades`, `departments`, `regions` and `municipalities` are alternatives, of `languages` and
/// `certificates` all are required; an empty list asks for nothing. Role, department and grade speak of one and the
/// same held role: `role=gaffer&grade=trainee` finds trainee gaffers, not trainees of whom one is a gaffer.
public struct CrewSearch: Hashable, Sendable {
    /// What was typed: names, titles, places, words of a headline; nil when nothing was.
    public var text: String?
    /// Codes of crew roles.
    public var roles: [String] = []
    /// With which grade the role is held.
    public var grades: [Grade] = []
    /// Codes of departments.
    public var departments: [String] = []
    /// Codes of regions (`skane`).
    public var regions: [String] = []
    /// What counts as being of a region.
    public var reach: Reach = .local
    /// Codes of home municipalities (`1280`).
    public var municipalities: [String] = []
    /// Codes of languages, all spoken.
    public var languages: [String] = []
    /// Codes of certificates, all held.
    public var certificates: [String] = []
    /// From where distances are measured, and how far may be at most.
    public var near: Near?
    /// The days needed; empty when days do not matter.
    public var dates: DayMultirange = .empty
    /// How much of the days needed must be free; without days it means nothing.
    public var coverage: Coverage = .full
    /// The facets to count.
    public var facets: Set<CrewFacet> = []
    /// Whether the number under each coverage is counted too.
    public var countsCoverages = false
    /// The order; nil for the usual one (``Sort/availability`` with days, else ``Sort/renewed``).
    public var sort: Sort?
    /// Items at most, 1 to 100.
    public var limit = 20
    /// Where the answer begins.
    public var place: Place = .page(1)

    /// Finds everybody.
    public init() {}

    /// How well a role is mastered.
    public enum Grade: String, CaseIterable, Codable, Hashable, Sendable {
        case trainee, assistant, professional
        case headOfDepartment = "head_of_department"
    }

    /// What counts as being of a region: living there; also counting as local there; also travelling there.
    public enum Reach: String, Hashable, Sendable {
        case home, local, travel
    }

    /// A point and how far from it a person may live.
    public struct Near: Hashable, Sendable {
        /// Degrees north, WGS 84.
        public var latitude: Double
        /// Degrees east, WGS 84.
        public var longitude: Double
        /// Kilometres; nil measures without leaving anybody out.
        public var radius: Double?

        /// See the properties of the same names.
        public init(latitude: Double, longitude: Double, radius: Double? = nil) {
            self.latitude = latitude
            self.longitude = longitude
            self.radius = radius
        }
    }

    /// How much of the days needed must be free: all, at least one, or any number (hidden calendars included).
    public enum Coverage: String, CaseIterable, Codable, Hashable, Sendable {
        case full, partial, any
    }

    /// An order of the answer. Ties are broken by renewal (latest first), then name, then id.
    public enum Sort: String, CaseIterable, Hashable, Sendable {
        /// Most free days first, then unknown, none, hidden; needs days.
        case availability
        /// Latest renewed first.
        case renewed
        /// By name, as Swedish sorts.
        case name
        /// Nearest first, those without a place last; needs ``CrewSearch/near``.
        case distance
    }

    /// Where an answer begins: at a page counted from 1, or behind the last item of an earlier answer.
    public enum Place: Hashable, Sendable {
        case page(Int)
        case cursor(String)
    }

    /// The order that applies: the one asked for, unless it needs days or a place that nobody named.
    public var order: Sort {
        switch sort {
        case .availability where dates.isEmpty: .renewed
        case .distance where near == nil: dates.isEmpty ? .renewed : .availability
        case let sort?: sort
        case nil: dates.isEmpty ? .renewed : .availability
        }
    }
}

/// A filter whose values can be counted.
public enum CrewFacet: String, CaseIterable, Codable, Hashable, Sendable {
    case role, grade, department, region, municipality, language, certificate
}
