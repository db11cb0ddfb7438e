public import Postgres
public import Web

/// A person as lists and records show them to everybody: the shared members of design's item and record.
public struct CrewListing: Codable, Hashable, Sendable {
    /// A role that the person holds.
    public struct Role: Codable, Hashable, Sendable {
        /// Code of the role.
        public let code: String
        /// How well it is mastered.
        public let grade: CrewSearch.Grade
        /// Whether it is the one the person is mainly known for.
        public let primary: Bool
    }

    /// A language that the person speaks.
    public struct Language: Codable, Hashable, Sendable {
        /// Its tag, such as `sv`.
        public let code: String
        /// `basic`, `working`, `fluent` or `native`.
        public let proficiency: String
    }

    /// A licence or certificate that the person holds.
    public struct Certificate: Codable, Hashable, Sendable {
        /// Its code.
        public let code: String
        /// Its last day; nil when it has none or none is stated.
        public let expires: Day?
    }

    /// A text of which either language may be missing.
    public struct Text: Codable, Hashable, Sendable {
        /// In Swedish.
        public let sv: String?
        /// In English.
        public let en: String?

        /// The text in this language, else in the other; nil without any.
        public subscript(language: Web.Language) -> String? {
            language == .sv ? sv ?? en : en ?? sv
        }
    }

    /// How the person is reached: their public fields, else the film body of their region [RC-02].
    public struct Contact: Codable, Hashable, Sendable {
        /// A contact field that everybody may see.
        public struct Field: Codable, Hashable, Sendable {
            /// `email`, `phone` or `address`.
            public let kind: String
            /// As it is written or dialled.
            public let value: String
        }

        /// The film commission that passes a message on.
        public struct Via: Codable, Hashable, Sendable {
            /// Code of the region that it serves for this person.
            public let region: String
            /// Name of the body.
            public let name: String
            /// Address of its site.
            public let url: String?
            /// Its address for mail.
            public let email: String?
            /// Its number.
            public let phone: String?
            /// The named person to turn to, if the region has named one.
            public let liaison: String?
            /// Where it is found, or how it is reached.
            public let address: Text
        }

        /// In the person's order; empty when nothing is public.
        public let fields: [Field]
        /// Set exactly when ``fields`` is empty.
        public let via: Via?
    }

    /// A UUID, in lower case.
    public let id: String
    /// The name in addresses.
    public let slug: String
    /// The name to show.
    public let name: String
    /// Code of the home region.
    public let homeRegion: String
    /// Codes of other regions in which the person counts as local.
    public let localRegions: [String]
    /// Code of the home municipality.
    public let municipality: String?
    /// The main role first, then in the order of the vocabulary.
    public let roles: [Role]
    /// In the order of the vocabulary.
    public let languages: [Language]
    /// In the order of the vocabulary.
    public let certificates: [Certificate]
    /// A line about the person.
    public let headline: Text
    /// How the person is reached.
    public let contact: Contact
    /// When the person last confirmed the listing.
    public let renewedOn: Day
    /// Whether it is demonstration data, to be marked wherever it is shown.
    public let invented: Bool
    /// Counts the edits of the listing.
    public let version: Int64
}

/// A person in full: what a listing has, and their texts, links and credits.
public struct CrewRecord: Sendable {
    /// The whole record as JSON text, passed on untouched.
    public let body: [UInt8]
    /// The version for `ETag`.
    public let version: Int64
    /// The members shared with lists.
    public let listing: CrewListing
    /// The rest.
    public let details: Details

    /// What only the record has.
    public struct Details: Codable, Hashable, Sendable {
        /// The name in credits, when it is another one.
        public let creditedName: String?
        /// The firm under which the person trades.
        public let tradingName: String?
        /// Some paragraphs about the person.
        public let biography: CrewListing.Text
        /// How far the person travels, in kilometres.
        public let travelRadius: Int?
        /// In the person's order.
        public let links: [Link]
        /// Latest first.
        public let credits: [Credit]
    }

    /// A reel, a site or a profile.
    public struct Link: Codable, Hashable, Sendable {
        /// `reel`, `site` or `profile`.
        public let kind: String
        /// Its address.
        public let url: String
        /// What to call it.
        public let title: String?
    }

    /// Work on a production that the person shares with everybody who was on it.
    public struct Credit: Codable, Hashable, Sendable {
        /// The production, by its own slug.
        public let production: String
        /// The production's title.
        public let title: String
        /// The production's year.
        public let year: Int?
        /// Code of the role.
        public let role: String
        /// The name in this credit, when it is another one.
        public let creditedAs: String?
        /// First day of the work.
        public let from: Day?
        /// Last day of the work.
        public let to: Day?
    }
}
