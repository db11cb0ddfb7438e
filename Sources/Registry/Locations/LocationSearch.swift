public import Postgres

/// What somebody looks for among locations: every filter of `GET /api/v1/locations` as one value.
///
/// The files beside this one: `LocationListing` is a location as everybody may see it, `LocationDirectory` the one type
/// that answers, `LocationFilters` its SQL (with `ListingQueries`, shared with companies), `LocationRoutes` the API,
/// `LocationPages` the pages, `LocationWriting` what members write, `PlaceQueries` the places of interest.
///
/// Values of `types`, `looks`, `regions` and `municipalities` are alternatives; all `features` and `ranges` are
/// required. An empty list asks for nothing.
public struct LocationSearch: Hashable, Sendable {
    /// What was typed: names, kinds of places in either language, towns, words of a description.
    public var text: String?
    /// Codes of kinds (`barn`) or groups of kinds (`rural`).
    public var types: [String] = []
    /// Facts that must be stated: `wifi`, `wifi-no`, `power_phases-3`, `floor_area_m2`.
    public var features: [String] = []
    /// Numbers that facts must lie within.
    public var ranges: [Range] = []
    /// Codes of looks that it can play.
    public var looks: [String] = []
    /// Codes of regions.
    public var regions: [String] = []
    /// Codes of municipalities.
    public var municipalities: [String] = []
    /// Where it lies.
    public var box: Box?
    /// From where distances are measured, and how far may be at most.
    public var near: CrewSearch.Near?
    /// The days needed; empty when days do not matter.
    public var dates: DayMultirange = .empty
    /// How much of the days needed must be free.
    public var coverage: CrewSearch.Coverage = .full
    /// The facets to count.
    public var facets: Set<LocationFacet> = []
    /// The order; nil for the usual one (availability with days, else latest renewed first).
    public var sort: CrewSearch.Sort?
    /// Items at most, 1 to 100.
    public var limit = 20
    /// Where the answer begins.
    public var place: CrewSearch.Place = .page(1)

    /// Finds everything.
    public init() {}

    /// Numbers between which a fact must lie, both included.
    public struct Range: Hashable, Sendable {
        /// Code of a feature that is a number; any other is met by nothing.
        public var feature: String
        /// At least; nil for any.
        public var from: Double?
        /// At most; nil for any.
        public var to: Double?

        /// Either end may stand first.
        public init(_ feature: String, from: Double?, to: Double?) {
            self.feature = feature
            if let from, let to {
                (self.from, self.to) = (min(from, to), max(from, to))
            } else {
                (self.from, self.to) = (from, to)
            }
        }
    }

    /// A box in degrees (WGS 84).
    public struct Box: Hashable, Sendable {
        /// Degrees east.
        public var west: Double
        /// Degrees north.
        public var south: Double
        /// Degrees east.
        public var east: Double
        /// Degrees north.
        public var north: Double

        /// Either corner may stand first.
        public init(
            _ one: (longitude: Double, latitude: Double),
            _ other: (longitude: Double, latitude: Double)
        ) {
            west = min(one.longitude, other.longitude)
            east = max(one.longitude, other.longitude)
            south = min(one.latitude, other.latitude)
            north = max(one.latitude, other.latitude)
        }
    }
}

/// A filter whose values can be counted.
public enum LocationFacet: String, CaseIterable, Codable, Hashable, Sendable {
    case type, look, feature, region, municipality
}
