internal import Postgres
public import Web

/// What the registry itself knows about the four priorities: how many of its own records each region has.
///
/// Every number is counted when it is asked for, from what anyone may see; what the registry does not know is not here.
public struct StrategyFigures: Hashable, Sendable {
    /// Something that can be counted per region.
    public enum Measure: String, CaseIterable, Hashable, Sendable {
        case locations, inquiries, landed, crew, programmes, participants, companies

        /// Code of the priority that it speaks of.
        public var priority: String {
            switch self {
            case .locations, .inquiries, .landed: "market"
            case .crew: "skills"
            case .programmes, .participants: "talent"
            case .companies: "finance"
            }
        }

        /// What is counted.
        public var name: Localized {
            switch self {
            case .locations: Localized(sv: "Platser", en: "Locations")
            case .companies: Localized(sv: "Företag", en: "Companies")
            case .inquiries: Localized(sv: "Förfrågningar", en: "Inquiries")
            case .landed: Localized(sv: "Landade", en: "Landed")
            case .crew: Localized(sv: "Personer i crew", en: "People in crew")
            case .programmes: Localized(sv: "Program", en: "Programmes")
            case .participants: Localized(sv: "Deltagare", en: "Participants")
            }
        }

        /// Selects a region's number and a count, for the regions that have any; with NULL for the region a total that
        /// is not their sum.
        var counts: SQL {
            switch self {
            case .locations: "SELECT region, count(*) FROM klappa.location_public GROUP BY region"
            case .companies: "SELECT region, count(*) FROM klappa.company_public GROUP BY region"
            case .inquiries: "SELECT region, received FROM klappa.region_inquiries"
            case .landed: "SELECT region, landed FROM klappa.region_inquiries"
            case .crew: "SELECT home_region, count(*) FROM klappa.crew_public GROUP BY home_region"
            case .programmes:
                """
                SELECT r.no, count(*)
                FROM klappa.programme_public p
                JOIN klappa.region r ON r.code = ANY (p.regions)
                GROUP BY r.no
                UNION ALL
                SELECT NULL, count(*) FROM klappa.programme_public
                """
            case .participants: "SELECT region, participants FROM klappa.region_participants"
            }
        }
    }

    /// By measure and code of the region.
    public let counts: [Measure: [String: Int]]

    /// Where the total is not the sum: a programme for three regions is one programme.
    public let totals: [Measure: Int]

    /// See the properties of the same names.
    public init(counts: [Measure: [String: Int]], totals: [Measure: Int] = [:]) {
        self.counts = counts
        self.totals = totals
    }

    /// How many a region has.
    public func count(_ measure: Measure, in region: String) -> Int { counts[measure]?[region] ?? 0 }

    /// How many all regions have together.
    public func total(_ measure: Measure) -> Int {
        totals[measure] ?? counts[measure]?.values.reduce(0, +) ?? 0
    }

    /// The measures of a priority.
    public static func measures(of priority: String) -> [Measure] {
        Measure.allCases.filter { $0.priority == priority }
    }
}
