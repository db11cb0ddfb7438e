public import Postgres
public import Web

/// What a region says of itself: its levels by period, the evidence of commitments, its own goals and its actions.
///
/// The public sees approved evidence and public actions; the region's office sees everything.
public struct RegionPlan: Decodable, Hashable, Sendable {
    /// A text of which the English may be missing.
    public struct Text: Decodable, Hashable, Sendable {
        /// In Swedish.
        public let sv: String?
        /// In English.
        public let en: String?

        /// See the properties of the same names.
        public init(sv: String?, en: String? = nil) {
            self.sv = sv
            self.en = en
        }

        /// The text in a language, or else in the other, which is then named.
        public func read(in language: Language) -> (text: String, foreign: Language?) {
            let (own, other) = language == .sv ? (sv, en) : (en, sv)
            if let own { return (own, nil) }
            return (other ?? "", other == nil ? nil : language.other)
        }
    }

    /// A level for a period.
    public struct Period: Decodable, Hashable, Sendable {
        /// Of the row.
        public let id: String
        /// 1 to 3.
        public let level: Int
        /// First day.
        public let from: Day
        /// Last day, included.
        public let to: Day
        /// When it was decided.
        public let decidedOn: Day?
        /// By whom, or under which number.
        public let decision: String?
        /// In the region's words.
        public let note: Text?
        /// Demonstration data.
        public let invented: Bool
        /// Of the row.
        public let version: Int64
    }

    /// The commitments of a level that lack approved evidence.
    public struct Missing: Decodable, Hashable, Sendable {
        /// 1 to 3.
        public let level: Int
        /// Codes, in the order of the strategy.
        public let commitments: [String]
    }

    /// What shows that a commitment is met.
    public struct Evidence: Decodable, Hashable, Sendable {
        /// Where it is on its way.
        public enum State: String, Decodable, CaseIterable, Hashable, Sendable {
            case submitted, returned, approved
        }

        /// Of the row.
        public let id: String
        /// Code of the commitment.
        public let commitment: String
        /// The public sees approved evidence only.
        public let state: State
        /// Why it was returned.
        public let reason: String?
        /// What it is.
        public let text: Text
        /// Where to read more.
        public let url: String?
        /// In the unit of the commitment's indicator.
        public let value: Double?
        /// The day that text and value speak of.
        public let measuredOn: Day?
        /// When it was approved.
        public let approvedOn: Day?
        /// Demonstration data.
        public let invented: Bool
        /// Of the row.
        public let version: Int64
    }

    /// A goal of the region's own.
    public struct Goal: Decodable, Hashable, Sendable {
        /// Of the row.
        public let id: String
        /// Code of the common priority that it is mapped to.
        public let priority: String
        /// What is wanted.
        public let title: Text
        /// How one will know.
        public let target: Text?
        /// The document of the region in which it stands.
        public let source: String?
        /// Demonstration data.
        public let invented: Bool
        /// Of the row.
        public let version: Int64
    }

    /// Something that the region does.
    public struct Action: Decodable, Hashable, Sendable {
        /// How far it has come.
        public enum State: String, Decodable, CaseIterable, Hashable, Sendable {
            case planned, ongoing, done, paused, dropped
        }

        /// Of the row.
        public let id: String
        /// Code of the priority.
        public let priority: String
        /// Code of the commitment that it serves, if one.
        public let commitment: String?
        /// Id of the goal that it serves, if one.
        public let goal: String?
        /// What is done.
        public let title: Text
        /// More about it.
        public let text: Text?
        /// How far it has come.
        public let state: State
        /// The unit or function that answers for it.
        public let responsible: String
        /// First day.
        public let from: Day
        /// Last day, included.
        public let to: Day
        /// What came of it.
        public let result: Text?
        /// Whether the public sees it.
        public let `public`: Bool
        /// Demonstration data.
        public let invented: Bool
        /// Of the row.
        public let version: Int64
    }

    /// Code of the region.
    public let region: String
    /// What is chosen for today; nil when nothing.
    public let chosen: Period?
    /// The highest level up to which every commitment has approved evidence; 0 for none.
    public let reached: Int
    /// All periods, earliest first.
    public let levels: [Period]
    /// By level; none when everything is shown.
    public let missing: [Missing]
    /// By level and order of the strategy.
    public let evidence: [Evidence]
    /// By priority.
    public let goals: [Goal]
    /// By priority.
    public let actions: [Action]
    /// Grows with every change of the plan, public or not.
    public let version: Int64

    /// Whether anything in it is demonstration data.
    public var hasInvented: Bool {
        levels.contains(where: \.invented) || evidence.contains(where: \.invented)
            || goals.contains(where: \.invented) || actions.contains(where: \.invented)
    }
}
