public import Postgres
public import Web

/// The common strategy as anyone may read it: its frame, what it says, priorities, levels, commitments, and how far
/// each region has come.
///
/// The files beside this one: `RegionPlan` is what one region says of itself, `StrategyFigures` what the registry
/// counts, `StrategyQueries` has the SQL, `StrategyRoutes` and `StrategySchemas` the API, `StrategyPages` with
/// `StrategyPage` and `RegionPlanPage` the pages, `StrategyErrors` what the database refuses.
public struct Strategy: Decodable, Hashable, Sendable {
    /// Something the strategy says.
    public struct Statement: Decodable, Hashable, Sendable {
        /// Where it belongs.
        public enum Kind: String, Decodable, Hashable, Sendable {
            case vision, level, financing, background
        }

        /// Stable.
        public let code: String
        /// Where it belongs.
        public let kind: Kind
        /// A sentence.
        public let text: Localized
        /// Of the background: when it was.
        public let year: Int?
        /// Told in other words than the adopted document's.
        public let paraphrase: Bool
    }

    /// One of the four priorities.
    public struct Priority: Decodable, Hashable, Sendable {
        /// `market`.
        public let code: String
        /// From 1.
        public let no: Int
        /// Its title.
        public let name: Localized
    }

    /// One of the three levels.
    public struct Level: Decodable, Hashable, Sendable {
        /// From 1, the lowest.
        public let level: Int
        /// Its title.
        public let name: Localized
    }

    /// What a region commits to at a level.
    public struct Commitment: Decodable, Hashable, Sendable {
        /// How it is measured.
        public struct Indicator: Decodable, Hashable, Sendable {
            /// Stable.
            public let code: String
            /// `boolean`, `hours`, `count`, `days`, `fte`, `percent`, `date` or `sek`.
            public let unit: String
            /// Its title.
            public let name: Localized
        }

        /// Stable: `market_1_reply_time`.
        public let code: String
        /// Code of its priority.
        public let priority: String
        /// From 1.
        public let level: Int
        /// What is committed to.
        public let name: Localized
        /// How it is measured, if that is said.
        public let indicator: Indicator?
        /// An example of ours and not of the adopted strategy; to be said wherever it is shown.
        public let example: Bool
        /// Of the row, for writers.
        public let version: Int64
    }

    /// How far a region has come.
    public struct Standing: Decodable, Hashable, Sendable {
        /// Code of the region.
        public let region: String
        /// What it has chosen for today; nil when nothing.
        public let chosen: RegionPlan.Period?
        /// The highest level up to which every commitment has approved evidence; 0 for none.
        public let reached: Int
        /// How many commitments lack approved evidence.
        public let missing: Int
    }

    /// Its title.
    public let title: Localized
    /// Whose it is.
    public let owner: String
    /// The day of its adoption.
    public let adoptedOn: Day
    /// Who adopted it.
    public let adoptedBy: Localized
    /// First year.
    public let firstYear: Int
    /// Last year.
    public let lastYear: Int
    /// What it says, in order.
    public let statements: [Statement]
    /// In order.
    public let priorities: [Priority]
    /// Lowest first.
    public let levels: [Level]
    /// By priority, level and order.
    public let commitments: [Commitment]
    /// In the order of the vocabulary.
    public let regions: [Standing]
    /// Grows with every edit of the strategy or of a plan.
    public let version: Int64

    /// The commitment with a code.
    public func commitment(_ code: String) -> Commitment? { commitments.first { $0.code == code } }

    /// The statements of a kind.
    public func statements(_ kind: Statement.Kind) -> [Statement] { statements.filter { $0.kind == kind } }
}
