internal import Postgres
public import Web

/// What the registry itself knows about the four priorities: how many of its own records each region has.
///
/// Every number is counted when it is asked for, from what anyone may see; what the registry does not know is not here.
public struct StrategyFigures: Hashable, Sendable {
    /// Something that can be counted per region.
    public enum Measure: String, CaseIterable, Hashable, Sendable {
        case crew

        /// Code of the priority that it speaks of.
        public var priority: String {
            switch self {
            case .crew: "skills"
            }
        }

        /// What is counted.
        public var name: Localized {
            switch self {
            case .crew: Localized(sv: "Personer i crew", en: "People in crew")
            }
        }

        /// Selects a region's number and a count, for the regions that have any.
        var counts: SQL {
            switch self {
            case .crew: "SELECT home_region, count(*) FROM klappa.crew_public GROUP BY home_region"
            }
        }
    }

    /// By measure and code of the region.
    public let counts: [Measure: [String: Int]]

    /// See the property of the same name.
    public init(counts: [Measure: [String: Int]]) { self.counts = counts }

    /// How many a region has.
    public func count(_ measure: Measure, in region: String) -> Int { counts[measure]?[region] ?? 0 }

    /// How many all regions have together.
    public func total(_ measure: Measure) -> Int { counts[measure]?.values.reduce(0, +) ?? 0 }

    /// The measures of a priority.
    public static func measures(of priority: String) -> [Measure] {
        Measure.allCases.filter { $0.priority == priority }
    }
}
