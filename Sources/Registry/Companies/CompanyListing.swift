public import Postgres
public import Web

/// A company as lists and records show it to everybody.
public struct CompanyListing: Codable, Hashable, Sendable {
    /// A UUID, in lower case.
    public let id: String
    /// The name in addresses.
    public let slug: String
    /// Its name.
    public let name: String
    /// What it is also called.
    public let alias: String?
    /// Code of its region.
    public let region: String
    /// Code of its municipality.
    public let municipality: String
    /// Codes of what it offers, the main one first.
    public let categories: [String]
    /// A line about it.
    public let headline: CrewListing.Text
    /// The first picture.
    public let photo: LocationListing.Photo?
    /// How it is reached.
    public let contact: CrewListing.Contact
    /// When the listing was last confirmed.
    public let renewedOn: Day
    /// Whether it is demonstration data.
    public let invented: Bool
    /// Counts the edits of the listing.
    public let version: Int64
}

/// A company in full.
public struct CompanyRecord: Sendable {
    /// The whole record as JSON text, passed on untouched.
    public let body: [UInt8]
    /// The version for `ETag`.
    public let version: Int64
    /// The members shared with lists.
    public let listing: CompanyListing
    /// The rest.
    public let details: Details

    /// What only the record has.
    public struct Details: Codable, Hashable, Sendable {
        /// Some paragraphs about it.
        public let description: CrewListing.Text
        /// In the company's order.
        public let photos: [LocationListing.Photo]
        /// In the company's order.
        public let links: [CrewRecord.Link]
    }
}
