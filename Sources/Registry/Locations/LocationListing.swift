public import Postgres
public import Web

/// A location as lists and records show it to everybody.
public struct LocationListing: Codable, Hashable, Sendable {
    /// A stated fact.
    public struct Fact: Codable, Hashable, Sendable {
        /// Code of the feature.
        public let code: String
        /// Whether it holds; nil for features that are numbers or choices.
        public let yes: Bool?
        /// The number; nil for features that are not numbers.
        public let number: Double?
        /// Codes of the chosen values; empty for features that are no choices.
        public let values: [String]
    }

    /// Where it is, as far as anyone may know.
    public struct Point: Codable, Hashable, Sendable {
        /// Degrees north, WGS 84.
        public let lat: Double
        /// Degrees east, WGS 84.
        public let lon: Double
        /// Whether it is the place itself, not a rounded one.
        public let exact: Bool
    }

    /// A photograph.
    public struct Photo: Codable, Hashable, Sendable {
        /// Its name: `/photos/<hash>.jpg`, and `/photos/<hash>-small.jpg` for lists.
        public let hash: String
        /// Of the larger picture.
        public let width: Int
        /// Of the larger picture.
        public let height: Int
        /// What it shows, for everybody.
        public let caption: CrewListing.Text
        /// What it shows, for who does not see it.
        public let alternative: CrewListing.Text
    }

    /// A UUID, in lower case.
    public let id: String
    /// The number by which it is known.
    public let number: Int
    /// Its name.
    public let name: String
    /// What it is also called.
    public let alias: String?
    /// Code of its region.
    public let region: String
    /// Code of its municipality.
    public let municipality: String
    /// Codes of its kinds, the main one first.
    public let types: [String]
    /// Codes of the looks that it can play.
    public let looks: [String]
    /// In the order of the vocabulary.
    public let features: [Fact]
    /// A line about it.
    public let headline: CrewListing.Text
    /// Where it is.
    public let point: Point
    /// The first photograph.
    public let photo: Photo?
    /// How who offers it is reached.
    public let contact: CrewListing.Contact
    /// When the listing was last confirmed.
    public let renewedOn: Day
    /// Whether it is demonstration data.
    public let invented: Bool
    /// Counts the edits of the listing.
    public let version: Int64
}

/// A location in full.
public struct LocationRecord: Sendable {
    /// The whole record as JSON text, passed on untouched.
    public let body: [UInt8]
    /// The version for `ETag`.
    public let version: Int64
    /// The members shared with lists.
    public let listing: LocationListing
    /// The rest.
    public let details: Details

    /// What only the record has.
    public struct Details: Codable, Hashable, Sendable {
        /// Some paragraphs about it.
        public let description: CrewListing.Text
        /// Where it is, only when released.
        public let address: String?
        /// The listed company that offers it.
        public let company: Company?
        /// In the owner's order.
        public let photos: [LocationListing.Photo]
        /// In the owner's order.
        public let links: [CrewRecord.Link]
        /// What was filmed there, latest first.
        public let productions: [Production]
    }

    /// A listed company.
    public struct Company: Codable, Hashable, Sendable {
        /// The name in addresses.
        public let slug: String
        /// Its name.
        public let name: String
    }

    /// A production that was filmed there.
    public struct Production: Codable, Hashable, Sendable {
        /// The production's slug.
        public let production: String
        /// Its title.
        public let title: String
        /// Its year.
        public let year: Int?
        /// Code of its kind.
        public let type: String
        /// First day there.
        public let from: Day?
        /// Last day there.
        public let to: Day?
    }
}
