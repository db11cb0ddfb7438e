public import Web

extension Vocabularies {
    /// A kind of place, or a group of kinds.
    public struct LocationType: Hashable, Sendable {
        /// `barn`.
        public let code: String
        /// The group, such as `rural`; nil for a group itself.
        public let parent: String?
        /// `Lada`, `Barn`.
        public let name: Localized
    }

    /// A fact that a location can state.
    public struct LocationFeature: Hashable, Sendable {
        /// `power_phases`.
        public let code: String
        /// `power`.
        public let group: String
        /// `Antal faser`, `Phases`.
        public let name: Localized
        /// What its values are.
        public let dataType: DataType
        /// `A`, `m2`; nil for none.
        public let unit: String?
        /// The values that can be chosen; empty unless the type is ``DataType/choice``.
        public let values: [Term]

        /// What the values of a feature are.
        public enum DataType: String, Hashable, Sendable {
            case boolean, integer, decimal
            case choice = "enum"

            /// Whether it can be searched by a range.
            var isNumber: Bool { self == .integer || self == .decimal }
        }
    }

    /// What a company offers.
    public struct CompanyCategory: Hashable, Sendable {
        /// `camera_rental`.
        public let code: String
        /// `facility`, `supplier`, `extras`, `actors` or `production`.
        public let register: String
        /// `Kamerauthyrning`, `Camera rental`.
        public let name: Localized
    }

    /// The feature whose values are looks, searched by a parameter of their own.
    static let lookFeature = "period_look"
    /// Features that are no search terms: the looks, and what only the office needs to know.
    static let unsearchedFeatures: Set = [lookFeature, "contact_consent"]

    /// The looks that a location can play.
    public var looks: [Term] { locationFeature(Self.lookFeature)?.values ?? [] }

    /// Features that searches know, in the order of the vocabulary.
    var searchedFeatures: [LocationFeature] { Self.searched(locationFeatures) }

    static func searched(_ features: [LocationFeature]) -> [LocationFeature] {
        features.filter { !unsearchedFeatures.contains($0.code) }
    }
}

extension Vocabularies.LocationFeature {
    /// The words by which this fact is searched.
    var tags: [String] {
        switch dataType {
        case .boolean: [code, "\(code)-no"]
        case .integer, .decimal: [code]
        case .choice: [code] + values.map { "\(code)-\($0.code)" }
        }
    }
}
